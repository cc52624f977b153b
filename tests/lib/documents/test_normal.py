"""The normal form of a text and the way there and back."""

import hashlib
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kptracker.lib.documents.normal import (
    NormalForm,
    from_normal,
    may_join_the_sign_before,
    normal_hash,
    normalise,
    to_normal,
)

#: No database has a part in it.
pytestmark = pytest.mark.once

# Much white space and many accents, the two things that move places.
texts = st.text(
    st.sampled_from(" \n\t\u00a0\u2003ab.é\u0301\u0323e가\u1100\u1161\u11a8\u0958م\u0651")
    | st.characters(exclude_categories=["Cs"]),
    max_size=60,
)
composed = texts.map(lambda text: unicodedata.normalize("NFC", text))


def test_the_hash_does_not_mind_line_breaks_or_the_way_an_accent_is_written() -> None:
    one = "La société civile\ndemande  une réponse.\n\nElle attend."
    other = unicodedata.normalize("NFD", " La société civile demande une réponse. Elle attend.\n")
    assert normal_hash(one) == normal_hash(other)
    assert normal_hash(one) != normal_hash(one.replace("attend", "attendra"))


def test_the_hash_is_that_of_the_words_with_single_spaces() -> None:
    expected = hashlib.sha256("Deux mots é".encode()).hexdigest()
    assert normal_hash("  Deux\u00a0mots\n\ne\u0301 ") == expected


def test_a_word_is_found_again_between_wide_spaces() -> None:
    wide = "\n  The  mine\n\nis\tclosed. \n"
    normal = normalise(wide)
    assert normal == "The mine is closed."
    start, end = normal.index("mine is"), normal.index("mine is") + len("mine is")
    assert wide[from_normal(wide, start) : from_normal(wide, end)] == "mine\n\nis"
    assert to_normal(wide, wide.index("mine")) == start
    assert to_normal(wide, wide.index("is") + 2) == end


@pytest.mark.parametrize("place", [-1, 5])
def test_a_place_outside_is_refused(place: int) -> None:
    with pytest.raises(ValueError, match="not a place"):
        to_normal("four", place)
    with pytest.raises(ValueError, match="not a place"):
        from_normal("four", place)


@given(texts)
def test_the_form_is_the_normalised_text(text: str) -> None:
    form = NormalForm(text)
    assert form.text == normalise(text)
    assert form.hash == normal_hash(text)
    assert normalise(form.text) == form.text


@given(composed)
def test_every_place_of_the_normal_form_comes_back(text: str) -> None:
    form = NormalForm(text)
    for place in range(len(form.text) + 1):
        assert form.to_normal(form.from_normal(place)) == place


@given(composed)
def test_every_sign_that_is_no_space_keeps_its_identity(text: str) -> None:
    form = NormalForm(text)
    for place, sign in enumerate(text):
        if not sign.isspace():
            assert form.text[form.to_normal(place)] == sign
            assert form.from_normal(form.to_normal(place)) == place


@given(texts)
def test_places_never_change_their_order_and_never_leave_the_text(text: str) -> None:
    form = NormalForm(text)
    there = [form.to_normal(place) for place in range(len(text) + 1)]
    back = [form.from_normal(place) for place in range(len(form.text) + 1)]
    assert there == sorted(there)
    assert back == sorted(back)
    assert there[0] == 0
    assert there[-1] == len(form.text)
    assert 0 <= back[0] <= back[-1] <= len(text)


@given(texts, st.data())
def test_a_passage_of_any_text_has_the_same_words_in_its_normal_form(
    text: str, data: st.DataObject
) -> None:
    """Whole words; accents written apart come together on both sides."""
    form = NormalForm(text)
    words = form.text.split(" ")
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start = len(" ".join(words[:first])) + (1 if first else 0)
    quote = " ".join(words[first : last + 1])
    found = text[form.from_normal(start) : form.from_normal(start + len(quote))]
    assert normalise(found) == quote


def test_no_sign_that_joins_another_is_forgotten() -> None:
    seconds = set()
    for code in range(sys.maxunicode + 1):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            seconds.add(chr(int(parts[1], 16)))
    assert seconds
    assert [sign for sign in seconds if not may_join_the_sign_before(sign)] == []
