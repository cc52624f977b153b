"""What staff do with passages: mark, move and remove the places where a demand is raised."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kptracker.lib.anchoring import Place, find, place_at
from kptracker.lib.writing import delete, note_reference, take_reference, write
from statements.models import Statement, Text

from .models import Demand, Dismissal, MarkToken, Mention, Passage
from .quoting import THEIR_WORDS, put


@transaction.atomic
def mark(mention: Mention, text: Text, start: int, end: int, *, by: Any, why: str = "") -> Passage:
    """Mark where in a text a mention stands. Offsets count code points of the text in NFC.

    Raises ValidationError where the text is another statement's or has no such place, and
    where the same place is marked for this mention already.
    """
    passage = Passage(mention=mention, reference=take_reference("P", 4))
    return _place(passage, text, start, end, by=by, why=why)


def marked_with(token: UUID) -> MarkToken | None:
    """Return what was marked with a token of a browser, None where nothing was."""
    return MarkToken.objects.select_related("passage__mention").filter(token=token).first()


@transaction.atomic
def mark_once(token: UUID, make: Callable[[], Passage]) -> tuple[Passage | None, bool]:
    """Mark what a browser sends with a token of its own, once, however often it sends it.

    ``make`` marks it. Returns the passage, None where it was removed since, and whether it was
    made now. Raises what ``make`` raises; the token is then free to be sent again.
    """
    # Two that come at the same time queue here: the second one finds the first one's passage.
    row, is_new = MarkToken.objects.get_or_create(token=token)
    if is_new:
        row.passage = make()
        row.save(update_fields=["passage"])
    return row.passage, is_new


def move(
    passage: Passage, start: int, end: int, *, by: Any, why: str = "", text: Text | None = None
) -> Passage:
    """Move a passage to other words of its text, or of ``text``. Raises as ``mark`` does."""
    found = text or passage.text
    if found is None:
        raise ValidationError({"text": _("Choose the text in which the words stand.")})
    return _place(passage, found, start, end, by=by, why=why)


def _place(passage: Passage, text: Text, start: int, end: int, *, by: Any, why: str) -> Passage:
    if text.statement_id != passage.mention.statement_id:
        raise ValidationError({"text": _("Choose a text of the statement that is meant.")})
    try:
        place = place_at(text.body, start, end)
    except ValueError as error:
        raise ValidationError({"start": _("The text has no words at this place.")}) from error
    put(passage, text, place)
    _refuse_twice(passage)
    write(passage, by=by, why=why)
    return passage


def _refuse_twice(passage: Passage) -> None:
    same = Passage.objects.filter(
        mention=passage.mention, text=passage.text, start=passage.start, end=passage.end
    )
    if same.exclude(pk=passage.pk).exists():
        raise ValidationError({"start": _("This passage is marked for the mention already.")})


@transaction.atomic
def unmark(passage: Passage, *, by: Any, why: str = "") -> None:
    """Remove a passage. Raises ValidationError where its mention would be left without words."""
    mention = Mention.objects.select_for_update().get(pk=passage.mention_id)
    others = mention.passages.filter(text__kind__in=THEIR_WORDS).exclude(pk=passage.pk)
    if not (mention.paraphrase or mention.paraphrase_fr or others.exists()):
        raise ValidationError(
            _(
                "%(mention)s has no other words: write in your own words what was said, or "
                "remove the mention as well."
            )
            % {"mention": mention.reference}
        )
    delete(passage, by=by, why=why)


@transaction.atomic
def remove_mention(mention: Mention, *, by: Any, why: str = "") -> None:
    """Remove a mention with its passages: the demand was not raised there after all.

    Raises ValidationError without the right to hide what visitors see; the history stays.
    """
    for passage in mention.passages.all():
        delete(passage, by=by, why=why)
    delete(mention, by=by, why=why)


@transaction.atomic
def save_passage(passage: Passage, *, by: Any, why: str = "") -> Passage:
    """Save a passage that a file of the record names; a new one gets the next reference."""
    if passage.reference:
        note_reference(passage.reference)
    else:
        passage.reference = take_reference("P", 4)
    return write(passage, by=by, why=why)


def words_in(statement: Statement, words: str, near: int = 0) -> tuple[Text, Place] | None:
    """Return the text of a statement, theirs and not ours, in which words stand, and where."""
    texts = [text for text in statement.texts.all() if text.kind in THEIR_WORDS]
    for text in sorted(texts, key=lambda text: THEIR_WORDS.index(text.kind)):
        if place := find(text.body, words, near):
            return text, place
    return None


@transaction.atomic
def quote(mention: Mention, words: str, *, by: Any, why: str = "") -> None:
    """Have a mention quote these words of its statement; '' takes the quote away.

    The passage that is shown moves to them. Raises ValidationError where they do not stand in
    a text of the statement.
    """
    shown = (
        mention.passages.filter(text__kind__in=THEIR_WORDS, exact=mention.quote)
        .order_by("id")
        .first()
        if mention.quote
        else None
    )
    if not words:
        if shown is not None:
            unmark(shown, by=by, why=why)
        return
    found = words_in(mention.statement, words, (shown.start or 0) if shown else 0)
    if found is None:
        raise ValidationError({"quote": _("These words do not stand in the text.")})
    text, place = found
    if shown is None:
        mark(mention, text, place.start, place.end, by=by, why=why)
    elif (shown.text_id, shown.start, shown.end) != (text.pk, place.start, place.end):
        move(shown, place.start, place.end, text=text, by=by, why=why)


@transaction.atomic
def dismiss(text: Text, demand: Demand, sha256: str, *, by: Any) -> None:
    """Say that a paragraph, named by the SHA-256 of its words, does not raise a demand."""
    if not Dismissal.objects.filter(text=text, demand=demand, sha256=sha256).exists():
        write(Dismissal(text=text, demand=demand, sha256=sha256), by=by)
