"""Where the newest entries lie: the years in which PostgreSQL looks for hits first."""

from datetime import date, timedelta
from functools import lru_cache

from django.utils import timezone

from ..models import SearchTerms
from ..writing import current_stamp
from .entries import (
    FIRST_DAY,
    KEY_BITS,
    KIND_BITS,
    NO_DAY,
    TIMELESS,
    facet_token,
    first_number_of,
)

#: The years of so many of the newest entries are looked through first, then those of so many.
FIRST_ENTRIES = (4_000, 24_000)
#: Numbers hold no later year.
LAST_YEAR = 2078


def newest_years() -> list[tuple[tuple[str, ...], int]]:
    """Return the tokens of the newest years with the lowest number of theirs, then of older ones.

    Entries that count as newest are among the first. Nothing is returned where there are so few
    entries that all of them are looked through at once.
    """
    since = _since(current_stamp())
    newest = max(_numbers(), default=0) if since else 0
    last = max(_year_of(newest), timezone.now().year) + 1
    if not since or last > LAST_YEAR:
        return []
    found = []
    tokens = tuple(facet_token("kind", kind) for kind in TIMELESS)
    for first in since:
        tokens += tuple(facet_token("year", year) for year in range(first, last + 1))
        found.append((tokens, first_number_of(date(first, 1, 1))))
        tokens, last = (), first - 1
    return found


@lru_cache(maxsize=4)
def _since(stamp: int) -> tuple[int, ...]:
    """Return the years in which the 4,000th and the 24,000th newest entry lie.

    As they were at a stamp: where to begin is a matter of speed, and not of what is found.
    """
    numbers = [number for place in FIRST_ENTRIES for number in _numbers(place)]
    return tuple(dict.fromkeys(_year_of(number) for number in numbers))


def _numbers(place: int = 0) -> list[int]:
    """Return the number of the newest entry with a day, or of one behind it; [] without one."""
    dated = SearchTerms.objects.filter(no__lt=NO_DAY).order_by("-no")
    return list(dated.values_list("no", flat=True)[place : place + 1])


def _year_of(number: int) -> int:
    return (FIRST_DAY + timedelta(days=number >> KIND_BITS + KEY_BITS)).year
