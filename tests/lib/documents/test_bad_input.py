"""Bad input: one clear sentence that names the file, says what is wrong and what to do."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from kptracker.lib.documents.reading import (
    ROOT,
    DocumentError,
    Limits,
    read_document,
    read_pasted,
)
from kptracker.lib.documents.sentences import REFUSALS
from tests.lib.documents import papers

#: No database has a part in it.
pytestmark = pytest.mark.once

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 50
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
BILLION = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
FOREIGN = f'<?xml version="1.0" encoding="UTF-16"?>{XXE}<x>&e;</x>'.encode("utf-16")


def bomb() -> bytes:
    """A DOCX of a few kilobytes that unpacks to more than 100 MB."""
    return papers.changed(papers.word("Boom"), **{"word/media/x.png": b"\x00" * 101_000_000})


def many() -> bytes:
    """A DOCX with more than a thousand members."""
    return papers.changed(papers.word("Boom"), **{f"x{n}.xml": "" for n in range(1_001)})


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("nothing.txt", lambda: b"", "empty"),
        ("blank.txt", lambda: b" \n\t\r\n ", "empty"),
        ("signs.txt", lambda: b"--- *** ---", "no_words"),
        ("blank.docx", lambda: papers.word(), "no_words"),
        ("blank.html", lambda: b"<html><body><script>x()</script></body></html>", "no_words"),
        ("cut.pdf", lambda: papers.pdf([(700, "The river mines")])[:150], "corrupt"),
        ("noise.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 20, "corrupt"),
        ("cut.docx", lambda: papers.word("Cut")[:4000], "corrupt"),
        ("broken.docx", lambda: papers.changed(papers.word("x"), **{"word/document.xml": "<w:do"}),
         "corrupt"),
        ("empty.odt", lambda: papers.archive(
            {"mimetype": "application/vnd.oasis.opendocument.text"}), "corrupt"),
        ("locked.pdf", lambda: papers.locked_pdf("secret"), "locked"),
        ("locked.odt", lambda: papers.open_text("<text:p>x</text:p>",
            manifest="<manifest:encryption-data/>"), "locked"),
        ("locked.docx", lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
         "locked"),
        ("scan.pdf", lambda: papers.pdf("q Q", "q Q"), "no_text_layer"),
        ("long.pdf", lambda: papers.pdf(*[[(700, "The river mines")]] * 500), "too_many_pages"),
        ("bomb.docx", bomb, "unpacks_too_large"),
        ("many.docx", many, "too_many_members"),
        ("xxe.docx", lambda: papers.changed(
            papers.word("x"), **{"word/document.xml": f"{XXE}<x>&e;</x>"}), "foreign_parts"),
        ("xxe16.docx", lambda: papers.changed(
            papers.word("x"), **{"word/document.xml": FOREIGN}), "foreign_parts"),
        ("xxe.odt", lambda: papers.open_text("<text:p>&e;</text:p>", before=XXE), "foreign_parts"),
        ("laughs.odt", lambda: papers.open_text("<text:p>&b;</text:p>", before=BILLION),
         "foreign_parts"),
        ("xxe.html", lambda: f"{XXE}<html><body>&e; words</body></html>".encode(),
         "foreign_parts"),
        ("nul.txt", lambda: b"The river\x00 mines", "nul"),
        ("nul16.txt", lambda: "The river\x00 mines".encode("utf-16"), "nul"),
        ("noise.txt", lambda: bytes(range(1, 256)) * 40, "binary"),
        ("half.txt", lambda: b"\xff\xfeodd", "encoding"),
        ("old.doc", lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old_word"),
        ("rich.rtf", lambda: rb"{\rtf1 The river mines}", "rtf"),
        ("photo.png", lambda: PNG, "picture"),
        ("photo.txt", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
        ("sheet.xlsx", lambda: papers.archive(
            {"[Content_Types].xml": "spreadsheetml", "xl/workbook.xml": "<x/>"}), "no_document"),
        ("all.zip", lambda: papers.archive({"a.txt": "words"}), "archive"),
        ("page.pdf", lambda: b"<html><body>403 Forbidden</body></html>", "not_what_it_says"),
        ("words.docx", lambda: b"only words", "not_what_it_says"),
        ("data.json", lambda: b'{"a": 1}', "unknown_kind"),
        ("huge.txt", lambda: b"word " * 10_000_000, "too_large"),
        ("book.txt", lambda: b"word " * 500_000, "too_much_text"),
    ],
)  # fmt: skip
def test_each_is_refused_with_a_sentence_that_names_it(
    name: str, make: Callable[[], bytes], code: str
) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(f"../{name}", make())
    sentence = str(refused.value)
    assert refused.value.code == code
    assert f"“{name}”" in sentence
    assert "%(" not in sentence
    assert "root:" not in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), (" \n ", "empty"), ("a\x00b", "nul"), ("x" * 2_000_001, "too_much_text"),
     ("?!", "no_words")],
)  # fmt: skip
def test_pasted_text_is_refused_in_the_same_way(text: str, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_pasted(text)
    assert refused.value.code == code


def test_every_sentence_can_be_said() -> None:
    """Whatever the worker answers, its details fill the sentence."""
    details = dict.fromkeys(
        ["name", "pages", "most", "members", "megabytes", "kind", "signs", "seconds", "memory"], "7"
    )
    for say in REFUSALS.values():
        assert "%" not in say() % details


def test_499_pages_are_not_too_many() -> None:
    text = read_document("long.pdf", papers.pdf(*[[(700, "The river mines")]] * 499)).text
    assert text.count("The river mines") == 499


def slow_pdf() -> bytes:
    """A small PDF that takes long to read: very many words on one page."""
    return papers.pdf("BT /F1 9 Tf 72 700 Td " + "(river) Tj 0 -1 Td " * 400_000 + "ET")


def test_what_takes_too_long_is_stopped() -> None:
    content = slow_pdf()
    begun = time.monotonic()
    with pytest.raises(DocumentError, match="more than 1 seconds") as refused:
        read_document("slow.pdf", content, limits=Limits(seconds=1))
    assert refused.value.code == "time"
    assert time.monotonic() - begun < 8
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert '"ending": "pdf", "seconds": 1,' not in left.stdout


def test_what_takes_too_much_memory_is_stopped() -> None:
    content = papers.pdf("BT /F1 9 Tf 72 700 Td " + "(river) Tj " * 2_000_000 + "ET")
    with pytest.raises(DocumentError) as refused:
        read_document("fat.pdf", content, limits=Limits(megabytes=100))
    assert refused.value.code == "memory"
    assert "100 MB" in str(refused.value)


def test_a_tight_limit_is_no_crash() -> None:
    """Even where not so much as a library can be loaded, one sentence comes back."""
    with pytest.raises(DocumentError) as refused:
        read_document("tight.docx", papers.word("x"), limits=Limits(megabytes=12))
    assert refused.value.code == "memory"


def test_the_worker_knows_no_settings_and_no_django() -> None:
    """It starts fast and has nothing to give away."""
    code = (
        "import sys, kptracker.lib.documents.worker, kptracker.lib.documents.kinds, "
        "kptracker.lib.documents.pdf, kptracker.lib.documents.word, "
        "kptracker.lib.documents.open_text, kptracker.lib.documents.web_page; "
        "print([name for name in sys.modules if name.split('.')[0] in "
        "('django', 'statements', 'demands')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_worker_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    given: dict[str, object] = {}
    run = subprocess.run

    def watch(*args, **kwargs):
        given.update(kwargs)
        return run(*args, **kwargs)

    monkeypatch.setattr(subprocess, "run", watch)
    read_document("a.txt", b"words")
    assert set(given["env"]) == {"PATH"}  # type: ignore[call-overload]
