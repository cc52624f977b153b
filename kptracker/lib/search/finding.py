"""Finding: the hits of a query, ranked, counted beside the filters, and shown page by page."""

import os.path
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
from typing import Any

from ..bilingual import Worded
from ..partial_dates import PartialDate
from .asking import Asked, Phrase, Word
from .entries import FACETS, KINDS, facet_token, source_of
from .known import COLUMNS, MEMORY, Known, state
from .marking import Marks, Piece, Snippet
from .matching import MOST_HITS, Group, condition_of, newest
from .recent import newest_years
from .suggesting import completed

#: So many hits stand on a page: each has a passage, so fewer than rows of a list.
PAGE = 20
NO, KIND, ROW, YEAR, LANGUAGE, MEETING, SPEAKERS, STATUS, TITLE, MENTION, COUNTS = range(
    len(COLUMNS)
)
#: Facets of which each value has few entries.
NARROW = ("year", "meeting", "speaker", "status")
#: A word in the title weighs more than any number in the text, one in the mention as well.
IN_TITLE, IN_MENTION, MOST_COUNTED = 10**8, 10**5, 10**5 - 1
#: A word that stands there whole weighs twice as much as one that was completed.
WHOLE = 2


@dataclass(frozen=True)
class SearchFilters:
    """What a reader narrows a search by; several values of one facet mean "or".

    ``kind`` are codes of KINDS, ``language`` and ``status`` codes of their vocabularies,
    ``meeting`` and ``speaker`` keys of rows. The caller has checked them.
    """

    kind: tuple[str, ...] = ()
    year: tuple[int, ...] = ()
    language: tuple[str, ...] = ()
    meeting: tuple[int, ...] = ()
    speaker: tuple[int, ...] = ()
    status: tuple[str, ...] = ()

    def tokens(self, but: str = "") -> list[Group]:
        """Return the tokens that the index is asked for; of all facets ``but`` one."""
        return [
            tuple(facet_token(facet, value) for value in getattr(self, facet))
            for facet in FACETS
            if facet != but and getattr(self, facet)
        ]

    def are_narrow(self, but: str = "") -> bool:
        """Tell whether so few entries are left that the newest need not be looked through first."""
        return any(facet != but and getattr(self, facet) for facet in NARROW)

    @property
    def chosen(self) -> list[str]:
        """The facets in which something is chosen."""
        return [facet for facet in FACETS if getattr(self, facet)]


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that was found, as a page shows it.

    ``row`` is the row itself with what its line needs; ``title`` its title, in ``language``, in
    pieces of which some are marked. ``url`` leads to the row, the snippet's own to the place.
    """

    kind: str
    row: Any
    title: list[Piece]
    language: str
    day: PartialDate | None
    url: str
    snippet: Snippet | None


@dataclass
class Found:
    """What was found: ``keys`` are (kind, key) in their order, at most 1,000.

    ``more`` says that there are more than these, which are then the newest; ``whole`` is False
    where a phrase was not looked for in all that may have it. ``counts`` gives for each facet its
    values, each with the number of hits that it would give beside the other filters; where
    ``more`` is set they count the newest.
    """

    asked: Asked
    filters: SearchFilters
    keys: list[tuple[str, int]] = field(default_factory=list)
    more: bool = False
    whole: bool = True
    counts: dict[str, list[tuple[Any, int]]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many hits are ranked."""
        return len(self.keys)

    @property
    def pages(self) -> int:
        """How many pages the hits fill."""
        return -(-self.total // PAGE)

    @cached_property
    def marks(self) -> Marks:
        """What is marked in titles and snippets."""
        return Marks(self.asked)

    def page(self, number: int = 1) -> list[Hit]:
        """Return the hits of one page, the first being 1."""
        keys = self.keys[(number - 1) * PAGE : number * PAGE]
        shown = {
            kind: source_of(kind).shown([key for one, key in keys if one == kind])
            for kind in {kind for kind, _key in keys}
        }
        hits = []
        for kind, key in keys:
            one = shown[kind].get(key)
            if one is None:
                continue  # it went in this moment
            title: Worded = one.title
            hits.append(
                Hit(
                    kind,
                    one.row,
                    self.marks.pieces(title.text),
                    title.language,
                    one.day,
                    one.url,
                    self.marks.snippet(one.passages),
                )
            )
        return hits


def find(asked: Asked, filters: SearchFilters = SearchFilters()) -> Found:
    """Find what was asked for, ranked; at most the newest 1,000 hits.

    The order is by score: words in the title, then words in the mention, then how often they
    stand in the text, then the newest.
    """
    found = Found(_completing(asked), filters)
    if not asked.finds:
        return found
    now = state()
    # All hits; and for each facet in which something is chosen, those beside its own filter.
    conditions = [
        condition_of(found.asked, filters.tokens(but), narrow=filters.are_narrow(but))
        for but in ("", *filters.chosen)
    ]
    answer, *beside = newest(conditions, years=newest_years(now))
    found.whole = answer.whole
    found.more = len(answer.numbers) > MOST_HITS
    hits = MEMORY.entries(answer.numbers[:MOST_HITS], now)
    scores = _scores(found.asked, hits.values())
    # Those with the same score stay in their order, the newest first.
    order = sorted(hits, key=dict(zip(hits, scores, strict=True)).__getitem__, reverse=True)
    found.keys = [(hits[no][KIND], hits[no][ROW]) for no in order]
    others = {
        facet: MEMORY.entries(one.numbers[:MOST_HITS], now)
        for facet, one in zip(filters.chosen, beside, strict=True)
    }
    found.counts = {facet: _counted(facet, others.get(facet, hits).values()) for facet in FACETS}
    return found


def _completing(asked: Asked) -> Asked:
    """Have the last word also find the words that it begins."""
    if not asked.last or not asked.words:
        return asked
    *words, last = asked.words
    if last.word != asked.last:
        return asked
    stems = tuple(dict.fromkeys((*last.whole, *completed(asked.last))))
    return replace(asked, words=(*words, replace(last, stems=stems)))


# --- Ranking ----------------------------------------------------------------------------------


def _scores(asked: Asked, entries: Collection[Known]) -> list[int]:
    """Return the score of each entry, from its stored stems alone."""
    looks = [_look(word) for word in asked.words] + [_look_at(one) for one in asked.phrases]
    titles, mentions, counts = (
        [entry[column] for entry in entries] for column in (TITLE, MENTION, COUNTS)
    )
    times = [sum(some) for some in zip(*(look.times_in(counts) for look in looks), strict=True)]
    scores = [min(one, MOST_COUNTED) for one in times]
    for look in looks:
        for worth, streams in ((IN_TITLE, titles), (IN_MENTION, mentions)):
            for place, weight in look.weights_in(streams):
                scores[place] += worth * weight
    return scores


@dataclass(frozen=True)
class Look:
    """What is looked for in streams of stems: whole words or phrases, words begun, what counts."""

    whole: tuple[str, ...]
    begun: frozenset[str]
    counted: tuple[str, ...]

    def weights_in(self, streams: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield the places of titles or mentions in which it stands, each with its weight."""
        whole = {
            place for one in self.whole for place, stream in enumerate(streams) if one in stream
        }
        yield from ((place, WHOLE) for place in whole)
        if self.begun:
            for place, stream in enumerate(streams):
                if self.common not in stream or place in whole:
                    continue  # few have any word that begins so
                if not self.begun.isdisjoint(stream.split()):
                    yield place, 1

    def times_in(self, counts: Sequence[str]) -> list[int]:
        """Return how often it stands in texts, as counted: " diamond:7 mine:2 "."""
        if self.begun:
            wanted = self.begun.union(self.counted)
            find = self.entries.findall
            return [
                sum(int(times) for one, times in find(text) if one in wanted) for text in counts
            ]
        found = [0] * len(counts)
        for stem in self.numbered:
            for place in [place for place, text in enumerate(counts) if stem in text]:
                text = counts[place]
                start = text.index(stem) + len(stem)
                found[place] += int(text[start : text.index(" ", start)])
        return found

    @cached_property
    def numbered(self) -> list[str]:
        """What stands before the number of each counted stem."""
        return [f" {one}:" for one in self.counted]

    @cached_property
    def entries(self) -> re.Pattern[str]:
        """What finds the counted stems that begin as all of these do, each with its number."""
        return re.compile(rf" ({re.escape(self.common[1:])}[^: ]*):(\d+)")

    @cached_property
    def common(self) -> str:
        """How all of these stems begin, behind a blank."""
        return " " + os.path.commonprefix([*self.begun, *self.counted])


def _look(word: Word) -> Look:
    begun = frozenset(word.stems) - frozenset(word.whole)
    return Look(tuple(f" {stem} " for stem in word.whole), begun, word.whole)


def _look_at(phrase: Phrase) -> Look:
    whole = tuple(f" {' '.join(option)} " for option in phrase.options)
    stems = dict.fromkeys(stem for option in phrase.options for stem in option)
    return Look(whole, frozenset(), tuple(stems))


# --- Counting ---------------------------------------------------------------------------------

_COLUMN = {"kind": KIND, "year": YEAR, "language": LANGUAGE, "meeting": MEETING, "status": STATUS}


def _counted(facet: str, entries: Collection[Known]) -> list[tuple[Any, int]]:
    """Return the values of a facet with their numbers: years newest first, others most first."""
    counted: Counter[Any] = Counter()
    if facet == "speaker":
        people = Counter(" ".join(entry[SPEAKERS] for entry in entries).split())
        counted.update({int(key): number for key, number in people.items()})
    else:
        counted.update(map(itemgetter(_COLUMN[facet]), entries))
    found = [(value, number) for value, number in counted.items() if value]
    if facet == "kind":
        return sorted(found, key=lambda one: KINDS.index(one[0]))
    if facet == "year":
        return sorted(found, reverse=True)
    return sorted(found, key=lambda one: (-one[1], one[0]))
