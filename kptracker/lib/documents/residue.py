"""What is in a text and may not belong to it: proposed for removal with a reason, never removed.

A web site leaves its frame in a copied text (logo, language bar, "Follow us"), a PDF its page
numbers and running lines, a conversion its marks. An editor decides on each.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from . import site_words as words_of_sites
from .line_kinds import (
    ends_sentence,
    goes_on,
    is_address,
    is_item,
    is_page_number,
    stands_alone,
)
from .lines import seam, words_of


class Reason(TextChoices):
    """Why something may not belong to the text of a statement."""

    LOGO = "logo", _("looks like a logo")
    IMAGE = "image", _("stands for an image")
    LANGUAGES = "languages", _("lets a reader choose a language")
    SHARING = "sharing", _("asks to follow or share")
    COOKIES = "cookies", _("speaks of the site's cookies")
    NAVIGATION = "navigation", _("belongs to the frame of a web site")
    THIRD_LANGUAGE = "third_language", _("a line of a web site in another language")
    LINK = "link", _("marks of a link; its words stay")
    MARKUP = "markup", _("marks of bold, italic or heading; the words stay")
    PAGE_NUMBER = "page_number", _("a page number")
    RUNNING_LINE = "running_line", _("repeated at the edge of pages")
    TORN = "torn", _("a sentence torn in two; removing joins it")


@dataclass(frozen=True)
class Residue:
    """A passage that may not belong to the text: where, which words, why.

    ``instead`` is what stands in its place if an editor takes the proposal: '' for most, the
    words inside for marks, a space for a torn sentence.
    """

    start: int
    end: int
    text: str
    reason: Reason
    instead: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the text and its place."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Return the place behind the line."""
        return self.start + len(self.text)


#: Longer lines are never residue as a whole.
LONGEST = 160
#: A logo stands among the first blocks.
FIRST_BLOCKS = 4
#: How often a short line is repeated before it is taken for a running line.
OFTEN = 3
#: A torn sentence begins with a line of at least this length; a heading is shorter.
TORN_FROM = 40

BOLD = r"(?P<mark>\*\*|__)(?=[^\s*_])(?P<bold>[^*_][^*]{0,600}?)(?<=\S)(?P=mark)"
ITALIC = r"(?<![\w*\\])\*(?=[^\s*])(?P<star>[^*\n]{1,300})(?<=\S)\*(?![\w*])"
SCORE = r"(?<![\w_\\])_(?=[^\s_])(?P<score>[^_\n]{1,300})(?<=\S)_(?![\w_])"
LINK = r"!?\[(?P<words>[^\[\]\n]{0,300})\]\([^()\s]{0,1000}(?: \"[^\"\n]{0,200}\")?\)"
HEADING = r"^#{1,6} +(?=\S)"
LONE_MARK = r"\*\*"
MARKS = re.compile(f"{BOLD}|{LINK}|{ITALIC}|{SCORE}|(?P<heading>{HEADING})|{LONE_MARK}", re.M)


def find_residue(text: str, running: Iterable[str] = ()) -> list[Residue]:
    """Return what may not belong to a cleaned text, in the order of the text.

    Args:
        text: as ``clean`` leaves it: a line for each paragraph, blank lines between blocks.
        running: the ``running_key`` of each line that pages repeat at their edges.

    """
    blocks = _blocks(text)
    repeated = set(running) | _often(blocks)
    third = _third_languages(text)
    reasons = [_reasons(block, number, repeated, third) for number, block in enumerate(blocks)]
    found: list[Residue] = []
    for block, why in zip(blocks, reasons, strict=True):
        found += _whole_lines(text, block, why)
        found += _marks(text, block, why)
    # What stands inside a tear goes with it and is no proposal of its own.
    tears = _torn(text, blocks, reasons)
    starts = [tear.start for tear in tears]
    outside = []
    for one in found:
        before = bisect_right(starts, one.start) - 1
        if before < 0 or one.end > tears[before].end:
            outside.append(one)
    return sorted(outside + tears, key=lambda one: one.start)


def running_key(line: str) -> str:
    """Return what two running lines have in common that differ in the page number only."""
    return re.sub(r"\d+", "#", " ".join(line.casefold().split()))


def _blocks(text: str) -> list[list[Line]]:
    blocks = []
    start = 0
    for block in text.split("\n\n"):
        lines = []
        place = start
        for line in block.split("\n"):
            lines.append(Line(place, line))
            place += len(line) + 1
        blocks.append(lines)
        start += len(block) + 2
    return blocks


def _often(blocks: list[list[Line]]) -> set[str]:
    """Return the short lines that stand alone in the text again and again."""
    counts = Counter(
        running_key(block[0].text)
        for block in blocks
        if len(block) == 1 and len(block[0].text) <= 80 and not ends_sentence(block[0].text)
    )
    return {key for key, count in counts.items() if count >= OFTEN}


def _reasons(
    block: list[Line], number: int, repeated: set[str], third: list[set[str]]
) -> list[Reason | None]:
    """Return for each line of a block why the whole line may not belong to the text."""
    if number < FIRST_BLOCKS and _is_logo(block):
        return [Reason.LOGO] * len(block)
    if len(block) > 1 and all(_names_of_languages(line.text) for line in block):
        return [Reason.LANGUAGES] * len(block)
    return [_reason(line.text, repeated, third) for line in block]


def _reason(line: str, repeated: set[str], third: list[set[str]]) -> Reason | None:
    if not line or len(line) > LONGEST:
        return None
    bare = line.strip("*_ ")
    if is_page_number(line):
        return Reason.PAGE_NUMBER
    if running_key(line) in repeated:
        return Reason.RUNNING_LINE
    if _is_language_bar(bare):
        return Reason.LANGUAGES
    for reason, pattern in [
        (Reason.SHARING, words_of_sites.SHARING),
        (Reason.NAVIGATION, words_of_sites.NAVIGATION),
        (Reason.IMAGE, words_of_sites.IMAGE),
        (Reason.COOKIES, words_of_sites.COOKIE_BUTTON),
    ]:
        if pattern.fullmatch(bare) and not is_address(bare):
            return reason
    if words_of_sites.COOKIES.search(bare) and words_of_sites.COOKIE_TALK.search(bare):
        return Reason.COOKIES
    if _is_trail(bare):
        return Reason.NAVIGATION
    if re.fullmatch(r"!\[[^\]]*\]\([^)]*\)", line):
        return Reason.IMAGE
    if len(bare) <= 80 and not ends_sentence(bare.rstrip(":")) and not is_item(bare):
        words = set(re.findall(r"\w+", bare.casefold()))
        if any(len(words & common) >= 2 for common in third):
            return Reason.THIRD_LANGUAGE
    return None


def _is_logo(block: list[Line]) -> bool:
    """Say whether a block is a name set in short lines of capitals, as a logo is."""
    lines = [line.text.strip("*_ ") for line in block]
    whole = " ".join(lines)
    return (
        len(lines) >= 2
        and len(whole) <= 120
        and all(0 < len(line.split()) <= 3 for line in lines)
        and whole == whole.upper()
        and any(sign.isupper() for sign in whole)
        and not any(sign.isdigit() for sign in whole)
        and not words_of_sites.TITLE_WORDS.search(whole)
    )


def _names_of_languages(line: str) -> list[str]:
    """Return the languages that a line names, if it does nothing else."""
    words = re.findall(r"[^\W\d_]+", line.casefold())
    return words if words and all(word in words_of_sites.LANGUAGES for word in words) else []


def _is_language_bar(line: str) -> bool:
    """Say whether a line offers languages: 'EN | FR', or 'Read this in: ENG FR'."""
    if len(_names_of_languages(line)) >= 2:
        return True
    before, colon, choice = line.rpartition(":")
    return bool(colon) and len(before) <= 80 and len(_names_of_languages(choice)) >= 2


def _is_trail(line: str) -> bool:
    """Say whether a line is a trail or a row of menus: 'Home > News > Statements'."""
    parts = [part.strip().casefold() for part in re.split(r"\s*[>»›|/·•→]\s*", line)]
    return (
        len(parts) >= 3
        and all(len(part.split()) <= 5 for part in parts)
        and any(part in words_of_sites.TRAIL for part in parts)
    )


def _third_languages(text: str) -> list[set[str]]:
    """Return the word lists of languages in which the text at large is not written."""
    words = re.findall(r"\w+", text.casefold())
    return [
        common
        for common in words_of_sites.THIRD_LANGUAGES
        if sum(word in common for word in words) < max(8, len(words) / 12)
    ]


def _whole_lines(text: str, block: list[Line], why: list[Reason | None]) -> Iterator[Residue]:
    """Yield lines that may go as a whole; neighbours with the same reason as one."""
    number = 0
    while number < len(block):
        reason = why[number]
        last = number
        while reason and last + 1 < len(block) and why[last + 1] == reason:
            last += 1
        if reason:
            start, end = block[number].start, block[last].end
            yield Residue(start, end, text[start:end], reason)
        number = last + 1


def _marks(text: str, block: list[Line], why: list[Reason | None]) -> Iterator[Residue]:
    """Yield the marks of links, bold and headings in the lines of a block that stay."""
    runs: list[list[Line]] = [[]]
    for line, reason in zip(block, why, strict=True):
        if reason:
            runs.append([])
        else:
            runs[-1].append(line)
    for run in runs:
        if not run:
            continue
        start = run[0].start
        for match in MARKS.finditer(text[start : run[-1].end]):
            found = match.group(0)
            reason = Reason.LINK if match["words"] is not None else Reason.MARKUP
            if reason is Reason.LINK and found.startswith("!"):
                reason = Reason.IMAGE
            yield Residue(
                start + match.start(), start + match.end(), found, reason, _words_inside(match)
            )


def _words_inside(match: re.Match[str]) -> str:
    """Return the words that marks stand around, marks inside them gone as well."""
    if match.group(0).startswith("!["):
        return ""
    inside = match["bold"] or match["words"] or match["star"] or match["score"] or ""
    return MARKS.sub(_words_inside, inside) if inside else ""


def _joined(blocks: list[list[Line]]) -> str:
    """Return the text of some blocks."""
    return "\n\n".join("\n".join(line.text for line in block) for block in blocks)


def _torn(text: str, blocks: list[list[Line]], reasons: list[list[Reason | None]]) -> list[Residue]:
    """Return the places where a blank line, or the end of a page, tears a sentence in two.

    What stands between (a page number, a running line) goes with the tear.
    """
    staying = [block for block, why in zip(blocks, reasons, strict=True) if not all(why)]
    known: set[str] = set()
    found = []
    for before, after in zip(staying, staying[1:], strict=False):
        last, first = before[-1], after[0]
        if (
            len(last.text) < TORN_FROM
            or ends_sentence(last.text)
            or is_item(last.text)
            or stands_alone(last.text)
            or not goes_on(first.text)
            or is_item(first.text)
            or stands_alone(first.text)
        ):
            continue
        known = known or words_of(_joined(staying))
        cut, glue, _note = seam(last.text, first.text, known)
        start, end = last.end - cut, first.start
        found.append(Residue(start, end, text[start:end], Reason.TORN, glue))
    return found
