"""A text as it is read: its paragraphs, cut where marked passages begin and end."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from statements.shown_texts import blocks_of

from .models import Passage


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of a paragraph over which the same passages lie, and no others.

    ``begins`` and ``ends`` are those of ``passages`` of which it is the first and the last one.
    """

    start: int
    end: int
    text: str
    passages: tuple[Passage, ...]
    begins: tuple[Passage, ...] = ()
    ends: tuple[Passage, ...] = ()


@dataclass(slots=True)
class Paragraph:
    """A paragraph of a text: its segments give its words, ``begins`` the passages that begin in it.

    ``start`` and ``end`` count Unicode code points of the text, without the white space around.
    """

    number: int
    start: int
    end: int
    segments: list[Segment] = field(default_factory=list)
    begins: list[Passage] = field(default_factory=list)


def paragraphs_of(body: str, passages: Sequence[Passage]) -> list[Paragraph]:
    """Return the paragraphs of a text with its passages; those without a place are left out.

    Between two paragraphs stands white space alone. Passages may overlap, share their place and
    reach over several paragraphs; they come in the order in which they begin, the longer first.
    """
    paragraphs = [
        Paragraph(number, start, end) for number, (start, end) in enumerate(blocks_of(body), 1)
    ]
    starts = [paragraph.start for paragraph in paragraphs]
    ends = [paragraph.end for paragraph in paragraphs]
    over: list[list[_Part]] = [[] for _paragraph in paragraphs]
    for start, end, passage in in_order(passages):
        reached = range(bisect_right(ends, start), bisect_left(starts, end))
        for place in reached:
            part = _Part(
                max(start, starts[place]),
                min(end, ends[place]),
                passage,
                first=place == reached[0],
                last=place == reached[-1],
            )
            over[place].append(part)
        if reached:
            paragraphs[reached[0]].begins.append(passage)
    for paragraph, parts in zip(paragraphs, over, strict=True):
        paragraph.segments = list(_segments(body, paragraph, parts))
    return paragraphs


def in_order(passages: Sequence[Passage]) -> list[tuple[int, int, Passage]]:
    """Return the passages that have a place, with its start and end, in the order of reading."""
    placed = [
        (row.start, row.end, row)
        for row in passages
        if row.start is not None and row.end is not None
    ]
    return sorted(placed, key=lambda one: (one[0], -one[1], one[2].pk or 0))


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a passage lies in one paragraph, and whether it begins and ends there."""

    start: int
    end: int
    passage: Passage
    first: bool
    last: bool


def _segments(body: str, paragraph: Paragraph, parts: Sequence[_Part]) -> Iterator[Segment]:
    """Yield the words of a paragraph, cut wherever a passage begins or ends."""
    cuts = {paragraph.start, paragraph.end}
    cuts.update(place for part in parts for place in (part.start, part.end))
    marks = sorted(cuts)
    for start, end in zip(marks, marks[1:], strict=False):
        here = [part for part in parts if part.start <= start and end <= part.end]
        yield Segment(
            start,
            end,
            body[start:end],
            tuple(part.passage for part in here),
            tuple(part.passage for part in here if part.first and part.start == start),
            tuple(part.passage for part in here if part.last and part.end == end),
        )
