"""Word (.docx): paragraphs, lists and tables in their order, as the reader of the page sees them.

The XML is walked here and not by python-docx, whose paragraphs lack what was inserted under
"track changes", what stands in content controls and in text boxes; and nothing but the parts
with words is unpacked.
"""

import posixpath
import zipfile
from typing import Any

from lxml import etree

from .archives import open_archive, read_xml
from .blocks import Blocks, add_table
from .unreadable import Unreadable
from .word_lists import W, WordLists, value

RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
#: Text that is not to be read: deleted, moved away, or a second form of what was just read.
NOT_READ = {
    f"{W}del",
    f"{W}moveFrom",
    f"{W}instrText",
    f"{W}rPr",
    f"{W}pPr",
    f"{W}sdtPr",
    f"{W}txbxContent",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}br": "\n",
    f"{W}noBreakHyphen": "-",
}


class WordDocument:
    """A document of Word, while it is read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        main = _main_part(archive)
        folder = posixpath.dirname(main)
        root = read_xml(archive, main)
        body = None if root is None else root.find(f"{W}body")
        if root is None or body is None:
            raise Unreadable("corrupt")
        self.body = body
        self.lists = WordLists(
            read_xml(archive, posixpath.join(folder, "styles.xml")),
            read_xml(archive, posixpath.join(folder, "numbering.xml")),
        )
        self.footnotes = {
            kind: read_xml(archive, posixpath.join(folder, f"{kind}s.xml"))
            for kind in ("footnote", "endnote")
        }
        self.blocks = Blocks()
        self.notes: dict[str, Any] = {}
        self._notes_met: list[tuple[str, str]] = []

    def read(self) -> str:
        """Return the text: the body, then the footnotes in the order of their numbers."""
        self._read_blocks(self.body)
        self.blocks.end_list()
        for kind, number in self._notes_met:
            root = self.footnotes[kind]
            for note in () if root is None else root.findall(f"{W}{kind}"):
                if value(note, "id") == number:
                    self.notes["footnotes_at_end"] = self.notes.get("footnotes_at_end", 0) + 1
                    self._read_blocks(note)
        if any(next(self.body.iter(f"{W}{change}"), None) is not None for change in ("ins", "del")):
            self.notes["tracked_changes"] = True
        return self.blocks.text()

    def _read_blocks(self, parent: etree._Element) -> None:
        for child in parent:
            if child.tag == f"{W}p":
                self._read_paragraph(child)
            elif child.tag == f"{W}tbl":
                add_table(self.blocks, self._rows(child))
            elif child.tag not in NOT_READ:
                # Content controls, custom XML, insertions: what they hold belongs to the page.
                self._read_blocks(child)

    def _read_paragraph(self, paragraph: etree._Element) -> None:
        marker = self.lists.marker(paragraph)
        text = self._text(paragraph)
        if marker and text.strip():
            self.blocks.add_item(f"{marker} {text.strip()}")
        else:
            self.blocks.add(text)
        for box in paragraph.iter(f"{W}txbxContent"):
            if not any(parent.tag in NOT_READ for parent in box.iterancestors()):
                self._read_blocks(box)

    def _rows(self, table: etree._Element) -> list[list[list[str]]]:
        rows = []
        for row in table.iter(f"{W}tr"):
            if next(row.iterancestors(f"{W}tbl")) is not table:
                continue
            cells = [
                cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row
            ]
            rows.append([self._cell(cell) for cell in cells])
        return rows

    def _cell(self, cell: etree._Element) -> list[str]:
        """Return the paragraphs of a cell; those of a table inside it follow in their order."""
        texts = (self._text(paragraph) for paragraph in cell.iter(f"{W}p"))
        return [text for text in texts if text.strip()]

    def _text(self, element: etree._Element) -> str:
        """Return the words inside an element, tracked changes taken as accepted."""
        parts: list[str] = []
        for child in element:
            if child.tag in NOT_READ:
                continue
            if child.tag == f"{W}t":
                parts.append(child.text or "")
            elif child.tag in SIGNS:
                parts.append(SIGNS[child.tag])
            elif child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                kind = etree.QName(child).localname.removesuffix("Reference")
                self._notes_met.append((kind, value(child, "id")))
            else:
                parts.append(self._text(child))
        return "".join(parts)


def read_word(content: bytes) -> tuple[str, dict[str, Any]]:
    """Return the text of a Word document and notes for the editor; headers are left out.

    Raises:
        Unreadable: damaged, a bomb, or with parts that lie outside it.

    """
    document = WordDocument(open_archive(content))
    return document.read(), document.notes


def _main_part(archive: zipfile.ZipFile) -> str:
    """Return the name of the part that holds the text; most programs call it the same."""
    relations = read_xml(archive, "_rels/.rels")
    if relations is not None:
        for relation in relations.iter(f"{RELATIONS}Relationship"):
            if relation.get("Type", "").endswith("/officeDocument"):
                return relation.get("Target", "").lstrip("/")
    return "word/document.xml"
