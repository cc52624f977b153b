"""Tables as Excel workbooks, written row by row: memory does not grow with their length.

Nothing that comes from the record is ever a formula: what looks like one is written as text.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from .columns import Column, Kind
from .csv_export import in_full_order
from .typed_rows import typed_rows

#: Excel keeps every clickable address apart: up to so many rows carry one, beyond it is plain.
MOST_LINKED = 10_000
#: What a cell of Excel holds at most, in signs, and a sheet in rows.
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
#: Its days begin here; an earlier one is written as text.
FIRST_DAY = date(1900, 3, 1)
WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
WIDTHS = {Kind.TEXT: 44, Kind.LIST: 32, Kind.URL: 32, Kind.LABEL: 24, Kind.KEY: 24}
READ = 64 * 1024
BOLD = Font(bold=True)
LINK = Font(color="0563C1", underline="single")


def workbook(
    name: str,
    rows: QuerySet,
    columns: Sequence[Column],
    about: Mapping[str, Any],
    most_linked: int = MOST_LINKED,
) -> Iterator[bytes]:
    """Yield a workbook with a sheet of rows and a sheet that says what they are.

    ``about`` has "title", "shows", "address", "day" and "license". The database is asked when
    the first piece is. Raises ValueError where the rows are more than a sheet holds.
    """
    number = rows.count()
    if number > MOST_ROWS:
        raise ValueError(f"A sheet of Excel holds {MOST_ROWS} rows, not {number}.")
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column.kind, 14)
    sheet.append([_bold(sheet, column.name) for column in columns])
    writer = _Writer(sheet, columns, linked=number <= most_linked)
    for row in typed_rows(in_full_order(rows), columns):
        sheet.append(writer.cells(row))
    _say(book.create_sheet(_("About")), about, number, writer.cut)
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(READ):
            yield piece


class _Writer:
    """Turns values into cells of a sheet; ``cut`` counts those that were too long."""

    def __init__(self, sheet: Any, columns: Sequence[Column], *, linked: bool) -> None:
        self.sheet = sheet
        self.columns = columns
        self.days = [column.kind in (Kind.DATE, Kind.DAY) for column in columns]
        self.links = [linked and column.name == "permalink" for column in columns]
        self.cut = 0

    def cells(self, row: Sequence[Any]) -> list[Any]:
        return [
            value if value is None or isinstance(value, int) else self._text(value, is_day, is_link)
            for value, is_day, is_link in zip(row, self.days, self.links, strict=True)
        ]

    def _text(self, value: Any, is_day: bool, is_link: bool) -> Any:
        if isinstance(value, list):
            value = "; ".join(value)
        if is_day and WHOLE_DAY.fullmatch(value):
            day = date.fromisoformat(value)
            return day if day >= FIRST_DAY else value
        text = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)
        if len(text) > LONGEST_CELL:
            self.cut += 1
            text = text[: LONGEST_CELL - 1] + "…"
        if is_link:
            cell = WriteOnlyCell(self.sheet, text)
            cell.hyperlink = text
            cell.font = LINK
            return cell
        if text.startswith("=") or text in ERROR_CODES:
            cell = WriteOnlyCell(self.sheet, text)
            cell.data_type = "s"
            return cell
        return text


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = BOLD
    return cell


def _say(sheet: Any, about: Mapping[str, Any], number: int, cut: int) -> None:
    """Write the sheet that says what the rows are, and of what day."""
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 90
    lines = [
        (_("Table"), about["title"]),
        (_("Rows"), number),
        (_("What they show"), about["shows"]),
        (_("Address"), about["address"]),
        (_("As it stood on"), about["day"]),
        (_("Licence of our words"), about["license"]),
    ]
    if cut:
        note = ngettext(
            "%(count)d cell holds more than %(most)d signs and was cut; the CSV has all of it.",
            "%(count)d cells hold more than %(most)d signs and were cut; the CSV has all of them.",
            cut,
        )
        lines.append((_("Cut"), note % {"count": cut, "most": LONGEST_CELL}))
    writer = _Writer(sheet, [], linked=False)
    for name, value in lines:
        value = writer._text(value, False, False) if isinstance(value, str) else value
        sheet.append([_bold(sheet, name), value])
