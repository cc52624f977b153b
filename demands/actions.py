"""What staff do with demands, mentions and assessments.

Every form, import and command writes through these functions: atomic, stamped with the user,
kept in the history. ``assess`` is the only way to say where a demand stands.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kptracker.lib.partial_dates import PartialDate
from kptracker.lib.writing import may_hide, note_reference, set_links, take_reference, write
from statements.models import Meeting, Organisation, Text

from . import marking
from .codes import AssessmentKind, DemandKind
from .derived import current_judgement
from .models import Assessment, Demand, DemandAddressee, Evidence, Mention, Passage
from .quoting import THEIR_WORDS


def save(row: models.Model, *, by: Any, why: str = "") -> Any:
    """Save a theme. Raises ValidationError or StaleVersionError; nothing is written then."""
    return write(row, by=by, why=why)


def _refer(row: Any, prefix: str, width: int) -> None:
    """Give a new row the next free reference; remember one that came from a file."""
    if row.reference:
        note_reference(row.reference)
    else:
        row.reference = take_reference(prefix, width)


@transaction.atomic
def save_demand(demand: Demand, *, by: Any, why: str = "") -> Demand:
    """Save a demand, position or commitment; a new one gets the next reference (D-001).

    Raises ValidationError when a rule does not hold (a circle of parents, a judged demand that
    would become a position), StaleVersionError when somebody else saved in between.
    """
    if demand.pk and demand.kind != DemandKind.DEMAND and demand.assessments.exists():
        raise ValidationError(
            {"kind": _("It has been judged: a position or commitment has no judgement.")}
        )
    _refer(demand, "D", 3)
    if demand._state.adding and demand.kind != DemandKind.DEMAND:
        demand.status = "not_applicable"
    elif not demand._state.adding:
        _align_status_with_kind(demand)
    return write(demand, by=by, why=why)


def _align_status_with_kind(demand: Demand) -> None:
    """Keep status and kind together while the kind changes: neither may stand alone."""
    before = Demand.objects.values("kind").get(pk=demand.pk)["kind"]
    if before == demand.kind:
        return
    status = "not_assessed" if demand.kind == DemandKind.DEMAND else "not_applicable"
    # The database holds both columns to each other, so they move in one statement.
    Demand.objects.filter(pk=demand.pk).update(kind=demand.kind, status=status)
    demand.status = status


def set_demand_addressees(
    demand: Demand, organisations: Sequence[Organisation], *, by: Any, why: str = ""
) -> bool:
    """Set of whom something is demanded, in this order. Returns whether anything changed."""
    return set_links(
        demand, DemandAddressee, "demand", "organisation", organisations, by=by, why=why
    )


@transaction.atomic
def save_mention(mention: Mention, *, by: Any, why: str = "", words: str | None = None) -> Mention:
    """Save that a demand was raised in a statement; a new one gets the next reference (M-0001).

    ``words`` are quoted from a text of the statement: their passage is marked, '' removes it,
    None leaves it. Counts and dates of the demand follow, also of the one it is moved away
    from. Raises ValidationError.
    """
    elsewhere = False
    if mention.pk:
        before = Mention.objects.get(pk=mention.pk)
        mention.moved_from = {before.demand_id}  # type: ignore[attr-defined]
        moved = (before.demand_id, before.statement_id) != (
            mention.demand_id,
            mention.statement_id,
        )
        if moved and Mention.objects.public().filter(pk=mention.pk).exists():
            may_hide(mention, by)
        elsewhere = before.statement_id != mention.statement_id
    if elsewhere:
        _leave_texts(mention, words, by=by, why=why)
    _refer(mention, "M", 4)
    if words and (mention._state.adding or elsewhere):
        found = marking.words_in(mention.statement, words)
        if found is None:
            raise ValidationError({"quote": _("These words do not stand in the text.")})
        if mention._state.adding:
            mention.quote, mention.quote_language = words, found[0].language
    elif words:
        # Before the paraphrase may go: a mention is never without words.
        marking.quote(mention, words, by=by, why=why)
    mention = write(mention, by=by, why=why)
    if words is not None and not (words and mention.passages.filter(exact=words).exists()):
        marking.quote(mention, words, by=by, why=why)
    return mention


@transaction.atomic
def save_marked(
    mention: Mention, text: Text, start: int, end: int, *, by: Any, why: str = ""
) -> Passage:
    """Save a new mention together with the passage of a text in which it stands.

    Offsets count code points. Without a paraphrase of ours the words of the passage are the
    mention's only ones. Raises ValidationError where the text has no such place, and where it
    is a summary of ours and nothing says what was said.
    """
    if text.kind in THEIR_WORDS:
        mention.quote, mention.quote_language = text.body[start:end], text.language
    save_mention(mention, by=by, why=why)
    return marking.mark(mention, text, start, end, by=by, why=why)


def _leave_texts(mention: Mention, words: str | None, *, by: Any, why: str) -> None:
    """Remove the passages in the texts of the statement that a mention is moved away from."""
    passages = list(mention.passages.all())
    if passages and words is None:
        raise ValidationError(
            {"statement": _("Passages of another statement are marked for it: remove them first.")}
        )
    for passage in passages:
        marking.delete(passage, by=by, why=why)
    mention.quote = ""


@transaction.atomic
def assess(
    demand: Demand,
    *,
    by: Any,
    date: PartialDate,
    status: str,
    assessed_by: str,
    evidence: Sequence[Evidence],
    reason: str = "",
    brought_about_by: str = "",
    rationale: str = "",
    rationale_fr: str = "",
    meeting: Meeting | None = None,
    confidence: str = "",
    reviewed_by: str = "",
    corrects: Assessment | None = None,
    kind: str = AssessmentKind.CHANGED,
    reference: str = "",
    recorded_at: datetime | None = None,
    today: date | None = None,
) -> Assessment:
    """Judge where a demand stands: add an assessment with its evidence.

    ``date`` is the day since which it holds; it may lie in the past and then takes its place in
    the history. ``corrects`` names an earlier judgement of the same demand that no longer
    counts. ``evidence`` are unsaved Evidence rows in order; a new judgement needs one at
    least. ``by`` is the user, None for a command.

    The demand's status, dates and counts follow. Raises ValidationError, naming the field,
    when a rule does not hold: an effective date in the future, a position or a commitment, a
    status without its reason, no evidence, a judgement that is corrected already.
    """
    now = recorded_at or timezone.now()
    day = today or timezone.localdate()
    if date.first > day:
        raise ValidationError({"date": _("The date lies in the future.")})
    if date.last > day:
        # It would sort behind judgements that are known to be later.
        raise ValidationError(
            {"date": _("This month or year is not over: say more exactly since when it holds.")}
        )
    if now > timezone.now() or timezone.localtime(now).date() < date.first:
        raise ValidationError(
            {"recorded_at": _("It is recorded between the day it holds from and today.")}
        )
    if corrects is not None and Assessment.objects.filter(corrects=corrects).exists():
        raise ValidationError(
            {
                "corrects": _("%(reference)s has been corrected already: correct the later one.")
                % {"reference": corrects.reference}
            }
        )
    if kind == AssessmentKind.CHANGED and not evidence:
        raise ValidationError({"evidence": _("A judgement needs evidence.")})
    # Two judgements of one demand at the same time queue here.
    Demand.objects.select_for_update().get(pk=demand.pk)
    row = Assessment(
        demand=demand,
        kind=kind,
        status=status,
        reason=reason,
        brought_about_by=brought_about_by,
        rationale=rationale,
        rationale_fr=rationale_fr,
        meeting=meeting,
        confidence=confidence,
        assessed_by=assessed_by,
        reviewed_by=reviewed_by,
        corrects=corrects,
        recorded_at=now,
        reference=reference,
    )
    row.date = date
    _refer(row, "A", 4)
    write(row, by=by, now=now)
    for position, item in enumerate(evidence, start=1):
        item.assessment = row
        item.position = position
        write(item, by=by, now=now)
    demand.refresh_from_db()
    return row


@transaction.atomic
def confirm(
    demand: Demand,
    *,
    by: Any,
    rationale: str,
    reviewed_by: str,
    on: date | None = None,
    rationale_fr: str = "",
    evidence: Sequence[Evidence] = (),
) -> Assessment:
    """Confirm the judgement that holds: it is looked at again and found unchanged.

    ``on`` is the day of the review (today). Status and status date stay as they are; the date
    of review is renewed, and the judgement is no longer provisional. Raises ValidationError
    when there is nothing to confirm or ``reviewed_by`` is empty.
    """
    counting = list(Assessment.objects.counting().filter(demand=demand).in_order())
    current, _renewals = current_judgement(counting)
    if current is None:
        raise ValidationError(_("There is no judgement to confirm: add one first."))
    if not reviewed_by.strip():
        raise ValidationError({"reviewed_by": _("Say who of the coalition confirms it.")})
    day = on or timezone.localdate()
    if day < current.date_last:  # type: ignore[attr-defined]
        raise ValidationError({"on": _("The review cannot lie before the judgement it confirms.")})
    return assess(
        demand,
        by=by,
        kind=AssessmentKind.CONFIRMED,
        date=PartialDate(day, day),
        status=current.status,
        reason=current.reason,
        brought_about_by=current.brought_about_by,
        rationale=rationale,
        rationale_fr=rationale_fr,
        assessed_by=reviewed_by,
        reviewed_by=reviewed_by,
        evidence=evidence,
    )
