"""Where a mention can be read in its statement: the page, the text and the passage.

Rows that come through ``with_places`` know it without asking the database again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from statements import shown_texts
from statements.models import Statement, Text

from .models import Mention, Passage
from .quoting import THEIR_WORDS


def passages() -> QuerySet:
    """Return the passages that belong to a text; the text is found among its statement's."""
    return Passage.objects.filter(text__isnull=False)


def with_places(rows: QuerySet) -> QuerySet:
    """Have mentions bring their passages, and their statements the texts these are in.

    Needs ``statement`` at hand.
    """
    return rows.prefetch_related(*_places())


def bring_places(rows: Sequence[Mention]) -> None:
    """Fetch the same for mentions that are at hand already, with their statements."""
    prefetch_related_objects(rows, *_places())


def _places() -> list[Prefetch]:
    return [
        Prefetch("passages", passages(), to_attr="shown_passages"),
        shown_texts.without_bodies("statement__texts"),
    ]


@dataclass(frozen=True, slots=True)
class InPlace:
    """Where the words shown with a mention stand; ``lost`` where the text was corrected since."""

    url: str = ""
    lost: bool = False


def place_of(mention: Mention) -> InPlace:
    """Return where a mention is read in place; nowhere where it has no passage, or was not asked.

    Their words come before our summary of them, as with the words shown. A quote whose place
    is lost leads nowhere: what stands there now are other words.
    """
    rows: list[Passage] = getattr(mention, "shown_passages", [])
    if not rows:
        return InPlace()
    texts = {text.pk: (n, text) for n, text in enumerate(shown_texts.in_order(mention.statement))}
    placed = [(row, *texts[row.text_id or 0]) for row in rows if row.is_placed]
    if mention.quote:
        placed = [(row, n, text) for row, n, text in placed if text.kind in THEIR_WORDS]
        if not placed:
            return InPlace(lost=any(row.is_lost for row in rows))
    if not placed:
        return InPlace()

    def order(found: tuple[Passage, int, Text]) -> tuple[bool, int, int]:
        # The words shown, where there are several passages.
        return found[0].exact != mention.quote, found[1], found[0].start or 0

    row, _n, text = min(placed, key=order)
    return InPlace(address_of(row, text, mention.statement))


def address_of(passage: Passage, text: Text, statement: Statement) -> str:
    """Return the address of a placed passage on the page of its statement."""
    return f"{shown_texts.address_of(statement, text)}#p-{passage.number}"
