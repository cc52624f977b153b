"""Passages follow a text from which personal data were removed."""

from kptracker.lib.anchoring import AROUND, Place
from kptracker.lib.belonging import stands_on
from statements.cutting import on_cut
from statements.models import Statement, Text

from .models import Mention, Passage
from .quoting import put, settle_quotes


def follow_cut(statement: Statement, text: Text, start: int, end: int, mark: str) -> None:
    """Bring the passages of a text to their places when words are cut out of it.

    ``text.body`` is already without what stood between ``start`` and ``end``; ``mark`` stands
    there now. Passages in which the words stood keep the mark. Written past the history: it
    would keep the words.
    """
    shift = len(mark) - (end - start)
    passages = list(Passage.objects.filter(text=text).select_related("mention"))
    taken = set()
    for passage in passages:
        if passage.start is None or passage.end is None:
            passage.prefix = passage.suffix = ""
        else:
            first, last = passage.start, passage.end
            if first > start:
                first = first + shift if first >= end else start
            if last > start:
                last = last + shift if last >= end else start + len(mark)
            put(passage, text, _place(text.body, first, last))
        if (passage.mention_id, passage.start, passage.end) in taken:
            # Two that stood in the words themselves would be one now.
            passage.start = passage.end = None
        taken.add((passage.mention_id, passage.start, passage.end))
        Passage.objects.filter(pk=passage.pk).update(
            start=passage.start,
            end=passage.end,
            exact=passage.exact,
            prefix=passage.prefix,
            suffix=passage.suffix,
            sha256=passage.sha256,
        )
    settle_quotes({passage.mention_id for passage in passages})


def _place(body: str, start: int, end: int) -> Place:
    return Place(
        start, end, body[start:end], body[max(0, start - AROUND) : start], body[end : end + AROUND]
    )


def connect() -> None:
    """Have passages follow; a mention stands on the page of its statement."""
    stands_on(Mention, "statement")
    on_cut(follow_cut)
