"""How the wording of a demand changed: two of its quotes, word by word.

Only words of one language are compared, and only words of theirs: what we wrote is no quote.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.http import QueryDict
from django.utils.translation import gettext as _

from kptracker.lib.folding import fold
from kptracker.lib.listing import BadParameterError, refuse_unknown

from .matching import COMMON
from .models import Mention
from .quotes import Quote, first_and_latest, language_to_read, languages_of

#: The parameters of the page.
LANGUAGE, EARLIER, LATER = "language", "earlier", "later"
#: A word or a sign, with the white space behind it; at the beginning white space alone.
TOKEN = re.compile(r"(\w+(?:['’-]\w+)*|[^\w\s]|(?=\s))\s*")
#: Longer quotes than this are shown without marks: comparing them would take too long.
MOST_WORDS = 1200


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a quote that the other one has too (``same``), or has not."""

    text: str
    same: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Two texts in pieces: joined, the pieces of a side are its text, sign for sign."""

    earlier: tuple[Piece, ...]
    later: tuple[Piece, ...]

    @property
    def only_earlier(self) -> list[str]:
        """What the earlier one alone says, piece by piece."""
        return _words_alone(self.earlier)

    @property
    def only_later(self) -> list[str]:
        """What the later one alone says, piece by piece."""
        return _words_alone(self.later)

    @property
    def identical(self) -> bool:
        """Whether both say the same, but for capitals and signs."""
        return not self.only_earlier and not self.only_later

    @property
    def shared(self) -> int:
        """How many words both have."""
        return sum(count_words(piece.text) for piece in self.earlier if piece.same)


def _words_alone(pieces: Iterable[Piece]) -> list[str]:
    return [piece.text.strip() for piece in pieces if not piece.same and count_words(piece.text)]


def count_words(text: str) -> int:
    """Return how many words a text has; signs are none."""
    return sum(1 for token in TOKEN.finditer(text) if token[1][:1].isalnum())


def difference(earlier: str, later: str, language: str = "en") -> Difference | None:
    """Compare two texts word by word; None where they are too long for it.

    Capitals, white space and the shape of apostrophes make no difference. Common words alone
    ("of the") between words that differ are taken for different too: that two texts share them
    says nothing.
    """
    left, right = _tokens(earlier), _tokens(later)
    if max(len(left), len(right)) > MOST_WORDS:
        return None
    keys = [key for key, _text in left], [key for key, _text in right]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    at_left = at_right = 0
    # The last block is empty and stands at the end of both.
    for block in matcher.get_matching_blocks():
        end_left, end_right = block.a + block.size, block.b + block.size
        inside = block.size and block.a > 0 and end_left < len(left)
        if inside and not _tells(keys[0][block.a : end_left], language):
            continue
        _add(pieces[0], left[at_left : block.a], same=False)
        _add(pieces[1], right[at_right : block.b], same=False)
        _add(pieces[0], left[block.a : end_left], same=True)
        _add(pieces[1], right[block.b : end_right], same=True)
        at_left, at_right = end_left, end_right
    return Difference(tuple(pieces[0]), tuple(pieces[1]))


def _tokens(text: str) -> list[tuple[str, str]]:
    """Return the words and signs of a text: what each is compared by, and as it is written."""
    return [(one[1].casefold().replace("’", "'"), one[0]) for one in TOKEN.finditer(text)]


def _tells(words: Iterable[str], language: str) -> bool:
    """Tell whether words that two texts share say anything."""
    common = COMMON.get(language, frozenset())
    return any(word[:1].isalnum() and fold(word) not in common for word in words)


def _add(pieces: list[Piece], tokens: Sequence[tuple[str, str]], *, same: bool) -> None:
    if tokens:
        pieces.append(Piece("".join(text for _key, text in tokens), same))


@dataclass(frozen=True)
class Comparison:
    """The quotes of a demand in one language, two of them side by side.

    ``languages`` are those in which it has quotes, with their number. ``earlier`` and ``later``
    are None where there are fewer than two: then ``ours`` holds our oldest and newest wording.
    """

    languages: dict[str, int]
    language: str
    quotes: list[Quote]
    earlier: Quote | None
    later: Quote | None
    difference: Difference | None
    ours: list[Mention]


def comparison_of(
    mentions: Sequence[Mention], quotes: Sequence[Quote], asked: QueryDict
) -> Comparison:
    """Return what a page shows for the parameters ``language``, ``earlier`` and ``later``.

    Raises BadParameterError for a language that there is no quote in, and for a quote that the
    demand has not in that language.
    """
    given = _given(asked)
    languages = languages_of(quotes)
    language = _language(given, quotes, languages)
    here = [quote for quote in quotes if quote.language == language]
    pair = first_and_latest(here)
    if len(pair) < 2:
        if EARLIER in given or LATER in given:
            raise BadParameterError(
                {EARLIER: [_("There are no two passages in one language to compare.")]}
            )
        return Comparison(languages, language, here, None, None, None, first_and_last_of(mentions))
    by_reference = {quote.reference: quote for quote in here}
    first = by_reference[given.get(EARLIER, pair[0].reference)]
    second = by_reference[given.get(LATER, pair[1].reference)]
    # Whichever was chosen first: the older one stands on the left.
    earlier, later = sorted((first, second), key=here.index)
    compared = difference(earlier.words, later.words, language)
    return Comparison(languages, language, here, earlier, later, compared, [])


def _given(asked: QueryDict) -> dict[str, str]:
    names = [LANGUAGE, EARLIER, LATER]
    refuse_unknown(asked, names)
    twice = [name for name in names if len(asked.getlist(name)) > 1]
    if twice:
        raise BadParameterError({name: [_("It is given more than once.")] for name in twice})
    return {name: asked.getlist(name)[0] for name in names if name in asked}


def _language(given: dict[str, str], quotes: Sequence[Quote], languages: dict[str, int]) -> str:
    """Return the language that is asked for: by its name, or by the quotes that are."""
    spoken = {quote.reference: quote.language for quote in quotes}
    language = given.get(LANGUAGE)
    if language is not None and language not in languages:
        choices = {"choices": ", ".join(languages)}
        raise BadParameterError(
            {
                LANGUAGE: [
                    _("Choose one of: %(choices)s.") % choices
                    if languages
                    else _("The record holds no passage of it word for word.")
                ]
            }
        )
    for name in (EARLIER, LATER):
        if name not in given:
            continue
        if given[name] not in spoken:
            raise BadParameterError({name: [_("This demand has no such passage.")]})
        language = language or spoken[given[name]]
        if spoken[given[name]] != language:
            raise BadParameterError(
                {name: [_("This passage is in another language; only one language is compared.")]}
            )
    return language or language_to_read(quotes)


def first_and_last_of(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the oldest and the newest mention that have a paraphrase of ours."""
    worded = [one for one in mentions if one.paraphrase or one.paraphrase_fr]
    counted = [one for one in worded if one.statement.counted] or worded
    return counted if len(counted) < 2 else [counted[0], counted[-1]]
