"""Filters of the public lists: what a visitor may ask for, checked before it meets the database.

Each list has one ``ListFilterSet`` (django-filter), which its page, its files and its feeds
share. Several choices of one filter mean "or", several filters "and". Every filter says how it
reads in a sentence, and how many rows each of its choices would give.
"""

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connections
from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    Q,
    QuerySet,
    Value,
)
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .bilingual import active_language
from .columns import TableExport
from .folding import fold

MOST_CHOICES = 60


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter: its value, its label, how many rows it gives, whether it is on."""

    value: str
    label: str
    rows: int
    chosen: bool


class ManyField(forms.Field):
    """Several short values of one parameter; each is checked by ``check``."""

    widget = forms.SelectMultiple

    def __init__(self, *, check: Callable[[str], str], **kwargs: Any) -> None:
        self.check = check
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[str]:
        """Return the values, each once, in the order given."""
        values = list(dict.fromkeys(one.strip() for one in value or [] if one.strip()))
        if len(values) > MOST_CHOICES:
            raise ValidationError(_("That is too many choices: at most %d.") % MOST_CHOICES)
        return [self.check(one) for one in values]

    def clean(self, value: Any) -> list[str]:
        """Check every value. Raises ValidationError for the first that cannot be."""
        return self.to_python(value)


def shown(value: str) -> str:
    """Return a value as an error message may repeat it: short, and nothing invisible."""
    return "".join(sign if sign.isprintable() else "�" for sign in value[:60])


class ListFilter(django_filters.Filter):
    """One filter of a list.

    ``phrase`` is how its choices read in the sentence above the list, with ``%(values)s``;
    ``adjective`` puts them before the noun ("7 blocked demands") instead.
    """

    shape = "checks"
    adjective = False

    def __init__(
        self, *, label: Any, phrase: Any = "%(values)s", adjective: bool = False, **kwargs: Any
    ) -> None:
        self.phrase = phrase
        self.adjective = adjective
        super().__init__(label=label, **kwargs)
        self.extra["required"] = False

    def __deepcopy__(self, memo: dict[int, Any]) -> "ListFilter":
        """Copy only the filter itself: django-filter copies every filter for every request.

        What it holds (lists of codes, conditions, the field that checks) never changes; what it
        learns of a request (its parent) is set on the copy.
        """
        _ = self.field  # made once, not for each copy
        return copy.copy(self)

    @property
    def field(self) -> Any:
        """The form field that reads and checks the parameter."""
        if not hasattr(self, "_field"):
            self._field = self.make_field()
        return self._field

    def make_field(self) -> forms.Field:
        """Return the form field."""
        raise NotImplementedError

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Narrow the rows to those that fit ``value``."""
        return qs.filter(self.condition(value)) if value else qs

    def condition(self, value: Any) -> Q:
        """Return the condition that ``value`` stands for."""
        raise NotImplementedError

    def choices(self) -> Any:
        """Return the expression whose values are the choices; None where there are none.

        It stands on the rows, or on the links where ``through`` gives them.
        """
        return None

    def things(self, language: str) -> QuerySet | None:
        """Return (key, choice, wording) of all that may be chosen; None where codes serve."""
        return None

    def flagged(self) -> dict[str, Q]:
        """Return named conditions to count, each by itself: they may overlap."""
        return {}

    def known(self, values: Sequence[str], language: str) -> QuerySet | None:
        """Return (facet, key, label) of chosen keys that are public; None where codes serve."""
        return None

    through: Callable[..., QuerySet] | None = None
    to_row = ""

    def grouped(self, rows: QuerySet) -> QuerySet:
        """Return (choice, rows): how many of ``rows`` each choice has."""
        count = Count("*")
        if self.through is not None:
            rows = self.through().filter(**{f"{self.to_row}__in": rows.order_by().values("pk")})
            count = Count(self.to_row, distinct=True)
        groups = rows.order_by().values(choice=self.choices()).annotate(rows=count)
        return groups.values_list("choice", "rows")

    @property
    def field_name_in_set(self) -> str:
        """The parameter's name in the address."""
        return str(self.name)

    name = ""

    def labels(self, values: Sequence[str], found: dict[str, str]) -> list[str]:
        """Return how the chosen values read; ``found`` holds labels from the database."""
        return [found.get(value, value) for value in values]

    def options(
        self, counted: Iterable[tuple[str, str, int]], chosen: Sequence[str], found: dict[str, str]
    ) -> list[Option]:
        """Return the choices to offer: (value, label, rows) as counted, chosen ones always."""
        options = [
            Option(value, label, rows, value in chosen) for value, label, rows in counted if value
        ]
        present = {option.value for option in options}
        missing = [value for value in chosen if value not in present]
        labels = self.labels(missing, found)
        options += [Option(v, label, 0, True) for v, label in zip(missing, labels, strict=True)]
        return sorted(options, key=lambda option: fold(option.label))


class Checked:
    """The parameters of a request, each checked by its field: what is wanted here of a form.

    A form copies all its fields, which takes ten times as long as checking them.
    """

    def __init__(self, fields: Mapping[str, forms.Field], data: Any) -> None:
        self.cleaned_data: dict[str, Any] = {}
        self.errors: dict[str, list[str]] = {}
        for name, field in fields.items():
            try:
                value = field.widget.value_from_datadict(data, {}, name)
                self.cleaned_data[name] = field.clean(value)
            except ValidationError as error:
                self.errors[name] = list(error.messages)

    def is_valid(self) -> bool:
        """Whether every parameter can be used."""
        return not self.errors


class ListFilterSet(django_filters.FilterSet):
    """The filters of one list. ``defaults`` hold where a parameter is absent."""

    defaults: dict[str, list[str]] = {}
    #: Singular and plural of what the list holds, for the sentence above it.
    nouns: tuple[Promise, Promise] = (gettext_lazy("row"), gettext_lazy("rows"))
    #: Filters that choose no rows but the day of which these tell; a feed has none of them.
    moments: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, one in self.filters.items():
            one.name = name

    @cached_property
    def form(self) -> Checked:
        """The values of all filters, checked (in django-filter a form)."""
        return Checked({name: one.field for name, one in self.filters.items()}, self.data)

    def chosen(self, name: str) -> list[str]:
        """Return the values chosen for a filter, as text, its default where none was."""
        value = self.form.cleaned_data.get(name)
        if isinstance(value, list):
            return value or self.defaults.get(name, [])
        return [] if value in (None, "") else [str(value)]

    def _value(self, name: str) -> Any:
        value = self.form.cleaned_data.get(name)
        return value or self.defaults.get(name) or value

    def narrowed(self, without: str = "") -> QuerySet:
        """Return the rows that fit all filters but the one named ``without``."""
        rows = self.queryset
        for name, one in self.filters.items():
            if name != without:
                rows = one.filter(rows, self._value(name))
        return rows

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Return the rows that fit all filters (django-filter calls this for ``qs``)."""
        return self.narrowed()

    def unusable(self) -> dict[str, list[str]]:
        """Return what cannot be used whatever the record holds, by parameter."""
        return {} if self.form.is_valid() else self.form.errors

    def problems(self) -> dict[str, list[str]]:
        """Return what is wrong, by parameter: bad values, and keys that nothing has."""
        if bad := self.unusable():
            return bad
        return {
            name: [_("Nothing public has the key “%s”.") % shown(value)]
            for name, labels in self.known_labels.items()
            for value in self.chosen(name)
            if value not in labels
        }

    @property
    def moment(self) -> str:
        """The day of which the rows tell, for the names of files: "on-2017-11-09"; '' for now."""
        return ""

    @property
    def moment_words(self) -> str:
        """The same as a sentence for readers; '' for now."""
        return ""

    def told_by(self, rows: Iterable[Any]) -> None:
        """Tell rows at hand of which day they tell; nothing where that is now."""

    def leaving(self, export: TableExport) -> TableExport:
        """Return how the table leaves of that day: the name of its files, and its columns."""
        return export

    @cached_property
    def known_labels(self) -> dict[str, dict[str, str]]:
        """Labels of the chosen keys, by filter and key, in one query for all filters."""
        language = active_language()
        parts = {
            name: part
            for name, one in self.filters.items()
            if (values := self.chosen(name)) and (part := one.known(values, language)) is not None
        }
        labels: dict[str, dict[str, str]] = {name: {} for name in parts}
        if parts:
            first, *rest = parts.values()
            for name, key, label in first.union(*rest, all=True) if rest else first:
                labels[name][key] = label
        return labels

    def facets(self) -> tuple[int, dict[str, list[tuple[str, str, int]]]]:
        """Return the number of rows, and per filter (value, label, rows it would give).

        One query: a UNION ALL of all counts. Each filter's choices are counted with the other
        filters as they are; those of all filters that are off over the same rows, which are
        found once.
        """
        language = active_language()
        union = Union(self.queryset.db)
        columns: dict[str, Any] = {}
        for name, one in self.filters.items():
            off = not self._value(name) and one.through is None
            for code, rule in one.flagged().items():
                if off:
                    column = f"column_{len(columns)}"
                    columns[column] = ExpressionWrapper(rule, output_field=BooleanField())
                    counted = f"SELECT %s, %s, '', COUNT(*) FROM fitting WHERE {column}"  # noqa: S608
                    union.add(counted, name, code)
                else:
                    flagged = self.narrowed(without=name).filter(rule)
                    totals = flagged.order_by().values(choice=Value(code)).annotate(rows=Count("*"))
                    union.add_groups(name, totals.values_list("choice", "rows"))
            if one.choices() is None:
                continue
            if off:
                column = f"column_{len(columns)}"
                columns[column] = one.choices()
                union.add_shared(name, column, one.things(language))
            else:
                groups = one.grouped(self.narrowed(without=name))
                union.add_groups(name, groups, one.things(language))
        union.add("SELECT '', '', '', COUNT(*) FROM fitting")
        rows = self.narrowed().order_by().annotate(**columns).values_list("pk", *columns)
        total = 0
        found: dict[str, list[tuple[str, str, int]]] = {}
        for facet, choice, wording, count in union.rows(rows, ["row_id", *columns]):
            if facet:
                found.setdefault(facet, []).append((choice or "", wording or "", count))
            else:
                total = count
        return total, found


class Union:
    """One statement that counts in many ways; each way gives (facet, choice, wording, rows).

    Written in SQL, where rows that several counts share are found once, and names are looked
    up for groups instead of for rows: over 100,000 rows that is five times as fast.
    """

    def __init__(self, using: str) -> None:
        self.using = using
        self.named: list[tuple[str, Sequence[Any]]] = []
        self.parts: list[tuple[str, Sequence[Any]]] = []

    def _name(self, columns: Sequence[str], rows: QuerySet, name: str = "") -> str:
        """Give a query a name by which others can read it."""
        name = name or f"named_{len(self.named)}"
        try:
            sql, params = rows.query.get_compiler(self.using).as_sql()
        except EmptyResultSet:
            sql, params = f"SELECT {', '.join(['NULL'] * len(columns))} WHERE 1 = 0", ()
        self.named.append((f"{name} ({', '.join(columns)}) AS ({sql})", params))
        return name

    def add(self, sql: str, *params: Any) -> None:
        """Add a count."""
        self.parts.append((sql, params))

    def add_groups(self, facet: str, groups: QuerySet, things: QuerySet | None = None) -> None:
        """Add what a query of (choice, rows) gives."""
        groups_name = self._name(["choice", "counted"], groups)
        self._add(facet, f"SELECT choice, counted FROM {groups_name}", things)  # noqa: S608

    def add_shared(self, facet: str, column: str, things: QuerySet | None) -> None:
        """Add the values of a column of the rows that fit."""
        self._add(
            facet,
            f"SELECT {column} AS choice, COUNT(*) AS counted FROM fitting GROUP BY {column}",  # noqa: S608
            things,
        )

    def _add(self, facet: str, groups: str, things: QuerySet | None) -> None:
        if things is None:
            sql = f"SELECT %s, CAST(choice AS text), '', counted FROM ({groups}) AS one"  # noqa: S608
        else:
            name = self._name(["thing", "choice", "wording"], things)
            sql = (
                f"SELECT %s, CAST({name}.choice AS text), {name}.wording, counted"  # noqa: S608
                f" FROM ({groups}) AS one JOIN {name} ON thing = one.choice"
            )
        self.add(sql, facet)

    def rows(self, fitting: QuerySet, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Ask the database; ``fitting`` are the rows that fit, ``columns`` name its columns."""
        self._name(columns, fitting, "fitting")
        named = ", ".join(sql for sql, _params in self.named)
        counts = " UNION ALL ".join(sql for sql, _params in self.parts)
        params = [one for _sql, some in [*self.named, *self.parts] for one in some]
        with connections[self.using].cursor() as cursor:
            cursor.execute(f"WITH {named} {counts}", params)
            return list(cursor.fetchall())
