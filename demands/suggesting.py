"""Which demands the paragraphs of a text seem to raise, for somebody who marks its passages.

Each demand is one text: its title, its description, its theme, and what earlier mentions said
in our words or theirs, in the language of the text. A paragraph is compared sentence by
sentence, so that a demand in one sentence of a long paragraph is found; demands raised often of
late come first among equals.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from itertools import islice
from math import log1p
from threading import Lock
from typing import Any

from django.db.models import Count, Max

from kptracker.lib.documents.normal import normal_hash
from kptracker.lib.publishing import State
from statements.models import Statement, Text

from .matching import WORD, Index, stem, stems
from .models import Demand, Dismissal, Mention, Passage, Theme
from .reading import Paragraph, paragraphs_of

#: A title says more than a description: its words count as often as this.
TITLE = 2
#: What the second-best sentence adds to the best, the third to the second.
NEXT_SENTENCE = 0.5
#: What the paragraph as a whole adds to its sentences.
WHOLE = 0.3
#: How much longer sentences are held back: 0 not at all, 1 wholly.
HELD_BACK = 0.3
#: In so many years a mention loses half of its weight for what is likely to be raised.
HALF_LIFE = 2.0
#: A demand that the statement is known to raise, its place not marked yet, counts for more.
KNOWN_HERE = 1.6
#: Shorter paragraphs are names and dates; a heading is a little longer, without a full stop.
FEWEST_WORDS, HEADING = 5, 12
#: The words of a paragraph must say as much for its best demand as so many rare words do.
RARE_WORDS = 1.6
#: A suggestion must come so near to the best of its paragraph.
NEAR_ENOUGH = 0.4
#: So many demands are compared sentence by sentence: those nearest to the whole paragraph.
LOOKED_AT = 40
#: So many words are named that speak for a suggestion.
MOST_WORDS = 4
SENTENCE_ENDS = tuple('.!?…”’"»)')
SENTENCE = re.compile(r"[^\n]+?(?:[.!?;:…]+[”’\"»)\]]*(?=\s)|(?=\n)|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A demand that a paragraph seems to raise.

    ``words`` of the paragraph speak for it, most in the sentence between ``start`` and ``end``.
    """

    demand_id: int
    score: float
    words: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ParagraphSuggestions:
    """What a paragraph of a text seems to raise, the likeliest first.

    ``number``, ``start`` and ``end`` are those of the paragraph as it is read, ``sha256`` that
    of its words, by which a suggestion stays dismissed.
    """

    number: int
    start: int
    end: int
    sha256: str
    suggestions: list[Suggestion]


def suggestions(
    text: Text, *, limit: int = 5, leave_out: Collection[int] = ()
) -> list[ParagraphSuggestions]:
    """Return what each paragraph of a text seems to raise, at most ``limit`` demands each.

    What is marked in a paragraph already or was dismissed there is not suggested again. The
    mentions and passages of the statements named by ``leave_out`` (their keys) are not looked at.
    """
    passages = (
        Passage.objects.placed().filter(text=text).exclude(mention__statement__in=list(leave_out))
    )
    candidates = _candidates("fr" if text.language == "fr" else "en", leave_out)
    known = {} if text.statement_id in leave_out else _known(text)
    likely = candidates.likely_on(text.statement.sorts_on)
    dismissed: dict[str, set[int]] = defaultdict(set)
    for demand, sha256 in Dismissal.objects.filter(text=text).values_list("demand_id", "sha256"):
        dismissed[sha256].add(demand)
    found = []
    for paragraph in paragraphs_of(text.body, list(passages.select_related("mention"))):
        sha256 = normal_hash(text.body[paragraph.start : paragraph.end])
        without = dismissed[sha256] | {
            passage.mention.demand_id
            for segment in paragraph.segments
            for passage in segment.passages
        }
        ranked = _rank(text.body, paragraph, candidates, likely, known, without)
        found.append(
            ParagraphSuggestions(
                paragraph.number,
                paragraph.start,
                paragraph.end,
                sha256,
                list(islice(ranked, limit)),
            )
        )
    return found


def _known(text: Text) -> dict[int, float]:
    """Return by how much demands count more that the statement raises, at places not marked."""
    rows = Mention.objects.filter(statement=text.statement_id, passages__isnull=True)
    return dict.fromkeys(rows.values_list("demand_id", flat=True), KNOWN_HERE)


# --- What is compared ------------------------------------------------------------------------


class Candidates:
    """All demands as texts in one language, with the days on which they were raised."""

    def __init__(self, language: str, leave_out: Collection[int] = ()) -> None:
        self.language = language
        self.days: dict[int, list[date]] = {}
        texts: dict[int, list[str]] = {}
        demands = Demand.objects.exclude(state=State.TAKEN_DOWN).select_related("theme")
        read = [f"{name}{end}" for name in ("title", "description") for end in ("", "_fr")]
        for demand in demands.only(*read, "theme__name", "theme__name_fr"):
            texts[demand.pk] = [
                *stems(self._of(demand, "title"), language) * TITLE,
                *stems(self._of(demand, "description"), language),
                *stems(self._of(demand.theme, "name"), language),
            ]
            self.days[demand.pk] = []
        rows = Mention.objects.exclude(statement__in=list(leave_out)).order_by("pk")
        for key, day, english, french, quote, spoken in rows.values_list(
            "demand_id", "raised_on", "paraphrase", "paraphrase_fr", "quote", "quote_language"
        ):
            if key not in texts:
                continue
            texts[key] += stems((french if language == "fr" else "") or english, language)
            if quote and (spoken == "fr") == (language == "fr"):
                texts[key] += stems(quote, language)
            if day is not None:
                self.days[key].append(day)
        self.index = Index(texts)

    def _of(self, row: Any, name: str) -> str:
        french = getattr(row, f"{name}_fr") if self.language == "fr" else ""
        return str(french or getattr(row, name) or getattr(row, f"{name}_fr"))

    def likely_on(self, day: date) -> dict[int, float]:
        """Return how likely each demand is raised on a day, whatever is said: by its past."""
        return {
            key: log1p(sum(_weight((day - raised).days / 365.25) for raised in days))
            for key, days in self.days.items()
        }


def _weight(years: float) -> float:
    """Return what a mention so many years before says; one that came after says half as much."""
    return float(0.5 ** (abs(years) / HALF_LIFE)) * (1 if years >= 0 else 0.5)


_kept: dict[str, tuple[Any, Candidates]] = {}
_lock = Lock()


def _candidates(language: str, leave_out: Collection[int]) -> Candidates:
    """Return the candidates in a language, made anew only where something changed since."""
    if leave_out:
        return Candidates(language, leave_out)
    state = tuple(
        model._default_manager.aggregate(rows=Count("pk"), last=Max("pk"), at=Max("changed_at"))
        for model in (Theme, Demand, Mention, Passage, Statement)
    )
    with _lock:
        kept = _kept.get(language)
    if kept is None or kept[0] != state:
        kept = state, Candidates(language)
        with _lock:
            _kept[language] = kept
    return kept[1]


# --- Comparing -------------------------------------------------------------------------------


def _rank(
    body: str,
    paragraph: Paragraph,
    candidates: Candidates,
    likely: dict[int, float],
    known: dict[int, float],
    without: set[int],
) -> Iterator[Suggestion]:
    """Yield the demands that a paragraph seems to raise, the likeliest first."""
    words = body[paragraph.start : paragraph.end]
    if _says_little(words):
        return
    index, language = candidates.index, candidates.language
    whole = _held_back(index, stems(words, language))
    if max(whole.values(), default=0.0) < RARE_WORDS * index.rarest:
        return
    places = list(_sentences(words)) or [(0, len(words))]
    likeliest = nlargest(LOOKED_AT, whole, key=lambda key: whole[key])
    each = [
        _held_back(index, stems(words[start:end], language), likeliest) for start, end in places
    ]
    scores: dict[int, float] = {}
    for key in likeliest:
        best = sorted((found.get(key, 0.0) for found in each), reverse=True)
        total = sum(one * NEXT_SENTENCE**place for place, one in enumerate(best))
        scores[key] = (total + WHOLE * whole[key] + likely[key]) * known.get(key, 1.0)
    order = sorted(scores, key=lambda key: (-scores[key], key))
    for key in order:
        if scores[key] < NEAR_ENOUGH * scores[order[0]]:
            return
        if key in without:
            continue
        start, end = places[max(range(len(each)), key=lambda place: each[place].get(key, 0.0))]
        yield Suggestion(
            key,
            round(scores[key], 2),
            _speaking(index, words, language, key),
            paragraph.start + start,
            paragraph.start + end,
        )


def _says_little(words: str) -> bool:
    """Tell whether a paragraph is a name, a date or a heading, and raises nothing."""
    count = len(WORD.findall(words))
    return count < FEWEST_WORDS or (count < HEADING and not words.endswith(SENTENCE_ENDS))


def _held_back(
    index: Index, words: Sequence[str], only: Collection[int] | None = None
) -> dict[int, float]:
    """Return how well demands answer to words, long sentences held back a little."""
    weight = index.weight_of(words)
    scale = (10 / weight) ** HELD_BACK if weight else 0.0
    return {key: score * scale for key, score in index.scores(words, only).items()}


def _sentences(words: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a paragraph begin and end; the lines of a list are some."""
    for match in SENTENCE.finditer(words):
        sentence = match.group()
        start = match.start() + len(sentence) - len(sentence.lstrip(" -–•*\t\u00a0"))
        if len(WORD.findall(words, start, match.end())) > 2:
            yield start, start + len(words[start : match.end()].rstrip())


def _speaking(index: Index, words: str, language: str, key: int) -> tuple[str, ...]:
    """Return the words of a paragraph that say most for a demand, as they stand in it."""
    weights: dict[str, tuple[float, str]] = {}
    for word in WORD.findall(words):
        root = stem(word, language)
        if root and key in index.weights(root) and root not in weights:
            weights[root] = index.weights(root)[key], word
    best = sorted(weights.values(), key=lambda one: -one[0])[:MOST_WORDS]
    return tuple(word for _weight, word in best)


def forget() -> None:
    """Forget the candidates that are kept between requests."""
    with _lock:
        _kept.clear()
