"""Cleaning: from the raw text of a document to paragraphs that can be read and quoted.

What is certainly a trace of the format is mended and reported (``notes``). What an editor has
to judge is proposed (``residue``) and stays in the text until they decide. The same text in gives
the same text out, and a clean text stays as it is: passages are found again by its hash.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .line_kinds import is_page_number
from .lines import mend_lines
from .notes import Note, merged
from .residue import Residue, find_residue, running_key
from .signs import mend_signs

#: How many lines at the top and at the bottom of a page may be running lines.
EDGE_LINES = 2


@dataclass(frozen=True)
class Cleaned:
    """A cleaned text: paragraphs on a line each, blank lines between blocks.

    ``notes`` say what was mended; ``residue`` is what may not belong to the text.
    """

    text: str
    notes: tuple[Note, ...]
    residue: tuple[Residue, ...]


def clean(text: str) -> Cleaned:
    """Return a text in NFC with whole words, lines and paragraphs, and what is left to judge.

    Args:
        text: raw blocks separated by blank lines, as ``read_document`` gives them; form feeds
            part pages.

    """
    text, running = _running_lines_apart(text)
    notes: list[Note] = []
    mended = None
    # What one mending uncovers another mends; each round has fewer breaks than the one before.
    while mended != text:
        mended = text
        text, found = mend_signs(text)
        notes += found
        text, found = mend_lines(text)
        notes += found
    if count := text.count("\ufffd"):
        notes.append(Note("unreadable", count))
    return Cleaned(text, tuple(merged(notes)), tuple(find_residue(text, running)))


def without(cleaned: Cleaned, chosen: Iterable[int]) -> str:
    """Return the text without the residue that an editor chose to remove.

    Args:
        cleaned: what ``clean`` returned.
        chosen: places in ``cleaned.residue``.

    Raises:
        ValueError: there is no residue with such a number.

    """
    numbers = sorted(set(chosen))
    if any(not 0 <= number < len(cleaned.residue) for number in numbers):
        raise ValueError("There is no residue with that number.")
    text = cleaned.text
    kept: list[str] = []
    place = 0
    for number in numbers:
        one = cleaned.residue[number]
        kept += [text[place : one.start], one.instead]
        place = one.end
        begins_line = one.start == 0 or text[one.start - 1] == "\n"
        if not one.instead and begins_line and text[place : place + 1] == "\n":
            # Whole lines: one line end goes with them, so that no blank line parts the rest.
            place += 1
    return clean("".join(kept) + text[place:]).text


def _running_lines_apart(text: str) -> tuple[str, set[str]]:
    """Return a text of several pages with what its pages repeat at their edges in blocks apart.

    Returns:
        the text without form feeds, and the ``running_key`` of each repeated line.

    """
    pages = [page.strip("\n") for page in text.split("\f")]
    if len(pages) < 2:
        return text, set()
    edges = [_edges(page) for page in pages]
    counts = Counter(key for page in edges for key in {running_key(line) for line in page})
    running = {key for key, count in counts.items() if key and count >= max(2, len(pages) / 3)}
    apart = []
    for page, edge in zip(pages, edges, strict=True):
        lines = []
        for line in page.split("\n"):
            if line in edge and (running_key(line) in running or is_page_number(line.strip())):
                lines += ["", line, ""]
            else:
                lines.append(line)
        apart.append("\n".join(lines))
    return "\n\n".join(apart), running


def _edges(page: str) -> set[str]:
    """Return the first and the last lines of a page."""
    lines = [line for line in page.split("\n") if line.strip()]
    return set(lines[:EDGE_LINES] + lines[-EDGE_LINES:])
