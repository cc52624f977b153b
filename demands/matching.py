"""Which of many texts a passage is about: words by their stems, rare ones counting more (BM25).

Measured against rapidfuzz's comparison of word sets on the coalition's own papers
(``benchmarks/suggesting.py``), this finds more and takes less time.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

import snowballstemmer

from kptracker.lib.folding import fold

WORD = re.compile(r"[^\W_]+")
#: The snowball stemmer for a language of the record; other languages are compared as English.
STEMMERS = {"en": "english", "fr": "french"}
#: How fast a repeated word stops counting for more, and how much long texts are held back.
SATURATION, LENGTH = 1.2, 0.75

#: Words that say nothing about what a text is about, folded.
_ENGLISH = """
a about after again against all also am an and any are as at be because been before
being between both but by can could did do does doing down during each even few for from
further had has have having he her here him his how i if in into is it its itself just
may me more most must my no nor not now of off on once only or other our ours out over
own same shall she should so some such than that the their them then there these they
this those through to too under until up upon us very was we were what when where which
while who whom whose why will with would yet you your
"""
_FRENCH = """
a afin ai ainsi alors apres au aucun aussi autre autres aux avait avant avec avoir
avons bien car ce ceci cela celle celles celui ces cet cette ceux chaque comme comment
d dans de deja depuis des deux doit doivent donc dont du elle elles en encore entre est et
etaient etait etant ete etre eu eux fait fois font il ils j je jusqu l la le les leur
leurs lors lorsque lui m ma mais me meme memes mes moi moins mon n ne ni nos notre nous
on ont ou par parce pas pendant peu peut peuvent plus pour pourquoi puis qu quand que
quel quelle quelles quels qui quoi s sa sans se sera ses si soit son sont sous sur ta
tandis tant te tel telle tels toi ton tous tout toute toutes tres tu un une vers vos
votre vous y
"""
COMMON = {"en": frozenset(_ENGLISH.split()), "fr": frozenset(_FRENCH.split())}


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a word, folded; '' for a word that is too common to say anything."""
    folded = fold(word)
    if len(folded) < 2 or folded in COMMON[language]:
        return ""
    # A stemmer keeps its word while it works: each thread has one of its own.
    return str(snowballstemmer.stemmer(STEMMERS[language]).stemWord(folded))


def stems(text: str, language: str) -> list[str]:
    """Return the stems of a text's words, in their order."""
    found = (stem(word, language) for word in WORD.findall(text))
    return [one for one in found if one]


class Index:
    """Texts by key, and how well each of them answers to words."""

    def __init__(self, texts: Mapping[int, Sequence[str]]) -> None:
        """Take texts as stems; a stem that weighs more stands there more often."""
        counts = {key: Counter(words) for key, words in texts.items()}
        lengths = {key: counter.total() for key, counter in counts.items()}
        average = sum(lengths.values()) / len(lengths) if lengths else 1.0
        holders: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for key, counter in counts.items():
            for word, count in counter.items():
                holders[word].append((key, count))
        #: What a word counts for that one text alone holds.
        self.rarest = math.log(1 + max(0.0, len(counts) - 0.5) / 1.5)
        self.rarity: dict[str, float] = {}
        self._weights: dict[str, dict[int, float]] = {}
        for word, found in holders.items():
            rarity = math.log(1 + (len(counts) - len(found) + 0.5) / (len(found) + 0.5))
            self.rarity[word] = rarity
            self._weights[word] = {
                key: rarity
                * count
                * (SATURATION + 1)
                / (count + SATURATION * (1 - LENGTH + LENGTH * lengths[key] / (average or 1)))
                for key, count in found
            }

    def weights(self, word: str) -> dict[int, float]:
        """Return what a word says for each text that holds it."""
        return self._weights.get(word, {})

    def scores(self, words: Iterable[str], only: Collection[int] | None = None) -> dict[int, float]:
        """Return how well texts answer to these words; those without any are left out."""
        found = [self.weights(word) for word in set(words)]
        if only is not None:
            sums = {key: sum(one.get(key, 0.0) for one in found) for key in only}
            return {key: score for key, score in sums.items() if score}
        total: dict[int, float] = defaultdict(float)
        for weights in found:
            for key, weight in weights.items():
                total[key] += weight
        return total

    def weight_of(self, words: Iterable[str]) -> float:
        """Return how much these words could say at all."""
        return sum(self.rarity.get(word, 0.0) for word in set(words))
