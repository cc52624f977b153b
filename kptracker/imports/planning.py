"""What an import would write, and the import itself: the same run, undone or kept."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import DateTimeField
from django.utils.translation import gettext as _

from kptracker.lib.columns_of_files import FOLLOWS, Known
from kptracker.lib.corrections import Noted, noting
from kptracker.lib.fields import FoldedField
from kptracker.lib.spreadsheets import Fault, Sheet
from kptracker.lib.writing import StaleVersionError, in_one_go

from .links import LinkMatching, NewOrder
from .matching import Differing, Matching
from .tables import ImportTable

#: So many faults are shown; who has more mends these first.
MOST_FAULTS = 200
#: So many rows are written at once: a page should answer within half a minute.
MOST_DIFFERING = 2_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that changes: the column of the file, what the record says and what it will say."""

    column: str
    before: str
    after: str


@dataclass(slots=True)
class Change:
    """A row that will be new or otherwise; ``since`` as in ``Differing``."""

    line: int
    key: str
    is_new: bool
    cells: list[Cell] = field(default_factory=list)
    since: str = ""


@dataclass(slots=True)
class Plan:
    """What an import would write, or has written."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    more_faults: int = 0
    notes: list[str] = field(default_factory=list)
    #: Columns of the file that the site writes itself.
    aside: list[str] = field(default_factory=list)
    #: Whether published facts change, so that visitors are owed a line.
    corrects: bool = False

    @property
    def new(self) -> list[Change]:
        """The rows that are new."""
        return [one for one in self.changes if one.is_new]

    @property
    def changed(self) -> list[Change]:
        """The rows that are there and will say something else."""
        return [one for one in self.changes if not one.is_new]

    @property
    def all_faults(self) -> int:
        """How many faults there are."""
        return len(self.faults) + self.more_faults

    @property
    def digest(self) -> str:
        """A hash of all that would be written: what somebody agreed to is what is done."""
        said = json.dumps([asdict(one) for one in self.changes], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


class _UndoneError(Exception):
    """The run is to leave nothing behind."""


class ChangedMeanwhileError(Exception):
    """Somebody changed the record between the preview and the import."""


def preview(table: ImportTable, sheet: Sheet, *, by: Any) -> Plan:
    """Return what bringing a sheet back would write. Nothing is written."""
    plan = Plan()
    try:
        with in_one_go(), noting() as noted:
            plan = _Run(table, sheet, by=by).run()
            plan.corrects = bool(noted.changed)
            raise _UndoneError
    except _UndoneError:
        return plan
    except StaleVersionError:
        plan.faults.append(Fault(0, "", _changed_meanwhile()))
        return plan


def bring_back(
    table: ImportTable,
    sheet: Sheet,
    *,
    by: Any,
    digest: str,
    reason: str,
    settle: Callable[[Noted], None],
) -> Plan:
    """Write what a sheet says otherwise, all of it or nothing, and return what was written.

    ``digest`` is the one of the preview that was agreed to; ``reason`` stands in the history
    of each row; ``settle`` tells visitors of what was corrected. Raises ChangedMeanwhileError
    where something else than the preview would be written, and what ``settle`` raises.
    """
    try:
        with in_one_go(), noting(reason) as noted:
            plan = _Run(table, sheet, by=by).run()
            if plan.faults or plan.digest != digest:
                raise ChangedMeanwhileError
            settle(noted)
    except StaleVersionError as error:
        raise ChangedMeanwhileError from error
    return plan


def _changed_meanwhile() -> str:
    return _("Somebody is changing these entries at this moment. Look at the preview again.")


class _Run:
    """One run over a sheet, inside a transaction of the caller."""

    def __init__(self, table: ImportTable, sheet: Sheet, *, by: Any) -> None:
        self.table = table
        self.sheet = sheet
        self.by = by
        self.known = Known()
        self.plan = Plan(notes=list(sheet.notes))
        self.matching = Matching(table, sheet, self.known)

    def run(self) -> Plan:
        if self.matching.columns_fit():
            self.matching.read()
            if self.table.links is not None:
                self._run_links(LinkMatching(self.matching, self.table.links))
            if self.table.resource is not None:
                self.matching.compare()
                self._check_rights(self.matching.differing)
                self._write(self._without_faults(self.matching.differing))
            elif self.table.links is None:
                self.matching.compare_only()
        self._note_left_aside()
        faults = sorted(self.sheet.faults, key=lambda one: one.line)
        self.plan.faults = faults[:MOST_FAULTS]
        self.plan.more_faults = len(faults) - len(self.plan.faults)
        self.plan.unchanged = self.matching.unchanged
        self.plan.changes.sort(key=lambda one: one.line)
        return self.plan

    # --- Links -----------------------------------------------------------------------------

    def _run_links(self, links: LinkMatching) -> None:
        lines = 0
        for order in list(links.orders()):
            lines += 1
            if not self._may(order.line, is_new=not {*order.after} <= {*order.before}):
                continue
            try:
                with transaction.atomic():
                    links.act(order, by=self.by)
            except ValidationError as error:
                self._blame(order.line, error)
                continue
            self._note_order(links, order)
        if self.table.resource is None:
            self.matching.note_links_aside()
            self.matching.unchanged = len(self.sheet.rows) - lines

    def _note_order(self, links: LinkMatching, order: NewOrder) -> None:
        cell = Cell(links.column, links.in_words(order.before), links.in_words(order.after))
        self.plan.changes.append(Change(order.line, order.parent, False, [cell]))

    # --- Rows that a resource writes ---------------------------------------------------------

    def _check_rights(self, rows: list[Differing]) -> None:
        for row in rows:
            if self._may(row.line, is_new=row.is_new):
                self._check_parts(row)

    def _may(self, line: int, *, is_new: bool) -> bool:
        if self.table.may(self.by, "add" if is_new else "change"):
            return True
        self.sheet.blame(
            line,
            "",
            _("You may not add entries to this table.")
            if is_new
            else _("You may not change entries of this table."),
        )
        return False

    def _check_parts(self, row: Differing) -> None:
        """Ask for the right to those linked: the form of the row shows them with it alone."""
        for column, right in self.table.parts.items():
            if column not in row.changed or (row.is_new and not row.cells[column]):
                continue
            app, _dot, model = right.partition(".")
            needed = ("add",) if row.is_new else ("add", "change", "delete")
            if not all(self.by.has_perm(f"{app}.{one}_{model}") for one in needed):
                self.sheet.blame(row.line, column, _("You may not change who is linked here."))

    def _without_faults(self, rows: list[Differing]) -> list[Differing]:
        """Return the rows that can be tried: what is wrong with the others is known already."""
        faulty = {fault.line for fault in self.sheet.faults}
        resource = self.matching.resource
        for row in rows:
            if row.line in faulty and resource is not None:
                # What refers to it is at no fault of its own.
                self.known.refuse(resource._meta.model, row.cells, row.key)
        return [row for row in rows if row.line not in faulty]

    def _write(self, rows: list[Differing]) -> None:
        resource = self.matching.resource
        if resource is None or not rows:
            return
        if len(rows) > MOST_DIFFERING:
            self.sheet.blame(
                rows[MOST_DIFFERING].line,
                "",
                _(
                    "Up to here the file changes %(rows)d entries, and more are not written at "
                    "once. Bring the rest in a file of its own."
                )
                % {"rows": MOST_DIFFERING},
            )
            return
        resource._meta.skip_diff = True  # the differences are told from the outcomes
        dataset = tablib.Dataset(headers=self.matching.written)
        for row in rows:
            dataset.append([row.cells[name] for name in self.matching.written])
        with transaction.atomic():
            result = resource.import_data(dataset, use_transactions=False, user=self.by)
        for base in result.base_errors:
            raise base.error
        for failed in result.error_rows:
            raise failed.errors[0].error
        for invalid in result.invalid_rows:
            self._blame(rows[invalid.number - 1].line, invalid.error)
        names = {theirs: ours for ours, theirs in self.matching.taken.items()}
        for outcome in resource.outcomes:
            row = rows[outcome.number - 1]
            if row.is_new and outcome.what != "created" and self.table.links is None:
                # Its rights were asked for a new entry, and nothing hidden was kept.
                self.sheet.blame(
                    row.line,
                    self.table.key[0],
                    _("This entry is there already. Write its key as it leaves."),
                )
                continue
            if outcome.what == "created":
                if self.table.numbers_itself and (same := _same_as(outcome.created, outcome.texts)):
                    self.sheet.blame(
                        row.line,
                        self.table.key[0],
                        _("%(reference)s says the very same already: leave this row out.")
                        % {"reference": same},
                    )
                    continue
                cells = [
                    Cell(names[name], "", text)
                    for name, text in outcome.texts.items()
                    if text and names[name] not in self.table.key
                ]
            elif outcome.before:
                cells = [
                    Cell(names[name], before, outcome.texts[name])
                    for name, before in outcome.before.items()
                ]
            else:
                self.matching.unchanged += 1
                continue
            self.plan.changes.append(Change(row.line, outcome.key, row.is_new, cells, row.since))

    def _blame(self, line: int, error: ValidationError) -> None:
        """Note what an action refuses under the columns of the file."""
        if not hasattr(error, "error_dict"):
            error = ValidationError({NON_FIELD_ERRORS: error})
        names = {theirs: ours for ours, theirs in self.matching.taken.items()}
        for column, errors in error.error_dict.items():
            for single in errors:
                if single.code == FOLLOWS:
                    continue
                shown = "" if column == NON_FIELD_ERRORS else names.get(column, column)
                empty = single.code in ("null", "blank")
                for message in [_("Fill this cell in.")] if empty else single.messages:
                    self.sheet.blame(line, shown, message)

    # --- What is said besides ----------------------------------------------------------------

    def _note_left_aside(self) -> None:
        self.plan.aside = [
            name
            for name in self.sheet.columns
            if name in self.matching.offered
            and name not in self.matching.taken
            and name not in self.table.key
            and name not in self.table.twins
            and not self.table.only_compared
            and not (self.table.links and name == "position")
        ]
        for name, lines in self.matching.left_aside.items():
            if name == "position" and self.table.links:
                continue
            shown = ", ".join(str(line) for line in lines[:20])
            self.plan.notes.append(
                _(
                    "“%(column)s” says something else than the record on line %(lines)s; that is "
                    "not taken over."
                )
                % {"column": name, "lines": shown + (", …" if len(lines) > 20 else "")}
            )


def _same_as(new: Any, cells: dict[str, str]) -> str:
    """Return the reference of an entry that says all that a new one says, '' for none.

    Whoever brings a file a second time would have each of its new rows twice.
    """
    new = type(new)._base_manager.get(pk=new.pk)
    of_its_own = {"reference", "version", *getattr(new, "DERIVED", ())}
    same = {
        column.attname: getattr(new, column.attname)
        for column in new._meta.concrete_fields
        if column.name not in of_its_own
        and not column.primary_key
        and not isinstance(column, DateTimeField | FoldedField)
    }
    if "quote" in of_its_own:
        same["quote"] = cells.get("quote", "")  # it follows from the passage in the end
    said = {name: value for name, value in same.items() if value is not None}
    unsaid = {f"{name}__isnull": True for name, value in same.items() if value is None}
    others = type(new)._base_manager.filter(**said, **unsaid, pk__lt=new.pk)
    return others.order_by("pk").values_list("reference", flat=True).first() or ""
