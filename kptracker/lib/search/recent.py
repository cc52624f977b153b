"""Where the newest entries lie: the years in which PostgreSQL looks for hits first."""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from ..models import SearchTerms
from .entries import (
    FIRST_DAY,
    KEY_BITS,
    KIND_BITS,
    NO_DAY,
    TIMELESS,
    facet_token,
    first_number_of,
)
from .known import State

#: The years of so many of the newest entries are looked through first, then those of so many.
FIRST_ENTRIES = (1_500, 8_000, 30_000)
#: Numbers hold no later year.
LAST_YEAR = 2078


class Years(NamedTuple):
    """Some years: the tokens of which each of their entries has one, and the lowest number."""

    tokens: tuple[str, ...]
    first: int


def newest_years(now: State) -> list[Years]:
    """Return the years that PostgreSQL looks through first, then those it looks through next.

    Entries that count as newest are among the first. Nothing is returned where there are so few
    entries that all of them are looked through at once, and for SQLite.
    """
    if connection.vendor != "postgresql" or not now.newest:
        return []
    last = max(_year_of(now.newest), timezone.now().year) + 1
    if last > LAST_YEAR:
        return []
    found = []
    tokens = tuple(facet_token("kind", kind) for kind in TIMELESS)
    for first in _since(now.stamp):
        tokens += tuple(facet_token("year", year) for year in range(first, last + 1))
        found.append(Years(tokens, first_number_of(date(first, 1, 1))))
        tokens, last = (), first - 1
    return found


@lru_cache(maxsize=4)
def _since(stamp: int) -> tuple[int, ...]:
    """Return the years in which the 1,500th, the 8,000th and the 30,000th newest entry lie.

    As they were at a stamp: where to begin is a matter of speed, and not of what is found.
    """
    dated = SearchTerms.objects.filter(no__lt=NO_DAY).order_by("-no")
    numbers = dated.values_list("no", flat=True)
    found = [number for place in FIRST_ENTRIES for number in numbers[place : place + 1]]
    return tuple(dict.fromkeys(map(_year_of, found)))


def _year_of(number: int) -> int:
    return (FIRST_DAY + timedelta(days=number >> KIND_BITS + KEY_BITS)).year
