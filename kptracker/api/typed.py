"""Rows of a table with values as JSON has them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import F, QuerySet

from kptracker.lib.columns import Column, Kind


def typed_rows(rows: QuerySet, columns: Sequence[Column]) -> Iterator[list[Any]]:
    """Yield the values of each row: numbers, true and false, lists, null for what is empty."""
    cells = {
        f"cell_{place}": F(one.expression) if isinstance(one.expression, str) else one.expression
        for place, one in enumerate(columns)
    }
    for row in rows.annotate(**cells).values_list(*cells):
        yield [_value(column, cell) for column, cell in zip(columns, row, strict=True)]


def _value(column: Column, cell: Any) -> Any:
    if column.kind == Kind.LIST:
        return cell.split("; ") if cell else []
    if cell is None or cell == "":
        return None
    if column.kind == Kind.YES_NO:
        return bool(cell)
    if column.kind == Kind.INTEGER:
        return int(cell)
    return str(cell).replace("\r\n", "\n").replace("\r", "\n")
