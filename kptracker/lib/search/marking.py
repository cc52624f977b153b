"""Marks: the words of a query in a title, and the passage of a text in which most of them stand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from .asking import Asked
from .entries import Passage
from .words import beginning_with, places, spelt, spelt_before, stem

#: About so many signs of a text are shown, a little before the first word that was found.
LENGTH = 260
BEFORE = 60
#: Stands among the words of a query for a word by which a phrase is found.
OF_PHRASE = -1


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text as it is written, marked where it is what was asked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """The best passage of a text. ``theirs`` says whether these are words of a speaker or ours.

    ``kind`` says which text it is of (see ``Passage``), ``url`` leads to the place. ``before``
    and ``after`` say that the text goes on there.
    """

    pieces: list[Piece]
    language: str
    kind: str
    theirs: bool
    url: str
    before: bool
    after: bool


#: A place that is marked, and the words of the query (by number) that stand there.
Mark = tuple[int, int, frozenset[int]]


class Marks:
    """Finds what a query asked for in texts, as the index does: by the stems of their language."""

    def __init__(self, asked: Asked) -> None:
        #: The words of the query that a stem stands for.
        self.words: dict[str, set[int]] = {}
        number = 0
        for number, word in enumerate(asked.words):
            for one in word.stems:
                self.words.setdefault(one, set()).add(number)
        #: Phrases by their longest stem, which stands in a text more seldom than the others.
        self.phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for more, phrase in enumerate(asked.phrases, number + 1):
            for option in phrase.options:
                self.phrases.setdefault(max(option, key=len), []).append((option, more))
        #: A page holds thousands of words: only those are stemmed that may be meant.
        self.looked_at = beginning_with([*self.words, *self.phrases])
        #: By language: the words of the query that a word of a text stands for.
        self.known: dict[str, dict[str, frozenset[int]]] = {}

    def found(self, text: str, language: str) -> list[Mark]:
        """Return the places of a text that are marked, in their order."""
        plain, origin = places(text)
        known = self.known.setdefault(language, {})
        marks: list[Mark] = []
        for word, start, end in spelt(plain, self.looked_at):
            numbers = known.get(word)
            if numbers is None:
                numbers = known[word] = self._asked(stem(word, language))
            if numbers:
                if OF_PHRASE in numbers:
                    marks += self._phrases_around(plain, start, word, language)
                    numbers -= {OF_PHRASE}
                if numbers:
                    marks.append((start, end, numbers))
        if origin is not None:
            marks = [(origin[start], origin[end - 1] + 1, one) for start, end, one in marks]
        return _joined(marks)

    def _asked(self, found: str) -> frozenset[int]:
        """Return the words of the query that a stem stands for, and whether a phrase has it."""
        of_phrase = [OF_PHRASE] if found in self.phrases else []
        return frozenset((*self.words.get(found, ()), *of_phrase))

    def _phrases_around(self, plain: str, start: int, word: str, language: str) -> Iterator[Mark]:
        """Yield the phrases that stand around the word at ``start``."""
        found = stem(word, language)
        for option, number in self.phrases[found]:
            for before in (n for n, one in enumerate(option) if one == found):
                after = islice(spelt(plain, start=start), len(option) - before)
                words = [*spelt_before(plain, start, before), *after]
                if tuple(stem(word, language) for word, _start, _end in words) == option:
                    yield words[0][1], words[-1][2], frozenset({number})

    def pieces(self, text: str, language: str = "") -> list[Piece]:
        """Return a short text whole, what was asked for marked, in whatever language it is."""
        languages = (language,) if language else ("en", "fr", "")
        marks = [mark for one in languages for mark in self.found(text, one)]
        return _cut(text, 0, len(text), _joined(marks))

    def snippet(self, passages: Sequence[Passage]) -> Snippet | None:
        """Return the passage with most of the words; the beginning of the first without any."""
        best: tuple[int, int, Passage, list[Mark]] | None = None
        for passage in passages:
            marks = self.found(passage.text, passage.language)
            start, words = _best_window(marks)
            if best is None or words > best[0]:
                best = words, start, passage, marks
        if best is None:
            return None
        _words, place, passage, marks = best
        start, end = _around(passage.text, place)
        first = next((mark[0] for mark in marks if start <= mark[0] < end), start)
        return Snippet(
            _cut(passage.text, start, end, marks),
            passage.language,
            passage.kind,
            passage.theirs,
            passage.at(first, end),
            before=bool(passage.text[:start].strip()),
            after=bool(passage.text[end:].strip()),
        )


def _joined(marks: Iterable[Mark]) -> list[Mark]:
    """Return marks in their order, those that overlap as one."""
    found: list[Mark] = []
    for start, end, words in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        if found and start < found[-1][1]:
            before = found[-1]
            found[-1] = before[0], max(before[1], end), before[2] | words
        else:
            found.append((start, end, words))
    return found


def _best_window(marks: Sequence[Mark]) -> tuple[int, int]:
    """Return where the passage with most words of the query begins, and their number.

    Different words count most, then how many; of equal ones the first is shown.
    """
    best, best_start, best_words = (0, 0), 0, 0
    last = 0
    for place, (start, _end, _words) in enumerate(marks):
        last = max(last, place)
        while last + 1 < len(marks) and marks[last + 1][1] <= start + LENGTH - BEFORE:
            last += 1
        inside = marks[place : last + 1]
        words = len(frozenset().union(*(mark[2] for mark in inside)))
        if (words, len(inside)) > best:
            best, best_start, best_words = (words, len(inside)), start, words
    return best_start, best_words


def _around(text: str, place: int) -> tuple[int, int]:
    """Return the beginning and the end of what is shown around a place, between words."""
    start = max(0, place - BEFORE)
    if start:
        line = text.rfind("\n\n", start, place)
        blank = text.find(" ", start, place)
        start = line + 2 if line >= 0 else blank + 1 if blank >= 0 else place
    end = min(len(text), start + LENGTH)
    if end < len(text):
        blank = text.rfind(" ", place, end)
        end = blank if blank > place else end
    paragraph = text.find("\n\n", max(place, start), end)
    if paragraph >= 0 and paragraph - start > LENGTH // 2:
        end = paragraph
    return start, end


def _cut(text: str, start: int, end: int, marks: Iterable[Mark]) -> list[Piece]:
    pieces: list[Piece] = []
    place = start
    for first, last, _words in marks:
        if last <= place or first >= end:
            continue
        first, last = max(first, place), min(last, end)
        if first > place:
            pieces.append(Piece(text[place:first]))
        pieces.append(Piece(text[first:last], marked=True))
        place = last
    if place < end:
        pieces.append(Piece(text[place:end]))
    return pieces
