"""What leaves of assessments and their evidence."""

from datetime import date

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext_lazy as _

from kptracker.lib.columns import Column, Kind, both, coded, permalink
from kptracker.lib.expressions import (
    Cell,
    Iso,
    Number,
    UtcDay,
    condition,
    date_as_known,
    in_file_language,
    only_if,
)
from statements.exports import (
    LINK_ORDER,
    meeting,
    published,
    source,
)

from ..codes import AssessmentKind, Status
from ..models import Assessment, Evidence
from .wording import provisional_words


def assessment_columns(language: str, today: date) -> list[Column]:
    """Return the columns of assessments.csv."""
    holding = (
        Assessment.objects.counting()
        .filter(demand=OuterRef("demand"), kind=AssessmentKind.CHANGED)
        .order_by("-date_last", "-recorded_at", "-id")
    )
    current = ~Q(status=Status.NOT_ASSESSED) & Q(pk=Subquery(holding.values("pk")[:1]))
    judged = ~Q(status=Status.NOT_ASSESSED)
    provisional = Q(reviewed_by="")
    evidence = Evidence.objects.public().filter(assessment=OuterRef("pk"))
    return [
        Column("reference", "reference", _("The permanent key."), Kind.KEY, ours=True),
        permalink("a", "reference"),
        Column("demand_reference", "demand__reference", _("The demand."), Kind.KEY, ours=True),
        Column("demand_slug", "demand__slug", _("The same demand by its slug."), Kind.KEY),
        *both("demand_title", _("The same demand by its title."), "demand__title"),
        *coded("kind", "assessment_kind", _("A new judgement, or a confirmation."), language),
        Column("date", date_as_known("date"), _("Since when it holds, as known."), Kind.DATE),
        *coded("status", "status", _("Where the demand stands since."), language),
        *coded("reason", "reason", _("Why it is blocked or closed."), language),
        *coded(
            "brought_about_by", "brought_about_by", _("Who brought the outcome about."), language
        ),
        *both("rationale", _("What happened, in our own words.")),
        *meeting("meeting", language),
        Column("assessed_by", "assessed_by", _("Who judged.")),
        Column("reviewed_by", "reviewed_by", _("Who of the coalition confirmed it.")),
        Column(
            "provisional",
            condition(provisional),
            _("Whether nobody of the coalition has confirmed this judgement."),
            Kind.YES_NO,
        ),
        Column(
            "provisional_label",
            provisional_words(provisional, language),
            _("The column before, in words."),
        ),
        Column("recorded_on", UtcDay("recorded_at"), _("The day, in UTC, of its entry."), Kind.DAY),
        Column(
            "current",
            condition(current),
            _("Whether it is the judgement that holds now."),
            Kind.YES_NO,
        ),
        Column(
            "reviewed_on",
            Case(When(current, then=Iso("demand__reviewed_on")), default=Iso("date_last")),
            _("The last possible day of the judgement, or of what confirmed it since."),
            Kind.DAY,
        ),
        Column(
            "asked_again_since",
            only_if(
                judged & Q(demand__last_asked_first__isnull=False),
                condition(Q(demand__last_asked_first__gt=F("date_last"))),
            ),
            _("Whether the demand was asked again after the date of this judgement."),
            Kind.YES_NO,
        ),
        Column(
            "corrects",
            "corrects__reference",
            _("The judgement whose place it takes."),
            Kind.KEY,
            ours=True,
        ),
        Column(
            "corrected_by",
            "corrected_by__reference",
            _("The judgement that took its place: this one no longer counts."),
            Kind.KEY,
            ours=True,
        ),
        Column(
            "evidence_count",
            Number(evidence),
            _("How many pieces of evidence it rests on: see evidence.csv."),
            Kind.INTEGER,
        ),
        Column(
            "evidence_kinds",
            Cell(evidence, "kind", LINK_ORDER),
            _("Their kinds, in order."),
            Kind.LIST,
        ),
        *coded("confidence", "confidence", _("How sure we are."), language),
    ]


def assessment_rows() -> QuerySet:
    """Return the assessments of published demands, newest first."""
    return Assessment.objects.public().order_by("-date_last", "-recorded_at", "-id")


def evidence_columns(language: str, today: date) -> list[Column]:
    """Return the columns of evidence.csv."""
    shown = published("statement")
    return [
        Column(
            "assessment_reference",
            "assessment__reference",
            _("The judgement that rests on it."),
            Kind.KEY,
            ours=True,
        ),
        Column("position", "position", _("Its place in the order of evidence."), Kind.INTEGER),
        permalink("a", "assessment__reference"),
        Column(
            "demand_reference",
            "assessment__demand__reference",
            _("The demand."),
            Kind.KEY,
            ours=True,
        ),
        Column("demand_slug", "assessment__demand__slug", _("The same by its slug."), Kind.KEY),
        *coded("kind", "evidence_kind", _("The kind of evidence."), language),
        *coded("stance", "stance", _("Whether it bears the judgement out."), language),
        source(_("The public page, or document:NAME for a text that the coalition holds.")),
        Column(
            "statement_slug",
            only_if(shown, "statement__slug"),
            _("The statement, where it is one."),
            Kind.KEY,
        ),
        Column(
            "statement",
            only_if(shown, in_file_language("statement__title", language)),
            _("The same statement by its title."),
        ),
        Column("held", "held", _("The document and who holds it, where it is not public.")),
        Column("archived_url", "archived_url", _("An archived copy."), Kind.URL),
        Column("note", "note", _("Remarks.")),
    ]


def evidence_rows() -> QuerySet:
    """Return the evidence of public assessments."""
    return Evidence.objects.public().order_by("assessment__reference", "position", "id")
