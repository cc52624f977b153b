"""Permanent addresses lead to the present page: /d/D-001, /m/M-0001, /a/A-0001, /p/P-0001 …"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from kptracker.lib.listing import PAGE_SIZE
from kptracker.lib.models import Correction
from kptracker.lib.pages import GoneError, record_page
from kptracker.lib.publishing import PublishedModel, State
from statements.models import Person
from statements.permalinks import people_taken_down
from statements.shown_texts import without_bodies

from .changes import FACTS, REPLACED, Changes
from .in_place import address_of
from .models import Assessment, Demand, Mention, Passage

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


def passage(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead to a passage in its statement; to what was taken down, where it was.

    A passage that has no place in a text leads to its statement.
    """
    rows = Passage.objects.select_related("mention__demand", "mention__statement", "text").filter(
        mention__demand__state__in=KNOWN, mention__statement__state__in=KNOWN
    )
    rows = rows.defer("text__body").prefetch_related(without_bodies("mention__statement__texts"))
    row: Any = get_object_or_404(rows, reference=_usable(reference))
    statement = row.mention.statement
    if not statement.is_published:
        return HttpResponseRedirect(statement.get_absolute_url())
    if not row.mention.demand.is_published:
        return HttpResponseRedirect(row.mention.demand.get_absolute_url())
    return HttpResponseRedirect(
        address_of(row, row.text, statement) if row.is_placed else statement.get_absolute_url()
    )


def assessment(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead to a judgement's place on its demand's page."""
    rows = Assessment.objects.select_related("demand").filter(demand__state__in=KNOWN)
    row: Any = get_object_or_404(rows, reference=_usable(reference))
    url = reverse("demands:demand", args=[row.demand.slug])
    return HttpResponseRedirect(f"{url}#{row.reference}" if row.demand.is_published else url)


@record_page
def correction(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Lead to a correction in the list of all of them, on the page on which it stands today."""
    row: Any = Correction.objects.public().filter(reference=_usable(reference)).first()
    if row is None:
        raise _why_gone(reference)
    page = Changes(kinds=(REPLACED, FACTS)).before(row) // PAGE_SIZE + 1
    query = f"?page={page}" if page > 1 else ""
    return HttpResponseRedirect(f"{reverse('about_corrections')}{query}#{row.reference}")


def _why_gone(reference: str) -> Exception:
    """Return why a correction is not shown: its entry was taken down, or there never was one."""
    row: Any = Correction.objects.filter(reference=reference).first()
    entry = row.row if row else None
    if isinstance(entry, Person):
        entry = people_taken_down().filter(pk=entry.pk).first()
    if isinstance(entry, PublishedModel) and entry.state == State.TAKEN_DOWN:
        return GoneError(entry.taken_down_reason)
    return Http404()
