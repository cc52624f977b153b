"""Cleaning: what is mended, what is only proposed, and what is never touched."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kptracker.lib.documents.cleaning import Cleaned, clean, without
from kptracker.lib.documents.reading import read_document
from kptracker.lib.documents.residue import Reason
from tests.lib.documents import papers

#: No database has a part in it.
pytestmark = pytest.mark.once


def taken(text: str) -> str:
    """Return the text with every proposal taken."""
    cleaned = clean(text)
    return without(cleaned, range(len(cleaned.residue)))


def reasons(text: str) -> list[tuple[Reason, str]]:
    return [(one.reason, one.text) for one in clean(text).residue]


def codes(cleaned: Cleaned) -> dict[str, int]:
    return {note.code: note.count for note in cleaned.notes}


# --- Signs -------------------------------------------------------------------------------


def test_accents_come_together_and_ligatures_apart() -> None:
    cleaned = clean("L'e\u0301te\u0301 o\ufb03ciel, e\ufb03cace et \ufb01dèle")
    assert cleaned.text == "L'été officiel, efficace et fidèle"
    assert codes(cleaned) == {"accents": 1, "ligatures": 3}


def test_only_ligatures_are_spelled_out() -> None:
    text = "x² in ½ of 5 ℅ … № 7, ① and Ⅳ"
    assert clean(text).text == text


def test_soft_hyphens_go() -> None:
    cleaned = clean("certi\u00adfi\u00adcation")
    assert (cleaned.text, codes(cleaned)) == ("certification", {"soft_hyphens": 2})


def test_what_nobody_sees_is_removed_and_reported_with_its_place() -> None:
    cleaned = clean("The \u202eriver\u202c mines\u200b are\ufeff open\u2066\u0007.")
    assert cleaned.text == "The river mines are open."
    assert codes(cleaned) == {"invisible": 6}
    words = cleaned.notes[0].words
    assert "6 invisible signs removed" in words
    assert "U+202E RIGHT-TO-LEFT OVERRIDE × 1 (“The…”)" in words


@pytest.mark.parametrize(
    "text",
    [
        "“Nous attendons”, dit-elle : « l’été passe » ; ‹ rien › n’a changé…",
        "« Une question\u202f» : 5\u00a0000 carats, 12\u00a0%",
        "نَطلُبُ مِنَ الحُكوماتِ أن تَنشُرَ «نتائج المراجعة» كاملةً؛ متى؟",
        "می\u200cخواهیم",
        "Ça déjà, œuvre — naïveté – 3–4 août",
        "👩\u200d🌾",
    ],
)
def test_what_belongs_to_a_language_is_untouched(text: str) -> None:
    cleaned = clean(text)
    assert (cleaned.text, cleaned.notes, cleaned.residue) == (text, (), ())


def test_spaces_become_single() -> None:
    assert clean("One\u00a0 two\t three\u2003four \r\n\r\n\r\n five\u00a0six").text == (
        "One two three four\n\nfive six"
    )


# --- Words and lines ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("We ask for certi-\nfication of\nmines.", "We ask for certification of mines."),
        ("We ask for certi\u00ad\nfication.", "We ask for certification."),
        # Both halves are words of the text: the hyphen was meant.
        ("Rights matter. The human-\nrights record. Every human counts.",
         "Rights matter. The human-rights record. Every human counts."),
        # Written so elsewhere.
        ("A follow-up. The follow-\nup came late.", "A follow-up. The follow-up came late."),
        # The joined word is known: the hyphen was the line's.
        ("Workplace rules. Each work-\nplace. The place of work.",
         "Workplace rules. Each workplace. The place of work."),
        ("We act with others. Go out. It was with-\nout reply.",
         "We act with others. Go out. It was without reply."),
        ("A state-owned mine and a river-\nbased trade.",
         "A state-owned mine and a river-based trade."),
        ("It is self-\nregulation.", "It is self-regulation."),
        ("Une réponse viendra peut-\nêtre.", "Une réponse viendra peut-être."),
        ("Ainsi parle-t-\nil des mines.", "Ainsi parle-t-il des mines."),
        ("Leur rôle vis-à-\nvis des mines.", "Leur rôle vis-à-vis des mines."),
        ("La gouver-\nnance des mines.", "La gouvernance des mines."),
        # A dash is no hyphen.
        ("We asked twice -\nand waited.", "We asked twice - and waited."),
    ],
)  # fmt: skip
def test_words_divided_at_a_line_end(broken: str, whole: str) -> None:
    assert clean(broken).text == whole


def test_a_mended_word_is_reported() -> None:
    cleaned = clean("We ask for certi-\nfication and self-\nregulation.")
    assert codes(cleaned) == {"hyphens_closed": 1, "hyphens_kept": 1, "line_breaks": 2}
    assert "certification" in cleaned.notes[0].words


def test_a_paragraph_that_was_broken_to_a_width_is_one_line() -> None:
    text = (
        "We came to the river towns with three questions, and we leave them with\n"
        "the same three questions. Nobody from the ministry had an answer for\n"
        "Awa Diallo, who speaks for the women of the upper river. She will come\n"
        "back.\n"
        "\n"
        "Another paragraph follows here."
    )
    assert clean(text).text == (text.replace("\n\n", "¶").replace("\n", " ").replace("¶", "\n\n"))


def test_a_quotation_broken_over_two_lines_is_whole() -> None:
    assert clean("She said: “Nobody asked us,\nand nobody will.”").text == (
        "She said: “Nobody asked us, and nobody will.”"
    )


def test_arabic_lines_are_joined_too() -> None:
    text = (
        "نطلب من الحكومات المشاركة أن تنشر نتائج المراجعة كاملة وأن تجيب\n"
        "المجتمعات المحلية عن أسئلتها قبل نهاية السنة القادمة وأن تفتح\n"
        "أبواب الاجتماعات."
    )
    assert clean(text).text == text.replace("\n", " ")


def test_paragraphs_without_blank_lines_come_apart() -> None:
    text = (
        "We came to the river towns with three questions, and we leave them with\n"
        "the same three questions.\n"
        "The ministry has promised us an answer for the end of the rains, as it did\n"
        "last year.\n"
        "Nobody believes it."
    )
    assert clean(text).text.split("\n\n") == [
        "We came to the river towns with three questions, and we leave them with "
        "the same three questions.",
        "The ministry has promised us an answer for the end of the rains, as it did last year.",
        "Nobody believes it.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "River Coalition Statement\nBamako Meeting\n3 May 2019",
        "We ask for three things:\n- yearly visits\n- open books\n- and an answer",
        "1. publish the reports\n2. name the owners",
        "a) les rapports\nb) les noms",
        "Dr. Awa Diallo\nCoordinator, River Coalition\nawa@example.org",
        "Year | Visits\n2019 | three\n2020 | none",
        "the owners of the mines;\nthe guards;\nthe ministry.",
        "Honourable Minister,\nHonourable Chairs,\nLadies and gentlemen",
    ],
)
def test_lists_headings_tables_and_signatures_keep_their_lines(text: str) -> None:
    assert clean(text).text == text


def test_an_item_that_runs_over_a_line_end_is_one_line() -> None:
    text = "- the reports of all visits since the\nfirst meeting\n- the names"
    assert clean(text).text == "- the reports of all visits since the first meeting\n- the names"


# --- Residue: proposed with a reason -----------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Follow us", Reason.SHARING),
        ("Suivez-nous sur Twitter", Reason.SHARING),
        ("Share this article", Reason.SHARING),
        ("Facebook | Twitter | LinkedIn", Reason.SHARING),
        ("Partager", Reason.SHARING),
        ("ENG / FR", Reason.LANGUAGES),
        ("English | Français | العربية", Reason.LANGUAGES),
        ("Read this in: EN FR", Reason.LANGUAGES),
        ("We use cookies to improve this site.", Reason.COOKIES),
        ("Ce site utilise des cookies.", Reason.COOKIES),
        ("Accept all", Reason.COOKIES),
        ("Lees meer over onze projecten", Reason.THIRD_LANGUAGE),
        ("Home > News > Statements", Reason.NAVIGATION),
        ("Lire la suite", Reason.NAVIGATION),
        ("Skip to content", Reason.NAVIGATION),
        ("© 2019 River Coalition", Reason.NAVIGATION),
        ("3", Reason.PAGE_NUMBER),
        ("Page 3 of 7", Reason.PAGE_NUMBER),
        ("- 3 -", Reason.PAGE_NUMBER),
        ("Page 3 sur 7", Reason.PAGE_NUMBER),
        ("3/7", Reason.PAGE_NUMBER),
        ("Logo: River Coalition", Reason.IMAGE),
        ("![Logo](logo.png)", Reason.IMAGE),
        ("header-photo.jpg", Reason.IMAGE),
        ("**RIVER\nTOWNS\nCOALITION**", Reason.LOGO),
    ],
)
def test_what_a_site_or_a_page_leaves_is_proposed_and_stays_until_taken(
    line: str, reason: Reason
) -> None:
    text = f"{line}\n\nWe ask for yearly visits to the river mines.\n\nWe have asked before."
    cleaned = clean(text)
    assert cleaned.text == text
    assert [(one.reason, one.text) for one in cleaned.residue] == [(reason, line)]
    assert str(reason.label)
    assert without(cleaned, [0]) == text.split("\n\n", 1)[1]
    assert without(cleaned, []) == text


@pytest.mark.parametrize(
    "line",
    [
        "Follow us to the river, we said, and see what the mines have left of it.",
        "We share this concern with the communities.",
        "STATEMENT OF THE RIVER COALITION",
        "STATEMENT\nRIVER COALITION",
        "In short",
        "2019",
        "12 May",
        "The French and the English texts are equal.",
        "Image and reality",
        "1. Publish the reports",
        "More information:",
        "For immediate release",
        "A conflict prevention tool?",
        "The communities demand * of * them",
        "File kp_core_document_2003 [sic] (annex)",
        "Contact: awa@example.org",
        "Search for solutions together",
        "La sociedad civil",
        "Close the mines",
    ],
)
def test_words_of_a_statement_are_not_proposed(line: str) -> None:
    assert reasons(f"{line}\n\nWe ask for yearly visits to the river mines.") == []


def test_marks_go_and_their_words_stay() -> None:
    text = (
        "# Remarks\n\nWe ask for **yearly visits** and __open books__, as *promised* in "
        '[the report](#) and [the annex](https://example.org/a_b "t"). **[Here](#)** it is.'
    )
    assert {reason for reason, _ in reasons(text)} == {Reason.MARKUP, Reason.LINK}
    assert taken(text) == (
        "Remarks\n\nWe ask for yearly visits and open books, as promised in the report and the "
        "annex. Here it is."
    )


def test_one_of_several_can_be_taken() -> None:
    cleaned = clean("We ask for **yearly visits** and **open books**.\n\nFollow us")
    assert without(cleaned, [1]) == ("We ask for **yearly visits** and open books.\n\nFollow us")
    with pytest.raises(ValueError, match="no residue"):
        without(cleaned, [3])


def test_a_line_inside_a_block_goes_without_tearing_the_block() -> None:
    text = "Dr. Awa Diallo\nFollow us\nCoordinator"
    assert taken(text) == "Dr. Awa Diallo\nCoordinator"


def test_a_torn_paragraph_is_proposed_for_joining_and_not_joined() -> None:
    text = (
        "Only with the women of the upper river, their neighbours and\n\n"
        "children can the mines be opened again."
    )
    cleaned = clean(text)
    assert cleaned.text == text
    assert [one.reason for one in cleaned.residue] == [Reason.TORN]
    assert without(cleaned, [0]) == text.replace("\n\n", " ")


@pytest.mark.parametrize(
    "text",
    [
        "Only with the women of the upper river can this be done.\n\nand so on",
        "Chers amis, chères amies de la rivière,\n\nnous venons de loin.",
        "We ask for three things on the upper river today:\n\nyearly visits",
        "- the women of the upper river, their neighbours and\n\nchildren of the lower one",
        "What the river coalition of the upper towns has asked\n\nawa@example.org",
        "Only with the women of the upper river, their neighbours and\n\nChildren first.",
    ],
)
def test_what_only_looks_torn_is_left_alone(text: str) -> None:
    assert Reason.TORN not in [reason for reason, _ in reasons(text)]


def test_a_sentence_torn_by_a_page_is_joined_over_the_page_number() -> None:
    text = (
        "Only with the women of the upper river, their neigh-\n\n- 3 -\n\n"
        "bours and children can the mines be opened again."
    )
    assert [one.reason for one in clean(text).residue] == [Reason.TORN]
    assert taken(text) == (
        "Only with the women of the upper river, their neighbours and children can the mines be "
        "opened again."
    )


def test_running_lines_of_a_pdf_are_proposed() -> None:
    page = [(790, "River Coalition - Bamako 2019")]
    content = papers.pdf(
        [*page, (740, "We came with three questions."), (60, "Page 1 of 2")],
        [*page, (740, "We leave with the same three."), (60, "Page 2 of 2")],
    )
    cleaned = clean(read_document("a.pdf", content).text)
    assert [one.reason for one in cleaned.residue] == [
        Reason.RUNNING_LINE,
        Reason.PAGE_NUMBER,
        Reason.RUNNING_LINE,
        Reason.PAGE_NUMBER,
    ]
    assert without(cleaned, range(4)) == (
        "We came with three questions.\n\nWe leave with the same three."
    )


# --- What holds for every text -----------------------------------------------------------

pieces = st.sampled_from(
    [
        "\n", "\n\n", " ", "-\n", "\u00ad\n", "\f", "\r\n", "\u00a0", "**", "__", "[x](#)", "# ",
        "- ", "– ", "1. ", "•\n", "3\n", "Page 3 of 7\n", "Follow us\n", "EN / FR\n", "certi",
        "fication", "human", "rights", "The mines of the upper river towns ", "and so they said, ",
        "KP", "Zimbabwe", "ARABE\n", "الحكومات ", "نطلب", "؟", "e\u0301", "\u0301", "\u200d",
        "\u200b", "\u202e", "ﬁ", ".", ",", ";", ":", "“", "”", "« ", " »", "5", "\u1100", "\u1161",
        "x" * 170, "\ud7b0", "|", " | ", "\uf0b7", "\u2028", "\u0378", "*", "_", "@a.b",
    ]
)  # fmt: skip
texts = st.lists(pieces | st.text(max_size=5), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once.text).text == once.text
    assert clean(text) == once


@settings(max_examples=200, deadline=None)
@given(texts, st.data())
def test_whatever_is_taken_the_rest_is_clean(text: str, data: st.DataObject) -> None:
    cleaned = clean(text)
    places = [(one.start, one.end) for one in cleaned.residue]
    assert places == sorted(places)
    for (_, end), (start, _) in zip(places, places[1:], strict=False):
        assert end <= start
    for one in cleaned.residue:
        assert cleaned.text[one.start : one.end] == one.text
        assert one.text
    chosen = [number for number in range(len(places)) if data.draw(st.booleans())]
    rest = without(cleaned, chosen)
    assert clean(rest).text == rest
    if not chosen:
        assert rest == cleaned.text


@given(st.text(st.characters(categories=["L", "M", "N"]), max_size=30))
def test_no_letter_is_lost(text: str) -> None:
    """But for those that stand for letters: accents put together, ligatures, fillers."""
    expected = unicodedata.normalize("NFC", text)
    if not set(text) & set("ﬀﬁﬂﬃﬄﬅﬆ\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"):
        assert clean(text).text == expected


@pytest.mark.once
def test_a_long_text_takes_no_time_that_grows_with_its_square() -> None:
    """Ugly texts of a hundred thousand signs; each would take minutes if it did."""
    ugly = (
        "a", "-", "*", "**a ", "[", "[a](", "_a ", "x-\n", "\u00a0", "@", "Home > ", "a.\n",
        "\u200b", "  \n", "Share, ", "x\f", "© ",
    )  # fmt: skip
    for piece in ugly:
        text = piece * (100_000 // len(piece))
        begun = time.process_time()
        clean(text)
        assert time.process_time() - begun < 8, piece
