"""PDF: lines where they stand on the page, made into blocks by the space between them."""

import io
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from .unreadable import Unreadable

#: A page with fewer letters than this has no text: a picture with a stamp on it, or nothing.
FEW_LETTERS = 10
#: A gap wider than the usual one by this much parts two blocks.
WIDER = 1.3
#: Lines whose letters differ by this much in size belong to different blocks.
LARGER = 1.15


@dataclass
class Line:
    """A line of a page: its words, how high it stands and how large its letters are."""

    text: str
    height: float
    size: float


def read_pdf(content: bytes, *, most_pages: int) -> tuple[str, dict[str, Any]]:
    """Return the text of a PDF, its pages separated by form feeds, and notes for the editor.

    Raises:
        Unreadable: damaged, locked with a password, too long, or without a text layer.

    """
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("locked")
        number = len(reader.pages)
    except (DependencyError, FileNotDecryptedError) as error:
        raise Unreadable("locked") from error
    if not number:
        raise Unreadable("corrupt")
    if number >= most_pages:
        raise Unreadable("too_many_pages", pages=number, most=most_pages)
    lines = [_page_lines(page) for page in reader.pages]
    # Of the whole document: a page with two lines does not say how far apart lines are.
    usual = _usual_gap(lines)
    pages = [_in_blocks(page, usual) for page in lines]
    letters = [sum(sign.isalpha() for sign in page) for page in pages]
    if max(letters) < FEW_LETTERS:
        raise Unreadable("no_text_layer")
    notes: dict[str, Any] = {}
    bare = [number for number, count in enumerate(letters, 1) if count < FEW_LETTERS]
    if bare:
        notes["pages_without_text"] = bare
    if any(unicodedata.bidirectional(sign) in ("R", "AL") for page in pages for sign in page):
        notes["right_to_left"] = True
    return "\n\n\f\n\n".join(page for page in pages if page), notes


def _page_lines(page: PageObject) -> list[Line]:
    """Return the lines of one page."""
    pieces: list[tuple[str, float, float, float]] = []

    def keep(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        # The place of the words on the page: the text's own matrix within the page's.
        across = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = abs(tm[3] * cm[3]) or abs(tm[1] * cm[2]) or 1.0
        pieces.append((text, across, height, size * scale))

    page.extract_text(visitor_text=keep)
    return _lines(pieces)


def _in_blocks(lines: list[Line], usual: float) -> str:
    """Return the text of one page, its blocks separated by blank lines."""
    text = ""
    before: Line | None = None
    for line in lines:
        if before is not None:
            text += "\n\n" if _parted(before, line, usual) else "\n"
        text += line.text
        before = line
    return text


def _lines(pieces: list[tuple[str, float, float, float]]) -> list[Line]:
    """Return the lines that the pieces of a page make up, in the order of the file."""
    lines: list[Line] = []
    words: list[tuple[str, float, float, float]] = []

    def end_line() -> None:
        text = "".join(word for word, *_ in _in_reading_order(words))
        text = _plain_signs(text).strip()
        if text:
            first = next(piece for piece in words if piece[0].strip())
            lines.append(Line(text, first[2], first[3]))
        words.clear()

    for text, across, height, size in pieces:
        for number, part in enumerate(text.split("\n")):
            if number:
                end_line()
            if part:
                words.append((part, across, height, size))
    end_line()
    return lines


def _in_reading_order(
    words: list[tuple[str, float, float, float]],
) -> list[tuple[str, float, float, float]]:
    """Return the words of a line from right to left if it is Arabic and was drawn the other way."""
    places = [across for word, across, *_ in words if word.strip()]
    signs = [unicodedata.bidirectional(sign) for word, *_ in words for sign in word]
    if (
        len(places) > 1
        and places == sorted(places)
        and sum(sign in ("R", "AL") for sign in signs) > sum(sign == "L" for sign in signs)
    ):
        return words[::-1]
    return words


def _plain_signs(text: str) -> str:
    """Return a line with plain Arabic letters for drawn ones, and without control signs.

    PDF files keep the shapes that letters take inside a word; nobody types or finds them.
    """
    signs = []
    for sign in text:
        if "\ufb50" <= sign <= "\ufdcf" or "\ufe70" <= sign <= "\ufefc":
            signs.append(unicodedata.normalize("NFKC", sign))
        elif unicodedata.category(sign) != "Cc" or sign == "\t":
            signs.append(sign)
    return "".join(signs)


def _usual_gap(pages: list[list[Line]]) -> float:
    """Return the space between two lines of a paragraph: the smallest that is often seen."""
    gaps = Counter(
        round(upper.height - lower.height)
        for lines in pages
        for upper, lower in zip(lines, lines[1:], strict=False)
        if upper.height - lower.height >= 1
    )
    often = [gap for gap, count in gaps.items() if count >= sum(gaps.values()) / 5]
    return min(often or gaps, default=0)


def _parted(upper: Line, lower: Line, usual: float) -> bool:
    """Say whether two lines that follow each other belong to different blocks."""
    if not usual:
        return False
    gap = upper.height - lower.height
    sizes = sorted((upper.size, lower.size))
    # Upwards: another column, or a header that the file draws last.
    return gap < -1 or gap > usual * WIDER or (sizes[0] > 0 and sizes[1] > sizes[0] * LARGER)
