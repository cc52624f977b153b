"""One demand as a file: its mentions as a table, or all that is known of it as JSON."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from kptracker.lib.bilingual import active_language, worded
from kptracker.lib.columns import TableExport, UnknownColumnError
from kptracker.lib.conditional import public_page
from kptracker.lib.listing import BadParameterError, refuse_unusable
from kptracker.lib.pages import MovedError, find, record_page
from kptracker.lib.table_files import Wanted, about, file_response, in_pieces, lines, named, written
from kptracker.lib.table_views import refusal

from . import exports
from .models import Demand


@public_page
@record_page
def demand_file(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """Hand out one demand: CSV, Excel and JSON Lines hold its mentions, JSON all of it."""
    try:
        refuse_unusable(request.GET, {}, ("columns",))
        row: Demand = find(Demand.objects.public(), slug)
    except MovedError as moved:
        raise MovedError(f"{moved.url.rstrip('/')}.{form}") from None
    except BadParameterError as error:
        return refusal(request, error, plain=True)
    wanted = _wanted(row, exports.MENTIONS, exports.MENTIONS.queryset().filter(demand=row))
    if form == "json":
        return _whole(row, wanted)
    columns = [name for name in request.GET.get("columns", "").split(",") if name]
    wanted.columns = columns or None
    try:
        return file_response(form, wanted)
    except UnknownColumnError as error:
        problem = BadParameterError({"columns": [str(error)]})
        return refusal(request, problem, plain=True)


def _wanted(row: Demand, export: TableExport, rows: QuerySet) -> Wanted:
    return Wanted(
        export,
        rows,
        language=active_language(),
        shows=f"{row.reference} {worded(row, 'title')}",
        address=f"{settings.SITE_URL}{row.get_absolute_url()}",
        name=f"demand-{row.slug}",
    )


def _whole(row: Demand, mentions: Wanted) -> StreamingHttpResponse:
    """Return a demand with its mentions, judgements and their evidence as one JSON object."""
    today = timezone.localdate()
    parts = {
        "demand": (exports.DEMANDS, exports.DEMANDS.queryset().filter(pk=row.pk)),
        "mentions": (exports.MENTIONS, mentions.rows),
        "assessments": (
            exports.ASSESSMENTS,
            exports.ASSESSMENTS.queryset().filter(demand=row).order_by("reference"),
        ),
        "evidence": (exports.EVIDENCE, exports.EVIDENCE.queryset().filter(assessment__demand=row)),
    }

    def content() -> Iterator[str]:
        yield written({**about(mentions, today), "table": "demand"})[:-1]
        for name, (export, rows) in parts.items():
            part = _wanted(row, export, rows)
            yield f',\n"{name}":['
            found: Any = lines(part, part.chosen(today))
            first = next(found, "")
            yield from chain([first], (f",\n{line}" for line in found))
            yield "]"
        yield "}\n"

    return named(mentions, today, "json", in_pieces(content()), "application/json")
