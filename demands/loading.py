"""Loading the files of the record into the database: all of them, or nothing.

What a load wrote is remembered cell by cell (``LoadedRow``), so that the next one changes only
what nobody edited since. Nothing is ever deleted.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone

from kptracker.lib import corrections
from kptracker.lib.columns_of_files import FOLLOWS, Known, key_name
from kptracker.lib.importing import Outcome, RecordResource
from kptracker.lib.models import LoadedRow
from kptracker.lib.publishing import State
from kptracker.lib.record_files import FileRow, Problem, RecordFile
from kptracker.lib.writing import in_one_go
from statements.models import Meeting, Person, Statement

from .derived import BATCH
from .judgement_resources import EvidenceResource
from .models import Assessment, Demand, Evidence
from .reading_record import Reading
from .record_tables import FILES, PEOPLE, PEOPLE_MODEL, TABLES, Table

Progress = Callable[[str, int, int], None]
#: Under this name the memory of loads keeps a hash of the files.
FILES_ROW = ("record", "files")
#: What visitors read of a row that a load changes, where nobody says more.
FOLLOWS_FILES = "The files of the shipped record were corrected; this entry follows them."


class RefusedError(Exception):
    """The files hold what cannot be loaded; nothing was written."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems")


class _DryRunError(Exception):
    """Everything went well and is to be forgotten again."""


@dataclass
class Tally:
    """What a load did with one table."""

    name: str
    outcomes: list[Outcome] = field(default_factory=list)
    #: Keys that were loaded once and are in the database, but no longer in the file.
    missing: list[str] = field(default_factory=list)

    def count(self, what: str) -> int:
        """Return how many rows ``what`` (created, updated, unchanged, deleted) happened to."""
        return sum(1 for one in self.outcomes if one.what == what)

    @property
    def kept(self) -> int:
        """How many cells were kept as staff have them."""
        return sum(len(one.kept) for one in self.outcomes)


def is_empty() -> bool:
    """Tell whether the database holds no meeting, no statement and no demand."""
    return not any(model.objects.exists() for model in (Meeting, Statement, Demand))


def fingerprint(folder: Path) -> str:
    """Return a hash of the record's files in a folder."""
    digest = hashlib.sha256()
    for name in FILES:
        if (folder / name).is_file():
            content = (folder / name).read_bytes()
            digest.update(f"{name} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def differs_from_last_load(folder: Path) -> bool:
    """Tell whether the files in a folder are other ones than those last loaded."""
    table, key = FILES_ROW
    last = LoadedRow.objects.filter(table=table, key=key).first()
    return last is None or last.values.get("sha256") != fingerprint(folder)


def load(
    folder: Path,
    *,
    by: Any = None,
    dry_run: bool = False,
    overwrite: bool = False,
    because: str = "",
    progress: Progress | None = None,
) -> list[Tally]:
    """Load the record's files from a folder, and return what was done, by table.

    ``overwrite`` takes the files' cells also where somebody edited them since the last load.
    ``because`` is what visitors read of each published row of which a fact changes.
    Raises RefusedError, with everything that is wrong, and writes nothing then.
    """
    loading = Loading(folder, by=by, overwrite=overwrite, progress=progress)
    try:
        with transaction.atomic(), in_one_go(), corrections.noting(because) as noted:
            tallies = loading.run()
            _tell(noted, because or FOLLOWS_FILES, by)
            if dry_run:
                raise _DryRunError
    except _DryRunError:
        pass
    return tallies


def _tell(noted: corrections.Noted, why: str, by: Any) -> None:
    """Tell of what the load changed. Raises RefusedError where the line cannot be published."""
    try:
        corrections.settle(noted, why=why, by=by)
    except ValidationError as error:
        raise RefusedError(
            [Problem("--because", 0, "", message) for message in error.messages]
        ) from error


class Loading:
    """One load of a folder."""

    def __init__(
        self, folder: Path, *, by: Any, overwrite: bool, progress: Progress | None
    ) -> None:
        self.folder = folder
        self.by = by
        self.overwrite = overwrite
        self.progress = progress or (lambda name, done, total: None)
        self.known = Known()
        self.problems: list[Problem] = []
        self.remembered: dict[str, dict[str, dict[str, str]]] = {}
        self.evidence: dict[str, list[Evidence]] = {}
        self.files: dict[str, RecordFile] = {}
        self._stored: dict[tuple[str, str], LoadedRow] = {}

    def run(self) -> list[Tally]:
        """Read, check and write all files. Raises RefusedError."""
        reading = Reading(self.folder, self.known)
        self.files, self.problems = reading.run(), reading.problems
        if any(table.must and table.file not in self.files for table in TABLES):
            raise RefusedError(self.problems)
        self._remember_the_last_load()
        tallies: list[Tally] = []
        for table in TABLES:
            if table.file in self.files:
                tallies += self._import(table, self.files[table.file])
        if self.problems:
            raise RefusedError(self.problems)
        for tally in tallies:
            self._write_memory(tally)
        self._write_fingerprint()
        return tallies

    # --- What the last load wrote ------------------------------------------------------

    def _remember_the_last_load(self) -> None:
        stored: dict[str, list[LoadedRow]] = {}
        for row in LoadedRow.objects.all():
            stored.setdefault(row.table, []).append(row)
        resources: dict[str, Any] = {
            table.name: table.resource(known=self.known) for table in TABLES
        }
        resources[PEOPLE] = resources["roles"].people
        models = {table.name: table.model for table in TABLES} | {PEOPLE: PEOPLE_MODEL}
        for name, rows in stored.items():
            if name not in resources:
                continue
            self._note_what_is_gone(models[name], rows)
            memory = self.remembered.setdefault(name, {})
            for row in rows:
                # A slug that staff changed since is known by its present name.
                key = resources[name].canonical_key(row.key)
                memory[key] = row.values
                self._stored[name, key] = row

    def _note_what_is_gone(self, model: Any, rows: list[LoadedRow]) -> None:
        column = key_name(model, default="")
        if column:
            names = {row.values.get(column, row.key) for row in rows}
            self.known.gone[model] = {
                name for name in names if self.known.find(model, name) is None
            }

    # --- Writing ---------------------------------------------------------------------

    def _resource(self, table: Table) -> RecordResource:
        more: dict[str, Any] = {}
        if table.name == "roles":
            more["remembered_people"] = self.remembered.get(PEOPLE, {})
        elif table.name == "speakers":
            more["named"] = self._named_speakers()
        elif table.name == "assessments":
            more["evidence"] = self.evidence
        return table.resource(
            known=self.known,
            new_state=State.PUBLISHED,
            remembered=self.remembered.get(table.name, {}),
            overwrite=self.overwrite,
            **more,
        )

    def _named_speakers(self) -> Iterator[str]:
        """Yield the speakers that ``statements.csv`` names, as keys of ``speakers.csv``."""
        for row in self.files["statements.csv"].rows:
            for name in row.cells["speaker_slugs"].split(";"):
                statement = self.known.canonical(Statement, row.cells["slug"])
                yield f"{statement}/{self.known.canonical(Person, name)}"

    def _import(self, table: Table, found: RecordFile) -> list[Tally]:
        """Import one file, and note what is wrong with its rows."""
        resource = self._resource(table)
        if table.name == "evidence":
            self._read_evidence(resource, found)
            return []
        if table.name == "assessments":
            found.rows = _corrected_first(found.rows)
        dataset = tablib.Dataset(headers=found.columns)
        for row in found.rows:
            dataset.append([row.cells[column] for column in found.columns])
        total = len(found.rows)
        resource.progress = lambda done: self.progress(table.name, done, total)
        result = resource.import_data(dataset, use_transactions=False, user=self.by)
        for error in result.base_errors:
            raise error.error
        for row in result.error_rows:
            raise row.errors[0].error  # no fault of the file
        for invalid in result.invalid_rows:
            self._blame_row(found.name, found.rows[invalid.number - 1].line, invalid.error)
        return self._tallies(table, resource, found)

    def _blame_row(self, file: str, line: int, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            error = ValidationError({NON_FIELD_ERRORS: error})
        for column, errors in error.error_dict.items():
            for single in errors:
                if single.code == FOLLOWS:
                    continue
                shown = "" if column == NON_FIELD_ERRORS else column
                for message in single.messages:
                    problem = Problem(file, line, shown, message)
                    if problem not in self.problems:
                        self.problems.append(problem)

    def _tallies(self, table: Table, resource: Any, found: RecordFile) -> list[Tally]:
        cells = [row.cells for row in found.rows]
        tallies = [self._tally(table.name, resource, cells)]
        if table.name == "roles":
            tallies.insert(0, self._tally(PEOPLE, resource.people, cells))
        return tallies

    def _tally(self, name: str, resource: RecordResource, rows: list[dict[str, str]]) -> Tally:
        keys = {resource.key_of(row) for row in rows}
        absent = [key for key in self.remembered.get(name, {}) if key not in keys]
        return Tally(name, resource.outcomes, resource.those_there(absent))

    def _read_evidence(self, resource: EvidenceResource, found: RecordFile) -> None:
        """Read what ``assessments.csv`` does not say of the evidence."""
        judged = {row.cells["reference"]: row.cells for row in self.files["assessments.csv"].rows}
        corrected = {row.get("corrects", "") for row in judged.values()}
        lines: dict[str, list[int]] = {}
        for row in sorted(found.rows, key=lambda row: row.cells["position"].zfill(9)):
            reference = row.cells["assessment_reference"]
            try:
                if self.known.is_refused(Assessment, reference):
                    continue
                if reference not in judged:
                    raise ValidationError(
                        {"assessment_reference": f"assessments.csv has no “{reference}”."}
                    )
                item = resource.unsaved(row.cells)
                present = resource.cells_there(reference, item.position)
                if self.known.find(Assessment, reference) is None:
                    self.evidence.setdefault(reference, []).append(item)
                    lines.setdefault(reference, []).append(row.line)
                elif present != row.cells and reference not in corrected:
                    raise ValidationError(
                        f"The evidence of {reference} is never altered or added to: add a new "
                        "judgement that corrects it."
                    )
            except ValidationError as error:
                self._blame_row(found.name, row.line, error)
        for reference, items in self.evidence.items():
            positions = [item.position for item in items]
            first = 1 if positions[0] == 1 else 2
            if positions != list(range(first, first + len(positions))):
                gap = ValidationError({"position": "The positions have a gap."})
                self._blame_row(found.name, lines[reference][0], gap)

    # --- Memory ----------------------------------------------------------------------

    def _write_memory(self, tally: Tally) -> None:
        now = timezone.now()
        rows = []
        for one in tally.outcomes:
            if one.what not in ("created", "updated", "unchanged"):
                continue
            row = self._stored.get((tally.name, one.key))
            if row is None:
                row = LoadedRow(table=tally.name, key=one.key, values=one.texts, loaded_at=now)
                rows.append(row)
            elif row.values != row.values | one.texts:
                row.values, row.loaded_at = row.values | one.texts, now
                row.save(update_fields=["values", "loaded_at"])
        LoadedRow.objects.bulk_create(rows, batch_size=BATCH)

    def _write_fingerprint(self) -> None:
        table, key = FILES_ROW
        if differs_from_last_load(self.folder):
            LoadedRow.objects.update_or_create(
                table=table,
                key=key,
                defaults={
                    "values": {"sha256": fingerprint(self.folder)},
                    "loaded_at": timezone.now(),
                },
            )


def _corrected_first(rows: list[FileRow]) -> list[FileRow]:
    """Return judgements in their order, but each after the one that it corrects."""
    by_reference = {row.cells["reference"]: row for row in rows}
    placed: dict[str, FileRow] = {}
    for row in rows:
        chain = []
        current: FileRow | None = row
        while current is not None and current not in chain:
            reference = current.cells["reference"]
            if reference in placed:
                break
            chain.append(current)
            current = by_reference.get(current.cells.get("corrects", ""))
        for one in reversed(chain):
            placed[one.cells["reference"]] = one
    return list(placed.values())
