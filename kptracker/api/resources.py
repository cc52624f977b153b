"""The tables of the API: for each its rows and columns, its filters, and the key of a row.

Rows come in the order of their key, which no two of them share and which never changes: a
reader who follows the pages sees each row once, whatever is published or taken down meanwhile.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from demands import tables as demand_tables
from kptracker.data.tables import LINKS, TABLES, key_of
from kptracker.lib.bilingual import active_language
from kptracker.lib.columns import Column, Kind, TableExport
from kptracker.lib.expressions import Number
from kptracker.lib.filtering import ListFilterSet
from kptracker.lib.listing import Table
from statements import tables as statement_tables

from . import parameters
from .parameters import KEY, Parameter

LISTS: dict[str, Table] = {
    table.name: table
    for table in (
        demand_tables.DEMANDS,
        demand_tables.MENTIONS,
        demand_tables.ASSESSMENTS,
        statement_tables.STATEMENTS,
        statement_tables.MEETINGS,
        statement_tables.PEOPLE,
        statement_tables.ORGANISATIONS,
    )
}
#: Parts a key of several columns; it is in no slug and needs no escape in an address.
PARTED = "~"
NUMBER = "[0-9]{1,5}"
#: The place of a speaker among those of a statement: a person whose name is not shown has no key.
PLACE = "place"


@dataclass(frozen=True)
class Resource:
    """One table of the API."""

    export: TableExport
    #: The list whose filters it takes; None for a table that is read whole.
    table: Table | None

    @property
    def name(self) -> str:
        """Its name in the address."""
        return self.export.name

    def columns(self, filters: ListFilterSet | None = None) -> list[Column]:
        """Return its columns in the reader's language, as of today or the day of ``filters``."""
        export = self.export if filters is None else filters.leaving(self.export)
        columns = export.columns(active_language(), timezone.localdate())
        # Every answer says once of which day it tells: a row has the same columns on any day.
        return [one for one in columns if one.name != "as_of"]

    @cached_property
    def key(self) -> tuple[Column, ...]:
        """The columns whose values make the key of a row; they are the same in any language."""
        columns = self.export.columns("en", date(2000, 1, 1))
        if self.name == "speakers":
            return (columns[0], Column(PLACE, PLACE, "", Kind.INTEGER))
        by_name = {column.name: column for column in columns}
        return tuple(by_name[name] for name in key_of(self.name, columns))

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        """The paths of the key's values from a row."""
        return tuple(str(column.expression) for column in self.key)

    @cached_property
    def key_pattern(self) -> str:
        """What a key looks like, as a regular expression."""
        parts = [NUMBER if one.kind == Kind.INTEGER else KEY for one in self.key]
        return PARTED.join(parts)

    @cached_property
    def _key_matcher(self) -> re.Pattern[str]:
        return re.compile(self.key_pattern)

    @property
    def filters(self) -> list[Parameter]:
        """Its filters, in the reader's language."""
        if self.table is None:
            return []
        filters: Any = self.table.filters  # mypy takes a class with a metaclass for unhashable
        return parameters.filters_of(filters, active_language())

    @property
    def moments(self) -> list[Parameter]:
        """Those of its filters that say of which day its rows tell."""
        names = getattr(self.table.filters, "moments", ()) if self.table else ()
        return [one for one in self.filters if one.name in names]

    @cached_property
    def how(self) -> list[Parameter]:
        """The parameters that choose no rows: columns and page."""
        return [
            self.fields,
            parameters.limit(),
            parameters.cursor(self.key_pattern),
        ]

    @cached_property
    def fields(self) -> Parameter:
        """The parameter that chooses columns."""
        columns = self.export.columns("en", date(2000, 1, 1))
        return parameters.fields([column.name for column in columns])

    def rows(self) -> QuerySet:
        """Return the public rows."""
        return self.export.queryset()

    def placed(self, rows: QuerySet) -> QuerySet:
        """Return rows with what their key needs."""
        if self.name != "speakers":
            return rows
        before = self.export.queryset().filter(statement=OuterRef("statement"))
        upto = Q(position__lt=OuterRef("position")) | Q(
            position=OuterRef("position"), id__lte=OuterRef("id")
        )
        return rows.annotate(**{PLACE: Number(before.filter(upto))})

    def in_order(self, rows: QuerySet) -> QuerySet:
        """Return rows in the order of their key."""
        if self.name == "speakers":  # their place, without counting it for every row
            return rows.order_by("statement__slug", "position", "id")
        return rows.order_by(*self.key_names)

    def parts(self, key: str) -> list[str | int] | None:
        """Return the values that a key is made of; None for what is no key."""
        if not self._key_matcher.fullmatch(key):
            return None
        return [
            int(part) if column.kind == Kind.INTEGER else part
            for column, part in zip(self.key, key.split(PARTED), strict=True)
        ]

    def after(self, rows: QuerySet, key: str) -> QuerySet:
        """Return the rows behind a key, whether or not there is a row of that key."""
        behind, equal = Q(), Q()
        for name, value in zip(self.key_names, self.parts(key) or [], strict=True):
            behind |= equal & Q(**{f"{name}__gt": value})
            equal &= Q(**{name: value})
        return rows.filter(behind)

    def with_key(self, rows: QuerySet, key: str) -> QuerySet:
        """Return the row of a key; a row with a slug is found by it as well."""
        values = self.parts(key) or []
        wanted = Q(**dict(zip(self.key_names, values, strict=True)))
        if self.has_slug and self.key_names != ("slug",):
            wanted |= Q(slug=key)
        return rows.filter(wanted)

    def first_key(self) -> str:
        """Return the key of the first row, '' where there is none."""
        rows = self.in_order(self.placed(self.rows()))
        first = rows.values_list(*self.key_names).first()
        return PARTED.join(map(str, first)) if first else ""

    @cached_property
    def model(self) -> Any:
        """The model of its rows."""
        return self.export.queryset().model

    @cached_property
    def has_slug(self) -> bool:
        """Whether its rows have pages that are called by a slug."""
        return any(one.name == "slug" for one in self.model._meta.get_fields())

    def address(self, key: str = "") -> str:
        """Return the full address of the table, or of the row of a key."""
        name = f"api_{self.name}_row" if key else f"api_{self.name}"
        return f"{settings.SITE_URL}{reverse(name, args=[key] if key else [])}"


RESOURCES: dict[str, Resource] = {
    table.name: Resource(table, LISTS.get(table.name)) for table in TABLES
}


def links_of(columns: Sequence[Column]) -> dict[str, str]:
    """Return to which table each column leads whose values are keys of other rows.

    Where two columns lead to one row, its reference and its slug, the reference does.
    """
    names = {column.name for column in columns}
    found = {}
    for column in columns:
        if column.kind != Kind.KEY or column.name not in LINKS:
            continue
        if column.name.replace("_slug", "_reference") in names and column.name.endswith("_slug"):
            continue
        table, _to = LINKS[column.name]
        found[column.name] = table
    return found
