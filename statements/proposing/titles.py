"""The title of a document: what stands at its head and is no letterhead, label or date."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .answers import Place, Proposal
from .dating import is_alone
from .days import Found
from .kinds import kinds_in
from .known import named
from .papers import ADDRESS, WORD, Line, Paper, word_set
from .phrases import Hit

#: No title of the record is longer.
LONGEST = 400
_LABEL = re.compile(
    r"\b(?:press|media|news) (?:release|statement)\b|\bfor immediate release\b|"
    r"\bpour (?:diffusion|publication) immediate\b|\bcommuniques? (?:de |a la )?presse\b|"
    r"\bembargoed?\b|\bsous embargo\b"
)
_SUBJECT = re.compile(r"\s*(?:subject|re|objet|concerne)\s*:\s*(?=\S)")
_LETTER = re.compile(r"\s*(?:to|from|cc|a|de|date|via|ref|reference)\s*:")
#: What web pages leave at the head of a text: menus, language bars, buttons.
_RESIDUE = re.compile(
    r"(?:follow us|suivez[- ]nous|share (?:this|on)|partager|skip to|menu\b|home\b|accueil\b|"
    r"search\b|rechercher|read more|lire (?:la suite|plus)|download|telecharger|"
    r"posted (?:on|by|in)|u kan dit|also available in|disponible en|print this|back to)"
)
_TONGUE = (
    r"(?:ENG?|FRA?|NLD?|DEU?|ESP?|AR|RU|English|Français|French|Nederlands|Deutsch|Español|"
    r"Português)"
)
#: A bar of links to other languages, at the end of a line.
_LANGUAGE_BAR = re.compile(rf"(?:\b{_TONGUE}\b[\s|/·,;-]*){{2,}}$")
_MEETING = re.compile(
    r"\b(?:plenary|pleniere|inter-?session\w*|meeting|reunion|session|webinar|webinaire|forum|"
    r"conference|workshop|atelier|general assembly|assemblee generale)\b"
)
_GOES_ON = re.compile(
    r"(?:[,:\-]|\b(?:of|the|a|an|and|or|to|for|in|on|at|by|with|from|as|de|du|des|la|le|les|et|ou|"
    r"a|au|aux|pour|dans|sur|par|avec|en|un|une|d'|l'))\s*$"
)
_FILLING = word_set("of the by from and de du la le les par d l et kp pk dr mr mrs ms hon prof mme")
_QUOTES = {"“": "”", "„": "“", "«": "»", '"': '"', "‘": "’", "'": "'"}


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it stands in the text."""

    text: str
    place: Place
    reason: str
    sure: bool


def unquoted(text: str) -> str | None:
    """Return what a line holds between quotation marks, None where it is not all in them."""
    bare = text.strip().rstrip(".")
    if len(bare) < 3 or bare[0] not in _QUOTES or bare[-1] != _QUOTES[bare[0]]:
        return None
    inside = bare[1:-1].strip()
    # "Clean" and "dirty" stones: two quoted words are no quoted line. An apostrophe is no quote.
    without = re.sub(r"(?<=\w)['’](?=\w)", "", inside)
    return None if bare[0] in without or bare[-1] in without else inside


def titles_in(paper: Paper, dates: list[Found], names: list[Hit]) -> list[Title]:
    """Return what may be the title, the likeliest first.

    ``names`` are those of organisations and people in the text: alone they make no title.
    """
    for line in paper.head:
        subject = _SUBJECT.match(line.plain)
        if subject:
            text = line.text[subject.end() :].strip()
            return [Title(text, line.place, _("the subject line"), True)]
    lines = [line for line in _without_logos(paper.head) if not _is_no_title(line, dates, names)]
    found = [
        Title(inside, (run[0].start, run[-1].end), _("it stands in quotation marks"), True)
        for first in range(len(lines))
        for size in (1, 2)
        if len(run := lines[first : first + size]) == size
        and (inside := unquoted(" ".join(_bare(line.text) for line in run)))
        and len(WORD.findall(inside)) >= 3
    ]
    if not found:
        found = _of_lines(paper, lines)
    return [title for title in found if title.text and len(title.text) <= LONGEST]


def propose_title(titles: list[Title]) -> tuple[list[Proposal], list[Proposal]]:
    """Propose the title and whose it is: the issuer's where one stands in the text."""
    found = [
        Proposal("title", title.text, title.text, title.reason, title.place, title.sure)
        for title in titles[:4]
    ]
    if found:
        code, reason, place = "published", _("it stands in the text"), found[0].evidence
    else:
        code, reason, place = "descriptive", _("the text has no title of its own"), None
    whose = Proposal(
        "title_kind", code, named("title_kind", code), reason, place, bool(found and found[0].sure)
    )
    return found, [whose]


def _of_lines(paper: Paper, lines: list[Line]) -> list[Title]:
    if not lines:
        return []
    first = lines[0]
    single = [Title(_bare(line.text), line.place, _("a line at the head"), False) for line in lines]
    if len(lines) == 1:
        return [Title(single[0].text, first.place, _("the heading of the text"), True)]
    second = lines[1]
    if not _follow(paper, first, second):
        return [Title(single[0].text, first.place, _("the first heading"), False), *single[1:]]
    place = (first.start, second.end)
    one, two = single[0].text, single[1].text
    if _GOES_ON.search(first.plain.rstrip()) or two[:1].islower():
        joined = Title(f"{one} {two}", place, _("it runs over two lines"), True)
        return [joined, *single]
    kinds = bool(kinds_in(first.plain)), bool(kinds_in(second.plain))
    meetings = bool(_MEETING.search(first.plain)), bool(_MEETING.search(second.plain))
    if kinds[0] != kinds[1] and (meetings[1] if kinds[0] else meetings[0]):
        sign = ", " if kinds[0] else ": "
        reason = _("two lines: what it is, and the meeting")
        return [Title(one + sign + two, place, reason, True), *single]
    if first.paragraph == second.paragraph:
        joined = Title(f"{one} {two}", place, _("two lines that may belong together"), False)
        return [single[0], joined, *single[1:]]
    return single


def _bare(text: str) -> str:
    """Return a line without marks of bold or heading and without a last full stop."""
    bare = re.sub(r"\*\*|__|^\s*#+\s*", "", text).strip()
    if bare.endswith(".") and not bare.endswith("..") and ". " not in bare[-12:]:
        bare = bare[:-1]
    return " ".join(bare.split())


def _follow(paper: Paper, first: Line, second: Line) -> bool:
    index = paper.lines.index(first)
    return index + 1 < len(paper.lines) and paper.lines[index + 1] is second


def _without_logos(lines: list[Line]) -> list[Line]:
    """Leave out a name that is set over three short lines in capitals or more: a logo."""
    found: list[Line] = []
    run: list[Line] = []
    for line in [*lines, None]:
        if line and line.size <= 2 and not any(sign.islower() for sign in line.text):
            run.append(line)
            continue
        found += run if len(run) < 3 else []
        run = []
        if line:
            found.append(line)
    return found


def _is_no_title(line: Line, dates: list[Found], names: list[Hit]) -> bool:
    bare = line.plain.strip()
    if _RESIDUE.match(bare) or ADDRESS.search(bare) or _LETTER.match(bare):
        return True
    if _LANGUAGE_BAR.search(line.text):
        return True
    on_it = [one for one in dates if line.start <= one.start < line.end and one.month is not None]
    if any(is_alone(line, one) for one in on_it):
        return True
    # A letterhead, a label, the names of authors: nothing is left without names and labels.
    rest = line.plain
    for hit in names:
        if hit.start < line.end and line.start < hit.end:
            start = max(0, hit.start - line.start)
            end = min(line.end, hit.end) - line.start
            rest = rest[:start] + " " * (end - start) + rest[end:]
    rest = _LABEL.sub(" ", rest)
    return not [word for word in WORD.findall(rest) if word not in _FILLING]
