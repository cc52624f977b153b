"""Two texts in one file: where the second begins."""

import re

from django.utils.translation import gettext as _

from .answers import Split
from .kinds import kinds_in
from .languages import language_of, lines_of_words
from .papers import Line, Paper, greets, heads_contacts, is_prose

#: A text of its own has at least so many words; less is a note or a letterhead.
LEAST_WORDS = 40
_TEXT = (
    r"(?:remarks?|speech|statement|address|text|letter|declaration|discours|remarques|allocution|"
    r"texte|lettre|communique|press release)"
)
_ANNOUNCES = re.compile(
    rf"\b{_TEXT}\b.{{0,90}}\b(?:prepared|in writing|written|in full|full|below|follow\w*|"
    r"planned|intended|prepare\w*|par ecrit|ci-dessous|ci-apres|suit|suivant\w*|prevu\w*|"
    r"integral\w*)\b"
    rf"|\b(?:prepared|written|full|following|below|prepare\w*|integral\w*)\b.{{0,60}}\b{_TEXT}\b"
    rf"|\b(?:voici|here (?:is|are)|below (?:is|are)|ci-dessous|ci-apres)\b.{{0,60}}\b{_TEXT}\b"
)
_ENDS = re.compile(r"^\W*(?:ends?|fin|end of (?:press )?release|fin du communique)\W*$")
_RULE = re.compile(r"^[\s*#=_~•·-]{3,}$")


def find_splits(paper: Paper) -> list[Split]:
    """Return the places at which a second text seems to begin, each with the reason."""
    found: list[Split] = []
    for number, line in enumerate(paper.lines):
        reason = _begins(paper, number, line)
        if reason and _both_long(paper, line.start):
            found.append(Split(line.start, reason))
    found += _by_language(paper)
    found.sort(key=lambda split: split.at)
    # Places close together are one: the announcement, and what it announces.
    return [
        split
        for number, split in enumerate(found)
        if number == 0 or _words(paper, found[number - 1].at, split.at) >= LEAST_WORDS
    ]


def split(text: str, at: int) -> tuple[str, str]:
    """Return the two texts before and from a place, without the blank lines between them.

    Raises ValueError where one of the two would be empty.
    """
    first, second = text[: max(at, 0)].rstrip(), text[max(at, 0) :].strip("\n")
    if not first.strip() or not second.strip():
        raise ValueError(_("There is no text on one side of this place."))
    return first, second


def _begins(paper: Paper, number: int, line: Line) -> str:
    """Return why a second text begins at a line, '' where none does."""
    bare = line.plain.strip()
    if line.size <= 30 and bare.endswith(":") and _ANNOUNCES.search(bare):
        # Announced, and then comes something: a greeting, or running text.
        return _("this line announces another text")
    before = paper.lines[number - 1] if number else None
    if before and _ENDS.match(before.plain) and not heads_contacts(line):
        return _("the text before ends with “end”")
    if not before or is_prose(line) or line.size > 25:
        return ""
    kinds = [kind for kind, weight, *_place in kinds_in(line.plain) if weight >= 4]
    if kinds and line in paper.body and not greets(line) and _stands_alone(paper, line):
        return _("a heading names another kind of text")
    return ""


def _stands_alone(paper: Paper, line: Line) -> bool:
    """Whether a heading stands in a paragraph of its own and is no item of a list."""
    return not re.match(r"\W*[-•·*]\s|\W*[0-9]+[.)]", line.plain) and (
        sum(other.paragraph == line.paragraph for other in paper.lines) == 1
    )


def _words(paper: Paper, start: int, end: int) -> int:
    """Count the words of running text between two places: a letterhead is no text."""
    return sum(
        line.size
        for line in paper.lines
        if start <= line.start < end and (is_prose(line) or line.size >= 12)
    )


def _both_long(paper: Paper, at: int) -> bool:
    return _words(paper, 0, at) >= LEAST_WORDS and _words(paper, at, len(paper.text)) >= LEAST_WORDS


def _by_language(paper: Paper) -> list[Split]:
    """A text and its translation, one below the other: where the language changes for good."""
    spoken = [
        (place, language, len(words))
        for place, words in lines_of_words(paper, least=12)
        if (language := language_of(words)[0])
    ]
    changes = [
        number for number in range(1, len(spoken)) if spoken[number][1] != spoken[number - 1][1]
    ]
    if len(changes) != 1:
        return []
    at = spoken[changes[0]][0][0]
    before = sum(size for place, _language, size in spoken if place[0] < at)
    after = sum(size for place, _language, size in spoken if place[0] >= at)
    if min(before, after) < 2 * LEAST_WORDS:
        return []
    return [Split(at, _("from here on the text is in another language"))]
