"""The page on which a statement is read: its marks, notes, languages, choices and addresses."""

import re
import time
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from demands import marking
from demands.models import Mention, Passage
from statements import actions
from statements.models import Statement, Text
from tests import factories as f

pytestmark = pytest.mark.django_db

BODY = (
    "Friends & hosts,\n\nwe ask to widen the <b>definition</b> now.\n\n"
    "We ask to hear the people.\nAll of them.\n\nThank you."
)
BANNER = "This is our summary, not the speaker’s words."


def main(client: Client, url: str = "/statements/closing/") -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    html = str(answer.content.decode())
    return html[html.index("<main") : html.index("</main>")]


def read(html: str) -> str:
    """Return what a reader reads, white space single."""
    words = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")
    return " ".join(words.split())


def bare(html: str) -> str:
    """Return the words of a piece of HTML, exactly."""
    html = re.sub("</p><p[^>]*>", "\n\n", html.replace("<br>", "\n"))
    return unescape(re.sub(r"<sup>.*?</sup>|<[^>]+>", "", html))


def texts_in(html: str) -> list[str]:
    """Return the columns of text on a page, as HTML, in their order."""
    return re.findall(r'<div class="text[^>]*>(.*?)</div>', html, re.S)


def notes_in(html: str) -> dict[str, str]:
    """Return the notes of a page as HTML, by their number in the address."""
    found = re.findall(r'<li id="n-(\d+)" (.*?</details>.*?)</li>', html, re.S)
    return dict(found)


def statement(**more: Any) -> Statement:
    row: Statement = f.StatementFactory(**{"slug": "closing", "title": "Closing remarks", **more})
    return row


def mark(text: Text, words: str, mention: Mention | None = None, **more: Any) -> Passage:
    """Mark words of a text for a mention, a new one if none is given."""
    mention = mention or f.MentionFactory(statement=text.statement, **more)
    start = text.body.index(words)
    return marking.mark(mention, text, start, start + len(words), by=None)


# --- Marks and notes ----------------------------------------------------------------------


def test_the_words_stand_as_they_are_with_marks_on_the_exact_words(client: Client) -> None:
    text = f.TextFactory(statement=statement(), body=BODY)
    passage = mark(text, "widen the <b>definition</b>")
    over = mark(text, "now.\n\nWe ask to hear the people.\nAll")
    html = main(client)
    assert "\n\n".join(bare(one) for one in texts_in(html)) == BODY
    marks = re.findall(r'<mark[^>]*data-p="([\d ]+)">(.*?)</mark>', html, re.S)
    for one in (passage, over):
        words = "".join(bare(part) for numbers, part in marks if str(one.number) in numbers.split())
        # White space between two paragraphs has no mark.
        assert words == one.exact.replace("\n\n", "")
        # One address, on the first words; one number, after the last.
        assert html.count(f'id="p-{one.number}"') == 1
        assert len(re.findall(rf'<sup>[^/]*href="#n-{one.number}"', html)) == 1
    assert "<b>definition" not in html


def test_number_and_note_lead_to_each_other(client: Client) -> None:
    text = f.TextFactory(statement=statement(), body=BODY)
    second = mark(text, "hear the people")
    first = mark(text, "widen")
    html = main(client)
    for number, passage in enumerate((first, second), 1):
        link = f'<a href="#n-{passage.number}" aria-label="Note {number}"'
        assert link in html
        note = notes_in(html)[str(passage.number)]
        assert f'href="#p-{passage.number}" aria-label="Passage {number}">{number}</a>' in note
        assert f'id="p-{passage.number}"' in html


def test_a_note_says_how_what_who_where_it_stands_and_how_to_cite_it(client: Client) -> None:
    person = f.PersonFactory(full_name="Ama Boateng")
    row = statement(issuers=[f.OrganisationFactory(name="KP CSC")])
    text = f.TextFactory(statement=row, body=BODY)
    passage = mark(
        text,
        "widen",
        demand=f.BlockedDemandFactory(title="Widen it", slug="widen-it"),
        kind="criticised",
        speaker=person,
        paraphrase="Too narrow, they find.",
    )
    html = notes_in(main(client))[str(passage.number)]
    said = read(html)
    for fact in (
        "criticised Widen it Blocked: no consensus",
        "10 Nov 2023",
        "Ama Boateng",
        passage.mention.reference,
        "Our gist: Too narrow, they find.",
        "KP CSC, Closing remarks, 10 November 2023, in the KP Demand Tracker, "
        f"http://127.0.0.1:8000/p/{passage.reference}",
    ):
        assert fact in said
    assert 'href="/demands/widen-it/"' in html
    assert f"/m/{passage.mention.reference}" in html


def test_a_position_is_declared_and_a_speaker_of_the_whole_is_not_repeated(client: Client) -> None:
    person = f.PersonFactory(full_name="Ama Boateng")
    text = f.TextFactory(statement=statement(speakers=[person]), body=BODY)
    passage = mark(text, "widen", demand=f.PositionFactory(), speaker=person)
    said = read(notes_in(main(client))[str(passage.number)])
    assert "declared" in said
    assert "Ama Boateng" not in said


def test_several_mentions_share_a_place_and_places_overlap(client: Client) -> None:
    text = f.TextFactory(statement=statement(), body=BODY)
    one, other = mark(text, "hear the people"), mark(text, "hear the people")
    across = mark(text, "the people.\nAll")
    html = main(client)
    both = f'data-p="{one.number} {other.number}"'
    three = f'data-p="{one.number} {other.number} {across.number}"'
    assert f'id="p-{one.number}" {both}><span id="p-{other.number}">hear </span>' in html
    assert f'id="p-{across.number}" {three}>the people</mark><sup>' in html
    assert f'data-p="{across.number}">.<br>All</mark>' in html
    assert len(notes_in(html)) == 3
    assert len(re.findall(r"<sup>(<a [^>]+>\d</a> ?){2}</sup>", html)) == 1


def test_a_mention_with_several_places_has_a_note_at_each(client: Client) -> None:
    text = f.TextFactory(statement=statement(), body=BODY)
    first = mark(text, "widen")
    second = mark(text, "hear", first.mention)
    assert set(notes_in(main(client))) == {str(first.number), str(second.number)}


def test_what_has_no_place_in_the_text_stands_after_it(client: Client) -> None:
    text = f.TextFactory(statement=statement(), body=BODY)
    mark(text, "widen")
    f.MentionFactory(
        statement=text.statement, demand=f.DemandFactory(title="Elsewhere"), paraphrase="Ours."
    )
    html = main(client)
    assert "Also raised, without a place in this text" in html
    after = read(html[html.index("Also raised") :])
    assert "Elsewhere Ours. In our words, after the full text" in after
    assert "What it raises, and where each stands today" not in html


def test_notes_stand_beside_the_paragraph_in_which_the_passage_begins(client: Client) -> None:
    text = f.TextFactory(statement=statement(), body=BODY)
    first, second = mark(text, "widen"), mark(text, "All of")
    rows = main(client).split('<div class="par">')[1:]
    assert [re.findall(r'<li id="n-(\d+)"', row) for row in rows] == [
        [],
        [str(first.number)],
        [str(second.number)],
    ]
    # What follows without a note goes with the row before, so that the note has room.
    assert "Thank you." in rows[-1]


# --- What nobody may see ------------------------------------------------------------------


def test_a_draft_leaves_no_mark_no_note_and_no_gap(client: Client) -> None:
    text = f.TextFactory(statement=statement(), body=BODY)
    hidden = mark(text, "widen", demand=f.DemandFactory(state="draft", title="Secret"))
    shown = mark(text, "hear")
    html = main(client)
    assert "Secret" not in html
    assert f"p-{hidden.number}" not in html
    assert hidden.mention.reference not in html
    assert html.count("<mark") == 1
    assert f'data-p="{shown.number}">1</a>' in html
    assert client.get(f"/p/{hidden.reference}").status_code == 404
    # A text of which all marks are hidden is as one without any.
    actions.take_down(shown.mention.demand, by=None, why="An error.")
    assert "<mark" not in main(client)
    assert "reading.js" not in main(client)


def test_a_speaker_who_is_withheld_is_not_named_in_a_note(client: Client) -> None:
    text = f.TextFactory(statement=statement(), body=BODY)
    passage = mark(
        text, "widen", speaker=f.PersonFactory(full_name="Kofi Hidden", public_name="withheld")
    )
    assert "Kofi" not in main(client)
    assert str(passage.number) in notes_in(main(client))


# --- Their words and ours -----------------------------------------------------------------


def test_our_summary_says_so_and_looks_like_no_quotation(client: Client) -> None:
    row = statement(text_seen="full", document="paper.txt", source_url="https://kp.example.org/x")
    text = f.TextFactory(statement=row, kind="summary", body="They want it wider.\n\nAnd soon.")
    passage = mark(text, "want it wider", paraphrase="Wider, they say.")
    html = main(client)
    said = read(html)
    assert f"{BANNER} We hold the full text and have read it; it is not shown here." in said
    banner = re.search(r'<p class="banner">.*?</p>', html, re.S)
    assert banner
    assert 'href="https://kp.example.org/x"' in banner[0]
    assert html.index('class="banner"') < html.index('class="reading"')
    for sign in ("<mark", "<blockquote", "<q", "words", "“want", "«"):
        assert sign not in html[html.index('class="reading"') : html.index("<script src")]
    assert f'<span class="touch" id="p-{passage.number}"' in html
    assert "summarised in the KP Demand Tracker" in said
    assert "SHA-256 of our summary" in said


def test_a_summary_leads_to_the_full_text_that_we_hold(client: Client) -> None:
    row = statement()
    f.TextFactory(statement=row, kind="summary", body="In short.")
    f.TextFactory(statement=row, body=BODY)
    html = main(client, "/statements/closing/?text=summary-en")
    assert '<a href="/statements/closing/">Verbatim, English</a>' in html[: html.index("In short.")]
    assert BANNER in html


@pytest.mark.parametrize(("kind", "title"), [("verbatim", "The text"), ("excerpt", "A part of")])
def test_their_words_are_marked_as_such_with_source_copy_and_hash(
    client: Client, kind: str, title: str
) -> None:
    row = statement(
        summary="",
        summary_fr="",
        source_url="https://kp.example.org/x",
        archived_url="https://web.archive.org/x",
    )
    text = f.TextFactory(statement=row, kind=kind, body=BODY)
    mark(text, "widen")
    html = main(client)
    said = read(html)
    assert BANNER not in said
    assert title in said
    foot = html[html.index("<script src") :]
    assert text.sha256 in foot
    assert 'href="https://web.archive.org/x"' in foot
    assert 'href="https://kp.example.org/x"' in foot
    assert "Full text" in read(foot)


def test_the_gist_is_open_where_the_words_are_in_another_language(client: Client) -> None:
    text = f.TextFactory(statement=statement(), body=BODY)
    number = str(mark(text, "widen", paraphrase="Wider.", paraphrase_fr="Plus large.").number)
    folded = notes_in(main(client))[number]
    assert folded.index("<details") < folded.index("Wider.")
    opened = notes_in(main(client, "/fr/statements/closing/"))[number]
    assert opened.index("Plus large.") < opened.index("<details")


# --- Languages ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "body", "words", "direction"),
    [
        ("fr", "Nous demandons une définition plus large.", "une définition", "ltr"),
        ("ar", "نطلب توسيع التعريف الآن.", "توسيع التعريف", "rtl"),
    ],
)
def test_the_text_has_its_language_and_direction(
    client: Client, language: str, body: str, words: str, direction: str
) -> None:
    text = f.TextFactory(statement=statement(language=language), body=body, language=language)
    passage = mark(text, words)
    html = main(client)
    assert f'<div class="text words" lang="{language}" dir="{direction}">' in html
    assert f'id="p-{passage.number}" data-p="{passage.number}">{words}</mark>' in html


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "“word by word”"),
        ("fr", "«\u00a0word by word\u00a0»"),
        ("de", "“word by word”"),
        ("ar", "«word by word»"),
    ],
)
def test_a_quote_stands_in_the_quotation_marks_of_its_language(
    client: Client, language: str, shown: str
) -> None:
    text = f.TextFactory(statement=statement(), body="So word by word.", language=language)
    passage = mark(text, "word by word")
    for url in ("/mentions/", passage.mention.demand.get_absolute_url()):
        html = main(client, url)
        assert f'lang="{language}"' in html
        assert shown in html


# --- Several texts ------------------------------------------------------------------------


def test_one_chooses_among_the_texts_of_a_statement(client: Client) -> None:
    row = statement()
    f.TextFactory(statement=row, kind="summary", language="en", body="In short, ours.")
    f.TextFactory(statement=row, kind="summary", language="fr", body="En bref, à nous.")
    assert "In short, ours." in main(client)
    assert "En bref, à nous." in main(client, "/fr/statements/closing/")
    f.TextFactory(statement=row, kind="excerpt", language="fr", body="Une partie.")
    f.TextFactory(statement=row, kind="excerpt", language="en", body="A part.")
    html = main(client)
    assert "A part." in html
    assert 'href="/statements/closing/?text=summary-fr#text">Our summary, French</a>' in html
    for code, words in (
        ("excerpt-fr", "Une partie."),
        ("excerpt-en", "A part."),
        ("summary-en", "In short, ours."),
        ("", "A part."),
    ):
        page = main(client, f"/statements/closing/?text={code}")
        assert words in "".join(texts_in(page))
        assert len(texts_in(page)) == 1


@pytest.mark.parametrize(
    "query",
    [
        "text=verbatim-xx",
        "text=verbatim-en&text=verbatim-en",
        "text=%00",
        "text=1'--",
        "beside=nothing",
        "beside=closing",
        "beside=draft",
        "beside=verbatim-en",
        "beside=%ff",
        "text=verbatim-fr&beside=" + "x" * 300,
    ],
)
def test_a_text_that_there_is_not_is_refused(client: Client, query: str) -> None:
    row = statement()
    f.TextFactory(statement=row, body=BODY)
    draft = f.StatementFactory(slug="draft", version_of=row, state="draft", language="fr")
    f.TextFactory(statement=draft, body="Secret.", language="fr")
    answer = client.get(f"/statements/closing/?{query}")
    assert answer.status_code == 400
    assert b"Secret" not in answer.content


def test_two_texts_of_a_statement_stand_side_by_side_and_share_their_notes(
    client: Client,
) -> None:
    text = f.TextFactory(statement=statement(), body="One.\n\nWiden it.\n\nEnd.")
    french = f.TextFactory(statement=text.statement, body="Un.\n\nÉlargir.\n\nFin.", language="fr")
    passage = mark(text, "Widen it")
    there = mark(french, "Élargir", passage.mention)
    alone = mark(french, "Fin")
    html = main(client, "/statements/closing/?beside=verbatim-fr")
    rows = html.split('<div class="par two">')[1:]
    assert [[bare(one) for one in texts_in(row)] for row in rows] == [
        ["One.", "Un."],
        ["Widen it.", "Élargir."],
        ["End.", "Fin."],
    ]
    for language in ("en", "fr"):
        assert html.count(f'<div class="text words" lang="{language}" dir="ltr">') == 3
    notes = notes_in(html)
    assert set(notes) == {str(passage.number), str(alone.number)}
    assert f'data-p="{passage.number} {there.number}"' in html
    assert f'id="p-{there.number}" data-p="{there.number}">Élargir</mark>' in html
    assert f'href="#n-{passage.number}" aria-label="Note 1" data-p="{there.number}">1</a>' in html
    assert '<a href="/statements/closing/#text">this text alone</a>' in html
    assert 'href="/statements/closing/?beside=verbatim-fr#text">side by side with: French</a>' in (
        main(client)
    )


def test_original_and_translation_lead_to_each_other_and_stand_side_by_side(
    client: Client,
) -> None:
    original = statement()
    french = f.StatementFactory(slug="cloture", language="fr", version_of=original)
    text = f.TextFactory(statement=original, body="One.\n\nWiden it.")
    f.TextFactory(statement=french, body="Un.\n\nÉlargir. \n\nEn plus.", language="fr")
    passage = mark(text, "Widen it")
    for slug, other, first in (("closing", "cloture", "One."), ("cloture", "closing", "Un.")):
        html = main(client, f"/statements/{slug}/")
        assert f'href="/statements/{other}/"' in html
        assert f'href="/statements/{slug}/?beside={other}#text"' in html
        html = main(client, f"/statements/{slug}/?beside={other}")
        columns = texts_in(html)
        # Not as many paragraphs: text beside text.
        assert len(columns) == 2
        assert bare(columns[0]).startswith(first)
        assert str(passage.number) in notes_in(html)
        assert f'id="p-{passage.number}"' in html


# --- Leading there ------------------------------------------------------------------------


def test_a_permanent_address_leads_to_the_passage(client: Client) -> None:
    row = statement()
    summary = f.TextFactory(statement=row, kind="summary", body="They want it wider.")
    ours = mark(summary, "want it wider")
    assert client.get(f"/p/{ours.reference}")["Location"] == (
        f"/statements/closing/#p-{ours.number}"
    )
    theirs = mark(f.TextFactory(statement=row, body=BODY), "widen")
    # Now the very words come first; the summary is still found.
    for passage, query in ((theirs, ""), (ours, "?text=summary-en")):
        answer = client.get(f"/p/{passage.reference}")
        assert answer.status_code == 302
        assert answer["Location"] == f"/statements/closing/{query}#p-{passage.number}"
        page = main(client, answer["Location"].partition("#")[0])
        assert f'id="p-{passage.number}"' in page
    assert client.get("/p/P-9999").status_code == 404
    assert client.get("/p/P-99999999999999999999").status_code == 404
    assert client.get("/m/" + theirs.mention.reference)["Location"].startswith("/demands/")


def test_what_was_taken_down_says_so_at_its_address(client: Client) -> None:
    passage = mark(f.TextFactory(statement=statement(), body=BODY), "widen")
    row = passage.mention.statement
    actions.take_down(row, by=None, why="An error.")
    answer = client.get(f"/p/{passage.reference}", follow=True)
    assert answer.redirect_chain == [("/statements/closing/", 302)]
    assert answer.status_code == 410


def test_each_mention_leads_to_its_place(client: Client) -> None:
    meeting = f.MeetingFactory(slug="plenary")
    text = f.TextFactory(statement=statement(meeting=meeting), body=BODY)
    passage = mark(text, "widen", demand=f.DemandFactory(slug="widen-it"))
    without = f.MentionFactory(statement=text.statement, demand=passage.mention.demand)
    place = f'<a href="/statements/closing/#p-{passage.number}">read it in place</a>'
    for url in ("/demands/widen-it/", "/mentions/", "/meetings/plenary/"):
        html = main(client, url)
        assert html.count(place) == 1, url
    assert html.count("read it in place") == 1
    assert without.reference in main(client, "/mentions/")
    french = main(client, "/fr/demands/widen-it/")
    assert f'href="/fr/statements/closing/#p-{passage.number}"' in french


def test_a_mention_leads_to_the_words_that_are_shown_with_it(client: Client) -> None:
    row = statement()
    summary = f.TextFactory(statement=row, kind="summary", body="They want it wider.")
    ours = mark(summary, "want it wider", demand=f.DemandFactory(slug="widen-it"))
    assert f'"/statements/closing/#p-{ours.number}"' in main(client, "/demands/widen-it/")
    text = f.TextFactory(statement=row, kind="excerpt", body="So: widen it.")
    theirs = mark(text, "widen it", ours.mention)
    assert f'"/statements/closing/#p-{theirs.number}"' in main(client, "/demands/widen-it/")
    # On the page of the statement too, for what has no place in the text that is shown.
    other = mark(summary, "They")
    assert f'"/statements/closing/?text=summary-en#p-{other.number}"' in main(client)


def test_a_lost_passage_keeps_its_quote_and_leads_nowhere(client: Client) -> None:
    text = f.TextFactory(statement=statement(), body=BODY)
    passage = mark(text, "hear the people", demand=f.DemandFactory(slug="hear"))
    text.body = "Something else altogether.\n\nNo word of it is left here."
    actions.save(text, by=None)
    passage.refresh_from_db()
    assert passage.is_lost
    for url in ("/demands/hear/", "/mentions/", "/statements/closing/"):
        html = main(client, url)
        assert "“hear the people”" in html
        assert "quoted from an earlier state of the text" in html
        assert "read it in place" not in html
        assert f"#p-{passage.number}" not in html
    assert client.get(f"/p/{passage.reference}")["Location"] == "/statements/closing/"


def test_the_statement_itself_can_be_cited(client: Client) -> None:
    body = f.OrganisationFactory(name="KP CSC", name_fr="CSC du PK")
    statement(issuers=[body], title_fr="Remarques finales")
    said = read(main(client))
    assert (
        "KP CSC, Closing remarks, 10 November 2023, summarised in the KP Demand Tracker, "
        "http://127.0.0.1:8000/s/closing" in said
    )
    assert "CSC du PK, Remarques finales, 10 novembre 2023" in read(
        main(client, "/fr/statements/closing/")
    )


# --- How much it costs --------------------------------------------------------------------


def long_text(paragraphs: int) -> str:
    """Return an invented text of 50 words a paragraph."""
    line = "Nobody but the makers of tests has ever said this sentence here. " * 4
    return "\n\n".join(f"{n}. {line}" for n in range(paragraphs))


def marked_text(row: Statement, passages: int, paragraphs: int) -> Text:
    text = f.TextFactory(statement=row, body=long_text(paragraphs))
    step = len(text.body) // passages
    for n in range(passages):
        mention = f.MentionFactory(statement=row)
        marking.mark(mention, text, n * step, n * step + step // 2, by=None)
    return text


def test_the_number_of_queries_does_not_grow_with_passages(client: Client) -> None:
    statement()
    marked_text(Statement.objects.get(slug="closing"), 1, 10)
    many = f.StatementFactory(slug="many")
    marked_text(many, 200, 60)
    demand = f.DemandFactory(slug="often")
    for n in range(3):
        text = f.TextFactory(statement=f.StatementFactory(slug=f"s-{n}"), body=BODY)
        mark(text, "widen", demand=demand)
    counts = {}
    for url in ("/statements/closing/", "/statements/many/"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        counts[url] = len(queries)
    assert len(set(counts.values())) == 1, counts
    assert counts["/statements/many/"] <= 14
    for url in ("/demands/often/", "/mentions/?demand=often"):
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        text = f.TextFactory(statement=f.StatementFactory(), body=BODY)
        mark(text, "widen", demand=demand)
        with CaptureQueriesContext(connection) as more:
            client.get(url)
        assert len(few) == len(more), url


def test_a_long_text_with_sixty_passages_is_written_at_once(client: Client) -> None:
    row = statement()
    marked_text(row, 60, 60)
    client.get("/statements/closing/")
    taken = []
    for _turn in range(5):
        start = time.process_time()
        main(client)
        taken.append(time.process_time() - start)
    # Some 25 ms of work on a machine that does nothing else; templates nested in the notes
    # take ten times that.
    assert min(taken) < 0.2
