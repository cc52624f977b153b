"""Where a demand stands, in words and signs: the one place that reads status codes for pages."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from kptracker.lib import vocabularies
from kptracker.lib.partial_dates import PartialDate
from kptracker.lib.templatetags.record import lower_first

from .codes import ENDED, FAILED, DemandKind, MentionKind, Status
from .models import Assessment, Demand, Mention
from .querysets import YEARS_UNTIL_DORMANT, YEARS_UNTIL_OLD, years_before

#: The sign of each status: its glyph in the page's sprite and its colour in the style sheet.
SIGNS = {
    Status.MET: "met",
    Status.PARTLY_MET: "partly",
    Status.UNDER_DISCUSSION: "disc",
    Status.NO_MOVEMENT: "none",
    Status.BLOCKED: "blocked",
    Status.REVERSED: "reversed",
    Status.CLOSED: "closed",
    Status.NOT_ASSESSED: "na",
    Status.NOT_APPLICABLE: "np",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something stands: its sign, its words, its date, and what is to be said with it."""

    status: str
    sign: str
    words: str
    date: PartialDate | None
    judged: bool
    confirmed: bool
    notes: tuple[str, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether it was judged and nobody of the coalition has confirmed it."""
        return self.judged and not self.confirmed


def status_words(status: str, reason: str = "") -> str:
    """Return a status as it is read, never without its reason: "Blocked: no consensus"."""
    words = vocabularies.label("status", status)
    if not reason:
        return words
    return _("%(status)s: %(reason)s") % {
        "status": words,
        "reason": lower_first(vocabularies.label("reason", reason)),
    }


def as_of(demand: Demand) -> date | None:
    """Return the day of which a row at hand tells (``clocks``); None for today."""
    return getattr(demand, "as_of", None)


def age_note(demand: Demand, at: date | None = None) -> str:
    """Return what makes a judgement old at ``at`` (today): "asked again since", or ''.

    The same rules as ``DemandQuerySet.old``, for a row at hand.
    """
    if demand.reviewed_on is None:
        return ""
    return age_words(demand.reviewed_on, demand.last_asked, at or as_of(demand))


def age_words(reviewed_on: date, last_asked: PartialDate | None, at: date | None = None) -> str:
    """Return what makes a judgement old at ``at`` (today), from its days alone; '' for nothing."""
    if last_asked and last_asked.first > reviewed_on:
        return _("asked again since")
    if reviewed_on < years_before(at or timezone.localdate(), YEARS_UNTIL_OLD):
        return _("not judged since")
    return ""


def is_old(demand: Demand, at: date | None = None) -> bool:
    """Whether its judgement is old: asked again since, or two years past; as ``old_judgement``."""
    return bool(age_note(demand, at))


def is_dormant(demand: Demand, at: date | None = None) -> bool:
    """Whether a demand is open and nobody raised it for five years; as ``querysets.dormant``."""
    if demand.status in ENDED or demand.last_raised is None:
        return False
    limit = years_before(at or as_of(demand) or timezone.localdate(), YEARS_UNTIL_DORMANT)
    return bool(demand.last_raised.last < limit)


def not_judged() -> Standing:
    """Return how a demand stands of which nobody has judged anything."""
    code = Status.NOT_ASSESSED
    return Standing(
        code, SIGNS[code], status_words(code), None, False, False, (_("nothing citable found"),)
    )


def standing_of(demand: Demand, at: date | None = None) -> Standing:
    """Return where a demand stands now."""
    sign = SIGNS[demand.status]
    if demand.status == Status.NOT_APPLICABLE:
        words = _("A position") if demand.kind == DemandKind.POSITION else _("A commitment")
        return Standing(demand.status, sign, words, None, False, False, (_("nothing to assess"),))
    words = status_words(demand.status, demand.reason)
    if demand.status == Status.NOT_ASSESSED:
        return not_judged()
    notes = [age_note(demand, at), *_notes(demand)]
    return Standing(
        demand.status,
        sign,
        words,
        demand.status_date,
        True,
        not demand.provisional,
        tuple(note for note in notes if note),
    )


def _notes(row: Demand | Assessment) -> list[str]:
    """Return what is to be said with a status, whatever its age."""
    notes = []
    if row.reason == FAILED:
        notes.append(_("counts as unmet"))
    if row.brought_about_by and row.brought_about_by != "addressee":
        by = lower_first(vocabularies.label("brought_about_by", row.brought_about_by))
        notes.append(_("by %(whom)s") % {"whom": by})
    return notes


def standing_then(
    assessment: Assessment, *, confirmed: bool | None = None, age: str = ""
) -> Standing:
    """Return where a demand stood by one judgement.

    ``confirmed`` says whether a later one renewed it with a name, ``age`` what makes it old.
    """
    return Standing(
        assessment.status,
        SIGNS[assessment.status],
        status_words(assessment.status, assessment.reason),
        assessment.date,
        assessment.status != Status.NOT_ASSESSED,
        bool(assessment.reviewed_by) if confirmed is None else confirmed,
        tuple(note for note in (age, *_notes(assessment)) if note),
    )


def verb(mention: Mention, demand: Demand) -> str:
    """Return how a demand was raised: asked, criticised, welcomed; a position is declared."""
    if demand.kind != DemandKind.DEMAND and mention.kind == MentionKind.DEMANDED:
        return _("declared")
    return lower_first(vocabularies.label("mention_kind", mention.kind))
