"""Tables as people save them: CSV of any program and language, or an Excel workbook.

Every cell is read as the text that it holds. What cannot be read is named by its line and
column, all of it and not the first alone.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from .csv_export import BROKEN_OFF
from .record_files import FileRow, long_cells
from .workbook import LONGEST_CELL

#: What a file may hold at most: bytes, rows without the header, columns.
MOST_BYTES = 20_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 200
#: A sheet may hold empty rows without end, which only look like rows.
MOST_LINES = 50_000
#: A workbook is packed: so much it may be unpacked.
MOST_UNPACKED = 80_000_000
DELIMITERS = ",;\t"
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n")


class UnreadableError(ValueError):
    """A file is no table that can be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file, and where: line (0: the file as a whole) and column.

    ``cell`` is the place in a workbook, "C5".
    """

    line: int
    column: str
    reason: str
    cell: str = ""


@dataclass(slots=True)
class Sheet:
    """A table as it was read: its columns, its rows with their lines, and what is wrong."""

    columns: list[str] = field(default_factory=list)
    rows: list[FileRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    #: What a reader should know of how it was read.
    notes: list[str] = field(default_factory=list)
    #: Whether it was a workbook, whose cells have names.
    is_workbook: bool = False

    def blame(self, line: int, column: str, reason: str) -> None:
        """Note what is wrong at a place."""
        cell = ""
        if self.is_workbook and line and column in self.columns:
            cell = f"{get_column_letter(self.columns.index(column) + 1)}{line}"
        fault = Fault(line, column, reason, cell)
        if fault not in self.faults:
            self.faults.append(fault)


def read_sheet(content: bytes, known: Sequence[str], sheet_name: str = "") -> Sheet:
    """Return the table that a file holds.

    ``known`` are the columns that it may have: they tell a comma from a semicolon.
    ``sheet_name`` is the sheet of a workbook that is meant, the first one where there is no
    such sheet. Raises UnreadableError where nothing can be read of it.
    """
    if not content.strip():
        raise UnreadableError(_("The file is empty: its first line must name the columns."))
    if len(content) > MOST_BYTES:
        raise UnreadableError(too_large())
    if content.startswith(OLD_EXCEL):
        raise UnreadableError(
            _("This is an old workbook (.xls), or one with a password. Save it as .xlsx or CSV.")
        )
    if content.startswith(b"PK"):
        return _read_workbook(content, sheet_name)
    return _read_csv(content, known)


def too_large() -> str:
    """Return the sentence about a file that is too large."""
    return _(
        "The file is larger than %(megabytes)d MB. Bring it in parts: rows that a file does not "
        "hold are left alone."
    ) % {"megabytes": MOST_BYTES // 1_000_000}


def too_many_rows() -> str:
    """Return the sentence about a file with too many rows."""
    return _(
        "The file has more than %(rows)d rows. Bring it in parts: rows that a file does not hold "
        "are left alone."
    ) % {"rows": MOST_ROWS}


# --- CSV -----------------------------------------------------------------------------------


def _read_csv(content: bytes, known: Sequence[str]) -> Sheet:
    sheet = Sheet()
    text = _decoded(content, sheet)
    delimiter = _delimiter(text, known)
    if said := SEPARATOR_LINE.match(text):
        delimiter = said[1]
    with long_cells():
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            if said:
                next(reader)
            _take_rows(sheet, _numbered(reader))
        except csv.Error as error:
            sheet.blame(
                reader.line_num,
                "",
                _("The quotation marks do not fit (%(error)s).") % {"error": error},
            )
    return sheet


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with the lines on which they begin."""
    line = reader.line_num + 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


def _decoded(content: bytes, sheet: Sheet) -> str:
    """Return the text of a file, and note where its encoding was guessed."""
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "")
    if not encoding and content[1:2] == b"\0":
        encoding = "utf-16-le"
    elif not encoding and content[:1] == b"\0":
        encoding = "utf-16-be"
    try:
        return content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise UnreadableError(
                _("The file says that it is %(encoding)s, and is not. Save it as CSV in UTF-8.")
                % {"encoding": encoding.removesuffix("-sig").upper()}
            ) from error
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(
            _("Line %(line)d is no text. Save the file as CSV in UTF-8.") % {"line": line}
        ) from error
    sheet.notes.append(
        _(
            "The file is not in UTF-8. It was read as Windows text (cp1252): look whether the "
            "accents are right."
        )
    )
    return text


def _delimiter(text: str, known: Sequence[str]) -> str:
    """Return what stands between the columns: that by which most of them are known."""
    header = text.partition("\n")[0].rstrip("\r")

    def fitting(sign: str) -> int:
        names = {name.strip().strip('"') for name in header.split(sign)}
        return len(names.intersection(known))

    return max(DELIMITERS, key=lambda sign: (fitting(sign), header.count(sign)))


# --- Excel ---------------------------------------------------------------------------------


def _read_workbook(content: bytes, sheet_name: str) -> Sheet:
    sheet = Sheet(is_workbook=True)
    broken = UnreadableError(
        _("This workbook cannot be opened. Save it again as .xlsx, or as CSV in UTF-8.")
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise UnreadableError(too_large())
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except UnreadableError:
        raise
    except Exception as error:  # the library raises whatever a broken file makes it stumble over
        raise broken from error
    try:
        # A sheet that is hidden is not what somebody sees and means.
        names = [name for name in book.sheetnames if book[name].sheet_state == "visible"]
        if not names:
            raise broken
        page: Any = book[sheet_name if sheet_name in names else names[0]]
        if not hasattr(page, "reset_dimensions"):
            raise UnreadableError(_("The first sheet of the workbook is a chart, not a table."))
        # What a sheet says of its own size is not to be trusted.
        page.reset_dimensions()
        _take_rows(sheet, _cells(page, sheet))
    except UnreadableError:
        raise
    except Exception as error:
        raise broken from error
    finally:
        book.close()
    # Ours have a second one, which says what the first holds.
    if len(names) > (2 if sheet_name in names else 1):
        sheet.notes.append(_("The sheet “%(name)s” was read.") % {"name": page.title})
    return sheet


def _cells(page: Any, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a sheet as texts, and blame cells that hold none."""
    for number, row in enumerate(page.iter_rows(max_col=MOST_COLUMNS + 1), 1):
        if number > MOST_LINES:
            raise UnreadableError(too_many_rows())
        texts = []
        for place, cell in enumerate(row):
            try:
                texts.append(_text_of(cell))
            except ValueError as error:
                name = sheet.columns[place] if place < len(sheet.columns) else ""
                where = f"{get_column_letter(place + 1)}{number}"
                sheet.faults.append(Fault(number, name, str(error), where))
                texts.append("")
        while texts and not texts[-1]:
            texts.pop()
        if sheet.columns and len(texts) < len(sheet.columns):
            texts += [""] * (len(sheet.columns) - len(texts) if texts else 0)
        yield number, texts


def _text_of(cell: Any) -> str:
    """Return the text of a cell of a workbook. Raises ValueError for one that is none."""
    value = cell.value
    if value is None:
        return ""
    kind = getattr(cell, "data_type", "")
    if kind == "f":
        raise ValueError(
            _("This cell is a formula. Put its value in its place: copy, then paste as values.")
        )
    if kind == "e":
        raise ValueError(_("This cell holds an error of Excel (%(value)s).") % {"value": value})
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        if value.time() != time.min:
            return value.isoformat()
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# --- Both ----------------------------------------------------------------------------------


def _take_rows(sheet: Sheet, rows: Iterable[tuple[int, list[str]]]) -> None:
    """Take the header and the rows of a table; blame those that do not fit."""
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if not sheet.columns:
            _take_header(sheet, line, cells)
            continue
        if cells[0].startswith(BROKEN_OFF):
            raise UnreadableError(
                _(
                    "The file broke off while it was downloaded: its last line says so. Download "
                    "it again, so that nothing is missing."
                )
            )
        if len(sheet.rows) >= MOST_ROWS:
            raise UnreadableError(too_many_rows())
        while len(cells) > len(sheet.columns) and not cells[-1].strip():
            cells.pop()  # some programs put delimiters after the last column
        if len(cells) != len(sheet.columns):
            sheet.blame(
                line,
                "",
                _("The row has %(cells)d cells, the header %(columns)d.")
                % {"cells": len(cells), "columns": len(sheet.columns)},
            )
            continue
        # Blanks alone say nothing.
        said = [with_line_feeds(cell) if cell.strip() else "" for cell in cells]
        row = FileRow(line, dict(zip(sheet.columns, said, strict=True)))
        for column, cell in row.cells.items():
            if "\0" in cell or any("\ud800" <= sign <= "\udfff" for sign in cell):
                sheet.blame(line, column, _("The cell holds what is no text."))
        sheet.rows.append(row)
    if not sheet.columns:
        raise UnreadableError(_("The file is empty: its first line must name the columns."))


def _take_header(sheet: Sheet, line: int, cells: list[str]) -> None:
    names = [cell.strip().removeprefix("\ufeff") for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise UnreadableError(
            _("The first line must name the columns, at most %(most)d.") % {"most": MOST_COLUMNS}
        )
    for place, name in enumerate(names):
        if not name:
            sheet.blame(
                line, "", _("Column number %(number)d has no name.") % {"number": place + 1}
            )
        elif name in names[:place]:
            sheet.blame(line, name, _("This column stands twice."))
    sheet.columns = names


def with_line_feeds(cell: str) -> str:
    """Return a cell whose lines end as ours do."""
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def was_cut(cell: str) -> bool:
    """Tell whether a cell is one that our workbooks cut, since Excel holds no more."""
    return len(cell) == LONGEST_CELL and cell.endswith("…")
