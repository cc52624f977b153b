"""Dates that stand in a text, as far as they are known, in English and French.

A weekday, "yesterday", "last year" or "2am" is no date. A date without a year stays one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kptracker.lib.partial_dates import PartialDate

from .papers import Paper

_MONTHS = (
    "january jan janvier janv",
    "february feb fevrier fevr",
    "march mar mars",
    "april apr avril avr",
    "may mai",
    "june jun juin",
    "july jul juillet juil",
    "august aug aout",
    "september sept sep septembre",
    "october oct octobre",
    "november nov novembre",
    "december dec decembre",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
#: English words of another meaning when they are written small.
CAPITAL_ONLY = frozenset({"may", "march", "mar", "sep", "jun", "jan"})

_MONTH = r"(?P<month{n}>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day{n}>0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th|er|eme|e)?(?![0-9:a-z])"
_YEAR = r"(?P<year{n}>(?:19|20)[0-9]{{2}})(?![0-9a-z])"
_OPEN = r"(?<![0-9a-z/.\-])"
_TO = r"[ ]*(?:-|to|until|au|a|and|et|&)[ ]*"
_OF = r",?[ ]+(?:of[ ]+|de[ ]+|en[ ]+)?"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts))


def _n(part: str, number: int) -> str:
    return part.format(n=number)


PATTERNS = (
    # 30 October (2011) - 3 November 2011
    _pattern(
        *(_OPEN, _n(_DAY, 1), r"[ ]+(?:of[ ]+)?", _n(_MONTH, 1), "(?:", _OF, _n(_YEAR, 1), ")?"),
        *(_TO, r"(?:the[ ]+|le[ ]+)?", _n(_DAY, 2), r"[ ]+(?:of[ ]+)?", _n(_MONTH, 2)),
        *("(?:", _OF, _n(_YEAR, 2), ")?"),
    ),
    # 18-22 June 2018, 12th of November 2021, 1er mars 2020, 18 June
    _pattern(
        *(_OPEN, _n(_DAY, 1), "(?:", _TO, r"(?:the[ ]+|le[ ]+)?", _n(_DAY, 2), ")?"),
        *(r"[ ]+(?:of[ ]+)?", _n(_MONTH, 1), "(?:", _OF, _n(_YEAR, 1), ")?"),
    ),
    # November 10, 2023; June 18-22; March 3
    _pattern(
        *(_OPEN, _n(_MONTH, 1), r"[ ]+(?:the[ ]+)?", _n(_DAY, 1)),
        *("(?:", _TO, _n(_DAY, 2), r")?(?:,?[ ]+", _n(_YEAR, 1), ")?"),
    ),
    # November 2018
    _pattern(_OPEN, _n(_MONTH, 1), _OF, _n(_YEAR, 1)),
    # 2023-11-10
    re.compile(
        r"(?<![0-9a-z/-])(?P<year1>(?:19|20)[0-9]{2})-(?P<m>[01][0-9])-(?P<day1>[0-3][0-9])(?![0-9-])"
    ),
    # 23/11/2023, 23.11.2023
    re.compile(
        r"(?<![0-9a-z/.-])(?P<day1>[0-3]?[0-9])(?P<sign>[/.])(?P<m>[01]?[0-9])(?P=sign)"
        r"(?P<year1>(?:19|20)[0-9]{2})(?![0-9/])"
    ),
)
#: A year by itself; not a quantity, a resolution or part of a number.
YEAR = re.compile(
    r"(?<![0-9a-z/.,$€£-])(?<!no )(?<!us\$)((?:19|20)[0-9]{2})(?![0-9a-z/%])(?![.,-][0-9])"
    r"(?!\s*(?:-\s*)?(?:carats?|people|persons?|personnes|miners?|mineurs|diggers?|tonnes?|km|"
    r"kilo|dollars?|euros?|usd|million|families|familles|households|metres?|hectares|workers))"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date that stands in a text: as much of year, month and day as is written there.

    ``last`` is the month and day with which a stretch of days ends.
    """

    start: int
    end: int
    year: int | None
    month: int | None = None
    day: int | None = None
    last: tuple[int, int] | None = None

    @property
    def known(self) -> PartialDate | None:
        """The date as the record holds it: days in a row by their month, None without a year."""
        if self.year is None:
            return None
        shape = f"{self.year:04d}"
        if self.month is not None and (self.last is None or self.last[0] == self.month):
            shape += f"-{self.month:02d}"
            if self.day is not None and self.last is None:
                shape += f"-{self.day:02d}"
        try:
            return PartialDate.parse(shape)
        except ValueError:
            return None  # 29 February of a year that has none

    def days(self, year: int | None = None) -> tuple[date, date] | None:
        """Return first and last day; ``year`` stands in where the text has none."""
        in_year = self.year or year
        if in_year is None:
            return None
        if self.month is None or self.day is None:
            known = PartialDate.parse(
                f"{in_year:04d}" + (f"-{self.month:02d}" if self.month else "")
            )
            return known.first, known.last
        try:
            first = date(in_year, self.month, self.day)
            last = date(in_year, *self.last) if self.last else first
        except ValueError:
            return None  # 29 February of another year
        # A stretch from December to January: the year is that of its end.
        return (first.replace(year=in_year - 1), last) if last < first else (first, last)

    def in_year(self, year: int) -> "Found":
        """Return it with a year that stands elsewhere."""
        return Found(self.start, self.end, year, self.month, self.day, self.last)


def dates_in(paper: Paper, *, french: bool = False) -> list[Found]:
    """Return the dates of a text, in order; bare years last among those that overlap nothing.

    ``french`` tells that 03/04/2020 is the third of April; in English it is left open, and
    only the year counts.
    """
    taken: list[Found] = []
    for pattern in PATTERNS:
        for match in pattern.finditer(paper.plain):
            found = _read(paper, match, french)
            if found and not _overlaps(taken, found):
                taken.append(found)
    for match in YEAR.finditer(paper.plain):
        found = Found(match.start(), match.end(), int(match.group(1)))
        if not _overlaps(taken, found):
            taken.append(found)
    return sorted(taken, key=lambda found: found.start)


def _overlaps(taken: list[Found], new: Found) -> bool:
    return any(old.start < new.end and new.start < old.end for old in taken)


def _read(paper: Paper, match: re.Match[str], french: bool) -> Found | None:
    """Turn what a pattern matched into a date; None where it is none."""
    part = match.groupdict()
    for name in ("month1", "month2"):
        word = part.get(name)
        if word in CAPITAL_ONLY and not paper.text[match.start(name)].isupper():
            return None
    start, end = match.span()
    year = int(part["year1"]) if part.get("year1") else None
    if part.get("m"):
        of_month, month = int(part["day1"]), int(part["m"])
        if part.get("sign") == "/" and of_month <= 12 and of_month != month and not french:
            return Found(start, end, year)  # day and month cannot be told apart
        return _checked(Found(start, end, year, month, of_month))
    month = MONTHS[part["month1"]]
    day = int(part["day1"]) if part.get("day1") else None
    last: tuple[int, int] | None = None
    if part.get("day2"):
        last_month = MONTHS[part["month2"]] if part.get("month2") else month
        last = (last_month, int(part["day2"]))
        year = int(part["year2"]) if part.get("year2") else year
    return _checked(Found(start, end, year, month, day, last))


def _checked(found: Found) -> Found | None:
    """Return the date where there is such a day, None otherwise."""
    if found.month is None or not 1 <= found.month <= 12:
        return None
    if found.day is None:
        return found
    if found.last and found.last == (found.month, found.day):
        return None
    # A leap year, for days of which the year is not known.
    return found if found.days(found.year or 2000) else None


_IN_NAMES = (
    re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[-_.]([01][0-9])[-_.]([0-3][0-9])(?![0-9])"),
    re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])"),
    re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[-_]([01][0-9])(?![0-9])"),
)


def date_of_name(name: str) -> PartialDate | None:
    """Return the date that stands in the name of a file, None where there is none."""
    for pattern in _IN_NAMES:
        for match in pattern.finditer(name):
            try:
                return PartialDate.parse("-".join(match.groups()))
            except ValueError:
                continue
    words = Paper(re.sub(r"[-_.]+", " ", name))
    return next(_known(dates_in(words)), None)


def _known(dates: list[Found]) -> Iterator[PartialDate]:
    for precision in ("day", "month", "year"):
        for found in dates:
            known = found.known
            if known and known.precision == precision:
                yield known
