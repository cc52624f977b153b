"""The files of the record: CSV in UTF-8 with a header; cells may hold line breaks.

Reading collects what is wrong with a file instead of stopping at the first fault; writing gives
the same bytes for the same rows.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

#: Texts of statements may be long: the csv module's own limit is 128 KB.
LONGEST_CELL = 50_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: file, line (0: the file as a whole) and column."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = self.file
        if self.line:
            where += f", line {self.line}"
        if self.column:
            where += f", column {self.column}"
        return f"{where}: {self.reason}"


@dataclass(slots=True)
class FileRow:
    """One row of a file and the line on which it begins."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class RecordFile:
    """A file as it was read: its name, its columns, its rows, and what is wrong with it."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[FileRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Rows that were left out, as far as they can be read.
    faulty: list[FileRow] = field(default_factory=list)
    #: Whether the columns are those of the table.
    readable: bool = False

    def blame(self, line: int, column: str, reason: str) -> None:
        """Note what is wrong at a place of this file."""
        self.problems.append(Problem(self.name, line, column, reason))


@contextmanager
def long_cells() -> Iterator[None]:
    """Let the csv module read cells as long as a statement's text may be."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def read_file(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> RecordFile:
    """Read a file that must have the ``required`` columns and may have the ``optional`` ones.

    Faulty rows are left out of ``rows`` and named in ``problems``.
    """
    found = RecordFile(path.name)
    # Bytes that are no UTF-8 stay recognisable, so that their line and column can be named.
    text = path.read_bytes().decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    with long_cells():
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            found.columns = next(reader, [])
            found.readable = _columns_fit(found, required, optional)
            if found.readable:
                _read_rows(found, reader)
        except csv.Error as error:
            found.blame(reader.line_num, "", f"the quotation marks do not fit: {error}")
    return found


def _columns_fit(found: RecordFile, required: Sequence[str], optional: Sequence[str]) -> bool:
    if not found.columns:
        found.blame(1, "", "the file is empty: the first line must name the columns")
    elif _strange(" ".join(found.columns)):
        found.blame(1, "", "this is not UTF-8")
    else:
        for name in required:
            if name not in found.columns:
                found.blame(1, name, "this column is missing")
        for number, name in enumerate(found.columns):
            if name not in required and name not in optional:
                found.blame(1, name or f"number {number + 1}", "there is no such column")
            elif name in found.columns[:number]:
                found.blame(1, name, "this column stands twice")
    return not found.problems


def _read_rows(found: RecordFile, reader: Iterator[list[str]]) -> None:
    line = reader.line_num + 1  # type: ignore[attr-defined]
    for cells in reader:
        if len(cells) == len(found.columns):
            # Blanks alone say nothing; the writing takes them so as well.
            said = [cell if cell.strip() else "" for cell in cells]
            row = FileRow(line, dict(zip(found.columns, said, strict=True)))
            if _readable(found, row):
                found.rows.append(row)
            else:
                found.faulty.append(row)
        elif cells:  # an empty line says nothing
            found.faulty.append(FileRow(line, dict(zip(found.columns, cells, strict=False))))
            found.blame(
                line, "", f"the row has {len(cells)} cells, the header {len(found.columns)}"
            )
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _readable(found: RecordFile, row: FileRow) -> bool:
    before = len(found.problems)
    for column, cell in row.cells.items():
        if reason := _strange(cell):
            found.blame(row.line, column, reason)
    return len(found.problems) == before


def _strange(cell: str) -> str:
    """Return what a cell holds that no cell may hold."""
    if "\0" in cell:
        return "there is a NUL byte in the cell"
    if any("\ud800" <= sign <= "\udfff" for sign in cell):
        return "this is not UTF-8"
    return ""


def refuse_duplicates(found: RecordFile, key: Sequence[str], or_else: Sequence[str] = ()) -> None:
    """Leave out, and name, rows whose key stood in an earlier row of the file.

    Where the key is empty the columns ``or_else`` take its place.
    """
    first: dict[tuple[str, ...], int] = {}
    kept = []
    for row in found.rows:
        columns = key if any(row.cells[column] for column in key) else or_else
        value = (*columns, *(row.cells.get(column, "") for column in columns))
        if value in first:
            shown = "/".join(value[len(columns) :])
            found.blame(row.line, columns[-1], f"“{shown}” stands already on line {first[value]}")
        else:
            if columns:
                first[value] = row.line
            kept.append(row)
    found.rows = kept


def as_cell(text: str) -> str:
    """Return a cell as the record's files write it: quoted only where it must be."""
    # The csv module leaves a lone carriage return unquoted, and then cannot read it back.
    if any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_file(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a file of the record and return how many rows it has."""
    count = 0
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(",".join(as_cell(column) for column in columns) + "\n")
        for row in rows:
            file.write(",".join(as_cell(cell) for cell in row) + "\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count
