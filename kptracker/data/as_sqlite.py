"""The record as one SQLite file, filled from the CSV files of the same download."""

import csv
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

from kptracker.lib.columns import Column, Kind
from kptracker.lib.expressions import without_guard

from .tables import LINKS, key_of

BATCH = 500


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _type(column: Column) -> str:
    return "INTEGER" if column.kind in (Kind.INTEGER, Kind.YES_NO) else "TEXT"


def table_sql(name: str, columns: Sequence[Column], tables: Iterable[str]) -> str:
    """Return the statement that makes a table; links lead only to ``tables`` that are there."""
    there = set(tables)
    lines = [f"{_quoted(column.name)} {_type(column)}" for column in columns]
    if key := key_of(name, list(columns)):
        lines.append(f"PRIMARY KEY ({', '.join(map(_quoted, key))})")
    for column in columns:
        table, to = LINKS.get(column.name, ("", ""))
        if column.kind == Kind.KEY and table in there and column.name not in key[:1]:
            lines.append(
                f"FOREIGN KEY ({_quoted(column.name)}) REFERENCES {_quoted(table)} ({_quoted(to)})"
            )
    return f"CREATE TABLE {_quoted(name)} (\n  " + ",\n  ".join(lines) + "\n)"


def _reader(column: Column) -> Callable[[str], str | int | None]:
    if column.kind == Kind.INTEGER:
        return lambda cell: int(cell) if cell else None
    if column.kind == Kind.YES_NO:
        return lambda cell: {"yes": 1, "no": 0}.get(cell)
    return lambda cell: without_guard(cell) or None


def _rows(file: IO[str], columns: Sequence[Column]) -> Iterator[list[str | int | None]]:
    readers = [_reader(column) for column in columns]
    lines = csv.reader(file)
    next(lines)
    for line in lines:
        yield [read(cell) for read, cell in zip(readers, line, strict=True)]


def build(
    path: Path,
    tables: Sequence[tuple[str, Sequence[Column]]],
    opened: Callable[[str], IO[str]],
    about: Sequence[tuple[str, str]],
) -> dict[str, int]:
    """Write the SQLite file and return the rows of each table.

    ``opened`` gives the CSV file of a table, by its name; ``about`` are lines of a table of
    that name: what it is, of which day, under which licence.
    """
    names = [name for name, _columns in tables]
    counted = {}
    base = sqlite3.connect(path)
    try:
        base.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)")
        base.executemany("INSERT INTO about VALUES (?, ?)", about)
        for name, columns in tables:
            base.execute(table_sql(name, columns, names))
            places = ", ".join("?" * len(columns))
            with opened(name) as file:
                rows = _rows(file, columns)
                while batch := list(islice(rows, BATCH)):
                    base.executemany(f"INSERT INTO {_quoted(name)} VALUES ({places})", batch)  # noqa: S608
            (counted[name],) = base.execute(f"SELECT COUNT(*) FROM {_quoted(name)}").fetchone()  # noqa: S608
            for column in columns:
                if column.kind == Kind.KEY and (column.name in LINKS or column.name == "slug"):
                    unique = "UNIQUE " if column.name == "slug" else ""
                    index = _quoted(f"{name}_by_{column.name}")
                    base.execute(
                        f"CREATE {unique}INDEX {index} ON {_quoted(name)} ({_quoted(column.name)})"
                    )
        base.commit()
        broken = base.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise BrokenLinkError(f"{len(broken)} links lead nowhere, first: {broken[0]}")
        base.execute("PRAGMA optimize")
        base.execute("VACUUM")
    finally:
        base.close()
    return counted


class BrokenLinkError(Exception):
    """A row of the download names another that is not in it: nothing is published."""
