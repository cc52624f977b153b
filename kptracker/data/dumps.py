"""Downloads of the whole public record, each of one day, kept for good (docs/adr/0014)."""

import hashlib
import io
import json
import logging
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from re import Pattern
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import ngettext

from kptracker.lib.columns import Column, TableExport
from kptracker.lib.conditional import record_stamp
from kptracker.lib.csv_export import MARK, computed_stream, stream
from kptracker.lib.personal_data import pattern_of, plain
from kptracker.lib.vocabularies import COLUMNS, Term, vocabularies
from statements.models import Person
from statements.querysets import SHOWN

from . import as_sqlite
from .package import LICENSE, package, resource, schema
from .tables import TABLES

logger = logging.getLogger(__name__)

NAME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(-[0-9]+)?")
ABOUT = "dump.json"
REMOVED = "removed.json"
ENDINGS = ("zip", "sqlite3")
#: Columns of the table of coded values, which stands beside the others.
VOCABULARY = [
    Column(name, lambda term, name=name: getattr(term, name), meaning)
    for name, meaning in zip(
        COLUMNS,
        (
            "The list that the code belongs to; the dictionary names it beside a column.",
            "The code.",
            "What it says.",
            "The same in French.",
            "What it means.",
            "The same in French.",
        ),
        strict=True,
    )
]
README = """KP Demand Tracker: the whole public record, {day}

What civil society has asked of the Kimberley Process, and what became of each demand.
From {site}. Made {made} (UTC), of the record as last changed {changed}.

- One CSV file (UTF-8) for each table; datapackage.json says what each column holds.
- Statuses are judgements. Provisional ones were compiled from public sources and not
  confirmed by the coalition. The column paraphrase holds our words, quote those of a source.
- Cells of text that begin with one of = + - @ ' have an apostrophe before it, so that no
  spreadsheet runs them.
- SHA256SUMS: check with  sha256sum -c SHA256SUMS

Licence: our own words are under CC BY 4.0 ({license}). What is quoted, and the titles of
published texts, belong to those who wrote them.
Cite: KP Demand Tracker, whole record, {day}, {site}
"""


class NothingNewError(Exception):
    """The record has not changed since the last download, which is named."""


@dataclass(frozen=True)
class File:
    """One file of a download: its name, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str

    @property
    def ending(self) -> str:
        """What kind of file it is: zip or sqlite3."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Dump:
    """A download of the whole record: its name (a day), its files, its rows by table.

    One that was removed has no files, but the day of its removal.
    """

    name: str
    folder: Path
    made_at: datetime | None = None
    stamp: str = ""
    files: tuple[File, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)
    removed_on: date | None = None

    @property
    def day(self) -> date:
        """The day it was made."""
        return date.fromisoformat(self.name[:10])

    def file(self, ending: str) -> File | None:
        """Return its file of a kind, None where there is none."""
        return next((one for one in self.files if one.ending == ending), None)


def folder() -> Path:
    """Return where downloads lie."""
    return Path(settings.VAR_DIR) / "dumps"


def _order(name: str) -> tuple[str, int]:
    return name[:10], int(name[11:] or 1)


def dumps() -> list[Dump]:
    """Return all downloads, the newest first; those that were removed among them."""
    if not folder().is_dir():
        return []
    names = [one.name for one in folder().iterdir() if NAME.fullmatch(one.name)]
    return [_read(name) for name in sorted(names, key=_order, reverse=True)]


def newest() -> Dump | None:
    """Return the newest download that is there, None before the first."""
    return next((one for one in dumps() if one.files), None)


def _read(name: str) -> Dump:
    place = folder() / name
    if (place / REMOVED).is_file():
        said = json.loads((place / REMOVED).read_text(encoding="utf-8"))
        return Dump(name, place, removed_on=date.fromisoformat(said["removed_on"]))
    about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
    files = tuple(File(**one) for one in about["files"])
    made_at = datetime.fromisoformat(about["made_at"])
    return Dump(name, place, made_at, about["stamp"], files, about["rows"])


# --- Building -------------------------------------------------------------------------------


@contextmanager
def _one_moment() -> Iterator[None]:
    """Have all that is read show one moment of the record."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def build(say: Callable[[str], object] = lambda _line: None, now: datetime | None = None) -> Dump:
    """Write a download of the public record as it is; return it. Nothing half made is seen.

    ``say`` is told which table is being written. Raises NothingNewError where the record has
    not changed since the newest one.
    """
    now = now or timezone.now()
    folder().mkdir(mode=0o755, parents=True, exist_ok=True)
    with _one_moment(), tempfile.TemporaryDirectory(prefix=".making-", dir=folder()) as made:
        stamp = record_stamp()
        last = newest()
        if last is not None and last.stamp == stamp:
            raise NothingNewError(last.name)
        place = Path(made) / "whole"
        place.mkdir(mode=0o755)
        name = _free_name(now.astimezone(UTC).date())
        _write(place, name, stamp, now, say)
        place.rename(folder() / name)
    return _read(name)


def _free_name(day: date) -> str:
    name, number = day.isoformat(), 1
    while (folder() / name).exists():
        number += 1
        name = f"{day.isoformat()}-{number}"
    return name


class _Hashed(io.RawIOBase):
    """A file that is written through, its bytes counted and hashed."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self.digest = file, 0, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self.file.write(data)


def _vocabulary_rows() -> Iterator[Term]:
    for terms in vocabularies().values():
        yield from terms.values()


def _write(place: Path, name: str, stamp: str, now: datetime, say: Callable[[str], object]) -> None:
    today = timezone.localdate(now)
    columns = {table.name: table.columns("en", today) for table in TABLES}
    columns["vocabularies"] = VOCABULARY
    path = place / f"kptracker-{name}.zip"
    sums: list[str] = []
    resources = []

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(file: str, pieces: Iterator[bytes] | list[bytes]) -> _Hashed:
            entry = zipfile.ZipInfo(file, now.astimezone(UTC).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as opened:
                hashed = _Hashed(opened)
                for piece in pieces:
                    hashed.write(piece)
            sums.append(f"{hashed.digest.hexdigest()}  {file}\n")
            return hashed

        for table in (*TABLES, None):
            key = table.name if table else "vocabularies"
            say(key)
            written = put(f"{key}.csv", _pieces(table, columns[key]))
            resources.append(
                resource(
                    key,
                    schema(key, columns[key]),
                    size=written.size,
                    sha256=written.digest.hexdigest(),
                )
            )
        described = package(resources, made_at=now, version=name)
        put("datapackage.json", [json.dumps(described, ensure_ascii=False, indent=1).encode()])
        words = {
            "day": name,
            "site": settings.SITE_URL,
            "made": f"{now.astimezone(UTC):%Y-%m-%d %H:%M}",
            "changed": stamp.partition(" ")[2][:10],
            "license": LICENSE["path"],
        }
        put("README.txt", [README.format(**words).encode()])
        put("SHA256SUMS", ["".join(sums).encode()])

    say("SQLite")
    base = place / f"kptracker-{name}.sqlite3"
    with zipfile.ZipFile(path) as archive:

        def opened(table: str) -> IO[str]:
            return io.TextIOWrapper(archive.open(f"{table}.csv"), encoding="utf-8", newline="")

        rows = as_sqlite.build(base, list(columns.items()), opened, _about(name, now))
    files = [_described(one) for one in (path, base)]
    about = {
        "made_at": now.isoformat(),
        "stamp": stamp,
        "rows": rows,
        "files": [vars(one) for one in files],
    }
    (place / ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")
    for one in place.iterdir():
        one.chmod(0o644)


def _pieces(table: TableExport | None, columns: list[Column]) -> Iterator[bytes]:
    """Return the CSV file of a table without the mark for Excel; programs stumble over it."""
    if table is None:
        pieces = computed_stream(_vocabulary_rows(), columns)
    else:
        pieces = stream(table.queryset(), columns)
    yield next(pieces).removeprefix(MARK)
    yield from pieces


def _about(name: str, now: datetime) -> list[tuple[str, str]]:
    return [
        ("title", "KP Demand Tracker: the whole public record"),
        ("day", name),
        ("made_at", now.isoformat(timespec="seconds")),
        ("homepage", settings.SITE_URL),
        ("license", LICENSE["path"]),
    ]


def _described(path: Path) -> File:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return File(path.name, path.stat().st_size, digest.hexdigest())


# --- Removing -------------------------------------------------------------------------------


def remove_those_with(pattern: Pattern[str] | None) -> str:
    """Delete the downloads in which words stand that were removed; say what to tell staff.

    Each stays in the list with the day of its removal. Returns '' where none held them.
    """
    if pattern is None:
        return ""
    removed = [one for one in dumps() if one.files and _holds(one, pattern)]
    for one in removed:
        said = json.dumps({"removed_on": timezone.localdate().isoformat()})
        (one.folder / REMOVED).write_text(said, encoding="utf-8")
        for file in (*one.files, File(ABOUT, 0, "")):
            (one.folder / file.name).unlink(missing_ok=True)
    if not removed:
        return ""
    return ngettext(
        "%(count)d download of the whole record held the words and was deleted. Make one anew "
        "with manage.py build_dump; copies that others took are with them.",
        "%(count)d downloads of the whole record held the words and were deleted. Make one anew "
        "with manage.py build_dump; copies that others took are with them.",
        len(removed),
    ) % {"count": len(removed)}


def follow_people(people: Sequence[Person]) -> None:
    """After people were written: no download keeps a name that may not be shown any more."""
    hidden = [one for one in people if one.public_name != SHOWN and one.full_name]
    if not hidden or newest() is None:
        return
    names = [name for one in hidden for name in (one.full_name, *one.name_variants.split(";"))]
    pattern = pattern_of(name for name in names if name.strip())
    transaction.on_commit(lambda: logger.info("%s", remove_those_with(pattern)))


def _holds(dump: Dump, pattern: Pattern[str]) -> bool:
    file = dump.file("zip")
    if file is None:
        return False
    with zipfile.ZipFile(dump.folder / file.name) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".csv")]
        return any(pattern.search(plain(archive.read(one).decode())[0]) for one in tables)
