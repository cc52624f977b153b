"""Did you mean? A query that finds nothing is tried again with the nearest words of the record."""

from dataclasses import dataclass

from .asking import Asked, Word, parse
from .entries import source_of
from .finding import Found, SearchFilters, find
from .known import state
from .marking import Piece
from .matching import Condition, newest
from .suggesting import nearest, vocabulary
from .words import placed_words


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that the reader may have meant: what to ask, with the changed words marked.

    It has hits that visitors see: ``total`` of them, and ``more`` where that is not all.
    """

    text: str
    pieces: list[Piece]
    total: int
    more: bool


def did_you_mean(found: Found) -> Suggestion | None:
    """Return what the reader may have meant where nothing was found; None where nothing is near.

    Words that stand nowhere in the record are replaced by the nearest that do. It is
    suggested only where that finds something, beside the same filters or without them.
    """
    if found.total or not found.asked.finds:
        return None
    words = vocabulary(state())
    meant = {
        word: near
        for word in _asked_words(found.asked)
        if not _stands_somewhere(word) and (near := nearest(word.word, words))
    }
    if not meant:
        return None
    pieces = _replaced(found.asked.typed, {word.word: _as_written(meant[word]) for word in meant})
    text = "".join(piece.text for piece in pieces)
    for filters in (found.filters, SearchFilters()):
        again = find(parse(text), filters)
        if again.total:
            return Suggestion(text, pieces, again.total, again.more)
    return None


def _asked_words(asked: Asked) -> list[Word]:
    """Return the words that must be there, also those of phrases."""
    words = list(asked.words)
    for phrase in asked.phrases:
        words += parse(phrase.typed).words
    return words


def _stands_somewhere(word: Word) -> bool:
    (found,) = newest([Condition(groups=(word.stems,))], most=1)
    return bool(found.numbers)


def _as_written(word: str) -> str:
    """Return a word as the first entry with it writes it: Yoboué, not yoboue."""
    for kind, key in find(parse(f'"{word}"')).keys[:3]:
        shown = source_of(kind).shown([key]).get(key)
        for text in [shown.title.text, *(one.text for one in shown.passages)] if shown else ():
            for placed in placed_words(text):
                if placed.word == word:
                    return text[placed.start : placed.end]
    return word


def _replaced(typed: str, meant: dict[str, str]) -> list[Piece]:
    pieces: list[Piece] = []
    place = 0
    for placed in placed_words(typed):
        if placed.word in meant:
            pieces += [Piece(typed[place : placed.start]), Piece(meant[placed.word], marked=True)]
            place = placed.end
    pieces.append(Piece(typed[place:]))
    return [piece for piece in pieces if piece.text]
