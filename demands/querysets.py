"""What a visitor may see of demands, mentions, assessments and their evidence."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kptracker.lib.append_only import AppendOnlyQuerySet
from kptracker.lib.publishing import PublicQuerySet, State

from .codes import ENDED, DemandKind, Status

#: A judgement older than this says "not judged since" and is hatched in charts.
YEARS_UNTIL_OLD = 2
#: What was asked within these years is still being asked.
YEARS_STILL_ASKED = 3
#: What nobody raised for these years is dormant.
YEARS_UNTIL_DORMANT = 5
#: Of the demand a judgement counts.
JUDGED = ~Q(status__in=[Status.NOT_ASSESSED, Status.NOT_APPLICABLE])


def years_before(day: date, years: int) -> date:
    """Return the same day ``years`` earlier; 28 February for a 29th that year has not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def asked_since_judged() -> Q:
    """Return the condition that a demand was asked, even on the first possible day, since."""
    return Q(last_asked_first__gt=F("reviewed_on"))


def judged_long_ago(at: date | None = None) -> Q:
    """Return the condition that a judgement is two years past."""
    limit = years_before(at or timezone.localdate(), YEARS_UNTIL_OLD)
    return Q(reviewed_on__lt=limit)


def old_judgement(at: date | None = None) -> Q:
    """Return the condition that a judgement is old: asked again since, or two years past."""
    return asked_since_judged() | judged_long_ago(at)


def recent_judgement(at: date | None = None) -> Q:
    """Return the condition that a judgement is not old."""
    limit = years_before(at or timezone.localdate(), YEARS_UNTIL_OLD)
    not_asked_since = Q(last_asked_first__isnull=True) | Q(last_asked_first__lte=F("reviewed_on"))
    return Q(reviewed_on__gte=limit) & not_asked_since


def still_asked(at: date | None = None) -> Q:
    """Return the condition that a demand is asked today: within three years, and not met."""
    limit = years_before(at or timezone.localdate(), YEARS_STILL_ASKED)
    return ~Q(status__in=ENDED) & Q(last_asked_last__gte=limit)


def dormant(at: date | None = None) -> Q:
    """Return the condition that a demand sleeps: neither met nor closed, long not raised."""
    limit = years_before(at or timezone.localdate(), YEARS_UNTIL_DORMANT)
    return ~Q(status__in=ENDED) & Q(last_raised_last__lt=limit)


class DemandQuerySet(PublicQuerySet):
    """Demands, positions and commitments."""

    def open(self) -> "DemandQuerySet":
        """Return the demands that are neither met nor closed; positions are none."""
        return self.filter(kind=DemandKind.DEMAND).exclude(status__in=ENDED)

    def assessed(self) -> "DemandQuerySet":
        """Return the demands of which a judgement counts."""
        return self.filter(JUDGED)

    def provisional(self) -> "DemandQuerySet":
        """Return the judged demands whose judgement nobody of the coalition confirmed."""
        return self.assessed().filter(provisional=True)

    def old(self, at: date | None = None) -> "DemandQuerySet":
        """Return those whose judgement is old at ``at`` (today): asked since, or two years past."""
        return self.assessed().filter(old_judgement(at))


def public_mention(prefix: str = "") -> Q:
    """Return the condition that a mention is public: its demand and its statement are."""
    return Q(
        **{
            f"{prefix}demand__state": State.PUBLISHED,
            f"{prefix}statement__state": State.PUBLISHED,
        }
    )


class MentionQuerySet(models.QuerySet):
    """Demands raised in statements."""

    def public(self) -> "MentionQuerySet":
        """Return the mentions whose demand and statement are published."""
        return self.filter(public_mention())


class PassageQuerySet(models.QuerySet):
    """Places in texts at which demands are raised."""

    def public(self) -> "PassageQuerySet":
        """Return those of public mentions; a statement is public with its texts."""
        return self.filter(public_mention("mention__"))

    def placed(self) -> "PassageQuerySet":
        """Return those that have their place in a text."""
        return self.filter(text__isnull=False, start__isnull=False)

    def lost(self) -> "PassageQuerySet":
        """Return those whose words are not found in their corrected text any more."""
        return self.filter(text__isnull=False, start__isnull=True)

    def waiting(self) -> "PassageQuerySet":
        """Return those whose text is not held yet."""
        return self.filter(text__isnull=True)


class DismissalQuerySet(models.QuerySet):
    """Suggestions that staff said no to."""

    def public(self) -> "DismissalQuerySet":
        """Return none: nobody but the staff sees them."""
        return self.none()


class AssessmentQuerySet(AppendOnlyQuerySet):
    """Judgements of where demands stand."""

    def public(self) -> "AssessmentQuerySet":
        """Return the assessments whose demand is published."""
        return self.filter(demand__state=State.PUBLISHED)

    def counting(self) -> "AssessmentQuerySet":
        """Return the assessments that no later one corrects."""
        return self.filter(corrected_by__isnull=True)

    def in_order(self) -> "AssessmentQuerySet":
        """Return them by effective date, then in the order in which they were recorded."""
        return self.order_by("date_last", "recorded_at", "id")


class EvidenceQuerySet(AppendOnlyQuerySet):
    """What judgements rest on."""

    def public(self) -> "EvidenceQuerySet":
        """Return the evidence of public assessments."""
        return self.filter(assessment__demand__state=State.PUBLISHED)


class OccasionQuerySet(models.QuerySet):
    """The rollup of demands by occasion: it holds public rows only."""

    def public(self) -> "OccasionQuerySet":
        """Return every row: only public mentions are counted."""
        return self.all()
