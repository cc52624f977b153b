"""OpenDocument text (.odt): paragraphs, lists and tables in their order."""

from typing import Any

from lxml import etree

from .archives import open_archive, read_xml
from .blocks import Blocks, add_table
from .unreadable import Unreadable

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
PARAGRAPHS = {f"{TEXT}p", f"{TEXT}h"}
#: What holds text that is not to be read: deleted words, remarks, counters.
NOT_READ = {
    f"{TEXT}tracked-changes",
    f"{OFFICE}annotation",
    f"{OFFICE}forms",
    f"{TEXT}sequence-decls",
    f"{TEXT}note-citation",
}


class OpenText:
    """An OpenDocument text, while it is read."""

    def __init__(self, root: etree._Element) -> None:
        body = root.find(f"{OFFICE}body/{OFFICE}text")
        if body is None:
            raise Unreadable("corrupt")
        self.body = body
        self.blocks = Blocks()
        self.notes: dict[str, Any] = {}
        self._footnotes: list[etree._Element] = []
        self._numbered = {
            style.get(f"{STYLE}name", "")
            for style in root.iter(f"{TEXT}list-style")
            if len(style) and style[0].tag == f"{TEXT}list-level-style-number"
        }

    def read(self) -> str:
        """Return the text: the body, then the footnotes in their order."""
        self._read_blocks(self.body)
        self.blocks.end_list()
        for note in self._footnotes:
            self.notes["footnotes_at_end"] = self.notes.get("footnotes_at_end", 0) + 1
            self._read_blocks(note)
        if self.body.find(f"{TEXT}tracked-changes") is not None:
            self.notes["tracked_changes"] = True
        return self.blocks.text()

    def _read_blocks(self, parent: etree._Element) -> None:
        for child in parent:
            if child.tag in NOT_READ:
                continue
            if child.tag in PARAGRAPHS:
                self.blocks.add(self._text(child))
                self._read_boxes(child)
            elif child.tag == f"{TEXT}list":
                self._read_list(child, self._is_numbered(child))
                self.blocks.end_list()
            elif child.tag == f"{TABLE}table":
                add_table(self.blocks, self._rows(child))
            else:
                self._read_blocks(child)

    def _read_boxes(self, paragraph: etree._Element) -> None:
        """Read what stands in frames that hang on a paragraph: after it."""
        for box in paragraph.iter(f"{DRAW}text-box"):
            if next(box.iterancestors(f"{DRAW}text-box"), None) is None:
                self._read_blocks(box)

    def _is_numbered(self, listing: etree._Element) -> bool:
        return listing.get(f"{TEXT}style-name", "") in self._numbered

    def _read_list(self, listing: etree._Element, numbered: bool) -> None:
        number = 0
        for item in listing:
            if item.tag != f"{TEXT}list-item":
                self._read_blocks(item)
                continue
            number += 1
            marker = f"{number}." if numbered else "-"
            for child in item:
                if child.tag == f"{TEXT}list":
                    self._read_list(child, self._is_numbered(child) or numbered)
                elif child.tag in PARAGRAPHS:
                    words = self._text(child).strip()
                    self.blocks.add_item(f"{marker} {words}" if words else "")
                    self._read_boxes(child)
                else:
                    self._read_blocks(child)

    def _rows(self, table: etree._Element) -> list[list[list[str]]]:
        rows = []
        for row in table.iter(f"{TABLE}table-row"):
            if next(row.iterancestors(f"{TABLE}table")) is table:
                cells = row.findall(f"{TABLE}table-cell")
                rows.append([self._cell(cell) for cell in cells])
        return rows

    def _cell(self, cell: etree._Element) -> list[str]:
        texts = (self._text(child) for child in cell.iter(*PARAGRAPHS))
        return [text for text in texts if text.strip()]

    def _text(self, element: etree._Element) -> str:
        """Return the words of a paragraph. White space counts as one space, as the format says."""
        parts = [_single_space(element.text)]
        for child in element:
            if child.tag == f"{TEXT}s":
                parts.append(" ")
            elif child.tag == f"{TEXT}tab":
                parts.append("\t")
            elif child.tag == f"{TEXT}line-break":
                parts.append("\n")
            elif child.tag == f"{TEXT}note":
                self._footnotes.extend(child.findall(f"{TEXT}note-body"))
            elif child.tag not in NOT_READ and child.tag != f"{DRAW}text-box":
                parts.append(self._text(child))
            parts.append(_single_space(child.tail))
        return "".join(parts)


def read_open_text(content: bytes) -> tuple[str, dict[str, Any]]:
    """Return the text of an OpenDocument text and notes for the editor; headers are left out.

    Raises:
        Unreadable: damaged, locked, a bomb, or with parts that lie outside it.

    """
    archive = open_archive(content)
    manifest = read_xml(archive, "META-INF/manifest.xml")
    if manifest is not None and any(
        isinstance(part.tag, str) and part.tag.endswith("}encryption-data")
        for part in manifest.iter()
    ):
        raise Unreadable("locked")
    root = read_xml(archive, "content.xml")
    if root is None:
        raise Unreadable("corrupt")
    document = OpenText(root)
    return document.read(), document.notes


def _single_space(text: str | None) -> str:
    """Return text with each run of white space made one space, also at its ends."""
    if not text:
        return ""
    words = " ".join(text.split(None))
    before = " " if text[0].isspace() else ""
    after = " " if words and text[-1].isspace() else ""
    return f"{before}{words}{after}"
