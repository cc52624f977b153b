"""Tables as CSV: a list of columns and a queryset in, a stream of bytes out.

PostgreSQL writes the file itself (``COPY (query) TO STDOUT``), SQLite hands over raw rows.
Both give the same bytes: UTF-8 with a mark at the start, CRLF between rows, LF inside cells,
quotation marks only where a cell needs them, nothing for NULL and for '', an apostrophe before
what a spreadsheet would run as a formula.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import OrderBy, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from .columns import Column, ComputedExport, Kind, TableExport, UnknownColumnError, choose
from .expressions import Line, NeverNone

logger = logging.getLogger(__name__)

MARK = b"\xef\xbb\xbf"
#: A file that broke off ends in a line that begins with this; nothing else in it can.
BROKEN_OFF = "# This file broke off"
BATCH_BYTES = 64 * 1024
BATCH_ROWS = 100
#: A cell, as ``expressions.Line`` begins it, that holds a comma, a quotation mark or a line end.
NEEDS_QUOTES = re.compile(rb'\xff([^\xfe\xff,"\r\n]*+[,"\r\n][^\xfe\xff]*+)')
#: A cell alone in its row: PostgreSQL quotes an empty one, which readers would skip, and what
#: once ended a COPY.
ALONE = re.compile(rb'\xff((?:\\\.)?+(?=\xfe)|[^\xfe\xff,"\r\n]*+[,"\r\n][^\xfe\xff]*+)')


def csv_response(
    export: TableExport,
    queryset: QuerySet,
    *,
    language: str,
    columns: Sequence[str] | None = None,
    today: date | None = None,
    name: str = "",
) -> StreamingHttpResponse:
    """Return the rows of ``queryset``, in its order, as a CSV file to keep.

    ``columns`` are the names of the columns wanted, all of them where it is None; ``name`` is
    what the file is called, by itself the table. The database is asked when the response is
    read, not before.

    Raises UnknownColumnError for a column that the table has not.
    """
    today = today or timezone.localdate()
    wanted = _wanted(export, language, columns, today)
    return _file(name or export.file_name, language, today, stream(queryset, wanted))


def computed_csv_response(
    export: ComputedExport,
    rows: Iterable[Any],
    *,
    language: str,
    columns: Sequence[str] | None = None,
    today: date | None = None,
) -> StreamingHttpResponse:
    """Return computed rows, in their order, as a CSV file to keep: the same form as any other.

    Raises UnknownColumnError for a column that the table has not.
    """
    today = today or timezone.localdate()
    wanted = _wanted(export, language, columns, today)
    return _file(export.file_name, language, today, computed_stream(rows, wanted))


def _wanted(
    export: TableExport | ComputedExport, language: str, columns: Sequence[str] | None, today: date
) -> list[Column]:
    offered = export.columns(language, today)
    return offered if columns is None else choose(offered, columns)


def _file(name: str, language: str, today: date, content: Iterator[bytes]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    tongue = "" if language == "en" else f"-{language}"
    name = f"{name}{tongue}-{today.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def stream(queryset: QuerySet, columns: Sequence[Column]) -> Iterator[bytes]:
    """Return the file in pieces of about 64 KB: the header at once, then the rows.

    The query is put together here, and its mistakes show here; it runs when the second piece
    is asked for, on the connection of the thread that reads, as one statement: the whole file
    shows one moment. Whoever stops reading must close the iterator; the query then ends.
    """
    connection = connections[queryset.db]
    try:
        sql, params = _query(queryset, columns)
    except EmptyResultSet:
        rows: Iterator[bytes] = iter(())
    else:
        if connection.vendor == "postgresql":
            rows = _copied(connection, sql, params)
        else:
            rows = _fetched(connection, sql, params, ALONE if len(columns) == 1 else NEEDS_QUOTES)
    return _whole_or_marked(_header(columns), rows)


def computed_stream(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[bytes]:
    """Return a file of computed rows in pieces of about 64 KB: the header at once."""
    return _whole_or_marked(_header(columns), _written(rows, columns))


def _written(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[bytes]:
    batch: list[str] = []
    size = 0
    for row in rows:
        cells = [_in_quotes(column.text(row)) for column in columns]
        # Alone in its row, an empty cell needs its quotation marks: readers skip empty lines.
        line = ",".join(cells) if len(cells) > 1 else cells[0] or '""'
        batch.append(line)
        size += len(line)
        if size >= BATCH_BYTES:
            yield "".join(f"{one}\r\n" for one in batch).encode()
            batch, size = [], 0
    if batch:
        yield "".join(f"{one}\r\n" for one in batch).encode()


def _in_quotes(cell: str) -> str:
    """Return a cell, in quotation marks where it needs them, every line of it ending in LF."""
    if not any(sign in cell for sign in ',"\r\n'):
        return cell
    cell = cell.replace("\r\n", "\n").replace("\r", "\n").replace('"', '""')
    return f'"{cell}"'


def _query(queryset: QuerySet, columns: Sequence[Column]) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL that gives the cells of each row."""
    cells = {f"cell_{place}": column.cell() for place, column in enumerate(columns)}
    if len(cells) == 1:
        # Alone in its row, an empty cell needs its quotation marks: readers skip empty lines.
        cells = {name: NeverNone(cell) for name, cell in cells.items()}
    if connections[queryset.db].vendor == "sqlite":
        cells = {"line": Line(*cells.values())}
    rows = in_full_order(queryset).annotate(**cells).values_list(*cells)
    return rows.query.get_compiler(rows.db).as_sql()


def in_full_order(queryset: QuerySet) -> QuerySet:
    """Return the rows in their order, those that it leaves equal by their id.

    Two databases, and one database on two days, then give them alike.
    """
    if queryset.query.is_sliced:
        return queryset
    order = queryset.query.order_by or queryset.model._meta.ordering
    names = {_name(one) for one in order}
    if names & {"pk", "id"}:
        return queryset
    return queryset.order_by(*order, "pk")


def _name(one: Any) -> str:
    if isinstance(one, OrderBy):
        one = one.expression
    return one.lstrip("-") if isinstance(one, str) else getattr(one, "name", "")


def _header(columns: Sequence[Column]) -> bytes:
    return MARK + ",".join(column.name for column in columns).encode() + b"\r\n"


def _whole_or_marked(header: bytes, rows: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the file; where it breaks off, say so in its last line and raise.

    The server then closes the connection without the final chunk, and the reader's program
    reports a failed download. The line is for whoever finds the file later.
    """
    yield header
    try:
        yield from rows
    except GeneratorExit:
        raise
    except BaseException:
        logger.exception("A CSV export broke off")
        yield f"{BROKEN_OFF}: an error stopped it here and rows are missing.\r\n".encode()
        raise


def _copied(connection: Any, sql: str, params: Sequence[Any]) -> Iterator[bytes]:
    """Yield the rows as PostgreSQL writes them: one message a row, each ending in LF."""
    statement = f"COPY ({sql}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')"
    batch: list[Any] = []
    size = 0
    with (
        # Whoever stops reading, and a query that fails, leave nothing but a rollback behind.
        transaction.atomic(using=connection.alias),
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        # Django's own ``copy`` takes no parameters while queries are being logged.
        cursor.cursor.copy(statement, tuple(params)) as copy,
    ):
        for row in copy:
            batch.append(row)
            size += len(row)
            if size >= BATCH_BYTES:
                yield _with_crlf(batch)
                batch, size = [], 0
        if batch:
            yield _with_crlf(batch)


def _with_crlf(rows: list[Any]) -> bytes:
    """Join rows that end in LF with CRLF; inside a cell every line ends in LF."""
    if b"\r" in b"".join(rows):
        rows = [bytes(row).replace(b"\r\n", b"\n").replace(b"\r", b"\n") for row in rows]
    return b"\r\n".join([row[:-1] for row in rows]) + b"\r\n"


def _fetched(
    connection: Any, sql: str, params: Sequence[Any], needs_quotes: re.Pattern[bytes]
) -> Iterator[bytes]:
    """Yield the rows as SQLite gives them: each in one piece, in bytes, from which cells are cut.

    Twice as fast as a tuple of texts a row and Python's csv.writer.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, tuple(params))
        while rows := cursor.fetchmany(BATCH_ROWS):
            # By turns what stands between such cells, and the cells.
            parts = needs_quotes.split(b"".join([row[0] for row in rows]))
            parts[1::2] = map(_quoted, parts[1::2])
            text = b"".join(parts)
            yield text[1:-1].replace(b"\xfe\xff", b"\r\n").replace(b"\xff", b",") + b"\r\n"


def _quoted(cell: bytes) -> bytes:
    """Return a cell in quotation marks, every line of it ending in LF."""
    if b"\r" in cell:
        cell = cell.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return b'\xff"%b"' % cell.replace(b'"', b'""')


__all__ = [
    "BROKEN_OFF",
    "Column",
    "ComputedExport",
    "Kind",
    "TableExport",
    "UnknownColumnError",
    "choose",
    "computed_csv_response",
    "computed_stream",
    "csv_response",
    "in_full_order",
    "stream",
]
