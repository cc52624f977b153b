"""Whose statement it is: organisations named where issuers are named, and the voice."""

import re
from collections import Counter

from django.utils.translation import gettext as _

from .answers import Place, Proposal
from .known import Known, KnownOrganisation, named, split_names
from .papers import WORD, Paper
from .phrases import Hit, Phrases

#: How the coalition is called where it is not called by its name.
COALITION_NAMES = (
    "civil society coalition",
    "KP civil society coalition",
    "Kimberley Process civil society coalition",
    "coalition de la société civile",
    "coalition de la société civile du Processus de Kimberley",
    "coalition de la société civile du PK",
)
_BRACKET = re.compile(r"\s*\([^)]*\)")
#: What says that the organisation after it is spoken for.
_SPOKEN_FOR = re.compile(
    r"\b(?:by|of|from|on behalf of|for|par|de|du|au nom d[eu])\s+(?:the |la |le |l')?$"
)
_OPENING = re.compile(r"^\W*(?:today,?\s+|aujourd'hui,?\s+)?(?:the |la |le |l')?$")


def organisation_names(known: Known) -> Phrases:
    """Return all names of organisations, ready to be looked for in a text."""
    phrases = Phrases()
    for organisation in known.organisations:
        for name in (organisation.name, organisation.name_fr):
            _add(phrases, name, organisation)
        for acronym in (organisation.acronym, organisation.acronym_fr):
            phrases.add(acronym, organisation, to_the_letter=True)
        for other in split_names(organisation.other_names):
            bare = _BRACKET.sub("", other)
            # "Industry" and "companies" are words of any text.
            if bare.isupper() or bare[:1].isupper():
                _add(phrases, bare, organisation)
    coalitions = [one for one in known.organisations if one.kind == "coalition"]
    if len(coalitions) == 1:
        for name in COALITION_NAMES:
            phrases.add(name, coalitions[0])
    return phrases


def _add(phrases: Phrases, name: str, organisation: KnownOrganisation) -> None:
    """Add a name; one word in capitals, or one short word, is kept to the letter."""
    bare = _BRACKET.sub("", name).strip()
    one_word = len(WORD.findall(bare)) == 1
    phrases.add(bare, organisation, to_the_letter=bare.isupper() or (one_word and len(bare) < 5))


def named_mainly(hit: Hit, text: str) -> list[KnownOrganisation]:
    """Return whose name it is: those it is the name of, before those it is another name of."""
    written = " ".join(WORD.findall(text[hit.start : hit.end])).casefold()
    main = [
        owner
        for owner in hit.owners
        if written
        in {
            " ".join(WORD.findall(_BRACKET.sub("", name))).casefold()
            for name in (owner.name, owner.name_fr, owner.acronym, owner.acronym_fr)
        }
    ]
    return main or list(hit.owners)


def propose_issuers(paper: Paper, hits: list[Hit], title: Place | None) -> list[Proposal]:
    """Propose who issues the document, in the order in which they stand.

    Issuers are named in the letterhead, in the title, beside the signature or as the subject
    of the first sentence. An acronym of two letters, a name in brackets behind a person and a
    name in the running text are no issuers.
    """
    scores: Counter[int] = Counter()
    rows: dict[int, tuple[KnownOrganisation, Place, str]] = {}
    for hit in hits:
        found = _standing(paper, hit, title)
        if not found or (len(paper.text[hit.start : hit.end]) <= 2):
            continue
        points, reason = found
        for organisation in named_mainly(hit, paper.text):
            if organisation.speaks and points > scores[organisation.pk]:
                scores[organisation.pk] = points
                rows[organisation.pk] = (organisation, (hit.start, hit.end), reason)
    if not scores:
        return []
    best = max(scores.values())
    found_rows = sorted(
        (row for pk, row in rows.items() if scores[pk] >= best - 1), key=lambda row: row[1]
    )
    shared = Counter(row[1] for row in found_rows)
    return [
        Proposal(
            *("issuers", row.slug, row.label, reason, place),
            # A name that two organisations go by names neither for sure.
            sure=scores[row.pk] >= 4 and shared[place] == 1,
        )
        for row, place, reason in found_rows
    ]


def _standing(paper: Paper, hit: Hit, title: Place | None) -> tuple[int, str] | None:
    """Return how much a place says that the organisation issues the text, and why."""
    line = paper.line_at(hit.start)
    before = line.plain[: hit.start - line.start]
    if paper.head and line.start <= paper.head[-1].start:
        if title and title[0] <= line.start < title[1]:
            if _SPOKEN_FOR.search(before):
                return 5, _("the title says by whom")
            return (
                (4, _("the title names it"))
                if _OPENING.match(before)
                else (3, _("the title names it"))
            )
        return 5, _("the letterhead names it")
    if paper.foot and line.start >= paper.foot[0].start:
        if line.start >= paper.contact_from or before.rstrip().endswith("("):
            return None
        return 4, _("the signature names it")
    if paper.body and line.start == paper.body[0].start and not paper.head:
        return (4, _("the text begins with it")) if _OPENING.match(before) else None
    first = next((one for one in paper.sentences if one[0] <= hit.start < one[1]), None)
    opening = paper.sentences[:2]
    if first in opening and re.match(
        r"\W*(?:\([^)]*\)\W*)?(?:today |also |a |has |have |hereby |strongly )*(?:call|urge|ask|"
        r"demand|welcome|question|express|regret|condemn|is |are |gave|give|appel|demande|exprim|"
        r"exhort|regrett|condamn|salu|denonc|denounc|appreciat|share|issue|note)",
        paper.plain[hit.end : hit.end + 60],
    ):
        return 4, _("the first sentence says that it speaks")
    behalf = re.search(r"\b(?:on behalf of|au nom d[eu])\s+(?:the |la |l'|notre )?$", before)
    if behalf:
        return 4, _("somebody speaks on its behalf")
    return None


def propose_voice(issuers: list[Proposal], known: Known) -> list[Proposal]:
    """Propose whose voice it is: the coalition's, or that of a member alone."""
    kinds = {one.slug: one.kind for one in known.organisations}
    found = [kinds[issuer.value] for issuer in issuers if issuer.value in kinds]
    sure = bool(issuers) and all(issuer.sure for issuer in issuers)
    if "coalition" in found:
        code, reason = "coalition", _("the coalition issues it")
        sure = any(one.sure for one in issuers if kinds.get(one.value) == "coalition")
    elif len(found) > 1:
        code, reason, sure = "coalition", _("several organisations issue it together"), False
    elif found and found[0] == "coalition_member":
        code, reason = "member", _("a member issues it alone")
    elif found:
        code, reason, sure = "other", _("its issuer is no member of the coalition"), False
    else:
        return []
    place = issuers[0].evidence
    return [Proposal("voice", code, named("voice", code), reason, place, sure)]
