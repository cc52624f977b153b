"""Web pages (.html): what is written on them, without scripts, styles and menus."""

import re
from typing import Any

from lxml import etree, html

from .blocks import Blocks, add_table
from .plain import decode
from .unreadable import Unreadable

#: Never read: what runs, what paints, what leads elsewhere, what is filled in.
DROPPED = {
    "script", "style", "noscript", "template", "nav", "iframe", "object", "embed", "svg", "math",
    "canvas", "audio", "video", "button", "select", "textarea", "input", "head", "title",
}  # fmt: skip
#: Begin and end a block of text.
PARTS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption",
}  # fmt: skip
#: The part of a page that holds the text, if it has at least this many signs.
ENOUGH = 200
NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)


class WebPage:
    """A web page, while it is read."""

    def __init__(self) -> None:
        self.blocks = Blocks()
        self._words: list[str] = []
        self._marker = ""

    def read(self, root: etree._Element) -> str:
        """Return the text of a part of the page."""
        self._inside(root)
        self._end_block()
        return self.blocks.text()

    def _end_block(self) -> None:
        """Close the block that is being collected; the first one of an item gets its sign."""
        text = "".join(self._words)
        self._words = []
        if not text.strip():
            return
        if self._marker:
            self.blocks.add_item(f"{self._marker} {text.strip()}")
            self._marker = ""
        else:
            self.blocks.add(text)

    def _inside(self, element: etree._Element) -> None:
        kept = element.tag == "pre"
        self._words.append(element.text or "" if kept else _single_space(element.text))
        number = 0
        for child in element:
            if isinstance(child.tag, str) and not _hidden(child):
                if child.tag == "li":
                    number += 1
                    self._part(child, f"{number}." if element.tag == "ol" else "-")
                elif child.tag == "br":
                    self._words.append("\n")
                elif child.tag == "table" and _is_plain_table(child):
                    self._end_block()
                    add_table(self.blocks, _rows(child))
                elif child.tag in PARTS:
                    self._part(child, "")
                else:
                    self._inside(child)
            self._words.append(child.tail or "" if kept else _single_space(child.tail))

    def _part(self, element: etree._Element, marker: str) -> None:
        self._end_block()
        if element.tag == "li":
            self._marker = marker
        self._inside(element)
        self._end_block()
        if element.tag == "li":
            self._marker = ""
        elif element.tag in ("ul", "ol"):
            self.blocks.end_list()


def read_web_page(content: bytes) -> tuple[str, str, dict[str, Any]]:
    """Return the text of a web page, its encoding, and notes for the editor.

    Where the page says which part of it is the article, the rest is left out.

    Raises:
        Unreadable: not text, or it defines entities of its own.

    """
    source, encoding = _decode_page(content)
    if re.search(r"<!ENTITY", source, re.IGNORECASE):
        raise Unreadable("foreign_parts")
    # The declaration of an encoding means bytes; these are signs already.
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(source, parser=parser)
    except etree.ParserError as error:
        raise Unreadable("no_words") from error
    notes: dict[str, Any] = {}
    for tag in ("main", "article"):
        parts = [part for part in root.iter(tag) if not _hidden(part)]
        if len(parts) == 1:
            text = WebPage().read(parts[0])
            if len(text) >= ENOUGH:
                notes["frame_left_out"] = True
                return text, encoding, notes
    body = root.find("body")
    return WebPage().read(root if body is None else body), encoding, notes


def _decode_page(content: bytes) -> tuple[str, str]:
    """Return the source of a page: a byte order mark counts most, then what the page says."""
    said = CHARSET.search(content[:4096])
    if said and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = said.group(1).decode("ascii").lower()
        # Browsers take Latin-1 for its larger brother.
        name = "cp1252" if name in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name
        try:
            text = content.decode(name)
        except (LookupError, UnicodeDecodeError, ValueError):
            return decode(content)
        if "\x00" not in text:
            return text, name
    return decode(content)


def _hidden(element: etree._Element) -> bool:
    """Say whether a browser would not show an element, or it is no text of the page."""
    return (
        element.tag in DROPPED
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role") in ("navigation", "menu", "search")
        or bool(NOT_SHOWN.search(element.get("style", "")))
    )


def _is_plain_table(table: etree._Element) -> bool:
    """Say whether a table holds facts; one with blocks inside only places them on the page."""
    return not any(
        isinstance(part.tag, str)
        and part.tag in PARTS - {"tbody", "thead", "tfoot", "tr", "td", "th", "caption"}
        for part in table.iterdescendants()
    )


def _rows(table: etree._Element) -> list[list[list[str]]]:
    captions = [[[text]] for text in map(_words, table.findall("caption")) if text]
    rows = []
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th") and not _hidden(cell)]
        rows.append([[text] for text in (_words(cell) for cell in cells) if text])
    return captions + rows


def _words(element: etree._Element) -> str:
    return WebPage().read(element).replace("\n", " ")


def _single_space(text: str | None) -> str:
    """Return text with each run of white space made one space; no-break spaces stay."""
    return re.sub(r"[ \t\n\r\f]+", " ", text) if text else ""
