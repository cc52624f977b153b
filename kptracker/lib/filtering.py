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
from django.core.exceptions import ValidationError
from django.db.models import (
    CharField,
    Count,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .bilingual import active_language
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

    def counts(self, rows: QuerySet, language: str) -> list[QuerySet]:
        """Return queries of (facet, choice, wording, rows); none for a filter without choices."""
        return []

    def known(self, values: Sequence[str], language: str) -> QuerySet | None:
        """Return (facet, key, label) of chosen keys that are public; None where codes serve."""
        return None

    def _grouped(self, rows: QuerySet, value: Any, label: Any, count: Any = None) -> QuerySet:
        return (
            rows.order_by()
            .values(
                facet=Value(self.field_name_in_set, output_field=CharField()),
                choice=Cast(value, TextField()),
                wording=label,
            )
            .annotate(rows=count or Count("*"))
        )

    through: Callable[[], QuerySet] | None = None
    to_row = ""

    def _grouped_through(self, rows: QuerySet, value: Any, label: Any) -> QuerySet:
        """Count by a column of the row, or of the table between it and what it leads to."""
        if self.through is None:
            return self._grouped(rows, value, label)
        links = self.through().filter(**{f"{self.to_row}__in": rows.order_by().values("pk")})
        return self._grouped(links, value, label, Count(self.to_row, distinct=True))

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

    def problems(self) -> dict[str, list[str]]:
        """Return what is wrong, by parameter: bad values, and keys that nothing has."""
        if not self.form.is_valid():
            return self.form.errors
        return {
            name: [_("Nothing public has the key “%s”.") % shown(value)]
            for name, labels in self.known_labels.items()
            for value in self.chosen(name)
            if value not in labels
        }

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
        filters as they are.
        """
        language = active_language()
        parts: list[QuerySet] = [
            self.narrowed()
            .order_by()
            .values(
                facet=Value("", output_field=CharField()),
                choice=Value("", output_field=TextField()),
                wording=Value("", output_field=TextField()),
            )
            .annotate(rows=Count("*"))
        ]
        for name, one in self.filters.items():
            rows = self.narrowed(without=name)
            parts += one.counts(rows, language)
        total = 0
        found: dict[str, list[tuple[str, str, int]]] = {}
        columns = ("facet", "choice", "wording", "rows")
        union = (
            parts[0]
            .values_list(*columns)
            .union(*(part.values_list(*columns) for part in parts[1:]), all=True)
        )
        for facet, choice, wording, rows in union:
            if facet:
                found.setdefault(facet, []).append((choice or "", wording or "", rows))
            else:
                total = rows
        return total, found
