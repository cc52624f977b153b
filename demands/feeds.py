"""Feeds of this room: what changed, each list, and each demand's own."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kptracker.lib import vocabularies
from kptracker.lib.atom import MOST, Entry, feed_response
from kptracker.lib.bilingual import worded
from kptracker.lib.conditional import public_page
from kptracker.lib.feeds import TableFeed, asked_of_feed, changed_at, list_feed, told_of
from kptracker.lib.listing import BadParameterError
from kptracker.lib.pages import MovedError, find, permalink, record_page
from kptracker.lib.table_views import refusal, takes_nothing

from . import tables
from .change_views import CHANGES, ChangeListing
from .changes import REPLACED, Change, ChangeFilters, Changes, with_before
from .codes import AssessmentKind
from .models import Assessment, Demand, Mention
from .standing import verb

_OF_THE_DEMAND = {"demand": OuterRef("pk")}


def _last(rows: Any, column: str) -> Coalesce:
    """Return the latest moment among public rows of a demand, else that of its own change."""
    newest = rows.filter(**_OF_THE_DEMAND).order_by(f"-{column}").values(column)[:1]
    return Coalesce(Subquery(newest), changed_at())


def _demand_moment() -> Greatest:
    """Return when a demand, a judgement or a mention of it last changed."""
    return Greatest(
        changed_at(),
        _last(Assessment.objects.public(), "recorded_at"),
        _last(Mention.objects.public(), "changed_at"),
    )


def _titled(what: str, demand: Demand) -> str:
    return _("%(what)s: %(title)s") % {"what": what, "title": worded(demand, "title")}


def _mention_title(mention: Mention) -> str:
    return _titled(verb(mention, mention.demand), mention.demand)


def _assessment_url(row: Assessment) -> str:
    return f"{row.demand.get_absolute_url()}#{row.reference}"


def _give_before(rows: dict[int, Any]) -> None:
    """Put on judgements the one that held before each."""
    for key, (_row, before) in with_before(list(rows)).items():
        rows[key].before = before


DEMANDS = TableFeed(
    table=tables.DEMANDS,
    moment=_demand_moment(),
    thing="demand",
    key="reference",
    title=lambda row: str(worded(row, "title")),
    template="demands/feeds/demand.html",
)
MENTIONS = TableFeed(
    table=tables.MENTIONS,
    # It is seen since its statement is, so both count.
    moment=Greatest("changed_at", "statement__changed_at"),
    thing="mention",
    key="reference",
    title=_mention_title,
    template="demands/feeds/mention.html",
    url=lambda row: f"{row.demand.get_absolute_url()}#{row.reference}",
)
ASSESSMENTS = TableFeed(
    table=tables.ASSESSMENTS,
    moment=F("recorded_at"),
    thing="assessment",
    key="reference",
    title=lambda row: str(worded(row.demand, "title")),
    template="demands/feeds/assessment.html",
    url=_assessment_url,
    finish=_give_before,
)

demands = list_feed(DEMANDS)
mentions = list_feed(MENTIONS)
assessments = list_feed(ASSESSMENTS)


def _judged(change: Change) -> Entry:
    row: Any = change.assessment
    if change.kind == REPLACED:
        did = _("Corrected")
    elif row.kind == AssessmentKind.CONFIRMED:
        did = _("Confirmed")
    else:
        did = vocabularies.label("status", row.status)
    return Entry(
        key=permalink("assessment", row.reference),
        path=_assessment_url(row),
        title=_titled(did, row.demand),
        updated=change.at,
        html=render_to_string("demands/feeds/judged.html", {"row": row, "before": change.before}),
        kind=change.kind,
    )


def _corrected(change: Change) -> Entry:
    one: Any = change.correction
    path = reverse("permalink_correction", args=[one.reference])
    return Entry(
        key=permalink("correction", one.reference),
        path=path,
        title=_("%(what)s: %(title)s")
        % {"what": _("Corrected"), "title": one.told.words(change.row)},
        updated=change.at,
        html=render_to_string("demands/feeds/corrected.html", {"one": one}),
        kind=change.kind,
    )


def _loaded(change: Change) -> Entry:
    # A load has no page of its own; its moment tells it from all others.
    key = f"{settings.SITE_URL}/changes/?recorded={change.at.isoformat()}"
    return Entry(
        key=key,
        path=change.url,
        title=_("The record was loaded"),
        updated=change.at,
        html=render_to_string("demands/feeds/loaded.html", {"change": change}),
        kind=change.kind,
    )


def entries_of(found: Iterable[Change]) -> list[Entry]:
    """Return changes as entries of a feed."""
    return [
        _corrected(one) if one.correction else _judged(one) if one.assessment else _loaded(one)
        for one in found
    ]


@public_page
def changes(request: HttpRequest) -> HttpResponse:
    """Tell of judgements and corrections, by the moment at which they were recorded."""
    try:
        listing: Any = asked_of_feed(CHANGES, request, ChangeListing)
    except BadParameterError as error:
        return refusal(request, error, plain=True)
    return feed_response(
        request,
        title=_("Changes"),
        about=told_of(listing),
        page=f"{listing.unfiltered}{listing.file_query}",
        entries=entries_of(listing.changes.page(0, MOST)),
    )


@public_page
@record_page
@takes_nothing
def demand(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell of one demand: each time it was raised, each judgement and correction of it."""
    try:
        row: Demand = find(Demand.objects.public(), slug)
    except MovedError as moved:
        raise MovedError(f"{moved.url.rstrip('/')}.atom") from None
    chosen = QueryDict(urlencode({"demand": row.slug}))
    filters = ChangeFilters(data=chosen, queryset=Assessment.objects.public())
    raised = MENTIONS.newest(Mention.objects.public().filter(demand=row))
    entries = [*entries_of(Changes(filters).page(0, MOST)), *raised]
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    title = str(worded(row, "title"))
    return feed_response(
        request,
        title=title,
        about=_("Each statement that raises it, and each judgement and correction of it."),
        page=row.get_absolute_url(),
        entries=entries[:MOST],
    )
