"""The public tables of this room: demands, mentions, assessments."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from kptracker.lib.listing import Order, Table, row_order

from . import exports
from .filters import DemandFilters
from .in_place import with_places
from .judgement_filters import AssessmentFilters
from .mention_filters import MentionFilters
from .models import Assessment, Demand, DemandAddressee, Evidence, Mention
from .strips import kept_years, with_strips


def _draw_demands(rows: QuerySet) -> QuerySet:
    return rows.select_related("parent").prefetch_related(
        Prefetch(
            "addressee_links",
            DemandAddressee.objects.select_related("organisation"),
            to_attr="shown_addressees",
        )
    )


def _give_strips(rows: Collection[Demand], stamp: str) -> None:
    with_strips(rows, years=kept_years(stamp))


def _draw_mentions(rows: QuerySet) -> QuerySet:
    return with_places(rows.select_related("demand", "statement", "statement__meeting", "speaker"))


def _draw_assessments(rows: QuerySet) -> QuerySet:
    return (
        rows.select_related("demand", "corrects")
        .annotate(replaced=Exists(Assessment.objects.filter(corrects=OuterRef("pk"))))
        .prefetch_related(Prefetch("evidence", Evidence.objects.public(), to_attr="shown_evidence"))
    )


DEMANDS = Table(
    name="demands",
    title=_("Demands"),
    url_name="demands:demands",
    filters=DemandFilters,
    rows=Demand.objects.public,
    drawn=_draw_demands,
    orders=[
        Order("asked", _("most often asked first"), ("-asked_count", "-last_raised_on", "id")),
        Order("raised", _("last raised first"), ("-last_raised_on", "-id")),
        Order("longest", _("first found first"), row_order("first_asked_last", "id")),
        Order("judged", _("last judged first"), row_order("-status_date_last", "-id")),
        Order("title", _("by title"), ("title_key", "id"), ("title_fr_key", "id")),
        Order("reference", _("by reference"), ("id",)),
    ],
    template="demands/demand_list.html",
    row_template="demands/rows/demand.html",
    export=exports.DEMANDS,
    finish=_give_strips,
)

MENTIONS = Table(
    name="mentions",
    title=_("Mentions"),
    url_name="demands:mentions",
    filters=MentionFilters,
    rows=Mention.objects.public,
    drawn=_draw_mentions,
    orders=[
        Order("newest", _("newest first"), ("-raised_on", "-id")),
        Order("oldest", _("oldest first"), ("raised_on", "id")),
        Order("reference", _("by reference"), ("id",)),
    ],
    template="demands/mention_list.html",
    row_template="demands/rows/mention.html",
    export=exports.MENTIONS,
)

ASSESSMENTS = Table(
    name="assessments",
    title=_("Judgements"),
    url_name="demands:assessments",
    filters=AssessmentFilters,
    rows=Assessment.objects.public,
    drawn=_draw_assessments,
    orders=[
        Order("newest", _("newest first"), ("-date_last", "-recorded_at", "-id")),
        Order("oldest", _("oldest first"), ("date_last", "recorded_at", "id")),
        Order("recorded", _("last recorded first"), ("-recorded_at", "-id")),
    ],
    template="demands/assessment_list.html",
    row_template="demands/rows/assessment.html",
    export=exports.ASSESSMENTS,
)
