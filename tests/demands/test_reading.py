"""A text as it is read: paragraphs and segments, for every text and every set of passages."""

from hypothesis import given
from hypothesis import strategies as st

from demands.models import Passage
from demands.reading import paragraphs_of

#: Words, white space of all kinds, signs beyond the first 65,536 and from right to left.
BODIES = st.text(st.sampled_from("abé \n\n\n\t\u00a0\u2028😀نص.“"), max_size=80)


@st.composite
def read(draw: st.DrawFn) -> tuple[str, list[Passage]]:
    """A text and passages of it, as the database allows them: each has a word in it."""
    body = draw(BODIES)
    places = draw(st.lists(st.tuples(st.integers(0, 80), st.integers(1, 80)), max_size=8))
    kept = [(start, min(start + length, len(body))) for start, length in places]
    return body, [
        Passage(pk=key, start=start, end=end)
        for key, (start, end) in enumerate(kept, 1)
        if body[start:end].strip()
    ]


@given(read())
def test_the_segments_give_the_text_back(case: tuple[str, list[Passage]]) -> None:
    body, passages = case
    rebuilt, place = "", 0
    for number, paragraph in enumerate(paragraphs_of(body, passages), 1):
        assert paragraph.number == number
        between = body[place : paragraph.start]
        assert not between.strip()
        words = "".join(segment.text for segment in paragraph.segments)
        assert words == body[paragraph.start : paragraph.end]
        assert words == words.strip()
        assert words
        rebuilt += between + words
        place = paragraph.end
        for segment in paragraph.segments:
            assert segment.text == body[segment.start : segment.end] != ""
    assert not body[place:].strip()
    assert rebuilt + body[place:] == body


@given(read())
def test_the_segments_of_a_passage_are_its_words(case: tuple[str, list[Passage]]) -> None:
    body, passages = case
    paragraphs = paragraphs_of(body, passages)
    segments = [segment for paragraph in paragraphs for segment in paragraph.segments]
    for passage in passages:
        own = [segment for segment in segments if passage in segment.passages]
        exact = body[passage.start : passage.end]
        # Between two paragraphs, and around them, is white space that no paragraph holds.
        assert "".join("".join(one.text.split()) for one in own) == "".join(exact.split())
        assert body[own[0].start : own[-1].end].strip() == exact.strip()
        assert all(passage.start <= one.start and one.end <= passage.end for one in own)
        assert [one for one in segments if passage in one.begins] == own[:1]
        assert [one for one in segments if passage in one.ends] == own[-1:]
        assert sum(passage in paragraph.begins for paragraph in paragraphs) == 1
    for segment in segments:
        outside = [row for row in passages if row not in segment.passages]
        for row in outside:
            assert row.end <= segment.start or segment.end <= row.start


def test_blank_lines_part_paragraphs_and_single_ones_do_not() -> None:
    body = "\n One\ntwo \n \t\n\n three\n"
    first, second = paragraphs_of(body, [])
    assert [(one.text,) for one in first.segments] == [("One\ntwo",)]
    assert second.segments[0].text == "three"
    assert paragraphs_of(" \n\n ", []) == []


def test_passages_overlap_share_a_place_and_reach_over_paragraphs() -> None:
    body = "We ask this now.\n\nAnd that."
    long = Passage(pk=1, start=3, end=21)
    short = Passage(pk=2, start=7, end=11)
    same = Passage(pk=3, start=7, end=11)
    lost = Passage(pk=4, start=None, end=None)
    first, second = paragraphs_of(body, [same, lost, short, long])
    assert [(one.text, [row.pk for row in one.passages]) for one in first.segments] == [
        ("We ", []),
        ("ask ", [1]),
        ("this", [1, 2, 3]),
        (" now.", [1]),
    ]
    assert [(one.text, [row.pk for row in one.ends]) for one in second.segments] == [
        ("And", [1]),
        (" that.", []),
    ]
    assert [row.pk for row in first.begins] == [1, 2, 3]
    assert second.begins == []
