"""What the rows of a file say otherwise than the record (docs/adr/0012).

A cell is compared with the cell as it would leave today. Only what differs goes on to the
resource that writes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz import process

from kptracker.lib.columns import Column, Kind
from kptracker.lib.columns_of_files import Known
from kptracker.lib.expressions import without_guard
from kptracker.lib.importing import RecordResource
from kptracker.lib.record_files import FileRow
from kptracker.lib.spreadsheets import Sheet, was_cut, with_line_feeds
from kptracker.lib.typed_rows import typed_rows
from kptracker.lib.writing import take_reference

from .cells import as_text, as_workbook, for_resource, in_order
from .tables import IMPORTS, ImportTable

LANGUAGES = ("en", "fr")
#: Below this likeness, of 100, a name is not offered for a mistyped column.
LIKE = 70
#: So many keys one query asks for.
BATCH = 500


@dataclass(slots=True)
class Differing:
    """A row of a file that says something else than the record, or something new.

    ``cells`` are those of its resource, whole; ``changed`` the columns that differ.
    ``since`` is the day on which the record changed after the file was made, '' where it did
    not.
    """

    line: int
    key: str
    is_new: bool
    cells: dict[str, str]
    changed: list[str] = field(default_factory=list)
    since: str = ""


class Matching:
    """One file set against the record. ``differing`` and ``unchanged`` are what came of it."""

    def __init__(self, table: ImportTable, sheet: Sheet, known: Known) -> None:
        self.table = table
        self.sheet = sheet
        self.known = known
        self.resource: RecordResource | None = (
            table.resource(known=known) if table.resource else None
        )
        self.taken = table.taken()
        #: The columns of the resource that rows are written with.
        self.written: list[str] = []
        self.offered: dict[str, Column] = {
            one.name: one for one in table.export.columns("en", timezone.localdate())
        }
        self.differing: list[Differing] = []
        self.unchanged = 0
        #: Lines on which a column that is not taken says something else than the record.
        self.left_aside: dict[str, list[int]] = {}
        #: The rows as they leave today, by key: one dictionary of cells for each language.
        self.left: dict[str, list[dict[str, str]]] = {}
        #: The file's rows that can be compared, by key, in the file's order.
        self.rows: dict[str, FileRow] = {}
        #: The rows that are there, by key, as the resource writes them.
        self.present: dict[str, dict[str, str]] = {}
        #: Keys of rows that name nobody: speakers of whom only the function is shown.
        self.nameless: set[str] = set()

    # --- The columns ---------------------------------------------------------------------

    def columns_fit(self) -> bool:
        """Blame columns that the table has not, and a key that is missing."""
        allowed = self.table.columns()
        if other := self._other_table(allowed):
            self.sheet.blame(
                1,
                "",
                _("These are the columns of the table “%(table)s”: bring it there.")
                % {"table": other.title},
            )
            return False
        for name in self.sheet.columns:
            if name and name not in allowed:
                self.sheet.blame(1, name, self._no_such_column(name, allowed))
        for name in self.table.key:
            if name not in self.sheet.columns:
                self.sheet.blame(
                    1, name, _("This column is missing: it says which entry a row means.")
                )
        return not self.sheet.faults

    def _other_table(self, allowed: Sequence[str]) -> ImportTable | None:
        """Return the table that has all columns of the file, where this one lacks several.

        One that it lacks is a slip, and named for itself.
        """
        names = {name for name in self.sheet.columns if name}
        if len(names - {*allowed}) < 2:
            return None
        fitting = (one for one in IMPORTS.values() if names <= {*one.columns()})
        return next(fitting, None)

    def _no_such_column(self, name: str, allowed: Sequence[str]) -> str:
        if name == "as_of":
            return _("This file tells of another day. Bring back the file of today.")
        near = process.extractOne(name, allowed, processor=str.casefold, score_cutoff=LIKE)
        if near:
            return _("There is no such column. Did you mean “%(near)s”?") % {"near": near[0]}
        return _("There is no such column. There are: %(known)s.") % {"known": ", ".join(allowed)}

    # --- The rows ------------------------------------------------------------------------

    def read(self) -> None:
        """Find the key of each row, and read from the database what leaves of them today."""
        for row in self.sheet.rows:
            if not self.sheet.is_workbook:
                row.cells = {name: without_guard(cell) for name, cell in row.cells.items()}
            # A blank beside a key is a slip: it would make a row that is there a new one.
            row.cells |= {name: row.cells[name].strip() for name in self.table.key}
            key = self.key_of(row)
            if self.table.links and not row.cells[self.table.links.target]:
                self.nameless.add(key)
            elif key in self.rows:
                self.sheet.blame(
                    row.line,
                    self.table.key[-1],
                    _("“%(key)s” stands already on line %(line)d.")
                    % {"key": key, "line": self.rows[key].line},
                )
            elif key:
                self.rows[key] = row
        keys = self._read_present() if self.resource is not None else None
        today = timezone.localdate()
        for language in LANGUAGES:
            for key, cells in self._leaving(language, today, keys):
                if key in self.rows or key in self.nameless:
                    self.left.setdefault(key, []).append(cells)
        if self.sheet.is_workbook:
            for key, row in self.rows.items():
                self._take_guards_away(row, self.left.get(key, []))

    @staticmethod
    def _take_guards_away(row: FileRow, left: list[dict[str, str]]) -> None:
        """Undo the guard of a CSV file that was saved as a workbook; ours have none."""
        for name, cell in row.cells.items():
            if all(one.get(name) != cell for one in left):
                row.cells[name] = without_guard(cell)

    def key_of(self, row: FileRow) -> str:
        """Return the key of a row, where a slug was changed the present one; '' for none."""
        names = [row.cells[name] for name in self.table.key]
        if not any(names):
            return ""
        if self.resource is None:
            return "/".join(names)
        return self.resource.key_of(dict(zip(self.resource.key_columns, names, strict=True)))

    def _read_present(self) -> list[int]:
        """Read the rows that are there, as the resource writes them; return their keys."""
        assert self.resource is not None  # noqa: S101
        names = self.resource.key_columns
        wanted = [
            dict(zip(names, (row.cells[name] for name in self.table.key), strict=True))
            for row in self.rows.values()
        ]
        found = []
        for start in range(0, len(wanted), BATCH):
            for instance in self.resource.present(wanted[start : start + BATCH]):
                texts = self.resource.texts(instance)
                self.present[self.resource.key_of(texts)] = texts
                found.append(instance.pk)
        return found

    def _leaving(
        self, language: str, today: date, keys_there: list[int] | None
    ) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the rows as they leave today, with their keys; of a table of links all of them."""
        columns = self.table.export.columns(language, today)
        wanted = [one for one in columns if one.name in self.sheet.columns]
        keys = [one for name in self.table.key for one in columns if one.name == name]
        everything = self.table.export.queryset()
        parts = [everything]
        if keys_there is not None and not self.nameless:
            starts = range(0, len(keys_there), BATCH)
            parts = [everything.filter(pk__in=keys_there[at : at + BATCH]) for at in starts]
        for row in chain.from_iterable(typed_rows(part, [*keys, *wanted]) for part in parts):
            key = "/".join(as_text(value) for value in row[: len(keys)])
            cells = zip(wanted, row[len(keys) :], strict=True)
            yield key, {one.name: as_text(value) for one, value in cells}

    # --- Tables that a resource writes ---------------------------------------------------

    def compare(self) -> None:
        """Set every row against the record."""
        assert self.resource is not None  # noqa: S101
        self.written = [
            column
            for name, column in self.taken.items()
            if name in self.sheet.columns
            or name in self.table.key
            or column in self.resource.optional
        ]
        blank = self.resource.texts(self.resource._meta.model())
        for row in self.sheet.rows:
            key = self.key_of(row)
            if key and self.rows.get(key) is not row:
                # It stands twice, and is blamed for it; or it names nobody, and stays.
                if key in self.nameless and key in self.left:
                    self.unchanged += 1
                    self._note_nameless(row, key)
                continue
            there = self.present.get(key) if key else None
            self._note_left_aside(row, key)
            self._follow_twins(row, key, is_new=there is None)
            if there is not None:
                self._compare(row, key, there)
            elif key or self.table.numbers_itself:
                self._add(row, key, blank)
            else:
                self.sheet.blame(
                    row.line, self.table.key[0], _("A row needs its key: fill this cell in.")
                )

    def _compare(self, row: FileRow, key: str, there: dict[str, str]) -> None:
        left = self.left.get(key)
        cells, changed = {column: there[column] for column in self.written}, []
        for name, cell in row.cells.items():
            column = self.taken.get(name)
            if column is None or name in self.table.key:
                continue
            if self._is_as_left(name, cell, there[column], left):
                continue
            if name in self.table.extra and not cell.strip():
                continue  # only what is new needs these columns
            if name in self.table.fixed:
                self.sheet.blame(row.line, name, str(self.table.fixed[name]))
            elif self.sheet.is_workbook and was_cut(cell):
                self.sheet.blame(
                    row.line,
                    name,
                    _("This cell was cut when the workbook was made: take the text from the CSV."),
                )
            else:
                cells[column] = self._wanted(name, cell, there[column], left)
                changed.append(column)
        if changed:
            since = self._changed_since(row, left)
            self.differing.append(Differing(row.line, key, False, cells, changed, since))
        else:
            self.unchanged += 1

    def _is_as_left(
        self, name: str, cell: str, there: str, left: list[dict[str, str]] | None
    ) -> bool:
        """Tell whether a cell is as it leaves today, or as the database holds it."""
        said = in_order(self._kind(name), cell)
        if left is not None and name in left[0]:
            leaves = left[0][name]
            if said == leaves:
                return True
            return self.sheet.is_workbook and said == as_workbook(leaves)
        return for_resource(self._kind(name), cell) == with_line_feeds(there)

    def _wanted(self, name: str, cell: str, there: str, left: list[dict[str, str]] | None) -> str:
        """Return the cell for the resource; what a list hides from visitors stays in it."""
        wanted = for_resource(self._kind(name), cell)
        if left is None or self._kind(name) != Kind.LIST or name not in left[0]:
            return wanted
        shown = left[0][name].split("; ")
        found = [one for one in wanted.split(";") if one]
        for place, one in enumerate(there.split(";")):
            if one and one not in shown and one not in found:
                found.insert(place, one)
        return ";".join(found)

    def _kind(self, name: str) -> str:
        """Return what a column holds; one that no file leaves with holds text."""
        return self.offered[name].kind if name in self.offered else Kind.TEXT

    def _changed_since(self, row: FileRow, left: list[dict[str, str]] | None) -> str:
        """Return the day on which the record changed after the file was made."""
        made = row.cells.get("changed_on", "")
        now = left[0].get("changed_on", "") if left else ""
        return now if made and now > made else ""

    def _add(self, row: FileRow, key: str, blank: dict[str, str]) -> None:
        """Take a row that is new."""
        if key and self.table.numbers_itself:
            self.sheet.blame(row.line, self.table.key[0], self._no_such_reference(key))
            return
        assert self.resource is not None  # noqa: S101
        names = {column: name for name, column in self.taken.items()}
        cells = {}
        for column in self.written:
            name = names[column]
            cell = for_resource(self._kind(name), row.cells.get(name, ""))
            cells[column] = cell or blank[column] or self.resource.optional.get(column, "")
            if not cells[column] and getattr(
                self.resource.by_column[column].widget, "required", False
            ):
                self.sheet.blame(row.line, name, _("Fill this cell in."))
        if self.table.numbered:
            key = cells["reference"] = take_reference(*self.table.numbered)
        self.differing.append(Differing(row.line, key, True, cells, list(cells)))

    def _no_such_reference(self, key: str) -> str:
        """Say that a reference is nobody's; offer the one that is written otherwise."""
        assert self.resource is not None  # noqa: S101
        meant = key.upper()
        if meant.isdecimal() and self.table.numbered:
            prefix, width = self.table.numbered
            meant = f"{prefix}-{meant.lstrip('0').zfill(width)}"
        if self.resource._meta.model._base_manager.filter(reference=meant).exists():
            return _("There is no “%(key)s”. Did you mean “%(near)s”?") % {
                "key": key[:60],
                "near": meant,
            }
        return _(
            "There is no “%(key)s”. Leave the cell empty for a new entry: the site gives it its "
            "number."
        ) % {"key": key[:60]}

    # --- What is not taken ---------------------------------------------------------------

    def _note_left_aside(self, row: FileRow, key: str) -> None:
        left = self.left.get(key)
        if not left:
            return
        for name, cell in row.cells.items():
            if name in self.taken or name in self.table.twins or name in self.table.key:
                continue
            if not any(self._says_as(one, name, cell) for one in left):
                self.left_aside.setdefault(name, []).append(row.line)

    def note_links_aside(self) -> None:
        """Note what a table of links says otherwise in columns that are not taken."""
        for row in self.sheet.rows:
            self._note_left_aside(row, self.key_of(row))

    def _says_as(self, left: dict[str, str], name: str, cell: str) -> bool:
        """Tell whether a cell is that of a row as it leaves, in either kind of file."""
        return in_order(self._kind(name), cell) in (left[name], as_workbook(left[name]))

    def _note_nameless(self, row: FileRow, key: str) -> None:
        """Note what a row without a name says otherwise than each that leaves without one."""
        differing = [
            [name for name in one if not self._says_as(one, name, row.cells[name])]
            for one in self.left[key]
        ]
        for name in min(differing, key=len):
            self.left_aside.setdefault(name, []).append(row.line)

    def _follow_twins(self, row: FileRow, key: str, *, is_new: bool) -> None:
        """Take the reference of another row where somebody changed it and not its slug."""
        left = self.left.get(key)
        for name, other in self.table.twins.items():
            cell = row.cells.get(name, "").strip()
            if name not in row.cells or (left and cell == left[0][name]) or (is_new and not cell):
                continue
            resource_cell = self._slug_of(other, cell)
            before = left[0].get(other, "") if left else ""
            if resource_cell is None:
                self.sheet.blame(
                    row.line, name, _("There is no demand “%(key)s”.") % {"key": cell[:60]}
                )
            elif row.cells.get(other, before) in (before, resource_cell):
                row.cells[other] = resource_cell
            else:
                self.sheet.blame(
                    row.line,
                    name,
                    _("It names another entry than the column “%(other)s”.") % {"other": other},
                )

    def _slug_of(self, column: str, reference: str) -> str | None:
        """Return the slug of the row of a reference; '' for none, None where it is unknown."""
        if not reference:
            return ""
        assert self.resource is not None  # noqa: S101
        model = self.resource.by_column[self.taken[column]].widget.model
        return (
            model._base_manager.filter(reference=reference).values_list("slug", flat=True).first()
        )

    # --- Tables that are only compared ---------------------------------------------------

    def compare_only(self) -> None:
        """Blame every row that is not as it leaves."""
        why = str(self.table.only_compared)
        for row in self.sheet.rows:
            key = self.key_of(row)
            left = self.left.get(key)
            if left is None:
                self.sheet.blame(row.line, self.table.key[0], why)
                continue
            before = len(self.sheet.faults)
            for name, cell in row.cells.items():
                if any(self._says_as(one, name, cell) for one in left):
                    continue
                if name == "permalink" or self.offered[name].kind == Kind.LABEL:
                    self.left_aside.setdefault(name, []).append(row.line)
                    continue
                self.sheet.blame(row.line, name, why)
            self.unchanged += len(self.sheet.faults) == before
