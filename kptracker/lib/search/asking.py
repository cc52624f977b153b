"""What a reader typed, read as a query."""

import re
from collections.abc import Iterator, Sized
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .words import is_weak, stem, stems_asked, words_of

#: More signs are not read at all, more words than these are left out.
MOST_SIGNS = 2000
MOST_WORDS = 12
#: Fewer letters are not completed.
FEWEST_LETTERS = 3
QUOTES = '"“”„«»'
#: A part of a query: with a minus right before it, and after a blank or nothing, it is excluded.
PART = re.compile(
    rf"\s*(?P<minus>(?<![^\s])[-−–](?=\S))?"
    rf"(?:[{QUOTES}](?P<quoted>[^{QUOTES}]*)(?:[{QUOTES}]|$)|(?P<bare>[^\s{QUOTES}]+))"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is asked for: folded, as typed, and the stems that it may be in a text.

    ``whole`` are its own stems; ``stems`` also those of the words that it begins.
    """

    word: str
    typed: str
    whole: tuple[str, ...]
    stems: tuple[str, ...]

    @property
    def is_completed(self) -> bool:
        """Whether it also finds words that begin with it."""
        return self.stems != self.whole


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in quotation marks; ``options`` are their stems in order, language by language."""

    typed: str
    options: tuple[tuple[str, ...], ...]

    def pairs(self, option: tuple[str, ...]) -> list[str]:
        """Return the tokens of neighbouring stems."""
        return [pair(*two) for two in pairwise(option)]

    @property
    def is_long(self) -> bool:
        """Whether its pairs alone do not tell that it stands somewhere."""
        return len(self.options[0]) > 2


def pair(first: str, second: str) -> str:
    """Return the token of two stems that stand side by side."""
    return f"{first}_{second}"


@dataclass(frozen=True)
class Asked:
    """A query: what must be there, what must not, and what was left out of it.

    ``last`` is the word, folded, that completes; ``weak`` are words that are everywhere. It
    finds something only where ``finds`` is set; ``problems`` are sentences for the reader.
    """

    typed: str
    words: tuple[Word, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    without: tuple[Word, ...] = ()
    without_phrases: tuple[Phrase, ...] = ()
    last: str = ""
    weak: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())

    @property
    def finds(self) -> bool:
        """Whether anything is asked for: what is only excluded finds nothing."""
        return bool(self.words or self.phrases)


def parse(typed: str) -> Asked:
    """Read what a reader typed. It never fails; ``problems`` of the answer say what was left out.

    Words must all be there. ``-word`` must not, ``"several words"`` stand side by side. The last
    word, unless a blank follows, also finds the words that it begins.
    """
    problems: list[str] = []
    text = typed.replace("\x00", " ")
    if len(text) > MOST_SIGNS:
        text = text[:MOST_SIGNS]
        problems.append(
            _("The query is too long: only its first %(count)d signs were read.")
            % {"count": MOST_SIGNS}
        )
    words: dict[str, Word] = {}
    phrases: dict[str, Phrase] = {}
    without: dict[str, Word] = {}
    without_phrases: dict[str, Phrase] = {}
    weak: dict[str, None] = {}
    left_out, last = 0, ""
    for excluded, quoted, part, ends in _parts(text):
        found = words_of(part)
        if quoted and len(found) > 1:
            into = without_phrases if excluded else phrases
            if _count(words, phrases, without, without_phrases) < MOST_WORDS:
                one = _phrase(part, found[:MOST_WORDS])
                into.setdefault(" ".join(one.options[0]), one)
            else:
                left_out += 1
            continue
        for place, word in enumerate(found):
            if is_weak(word):
                weak[word] = None
                continue
            chosen = without if excluded else words
            if word in chosen:
                pass
            elif _count(words, phrases, without, without_phrases) < MOST_WORDS:
                stems = stems_asked(word)
                chosen[word] = Word(word, word, stems, stems)
            else:
                left_out += 1
                continue
            if ends and not quoted and not excluded and place == len(found) - 1:
                last = word if len(word) >= FEWEST_LETTERS and not word.isdigit() else ""
    if left_out:
        problems.append(
            ngettext(
                "One word too many: only the first %(most)d were looked for.",
                "%(count)d words too many: only the first %(most)d were looked for.",
                left_out,
            )
            % {"count": left_out, "most": MOST_WORDS}
        )
    if not words and not phrases:
        problems += _why_nothing(text, bool(without or without_phrases), list(weak))
    return Asked(
        typed=typed,
        words=tuple(words.values()),
        phrases=tuple(phrases.values()),
        without=tuple(without.values()),
        without_phrases=tuple(without_phrases.values()),
        last=last,
        weak=tuple(weak),
        problems=tuple(problems),
    )


def _parts(text: str) -> Iterator[tuple[bool, bool, str, bool]]:
    """Yield the parts of a query: is it excluded, quoted, what stands there, is it the very end."""
    place = 0
    while match := PART.match(text, place):
        place = match.end()
        quoted = match["quoted"] is not None
        part = match["quoted"] if quoted else match["bare"]
        yield bool(match["minus"]), quoted, part, place == len(text)


def _count(*kinds: Sized) -> int:
    return sum(map(len, kinds))


def _phrase(part: str, words: list[str]) -> Phrase:
    options = dict.fromkeys(
        tuple(stem(word, language) for word in words) for language in ("en", "fr", "")
    )
    return Phrase(" ".join(part.split()), tuple(options))


def _why_nothing(text: str, excluded: bool, weak: list[str]) -> list[str]:
    if not text.strip():
        return []
    if excluded:
        return [_("Something must be looked for: a query cannot only exclude.")]
    if any(len(word) > 1 for word in weak):
        return [
            _(
                "These words stand in nearly every text, and nothing is found by them alone. "
                "Add another, or put them in quotation marks with their neighbours."
            )
        ]
    if weak:
        return [_("A single letter finds nothing: type more of the word.")]
    return [_("There is no word in this query.")]
