"""What search knows of a public row, said by the room that the row belongs to."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

from django.db import models

from ..bilingual import Worded
from ..models import SearchEntry, SearchStream, SearchTerms
from ..partial_dates import PartialDate
from .asking import pair
from .words import is_weak, stem, words_of

#: Kinds in the order of their numbers, which is for ever: a new one is added at the end.
KINDS = ("demand", "statement", "mention", "meeting", "person", "organisation")
#: Kinds without a day of their own: they are few, and count as newest.
TIMELESS = ("person", "organisation")
#: A number is made of day, kind and key: 16, 3 and 26 bits.
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = 2**16 - 1
KEY_BITS, KIND_BITS = 26, 3
#: Entries of TIMELESS kinds have no lower number.
NO_DAY = LAST_DAY << KIND_BITS + KEY_BITS
#: Stands in the stream of stems between two texts, so that no phrase reaches over.
BREAK = "."
#: Behind a word of a name in the list of words.
OF_NAME = "!"
#: Facets, each with the letter of its tokens.
FACETS = {
    "kind": "k",
    "year": "y",
    "language": "l",
    "meeting": "m",
    "speaker": "p",
    "status": "s",
}

#: A text and its language.
Said = tuple[str, str]


@dataclass(slots=True)
class Entry:
    """What search looks through and counts of one public row.

    ``title``, ``mention`` and ``text`` are texts with their language; empty ones are left out.
    Rows of a kind in TIMELESS count as newest. ``names`` says that the title is
    a name. ``meeting`` and ``speakers`` are keys of public rows.
    """

    kind: str
    key: int
    day: date | None = None
    names: bool = False
    title: list[Said] = field(default_factory=list)
    mention: list[Said] = field(default_factory=list)
    text: list[Said] = field(default_factory=list)
    language: str = ""
    meeting: int | None = None
    speakers: Sequence[int] = ()
    status: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a row in which a reader may find the words: whose it is, and where it is read.

    ``kind`` is "verbatim" or "excerpt" (their words), or "summary", "paraphrase",
    "description", "note" (ours). ``at`` returns the address of the place between two offsets.
    """

    text: str
    language: str
    kind: str
    at: Callable[[int, int], str]

    @property
    def theirs(self) -> bool:
        """Whether these are the very words of a speaker, and not ours."""
        return self.kind in ("verbatim", "excerpt")


@dataclass(slots=True)
class Shown:
    """What a page of hits shows of a row: ``row`` with all that its line needs at hand."""

    row: Any
    title: Worded
    url: str
    day: PartialDate | None
    passages: list[Passage]


class Rows(NamedTuple):
    """What is stored of an entry: one row in each table of search, under the same number."""

    entry: SearchEntry
    terms: SearchTerms
    stream: SearchStream


class Source(Protocol):
    """A kind of rows that search knows."""

    kind: str

    def keys(self) -> models.QuerySet:
        """Return the keys of all rows that visitors see, the oldest first."""

    def entries(self, keys: Collection[int]) -> Iterable[Entry]:
        """Return the entries of those of these rows that visitors see."""

    def shown(self, keys: Collection[int]) -> dict[int, Shown]:
        """Return what a page of hits shows of rows, in the reader's language, by key."""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Have a kind of rows found."""
    _sources[source.kind] = source


def source_of(kind: str) -> Source:
    """Return the source of a kind."""
    return _sources[kind]


def sources() -> Iterator[Source]:
    """Yield all sources, in the order of KINDS."""
    for kind in KINDS:
        if kind in _sources:
            yield _sources[kind]


def number_of(entry: Entry) -> int:
    """Return the number of an entry: the newer its day, the higher. Raises ValueError."""
    if not 0 < entry.key < 2**KEY_BITS:
        raise ValueError(f"Search cannot number {entry.kind} {entry.key}.")
    dated = first_number_of(entry.day) if entry.day else 0
    first = NO_DAY if entry.kind in TIMELESS else dated
    return first | KINDS.index(entry.kind) << KEY_BITS | entry.key


def first_number_of(day: date) -> int:
    """Return the number that is not above those of the entries of a day."""
    number = min(max((day - FIRST_DAY).days, 0), LAST_DAY - 1)
    return number << KIND_BITS + KEY_BITS


def facet_token(facet: str, value: Any) -> str:
    """Return the token by which entries with a value of a facet are looked up."""
    return f"_{FACETS[facet]}_{value}"


def rows_of(entry: Entry) -> Rows:
    """Analyse an entry: return its rows, unsaved."""
    title, mention, text = (_Analysed(said) for said in (entry.title, entry.mention, entry.text))
    no = number_of(entry)
    year = entry.day.year if entry.day and entry.kind not in TIMELESS else None
    tokens = {*title.tokens, *mention.tokens, *text.tokens}
    for facet, value in (
        ("kind", entry.kind),
        ("year", year),
        ("language", entry.language),
        ("meeting", entry.meeting),
        ("status", entry.status),
        *(("speaker", key) for key in entry.speakers),
    ):
        if value:
            tokens.add(facet_token(facet, value))
    names = title.words if entry.names else set()
    words = sorted(
        word + OF_NAME if word in names else word
        for word in title.words | mention.words | text.words
    )
    streams = [one.stream for one in (title, mention, text) if one.stream]
    return Rows(
        SearchEntry(
            no=no,
            kind=entry.kind,
            row_id=entry.key,
            day=entry.day,
            year=year,
            language=entry.language,
            meeting=entry.meeting,
            speakers=_between_blanks(map(str, entry.speakers)),
            status=entry.status,
            title=_between_blanks(title.stems),
            mention=_between_blanks(mention.stems),
            counts=_between_blanks(text.counts),
        ),
        SearchTerms(no=no, words=" ".join(words), tokens=" ".join(sorted(tokens))),
        SearchStream(no=no, stems=_between_blanks([f" {BREAK} ".join(streams)])),
    )


def _between_blanks(parts: Iterable[str]) -> str:
    joined = " ".join(parts)
    return f" {joined} " if joined else ""


class _Analysed:
    """The stems of some texts: in order, as tokens, counted; and their words."""

    def __init__(self, said: Iterable[Said]) -> None:
        self.words: set[str] = set()
        self.stems: list[str] = []
        self.tokens: set[str] = set()
        for text, language in said:
            words = words_of(text)
            if not words:
                continue
            stems = [stem(word, language) for word in words]
            self.words.update(words)
            self.tokens.update(stems)
            self.tokens.update(pair(*two) for two in pairwise(stems))
            if self.stems:
                self.stems.append(BREAK)
            self.stems += stems
        self.words = {word for word in self.words if not is_weak(word)}
        self.stream = " ".join(self.stems)

    @property
    def counts(self) -> list[str]:
        """The stems that stand here more than once, each with its number."""
        counted = Counter(self.stems)
        del counted[BREAK]
        return sorted(f"{stem}:{number}" for stem, number in counted.items() if number > 1)
