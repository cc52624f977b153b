"""What is proposed for removal from a text, also while an editor corrects the text by hand.

Proposals are named by their words and their reason, not by their place: so a tick still means
the same words when something above them was changed.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable

from kptracker.lib.documents.cleaning import Cleaned, without
from kptracker.lib.documents.residue import Reason, Residue, find_residue, running_key

#: Repetition alone, or a few words of another language, may be the statement's own: an editor
#: looks at these and ticks them.
DOUBTFUL = (Reason.RUNNING_LINE, Reason.THIRD_LANGUAGE)


def sure_of(one: Residue, *, paged: bool) -> bool:
    """Say whether something is so surely no part of the text that it is ticked beforehand.

    ``paged`` says that the document has pages: what they repeat at their edges is theirs.
    """
    return one.reason not in DOUBTFUL or (paged and one.reason == Reason.RUNNING_LINE)


def keyed(residue: Iterable[Residue]) -> list[tuple[str, Residue]]:
    """Return each proposal with a short name that it keeps while the text around it changes."""
    counts: Counter[str] = Counter()
    named = []
    for one in residue:
        words = f"{one.reason}|{one.text}"
        counts[words] += 1
        digest = hashlib.sha256(f"{words}|{counts[words]}".encode("utf-8", "replace"))
        named.append((digest.hexdigest()[:12], one))
    return named


def running_lines(residue: Iterable[Residue]) -> set[str]:
    """Return what the pages of a document repeat, to find it again in the text of one piece."""
    return {
        running_key(line)
        for one in residue
        if one.reason == Reason.RUNNING_LINE
        for line in one.text.split("\n")
    }


def apply(text: str, keys: Collection[str], *, running: Iterable[str] = ()) -> str:
    """Return the text without the proposals of these names; what is not there is passed over."""
    residue = tuple(find_residue(text, running))
    chosen = [number for number, (key, _one) in enumerate(keyed(residue)) if key in keys]
    return without(Cleaned(text, (), residue), chosen) if chosen else text
