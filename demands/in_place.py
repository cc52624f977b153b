"""Where a mention can be read in its statement: the page, the text and the passage.

Rows that come through ``with_places`` know it without asking the database again.
"""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from statements import shown_texts
from statements.models import Statement

from .models import Mention, Passage
from .quoting import THEIR_WORDS


def passages() -> QuerySet:
    """Return the passages that belong to a text, with its kind and language but not its words."""
    return Passage.objects.filter(text__isnull=False).select_related("text").defer("text__body")


def with_places(rows: QuerySet) -> QuerySet:
    """Have mentions bring their passages, and their statements the texts these are in.

    Needs ``statement`` at hand.
    """
    return rows.prefetch_related(
        Prefetch("passages", passages(), to_attr="shown_passages"),
        shown_texts.without_bodies("statement__texts"),
    )


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
    placed = [row for row in rows if row.is_placed]
    if mention.quote:
        placed = [row for row in placed if row.text is not None and row.text.kind in THEIR_WORDS]
        if not placed:
            return InPlace(lost=any(row.is_lost for row in rows))
    if not placed:
        return InPlace()
    places = {text.pk: n for n, text in enumerate(shown_texts.in_order(mention.statement))}

    def order(row: Passage) -> tuple[bool, int, int]:
        # The words shown, where there are several passages.
        return row.exact != mention.quote, places[row.text.pk] if row.text else 0, row.start or 0

    return InPlace(address_of(min(placed, key=order), mention.statement))


def address_of(passage: Passage, statement: Statement) -> str:
    """Return the address of a placed passage on the page of its statement."""
    assert passage.text is not None  # noqa: S101
    return f"{shown_texts.address_of(statement, passage.text)}#p-{passage.number}"
