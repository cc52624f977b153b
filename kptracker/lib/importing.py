"""What all resources of the record share: columns as the files write them, rows through actions.

One django-import-export resource per table serves the command that loads the record, the
command that writes it, and the admin's import. A resource compares texts: the cell of the file,
the cell that the row would be written as now, and (in a load) the cell that the last load
wrote. So a load changes only what nobody edited since.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import ModelResource

from .columns_of_files import GoneError, KeyCell, Known, LinksCell, field_for, key_name
from .keeping import KeepsEdits, Outcome
from .publishing import PublishedModel, State

#: How many keys one query asks for: SQLite takes a limited number of parameters.
BATCH = 500
#: Which column to name when a rule that several tables share does not hold.
BLAME = {"taken_down_with_reason": "taken_down_reason"}


class RowLoader(BaseInstanceLoader):
    """Fetch the rows that a file names, many at a time."""

    def __init__(self, resource: "RecordResource", dataset: Any = None) -> None:
        super().__init__(resource, dataset)
        self.rows: dict[str, Any] = {}
        keys = [] if dataset is None or not dataset.headers else dataset.dict
        for start in range(0, len(keys), BATCH):
            for instance in resource.present(keys[start : start + BATCH]):
                self.rows[resource.key_of(resource.texts(instance))] = instance

    def get_instance(self, row: dict[str, str]) -> Any:
        """Return the row of the database, None where there is none yet."""
        return self.rows.get(self.resource.key_of(row))


class RecordResource(KeepsEdits, ModelResource):
    """A table of the record. ``Meta.fields`` are its file's columns, in the file's order.

    ``known`` finds rows by slug, code or reference and is shared by the resources of one load.
    ``new_state`` is the state of new rows where the file does not say it. ``remembered`` holds
    what the last load wrote, by key; None outside loads: then every difference is taken over.
    """

    _meta: Any

    #: The columns that name a row.
    key_columns: tuple[str, ...] = ("slug",)
    #: Columns that lead to rows of the same table: set when all rows are there.
    later: tuple[str, ...] = ()
    #: Columns that say whether a row is public: for new rows only.
    state_columns: tuple[str, ...] = ("state", "taken_down_reason")
    #: Columns that another resource of the same file writes.
    of_others: tuple[str, ...] = ()
    #: Which column to name when a rule of the database does not hold, by the rule's name.
    blame: dict[str, str] = {}
    #: Which column to name for an attribute of the model that has no column of its own.
    attributes: dict[str, str] = {}

    class Meta:
        abstract = True
        instance_loader_class = RowLoader
        skip_unchanged = True
        report_skipped = True

    def __init__(
        self,
        *,
        known: Known | None = None,
        new_state: str = State.DRAFT,
        remembered: dict[str, dict[str, str]] | None = None,
        overwrite: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.known = known or Known()
        self.new_state = new_state
        self.remembered = remembered
        self.overwrite = overwrite
        if remembered is not None:
            # Nobody looks at the differences in HTML that the admin's import shows.
            self._meta = copy(self._meta)
            self._meta.skip_diff = True
        columns = {one.column_name: one for one in self.fields.values()}
        self.by_column = {name: columns[name] for name in self.columns()}
        for one in self.by_column.values():
            one.widget.known = self.known
        #: Names in the file, for columns that refer to rows further down.
        self.coming: set[str] = set()
        self.outcomes: list[Outcome] = []
        self.progress: Callable[[int], Any] = lambda done: None
        #: Rows whose ``later`` columns wait: (row number, key, cells).
        self.waiting: list[tuple[int, str, dict[str, str]]] = []
        self._cleaned: dict[str, Any] = {}
        self._changed: list[str] = []
        self._wait = False
        self._outcome = Outcome("", "unchanged")

    # --- What the files look like ----------------------------------------------------

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Any:
        """Return the column of a model field, written as the files write it."""
        return field_for(field_name, django_field)

    @classmethod
    def columns(cls) -> list[str]:
        """Return every column that its file may have, in the file's order."""
        return list(cls._meta.fields)

    @classmethod
    def required(cls) -> list[str]:
        """Return the columns that its file must have."""
        return [name for name in cls.columns() if name not in cls.optional]

    def texts(self, instance: Any) -> dict[str, str]:
        """Return the cells by which a row of the database is written."""
        return {name: one.export(instance) for name, one in self.by_column.items()}

    def key_of(self, cells: dict[str, str]) -> str:
        """Return the key of a row, where a slug was changed the present one."""
        return "/".join(
            self.by_column[name].canonical(cells.get(name) or "") for name in self.key_columns
        )

    def canonical_key(self, key: str) -> str:
        """Return a key of the memory of loads as it would be written now."""
        return self.key_of(dict(zip(self.key_columns, key.split("/"), strict=True)))

    def those_there(self, keys: Sequence[str]) -> list[str]:
        """Return those of the keys that rows of the database have."""
        found: set[str] = set()
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            rows = [dict(zip(self.key_columns, key.split("/"), strict=True)) for key in batch]
            found.update(self.key_of(self.texts(row)) for row in self.present(rows))
        return [key for key in keys if key in found]

    def present(self, rows: Sequence[dict[str, str]]) -> Iterable[Any]:
        """Return the rows of the database that these rows of a file may mean."""
        first = self.by_column[self.key_columns[0]]
        wanted = {self.key_of(row).split("/")[0] for row in rows}
        if isinstance(first.widget, KeyCell):
            keys = {self.known.find(first.widget.model, key) for key in wanted}
            return self.get_queryset().filter(**{f"{first.attribute}__in": keys - {None}})
        return self.get_queryset().filter(**{f"{first.attribute}__in": wanted})

    # --- One row of a file -----------------------------------------------------------

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Refuse columns that the table has not: nobody should lose them unawares."""
        strange = [name for name in dataset.headers or () if name not in self.by_column]
        if strange:
            raise ValidationError(
                _("There is no column “%(name)s”. There are: %(known)s.")
                % {"name": strange[0], "known": ", ".join(self.by_column)}
            )
        name = key_name(self._meta.model, default="")
        self.coming = {str(row.get(name) or "") for row in dataset.dict} if self.later else set()

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Read every cell as text, also from files that hold numbers."""
        for name, value in row.items():
            row[name] = "" if value is None else str(value)
        number = kwargs.get("row_number", 0)
        self._outcome = Outcome(self.key_of(row), "unchanged", number=number)
        self._changed = []
        self._wait = False
        if self.remembered is not None:
            empty = [name for name in self.key_columns if not row.get(name)]
            if empty:
                raise ValidationError({name: _("A row needs its key.") for name in empty})

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> Any:
        """Import one row; note its name where it is refused."""
        result = super().import_row(row, instance_loader, **kwargs)
        if result.is_invalid():
            self.known.refuse(self._meta.model, row, self._outcome.key)
        return result

    def import_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        """Read the cells of one row, and set those that are to be taken over.

        Raises ValidationError, by column.
        """
        new = instance._state.adding
        if new and self.remembered is not None and self._outcome.key in self.remembered:
            self._outcome.what = "deleted"
            return
        present = None if new else self.texts(instance)
        wanted = self._clean(row, present)
        if self._outcome.what == "left_out":
            return
        texts = {name: self.by_column[name].widget.render(wanted[name]) for name in wanted}
        if present is None:
            self._changed = list(wanted)
            self._outcome.texts = texts
            self._set_state(instance, row)
        else:
            self._choose(present, texts)
        if self._wait:
            self.waiting.append((kwargs["row_number"], self._outcome.key, row))
        for name in self._changed:
            self.by_column[name].put(instance, wanted[name])
        self._cleaned = wanted

    def _clean(self, row: dict[str, str], present: dict[str, str] | None) -> dict[str, Any]:
        """Return the values of a row's cells; ``present`` are its cells in the database."""
        errors: dict[str, ValidationError] = {}
        wanted: dict[str, Any] = {}
        for name, one in self.by_column.items():
            if name not in row or name in self.of_others:
                continue
            try:
                if name in self.state_columns:
                    one.widget.clean(row[name], row=row)  # used for new rows only
                elif name in self.later and self._waits(name, row[name], present):
                    self._wait = True
                else:
                    wanted[name] = one.widget.clean(row[name], row=row)
            except GoneError:
                if present is None:
                    self._outcome.what = "left_out"
                else:
                    self._outcome.kept.append(name)
            except ValidationError as error:
                errors[name] = error
            except ValueError as error:
                errors[name] = ValidationError(str(error))
        if errors:
            raise ValidationError(errors)
        return wanted

    def _waits(self, name: str, cell: str, present: dict[str, str] | None) -> bool:
        """Tell whether a column that leads to the same table has to wait for the other rows."""
        one = self.by_column[name]
        if present is not None:
            # What is a circle now may be none when the other rows have changed.
            return one.canonical(cell) != present[name]
        return cell in self.coming and self.known.find(one.widget.model, cell) is None

    def _set_state(self, instance: Any, row: dict[str, str]) -> None:
        if isinstance(instance, PublishedModel):
            instance.state = row.get("state") or self.new_state
            instance.taken_down_reason = row.get("taken_down_reason") or ""

    def skip_row(
        self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        """Write nothing where nothing is to be taken over."""
        return not import_validation_errors and not self._changed

    # --- Writing ---------------------------------------------------------------------

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Write one row through the actions. Raises ValidationError, by column."""
        by = kwargs.get("user")
        linked = {
            name: self._cleaned[name]
            for name in self._changed
            if isinstance(self.by_column[name].widget, LinksCell)
        }
        try:
            self.write_row(
                instance, by=by, only_links=not is_create and len(linked) == len(self._changed)
            )
            for name, keys in linked.items():
                if is_create and not keys:
                    continue
                self.write_links(instance, name, keys, by=by)
        except ValidationError as error:
            raise ValidationError(self.errors_by_column(error)) from error
        self._outcome.what = "created" if is_create else "updated"
        if is_create:
            self._outcome.created = instance
            self.known.add(instance)

    def write_row(self, instance: Any, *, by: Any, only_links: bool) -> None:
        """Save the row, unless only its links differ."""
        if not only_links:
            self.act(instance, by=by)

    def act(self, instance: Any, *, by: Any) -> Any:
        """Save the row through the action of its room."""
        raise NotImplementedError

    def write_links(self, instance: Any, column: str, keys: Sequence[int], *, by: Any) -> None:
        """Set the links of one column through the action of its room."""
        raise NotImplementedError

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        """Note what was done."""
        self.outcomes.append(self._outcome)
        self.progress(len(self.outcomes))

    def errors_by_column(self, error: ValidationError) -> dict[str, list[ValidationError]]:
        """Return the errors of a row under the columns of the file instead of the model's."""
        if not hasattr(error, "error_dict"):
            return {NON_FIELD_ERRORS: error.error_list}
        columns = dict(self.attributes)
        for name, one in self.by_column.items():
            if one.attribute:
                for attribute in ("", "_first", "_last"):
                    columns.setdefault(f"{one.attribute}{attribute}", name)
                columns[name] = name
        found: dict[str, list[ValidationError]] = {}
        for attribute, errors in error.error_dict.items():
            for single in errors:
                column = columns.get(attribute) or self._blamed(single)
                found.setdefault(column, []).append(single)
        return found

    def _blamed(self, error: ValidationError) -> str:
        message = " ".join(error.messages)
        for rule in self._meta.model._meta.constraints:
            if str(rule.get_violation_error_message()) == message:
                for ending, column in (self.blame | BLAME).items():
                    if rule.name.endswith(ending):
                        return column
        return NON_FIELD_ERRORS

    # --- The second pass -------------------------------------------------------------

    def finish(self, *, by: Any = None) -> list[tuple[int, ValidationError]]:
        """Set the columns that lead to rows of the same table, now that all rows are there.

        Tried again while any succeeds: what was the other way round before may look like a
        circle until the other row has changed. Returns the row numbers that failed, and why.
        """
        waiting, self.waiting = self.waiting, []
        failed: list[tuple[int, ValidationError]] = []
        while waiting:
            failed, again = [], []
            for number, key, row in waiting:
                try:
                    self._finish_row(key, row, by=by)
                except ValidationError as error:
                    failed.append((number, error))
                    again.append((number, key, row))
            if len(again) == len(waiting):
                break
            waiting = again
        return failed

    def _finish_row(self, key: str, row: dict[str, str], *, by: Any) -> None:
        outcome = next((one for one in self.outcomes if one.key == key), None)
        instance = next(iter(self.present([row])), None)
        if outcome is None or instance is None:
            return  # the row itself was refused
        self._outcome = Outcome(key, outcome.what)
        names = [name for name in self.later if name in row]
        errors: dict[str, Any] = {}
        wanted = {}
        for name in names:
            try:
                wanted[name] = self.by_column[name].widget.clean(row[name], row=row)
            except ValidationError as error:
                errors[name] = error
        if errors:
            raise ValidationError(errors)
        texts = {name: self.by_column[name].widget.render(wanted[name]) for name in names}
        if outcome.what == "created":
            self._changed, self._outcome.texts = names, texts
        else:
            self._choose(self.texts(instance), texts)
        for name in self._changed:
            self.by_column[name].put(instance, wanted[name])
        if self._changed:
            try:
                self.act(instance, by=by)
            except ValidationError as error:
                raise ValidationError(self.errors_by_column(error)) from error
            if outcome.what == "unchanged":
                outcome.what = "updated"
        outcome.texts |= self._outcome.texts
        outcome.before |= self._outcome.before
        outcome.kept += [name for name in self._outcome.kept if name not in outcome.kept]

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Run the second pass (for imports of a single file)."""
        super().after_import(dataset, result, **kwargs)
        for number, error in self.finish(by=kwargs.get("user")):
            row = dict(zip(dataset.headers, dataset[number - 1], strict=True))
            result.append_invalid_row(number, row, error)
