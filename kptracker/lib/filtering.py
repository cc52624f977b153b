"""Filters of the public lists: what a visitor may ask for, checked before it meets the database.

Each list has one ``ListFilterSet`` (django-filter), which its page, its files and its feeds
share. Several choices of one filter mean "or", several filters "and". Every filter says how it
reads in a sentence, and how many rows each of its choices would give.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import (
    CharField,
    Count,
    F,
    Model,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, ExtractYear
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import vocabularies
from .bilingual import active_language, in_language
from .folding import fold

#: Years outside these are not asked for by anybody who reads the record.
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_TEXT = 200
MOST_CHOICES = 60
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", re.ASCII)


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

    def counts(self, rows: QuerySet, language: str) -> QuerySet | None:
        """Return (name, value, label, rows) per choice; None for a filter without choices."""
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
        options += [Option(v, l, 0, True) for v, l in zip(missing, labels, strict=True)]
        return sorted(options, key=lambda option: fold(option.label))


class CodeFilter(ListFilter):
    """Rows whose coded column holds one of the chosen codes of its vocabulary list.

    ``order`` names the codes to offer, in order, instead of the whole list. ``through`` and
    ``to_row`` as for ``KeyFilter``, where the code stands in a table of its own.
    """

    def __init__(
        self,
        *,
        vocabulary: str,
        order: Sequence[str] = (),
        through: Callable[[], QuerySet] | None = None,
        to_row: str = "",
        **kwargs: Any,
    ) -> None:
        self.vocabulary = vocabulary
        self.codes = list(order or vocabularies.codes(vocabulary))
        self.through, self.to_row = through, to_row
        super().__init__(**kwargs)

    def make_field(self) -> forms.Field:
        """Accept the codes of the list."""
        return ManyField(check=self._check)

    def _check(self, value: str) -> str:
        if value not in self.codes:
            raise ValidationError(
                _("“%(value)s” is not among the choices: %(choices)s.")
                % {"value": shown(value), "choices": ", ".join(self.codes)}
            )
        return value

    def condition(self, value: Any) -> Q:
        """One of the codes."""
        wanted = Q(**{f"{self.field_name}__in": value})
        if self.through is None:
            return wanted
        return Q(pk__in=self.through().filter(wanted).values(self.to_row))

    def counts(self, rows: QuerySet, language: str) -> QuerySet | None:
        """Count by code; labels come from the vocabulary."""
        return self._grouped_through(rows, F(self.field_name), Value("", output_field=TextField()))

    def labels(self, values: Sequence[str], found: dict[str, str]) -> list[str]:
        """Take the labels from the vocabulary."""
        return [vocabularies.label(self.vocabulary, value) for value in values]

    def options(
        self, counted: Iterable[tuple[str, str, int]], chosen: Sequence[str], found: dict[str, str]
    ) -> list[Option]:
        """Offer the codes in the order of the list, those without rows only when chosen."""
        rows = {value: n for value, _label, n in counted}
        return [
            Option(
                code, vocabularies.label(self.vocabulary, code), rows.get(code, 0), code in chosen
            )
            for code in self.codes
            if rows.get(code) or code in chosen
        ]


class FlagFilter(ListFilter):
    """Rows that fit one of a few named conditions, such as "provisional".

    ``flags`` maps a code to (label, function of today that returns the condition).
    """

    def __init__(self, *, flags: dict[str, tuple[Any, Callable[[], Q]]], **kwargs: Any) -> None:
        self.flags = flags
        super().__init__(**kwargs)

    def make_field(self) -> forms.Field:
        """Accept the codes of the flags."""
        return ManyField(check=self._check)

    def _check(self, value: str) -> str:
        if value not in self.flags:
            raise ValidationError(
                _("“%(value)s” is not among the choices: %(choices)s.")
                % {"value": shown(value), "choices": ", ".join(self.flags)}
            )
        return value

    def condition(self, value: Any) -> Q:
        """Any of the conditions."""
        condition = Q()
        for code in value:
            condition |= self.flags[code][1]()
        return condition

    def count_parts(self, rows: QuerySet) -> list[QuerySet]:
        """Return one counting query per flag, for the one UNION of a page."""
        return [
            rows.order_by()
            .filter(condition())
            .values(
                facet=Value(self.field_name_in_set, output_field=CharField()),
                choice=Value(code, output_field=TextField()),
                wording=Value("", output_field=TextField()),
            )
            .annotate(rows=Count("*"))
            for code, (_label, condition) in self.flags.items()
        ]

    def labels(self, values: Sequence[str], found: dict[str, str]) -> list[str]:
        """Take the labels of the flags."""
        return [str(self.flags[value][0]) for value in values]

    def options(
        self, counted: Iterable[tuple[str, str, int]], chosen: Sequence[str], found: dict[str, str]
    ) -> list[Option]:
        """Offer every flag, in its order."""
        rows = {value: n for value, _label, n in counted}
        return [
            Option(code, str(label), rows.get(code, 0), code in chosen)
            for code, (label, _condition) in self.flags.items()
        ]


class KeyFilter(ListFilter):
    """Rows that lead to one of the chosen things: a theme, a meeting, an organisation.

    ``path`` leads from the row to the thing; ``model`` is the thing, ``key`` its key column,
    ``name_column`` the bilingual (or plain) column of its name. Where a row may lead to several
    things, ``through`` is the link table's public queryset, ``to_row`` its column that leads
    back to the row, and ``path`` starts at the link.
    """

    shape = "pick"

    def __init__(
        self,
        *,
        path: str,
        model: type[Model],
        name_column: str,
        key: str = "slug",
        bilingual: bool = True,
        through: Callable[[], QuerySet] | None = None,
        to_row: str = "",
        **kwargs: Any,
    ) -> None:
        self.path, self.model, self.key = path, model, key
        self.name_column, self.bilingual = name_column, bilingual
        self.through, self.to_row = through, to_row
        self.shape = kwargs.pop("shape", self.shape)
        super().__init__(**kwargs)

    def make_field(self) -> forms.Field:
        """Accept keys; whether they exist is asked for all filters at once."""
        return ManyField(check=self._check)

    def _check(self, value: str) -> str:
        if not SLUG.fullmatch(value):
            raise ValidationError(_("“%s” cannot be a key of the record.") % shown(value))
        return value

    def condition(self, value: Any) -> Q:
        """Lead to one of the things."""
        wanted = {f"{self.path}__{self.key}__in": value}
        if self.through is None:
            return Q(**wanted)
        return Q(pk__in=self.through().filter(**wanted).values(self.to_row))

    def wording(self, prefix: str, language: str) -> Any:
        """Return the expression for the name of the thing."""
        column = f"{prefix}{self.name_column}"
        return in_language(column, language) if self.bilingual else Cast(F(column), TextField())

    def counts(self, rows: QuerySet, language: str) -> QuerySet | None:
        """Count by thing, public ones only."""
        things = self.model._default_manager.public()  # type: ignore[attr-defined]
        value, label = F(f"{self.path}__{self.key}"), self.wording(f"{self.path}__", language)
        counted = self._grouped_through(rows, value, label)
        return counted.filter(**{f"{self.path}__in": things})

    def known(self, values: Sequence[str], language: str) -> QuerySet:
        """Return (name, key, label) of those of the chosen things that are public."""
        return (
            self.model._default_manager.public()
            .filter(  # type: ignore[attr-defined]
                **{f"{self.key}__in": values}
            )
            .order_by()
            .values_list(
                Value(self.field_name_in_set, output_field=CharField()),
                Cast(F(self.key), TextField()),
                self.wording("", language),
            )
        )


class YearFilter(ListFilter):
    """Rows of one of the chosen years.

    ``column`` is a column of years, or, with ``of_date``, the first day of a partial date,
    whose year is always known. ``through`` and ``to_row`` as for ``KeyFilter``.
    """

    shape = "pick"

    def __init__(
        self,
        *,
        column: str,
        of_date: bool = False,
        through: Callable[[], QuerySet] | None = None,
        to_row: str = "",
        **kwargs: Any,
    ) -> None:
        self.column, self.of_date, self.through, self.to_row = column, of_date, through, to_row
        super().__init__(**kwargs)

    def make_field(self) -> forms.Field:
        """Accept years of four digits."""
        return ManyField(check=self._check)

    def _check(self, value: str) -> str:
        if not re.fullmatch(r"\d{4}", value, re.ASCII) or not FIRST_YEAR <= int(value) <= LAST_YEAR:
            raise ValidationError(
                _("“%(value)s” is not a year between %(first)d and %(last)d.")
                % {"value": shown(value), "first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return value

    def condition(self, value: Any) -> Q:
        """In one of the years."""
        wanted = Q()
        for year in map(int, value):
            wanted |= (
                Q(**{f"{self.column}__range": (date(year, 1, 1), date(year, 12, 31))})
                if self.of_date
                else Q(**{self.column: year})
            )
        if self.through is None:
            return wanted
        return Q(pk__in=self.through().filter(wanted).values(self.to_row))

    def counts(self, rows: QuerySet, language: str) -> QuerySet | None:
        """Count by year."""
        value = ExtractYear(self.column) if self.of_date else F(self.column)
        return self._grouped_through(rows, value, Value("", output_field=TextField()))

    def options(
        self, counted: Iterable[tuple[str, str, int]], chosen: Sequence[str], found: dict[str, str]
    ) -> list[Option]:
        """Offer the years, newest first."""
        rows = {value: n for value, _label, n in counted}
        years = sorted({*rows, *chosen}, reverse=True)
        return [Option(year, year, rows.get(year, 0), year in chosen) for year in years]


class TextFilter(ListFilter):
    """Rows that contain every word typed, whatever the accents and capitals."""

    shape = "text"

    def make_field(self) -> forms.Field:
        """Accept a short text without control characters."""
        return forms.CharField(required=False, max_length=MOST_TEXT)

    def condition(self, value: Any) -> Q:
        """Every word, as part of the folded text."""
        condition = Q()
        for word in fold(value).split():
            condition &= Q(**{f"{self.field_name}__contains": word})
        return condition

    def labels(self, values: Sequence[str], found: dict[str, str]) -> list[str]:
        """Repeat the words in quotation marks."""
        return [_("“%s”") % value for value in values]


class AtLeastFilter(ListFilter):
    """Rows whose number in a column is at least the one given."""

    shape = "number"

    def make_field(self) -> forms.Field:
        """Accept a whole number from 1 to 100,000."""
        return forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def condition(self, value: Any) -> Q:
        """At least that many."""
        return Q(**{f"{self.field_name}__gte": value})


class DayFilter(ListFilter):
    """Rows chosen by one day; ``on`` makes the condition from it."""

    shape = "day"

    def __init__(self, *, on: Callable[[date], Q], **kwargs: Any) -> None:
        self.on = on
        super().__init__(**kwargs)

    def make_field(self) -> forms.Field:
        """Accept YYYY-MM-DD."""
        return DayField(required=False)

    def condition(self, value: Any) -> Q:
        """Whatever the filter makes of the day."""
        return self.on(value)


class DayField(forms.Field):
    """A day written YYYY-MM-DD within the years of the record."""

    def to_python(self, value: Any) -> date | None:
        """Return the day. Raises ValidationError when there is none such."""
        if not value:
            return None
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            try:
                day = date.fromisoformat(value)
            except ValueError:
                day = None
            if day and FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
        raise ValidationError(_("“%s” is not a day: write it as 2024-05-31.") % shown(str(value)))


class ListFilterSet(django_filters.FilterSet):
    """The filters of one list. ``defaults`` hold where a parameter is absent."""

    defaults: dict[str, list[str]] = {}
    #: Singular and plural of what the list holds, for the sentence above it.
    nouns: tuple[Promise, Promise] = (gettext_lazy("row"), gettext_lazy("rows"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, one in self.filters.items():
            one.name = name

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
            return {name: [str(e) for e in errors] for name, errors in self.form.errors.items()}
        known = self.known_labels
        return {
            name: [_("Nothing public has the key “%s”.") % shown(value)]
            for name, one in self.filters.items()
            if isinstance(one, KeyFilter)
            for value in self.chosen(name)
            if value not in known.get(name, {})
        }

    @property
    def known_labels(self) -> dict[str, dict[str, str]]:
        """Labels of the chosen keys, by filter and key, in one query for all filters."""
        if not hasattr(self, "_known"):
            language = active_language()
            parts = [
                one.known(self.chosen(name), language)
                for name, one in self.filters.items()
                if isinstance(one, KeyFilter) and self.chosen(name)
            ]
            self._known: dict[str, dict[str, str]] = {}
            if parts:
                rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
                for name, key, label in rows:
                    self._known.setdefault(name, {})[key] = label
        return self._known

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
            if isinstance(one, FlagFilter):
                parts += one.count_parts(rows)
            elif (counted := one.counts(rows, language)) is not None:
                parts.append(counted)
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


__all__ = [
    "AtLeastFilter",
    "CodeFilter",
    "DayFilter",
    "FlagFilter",
    "KeyFilter",
    "ListFilter",
    "ListFilterSet",
    "Option",
    "TextFilter",
    "YearFilter",
]
