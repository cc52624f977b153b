"""The page of one demand: what is asked, where it stands, and the whole record of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kptracker.lib.conditional import public_page
from kptracker.lib.listing import BadParameterError
from kptracker.lib.pages import find, latest, record_page
from kptracker.lib.table_views import refusal
from statements.documents import documents_in
from statements.models import Organisation

from .models import Demand
from .record import NEWEST, OLDEST, record_of


def asked_order(request: HttpRequest) -> str:
    """Return the order of time that was asked for. Raises BadParameterError for another word."""
    orders = request.GET.getlist("order") or [NEWEST]
    if len(orders) > 1 or orders[0] not in (NEWEST, OLDEST):
        raise BadParameterError(
            {"order": [_("Choose one of: %(choices)s.") % {"choices": f"{NEWEST}, {OLDEST}"}]}
        )
    return orders[0]


@public_page
@record_page
def demand(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one demand."""
    rows = Demand.objects.public().select_related("theme", "parent", "superseded_by")
    row: Demand = find(rows, slug)
    try:
        order = asked_order(request)
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
            "years": record.years(order),
            "order": order,
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
