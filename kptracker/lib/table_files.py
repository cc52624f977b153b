"""Tables as files: CSV, JSON, JSON Lines and Excel, each of the same rows and columns.

CSV is for spreadsheets and statistics (``csv_export``); JSON keeps the types and says in itself
what it is of; JSON Lines gives one row a line, for programs that read as it comes; a workbook
(``workbook``) opens with dates as dates and the addresses to click on.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from .columns import Column, TableExport, choose
from .csv_export import BATCH_BYTES, csv_response, in_full_order
from .typed_rows import typed_rows
from .workbook import workbook

LICENSE = "CC BY 4.0"
LICENSE_URL = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(slots=True)
class Wanted:
    """What a file is made of: the table, its rows in their order, and what it says of itself.

    ``shows`` says in a sentence which rows these are, ``address`` where they stand on the site;
    ``columns`` are the names of those wanted, all of them where it is None.
    """

    export: TableExport
    rows: QuerySet
    language: str
    columns: Sequence[str] | None = None
    shows: str = ""
    address: str = ""
    #: What the file is called, where it is not the table.
    name: str = ""

    def chosen(self, today: date) -> list[Column]:
        """Return the columns. Raises UnknownColumnError for one that the table has not."""
        offered = self.export.columns(self.language, today)
        return offered if self.columns is None else choose(offered, self.columns)


def _csv(wanted: Wanted, today: date) -> StreamingHttpResponse:
    return csv_response(
        wanted.export,
        wanted.rows,
        language=wanted.language,
        columns=wanted.columns,
        today=today,
        name=wanted.name,
    )


def _json(wanted: Wanted, today: date) -> StreamingHttpResponse:
    pieces = in_pieces(_object(wanted, wanted.chosen(today), today))
    return named(wanted, today, "json", pieces, "application/json")


def _jsonl(wanted: Wanted, today: date) -> StreamingHttpResponse:
    rows = (f"{line}\n" for line in lines(wanted, wanted.chosen(today)))
    return named(wanted, today, "jsonl", in_pieces(rows), "application/jsonl; charset=utf-8")


def _xlsx(wanted: Wanted, today: date) -> StreamingHttpResponse:
    said = {**about(wanted, today), "day": today, "license": f"{LICENSE}, {LICENSE_URL}"}
    pieces = workbook(wanted.export.name, wanted.rows, wanted.chosen(today), said)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return named(wanted, today, "xlsx", pieces, kind)


#: The forms in which a table leaves, by the ending of the address.
FORMS: dict[str, Callable[[Wanted, date], StreamingHttpResponse]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "json": _json,
    "jsonl": _jsonl,
}
#: What they are called.
NAMES = {"csv": "CSV", "xlsx": "Excel", "json": "JSON", "jsonl": "JSON Lines"}


def file_response(form: str, wanted: Wanted) -> StreamingHttpResponse:
    """Return a table in one of the ``FORMS``, as a file to keep.

    The database is asked when the response is read, not before. Raises UnknownColumnError.
    """
    return FORMS[form](wanted, timezone.localdate())


def named(
    wanted: Wanted, today: date, ending: str, pieces: Iterator[bytes], content_type: str
) -> StreamingHttpResponse:
    """Return pieces as a file with a name of its table, language and day."""
    response = StreamingHttpResponse(pieces, content_type=content_type)
    tongue = "" if wanted.language == "en" else f"-{wanted.language}"
    name = f"{wanted.name or wanted.export.file_name}{tongue}-{today.isoformat()}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def lines(wanted: Wanted, columns: Sequence[Column]) -> Iterator[str]:
    """Yield each row as an object of JSON, by the names of the columns."""
    names = [column.name for column in columns]
    for row in typed_rows(in_full_order(wanted.rows), columns):
        yield written(dict(zip(names, row, strict=True)))


def about(wanted: Wanted, today: date) -> dict[str, Any]:
    """Return what a file of JSON says of itself."""
    return {
        "table": wanted.export.name,
        "title": str(wanted.export.title),
        "shows": wanted.shows,
        **({"as_of": wanted.export.moment} if wanted.export.moment else {}),
        "address": wanted.address,
        "day": today.isoformat(),
        "license": LICENSE,
        "license_url": LICENSE_URL,
    }


def _object(wanted: Wanted, columns: Sequence[Column], today: date) -> Iterator[str]:
    """Yield one object: what it is of, the rows, and last their number.

    A file that broke off is no JSON: whoever reads it notices.
    """
    yield f'{written(about(wanted, today))[:-1]},"rows":['
    number = 0
    for number, line in enumerate(lines(wanted, columns), 1):
        yield f"\n{line}" if number == 1 else f",\n{line}"
    yield f'\n],"count":{number}}}\n'


def written(value: Any) -> str:
    """Return a value as JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def in_pieces(parts: Iterator[str]) -> Iterator[bytes]:
    """Join parts to pieces of about 64 KB."""
    batch: list[str] = []
    size = 0
    for part in parts:
        batch.append(part)
        size += len(part)
        if size >= BATCH_BYTES:
            yield "".join(batch).encode()
            batch, size = [], 0
    if batch:
        yield "".join(batch).encode()
