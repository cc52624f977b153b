"""Words as search compares them: folded, and their stems in English and French.

One analyser for both databases. A text is folded sign by sign, so that a word that is found can
be pointed at in the text as it is written.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import snowballstemmer

#: A longer word is cut: nobody types it.
LONGEST = 40
_ELIDED = "l d j m n s t c qu jusqu lorsqu puisqu quoiqu"
_CLITICS = "s t d m ll re ve"
_EVERYWHERE = """
about after all also am an and any are as at be been before being between both but by can could
did do does for from had has have he her here his how if in into is it its may might more most
must my no nor not of on or other our out over own shall she should so some such than that the
their them then there these they this those through to too under until up us very was we were
what when where which while who whom whose why will with would you your
au aucun aussi aux avec avait avaient ce ces cet cette ceux celle celles celui comme dans de des
donc dont du elle elles en entre est et etait etaient ete etre eu eux fait font il ils je la le
les leur leurs lui ma mais me mes meme mon ne ni nos notre nous ont ou par pas peu plus pour qu
que quel quelle quels quelles qui sa sans se selon sera ses si son sont sous sur ta te tes toi ton
tous tout toute toutes tres tu un une vos votre vous y
"""
#: What elision leaves before an apostrophe: l'or, d'État, qu'il.
ELIDED = frozenset(_ELIDED.split())
#: What English leaves after one: the coalition's, don't.
CLITICS = frozenset(_CLITICS.split())
APOSTROPHES = "'’ʼ"
WORD = re.compile(r"[^\W_]+")
#: Words that stand in nearly every text; folded. They are left out of queries, not of phrases.
STOP_WORDS = frozenset(_EVERYWHERE.split())


#: Letters that Unicode does not take apart, though many write them as two.
_LIGATURES = {"œ": "oe", "æ": "ae"}


class _Folds(dict[int, str]):
    """What each sign folds to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        sign = unicodedata.normalize("NFKC", chr(code)).casefold()
        sign = "".join(_LIGATURES.get(one, one) for one in sign)
        bare = "".join(
            one for one in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(one)
        )
        folded = unicodedata.normalize("NFKC", bare)
        self[code] = folded
        if len(folded) != 1:
            _odd.add(chr(code))
        return folded


#: Signs that fold to none or to several: with them, places shift.
_odd: set[str] = set()
_folds = _Folds()


def folded(text: str) -> str:
    """Return a text without accents and capitals, as its words are compared."""
    return text.lower() if text.isascii() else text.translate(_folds)


def places(text: str) -> tuple[str, list[int] | None]:
    """Return the folded text, and for each sign of it the place in ``text`` it comes from.

    None instead of the places where they are the same.
    """
    plain = folded(text)
    if text.isascii() or _odd.isdisjoint(text):
        return plain, None
    origin = [place for place, sign in enumerate(text) for _one in _folds[ord(sign)]]
    return plain, origin


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, folded; what elision leaves is none."""
    plain = folded(text)
    if not any(sign in plain for sign in APOSTROPHES):
        return [word[:LONGEST] for word in WORD.findall(plain)]
    return [word for word, _start, _end in spelt(plain)]


def spelt(plain: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a folded text with their places; what elision leaves is none."""
    if not any(sign in plain for sign in APOSTROPHES):
        for match in WORD.finditer(plain):
            yield match[0][:LONGEST], match.start(), match.end()
        return
    last = len(plain)
    for match in WORD.finditer(plain):
        start, end = match.span()
        word = match.group()
        if end < last and plain[end] in APOSTROPHES and word in ELIDED:
            continue
        if start and plain[start - 1] in APOSTROPHES and word in CLITICS:
            continue
        yield word[:LONGEST], start, end


@dataclass(frozen=True, slots=True)
class Placed:
    """A word of a text, folded, and where it stands in the text as written."""

    word: str
    start: int
    end: int


def placed_words(text: str) -> list[Placed]:
    """Return the words of a text in their order, each with its place in it."""
    plain, origin = places(text)
    if origin is None:
        return [Placed(*one) for one in spelt(plain)]
    return [Placed(word, origin[start], origin[end - 1] + 1) for word, start, end in spelt(plain)]


_english: Any = snowballstemmer.stemmer("english")
_french: Any = snowballstemmer.stemmer("french")
#: A stemmer keeps the word it works on: one thread at a time.
_stemming = Lock()
#: French endings that the stemmer knows by their accents, which are folded here.
_ENDINGS = ((re.compile(r"ees?$"), "e"), (re.compile(r"ieres?$"), "ier"))


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word in ``language``; the word itself for another language."""
    if not word.isascii() or len(word) < 3:
        return word
    if language == "en":
        with _stemming:
            return str(_english.stemWord(word))
    if language == "fr":
        for ending, bare in _ENDINGS:
            word = ending.sub(bare, word)
        with _stemming:
            return str(_french.stemWord(word))
    return word


def stems_of(text: str, language: str) -> list[str]:
    """Return the stems of a text in ``language``, in their order."""
    return [stem(word, language) for word in words_of(text)]


@lru_cache(maxsize=20_000)
def stems_asked(word: str) -> tuple[str, ...]:
    """Return what a word of a query may be in a text: its stems in all languages, each once."""
    return tuple(dict.fromkeys((stem(word, "en"), stem(word, "fr"), word)))


def is_weak(word: str) -> bool:
    """Tell whether a word is left out of queries: a single sign, or one that is everywhere."""
    return len(word) < 2 or word in STOP_WORDS
