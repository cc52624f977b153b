"""Reading a folder that holds the record's files, and naming what is wrong with them."""

from pathlib import Path

from kptracker.lib.columns_of_files import Known
from kptracker.lib.record_files import Problem, RecordFile, read_file, refuse_duplicates
from kptracker.lib.vocabularies import vocabularies

from .record_tables import (
    FILES,
    PEOPLE_MODEL,
    TABLES,
    VOCABULARIES,
    VOCABULARY_COLUMNS,
    Table,
)


class Reading:
    """One folder as it was read: its files, and what is wrong with them."""

    def __init__(self, folder: Path, known: Known) -> None:
        self.folder = folder
        self.known = known
        self.problems: list[Problem] = []

    def _blame(self, file: str, line: int, column: str, reason: str) -> None:
        self.problems.append(Problem(file, line, column, reason))

    def run(self) -> dict[str, RecordFile]:
        """Return the files that can be read; none where the folder is no record."""
        if not self.folder.is_dir():
            self._blame(str(self.folder), 0, "", "there is no such folder")
            return {}
        missing = [
            name
            for name in (VOCABULARIES, *(table.file for table in TABLES if table.must))
            if not (self.folder / name).is_file()
        ]
        for name in missing:
            self._blame(name, 0, "", f"the file is missing in {self.folder}")
        for path in sorted(self.folder.glob("*.csv")):
            if path.name not in FILES:
                self._blame(path.name, 0, "", "the record has no file of this name")
        if missing:
            return {}
        self._check_vocabularies()
        files: dict[str, RecordFile] = {}
        for table in TABLES:
            if not (self.folder / table.file).is_file():
                continue
            optional = list(table.resource.optional)
            found = read_file(self.folder / table.file, table.resource.required(), optional)
            if found.readable:
                refuse_duplicates(found, table.resource.key_columns, or_else=("slug",))
                if table.name == "demands":
                    refuse_duplicates(found, ("slug",))
                self._note_refused(table, found)
                files[table.file] = found
            self.problems += found.problems
        return files

    def _note_refused(self, table: Table, found: RecordFile) -> None:
        """Remember what cannot be read: what refers to it is at no fault of its own."""
        keys = table.resource.key_columns
        for row in found.faulty:
            self.known.refuse(table.model, row.cells, "/".join(row.cells[key] for key in keys))
            if table.name == "roles":
                self.known.refuse(PEOPLE_MODEL, row.cells, "")

    def _check_vocabularies(self) -> None:
        """Refuse a vocabulary other than the site's: labels and rules come from that one."""
        found = read_file(self.folder / VOCABULARIES, VOCABULARY_COLUMNS)
        refuse_duplicates(found, ("list", "code"))
        self.problems += found.problems
        if found.problems:
            return
        site = vocabularies()
        seen: set[tuple[str, str]] = set()
        for row in found.rows:
            name, code = row.cells["list"], row.cells["code"]
            term = site.get(name, {}).get(code)
            if term is None:
                self._blame(
                    VOCABULARIES, row.line, "code", f"the site has no “{code}” in its list {name}"
                )
                continue
            seen.add((name, code))
            for column in VOCABULARY_COLUMNS:
                ours = getattr(term, column)
                if row.cells[column] != ours:
                    self._blame(
                        VOCABULARIES, row.line, column, f"the site has “{ours}” for {name}, {code}"
                    )
        for name, terms in site.items():
            for code in terms:
                if (name, code) not in seen:
                    self._blame(
                        VOCABULARIES, 0, "", f"“{code}” of the site's list {name} is missing"
                    )
