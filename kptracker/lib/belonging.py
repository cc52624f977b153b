"""Which entry a row of the record stands on, and where in it there are words.

An entry has a page of its own and a state: a statement, a demand, a person. Other rows stand on
one: a text or a speaker on its statement, a judgement on its demand. Personal data are looked
for, cleared and removed entry by entry, in every table that is part of it, without this module
knowing any table by name.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst

from .fields import FoldedField, ReferenceField, SourceField
from .models import Correction
from .publishing import PublishedModel

Row = Any
#: A class of model. Its managers are asked for more than Django's types know of.
Model = Any

#: Words around a quote: they are derived from its text.
AROUND = ("prefix", "suffix")
_stands_on: dict[Model, str] = {}
_columns: dict[Model, tuple[str, ...]] = {}
_paths: dict[Model, list[tuple[Model, str]]] = {}


def stands_on(model: Model, field: str) -> None:
    """Say through which field rows of ``model`` belong to their entry.

    Needed only where that is not the first link that every row has.
    """
    _stands_on[model] = field


def _links(model: Model) -> list[Any]:
    """Return the links that every row of a model has to another row of the record."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and not field.null
        and hasattr(field.related_model, "history")
    ]


def parent_field(model: Model) -> str:
    """Return the field that leads from a row towards its entry; '' for an entry itself."""
    if model not in _stands_on:
        links = [] if issubclass(model, PublishedModel) else _links(model)
        _stands_on[model] = links[0].name if links else ""
    return _stands_on[model]


@cache
def tables() -> tuple[Model, ...]:
    """Return the tables of the record: those that keep a history and know what is public."""
    return tuple(
        model
        for model in apps.get_models()
        if hasattr(model, "history") and hasattr(model._default_manager, "public")
    )


def entry_of(row: Row) -> Row:
    """Return the entry on whose page a row stands; the row itself where it has its own."""
    if isinstance(row, Correction):
        row = row.row or row
    while name := parent_field(type(row)):
        row = getattr(row, name)
    return row


def key_of(entry: Row) -> tuple[str, int]:
    """Return table and key by which something is kept about an entry."""
    return entry._meta.label_lower, entry.pk


def seen(model: Model) -> models.QuerySet:
    """Return the rows of a table of which visitors read anything."""
    manager = model._default_manager
    return manager.seen() if hasattr(manager, "seen") else manager.public()


def parts_of(entry: Row) -> Iterator[tuple[Model, models.QuerySet]]:
    """Yield the rows that stand on an entry, table by table; first the entry itself."""
    scope = scope_of(entry)
    for model in scope:
        yield model, model._base_manager.filter(pk__in=scope[model])


def scope_of(entry: Row) -> dict[Model, set[Any]]:
    """Return the keys of all rows that stand or ever stood on an entry, by table.

    Also of rows that were deleted since: their history is there.
    """
    scope: dict[Model, set[Any]] = {type(entry): {entry.pk}}
    waiting = [model for model in apps.get_models() if hasattr(model, "history")]
    grown = True
    while grown:
        grown = False
        for model in list(waiting):
            name = parent_field(model)
            parent = model._meta.get_field(name).related_model if name else None
            if parent not in scope or model in scope:
                continue
            where = {f"{name}__in": list(scope[parent])}
            keys = set(model._base_manager.filter(**where).values_list("pk", flat=True))
            keys |= set(
                model.history.filter(**where).values_list(model._meta.pk.attname, flat=True)
            )
            scope[model] = keys
            grown = True
    scope[Correction] = _corrections_of(scope)
    return scope


def _corrections_of(scope: dict[Model, set[Any]]) -> set[int]:
    """Return the keys of what is told of rows: it names them by table and key."""
    found: set[int] = set()
    for model, keys in scope.items():
        rows = Correction.objects.filter(table=model._meta.label_lower, row_id__in=list(keys))
        found.update(rows.values_list("pk", flat=True))
    return found


def shown_with(entry: Row) -> Iterator[models.QuerySet]:
    """Yield the rows that visitors see only while they see this entry, and do see now.

    A mention is among those of its statement and of its demand.
    """
    for model, path in _paths_to(type(entry)):
        yield seen(model).filter(**{path: entry})


def _paths_to(entry: Model) -> list[tuple[Model, str]]:
    """Return the tables without a state of their own, each with a way to its entry."""
    if entry not in _paths:
        found: dict[Model, set[str]] = {entry: {""}}
        grown = True
        while grown:
            before = sum(map(len, found.values()))
            for model in tables():
                if issubclass(model, PublishedModel):
                    continue
                for link in _links(model):
                    for path in set(found.get(link.related_model, ())):
                        whole = f"{link.name}__{path}".removesuffix("__")
                        found.setdefault(model, set()).add(whole)
            grown = sum(map(len, found.values())) > before
        _paths[entry] = [(model, path) for model in found for path in sorted(found[model]) if path]
    return _paths[entry]


def text_columns(model: Model) -> tuple[str, ...]:
    """Return the columns of a table in which somebody wrote words: no codes, keys or hashes."""
    if model not in _columns:
        _columns[model] = _columns_with_words(model)
    return _columns[model]


def _columns_with_words(model: Model) -> tuple[str, ...]:
    return tuple(
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not isinstance(
            field,
            FoldedField | SourceField | models.URLField | models.SlugField | ReferenceField,
        )
        and not field.name.endswith("sha256")
        and field.name not in (*AROUND, "table", "facts")
    )


def place_in_words(row: Row, column: str) -> str:
    """Return where words stand, as staff read it: "Text (…): body"."""
    model = type(row)
    label = model._meta.get_field(column).verbose_name
    if parent_field(model) == "":
        return capfirst(str(label))
    # A row's own name may hold the words.
    named = getattr(row, "reference", "") or ""
    table = " ".join(part for part in (capfirst(str(model._meta.verbose_name)), named) if part)
    return table if str(label).lower() == table.lower() else f"{table}, {label}"
