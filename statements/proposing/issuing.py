"""Whose statement it is: organisations named where issuers are named, and the voice."""

import re
from collections import Counter

from django.utils.translation import gettext as _

from .answers import Place, Proposal
from .known import Known, KnownOrganisation, named, split_names
from .papers import WORD, Line, Paper, word_set
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
    r"\b(?:by|on behalf of|par|au nom d[eu]|"
    r"(?:statements?|remarks|speech|letter|reports?|release|address|comments|communique|discours|"
    r"declarations?|remarques|allocution|lettre|rapport|ouverture|cloture|finales?) "
    r"(?:of|from|de|du))\s+(?:the |la |le |l')?$"
)
_TO = re.compile(r"\W*(?:to|cc|a|attn|attention)\s*:")
_LABELS = word_set(
    "press release media statement for immediate communique de presse pour diffusion immediate the "
    "of by from la le du"
)
#: What stands between two names of a list; an acronym in brackets may follow the first.
_JOINT = re.compile(
    r"(?:\s*\([^()\n]{1,20}\))?\s*(?:,|;|&|and|et|,\s*(?:and|et))\s*(?:the |la |le |l')?"
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


def logos_in(paper: Paper, organisations: Phrases) -> list[Hit]:
    """Return names of organisations that are set over several short lines at the head."""
    found = []
    run: list[Line] = []
    for line in [*paper.head, None]:
        if line and line.size <= 4 and not any(sign.islower() for sign in line.text):
            run.append(line)
            continue
        if len(run) > 1:
            # As one line they are the name, and its letters need not be capitals.
            whole = " ".join(one.plain.strip() for one in run)
            for hit in organisations.scan(Paper(whole)):
                if hit.end - hit.start > 0.8 * len(whole):
                    found.append(Hit(run[0].start, run[-1].end, hit.owners))
        run = []
    return found


def propose_issuers(paper: Paper, hits: list[Hit], title: Place | None) -> list[Proposal]:
    """Propose who issues the document, in the order in which they stand.

    Issuers are named in the letterhead, in the title, beside the signature or as the subject
    of the first sentence. An acronym of two letters, a name in brackets behind a person and a
    name in the running text are no issuers.
    """
    scores: Counter[int] = Counter()
    rows: dict[int, tuple[KnownOrganisation, Place, str]] = {}
    before: tuple[Hit, tuple[int, str]] | None = None
    for hit in hits:
        found = _standing(paper, hit, title)
        # "by A, B and C": what is said of the first is said of all.
        if before and before[1][0] > (found[0] if found else 0) and joined(paper, before[0], hit):
            found = before[1]
        before = (hit, found) if found else None
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
            sure=scores[row.pk] >= 4 and scores[row.pk] == best and shared[place] == 1,
        )
        for row, place, reason in found_rows
    ]


def joined(paper: Paper, one: Hit, other: Hit) -> bool:
    """Whether two names stand in one list: "A, B and C"."""
    gap = paper.plain[one.end : other.start]
    return len(gap) < 40 and bool(_JOINT.fullmatch(gap))


def _standing(paper: Paper, hit: Hit, title: Place | None) -> tuple[int, str] | None:
    """Return how much a place says that the organisation issues the text, and why."""
    line = paper.line_at(hit.start)
    before = line.plain[: hit.start - line.start]
    if hit.end > line.end:
        return 5, _("the letterhead names it")
    if paper.head and line.start <= paper.head[-1].start:
        if title and title[0] <= line.start < title[1]:
            if _SPOKEN_FOR.search(before):
                return 5, _("the title says by whom")
            return (
                (4, _("the title names it"))
                if _OPENING.match(before)
                else (3, _("the title names it"))
            )
        if _TO.match(line.plain):
            return None
        inside = line.plain[: hit.start - line.start] + " " + line.plain[hit.end - line.start :]
        if _SPOKEN_FOR.search(before) or set(WORD.findall(inside)) <= _LABELS:
            return 5, _("the letterhead names it")
        return 3, _("the head names it")
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
        r"exhort|regrett|condamn|salu|denonc|denounc|appreciat|share|issue|note|warn|reject|"
        r"deplor|remind|insist|accus|averti|rappel|rejet|declar|announc|annonc)",
        paper.plain[hit.end : hit.end + 60],
    ):
        return 4, _("the first sentence says that it speaks")
    if first in opening[:1] and _OPENING.match(paper.plain[first[0] : hit.start] if first else "."):
        return 3, _("the text begins with it")
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
