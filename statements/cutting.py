"""Words are cut out of rows, of their former versions and of whatever else remembers them."""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from re import Pattern
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kptracker.lib.belonging import (
    AROUND,
    entry_of,
    key_of,
    parent_field,
    place_in_words,
    text_columns,
)
from kptracker.lib.fields import FoldedField, SourceField
from kptracker.lib.models import BroughtFile, LoadedRow, OldSlug
from kptracker.lib.personal_data import places_of
from kptracker.lib.writing import author

from .models import Clearance, Intake, Original, Redaction, Statement, Text
from .models.originals import originals_storage
from .models.statements import HashField, text_hash

#: What stands in a text where words were removed.
MARK = "[…]"
#: What the memory of loads holds instead of a cell with the words: no text of ours is like it,
#: so the next load takes the cell for edited, and does not write the words again.
NOT_REMEMBERED = "[removed]"
#: The columns of a clearance in which words stand.
CLEARED = ("words", "why", "history_change_reason")
#: A slug of which less than this is left gets a random one.
SHORTEST_SLUG = 4

#: Called for each place in a text, from the last to the first, when ``text.body`` is without it:
#: statement, text, start, end, what stands there now.
Hook = Callable[[Statement, Text, int, int, str], None]
_hooks: list[Hook] = []


def on_cut(hook: Hook) -> None:
    """Have ``hook`` bring places in a text in step when words are removed from it."""
    if hook not in _hooks:
        _hooks.append(hook)


@dataclass
class Tally:
    """What was cut from one entry."""

    places: dict[str, int] = field(default_factory=dict)
    characters: int = 0
    versions: int = 0
    others: int = 0
    hashes: list[str] = field(default_factory=list)


class Cutting:
    """One removal, table by table.

    ``scope`` names the tables and in each the keys of the rows, None for all of them; ``about``
    is the entry that it is about.
    """

    def __init__(
        self,
        scope: dict[Any, set[Any] | None],
        pattern: Pattern[str],
        about: Any,
        *,
        by: Any,
        why: str,
    ) -> None:
        self.scope = scope
        self.pattern = pattern
        self.about = about
        self.by = by
        self.why = why.strip()
        self.tallies: dict[tuple[str, int], Tally] = {}
        self.entries: dict[tuple[str, int], Any] = {}
        self.texts_cut = False
        self.files: list[Any] = []
        #: Slugs by which the memory of loads must go on naming rows: "it is there no more".
        self.kept_slugs: set[str] = set()

    @property
    def found(self) -> bool:
        """Whether the words stood anywhere."""
        return bool(self.tallies)

    def run(self) -> None:
        """Cut the words out of everything."""
        self._cut_texts()
        slugs = self._cut_rows()
        self._cut_history()
        slugs |= self._cut_old_slugs()
        self._cut_clearances()
        self._cut_log_of_admin()
        self._cut_memory_of_loads(slugs)
        for entry in list(self.entries.values()):
            if isinstance(entry, Statement):
                self._delete_files(entry)
        self._forget_intakes()

    def log(self, kind: str) -> list[Redaction]:
        """Write down what was done, entry by entry."""
        user = self.by if getattr(self.by, "pk", None) else None
        rows = []
        for (table, key), tally in self.tallies.items():
            where = [
                f"{place} ({count})" if count > 1 else place
                for place, count in tally.places.items()
            ]
            if tally.versions:
                where.append(_("former versions (%(count)d)") % {"count": tally.versions})
            row = Redaction(
                table=table,
                row_id=key,
                where="; ".join(where) or _("notes about it"),
                characters=tally.characters,
                kind=kind,
                why=self.why,
                by=user,
                by_name=(user.get_full_name() or user.get_username()) if user else _("a command"),
                original_sha256="\n".join(tally.hashes),
            )
            row.full_clean()
            row.save()
            rows.append(row)
        return rows

    def _tally(self, entry: Any = None) -> Tally:
        entry = entry or self.about
        self.entries.setdefault(key_of(entry), entry)
        return self.tallies.setdefault(key_of(entry), Tally())

    def _rows(self, model: Any, of: Any = None) -> Any:
        """Return the rows of a table in the scope; ``of`` is the table of their versions."""
        # Below those that refuse to be changed; in the order of keys, so that they can be locked.
        rows: Any = QuerySet(of or model).order_by("pk")
        key = model._meta.pk.attname
        keys = self.scope.get(model, set())
        if keys is not None:
            rows = rows.filter(**{f"{key}__in": keys})
        return rows

    # --- Rows as they are now ---------------------------------------------------------------

    def _cut(self, text: str, mark: str = MARK) -> str:
        for start, end in reversed(places_of(self.pattern, text)):
            text = text[:start] + mark + text[end:]
        return text

    def _stands(self, text: str) -> bool:
        return bool(text) and bool(places_of(self.pattern, text))

    def _note(self, row: Any, column: str) -> None:
        tally = self._tally(entry_of(row))
        places = places_of(self.pattern, getattr(row, column))
        place = place_in_words(row, column)
        tally.places[place] = tally.places.get(place, 0) + len(places)
        tally.characters += sum(end - start for start, end in places)

    def _cut_texts(self) -> None:
        """Cut texts place by place, so that passages in them can follow."""
        if Text not in self.scope:
            return
        texts = self._rows(Text).select_related("statement").select_for_update(of=("self",))
        for text in texts:
            places = places_of(self.pattern, text.body)
            if not places:
                continue
            self.texts_cut = True
            self._note(text, "body")
            for start, end in reversed(places):
                text.body = text.body[:start] + MARK + text.body[end:]
                for hook in _hooks:
                    hook(text.statement, text, start, end, MARK)
            self._save(text, {"body"})

    def _cut_rows(self) -> dict[str, str]:
        """Cut all other words; return the slugs that were replaced, old to new."""
        slugs: dict[str, str] = {}
        for model in self.scope:
            for row in self._rows(model).select_for_update():
                changed = set()
                for column, mark in _columns(model).items():
                    value = getattr(row, column)
                    if not self._stands(value):
                        continue
                    self._note(row, column)
                    value = self._cut(value, mark)
                    if column == "slug":
                        slugs[row.slug] = value = free_slug(model, value)
                    setattr(row, column, value)
                    changed.add(column)
                if changed or _folded_behind(row):
                    self._save(row, changed)
        return slugs

    def _save(self, row: Any, changed: set[str]) -> None:
        """Save columns of a row past all rules, with a version of its history that says why."""
        columns = changed | {
            one.name
            for one in row._meta.concrete_fields
            if isinstance(one, FoldedField | HashField)
        }
        if hasattr(row, "version"):
            type(row)._base_manager.filter(pk=row.pk).update(version=F("version") + 1)
            row.version += 1
            row.changed_at = timezone.now()
            columns |= {"version", "changed_at"}
        author(row, self.by, _("personal data removed"))
        models.Model.save(row, update_fields=columns)

    # --- What is remembered -----------------------------------------------------------------

    def _cut_history(self) -> None:
        for model in self.scope:
            history = model.history.model
            columns = {**_columns(model), "history_change_reason": MARK}
            # What is derived has no history.
            columns = {name: columns[name] for name in columns if name in _names(history)}
            around = [name for name in AROUND if name in _names(history)]
            for row in self._rows(model, of=history):
                values = {
                    column: self._cut(getattr(row, column), mark)
                    for column, mark in columns.items()
                    if self._stands(getattr(row, column))
                }
                if values:
                    self._tally(_entry_of_version(model, row)).versions += 1
                if "body" in values:
                    values["sha256"] = text_hash(values["body"])
                if self.texts_cut:
                    # They may hold the beginning or the end of the words.
                    values |= dict.fromkeys(around, "")
                if values:
                    QuerySet(history).filter(pk=row.pk).update(**values)

    def _cut_old_slugs(self) -> dict[str, str]:
        """Forget former addresses with the words: they lead nowhere any more.

        Returns them with the present ones.
        """
        slugs = {}
        tables = {model._meta.label_lower: model for model in self.scope}
        for old in OldSlug.objects.filter(table__in=tables):
            row = self._rows(tables[old.table]).filter(pk=old.row_id).first()
            if row is not None and self._stands(old.slug):
                self._tally().others += 1
                slugs[old.slug] = row.slug
                old.delete()
        return slugs

    def _cut_clearances(self) -> None:
        """What was said to be publishable is not any more: forget that it was."""
        tables = {model._meta.label_lower: keys for model, keys in self.scope.items()}
        for rows in (Clearance.objects.all(), Clearance.history.all()):
            for row in rows.filter(table__in=tables):
                keys = tables[row.table]
                if keys is not None and row.row_id not in keys:
                    continue
                if any(self._stands(getattr(row, one, "") or "") for one in CLEARED):
                    self._tally().others += 1
                    QuerySet(type(row)).filter(pk=row.pk).delete()

    def _cut_log_of_admin(self) -> None:
        for model, keys in self.scope.items():
            rows = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
            if keys is not None:
                rows = rows.filter(object_id__in=[str(key) for key in keys])
            for row in rows:
                named, told = self._cut(row.object_repr), self._cut_json(row.change_message)
                if (named, told) != (row.object_repr, row.change_message):
                    self._tally().others += 1
                    rows.filter(pk=row.pk).update(object_repr=named[:200], change_message=told)

    def _cut_json(self, message: str) -> str:
        try:
            value = json.loads(message)
        except ValueError:
            return self._cut(message)
        cut = self._cut_value(value)
        return message if cut == value else json.dumps(cut)

    def _cut_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._cut(value)
        if isinstance(value, list):
            return [self._cut_value(one) for one in value]
        if isinstance(value, dict):
            return {key: self._cut_value(one) for key, one in value.items()}
        return value

    def _cut_memory_of_loads(self, slugs: dict[str, str]) -> None:
        """Let the next load of the record take what was cut for edited by staff."""
        for row in LoadedRow.objects.all():
            if row.values.get("slug", row.key) in self.kept_slugs:
                continue
            values = {
                name: NOT_REMEMBERED if isinstance(value, str) and self._stands(value) else value
                for name, value in row.values.items()
            }
            key = "/".join(slugs.get(part, part) for part in row.key.split("/"))
            if (values, key) != (row.values, row.key):
                self._tally().others += 1
                row.values, row.key = values, key
                row.save(update_fields=["values", "key"])

    # --- Files ------------------------------------------------------------------------------

    def _delete_files(self, statement: Statement) -> None:
        """Let go of the files that the statement came in; they are deleted at the commit."""
        tally = self._tally(statement)
        for original in Original.objects.there().filter(statement=statement):
            self.files.append((originals_storage(), original.file.name))
            tally.hashes.append(original.sha256)
            original.file, original.offered, original.removed_at = "", False, timezone.now()
            self._save(original, {"file", "offered", "removed_at"})
        statement.refresh_from_db()
        if statement.file:
            self.files.append((statement.file.storage, statement.file.name))
            tally.hashes.append(statement.file_sha256)
            statement.file, statement.file_sha256 = "", ""
            self._save(statement, {"file", "file_sha256"})

    def _forget_intakes(self) -> None:
        """Discard what is on its way in and may hold the words: it is no part of the record."""
        hashes = {one for tally in self.tallies.values() for one in tally.hashes}
        for row in Intake.objects.defer("content") if self.found else ():
            found = json.dumps(row.found, ensure_ascii=False)
            if row.sha256 in hashes or any(map(self._stands, (row.text, row.name, found))):
                row.delete()
        if self.found:
            # A workbook is packed: nobody sees from outside what it holds.
            BroughtFile.objects.all().delete()


def _names(model: Any) -> set[str]:
    return {one.name for one in model._meta.concrete_fields}


def _columns(model: Any) -> dict[str, str]:
    """Return the columns in which words can stand, and what is put there instead of them."""
    found = dict.fromkeys(text_columns(model), MARK)
    for one in model._meta.concrete_fields:
        if isinstance(one, SourceField | models.URLField) or one.name == "slug":
            found[one.name] = "-"
    return found


def _entry_of_version(model: Any, version: Any) -> Any:
    """Return the entry on which the row of a former version stands; None where it is gone."""
    row = model._base_manager.filter(pk=getattr(version, model._meta.pk.attname)).first()
    name = parent_field(model)
    if row is None and name:
        link = model._meta.get_field(name)
        row = link.related_model._base_manager.filter(pk=getattr(version, link.attname)).first()
    return entry_of(row) if row is not None else None


def _folded_behind(row: Any) -> bool:
    """Tell whether a folded column no longer follows from the others: a hook changed them."""
    for one in row._meta.concrete_fields:
        if isinstance(one, FoldedField):
            stored = getattr(row, one.attname)
            if one.pre_save(row, add=False) != stored:
                return True
    return False


def free_slug(model: Any, wanted: str) -> str:
    """Return a slug that nothing has or had, made of what is left of one."""
    text = re.sub(r"-+", "-", wanted).strip("-")
    if len(text) < SHORTEST_SLUG:
        text = f"{model._meta.model_name}-{secrets.token_hex(4)}"
    while (
        model._base_manager.filter(slug=text).exists()
        or OldSlug.objects.filter(table=model._meta.label_lower, slug=text).exists()
    ):
        text = f"{text[:90].rstrip('-')}-{secrets.token_hex(2)}"
    return text
