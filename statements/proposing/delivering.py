"""Whether a text was spoken: all of it, a part, or not at all."""

import re

from django.utils.translation import gettext as _

from .answers import Place, Proposal, Split
from .kinds import PUBLISHED, SPOKEN, thanks_for_attention
from .known import named
from .papers import Paper, greets

_TEXT = (
    r"(?:remarks?|speech|statement|address|text|discours|remarques|allocution|declaration|texte)"
)
NOT_SPOKEN = re.compile(
    r"\b(?:(?:was|were|is|are) (?:not|never) (?:\w+ )?(?:delivered|spoken|read(?: out)?|given|held)"
    r"|(?:could|did|would) not (?:be )?(?:deliver\w*|spoken|speak|read|give|given)\b"
    r"|no (?:time|opportunity|chance|floor)\b[^.\n]{0,90}\b(?:deliver|speak|read|give|make)"
    r"|(?:not|never) (?:been )?(?:given|allowed|able|permitted)\b[^.\n]{0,40}"
    r"\b(?:the floor|speak|deliver|read|address)"
    r"|(?:prevented|barred|stopped|kept) from "
    r"(?:deliver\w*|speaking|reading|giving|addressing|taking)"
    r"|(?:denied|refused) the (?:floor|opportunity)|undelivered|unable to (?:deliver|speak|read)"
    r"|n'(?:a|ont|avons|avait) (?:pas|jamais) (?:pu (?:etre )?)?(?:ete )?"
    r"(?:prononce\w*|lue?s?|prendre la parole)"
    r"|(?:pas|plus) (?:eu )?(?:le|de) temps\b[^.\n]{0,80}\b(?:prononcer|lire|prendre la parole)"
    r"|(?:empechee?s?|privee?s?) de (?:prononcer|lire|parole|prendre la parole|s'exprimer)"
    r"|non prononcee?)"
)
WALKED_OUT = re.compile(
    r"\b(?:walk(?:ed|ing)? out|walk-?out|left the (?:room|meeting|plenary|negotiations|talks)|"
    r"will now leave (?:this|the)|(?:a|ont|avons) quitte (?:la|les|cette)|claqu\w+ la porte)\b"
)
_PREPARED = re.compile(
    rf"\b{_TEXT}\b[^.\n]{{0,60}}\b(?:had prepared|prepared|in writing|prepares?|par ecrit)\b|"
    rf"\b(?:prepared|written)\b[^.\n]{{0,30}}\b{_TEXT}\b"
)
_SPOKEN_WORDS = re.compile(
    r"\bas delivered\b|\bcheck against delivery\b|\bgave the following\b|"
    rf"\b{_TEXT} (?:was |were )?(?:delivered|given|read out) (?:by|at|on|in)\b|"
    r"\bdelivered by\b|\bprononcee?s? (?:par|a|lors|le)\b|\btel que prononce\b"
)


def propose_delivered(paper: Paper, *, kind: str, splits: list[Split]) -> list[Proposal]:
    """Propose whether it was spoken; ``kind`` is the kind as proposed, '' where none is.

    What is published, like a press release, is not spoken, whatever it tells of others'
    speeches. Words at a walk-out together with remarks prepared in writing were spoken in part.
    """

    def proposal(code: str, reason: str, place: Place | None, sure: bool) -> Proposal:
        return Proposal("delivered", code, named("delivered", code), reason, place, sure)

    prevented = NOT_SPOKEN.search(paper.plain)
    walked = WALKED_OUT.search(paper.plain)
    prepared = _PREPARED.search(paper.plain)
    if kind in PUBLISHED:
        reason = _("a text of this kind is published, not spoken")
        return [proposal("published", reason, None, kind != "call_for_action")]
    found: list[Proposal] = []
    if splits and walked and prepared:
        reason = _("words spoken on leaving, and others prepared and not spoken, in one file")
        return [proposal("partly", reason, prepared.span(), True)]
    if prevented:
        reason = _("the text says that it was not spoken")
        found.append(proposal("no", reason, prevented.span(), kind in SPOKEN))
    elif walked and prepared:
        reason = _("a walk-out and prepared words are mentioned")
        found.append(proposal("partly", reason, prepared.span(), False))
    elif prepared and paper.line_at(prepared.start()).size <= 30:
        reason = _("the words were prepared in writing")
        found.append(proposal("no", reason, prepared.span(), False))
    spoken = _SPOKEN_WORDS.search(paper.plain)
    if spoken and not prevented:
        found.append(proposal("yes", _("the text says that it was spoken"), spoken.span(), True))
    elif not found:
        found += _by_audience(paper, kind)
    return found


def _by_audience(paper: Paper, kind: str) -> list[Proposal]:
    greeted = next((line for line in paper.lines[:20] if greets(line)), None)
    thanks = thanks_for_attention(paper)
    if kind in SPOKEN or (greeted and thanks and kind != "open_letter"):
        line = thanks or greeted
        reason = _("it is written to be spoken; nothing says that it was not")
        place = line.place if line else None
        return [Proposal("delivered", "yes", named("delivered", "yes"), reason, place, False)]
    return []
