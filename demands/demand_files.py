"""One demand as a file: its mentions as a table, or all that is known of it as JSON."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from kptracker.lib.bilingual import active_language, worded
from kptracker.lib.columns import Column, TableExport, UnknownColumnError
from kptracker.lib.conditional import public_page
from kptracker.lib.listing import BadParameterError, refuse_unusable
from kptracker.lib.pages import MovedError, find, record_page
from kptracker.lib.table_files import Wanted, about, file_response, in_pieces, lines, named, written
from kptracker.lib.table_views import refusal

from . import exports
from .clocks import KNOWN_ON, ON, Clock, clock_of
from .models import Demand
from .then import counting, export_then, said, then


@public_page
@record_page
def demand_file(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """Hand out one demand: CSV, Excel and JSON Lines hold its mentions, JSON all of it."""
    try:
        refuse_unusable(request.GET, {}, ("columns", ON, KNOWN_ON))
        row: Demand = find(Demand.objects.public(), slug)
        clock = clock_of(request.GET)
        if clock and form != "json":
            raise BadParameterError({_day(clock): [_("Of another day there is JSON only.")]})
        if clock and not then(Demand.objects.public(), clock).filter(pk=row.pk).exists():
            raise BadParameterError(
                {KNOWN_ON: [_("This site had not published this demand by then.")]}
            )
    except MovedError as moved:
        raise MovedError(f"{moved.url.rstrip('/')}.{form}") from None
    except BadParameterError as error:
        return refusal(request, error, plain=True)
    rows = exports.MENTIONS.queryset().filter(demand=row)
    if clock:
        rows = rows.filter(pk__in=said(clock).order_by().values("pk"))
    wanted = _wanted(row, exports.MENTIONS, rows)
    if form == "json":
        return _whole(row, wanted, clock)
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


def _day(clock: Clock) -> str:
    return ON if clock.on else KNOWN_ON


def _uncorrected() -> TableExport:
    """Return judgements without what took their place later: nobody knew that then."""

    def columns(language: str, today: date) -> list[Column]:
        found = exports.ASSESSMENTS.columns(language, today)
        return [one for one in found if not one.name.startswith("corrected_by")]

    return replace(exports.ASSESSMENTS, columns=columns)


def _whole(row: Demand, mentions: Wanted, clock: Clock) -> StreamingHttpResponse:
    """Return a demand with its mentions, judgements and their evidence as one JSON object."""
    today = timezone.localdate()
    demand, rows = exports.DEMANDS, exports.DEMANDS.queryset().filter(pk=row.pk)
    judgements = exports.ASSESSMENTS.queryset().filter(demand=row)
    evidence = exports.EVIDENCE.queryset().filter(assessment__demand=row)
    told = {}
    if clock:
        demand, rows = export_then(demand, clock), then(rows, clock)
        counted = counting(clock).filter(demand=row).order_by().values("pk")
        judgements = judgements.filter(pk__in=counted)
        evidence = evidence.filter(assessment__in=counted)
        told = {"as_of": clock.name}
        mentions.name = f"{mentions.name}-{clock.name}"
    parts = {
        "demand": (demand, rows),
        "mentions": (exports.MENTIONS, mentions.rows),
        "assessments": (
            _uncorrected() if clock else exports.ASSESSMENTS,
            judgements.order_by("reference"),
        ),
        "evidence": (exports.EVIDENCE, evidence),
    }

    def content() -> Iterator[str]:
        yield written({**about(mentions, today), **told, "table": "demand"})[:-1]
        for name, (export, rows) in parts.items():
            part = _wanted(row, export, rows)
            yield f',\n"{name}":['
            found: Any = lines(part, part.chosen(today))
            first = next(found, "")
            yield from chain([first], (f",\n{line}" for line in found))
            yield "]"
        yield "}\n"

    return named(mentions, today, "json", in_pieces(content()), "application/json")
