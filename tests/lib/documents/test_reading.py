"""A document comes in: each kind is read, and what a reader of the page sees comes out."""

import hashlib

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from kptracker.lib.documents.reading import read_document, read_pasted, safe_name
from tests.lib.documents import papers

#: No database has a part in it.
pytestmark = pytest.mark.once

FRENCH = (
    "Les communautés attendent une réponse « claire » ; l’été passe, et rien n’a changé à Kono."
)
ARABIC = "نطلب من الحكومات أن تنشر نتائج المراجعة كاملة."


# --- Plain text and its encodings --------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (FRENCH.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + FRENCH.encode(), "utf-8"),
        (FRENCH.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + FRENCH.encode("utf-16-be"), "utf-16-be"),
        (FRENCH.encode("utf-16-le"), "utf-16-le"),
        (FRENCH.encode("utf-16-be"), "utf-16-be"),
        (FRENCH.encode("cp1252"), "cp1252"),
        (b"\xff\xfe\x00\x00" + FRENCH.encode("utf-32-le"), "utf-32-le"),
    ],
)
def test_french_is_read_in_every_encoding_of_today_and_yesterday(
    content: bytes, encoding: str
) -> None:
    reading = read_document("discours.txt", content)
    assert (reading.text, reading.kind, reading.encoding) == (FRENCH, "txt", encoding)


def test_arabic_of_before_unicode_is_recognised() -> None:
    text = "\n\n".join([ARABIC, "وتبقى المجتمعات المحلية تنتظر جوابا من الدول المشاركة."] * 3)
    reading = read_document("bayan.txt", text.encode("cp1256"))
    assert reading.text == text
    assert read_document("bayan.txt", text.encode()).text == text


def test_the_original_is_known_by_its_bytes() -> None:
    content = "Déclaration".encode("cp1252")
    reading = read_document("../../etc/declaration.TXT", content)
    assert reading.sha256 == hashlib.sha256(content).hexdigest()
    assert (reading.size, reading.media_type) == (len(content), "text/plain")
    assert reading.name == "declaration.TXT"


def test_pasted_text_is_read_as_it_is() -> None:
    reading = read_pasted("One line\n\nAnother\n")
    assert (reading.text, reading.kind, reading.name) == ("One line\n\nAnother\n", "pasted", "")
    assert reading.sha256 == hashlib.sha256(b"One line\n\nAnother\n").hexdigest()


# --- Word --------------------------------------------------------------------------------


def test_word_gives_paragraphs_lists_and_tables_in_order_without_headers() -> None:
    content = papers.word(
        "Remarks on the river mines",
        FRENCH,
        items=("say who owns the mine", "say who guards it"),
        table=(("Year", "Visits"), ("2019", "3")),
    )
    reading = read_document("remarks.docx", content)
    assert reading.text.split("\n\n") == [
        "Remarks on the river mines",
        FRENCH,
        "- say who owns the mine\n- say who guards it",
        "Year | Visits\n2019 | 3",
    ]
    assert reading.kind == "docx"
    assert reading.encoding == ""


def test_word_numbers_its_lists_as_it_shows_them() -> None:
    document = docx.Document()
    for text in ("Publish the reports", "Name the owners"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("That is all.")
    assert read_document("a.docx", papers.saved(document)).text == (
        "1. Publish the reports\n2. Name the owners\n\nThat is all."
    )


def test_word_reads_tracked_changes_as_accepted_and_says_so() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("We ask for ")
    for tag, text in [("ins", "<w:t>yearly</w:t>"), ("del", "<w:delText>some</w:delText>")]:
        paragraph._p.append(
            parse_xml(f"<w:{tag} {nsdecls('w')} w:id='1' w:author='A'><w:r>{text}</w:r></w:{tag}>")
        )
    paragraph.add_run(" visits")
    reading = read_document("a.docx", papers.saved(document))
    assert reading.text == "We ask for yearly visits"
    assert "tracked changes" in " ".join(reading.notes)


def test_word_reads_text_boxes_content_controls_and_links() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("See ")
    paragraph._p.append(
        parse_xml(f"<w:hyperlink {nsdecls('w')}><w:r><w:t>the report</w:t></w:r></w:hyperlink>")
    )
    box = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>"
    paragraph._p.append(
        parse_xml(box.replace("<w:r>", f"<w:r {nsdecls('w')}>", 1) + "</w:pict></w:r>")
    )
    document.element.body.insert(
        1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    text = read_document("a.docx", papers.saved(document)).text
    assert text == "See the report\n\nIn a box\n\nIn a control"


def test_word_puts_footnotes_at_the_end_and_not_into_sentences() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("The visit")
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:footnoteReference w:id='2'/></w:r>"))
    paragraph.add_run(" was put off.")
    document.add_paragraph("Nobody said why.")
    notes = (
        f"<w:footnotes {nsdecls('w')}><w:footnote w:id='2'><w:p><w:r><w:t>Twice.</w:t></w:r></w:p>"
        "</w:footnote></w:footnotes>"
    )
    content = papers.changed(papers.saved(document), **{"word/footnotes.xml": notes})
    reading = read_document("a.docx", content)
    assert reading.text == "The visit was put off.\n\nNobody said why.\n\nTwice."
    assert "footnote" in " ".join(reading.notes)


# --- OpenDocument ------------------------------------------------------------------------


def test_open_text_gives_headings_paragraphs_lists_and_tables_in_order() -> None:
    body = (
        "<text:h>Remarks</text:h>"
        "<text:p>We  ask<text:s/>for <text:span>yearly</text:span> visits<text:note>"
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>Twice put off.</text:p>"
        "</text:note-body></text:note>.<text:line-break/>We do.</text:p>"
        "<text:list><text:list-item><text:p>one</text:p></text:list-item>"
        "<text:list-item><text:p>two</text:p></text:list-item></text:list>"
        '<text:list text:style-name="N"><text:list-item><text:p>first</text:p></text:list-item>'
        "<text:list-item><text:p>second</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Year</text:p></table:table-cell>"
        "<table:table-cell><text:p>2019</text:p></table:table-cell></table:table-row></table:table>"
    )
    styles = (
        '<text:list-style style:name="N"><text:list-level-style-number text:level="1"/>'
        "</text:list-style>"
    )
    reading = read_document("remarks.odt", papers.open_text(body, styles=styles))
    assert reading.text.split("\n\n") == [
        "Remarks",
        "We ask for yearly visits.\nWe do.",
        "- one\n- two",
        "1. first\n2. second",
        "Year | 2019",
        "Twice put off.",
    ]
    assert reading.kind == "odt"


# --- Web pages ---------------------------------------------------------------------------


def test_a_web_page_gives_its_words_without_scripts_styles_and_menus() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>T</title><style>p { color: red }</style></head><body>"
        "<nav><a href='/'>Home</a></nav><script>alert('x')</script>"
        "<h1>Remarks</h1><p onclick='steal()'>We ask\n for <b>yearly</b> visits.<br>We do.</p>"
        "<ul><li>one</li><li><p>two</p></li></ul><p hidden>secret</p>"
        "<ol><li>first</li><li>second</li></ol>"
        "<table><tr><th>Year</th><td>2019</td></tr></table><noscript>Switch it on</noscript>"
        "<div>Caf&eacute; &amp; th&#233;</div></body></html>"
    )
    reading = read_document("page.html", page.encode())
    assert reading.text.split("\n\n") == [
        "Remarks",
        "We ask for yearly visits.\nWe do.",
        "- one\n- two",
        "1. first\n2. second",
        "Year | 2019",
        "Café & thé",
    ]
    assert reading.kind == "html"


def test_the_article_of_a_page_is_read_and_the_frame_left_out_and_said() -> None:
    page = f"<body><div>Donate now</div><article><p>{FRENCH * 3}</p></article></body>"
    reading = read_document("page.htm", page.encode())
    assert reading.text == FRENCH * 3
    assert "frames" in " ".join(reading.notes)


def test_a_page_is_read_in_the_encoding_that_it_names() -> None:
    page = f'<html><head><meta charset="iso-8859-1"></head><body><p>{FRENCH}</p></body></html>'
    assert read_document("page.html", page.encode("cp1252")).text == FRENCH


# --- PDF ---------------------------------------------------------------------------------


def test_a_pdf_gives_lines_in_blocks_and_pages_apart() -> None:
    content = papers.pdf(
        [(780, "River coalition"), (740, "We came with three questions and leave"),
         (726, "with the same three."), (700, "Another paragraph.")],
        [(780, "River coalition"), (740, "Thé à Kono")],
    )  # fmt: skip
    reading = read_document("remarks.pdf", content)
    assert reading.text == (
        "River coalition\n\nWe came with three questions and leave\nwith the same three.\n\n"
        "Another paragraph.\n\n\f\n\nRiver coalition\n\nThé à Kono"
    )
    assert (reading.kind, reading.media_type) == ("pdf", "application/pdf")


def test_pages_that_are_pictures_are_named() -> None:
    content = papers.pdf([(700, "A page with enough words")], "", [(700, "And the last page")])
    assert "2" in " ".join(read_document("scan.pdf", content).notes)


def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    assert "river mines" in read_document("a.pdf", papers.locked_pdf("", "owner")).text


# --- Names and kinds ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("remarks.txt", lambda: papers.pdf([(700, "The river mines again")])),
        ("remarks.doc", lambda: papers.word("The river mines again")),
        ("remarks", lambda: papers.open_text("<text:p>The river mines again</text:p>")),
        ("remarks.doc", lambda: b"<html><body><p>The river mines again</p></body></html>"),
    ],
)
def test_the_content_counts_for_more_than_the_name(name, make) -> None:
    assert read_document(name, make()).text == "The river mines again"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("/abs/olute.txt", "olute.txt"),
        ("..", "document"),
        ("", "document"),
        ("a\x00b\n\u202etxt.exe", "abtxt.exe"),
        ("Rapport  de l’été.docx", "Rapport de l’été.docx"),
        ('a<b>:"c|?*.txt', "a_b___c___.txt"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
    ],
)
def test_only_the_clean_base_name_is_kept(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(st.characters() | st.sampled_from("/\\.\x00\u202e"), max_size=300))
def test_no_name_leads_out_of_a_folder(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 120
    assert not set(safe) & set("/\\\x00\n\u202e")
    assert safe.strip(".")
    assert safe_name(safe) == safe
