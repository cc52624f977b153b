"""How demands, mentions, passages and judgements are cited."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from kptracker.lib.bilingual import worded
from kptracker.lib.citing import Citation
from kptracker.lib.pages import permalink
from kptracker.lib.partial_dates import PartialDate
from statements.citing import cite_page, cite_statement
from statements.models import Organisation

from .models import Assessment, Demand, Mention, Passage
from .quoting import THEIR_WORDS
from .standing import standing_then, verb


def _named(demand: Demand) -> str:
    return f"{worded(demand, 'title')} ({demand.reference})"


def cite_demand(demand: Demand, state_of: date | None) -> Citation:
    """Return how the page of a demand is cited."""
    url = permalink("demand", demand.reference)
    return cite_page(demand.reference, _named(demand), url, state_of)


def _raising(mention: Mention) -> str:
    return _("%(mention)s: %(demand)s, %(how)s.") % {
        "mention": mention.reference,
        "demand": _named(mention.demand),
        "how": verb(mention, mention.demand),
    }


def cite_mention(
    mention: Mention, issuers: Sequence[Organisation], state_of: date | None
) -> Citation:
    """Return how one raising of a demand is cited: as a place in its statement."""
    return cite_statement(
        mention.statement,
        issuers,
        state_of,
        in_our_words=not mention.quote,
        key=mention.reference,
        url=permalink("mention", mention.reference),
        note=_raising(mention),
    )


def cite_passage(
    passage: Passage, issuers: Sequence[Organisation], state_of: date | None
) -> Citation:
    """Return how a passage of a text is cited."""
    return cite_statement(
        passage.mention.statement,
        issuers,
        state_of,
        in_our_words=passage.text is None or passage.text.kind not in THEIR_WORDS,
        key=passage.reference,
        url=permalink("passage", passage.reference),
        note=_raising(passage.mention),
    )


def cite_assessment(assessment: Assessment, state_of: date | None) -> Citation:
    """Return how a judgement is cited: who judged, on which day it was recorded, how sure it is."""
    recorded = assessment.recorded_at.date()
    notes = [_("Holds %(since)s.") % {"since": assessment.date.since_words}]
    if assessment.provisional:
        notes.append(
            _("Provisional: compiled from public sources, not confirmed by the coalition.")
        )
    if hasattr(assessment, "corrected_by"):
        notes.append(
            _("Replaced by %(reference)s.") % {"reference": assessment.corrected_by.reference}
        )
    title = _("Judgement %(reference)s of %(demand)s: %(status)s") % {
        "reference": assessment.reference,
        "demand": _named(assessment.demand),
        "status": standing_then(assessment).words,
    }
    return cite_page(
        assessment.reference,
        title,
        permalink("assessment", assessment.reference),
        state_of,
        authors=(assessment.assessed_by,),
        date=PartialDate(recorded, recorded),
        note=" ".join(notes),
    )
