"""What the columns of a table mean, generated from the columns themselves."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kptracker.lib.bilingual import active_language
from kptracker.lib.columns import Column, Kind, TableExport
from kptracker.lib.csv_export import MARK, stream
from kptracker.lib.expressions import without_guard
from kptracker.lib.vocabularies import Term, terms

from .tables import LINKS

#: Examples are looked for in so many rows; a longer one is cut.
LOOKED_AT = 50
LONGEST = 80
#: More allowed values than these stand folded.
FEW = 6

KINDS = {
    Kind.KEY: _("key"),
    Kind.TEXT: _("text"),
    Kind.INTEGER: _("whole number"),
    Kind.DATE: _("date as known: 2017, 2017-11 or 2017-11-09"),
    Kind.DAY: _("day: 2017-11-09"),
    Kind.URL: _("address"),
    Kind.CODE: _("code"),
    Kind.LABEL: _("a code in words"),
    Kind.LIST: _("list, parted by a semicolon"),
    Kind.YES_NO: _("yes or no"),
}


@dataclass(frozen=True)
class Entry:
    """One column: what it holds, what it means, an example, which values it can take."""

    column: Column
    example: str
    #: The table to which a key leads, '' for none.
    leads_to: str

    @property
    def name(self) -> str:
        """Its name in every file."""
        return self.column.name

    @property
    def kind(self) -> Any:
        """What it holds, in words."""
        return KINDS[self.column.kind]

    @property
    def allowed(self) -> list[Term]:
        """The values that a code can take; none for anything else."""
        if self.column.kind != Kind.CODE or not self.column.vocabulary:
            return []
        return list(terms(self.column.vocabulary).values())

    @property
    def folded(self) -> bool:
        """Whether its values are so many that the reader opens them."""
        return len(self.allowed) > FEW


def dictionary(table: TableExport) -> list[Entry]:
    """Return the columns of a table, explained, each with a value that stands in the record."""
    columns = table.columns(active_language(), timezone.localdate())
    examples = _examples(table, columns)
    return [
        Entry(column, examples.get(column.name, ""), _leads_to(table.name, column))
        for column in columns
    ]


def _leads_to(name: str, column: Column) -> str:
    if column.kind != Kind.KEY or column.name not in LINKS:
        return ""
    return LINKS[column.name][0]


def _examples(table: TableExport, columns: Sequence[Column]) -> dict[str, str]:
    """Return the first value of each column among the first rows: one query."""
    found: dict[str, str] = {}
    for row in _rows(table, columns):
        for column, cell in zip(columns, row, strict=True):
            if cell and column.name not in found:
                value = without_guard(cell)
                found[column.name] = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    return found


def _rows(table: TableExport, columns: Sequence[Column]) -> Iterator[list[str]]:
    pieces = b"".join(stream(table.queryset()[:LOOKED_AT], columns)).removeprefix(MARK)
    rows = csv.reader(io.StringIO(pieces.decode(), newline=""))
    next(rows)
    return rows
