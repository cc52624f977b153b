"""Words of search: where they stand, what they are compared by, and what is marked of a text."""

from hypothesis import example, given
from hypothesis import strategies as st

from kptracker.lib.search import parse
from kptracker.lib.search.marking import Marks
from kptracker.lib.search.words import (
    folded,
    placed_words,
    places,
    spelt,
    spelt_before,
    stem,
)

#: Signs that fold to none, to one and to several.
SIGNS = st.text(st.sampled_from("aeÉœÆßﬁ½’ \u0301\u200bЖz\n"), max_size=40)


@given(text=SIGNS)
@example(text="œuvre ﬁn")
@example(text="e\u0301tat")
def test_each_sign_of_the_folded_text_knows_where_it_comes_from(text):
    plain, origin = places(text)
    signs = [(place, folded(sign)) for place, sign in enumerate(text)]
    assert plain == "".join(fold for _place, fold in signs)
    came = [place for place, fold in signs for _one in fold]
    assert came == [place if origin is None else origin[place] for place in range(len(plain))]


@given(text=st.text(st.sampled_from("aeÉœÆß’…µ–€Žƒ\xa0\xad½ \x9dz\n"), max_size=40))
def test_a_text_of_western_signs_folds_as_within_any_other(text):
    """It is folded byte by byte, and another sign by sign."""
    assert folded(f"{text}\u0436") == f"{folded(text)}\u0436"
    assert folded(text) == "".join(map(folded, text))


@given(word=st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=3, max_size=14))
@example(word="dying")
@example(word="ties")
@example(word="aing")
@example(word="yeux")
@example(word="premieres")
def test_no_stemmer_changes_the_first_two_letters(word):
    """Marking looks only at words that begin as a stem that is asked for."""
    for language in ("en", "fr", ""):
        first, *others = stem(word, language)
        assert first == word[0]
        assert not others or others[0] == word[1] or word[1] + others[0] == "yi"


WORDS = """
l’or diamonds diamond’s conflits Conflict d'État États lying lie tying ties the reviewing review
œuvre peer-review Marange. dying die mines, minière
"""
TEXTS = st.lists(st.sampled_from(WORDS.split()), max_size=20).map(" ".join)


@given(
    text=TEXTS,
    query=st.sampled_from(["diamond", "etat", "or mine", "die oeuvre", "review", "lie tie"]),
)
def test_every_word_that_is_meant_is_marked_and_no_other(text, query):
    marks = Marks(parse(query + " "))
    for language in ("en", "fr"):
        meant = [
            (one.start, one.end)
            for one in placed_words(text)
            if stem(one.word, language) in marks.words
        ]
        assert [(start, end) for start, end, _words in marks.found(text, language)] == meant


@given(
    text=TEXTS, query=st.sampled_from(["peer-review", "l’or diamonds", "d'État the", "die the die"])
)
def test_a_phrase_is_marked_where_its_words_follow_each_other(text, query):
    marks = Marks(parse(f'"{query}"'))
    words = [(stem(one.word, "en"), one.start, one.end) for one in placed_words(text)]
    wanted = [stem(one.word, "en") for one in placed_words(query)]
    ends = -1
    meant = []
    for at in range(len(words) - len(wanted) + 1):
        there = words[at : at + len(wanted)]
        if [one for one, _start, _end in there] == wanted:
            start = there[0][1]
            if start < ends:  # two that overlap are marked as one
                start = meant.pop()[0]
            ends = there[-1][2]
            meant.append((start, ends))
    assert [(start, end) for start, end, _words in marks.found(text, "en")] == meant


@given(
    text=st.lists(st.sampled_from(["l'", "coalition's ", "or ", "x" * 70 + "\n", "; ", "a\n"])),
    count=st.integers(0, 4),
)
def test_the_words_before_a_place_are_those_that_are_read_from_the_beginning(text, count):
    plain = "".join(text)
    words = list(spelt(plain))
    for number, (_word, start, _end) in enumerate(words):
        assert spelt_before(plain, start, count) == words[max(number - count, 0) : number]
