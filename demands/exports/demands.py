"""What leaves of demands and themes."""

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from kptracker.lib.columns import Column, Kind, both, coded, permalink
from kptracker.lib.expressions import (
    Cell,
    Iso,
    Looked,
    Number,
    condition,
    date_as_known,
    in_file_language,
    only_if,
)
from statements.exports import (
    LINK_ORDER,
    changed_on,
    organisation_names,
    published,
    source_and_confidence,
)
from statements.link_exports import linked_organisation

from ..codes import AssessmentKind, Status
from ..models import Assessment, Demand, DemandAddressee, Theme
from ..querysets import YEARS_UNTIL_OLD, years_before
from .wording import provisional_words


def demand_columns(language: str, today: date) -> list[Column]:
    """Return the columns of demands.csv."""
    addressees = DemandAddressee.objects.filter(published("organisation"), demand=OuterRef("pk"))
    return [
        Column("reference", "reference", _("The permanent key."), Kind.KEY, ours=True),
        permalink("d", "reference"),
        Column("slug", "slug", _("The name of the page in its address."), Kind.KEY),
        *both("title", _("What is asked.")),
        *coded("kind", "demand_kind", _("A demand, a position or a commitment."), language),
        *_theme("theme", language),
        *_other_demand("parent", _("The wider demand of which it is a part."), language),
        *_other_demand("superseded_by", _("The demand that took its place."), language),
        *both("description", _("What is asked and why, in our own words.")),
        *_status(language, today),
        *_figures(),
        Column(
            "addressee_slugs",
            Cell(addressees, "organisation__slug", LINK_ORDER),
            _("Of whom it is asked, in order."),
            Kind.LIST,
        ),
        Column(
            "addressees",
            Cell(addressees, organisation_names(language), LINK_ORDER),
            _("The same organisations by name, in the same order."),
            Kind.LIST,
        ),
        Column("addressee_text", "addressee_text", _("The addressees, as the sources have it.")),
        *both("condition", _("The condition under which it is asked.")),
        *both("success_test", _("What would count as met.")),
        *source_and_confidence(language),
        changed_on(),
    ]


def _theme(path: str, language: str) -> list[Column]:
    return [
        Column("theme_slug", f"{path}__slug", _("The theme."), Kind.KEY),
        Column("theme", in_file_language(f"{path}__name", language), _("The theme by name.")),
    ]


def _other_demand(path: str, meaning: Any, language: str) -> list[Column]:
    return [
        Column(
            f"{path}_reference",
            only_if(published(path), f"{path}__reference"),
            meaning,
            Kind.KEY,
            ours=True,
        ),
        Column(
            f"{path}_slug",
            only_if(published(path), f"{path}__slug"),
            _("The same demand by its slug."),
            Kind.KEY,
        ),
    ]


def _status(language: str, today: date) -> list[Column]:
    """Return where a demand stands, with all that a status must not stand without."""
    judged = ~Q(status__in=[Status.NOT_ASSESSED, Status.NOT_APPLICABLE])
    counting = Assessment.objects.counting().filter(demand=OuterRef("pk"))
    current = counting.filter(kind=AssessmentKind.CHANGED).order_by(
        "-date_last", "-recorded_at", "-id"
    )
    reviewed = (
        counting.exclude(reviewed_by="")
        .filter(
            status=OuterRef("status"),
            reason=OuterRef("reason"),
            date_last__gte=OuterRef("status_date_last"),
        )
        .order_by("-date_last", "-recorded_at", "-id")[:1]
    )
    limit = years_before(today, YEARS_UNTIL_OLD)
    return [
        *coded("status", "status", _("Where it stands: a judgement of outcomes."), language),
        *coded("reason", "reason", _("Why it is blocked or closed."), language),
        *coded(
            "brought_about_by", "brought_about_by", _("Who brought the outcome about."), language
        ),
        Column(
            "status_date",
            date_as_known("status_date"),
            _("The day of the judgement that holds."),
            Kind.DATE,
        ),
        Column(
            "status_since",
            date_as_known("status_since"),
            _("Since when it has stood so without a break, as judged."),
            Kind.DATE,
        ),
        Column(
            "provisional",
            only_if(judged, condition(Q(provisional=True))),
            _("Whether nobody of the coalition has confirmed the judgement."),
            Kind.YES_NO,
        ),
        Column(
            "provisional_label",
            only_if(judged, provisional_words(Q(provisional=True), language)),
            _("The column before, in words."),
        ),
        Column(
            "reviewed_by",
            only_if(judged & Q(provisional=False), Looked(reviewed, "reviewed_by")),
            _("Who of the coalition confirmed it last."),
        ),
        Column(
            "reviewed_on",
            Iso("reviewed_on"),
            _("The day by which it was last judged or confirmed."),
            Kind.DAY,
        ),
        Column(
            "asked_again_since",
            only_if(
                judged & Q(last_asked_first__isnull=False),
                condition(Q(last_asked_first__gt=F("reviewed_on"))),
            ),
            _("Whether it was asked again after it was last judged or confirmed."),
            Kind.YES_NO,
        ),
        Column(
            "judged_long_ago",
            only_if(judged, condition(Q(reviewed_on__lt=limit))),
            _("Whether that is more than two years ago."),
            Kind.YES_NO,
        ),
        Column(
            "assessment_reference",
            only_if(judged, Subquery(current.values("reference")[:1])),
            _("The judgement that holds: its reference in assessments.csv."),
            Kind.KEY,
            ours=True,
        ),
        Column("judged_count", "judged_count", _("How often it was judged."), Kind.INTEGER),
    ]


def _figures() -> list[Column]:
    counts = [
        ("asked_count", _("On how many occasions it was asked, as far as the record goes.")),
        ("asked_by_members_count", _("On how many of these by members alone.")),
        ("criticised_count", _("On how many occasions its absence was criticised.")),
        ("criticised_by_members_count", _("On how many of these by members alone.")),
        ("welcomed_count", _("On how many occasions a step towards it was welcomed.")),
    ]
    dates = [
        ("first_asked", _("When it was first found to be asked.")),
        ("last_asked", _("When it was last asked.")),
        ("last_raised", _("When it was last asked or criticised.")),
    ]
    return [
        *(Column(name, name, meaning, Kind.INTEGER) for name, meaning in counts),
        *(Column(name, date_as_known(name), meaning, Kind.DATE) for name, meaning in dates),
    ]


def demand_rows() -> QuerySet:
    """Return the published demands, positions and commitments by reference."""
    return Demand.objects.public().order_by("reference", "id")


def addressee_columns(language: str, today: date) -> list[Column]:
    """Return the columns of demand_addressees.csv."""
    key = Column("demand_reference", "demand__reference", _("The demand."), Kind.KEY, ours=True)
    meaning = _("Of whom it is asked.")
    return linked_organisation("d", key, "demand__reference", meaning)(language, today)


def addressee_rows() -> QuerySet:
    """Return the links of published demands to the published organisations they are asked of."""
    links = DemandAddressee.objects.filter(published("demand"), published("organisation"))
    return links.order_by("demand__reference", "position", "id")


def theme_columns(language: str, today: date) -> list[Column]:
    """Return the columns of themes.csv."""
    demands = Demand.objects.public().filter(theme=OuterRef("pk"))
    return [
        Column("slug", "slug", _("The permanent key."), Kind.KEY),
        permalink("themes", "slug"),
        *both("name", _("The name.")),
        Column(
            "demand_count",
            Number(demands),
            _("How many demands, positions and commitments it has."),
            Kind.INTEGER,
        ),
    ]


def theme_rows() -> QuerySet:
    """Return the themes by name."""
    return Theme.objects.public().order_by("name_key", "id")
