"""The description of the API (OpenAPI 3.1), made from the columns and parameters it is made of."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from kptracker.data.package import AS_KNOWN
from kptracker.lib.columns import Column, Kind
from kptracker.lib.vocabularies import terms

from . import problems
from .resources import RESOURCES, Resource

VERSION = "1.0.0"
PROBLEM = {"$ref": "#/components/schemas/Problem"}


def described() -> dict[str, Any]:
    """Return the whole description, in the reader's language."""
    from .urls import urlpatterns

    generator = SchemaGenerator(patterns=urlpatterns, api_version=VERSION)
    found: dict[str, Any] = generator.get_schema(public=True)
    found["info"] |= {
        "title": _("KP Demand Tracker: the public record as JSON"),
        "summary": _("What civil society asked of the Kimberley Process, and what became of it."),
        "description": _(
            "Read-only, without a key. Rows come page by page in the order of their key; “next” is"
            " the address of the page behind. Columns mean what the dictionary at /data/ says."
            " A status is a judgement; where “provisional” is true, nobody of the coalition has"
            " confirmed it. Put /fr before the path for labels in French."
        ),
        "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
    }
    found["servers"] = [
        {"url": settings.SITE_URL, "description": _("labels in English")},
        {"url": f"{settings.SITE_URL}/fr", "description": _("labels in French")},
    ]
    found["tags"] = [
        {"name": one.name, "description": f"{one.export.title}. {one.export.row}"}
        for one in RESOURCES.values()
    ]
    found["components"] = {"schemas": _components(), "headers": _headers()}
    return found


class ReadSchema(AutoSchema):
    """One address, described by its view's resource instead of a serializer."""

    #: The statuses that an address can answer besides 200.
    refusals: tuple[int, ...] = (400, 429)

    @property
    def resource(self) -> Resource:
        return RESOURCES[self.view.name]

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> dict[str, Any]:
        """Return the operation. Everything here is asked with GET."""
        operation = {
            "operationId": self.operation_id(),
            "summary": self.summary(),
            "parameters": self.parameters(),
            "responses": {
                "200": {
                    "description": self.answer(),
                    "headers": {
                        "ETag": {"$ref": "#/components/headers/ETag"},
                        "Access-Control-Allow-Origin": {
                            "$ref": "#/components/headers/Access-Control-Allow-Origin"
                        },
                    },
                    "content": {"application/json": {"schema": self.body()}},
                },
                "304": {"description": _("What the reader holds (If-None-Match) is still so.")},
                **dict(map(_refusal, self.refusals)),
            },
            "tags": self.tags(),
        }
        return {name: value for name, value in operation.items() if value}

    def operation_id(self) -> str:
        raise NotImplementedError

    def summary(self) -> str:
        raise NotImplementedError

    def answer(self) -> str:
        return self.summary()

    def parameters(self) -> list[dict[str, Any]]:
        return []

    def tags(self) -> list[str]:
        return []

    def body(self) -> dict[str, Any]:
        raise NotImplementedError


class RootSchema(ReadSchema):
    """The root."""

    def operation_id(self) -> str:
        return "tables"

    def summary(self) -> str:
        return _("All tables, with their addresses")

    def body(self) -> dict[str, Any]:
        return {"$ref": "#/components/schemas/Tables"}


class DescriptionSchema(ReadSchema):
    """This description."""

    def operation_id(self) -> str:
        return "description"

    def summary(self) -> str:
        return _("This description")

    def body(self) -> dict[str, Any]:
        return {"type": "object", "required": ["openapi", "info", "paths"]}


class RowsSchema(ReadSchema):
    """A table."""

    refusals = (400, 404, 414, 429)

    def operation_id(self) -> str:
        return self.resource.name

    def summary(self) -> str:
        return str(self.resource.export.title)

    def parameters(self) -> list[dict[str, Any]]:
        return [one.described() for one in [*self.resource.filters, *self.resource.how]]

    def tags(self) -> list[str]:
        return [self.resource.name]

    def answer(self) -> str:
        return _("A page of the rows that fit, in the order of their key")

    def body(self) -> dict[str, Any]:
        row = {"$ref": f"#/components/schemas/{self.resource.name}"}
        return {
            "type": "object",
            "required": ["count", "next", "results"],
            "additionalProperties": False,
            "properties": {
                "as_of": _as_of(),
                "count": {
                    "type": "integer",
                    "minimum": 0,
                    "description": _("How many rows fit, on all pages together."),
                },
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": _("The address of the page behind; null on the last."),
                },
                "results": {"type": "array", "items": row},
            },
        }


class RowSchema(ReadSchema):
    """One row."""

    refusals = (400, 404, 410, 414, 429)

    def operation_id(self) -> str:
        return f"{self.resource.name}_row"

    def summary(self) -> str:
        return str(self.resource.export.row)

    def parameters(self) -> list[dict[str, Any]]:
        key: dict[str, Any] = {
            "name": "key",
            "in": "path",
            "required": True,
            "description": _("The key of the row: the end of its “url”."),
            "schema": {"type": "string", "pattern": f"^{self.resource.key_pattern}$"},
        }
        if example := self.resource.first_key():
            key["example"] = example
        return [key, *(one.described() for one in (self.resource.fields, *self.resource.moments))]

    def tags(self) -> list[str]:
        return [self.resource.name]

    def body(self) -> dict[str, Any]:
        return {"$ref": f"#/components/schemas/{self.resource.name}"}


def _refusal(status: int) -> tuple[str, dict[str, Any]]:
    described: dict[str, Any] = {
        "description": f"{problems.title_of(status)}. {problems.advice_on(status)}",
        "content": {problems.CONTENT_TYPE: {"schema": PROBLEM}},
    }
    if status == 429:
        described["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    return str(status), described


def _headers() -> dict[str, Any]:
    return {
        "ETag": {
            "description": _("The state of the answer: send it back as If-None-Match."),
            "required": True,
            "schema": {"type": "string"},
        },
        "Retry-After": {
            "description": _("For how many seconds to wait."),
            "required": True,
            "schema": {"type": "integer", "minimum": 1},
        },
        "Access-Control-Allow-Origin": {
            "description": _("Scripts of any site may read the answer."),
            "required": True,
            "schema": {"type": "string", "const": "*"},
        },
    }


def _components() -> dict[str, Any]:
    text, address = {"type": "string"}, {"type": "string", "format": "uri"}
    table = dict.fromkeys(("name", "title", "row"), text) | {"url": address, "columns": address}
    return {
        "Tables": {
            "type": "object",
            "required": ["title", "documentation", "description", "licence", "tables"],
            "properties": {
                "title": text,
                "documentation": address,
                "description": address,
                "licence": address,
                "tables": {
                    "type": "array",
                    "items": {"type": "object", "required": list(table), "properties": table},
                },
            },
        },
        "Problem": {
            "type": "object",
            "description": _("What is wrong and what to do (RFC 9457)."),
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": address,
                "title": text,
                "status": {"type": "integer"},
                "detail": text,
                "parameters": {
                    "type": "object",
                    "description": _("Each parameter that cannot be used, and why."),
                    "additionalProperties": {"type": "array", "items": text},
                },
            },
        },
        **{one.name: row_schema(one) for one in RESOURCES.values()},
    }


def row_schema(resource: Resource) -> dict[str, Any]:
    """Return the JSON Schema of a row: with ``fields`` only some of the columns are there."""
    columns = resource.columns()
    return {
        "type": "object",
        "description": str(resource.export.row),
        "required": ["url", "links"],
        "additionalProperties": False,
        "properties": {
            "url": {
                "type": "string",
                "format": "uri",
                "description": _("The address of this row in the API."),
            },
            **({"as_of": _as_of()} if resource.moments else {}),
            **dict(_values(columns)),
            "links": {
                "type": "object",
                "description": _("By column, the address in the API of the row it leads to."),
                "additionalProperties": {"type": "string", "format": "uri"},
            },
        },
    }


def _as_of() -> dict[str, Any]:
    said = _("Of which day the answer tells, where that is not today.")
    return {"type": "string", "description": said}


def _values(columns: Iterable[Column]) -> Iterable[tuple[str, dict[str, Any]]]:
    for column in columns:
        yield column.name, {"description": str(column.meaning)} | _value(column)


def _value(column: Column) -> dict[str, Any]:
    if column.kind == Kind.LIST:
        return {"type": "array", "items": {"type": "string"}}
    if column.kind == Kind.INTEGER:
        return {"type": ["integer", "null"]}
    if column.kind == Kind.YES_NO:
        return {"type": ["boolean", "null"]}
    if column.kind == Kind.DAY:
        return {"type": ["string", "null"], "format": "date"}
    if column.kind == Kind.DATE:
        return {"type": ["string", "null"], "pattern": f"^{AS_KNOWN}$"}
    if column.kind == Kind.CODE and column.vocabulary:
        return {"type": ["string", "null"], "enum": [*terms(column.vocabulary), None]}
    return {"type": ["string", "null"]}
