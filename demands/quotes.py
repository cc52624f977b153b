"""The words of a demand as its statements have them: passages anchored in a text of theirs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kptracker.lib.bilingual import active_language
from statements import shown_texts
from statements.models import Text

from .in_place import address_of
from .models import Mention, Passage
from .quoting import THEIR_WORDS


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a text, word for word, at their place in it; ``mention`` says what they raise."""

    mention: Mention
    passage: Passage
    text: Text

    @property
    def reference(self) -> str:
        """The reference of the passage: P-0001."""
        return self.passage.reference

    @property
    def words(self) -> str:
        """The very words."""
        return self.passage.exact

    @property
    def language(self) -> str:
        """The language that the words are in."""
        return self.text.language

    @property
    def url(self) -> str:
        """Where the words are read in their place."""
        return address_of(self.passage, self.text, self.mention.statement)


def quotes_in(mentions: Iterable[Mention]) -> list[Quote]:
    """Return the quotes of these mentions, in their order and then in that of the texts.

    The mentions must come through ``with_places``. Words whose place was lost are left out:
    what stands there now are others.
    """
    found = []
    for mention in mentions:
        passages: list[Passage] = mention.shown_passages  # type: ignore[attr-defined]
        texts = shown_texts.in_order(mention.statement) if passages else []
        places = {text.pk: (n, text) for n, text in enumerate(texts) if text.kind in THEIR_WORDS}
        here = [
            (places[row.text_id][0], row.start or 0, Quote(mention, row, places[row.text_id][1]))
            for row in passages
            if row.is_placed and row.text_id in places
        ]
        found += [quote for _n, _start, quote in sorted(here, key=lambda one: one[:2])]
    return found


def languages_of(quotes: Iterable[Quote]) -> dict[str, int]:
    """Return how many quotes there are in each language, most first."""
    return dict(Counter(quote.language for quote in quotes).most_common())


def language_to_read(quotes: Iterable[Quote], enough: int = 2) -> str:
    """Return the language in which quotes are shown unasked.

    The reader's, where ``enough`` are in it; else the one that most are in.
    """
    languages = languages_of(quotes)
    reader = active_language()
    if not languages or languages.get(reader, 0) >= enough:
        return reader
    return next(iter(languages))


def first_and_latest(quotes: Sequence[Quote]) -> list[Quote]:
    """Return the first and the latest of these quotes, or the only one there is.

    Those that count come before those of other voices. Of several in the latest statement it is
    the first, unless there is no other statement.
    """
    counted = [quote for quote in quotes if quote.mention.statement.counted] or list(quotes)
    if len(counted) < 2:
        return counted if len(quotes) < 2 else [quotes[0], quotes[-1]]
    first, last = counted[0], counted[-1]
    latest = next(quote for quote in counted if quote.mention is last.mention)
    return [first, last if latest is first else latest]
