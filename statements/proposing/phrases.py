"""Names found in a text in one pass, however many there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .papers import WORD, Paper, plain


@dataclass(frozen=True, slots=True)
class Hit:
    """A name that stands in the text, and whose it may be: several where names are shared."""

    start: int
    end: int
    owners: tuple[Any, ...]


class Phrases:
    """Names and whose they are; ``scan`` finds the longest at each place.

    A name that is kept to the letter (an acronym, a word in capitals) is found as it is
    written and in no other case: IMPACT is an organisation, impact is not.
    """

    def __init__(self) -> None:
        self._by_first: dict[str, dict[tuple[str, ...], list[tuple[Any, str]]]] = defaultdict(dict)

    def add(self, name: str, owner: Any, *, to_the_letter: bool = False) -> None:
        """Take in a name; one without a letter is left out."""
        words = tuple(WORD.findall(plain(name)))
        if not words:
            return
        owners = self._by_first[words[0]].setdefault(words, [])
        exact = " ".join(WORD.findall(name)) if to_the_letter else ""
        if (owner, exact) not in owners:
            owners.append((owner, exact))

    def scan(self, paper: Paper, start: int = 0, end: int | None = None) -> list[Hit]:
        """Return the names that stand in a part of the text, in order, none within another."""
        found, words = [], paper.words
        index, free_from = 0, start
        while index < len(words):
            word = words[index]
            index += 1
            if word.start < free_from or word.plain not in self._by_first:
                continue
            if end is not None and word.start >= end:
                break
            hit = self._longest(paper, index - 1, end)
            if hit:
                found.append(hit)
                free_from = hit.end
        return found

    def _longest(self, paper: Paper, index: int, end: int | None) -> Hit | None:
        words = paper.words
        candidates = self._by_first[words[index].plain]
        for phrase in sorted(candidates, key=len, reverse=True):
            stretch = words[index : index + len(phrase)]
            if len(stretch) < len(phrase) or any(
                a.plain != b for a, b in zip(stretch, phrase, strict=True)
            ):
                continue
            first, last = stretch[0].start, stretch[-1].end
            # A name does not run on over a full stop, a line or a long gap.
            if end is not None and last > end:
                continue
            if any(_parted(paper, a.end, b.start) for a, b in _pairs(stretch)):
                continue
            written = " ".join(paper.text[word.start : word.end] for word in stretch)
            owners = tuple(
                owner for owner, exact in candidates[phrase] if not exact or exact == written
            )
            if owners:
                return Hit(first, last, owners)
        return None


def _pairs(items: list[Any]) -> Iterable[tuple[Any, Any]]:
    return zip(items, items[1:], strict=False)


def _parted(paper: Paper, start: int, end: int) -> bool:
    """Whether what lies between two words parts them: a line, a sentence, a bracket."""
    gap = paper.plain[start:end]
    return len(gap) > 4 or any(sign in '\n;:()[]?!"' for sign in gap)
