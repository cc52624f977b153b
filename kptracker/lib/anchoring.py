"""Places in a text: how words are found in it, and followed when it is corrected.

A place is counted in Unicode code points of the text in NFC. It is kept with the exact words
and some words on either side, as the W3C TextQuoteSelector and TextPositionSelector do.
"""

from dataclasses import dataclass

from rapidfuzz.distance import Indel

from .documents.normal import NormalForm, normalise

#: So many signs before and after the words are kept, to tell their place from others.
AROUND = 32
#: How alike words must stay, from 0 to 1, to count as the same words corrected.
STILL_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a text: where they begin and end, what they are, and what stands around them."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def place_at(text: str, start: int, end: int) -> Place:
    """Return the place between two offsets of a text.

    Raises ValueError where the text has no such place, or nothing but white space is there.
    """
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise ValueError(f"No words stand between {start} and {end}.")
    return Place(
        start, end, text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND]
    )


def find(text: str, words: str, near: int = 0) -> Place | None:
    """Return where words stand in a text, nearest to an offset; None where they do not."""
    if not words.strip():
        return None
    before, after = text.rfind(words, 0, near + len(words)), text.find(words, near)
    found = [place for place in (before, after) if place >= 0]
    start = min(found, key=lambda place: abs(place - near), default=None)
    return None if start is None else place_at(text, start, start + len(words))


def find_all(text: str, words: str) -> list[Place]:
    """Return every place at which words stand in a text, however its white space is laid out."""
    form, wanted = NormalForm(text), normalise(words)
    places = []
    start = form.text.find(wanted) if wanted else -1
    while start >= 0:
        # The end of the last sign, not the beginning of the next word.
        last = form.from_normal(start + len(wanted) - 1)
        places.append(place_at(text, form.from_normal(start), last + 1))
        start = form.text.find(wanted, start + 1)
    return places


def follow(old: str, new: str, start: int, end: int) -> Place | None:
    """Return where the words between two offsets of ``old`` stand in ``new``, its correction.

    Words that were corrected themselves are followed as long as their beginning and end, or
    what stands right beside them, stayed. None where it is not certain that they are the same:
    a passage never points at other words.
    """
    if old == new:
        return place_at(new, start, end)
    moved = _mapped(old, new, start, end)
    words = old[start:end]
    if moved is not None:
        place = place_at(new, *moved)
        if place.exact == words and not _ambiguous(old, new, words, start, moved[0]):
            return place
        if place.exact != words and _same_but_corrected(old, new, start, end, moved):
            return place
    # Moved as a whole: certain only where the words stood once and stand once.
    if old.count(words) == 1 and new.count(words) == 1 and len(words) >= AROUND:
        return find(new, words)
    return None


def _mapped(old: str, new: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the offsets in ``new`` of the first and last sign of the words that stayed."""
    first = last = None
    for block in Indel.opcodes(old, new):
        if block.tag != "equal":
            continue
        low, high = max(block.src_start, start), min(block.src_end, end)
        if low >= high:
            continue
        shift = block.dest_start - block.src_start
        if first is None:
            if low != start:
                return None  # the beginning is gone
            first = low + shift
        last = high + shift if high == end else None
    if first is None or last is None or not new[first:last].strip():
        return None
    return first, last


def _ambiguous(old: str, new: str, words: str, before: int, after: int) -> bool:
    """Tell whether words that stand several times may have changed places unnoticed."""
    if old.count(words) == 1 and new.count(words) == 1:
        return False
    end, moved_end = before + len(words), after + len(words)
    same_before = old[max(0, before - AROUND) : before] == new[max(0, after - AROUND) : after]
    same_after = old[end : end + AROUND] == new[moved_end : moved_end + AROUND]
    if not same_before and not same_after:
        return True
    around = (
        new[max(0, after - AROUND) : moved_end] if same_before else new[after : moved_end + AROUND]
    )
    was = old[max(0, before - AROUND) : end] if same_before else old[before : end + AROUND]
    # With what stands beside them they must be alone, before and after.
    return new.count(around) != 1 or old.count(was) != 1


def _same_but_corrected(old: str, new: str, start: int, end: int, moved: tuple[int, int]) -> bool:
    """Tell whether the words at the new place are the old ones, corrected."""
    words, now = old[start:end], new[slice(*moved)]
    if Indel.normalized_similarity(words, now) < STILL_ALIKE:
        return False
    beside = min(AROUND, 12)
    same_before = old[max(0, start - beside) : start] == new[max(0, moved[0] - beside) : moved[0]]
    same_after = old[end : end + beside] == new[moved[1] : moved[1] + beside]
    return same_before and same_after
