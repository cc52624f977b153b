"""The description of the download: a Data Package (specs.frictionlessdata.io, version 1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from kptracker.lib.columns import Column, Kind
from kptracker.lib.vocabularies import terms

from .tables import LINKS, key_of

LICENSE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}
#: A date as far as it is known.
AS_KNOWN = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"


def field(column: Column) -> dict[str, Any]:
    """Return a column as a Table Schema describes it."""
    described: dict[str, Any] = {
        "name": column.name,
        "type": "string",
        "description": str(column.meaning),
    }
    if column.kind == Kind.INTEGER:
        described["type"] = "integer"
    elif column.kind == Kind.DAY:
        described["type"] = "date"
    elif column.kind == Kind.YES_NO:
        described |= {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}
    elif column.kind == Kind.DATE:
        described["constraints"] = {"pattern": AS_KNOWN}
    elif column.kind == Kind.CODE and column.vocabulary:
        described["constraints"] = {"enum": list(terms(column.vocabulary))}
    return described


def schema(name: str, columns: Sequence[Column]) -> dict[str, Any]:
    """Return the Table Schema of a table: its columns, its key and where its keys lead."""
    described: dict[str, Any] = {"fields": [field(column) for column in columns]}
    if key := key_of(name, list(columns)):
        described["primaryKey"] = list(key)
    links = []
    for column in columns:
        if column.kind == Kind.KEY and column.name in LINKS:
            table, to = LINKS[column.name]
            reference = {"resource": "" if table == name else table, "fields": to}
            links.append({"fields": column.name, "reference": reference})
    if links:
        described["foreignKeys"] = links
    return described


def package(tables: Sequence[dict[str, Any]], *, made_at: datetime, version: str) -> dict[str, Any]:
    """Return the whole description; ``tables`` are its resources, ``version`` names the day."""
    return {
        "profile": "tabular-data-package",
        "name": "kptracker",
        "id": settings.SITE_URL,
        "title": "KP Demand Tracker: the whole public record",
        "description": (
            "What civil society has asked of the Kimberley Process since 2000, and what became "
            "of each demand. Statuses are judgements; those marked provisional were compiled "
            "from public sources and not confirmed by the coalition. In text cells that begin "
            "with one of = + - @ tab ' an apostrophe stands before it, so that no spreadsheet "
            "runs them: take it off."
        ),
        "homepage": settings.SITE_URL,
        "version": version,
        "created": made_at.isoformat(timespec="seconds"),
        "licenses": [LICENSE],
        "keywords": ["Kimberley Process", "conflict diamonds", "civil society"],
        "resources": list(tables),
    }


def resource(
    name: str, described: dict[str, Any], *, size: int, sha256: str, meaning: str = ""
) -> dict[str, Any]:
    """Return one table of the description: its file, what it holds and how it is written."""
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        **({"description": meaning} if meaning else {}),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "dialect": {"lineTerminator": "\r\n", "doubleQuote": True},
        "schema": described,
    }
