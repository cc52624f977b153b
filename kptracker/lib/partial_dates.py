"""Dates as they are known: a year, a month or a day.

A partial date is stored as its first and its last possible day. How much is known is read
from the two: nothing else is stored, so nothing can disagree. Dates are plain dates and are
never shifted by a time zone.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    CharField,
    CheckConstraint,
    DateField,
    F,
    IntegerField,
    Q,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, ExtractMonth, Substr
from django.db.models.lookups import Exact
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from .bilingual import active_language

SHAPE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
#: Years outside these are slips of the pen: the record begins in 2000, its people before it.
EARLIEST, LATEST = 1900, 2100

HELP = gettext_lazy(
    "As much as is known: 2017, 2017-11 or 2017-11-09. Leave it empty when nothing is known."
)


def in_words(day: date, shape: str) -> str:
    """Return a day in the active language, by the letters of Django's ``date`` filter.

    French writes the first of a month "1er", and short months small: "1er juil. 2014".
    """
    if active_language() == "fr":
        shape = shape.replace("M", "N")
        if day.day == 1:
            shape = shape.replace("j", r"j\e\r")
    return date_format(day, shape, use_l10n=False)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the year, the month or the day is known: its first and last possible day."""

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

        Raises ValueError, with a sentence for the editor, for any other text.
        """
        match = SHAPE.fullmatch(text.strip())
        if not match:
            raise ValueError(
                _("“%(text)s” is not a date: write 2017, 2017-11 or 2017-11-09.")
                % {"text": text[:40]}
            )
        year, month, day = (int(part) if part else None for part in match.groups())
        if year is None or not EARLIEST <= year <= LATEST:
            raise ValueError(
                _("“%(text)s”: the year must lie between %(first)d and %(last)d.")
                % {"text": text[:40], "first": EARLIEST, "last": LATEST}
            )
        try:
            if month is None:
                return cls(date(year, 1, 1), date(year, 12, 31))
            if day is None:
                return cls(
                    date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
                )
            exact = date(year, month, day)
        except (ValueError, calendar.IllegalMonthError):
            raise ValueError(
                _("“%(text)s”: there is no such day or month.") % {"text": text[:40]}
            ) from None
        return cls(exact, exact)

    @classmethod
    def of(cls, first: date | None, last: date | None) -> "PartialDate | None":
        """Return the date stored in two columns, None where it is not known."""
        return cls(first, last) if first and last else None

    @property
    def precision(self) -> str:
        """How much is known: "day", "month" or "year"."""
        if self.first == self.last:
            return "day"
        return "month" if self.first.month == self.last.month else "year"

    def __str__(self) -> str:
        """Return the shape of the record's files: 2017, 2017-11 or 2017-11-09."""
        return self.first.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]

    def words(self, short: bool = False) -> str:
        """Return it as a reader says it, in the active language: "9 November 2017"."""
        month = "M" if short else "F"
        shape = {"day": f"j {month} Y", "month": f"{month} Y", "year": "Y"}[self.precision]
        return in_words(self.first, shape)

    @property
    def since_words(self) -> str:
        """Return since when something holds: "since 2017"; a day has an article in French."""
        words = {"date": self.words()}
        if self.precision == "day":
            return pgettext("a day", "since %(date)s") % words
        return _("since %(date)s") % words


class PartialDateField:
    """A model attribute of type PartialDate over two columns, ``<name>_first`` and ``<name>_last``.

    Reading gives a PartialDate or None; it takes a PartialDate, its text, '' or None.
    """

    def __init__(self, verbose_name: Any, *, null: bool = True) -> None:
        self.verbose_name = verbose_name
        self.null = null

    if TYPE_CHECKING:  # what the attribute put in its place does

        def __get__(self, row: Any, model: Any) -> Any: ...
        def __set__(self, row: Any, value: PartialDate | str | None) -> None: ...

    def contribute_to_class(self, cls: Any, name: str, **kwargs: Any) -> None:
        """Add the two columns and the attribute that joins them."""
        first, last = f"{name}_first", f"{name}_last"
        for column, which in (
            (first, gettext_lazy("{name} (first possible day)")),
            (last, gettext_lazy("{name} (last possible day)")),
        ):
            field = DateField(
                format_lazy(which, name=self.verbose_name), null=self.null, editable=False
            )
            field.date_name = self.verbose_name  # type: ignore[attr-defined]
            cls.add_to_class(column, field)

        def read(row: Any) -> PartialDate | None:
            return PartialDate.of(getattr(row, first), getattr(row, last))

        def write(row: Any, value: PartialDate | str | None) -> None:
            known = PartialDate.parse(value) if isinstance(value, str) and value else value or None
            setattr(row, first, known.first if known else None)
            setattr(row, last, known.last if known else None)

        setattr(cls, name, property(read, write, doc=str(self.verbose_name)))


def date_pair(name: str) -> CheckConstraint:
    """Return the constraint that the two columns of a date are both empty or in order."""
    first, last = f"{name}_first", f"{name}_last"
    return CheckConstraint(
        # An empty column makes a comparison neither true nor false, and a check lets that pass.
        condition=Q(**{f"{first}__isnull": True, f"{last}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{last}__isnull": False, f"{last}__gte": F(first)}),
        name=f"%(app_label)s_%(class)s_{name}_pair",
    )


def in_order(start: str, end: str) -> CheckConstraint:
    """Return the constraint that one partial date does not end before another begins."""
    return CheckConstraint(
        condition=Q(**{f"{start}_first__isnull": True})
        | Q(**{f"{end}_last__isnull": True})
        | Q(**{f"{end}_last__gte": F(f"{start}_first")}),
        name=f"%(app_label)s_%(class)s_{start}_{end}_order",
        violation_error_message=gettext_lazy("The end lies before the start."),
    )


def as_known(name: str) -> Combinable:
    """Return the SQL expression that writes a stored date as known: 2017, 2017-11 or 2017-11-09."""
    first, last = F(f"{name}_first"), F(f"{name}_last")
    length = Case(
        When(**{f"{name}_first": last}, then=Value(10)),
        # A month shorter than a year: its first and last day share the month.
        When(Exact(ExtractMonth(f"{name}_first"), ExtractMonth(f"{name}_last")), then=Value(7)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return Coalesce(
        Substr(Cast(first, CharField()), 1, length), Value(""), output_field=CharField()
    )


def any_day_between(name: str, since: date | None = None, until: date | None = None) -> Q:
    """Return the condition that any possible day of a date lies between two days, both counted."""
    condition = Q()
    if since:
        condition &= Q(**{f"{name}_last__gte": since})
    if until:
        condition &= Q(**{f"{name}_first__lte": until})
    return condition
