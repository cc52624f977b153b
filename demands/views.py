"""The pages of one demand: the whole record of it, and how its wording changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kptracker.lib.conditional import public_page
from kptracker.lib.listing import BadParameterError
from kptracker.lib.pages import MovedError, find, latest, record_page
from kptracker.lib.table_views import refusal
from statements.documents import documents_in
from statements.models import Organisation

from .choices import chosen, refuse_unknown
from .clocks import KNOWN_ON, ON, Clock, clock_of
from .comparing import comparison_of
from .models import Demand
from .quotes import quotes_in
from .record import mentions_of, record_of, record_then
from .then import then


@public_page
@record_page
def demand(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one demand."""
    rows = Demand.objects.public().select_related("theme", "parent", "superseded_by")
    row: Demand = find(rows, slug)
    try:
        clock = clock_of(request.GET)
        if clock:
            return _demand_then(request, row, clock)
        choices = chosen(request.GET)
    except BadParameterError as error:
        return refusal(request, error)
    record = record_of(row)
    addressees = Organisation.objects.public().filter(demand_links__demand=row)
    parts = list(Demand.objects.public().filter(parent=row).order_by("-asked_count", "reference"))
    supersedes = list(Demand.objects.public().filter(superseded_by=row).order_by("reference"))
    return render(
        request,
        "demands/demand.html",
        {
            "demand": row,
            "record": record,
            "years": record.years(choices["order"], choices["show"]),
            "choices": choices,
            "addressees": list(addressees.order_by("demand_links__position")),
            "parent": row.parent if row.parent and row.parent.is_published else None,
            "successor": (
                row.superseded_by if row.superseded_by and row.superseded_by.is_published else None
            ),
            "parts": parts,
            "supersedes": supersedes,
            "documents": documents_in([row.source_url, *record.sources]),
            "changed_at": latest(
                [row.changed_at, record.changed_at, *(part.changed_at for part in parts)]
            ),
        },
    )


def _demand_then(request: HttpRequest, row: Demand, clock: Clock) -> HttpResponse:
    """Show where a demand stood by a clock, and what had been said and judged by then.

    Raises BadParameterError for any other choice, and where it had not been published by then.
    """
    refuse_unknown(request.GET, [ON, KNOWN_ON])
    found = then(Demand.objects.public().filter(pk=row.pk).select_related("theme"), clock).first()
    if found is None:
        raise BadParameterError({KNOWN_ON: [_("This site had not published this demand by then.")]})
    found.as_of = clock.day
    record = record_then(found, clock)
    return render(
        request,
        "demands/demand_then.html",
        {
            "demand": found,
            "clock": clock,
            "record": record,
            "entries": record.entries[::-1],
            "changed_at": latest([row.changed_at, record.changed_at]),
        },
    )


@public_page
@record_page
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Show two wordings of one demand side by side."""
    rows = Demand.objects.public().select_related("theme")
    try:
        row: Demand = find(rows, slug)
    except MovedError as moved:
        raise MovedError(f"{moved.url}compare/") from None
    mentions = mentions_of(row)
    try:
        comparison = comparison_of(mentions, quotes_in(mentions), request.GET)
    except BadParameterError as error:
        return refusal(request, error)
    return render(
        request,
        "demands/compare.html",
        {
            "demand": row,
            "comparison": comparison,
            "changed_at": latest([row.changed_at, *(one.changed_at for one in mentions)]),
        },
    )
