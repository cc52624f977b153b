"""Rows of a table with values of their own types, for JSON and for spreadsheets.

The same columns as in CSV, without the guard against formulas: a number is a number, yes and no
are true and false, a list is a list, what is empty is None. Dates stay text as far as they are
known: 2017, 2017-11 or 2017-11-09.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import F, QuerySet

from .columns import Column, Kind

#: So many rows are held at a time.
AT_ONCE = 1000


def typed_rows(rows: QuerySet, columns: Sequence[Column]) -> Iterator[list[Any]]:
    """Yield the values of each row, in the order of ``columns``; one query, read as it comes."""
    cells = {
        f"cell_{place}": F(one.expression) if isinstance(one.expression, str) else one.expression
        for place, one in enumerate(columns)
    }
    for row in rows.annotate(**cells).values_list(*cells).iterator(chunk_size=AT_ONCE):
        yield [typed(column, cell) for column, cell in zip(columns, row, strict=True)]


def typed(column: Column, cell: Any) -> Any:
    """Return what the database holds for a column as a value of its type."""
    if column.kind == Kind.LIST:
        return str(cell).split("; ") if cell else []
    if cell is None or cell == "":
        return None
    if column.kind == Kind.YES_NO:
        return bool(cell)
    if column.kind == Kind.INTEGER:
        return int(cell)
    return str(cell).replace("\r\n", "\n").replace("\r", "\n")
