"""In which language a text is written, by its script and its most common words."""

from collections import Counter

from django.utils.translation import gettext as _

from .answers import Proposal
from .known import named
from .papers import Paper

#: The most common short words of each language, in plain letters, none in two of the lists
#: where that can be helped: they make up a good part of any running text.
COMMON = {
    "en": "the of and to that is for with this are was were have has by from which their not be "
    "been will would we our it they as at its",
    "fr": "le les des du et est une dans pour que qui au aux sur par avec ce cette nous notre nos "
    "sont ont pas plus leur leurs ainsi d l qu",
    "de": "der die das und ist nicht den dem ein eine einer mit fur auf von zu sich auch wird "
    "sind wir unser haben dass",
    "es": "el los las y una del por para con se su sus al lo como mas pero este esta nuestro son "
    "ha han nosotros",
    "nl": "het een van ook zijn niet dat voor met aan op wordt deze worden naar bij door dit wij "
    "onze geen",
    "pt": "o os um uma do da dos das em no na nos nas ao pelo pela e nao mais seu sua nosso com "
    "foram tambem",
}
_COMMON = {language: frozenset(words.split()) for language, words in COMMON.items()}
#: First and last sign of the scripts of which we know one language.
SCRIPTS = {"ar": ("\u0600", "\u06ff"), "ru": ("\u0400", "\u04ff"), "zh": ("\u4e00", "\u9fff")}
#: A text whose share of common words is smaller is in none of these languages, or no text.
LEAST_SHARE = 0.12


def language_of(words: list[str]) -> tuple[str, float]:
    """Return the language of some plain words and its lead over the next, 0 to 1.

    The language is '' where no language shows.
    """
    counted = _counts(words)
    if not counted:
        return "", 0.0
    (first, most), *rest = counted.most_common(2)
    return first, 1 - (rest[0][1] / most if rest else 0)


def _counts(words: list[str]) -> Counter[str]:
    """Count words by language; empty where too few are known to say."""
    letters = [word for word in words if word.isalpha()]
    if not letters:
        return Counter()
    by_script: Counter[str] = Counter()
    for word in letters:
        for language, (first, last) in SCRIPTS.items():
            # Chinese has no spaces: a run of signs counts by its length.
            if first <= word[0] <= last:
                by_script[language] += len(word) if language == "zh" else 1
    if by_script and by_script.most_common(1)[0][1] > len(letters) / 2:
        return by_script
    counts = Counter(
        {
            language: found
            for language, common in _COMMON.items()
            if (found := sum(word in common for word in letters))
        }
    )
    if not counts or counts.most_common(1)[0][1] < max(2, LEAST_SHARE * len(letters)):
        return Counter()
    return counts


def propose_language(paper: Paper) -> list[Proposal]:
    """Propose the language of a text, and a second one where a good part is written in it."""
    shares: Counter[str] = Counter()
    evidence: dict[str, tuple[int, int]] = {}
    for line, words in lines_of_words(paper):
        language, _lead = language_of(words)
        if language:
            shares[language] += len(words)
            evidence.setdefault(language, line)
    if not shares:
        language, lead = language_of([word.plain for word in paper.words])
        if language and lead > 0.3:
            reason = _("by its most common words; the text is short")
            return [Proposal("language", language, named("language", language), reason)]
        return []
    total, found = sum(shares.values()), []
    for language, count in shares.most_common(2):
        share = count / total
        if share < 0.2:
            continue
        sure = share > 0.8 and total >= 20
        reason = _("by its most common words")
        if share <= 0.8:
            reason = _("about %(percent)d %% of the text") % {"percent": round(share * 100)}
        elif not sure:
            reason = _("by its most common words; the text is short")
        found.append(
            Proposal(
                "language", language, named("language", language), reason, evidence[language], sure
            )
        )
    return found


def lines_of_words(paper: Paper, least: int = 8) -> list[tuple[tuple[int, int], list[str]]]:
    """Return the lines that are long enough to tell a language, each with its words."""
    found: list[tuple[tuple[int, int], list[str]]] = []
    words, index = paper.words, 0
    for line in paper.lines:
        inside = []
        while index < len(words) and words[index].start < line.end:
            inside.append(words[index].plain)
            index += 1
        if len(inside) >= least or any(word[0] >= "\u0400" for word in inside):
            found.append((line.place, inside))
    return found
