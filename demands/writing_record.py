"""Writing the record's files back: what was loaded and not edited leaves byte for byte as it came.

Rows stand in the order in which they were made. A column or a file that only some records need
is written only where a row needs it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from kptracker.lib.columns_of_files import Known
from kptracker.lib.hidden import pattern_of, stands_in
from kptracker.lib.importing import RecordResource
from kptracker.lib.publishing import State
from kptracker.lib.record_files import write_file
from statements.models import Person, Statement
from statements.people_resources import PeopleResource

from .checking import hidden_people
from .judgement_resources import EvidenceResource, pieces
from .models import Assessment
from .record_tables import FILES, TABLES, VOCABULARIES, Table


class NotWrittenError(Exception):
    """The files were not written; the message says why and what to do."""


def write_record(folder: Path, *, public: bool = False) -> dict[str, int]:
    """Write the record's files into a folder; return the number of rows by file.

    With ``public`` they hold what a visitor may see and nothing else. They are written beside
    the folder first and moved into it when all are whole; other files of the folder stay.
    Raises NotWrittenError.
    """
    folder = folder.absolute()
    _refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".record-") as name:
        aside = Path(name)
        with _one_moment():
            counts = Writing(aside, public=public).run()
            if public:
                _refuse_hidden_names(aside)
        folder.mkdir(exist_ok=True)
        for file in FILES:
            if (aside / file).exists():
                os.replace(aside / file, folder / file)
            else:
                (folder / file).unlink(missing_ok=True)
    return counts


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise NotWrittenError(f"{folder} is a file: name a folder.")
    inside = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    if inside and not any(name in FILES for name in inside):
        raise NotWrittenError(
            f"{folder} holds other things ({', '.join(sorted(inside)[:3])}) and no record: "
            "name a new or an empty folder."
        )


def _one_moment() -> Any:
    """Return a transaction that sees the database as it is at one moment."""
    fresh = not connection.in_atomic_block
    block = transaction.atomic()
    if fresh and connection.vendor == "postgresql":
        return _Snapshot(block)
    return block


class _Snapshot:
    """A transaction of PostgreSQL whose queries all see the same rows."""

    def __init__(self, block: Any) -> None:
        self.block = block

    def __enter__(self) -> None:
        self.block.__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def __exit__(self, *error: Any) -> Any:
        return self.block.__exit__(*error)


class Writing:
    """One export into a folder that is still empty."""

    def __init__(self, folder: Path, *, public: bool) -> None:
        self.folder = folder
        self.public = public
        self.known = Known(public=public)
        if public:
            hidden = Statement.objects.exclude(state=State.PUBLISHED).exclude(document="")
            self.known.hidden_documents = set(hidden.values_list("document", flat=True))

    def run(self) -> dict[str, int]:
        """Write all files."""
        counts = {}
        for table in TABLES:
            resource = table.resource(known=self.known)
            rows = list(self._rows(table, resource))
            if not rows and not table.must:
                continue
            columns = [
                name
                for name in resource.columns()
                if name not in resource.optional
                or any(row[name] != resource.optional[name] for row in rows)
            ]
            counts[table.file] = write_file(
                self.folder / table.file,
                columns,
                ([row[name] for name in columns] for row in rows),
            )
        shutil.copyfile(settings.VOCABULARIES, self.folder / VOCABULARIES)
        return counts

    def _rows(self, table: Table, resource: RecordResource) -> Iterator[dict[str, str]]:
        if isinstance(resource, EvidenceResource):
            yield from self._evidence(resource)
            return
        queryset: Any = resource.get_queryset()
        if self.public:
            queryset = queryset.public()
        for instance in queryset.order_by("pk"):
            cells = resource.texts(instance)
            if table.name != "speakers" or cells["role_reference"] or cells["name_as_given"]:
                yield cells
        if isinstance(resource, PeopleResource):
            yield from self._people_without_role(resource)

    def _people_without_role(self, resource: PeopleResource) -> Iterator[dict[str, str]]:
        people: Any = Person.objects.public() if self.public else Person.objects.all()
        for person in people.filter(roles__isnull=True).order_by("pk"):
            yield dict.fromkeys(resource.columns(), "") | resource.people.texts(person)

    def _evidence(self, resource: EvidenceResource) -> Iterator[dict[str, str]]:
        """Yield the evidence of which ``assessments.csv`` does not say everything."""
        judgements: Any = Assessment.objects.public() if self.public else Assessment.objects.all()
        for judgement in judgements.prefetch_related("evidence").order_by("pk"):
            for position, item in enumerate(pieces(judgement, self.known), start=1):
                cells = resource.texts(item) | {"position": str(position)}
                if position > 1 or resource.says_more(cells):
                    yield cells


def _refuse_hidden_names(folder: Path) -> None:
    """Refuse files in which a name stands that is not to be shown: in a summary, in a note."""
    pattern = pattern_of(hidden_people())
    if pattern is None:
        return
    found = []
    for path in sorted(folder.glob("*.csv")):
        for line, text in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            if name := stands_in(pattern, text):
                found.append(f"{path.name}, line {line} ({text.split(',')[0]}): {name}")
    if found:
        raise NotWrittenError(
            "A name that is not to be shown stands in a text that is public. Take it out there, "
            "then export again:\n  " + "\n  ".join(found[:50])
        )
