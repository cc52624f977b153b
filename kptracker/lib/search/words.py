"""Words as search compares them: folded, and their stems in English and French.

One analyser for both databases. A text is folded sign by sign, so that a word that is found can
be pointed at in the text as it is written.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
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
NO_WORD = re.compile(r"(?!)")
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


def _bytewise(encoding: str) -> tuple[bytes, bytes]:
    """Return what each byte of an encoding folds to, and those that do not fold to one byte."""
    table, others = bytearray(range(256)), bytearray()
    for byte in range(256):
        sign = bytes([byte]).decode(encoding, "ignore")
        fold = _folded_sign(sign).encode(encoding, "ignore") if sign else b""
        if len(fold) == 1:
            table[byte] = fold[0]
        else:
            others.append(byte)
    return bytes(table), bytes(others)


def _folded_sign(sign: str) -> str:
    """Return what one sign folds to: none, one or several."""
    return sign.lower() if sign.isascii() else _folds[ord(sign)]


#: Nearly all texts in English and French can be written in this, and be folded byte by byte,
#: which is several times as fast.
_ENCODING = "cp1252"
_TABLE, _OTHERS = _bytewise(_ENCODING)
#: Runs of signs that are folded one by one; the others are only put into small letters.
_RUNS = re.compile(r"([^\x00-\x7f]+)")


def folded(text: str) -> str:
    """Return a text without accents and capitals, as its words are compared."""
    return _folded(text)[0]


def _folded(text: str) -> tuple[str, bool]:
    """Return the folded text, and whether some sign of it did not fold to one."""
    if text.isascii():
        return text.lower(), False
    with suppress(UnicodeEncodeError):
        written = text.encode(_ENCODING)
        if len(written.translate(None, _OTHERS)) == len(written):
            return written.translate(_TABLE).decode(_ENCODING), False
    parts = _RUNS.split(text)
    runs = parts[1::2]
    parts[::2] = [part.lower() for part in parts[::2]]
    parts[1::2] = [run.translate(_folds) for run in runs]
    return "".join(parts), not _odd.isdisjoint("".join(runs))


class Origin:
    """Where in a text the signs of its folded form come from.

    Nearly all signs fold to one: only those that do not shift the places behind them.
    """

    def __init__(self, text: str) -> None:
        self._at: list[int] = []
        self._signs: list[tuple[int, int]] = []
        shift = 0
        odd = "|".join(map(re.escape, _odd.intersection(text)))
        for match in re.finditer(odd, text):
            length = len(_folds[ord(match[0])])
            self._at.append(match.start() + shift)
            self._signs.append((match.start(), length))
            shift += length - 1

    def __getitem__(self, place: int) -> int:
        """Return the place in the text of a sign of the folded form."""
        number = bisect_right(self._at, place) - 1
        if number < 0:
            return place
        sign, length = self._signs[number]
        inside = place - self._at[number]
        return sign if inside < length else sign + 1 + inside - length


def places(text: str) -> tuple[str, Origin | None]:
    """Return the folded text, and for each sign of it the place in ``text`` it comes from.

    None instead of the places where they are the same.
    """
    plain, shifted = _folded(text)
    return plain, Origin(text) if shifted else None


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, folded; what elision leaves is none."""
    plain = folded(text)
    if not any(sign in plain for sign in APOSTROPHES):
        return [word[:LONGEST] for word in WORD.findall(plain)]
    return [word for word, _start, _end in spelt(plain)]


def beginning_with(stems: Iterable[str]) -> re.Pattern[str]:
    """Return what finds the words that may have one of these stems.

    No stemmer changes the first two letters of a word, but for a "y" to an "i" (dying: die);
    the second may be gone.
    """
    seconds: dict[str, set[str]] = {}
    for one in stems:
        if one:
            seconds.setdefault(one[0], set()).add(one[1:2])
    # The letters first: most places of a text are passed over without looking around.
    begun = [_begun(first, some) for first, some in sorted(seconds.items())]
    return re.compile(rf"(?:{'|'.join(begun)})[^\W_]*") if begun else NO_WORD


def _begun(first: str, seconds: set[str]) -> str:
    first = re.escape(first)
    if "" in seconds:
        return rf"{first}(?<![^\W_].)"
    if "i" in seconds:
        seconds = seconds | {"y"}
    letters = "".join(map(re.escape, sorted(seconds)))
    return rf"{first}[{letters}](?<![^\W_]..)"


def spelt(
    plain: str, words: re.Pattern[str] = WORD, start: int = 0
) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a folded text with their places; what elision leaves is none.

    ``words`` may find some of them only (``beginning_with``); ``start`` is where to begin.
    """
    if not any(sign in plain for sign in APOSTROPHES):
        for match in words.finditer(plain, start):
            yield match[0][:LONGEST], match.start(), match.end()
        return
    last = len(plain)
    for match in words.finditer(plain, start):
        first, end = match.span()
        word = match.group()
        if end < last and plain[end] in APOSTROPHES and word in ELIDED:
            continue
        if first and plain[first - 1] in APOSTROPHES and word in CLITICS:
            continue
        yield word[:LONGEST], first, end


def spelt_before(plain: str, place: int, count: int) -> list[tuple[str, int, int]]:
    """Return the last words before a place of a folded text, at most so many, as ``spelt``."""
    found: list[tuple[str, int, int]] = []
    begin, reach = place, 0
    while begin and len(found) < count:
        reach += 60 * count
        # A blank is no part of a word or of an elision.
        begin = plain.rfind(" ", 0, max(place - reach, 0)) + 1
        words = spelt(plain[begin:place])
        found = [(word, begin + start, begin + end) for word, start, end in words]
    return found[-count:] if count else []


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
