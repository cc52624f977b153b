"""What is stored of entries, kept in memory: a search reads a thousand of them, the next one
most of the same.

It is kept for one state of the published record, and forgotten when that changes.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Subquery

from ..models import SearchEntry, SearchTerms, Stamp
from .entries import NO_DAY


class State(NamedTuple):
    """A state of the published record: its stamp, when that was raised, the newest number.

    ``settled`` is False within a transaction, which may see what will have been undone.
    """

    stamp: int
    changed_at: datetime | None
    newest: int
    settled: bool


class Facets(NamedTuple):
    """What of an entry is counted beside the filters: the columns of SearchEntry."""

    kind: str
    row_id: int
    year: int | None
    language: str
    meeting: int | None
    speakers: str
    status: str


class Ranked(NamedTuple):
    """What an entry is ranked by: the columns of SearchEntry."""

    title: str
    mention: str
    counts: str


Columns = TypeVar("Columns", Facets, Ranked)


def state() -> State:
    """Return the state of the published record now; to be asked before entries are looked for."""
    settled = not connection.in_atomic_block
    dated = SearchTerms.objects.filter(no__lt=NO_DAY).order_by("-no").values("no")[:1]
    rows = Stamp.objects.filter(pk=1).values_list("number", "changed_at", Subquery(dated))
    for stamp, changed_at, newest in rows:
        return State(stamp, changed_at, newest or 0, settled)
    return State(0, None, 0, settled=False)


class Known(Generic[Columns]):
    """Some columns of entries: those of the last that were read, at most ``most``, are at hand."""

    def __init__(self, columns: type[Columns], most: int) -> None:
        self.columns: type[Columns] = columns
        self.most = most
        self._state: State | None = None
        self._rows: dict[int, Columns] = {}
        self._lock = Lock()

    def of(self, numbers: Iterable[int], as_of: State) -> dict[int, Columns]:
        """Return the columns of entries by number, in the order of these, of those there are."""
        if not as_of.settled:
            return self._read(numbers)
        with self._lock:
            if self._state != as_of:
                self._state, self._rows = as_of, {}
            there = {no: self._rows.get(no) for no in numbers}
        missing = [no for no, row in there.items() if row is None]
        if missing:
            read = self._read(missing)
            there |= read
            self._keep(read, as_of)
        return {no: row for no, row in there.items() if row is not None}

    def _read(self, numbers: Iterable[int]) -> dict[int, Columns]:
        rows = SearchEntry.objects.filter(no__in=list(numbers))
        found = {
            no: self.columns(*row) for no, *row in rows.values_list("no", *self.columns._fields)
        }
        return {no: found[no] for no in numbers if no in found}

    def _keep(self, read: dict[int, Columns], as_of: State) -> None:
        with self._lock:
            if self._state != as_of:
                return  # somebody else has seen a newer record
            self._rows |= read
            for no in list(islice(self._rows, max(len(self._rows) - self.most, 0))):
                del self._rows[no]


#: About 6 MB and 10 MB of memory.
COUNTED = Known(Facets, most=20_000)
RANKED = Known(Ranked, most=10_000)
