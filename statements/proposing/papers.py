"""The document as it lies on the table: its lines, its head, its body and its foot."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

WORD = re.compile(r"[^\W_]+")
_SAME = {
    **dict.fromkeys("’‘‛ʼ´`", "'"),
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    # Marks of bold and headings, as some files write them, are no words.
    **dict.fromkeys("*#_", " "),
}


class _Plain(dict[int, str]):
    """How each sign reads without accents and capitals: always one sign for one sign."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if sign == "\n":
            plain = sign
        elif sign in _SAME:
            plain = _SAME[sign]
        elif sign.isspace():
            plain = " "
        else:
            folded = unicodedata.normalize("NFKD", sign.casefold())
            bare = "".join(part for part in folded if not unicodedata.combining(part))
            plain = bare if len(bare) == 1 else sign
        self[code] = plain
        return plain


_plain = _Plain()


def plain(text: str) -> str:
    """Return a text in small letters without accents, sign for sign: places stay the same."""
    return text.translate(_plain)


def word_set(words: str) -> frozenset[str]:
    """Return the words of a line as a set: lists of words are easier to read in a row."""
    return frozenset(words.split())


class Word(NamedTuple):
    """A word in plain letters and where it stands."""

    plain: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its place, its plain words, the paragraph it belongs to."""

    start: int
    end: int
    text: str
    plain: str
    paragraph: int
    size: int

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the text."""
        return (self.start, self.end)


#: Words that make a sentence of a line; titles rarely have them together with a full stop.
_VERBS = re.compile(
    r"\b(?:we|our|us|i|my|you|is|are|was|were|has|have|had|will|would|"
    r"nous|notre|nos|je|vous|est|sont|etait|sera|avons|ont)\b"
)
_GREETING = re.compile(
    r"(?:your excellenc|excellenc|honou?rable\b|hon\b|dear\b|ladies and gent|"
    r"mr\.? (?:chair|president|minister)|madam\b|mister\b|chair(?:man|person)?,|"
    r"(?:monsieur|madame|mesdames|messieurs|chers?|cheres?)\b)"
)
#: Those who are greeted besides: such a line may be a title, unless a comma ends it.
_GREETED = re.compile(r"(?:distingu|focal points? of|representatives of|members of|chairs of)")
_ENQUIRIES = re.compile(
    r"(?:for |pour )?(?:more|further|additional|plus|toute?|davantage)\b d?'?\s*"
    r"info(?:rmations?)?\b"
    r"|(?:for )?(?:interviews?|media enquiries)\b|"
    r"(?:media |press )?contacts?(?: presse| medias?)?\s*:"
)
_CONTACT = re.compile(
    r"(?:media |press )?contacts?\b(?! with)|notes? (?:to|for) editors?|about (?:us|the)\b|a propos"
)
ADDRESS = re.compile(r"\S@\S|(?:tel|phone|mob)\w*\s*[.:]|\+\s?[0-9]")
_STOP = re.compile(r"[.!:;\u061b][\"')\s]*$")
_ASKS = re.compile(r"[?\u061f][\"')\s]*$")


def greets(line: Line) -> bool:
    """Whether a line greets an audience or a reader: "Honourable Chair," "Dear all,"."""
    bare = line.plain.strip()
    return bool(_GREETING.match(bare)) or (bool(_GREETED.match(bare)) and bare[-1] in ",;:.")


def heads_contacts(line: Line) -> bool:
    """Whether names and numbers for enquiries, or notes, follow a line."""
    bare = line.plain.strip()
    if line.size <= 12 and _ENQUIRIES.match(bare):
        return True
    return bool(_CONTACT.match(bare)) and (line.size <= 4 or bare.endswith(":"))


def is_prose(line: Line) -> bool:
    """Whether a line is part of the running text and no title, label, address or heading."""
    if line.size >= 45:
        return True
    if _ASKS.search(line.plain):
        return line.size >= 25
    if not _STOP.search(line.plain):
        return False
    # Few titles end with a full stop; those that do are short.
    least = 20 if line.plain.rstrip().endswith(":") else 12
    return line.size >= least or (line.size >= 3 and bool(_VERBS.search(line.plain)))


class Paper:
    """A cleaned text, read once: everything that proposes asks it and none reads it anew."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = plain(text)
        self.lines: list[Line] = []
        paragraph, start, blank = 0, 0, True
        for part in text.split("\n"):
            end = start + len(part)
            bare = self.plain[start:end]
            if WORD.search(bare):
                paragraph += blank and bool(self.lines)
                blank = False
                size = sum(1 for _ in WORD.finditer(bare))
                self.lines.append(Line(start, end, part, bare, paragraph, size))
            else:
                blank = True
            start = end + 1

    @cached_property
    def words(self) -> list[Word]:
        """The words of the text, in order."""
        return [Word(m.group(), m.start(), m.end()) for m in WORD.finditer(self.plain)]

    @cached_property
    def _bounds(self) -> tuple[int, int]:
        """Which lines are body: the first, and the one after the last."""
        prose = [n for n, line in enumerate(self.lines) if is_prose(line)]
        greeting = next((n for n, line in enumerate(self.lines) if greets(line)), None)
        first = prose[0] if prose else min(len(self.lines), 12)
        if greeting is not None:
            first = min(first, greeting)
        # Whatever stands below thirty short lines is a list and no head.
        first = min(first, 30)
        last = prose[-1] + 1 if prose else len(self.lines)
        return first, max(first, last)

    @property
    def head(self) -> list[Line]:
        """The lines above the running text: letterhead, labels, title, date."""
        return self.lines[: self._bounds[0]]

    @property
    def body(self) -> list[Line]:
        """The running text with its headings and lists."""
        return self.lines[self._bounds[0] : self._bounds[1]]

    @property
    def foot(self) -> list[Line]:
        """The lines below the running text: signature, address."""
        return self.lines[self._bounds[1] :]

    @cached_property
    def contact_from(self) -> int:
        """Where the lines for enquiries begin, below which nobody signs; else past the end."""
        for line in self.lines[self._bounds[0] :]:
            if heads_contacts(line):
                return line.start
        return len(self.text) + 1

    def line_at(self, place: int) -> Line:
        """Return the line in which a place lies."""
        low, high = 0, len(self.lines) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.lines[middle].start <= place:
                low = middle
            else:
                high = middle - 1
        return self.lines[low]

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The sentences of the body, each within its line."""
        found = []
        for line in self.body:
            start = line.start
            for stop in re.finditer(r"[.!?][\"')]*\s+(?=[^a-z\s])", line.text):
                # "Mr. Chair", "St. Petersburg", "U.S. ...": no sentence ends there.
                before = self.plain[
                    max(line.start, line.start + stop.start() - 5) : line.start + stop.start()
                ]
                if re.search(r"\b(?:mr|mrs|ms|dr|hon|prof|st|mme|m|no|[a-z])$", before):
                    continue
                found.append((start, line.start + stop.end()))
                start = line.start + stop.end()
            if start < line.end:
                found.append((start, line.end))
        return found
