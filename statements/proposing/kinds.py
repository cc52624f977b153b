"""What kind of statement a document is, by the words of its head."""

import re
from collections import Counter

from django.utils.translation import gettext as _

from .answers import Place, Proposal
from .known import named
from .papers import WORD, Line, Paper, greets

_SPOKEN = r"(?:remarks?|speech|statement|address|comments|words|presentation)"
_PARLE = r"(?:discours|remarques|allocution|mots?|declaration|propos|intervention)"
#: By kind, in the order in which they are looked for: what is found is not looked at again.
PATTERNS: tuple[tuple[str, int, re.Pattern[str]], ...] = tuple(
    (kind, weight, re.compile(pattern))
    for kind, weight, pattern in (
        ("press_release", 4, r"\b(?:press|media|news) (?:release|statement)\b"),
        (
            "press_release",
            4,
            r"\bfor immediate release\b|\bpour (?:diffusion|publication) immediate\b",
        ),
        ("press_release", 4, r"\bcommuniqu[e]s? (?:de |a la )?presse\b"),
        ("closing_remarks", 4, rf"\b(?:closing|concluding|final) {_SPOKEN}\b"),
        ("joint_statement", 3, r"\bfinal declaration\b|\bdeclaration finale\b"),
        (
            "closing_remarks",
            4,
            rf"\b{_PARLE} (?:de (?:la )?)?(?:cloture|fin|finales?|conclusion)\b",
        ),
        ("opening_remarks", 4, rf"\b(?:opening|introductory) {_SPOKEN}\b"),
        (
            "opening_remarks",
            4,
            rf"\b{_PARLE} (?:d'|introductif|d' )?\s?(?:ouverture|introducti\w+)\b",
        ),
        (
            "joint_statement",
            4,
            r"\b(?:joint|common) (?:ngo |civil society )?(?:statement|declaration)\b",
        ),
        ("joint_statement", 4, r"\bdeclaration (?:commune|conjointe)\b"),
        (
            "call_for_action",
            4,
            r"\bcall to action\b|(?:^\W*|\b(?:an?|our|this|urgent) )call for (?:urgent )?action\b|"
            r"\bappel (?:urgent )?a l'action\b|\bpetition\b",
        ),
        ("open_letter", 4, r"\bopen letters?\b|\blettres? ouvertes?\b"),
        ("open_letter", 3, r"^\W*(?:letter|lettre) (?:to|of|from|a|aux?|du|de)\b"),
        ("report", 4, r"^\W*(?:(?:annual|ngo|research|field|shadow) )?(?:report|rapport)\b"),
        (
            "report",
            3,
            r"\b(?:annual review|executive summary|resume executif|policy (?:brief|note))\b",
        ),
        ("speech", 3, r"\b(?:speech|keynote|discours|allocution)\b"),
        ("speech", 2, r"\bremarks\b|\bremarques\b|\baddress (?:by|to|of)\b"),
        ("statement", 2, r"\bstatement\b|\bdeclaration\b|\bposition paper\b"),
    )
)
_DEAR = re.compile(r"(?:dear|your excellenc\w+|cher|chere|chers|cheres)\b")
_THANKS = re.compile(
    r"thank(?:s| you)(?: very much)?(?: all)?(?: for (?:your|listening))|merci (?:de|pour) votre"
)
#: Kinds that are spoken before an audience.
SPOKEN = frozenset({"opening_remarks", "closing_remarks", "speech"})
#: Kinds that are published and not spoken.
PUBLISHED = frozenset({"press_release", "open_letter", "report", "call_for_action"})


def kinds_in(line: str) -> list[tuple[str, int, int, int]]:
    """Return the kinds that a plain line names, with weight and place, each place once."""
    found: list[tuple[str, int, int, int]] = []
    for kind, weight, pattern in PATTERNS:
        for match in pattern.finditer(line):
            start, end = match.span()
            if not any(one[2] < end and start < one[3] for one in found):
                found.append((kind, weight, start, end))
    return found


def propose_kind(paper: Paper, title: Place | None) -> list[Proposal]:
    """Propose the kind, by labels and title; by how a text greets where it has neither."""
    scores: Counter[str] = Counter()
    evidence: dict[str, Place] = {}
    reasons: dict[str, str] = {}
    for line in paper.head[:25]:
        in_title = title is not None and title[0] <= line.start < title[1]
        for kind, weight, start, end in kinds_in(line.plain):
            labels = line.size <= 10 and not in_title
            # A label says what the paper is; a title may tell of something else.
            points = weight + (3 if labels and weight == 4 else 0)
            if points > scores[kind]:
                scores[kind] = points
                evidence[kind] = (line.start + start, line.start + end)
                reasons[kind] = (
                    _("so the title says") if in_title else _("so the head of the text says")
                )
    if scores:
        best = scores.most_common(1)[0][1]
        found = []
        for kind, points in sorted(scores.items(), key=lambda item: -item[1])[:3]:
            rivals = sum(other == points for other in scores.values()) > 1
            sure = points == best and points >= 2 and not rivals
            found.append(
                Proposal(
                    "kind", kind, named("statement_kind", kind), reasons[kind], evidence[kind], sure
                )
            )
        return found
    return _by_greeting(paper)


def _by_greeting(paper: Paper) -> list[Proposal]:
    greeted = [line for line in paper.lines[:20] if greets(line)]
    thanks = _last_thanks(paper)
    if greeted and thanks:
        kind, reason, line = (
            "speech",
            _("it greets an audience and thanks for its attention"),
            greeted[0],
        )
    elif greeted and _DEAR.match(greeted[0].plain.lstrip()) and len(greeted) <= 2:
        kind, reason, line = "open_letter", _("it begins like a letter"), greeted[0]
    elif len(greeted) >= 2:
        kind, reason, line = "speech", _("it greets an audience"), greeted[0]
    else:
        return []
    return [Proposal("kind", kind, named("statement_kind", kind), reason, line.place, False)]


def _last_thanks(paper: Paper) -> Line | None:
    """Return the line with which a speaker thanks for the attention, near the end."""
    for line in paper.lines[-8:]:
        if _THANKS.search(line.plain) and len(WORD.findall(line.plain)) <= 20:
            return line
    return None


def thanks_for_attention(paper: Paper) -> Line | None:
    """Return the line that thanks the audience at the end, None where there is none."""
    return _last_thanks(paper)
