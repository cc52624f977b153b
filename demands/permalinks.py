"""Permanent addresses: /d/D-001, /m/M-0001 and /a/A-0001 lead to the present page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from kptracker.lib.publishing import State

from .models import Assessment, Demand, Mention

#: What visitors may know of: what is published, and what was and now says why it is gone.
KNOWN = (State.PUBLISHED, State.TAKEN_DOWN)


def _usable(reference: str) -> str:
    # PostgreSQL cannot compare with a NUL byte.
    if "\x00" in reference or len(reference) > 12:
        raise Http404
    return reference


def demand(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead to a demand."""
    rows = Demand.objects.filter(state__in=KNOWN)
    return HttpResponseRedirect(
        get_object_or_404(rows, reference=_usable(reference)).get_absolute_url()
    )


def mention(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead to a mention's place on its demand's page; to what was taken down, where it was."""
    rows = Mention.objects.select_related("demand", "statement").filter(
        demand__state__in=KNOWN, statement__state__in=KNOWN
    )
    row: Any = get_object_or_404(rows, reference=_usable(reference))
    if not row.demand.is_published:
        return HttpResponseRedirect(row.demand.get_absolute_url())
    if not row.statement.is_published:
        return HttpResponseRedirect(row.statement.get_absolute_url())
    return HttpResponseRedirect(f"{row.demand.get_absolute_url()}#{row.reference}")


def assessment(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead to a judgement's place on its demand's page."""
    rows = Assessment.objects.select_related("demand").filter(demand__state__in=KNOWN)
    row: Any = get_object_or_404(rows, reference=_usable(reference))
    url = reverse("demands:demand", args=[row.demand.slug])
    return HttpResponseRedirect(f"{url}#{row.reference}" if row.demand.is_published else url)
