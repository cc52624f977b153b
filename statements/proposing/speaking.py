"""What the words around a name make of a person: a speaker, or somebody addressed or named."""

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from .known import listed
from .names import TITLES_BEFORE
from .papers import ADDRESS, Line, Paper, greets, is_prose
from .phrases import Hit

_VERBS = (
    r"(?:said|says|stated|states|add(?:s|ed)|explain(?:s|ed)|question(?:s|ed)|ask(?:s|ed)|"
    r"stress(?:es|ed)|not(?:es|ed)|declare[sd]|conclude[sd]|comment(?:s|ed)|warn(?:s|ed)|"
    r"insist(?:s|ed)|urge[sd]|press(?:es|ed)|told|argue[sd]|emphasi[sz]e[sd]|remark(?:s|ed)|"
    r"observe[sd]|continue[sd]|lament(?:s|ed)|deplore[sd]|announce[sd]|recall(?:s|ed)|"
    r"underline[sd]|wonder(?:s|ed)|point(?:s|ed) out|call(?:s|ed) (?:on|for)|reiterate[sd]|"
    r"declare|dit|affirme|souligne|explique|ajoute|estime|precise|insiste|conclu[te]?|rappelle?|"
    r"regrette|deplore|denonce|s'interroge|interroge|demande|note|indique|commente|avertit|averti|"
    r"poursuit|lance|s'indigne|constate)"
)
_VERB_BEFORE = re.compile(rf"[\"',.!?]\s*(?:-\s*)?(?:a |ont |has )?{_VERBS},?\s+$")
_VERB_AFTER = re.compile(
    rf"^\s*(?:,[^.!?\"\n]{{1,110}},)?,?\s*(?:a |ont |has |have |also |then |further |aussi |"
    rf"a egalement |also has )*{_VERBS}\b"
)
_ACCORDING = re.compile(r"(?:\baccording to|\bselon|\bin the words of|\bquoting)\s+$")
_BEHALF = re.compile(r"^[^.!?\"\n]{0,90}?\b(?:on behalf of|au nom d)")
_BY = re.compile(
    r"\b(?:speech|remarks?|statement|address|presentation|delivered|presented|read|pronounced|"
    r"interview|discours|allocution|declaration|prononcee?|presentee?|lue?|entretien|mot)\b"
    r"[^.\n]{0,70}\b(?:by|of|from|with|par|de|du|avec)\s+$"
)
_SELF = re.compile(r"\b(?:my name is|i am|je m'appelle|je suis|i,|moi,)\s+$")
_SIGNED = re.compile(r"\b(?:signed(?: by)?|signe(?:e)?(?: par)?|sincerely|regards|salutations)\W*$")
_THANKS = re.compile(
    r"\b(?:thanks?|thanked|thankful|grateful|gratitude|appreciat\w*|congratulat\w*|welcome[sd]?|"
    r"remerci\w*|merci|gratitude|reconnaissan\w+|felicit\w*|tribute|hommage)\b[^.!?\n]{0,90}$"
)
_DASH = re.compile(r"[\"'.!?]\s*-\s*$")


@dataclass(slots=True)
class Mention:
    """What a place at which somebody is named shows: whether they speak, how surely, and why."""

    speaks: bool
    sure: bool
    weight: int
    reason: str
    hit: Hit


def doubted(mention: Mention, doubt: str) -> Mention:
    """Return a mention with a doubt added to its reason."""
    return replace(mention, sure=False, reason=listed([mention.reason, doubt]))


def mention_of(paper: Paper, hit: Hit) -> Mention:
    """Tell what the words around a name make of the person."""
    line = paper.line_at(hit.start)
    before = line.plain[max(0, hit.start - line.start - 160) : hit.start - line.start]
    after = paper.plain[hit.end : min(line.end, hit.end + 200)]
    untitled = TITLES_BEFORE.sub("", before)
    prose = is_prose(line)

    def speaks(reason: str, weight: int, sure: bool = True) -> Mention:
        return Mention(True, sure, weight, reason, hit)

    def is_named(reason: str, weight: int = 1) -> Mention:
        return Mention(False, True, weight, reason, hit)

    addressed = greets(line) or _among_greetings(paper, line)
    if addressed and not (prose and line.size > 30):
        return is_named(_("is addressed"), 3)
    if _BEHALF.match(after) and not _THANKS.search(before):
        return speaks(_("speaks on behalf of others"), 9)
    if hit.start >= paper.contact_from or (not prose and ADDRESS.search(line.plain)):
        return is_named(_("is given for enquiries"), 2)
    if paper.head and line.end <= paper.head[-1].end:
        if _BY.search(before) or _BY.search(untitled):
            return speaks(_("the heading says who speaks"), 8)
        if not untitled.strip() and _is_byline(paper, line.size):
            return speaks(_("the name stands at the head"), 5, False)
        return is_named(_("is named at the head"))
    if paper.foot and line.start >= paper.foot[0].start and not prose:
        if not untitled.strip(" -\"'") or _SIGNED.search(untitled):
            return speaks(_("the name stands below the text, as a signature"), 8)
        return is_named(_("is named below the text"))
    if not prose and not untitled.strip() and _SIGNED.search(_line_before(paper, line.start)):
        return speaks(_("the name stands below the text, as a signature"), 8)
    if _THANKS.search(before) or _THANKS.search(untitled):
        return is_named(_("is thanked or greeted"), 3)
    if _SELF.search(untitled):
        return speaks(_("says who speaks"), 9)
    quoted = '"' in before[-40:] or '"' in after[:200] or '"' in line.plain[:2]
    if _VERB_BEFORE.search(untitled) or _ACCORDING.search(untitled):
        return speaks(_("is quoted"), 7)
    if _VERB_AFTER.match(after):
        return speaks(_("is quoted") if quoted else _("is said to have spoken"), 6, quoted)
    if _DASH.search(untitled):
        return speaks(_("the name stands behind the quoted words"), 7)
    if _BY.search(untitled):
        return speaks(_("the text says who spoke"), 7)
    return is_named(_("is named"))


def _among_greetings(paper: Paper, line: Line) -> bool:
    """Whether a line stands among those that greet: above the text, below the first greeting."""
    if line not in paper.body:
        return False
    greeted = False
    for other in paper.body:
        if greeted and is_prose(other) and not greets(other):
            return False
        greeted = greeted or greets(other)
        if other is line:
            return greeted
    return False


def _is_byline(paper: Paper, size: int) -> bool:
    """Whether a name at the head is the speaker's: a letter names there whom it is to."""
    letter = any(
        line.plain.lstrip().startswith(
            ("dear", "to:", "cher", "madame", "monsieur", "a l'attention")
        )
        for line in paper.lines[:25]
    )
    return size <= 14 and not letter


def _line_before(paper: Paper, place: int) -> str:
    found = ""
    for line in paper.lines:
        if line.start >= place:
            break
        found = line.plain
    return found
