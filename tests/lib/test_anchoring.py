"""Places in texts follow corrections, and never point at other words."""

import random

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from kptracker.lib.anchoring import find, follow, place_at

#: No database has a part in it.
pytestmark = pytest.mark.once

TEXT = """we ask the meeting to widen its definition and to hear those who live beside the mines 💎
à l’écoute des communautés; the scheme must keep its promise, now, in Zimbabwe & RCA"""
WORDS = TEXT.split()


def test_a_place_knows_its_words_and_what_stands_around_them() -> None:
    place = place_at("Été: we ask 🙏 for it. Again.", 12, 21)
    assert place.exact == "🙏 for it."[:9]
    assert place.prefix == "Été: we ask "
    assert place.suffix == " Again."


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (-1, 3), (0, 99), (3, 4)])
def test_a_place_without_words_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="No words"):
        place_at("one two", start, end)


def test_words_that_stand_twice_are_found_nearest_to_where_they_were() -> None:
    text = "ask now. And ask now."
    assert find(text, "ask now", 15).start == 13  # type: ignore[union-attr]
    assert find(text, "ask now", 2).start == 0  # type: ignore[union-attr]
    assert find(text, "ask later") is None


def test_a_slip_inside_the_words_is_corrected_and_they_keep_their_place() -> None:
    old = "They said: we ask to wdien the definition of conflict diamonds. Then they left."
    new = old.replace("wdien", "widen")
    start = old.index("we ask")
    place = follow(old, new, start, old.index(". Then"))
    assert place is not None
    assert place.exact == "we ask to widen the definition of conflict diamonds"


def test_words_that_are_gone_have_no_place_even_where_others_read_alike() -> None:
    old = "First we ask for it. Then they spoke. Last we ask for it."
    start = old.rindex("we ask for it")
    assert follow(old, old[: old.index(" Last")], start, start + 13) is None
    assert follow(old, "Something else was said.", start, start + 13) is None


def test_a_sentence_moved_as_a_whole_takes_its_place_along() -> None:
    sentence = "The scheme must hear the people who live beside the mines."
    old = f"{sentence} Another thing was said, and at length, before the end."
    new = f"Another thing was said, and at length, before the end. {sentence}"
    place = follow(old, new, 0, len(sentence))
    assert place is not None
    assert new[place.start : place.end] == sentence


def _edited(signs: list[tuple[str, int]], chance: random.Random) -> list[tuple[str, int]]:
    """Return numbered signs after one correction: a cut, an addition, or both."""
    at = chance.randrange(len(signs) + 1)
    cut = chance.choice([0, 0, 1, 2, 5, 12, 40])
    new = " ".join(chance.choices(WORDS, k=chance.choice([0, 1, 2, 6, 20])))
    return [*signs[:at], *((sign, -1) for sign in new), *signs[at + cut :]]


def test_a_thousand_corrections_and_no_place_that_is_wrong() -> None:
    """Each sign of the text is numbered, so that it is known where the words went."""
    chance = random.Random(20231110)
    kept = lost = 0
    for _ in range(1000):
        text = " ".join(chance.choices(WORDS, k=chance.randrange(40, 200)))
        start = chance.randrange(len(text) - 30)
        end = start + chance.randrange(8, 30)
        if not text[start:end].strip():
            continue
        signs = list(zip(text, range(len(text)), strict=True))
        for _edit in range(chance.randrange(1, 5)):
            signs = _edited(signs, chance)
        new = "".join(sign for sign, _number in signs)
        where = {number: place for place, (_sign, number) in enumerate(signs) if number >= 0}
        place = follow(text, new, start, end)
        if place is None:
            lost += 1
            continue
        kept += 1
        assert new[place.start : place.end] == place.exact
        stayed = [where[number] for number in range(start, end) if number in where]
        inside = [one for one in stayed if place.start <= one < place.end]
        # What it points at are the same signs, but for those that were corrected inside.
        assert len(inside) == len(stayed) > 0.3 * (end - start), (text, new, start, end)
    assert kept > 600, (kept, lost)


@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
@examples(max_examples=300, deadline=None)
def test_whatever_a_text_becomes_a_place_holds_its_words(
    old: str, new: str, one: int, other: int
) -> None:
    start, end = sorted((one, other))
    if end > len(old) or not old[start:end].strip():
        return
    place = follow(old, new, start, end)
    assert place is None or new[place.start : place.end] == place.exact != ""
