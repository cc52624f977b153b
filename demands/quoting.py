"""Passages stay true to their texts, and the words shown with a mention to its passages."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kptracker.lib.anchoring import Place, follow, place_at
from kptracker.lib.documents.normal import NormalForm, normal_hash
from kptracker.lib.folding import fold
from kptracker.lib.writing import after_write, write
from statements.models import Text

from .derived import batched
from .models import Mention, Passage

#: Kinds of text that hold their words and not ours, those shown first coming first.
THEIR_WORDS = ("verbatim", "excerpt")


def put(passage: Passage, text: Text, place: Place) -> None:
    """Give a passage its place in a text; the caller writes it."""
    passage.text = text
    passage.sha256 = normal_hash(text.body)
    passage.start, passage.end = place.start, place.end
    passage.exact, passage.prefix, passage.suffix = place.exact, place.prefix, place.suffix


def follow_texts(texts: Sequence[Text]) -> None:
    """Bring the passages of these texts to their places, and those that waited for them."""
    for text in texts:
        if not Text.objects.filter(pk=text.pk).exists():
            continue
        passages = list(Passage.objects.filter(text=text).select_related("mention"))
        if passages:
            _move(text, passages)
        _attach(text)


def _move(text: Text, passages: Sequence[Passage]) -> None:
    sha256 = normal_hash(text.body)
    by = _changed_by(text)
    for passage in passages:
        if passage.is_lost or (passage.sha256 == sha256 and stands(passage, text.body)):
            continue
        place = _followed(passage, text)
        if place is None:
            passage.start, passage.end, passage.sha256 = None, None, sha256
            write(passage, by=by, why=_("The text was corrected: these words lost their place."))
        else:
            put(passage, text, place)
            write(passage, by=by, why=_("The text was corrected."))


def stands(passage: Passage, body: str) -> bool:
    """Tell whether the words of a passage stand at its place in a text."""
    return body[passage.start : passage.end] == passage.exact


def _followed(passage: Passage, text: Text) -> Place | None:
    before = body_before(passage, text)
    if before is None or passage.start is None or passage.end is None:
        return None
    return follow(before, text.body, passage.start, passage.end)


def body_before(passage: Passage, text: Any) -> str | None:
    """Return the words of a text when a passage was last brought to its place in it.

    The latest version in which it stands: a text may be written several times before its
    passages follow. None where no version has it.
    """
    bodies = text.history.order_by("-history_id").values_list("body", flat=True)
    return next((body for body in bodies.iterator() if stands(passage, body)), None)


def _changed_by(text: Any) -> Any:
    version = text.history.order_by("-history_id").select_related("history_user").first()
    return version.history_user if version else None


def _attach(text: Text) -> None:
    """Give the passages that waited for this text their places in it."""
    waiting = Passage.objects.waiting().filter(mention__statement=text.statement_id)
    if not waiting.exists():
        return
    form = NormalForm(text.body)
    for passage in waiting.filter(sha256=form.hash).select_related("mention"):
        if place := place_in(form, passage.start, passage.end):
            put(passage, text, place)
            write(passage, by=_changed_by(text), why=_("The text was entered."))


def place_in(form: NormalForm, start: int | None, end: int | None) -> Place | None:
    """Return a place counted in the normal form of a text as one of the text itself.

    None where the text has no such place.
    """
    if start is None or end is None:
        return None
    try:
        # The end of a word, not the beginning of the next.
        last = form.from_normal(end - 1) + 1
        return place_at(form.original, form.from_normal(start), last)
    except ValueError:
        return None


def follow_passages(passages: Sequence[Passage]) -> None:
    """Bring the words shown with the mentions of these passages in step."""
    settle_quotes({row.mention_id for row in passages})


def settle_quotes(keys: Iterable[int]) -> int:
    """Bring the quotes of mentions in step with their passages; return how many were not."""
    changed = 0
    for batch in batched(sorted(set(keys))):
        quotes = quotes_of(batch)
        for mention in Mention.objects.filter(pk__in=batch):
            quote, language = quotes.get(mention.pk, ("", ""))
            if not quote and not mention.paraphrase and not mention.paraphrase_fr:
                continue  # the words came without their place, and there are no others
            if (mention.quote, mention.quote_language) != (quote, language):
                texts = [mention.reference, mention.paraphrase, mention.paraphrase_fr, quote]
                Mention.objects.filter(pk=mention.pk).update(
                    quote=quote,
                    quote_language=language,
                    text_key=fold("\n".join(text for text in texts if text)),
                )
                changed += 1
    return changed


def quotes_of(keys: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return the words to show with mentions, and their language: their first passage's."""
    found: dict[int, tuple[tuple[Any, ...], str, str]] = {}
    rows = Passage.objects.filter(mention__in=keys, text__kind__in=THEIR_WORDS)
    for row in rows.select_related("text").defer("text__body"):
        assert row.text is not None  # noqa: S101
        order = (row.start is None, THEIR_WORDS.index(row.text.kind), row.text_id, row.start or 0)
        if row.mention_id not in found or order < found[row.mention_id][0]:
            found[row.mention_id] = (order, row.exact, row.text.language)
    return {key: (words, language) for key, (_order, words, language) in found.items()}


def connect() -> None:
    """Have passages follow their texts, and quotes their passages."""
    after_write(Text, follow_texts)
    after_write(Passage, follow_passages)
