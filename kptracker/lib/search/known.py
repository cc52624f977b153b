"""What is stored of entries, kept in memory: a search reads a thousand of them, the next one
most of the same.

It is kept for one state of the published record, and forgotten when that changes.
"""

from collections.abc import Sequence
from itertools import islice, repeat
from threading import Lock
from typing import Any, NamedTuple

from django.db import connection

from .entries import NO_DAY

STATE = """
SELECT number, changed_at, (SELECT no FROM lib_searchterms WHERE no < %s ORDER BY no DESC LIMIT 1)
FROM lib_stamp WHERE id = 1
"""
READ = "SELECT {} FROM lib_searchentry WHERE no IN ({})"


class State(NamedTuple):
    """A state of the published record: its stamp, when that was raised, the newest number.

    ``settled`` is False within a transaction, which may see what will have been undone.
    """

    stamp: int
    changed_at: str
    newest: int
    settled: bool


#: What of an entry is counted beside the filters and ranked: columns of SearchEntry.
COLUMNS = (
    "no", "kind", "row_id", "year", "language", "meeting", "speakers", "status",
    "title", "mention", "counts",
)  # fmt: skip
#: A row of these: a plain tuple, as it comes, which Python's collector need not look through.
Known = tuple[Any, ...]


def state() -> State:
    """Return the state of the published record now; to be asked before entries are looked for."""
    settled = not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(STATE, [NO_DAY])
        for stamp, changed_at, newest in cursor.fetchall():
            return State(stamp, str(changed_at), newest or 0, settled)
    return State(0, "", 0, settled=False)


class Memory:
    """The entries that were read last, at most ``most`` of them."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._state: State | None = None
        #: The one that was asked for last is the last.
        self._entries: dict[int, Known] = {}
        self._lock = Lock()

    def entries(self, numbers: Sequence[int], as_of: State) -> dict[int, Known]:
        """Return entries by number, in the order of these, of those there are.

        ``as_of`` is the state of the record from before the numbers were found.
        """
        if not as_of.settled:
            return _read(numbers)
        there: dict[int, Any]
        with self._lock:
            if self._state != as_of:
                self._state, self._entries = as_of, {}
            there = dict(zip(numbers, map(self._entries.pop, numbers, repeat(None)), strict=True))
            missing = [no for no, entry in there.items() if entry is None]
            for no in missing:
                del there[no]
            self._entries |= there
        if not missing:
            return there
        read = _read(missing)
        self._keep(read, as_of)
        there |= read
        return {no: there[no] for no in numbers if no in there}

    def _keep(self, read: dict[int, Known], as_of: State) -> None:
        with self._lock:
            if self._state != as_of:
                return  # somebody else has seen a newer record
            self._entries |= read
            for no in list(islice(self._entries, max(len(self._entries) - self.most, 0))):
                del self._entries[no]


def _read(numbers: Sequence[int]) -> dict[int, Known]:
    """Read entries: not through models, which for a thousand takes three times as long."""
    if not numbers:
        return {}
    sql = READ.format(", ".join(COLUMNS), ", ".join(map(str, numbers)))
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = {row[0]: row for row in cursor.fetchall()}
    return {no: found[no] for no in numbers if no in found}


#: About 33 MB of memory, where there are so many.
MEMORY = Memory(most=25_000)
