"""What leaves of demands, mentions, assessments, evidence and themes.

Each table is a list of columns (``kptracker.lib.columns``) and its public rows. A status never
leaves without its date, its reason and whether somebody of the coalition confirmed it; a
mention never without whether its words are the speaker's or ours.
"""

from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kptracker.lib.columns import Column, Kind, TableExport, both, coded, permalink
from kptracker.lib.expressions import (
    Cell,
    Iso,
    Looked,
    Number,
    OrElse,
    UtcDay,
    condition,
    date_as_known,
    in_file_language,
    only_if,
)
from statements.exports import (
    LINK_ORDER,
    changed_on,
    meeting,
    organisation_names,
    published,
    source,
    source_and_confidence,
)
from statements.models import StatementSpeaker
from statements.models.statements import COUNTED_VOICES
from statements.querysets import FUNCTION_ONLY, SHOWN, public_person

from .codes import AssessmentKind, MentionKind, Status
from .models import Assessment, Demand, DemandAddressee, Evidence, Mention, Theme
from .querysets import YEARS_UNTIL_OLD, years_before


def words(rule: Q, language: str, true: Any, false: Any) -> Case:
    """Return one of two lazy texts, in the language of the file."""
    with translation.override(language):
        yes, no = str(true), str(false)
    return Case(When(rule, then=Value(yes)), default=Value(no), output_field=CharField())


def provisional_words(rule: Q, language: str) -> Case:
    """Return what a reader understands by a provisional judgement."""
    return words(
        rule,
        language,
        _("provisional: compiled from public sources, not confirmed by the coalition"),
        _("confirmed by the coalition"),
    )


# --- Demands ----------------------------------------------------------------------------


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


# --- Mentions ---------------------------------------------------------------------------


def mention_columns(language: str, today: date) -> list[Column]:
    """Return the columns of mentions.csv."""
    named = public_person("speaker__")
    # One row at most, so nothing to sort.
    role = StatementSpeaker.objects.order_by().filter(
        statement=OuterRef("statement"), person=OuterRef("speaker")
    )
    in_words = OrElse("role__role_fr", "role__role")
    if language != "fr":
        in_words = OrElse("role__role", "role__role_fr")
    with_function = Q(speaker__state="published", speaker__public_name__in=(SHOWN, FUNCTION_ONLY))
    verbatim = ~Q(quote="")
    return [
        Column("reference", "reference", _("The permanent key."), Kind.KEY, ours=True),
        permalink("m", "reference"),
        Column("demand_reference", "demand__reference", _("The demand."), Kind.KEY, ours=True),
        Column("demand_slug", "demand__slug", _("The same demand by its slug."), Kind.KEY),
        *both("demand_title", _("The same demand by its title."), "demand__title"),
        Column("statement_slug", "statement__slug", _("The statement."), Kind.KEY),
        *both("statement_title", _("The statement by its title."), "statement__title"),
        Column("date", date_as_known("statement__date"), _("Its date, as known."), Kind.DATE),
        *meeting("statement__meeting", language),
        *coded("voice", "voice", _("In whose name."), language, "statement__voice"),
        *coded("kind", "mention_kind", _("Asked, criticised or welcomed."), language),
        Column(
            "counted",
            condition(Q(statement__voice__in=COUNTED_VOICES) & ~Q(kind=MentionKind.WELCOMED)),
            _("Whether it counts: the coalition or a member asks or criticises."),
            Kind.YES_NO,
        ),
        Column(
            "speaker_slug",
            only_if(named, "speaker__slug"),
            _("Who said it, where one is named and may be."),
            Kind.KEY,
        ),
        Column("speaker", only_if(named, "speaker__full_name"), _("The same person by name.")),
        Column(
            "speaker_role",
            only_if(with_function, Looked(role, in_words)),
            _("The function of the speaker at the time."),
        ),
        *both("paraphrase", _("What was said, in our own words.")),
        Column(
            "wording",
            Case(
                When(verbatim, then=Value("verbatim")),
                default=Value("paraphrase"),
                output_field=CharField(),
            ),
            _("verbatim: the quote holds the very words; paraphrase: all words are ours."),
            Kind.CODE,
            ours=True,
        ),
        Column(
            "wording_label",
            words(verbatim, language, _("word for word"), _("in our own words")),
            _("The column before, in words, in the language of the file."),
        ),
        Column("quote", "quote", _("The very words, where they are held.")),
        *coded("quote_language", "language", _("The language of the quote."), language),
        *coded(
            "text_seen",
            "text_seen",
            _("How much of the statement's text was seen."),
            language,
            "statement__text_seen",
        ),
        *source_and_confidence(language),
    ]


def mention_rows() -> QuerySet:
    """Return the public mentions, newest first."""
    return Mention.objects.public().order_by("-raised_on", "-id")


# --- Assessments and their evidence -----------------------------------------------------


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


# --- Themes -----------------------------------------------------------------------------


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


DEMANDS = TableExport("demands", demand_columns, demand_rows)
MENTIONS = TableExport("mentions", mention_columns, mention_rows)
ASSESSMENTS = TableExport("assessments", assessment_columns, assessment_rows)
EVIDENCE = TableExport("evidence", evidence_columns, evidence_rows)
THEMES = TableExport("themes", theme_columns, theme_rows)

TABLES = (DEMANDS, MENTIONS, ASSESSMENTS, EVIDENCE, THEMES)
