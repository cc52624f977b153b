"""The coalition's own papers, where they lie beside the repository: read, cleaned, judged.

Not one of their sentences is written here; their normal forms are known by their hashes.
"""

import re
import textwrap
import unicodedata
from pathlib import Path

import pytest

from kptracker.lib.documents.cleaning import clean, without
from kptracker.lib.documents.normal import normal_hash
from kptracker.lib.documents.reading import read_document
from kptracker.lib.documents.residue import Reason
from tests.conftest import DOCUMENTS

#: No database has a part in it.
pytestmark = pytest.mark.once

#: File -> what is proposed for removal, how many blocks are left, and the hash of the words.
PAPERS = {
    "2011-06-23-kinshasa-statement.txt": ([], 13, "1be19282"),
    "2018-06-antwerp-statement.txt": (["languages"], 4, "c709e058"),
    "2020-03-04-un-complacency.txt": (["logo", "torn"], 18, "c2ce80e6"),
    "2021-11-12-moscow-closing.txt": (["sharing"], 6, "9c5524cf"),
    "2023-11-10-victoria-falls-closing.txt": (
        ["logo", *["markup"] * 6, "torn", "link"],
        29,
        "f152d281",
    ),
}


def content_of(name: str) -> bytes:
    return (Path(DOCUMENTS) / name).read_bytes()


@pytest.mark.needs_documents
@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_comes_in_clean(name: str) -> None:
    proposed, blocks, digits = PAPERS[name]
    reading = read_document(name, content_of(name))
    cleaned = clean(reading.text)
    assert (reading.kind, reading.encoding) == ("txt", "utf-8")
    assert [one.reason.value for one in cleaned.residue] == proposed

    text = without(cleaned, range(len(cleaned.residue)))
    assert clean(text).text == text
    assert clean(text).residue == ()
    assert len(text.split("\n\n")) == blocks
    assert normal_hash(text).startswith(digits)
    assert text == unicodedata.normalize("NFC", text)
    assert not re.search(r"\*\*|\]\(|\bFollow us\b|ENG FR|^CIVIL SOCIETY$| {2}|\n{3}", text, re.M)
    assert not {sign for sign in text if unicodedata.category(sign) in ("Cf", "Cc")} - {"\n"}


@pytest.mark.needs_documents
@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_the_same_in_another_encoding_and_with_other_line_ends(name: str) -> None:
    content = content_of(name)
    other = content.decode().replace("\n", "\r\n").encode("utf-16")
    assert clean(read_document(name, other).text) == clean(read_document(name, content).text)


@pytest.mark.needs_documents
@pytest.mark.parametrize(
    "name", ["2020-03-04-un-complacency.txt", "2023-11-10-victoria-falls-closing.txt"]
)
def test_a_sentence_torn_by_a_blank_line_is_whole_once_an_editor_agrees(name: str) -> None:
    cleaned = clean(read_document(name, content_of(name)).text)
    numbers = [number for number, one in enumerate(cleaned.residue) if one.reason == Reason.TORN]
    assert len(numbers) == 1
    joined = without(cleaned, numbers)
    assert len(joined.split("\n\n")) == len(cleaned.text.split("\n\n")) - 1
    assert normal_hash(joined) == normal_hash(cleaned.text)


@pytest.mark.needs_documents
@pytest.mark.parametrize("width", [60, 72, 100])
@pytest.mark.parametrize("name", PAPERS)
def test_a_copy_with_hard_line_breaks_has_the_same_words(name: str, width: int) -> None:
    """As e-mail programs break lines, also behind the hyphens of words that have one."""
    cleaned = clean(read_document(name, content_of(name)).text)
    text = without(cleaned, range(len(cleaned.residue)))
    broken = "\n\n".join(
        "\n".join("\n".join(textwrap.wrap(line, width)) for line in block.split("\n"))
        for block in text.split("\n\n")
    )
    assert broken != text
    assert normal_hash(clean(broken).text) == normal_hash(text)
