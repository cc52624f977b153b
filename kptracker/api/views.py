"""The views of the API: what there is, a table page by page, one row, and the description."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kptracker.lib.columns import Column, UnknownColumnError, choose
from kptracker.lib.conditional import stamp_of
from kptracker.lib.filtering import ListFilterSet, shown
from kptracker.lib.listing import FOREIGN, KEPT, LONGEST_QUERY, BadParameterError
from kptracker.lib.pages import GoneError, MovedError, find
from kptracker.lib.publishing import PublishedModel
from kptracker.lib.typed_rows import typed_rows
from statements.models import Person
from statements.permalinks import people_taken_down

from . import schema
from .parameters import USUAL, Parameter
from .problems import UnknownKeyError
from .resources import PARTED, RESOURCES, Resource, links_of

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


class Root(APIView):
    """The root: which tables there are."""

    schema = schema.RootSchema()

    def get(self, request: Request) -> Response:
        """Return the tables with their addresses."""
        _refuse(request, [])
        return Response(
            {
                "title": str(_("KP Demand Tracker: the public record as JSON")),
                "documentation": full(reverse("api_docs")),
                "description": full(reverse("api_openapi")),
                "licence": LICENCE,
                "tables": [
                    {
                        "name": one.name,
                        "title": str(one.export.title),
                        "row": str(one.export.row),
                        "url": one.address(),
                        "columns": full(reverse("data_table", args=[one.name])),
                    }
                    for one in RESOURCES.values()
                ],
            }
        )


class Rows(APIView):
    """A table, page by page."""

    name = ""
    schema = schema.RowsSchema()

    def get(self, request: Request) -> Response:
        """Return a page of the rows that fit.

        Raises BadParameterError and UnknownKeyError for parameters that cannot be used.
        """
        resource = RESOURCES[self.name]
        _refuse(request, [*resource.filters, *resource.how])
        return Response(page_of(resource, request.query_params, stamp_of(request._request)))


class Row(APIView):
    """One row, by its key."""

    name = ""
    schema = schema.RowSchema()

    def get(self, request: Request, key: str) -> Response:
        """Return the row.

        Raises Http404 where there is none, GoneError for one that was taken down, MovedError
        for a former slug.
        """
        resource = RESOURCES[self.name]
        moments = resource.moments
        _refuse(request, [resource.fields, *moments])
        if resource.parts(key) is None:
            raise Http404
        asked = any(one.name in request.query_params for one in moments)
        filters = _filters(resource, request.query_params) if asked else None
        columns = _chosen(resource, request.query_params, filters)
        everything = resource.rows() if filters is None else filters.queryset
        rows = resource.with_key(resource.placed(everything), key)
        for _key, row in _rows(resource, rows, columns):
            return Response({**({"as_of": filters.moment_words} if filters else {}), **row})
        _say_where_it_went(resource, key)
        raise Http404


class OpenApi(APIView):
    """The description of the API for programs (OpenAPI 3.1)."""

    schema = schema.DescriptionSchema()

    def get(self, request: Request) -> Response:
        """Return the description in the language of the address."""
        _refuse(request, [])
        return Response(schema.described())


class Nothing(APIView):
    """Whatever else is asked of the API."""

    schema = None

    def get(self, request: Request, rest: str = "") -> Response:
        """Lead on to the address with its last stroke. Raises Http404 for what is nowhere."""
        if rest and not rest.endswith("/"):
            query = request.META.get("QUERY_STRING", "")
            address = f"{full(request.path)}/"
            raise MovedError(f"{address}?{query}" if query else address)
        raise Http404


def full(path: str) -> str:
    """Return a path as the full address of this site."""
    return f"{settings.SITE_URL}{path}"


def page_of(resource: Resource, params: QueryDict, stamp: str) -> dict[str, Any]:
    """Return a page of a table: how many rows fit, where it goes on, and the rows.

    ``stamp`` is the number of the published record, for which the count holds.

    Raises BadParameterError and UnknownKeyError for parameters that cannot be used.
    """
    filters = _filters(resource, params)
    columns = _chosen(resource, params, filters)
    then = filters is not None and filters.moment
    everything = filters.queryset if filters is not None and then else resource.rows()
    rows = resource.placed(everything if filters is None else filters.qs).order_by()
    size = int(params.get("limit", USUAL))
    count = cache.get_or_set(_of_all_pages(resource, params, stamp), rows.count, KEPT)
    if "cursor" in params:
        rows = resource.after(rows, str(params["cursor"]))
    # Which rows first, and then their columns: those that read other tables are not asked of all.
    keys = list(resource.in_order(rows).values_list("pk", flat=True)[: size + 1])
    shown_rows = resource.placed(everything).filter(pk__in=keys)
    found = list(_rows(resource, resource.in_order(shown_rows), columns))
    behind = found[size - 1][0] if len(found) > size else ""
    return {
        **({"as_of": filters.moment_words} if filters is not None and then else {}),
        "count": count,
        "next": _following(resource, params, behind) if behind else None,
        "results": [row for _key, row in found[:size]],
    }


def _refuse(request: Request, known: Sequence[Parameter]) -> None:
    """Refuse parameters that are unknown or hold what they do not take.

    Raises BadParameterError, with a sentence for each.
    """
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
        raise BadParameterError({"": [_("The address is too long.")]}, status=414)
    by_name = {one.name: one for one in known}
    problems: dict[str, list[str]] = {}
    for name, values in request.query_params.lists():
        if FOREIGN.fullmatch(name):
            continue
        if name not in by_name:
            problems[shown(name)] = [_unknown(list(by_name))]
        elif why := by_name[name].refused(values):
            problems[name] = why
    if problems:
        raise BadParameterError(problems)


def _unknown(known: Sequence[str]) -> str:
    if not known:
        return _("This address takes no parameters.")
    return _("There is no such parameter here. There are: %s.") % ", ".join(known)


def _chosen(
    resource: Resource, params: QueryDict, filters: ListFilterSet | None = None
) -> list[Column]:
    """Return the columns asked for, all of them unless some are named."""
    columns = resource.columns(filters)
    if "fields" not in params:
        return columns
    try:
        return choose(columns, ",".join(params.getlist("fields")).split(","))
    except UnknownColumnError as error:
        raise BadParameterError({"fields": [str(error)]}) from None


def _filters(resource: Resource, params: QueryDict) -> ListFilterSet | None:
    """Return the filters with what is chosen; None for a table that has none.

    Raises UnknownKeyError where a filter names a row that nothing public has.
    """
    if resource.table is None:
        return None
    filters: ListFilterSet = resource.table.filters(data=params, queryset=resource.table.rows())
    if not filters.form.is_valid():
        raise BadParameterError(filters.form.errors)
    # A day that nothing can be told of is a key that leads nowhere: its form is right.
    if problems := filters.problems():
        raise UnknownKeyError(problems)
    return filters


def _rows(
    resource: Resource, rows: QuerySet, columns: Sequence[Column]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each row with its key: its address, the columns, and the addresses they lead to."""
    names = [column.name for column in columns]
    leads = [(names.index(name), name, RESOURCES[to]) for name, to in links_of(columns).items()]
    for values in typed_rows(rows, [*columns, *resource.key]):
        key = PARTED.join(map(str, values[len(columns) :]))
        links = {name: to.address(str(values[place])) for place, name, to in leads if values[place]}
        cells = zip(names, values[: len(columns)], strict=True)
        yield key, {"url": resource.address(key), **dict(cells), "links": links}


def _of_all_pages(resource: Resource, params: QueryDict, stamp: str) -> str:
    """Return the key of what all pages of one choice of filters have in common."""
    chosen = [(one.name, params.getlist(one.name)) for one in resource.filters]
    parts = repr((resource.name, chosen, timezone.localdate(), stamp))
    return f"api:{hashlib.blake2b(parts.encode(), digest_size=16).hexdigest()}"


def _following(resource: Resource, params: QueryDict, key: str) -> str:
    """Return the address of the page behind the row of a key."""
    kept = [
        (name, value)
        for name, values in params.lists()
        for value in values
        if name != "cursor" and not FOREIGN.fullmatch(name)
    ]
    return f"{resource.address()}?{urlencode([*kept, ('cursor', key)], safe='~,')}"


def _say_where_it_went(resource: Resource, key: str) -> None:
    """Tell a row that was taken down, or has another slug now, from one that never was.

    Raises GoneError or MovedError; returns where there is nothing to say.
    """
    model: Any = resource.model
    if resource.has_slug:
        gone = people_taken_down() if model is Person else None
        try:
            find(model.objects.public(), key, gone)
        except MovedError as moved:
            raise MovedError(resource.address(moved.slug), moved.slug) from None
        except Http404:
            pass
    if issubclass(model, PublishedModel) and "reference" in resource.key_names:
        row = model.objects.taken_down().filter(reference=key).first()
        if row is not None:
            raise GoneError(row.taken_down_reason)
