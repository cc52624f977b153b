"""How the cells of files are set beside values of the record."""

from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from kptracker.lib.columns import Kind
from kptracker.lib.workbook import LONGEST_CELL


def as_text(value: Any) -> str:
    """Return a value of a row as the cell of a CSV file has it, without its guard."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    return str(value)


def as_workbook(text: str) -> str:
    """Return a text as our workbooks write it: without signs that they cannot hold, and cut."""
    said = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
    return said if len(said) <= LONGEST_CELL else said[: LONGEST_CELL - 1] + "…"


def in_order(kind: str, cell: str) -> str:
    """Return a cell as it would leave if it says the same: a list with single blanks."""
    if kind == Kind.LIST:
        return "; ".join(part.strip() for part in cell.split(";")) if cell else ""
    if kind == Kind.YES_NO:
        word = cell.strip().casefold()
        return {"oui": "yes", "non": "no", "true": "yes", "false": "no"}.get(word, word)
    return cell if kind == Kind.TEXT else cell.strip()


def for_resource(kind: str, cell: str) -> str:
    """Return a cell as the resource that writes its column reads it."""
    said = in_order(kind, cell)
    if kind == Kind.LIST:
        return said.replace("; ", ";")
    if kind == Kind.YES_NO:
        return "" if said == "no" else said
    return said
