"""The kinds of filters that lists are made of: codes, flags, keys, years, words, numbers, days."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField, F, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from . import vocabularies
from .bilingual import in_language
from .expressions import First, Iso
from .filtering import ListFilter, ManyField, Option, shown
from .folding import fold

#: Years outside these are not asked for by anybody who reads the record.
FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_TEXT = 200
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", re.ASCII)


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
        through: Callable[..., QuerySet] | None = None,
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

    def choices(self) -> Any:
        """Count by code; labels come from the vocabulary."""
        return F(self.field_name)

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

    ``flags`` maps a code to (label, function that returns the condition as of today).
    """

    def __init__(self, *, flags: dict[str, tuple[Any, Callable[..., Q]]], **kwargs: Any) -> None:
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

    def flagged(self) -> dict[str, Q]:
        """Return the conditions by their codes."""
        return {code: condition() for code, (_label, condition) in self.flags.items()}

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
        through: Callable[..., QuerySet] | None = None,
        to_row: str = "",
        **kwargs: Any,
    ) -> None:
        # django-filter keeps the model of the rows in "model".
        self.path, self.thing, self.key = path, model, key
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

    def choices(self) -> Any:
        """Count by thing."""
        return F(self.path)

    def things(self, language: str) -> QuerySet:
        """Return the public things with their names."""
        return (
            self._public_things().order_by().values_list("pk", self.key, self.wording("", language))
        )

    def _public_things(self) -> QuerySet:
        manager: Any = self.thing._default_manager
        return manager.public()

    def known(self, values: Sequence[str], language: str) -> QuerySet:
        """Return (name, key, label) of those of the chosen things that are public."""
        return (
            self._public_things()
            .filter(**{f"{self.key}__in": values})
            .order_by()
            .values_list(
                Value(self.field_name_in_set, output_field=CharField()),
                Cast(F(self.key), TextField()),
                self.wording("", language),
            )
        )


class RelatedFilter(KeyFilter):
    """Rows that stand in some relation to one thing: asked before a meeting, judged since.

    ``on`` makes the condition from the thing. It is set by links alone: the form beside a list
    offers no choices of it, and only shows the one that is on.
    """

    shape = "given"

    def __init__(self, *, on: Callable[[Any], Q], **kwargs: Any) -> None:
        self.on = on
        super().__init__(path="", **kwargs)

    def condition(self, value: Any) -> Q:
        """Fit the condition of one of the things; no row fits that of a thing unknown."""
        condition = Q(pk__in=[])
        for thing in self._things_named(tuple(value)):
            condition |= self.on(thing)
        return condition

    def _things_named(self, keys: tuple[str, ...]) -> list[Any]:
        # Each request has a copy of its own of this filter, which asks once.
        if getattr(self, "_named", (None, []))[0] != keys:
            rows = self._public_things().filter(**{f"{self.key}__in": keys})
            self._named: tuple[tuple[str, ...], list[Any]] = (keys, list(rows))
        return self._named[1]

    def choices(self) -> Any:
        """Offer none."""
        return None


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
        through: Callable[..., QuerySet] | None = None,
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

    def choices(self) -> Any:
        """Count by year."""
        return First(Iso(self.column), 4) if self.of_date else F(self.column)

    def options(
        self, counted: Iterable[tuple[str, str, int]], chosen: Sequence[str], found: dict[str, str]
    ) -> list[Option]:
        """Offer the years, newest first; rows without a date have none."""
        rows = {value: n for value, _label, n in counted if value}
        years = sorted({*rows, *chosen}, reverse=True)
        return [Option(year, year, rows.get(year, 0), year in chosen) for year in years]


def _holds_something(value: str) -> None:
    """Refuse words of which nothing is left without accents and spaces: all rows would fit."""
    if not fold(value).strip():
        raise ValidationError(_("There is no letter and no digit in it."))


class TextFilter(ListFilter):
    """Rows that contain every word typed, whatever the accents and capitals."""

    shape = "text"

    def make_field(self) -> forms.Field:
        """Accept a short text without control characters, of letters or digits."""
        return forms.CharField(
            required=False, max_length=LONGEST_TEXT, validators=[_holds_something]
        )

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


class YearBoundFilter(ListFilter):
    """Rows from a year on, or until one; ``on`` makes the condition from the year."""

    shape = "number"

    def __init__(self, *, on: Callable[[int], Q], **kwargs: Any) -> None:
        self.on = on
        super().__init__(**kwargs)

    def make_field(self) -> forms.Field:
        """Accept a year of the record."""
        return forms.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def condition(self, value: Any) -> Q:
        """Whatever the filter makes of the year."""
        return self.on(value)
