"""Words that a reader may have meant: those that a word begins, and those it nearly is."""

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ..models import SearchWord
from .known import State
from .words import stems_asked

#: A word completes to so many others, the most frequent.
MOST_COMPLETIONS = 50
#: Shorter words are not corrected: too many others are as near.
SHORTEST = 4


def completed(begun: str) -> list[str]:
    """Return the stems of the words that begin with ``begun``, the most frequent ones first."""
    words = (
        SearchWord.objects.filter(word__gte=begun, word__lt=begun + "\U0010ffff")
        .order_by("-entries", "word")
        .values_list("word", flat=True)[:MOST_COMPLETIONS]
    )
    return list(dict.fromkeys(stem for word in words for stem in stems_asked(word)))


@lru_cache(maxsize=2)
def vocabulary(now: State) -> dict[str, tuple[int, int]]:
    """Return all words, as they are now, with their numbers of entries and of names."""
    rows = SearchWord.objects.order_by("word").values_list("word", "entries", "names")
    return {word: (entries, names) for word, entries, names in rows.iterator(chunk_size=5000)}


def nearest(word: str, known: dict[str, tuple[int, int]]) -> str:
    """Return the word of the record that was probably meant, '' where none is near.

    One slip in four letters, two in seven, three in eleven. A name is preferred, since names
    are what readers misspell, and what stands in more entries: eight times as many outweigh
    about half a slip.
    """
    if len(word) < SHORTEST or word.isdigit():
        return ""
    most = 1 if len(word) < 7 else 2 if len(word) < 11 else 3
    found = process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    return min(
        (one for one, _distance, _place in found),
        key=lambda one: (_cost(word, one, *known[one]), one),
        default="",
    )


def _cost(word: str, other: str, entries: int, names: int) -> int:
    cost = 100 * OSA.distance(word, other) - 15 * entries.bit_length()
    return cost - 50 * bool(names) + 30 * (word[0] != other[0])
