"""The pages about the record: figures that equal the lists, words explained and linked."""

import re
from html import unescape

import pytest
from django.db import connection
from django.template import Context, RequestContext, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.html import linebreaks
from hypothesis import given, settings
from hypothesis import strategies as st

from demands.codes import REASONS, STATUS_ORDER
from kptracker import errors
from kptracker.lib import vocabularies
from kptracker.lib.glossary import OF_THE_PROCESS, OF_THIS_SITE
from kptracker.lib.words import Explained
from tests import factories as f
from tests.page_reading import article, html_of, rows_of, words_of

PAGES = ("", "status/", "method/", "coverage/", "words/")


# --- What was found ------------------------------------------------------------------------


@pytest.mark.django_db
def test_coverage_tells_what_is_missing_from_what_is_not_there(client: Client) -> None:
    spoken = f.MeetingFactory(title="Spoken at", year=2020, start="2020-11", end="")
    f.StatementFactory(meeting=spoken, date="2020-11-03", text_seen="full")
    f.StatementFactory(meeting=spoken, date="2020-11", text_seen="excerpt", state="draft")
    f.MeetingFactory(title="Silent", year=2022, start="2022-11", end="")
    f.MeetingFactory(title="Called off", year=2022, start="2022-05", end="", cancelled=True)
    f.MeetingFactory(title="Ahead", year=2090, start="2090", end="", kind="intersessional")
    f.MeetingFactory(title="Draft plenary", year=2022, start="2022-11", end="", state="draft")
    html = article(html_of(client, "/about/coverage/"))
    row = {
        name: words_of(re.search(rf">{name}</a>(.*?)</li>", html, re.S)[1])  # type: ignore[index]
        for name in ("Spoken at", "Silent", "Called off", "Ahead")
    }
    assert row == {
        "Spoken at": "1 full text",
        "Silent": "no statement found",
        "Called off": "not held",
        "Ahead": "still to come",
    }
    assert "Draft plenary" not in html
    text = words_of(html)
    assert "Of 2 plenaries and intersessionals held so far, no text was found of 1;" in text
    assert re.search(r"no statement was found: 20\d\d, .*2022, 2021\.", text)
    assert rows_of(client, "/meetings/?kind=plenary&kind=intersessional&text=without") == 1
    assert rows_of(client, "/statements/?seen=excerpt") == 0


@pytest.mark.django_db
def test_the_pages_ask_a_fixed_number_of_questions_and_stand_on_an_empty_record(
    client: Client,
) -> None:
    def asked() -> dict[str, int]:
        counts = {}
        for page in PAGES:
            with CaptureQueriesContext(connection) as queries:
                html_of(client, f"/about/{page}")
            counts[page] = len(queries)
        return counts

    empty = asked()
    for n in range(4):
        meeting = f.MeetingFactory(year=2010 + n, start=f"{2010 + n}-11", end="")
        statement = f.StatementFactory(meeting=meeting, date=f"{2010 + n}-11")
        f.MentionFactory(demand=f.BlockedDemandFactory(), statement=statement)
        f.JudgedDemandFactory(status="met", reviewed_by="Ama")
    assert asked() == empty
    assert max(empty.values()) <= 7


# --- What must be there -------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_status_and_reason_is_defined_with_its_sign(client: Client, language: str) -> None:
    html = html_of(client, f"{'/fr' if language == 'fr' else ''}/about/status/")
    for status in (*STATUS_ORDER, "not_applicable"):
        term = vocabularies.terms("status")[status]
        part = html[html.index(f'<div id="{status}">') :]
        part = part[: part.index("</dd>")]
        assert "<use href=" in part
        assert term.in_language(language) in unescape(part)
        assert term.definition_in(language) in unescape(part)
    for reason in {one for reasons in REASONS.values() for one in reasons}:
        part = unescape(html[html.index(f'<div id="{reason}">') :])
        assert vocabularies.terms("reason")[reason].definition_in(language) in part
    assert html.count("<h1") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_every_word_has_one_sentence_and_one_address(client: Client, prefix: str) -> None:
    html = html_of(client, f"{prefix}/about/words/")
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for word in (*OF_THE_PROCESS, *OF_THIS_SITE):
        assert word.key in ids
    assert not re.search(r"<dd>\s*</dd>", html)
    for name in ("voice", "text_seen", "title_kind", "delivered"):
        for code in vocabularies.codes(name):
            assert f"{name}-{code}" in ids  # it has a meaning


@pytest.mark.django_db
def test_the_menu_and_the_foot_lead_to_the_pages_and_say_where_the_reader_is(
    client: Client,
) -> None:
    for page in PAGES:
        html = html_of(client, f"/fr/about/{page}")
        menu = html[: html.index("<main")]
        assert re.search(r'href="/fr/about/" aria-current="(page|true)"', menu)
        assert f'href="/fr/about/{page}" aria-current="page"' in html
        assert not re.search(r"<script|<style|\sstyle=", html)
    foot = html_of(client, "/").split("<footer")[1]
    for page in PAGES:
        assert f'href="/about/{page}"' in foot


def test_error_pages_have_the_foot_and_ask_the_database_nothing(rf: RequestFactory) -> None:
    html = errors.server_error(rf.get("/somewhere/")).content.decode()
    assert 'href="/about/status/"' in html.split("<footer")[1]


# --- Words linked where they first stand --------------------------------------------------


@pytest.mark.django_db
def test_a_word_leads_to_its_explanation_once_a_page_in_either_language(client: Client) -> None:
    demand = f.JudgedDemandFactory(
        slug="widen",
        title="Put Frame7 into peer review",
        description="Frame7 & <b>Frame7</b> belong into peer review.\n\nSo said a plenary.",
        description_fr="Frame7 relève de l’examen par les pairs.",
        rationale="The plenary did not take up Frame7; it needs consensus.",
    )
    f.MentionFactory(demand=demand, paraphrase="The coalition asks for Frame7 and consensus.")
    html = html_of(client, "/demands/widen/")
    linked = re.findall(r'<a class="term" href="/about/words/#([\w-]+)">([^<]+)</a>', html)
    keys = [key for key, _words in linked]
    assert len(keys) == len(set(keys))
    of_the_process = {key: words for key, words in linked if key in {w.key for w in OF_THE_PROCESS}}
    assert of_the_process == {
        "frame7": "Frame7",
        "peer-review": "peer review",
        "plenary": "plenary",
        "consensus": "consensus",
    }
    assert {"asked", "first-found", "in-our-words"} <= set(keys)
    assert "&amp; &lt;b&gt;Frame7&lt;/b&gt; belong" in html
    # Not in the title, the paraphrases and the links.
    assert "Put Frame7 into peer review</h1>" in html
    assert "The coalition asks for Frame7 and consensus." in html
    html = html_of(client, "/fr/demands/widen/")
    assert '<a class="term" href="/fr/about/words/#peer-review">examen par les pairs</a>' in html


def shown(text: str, language: str = "en") -> str:
    row = type("Row", (), {"text": text if language == "en" else "", "text_fr": ""})()
    if language == "fr":
        row.text_fr = text
    template = Template('{% load record %}{% paragraphs row "text" %}')
    return str(template.render(Context({"row": row})))


PIECES = ["plenary", "Frame7", "KP Chair", "plénière", "examen par les pairs", "<a href=", "'", '"']
PIECES += ["&amp;", "\n", "\n\n", "\r\n", " ", "<b>", "mixed-origin certificate", "é", "\x00", ">"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=25), st.booleans())
def test_but_for_the_links_a_paragraph_reads_as_it_did(pieces: list[str], french: bool) -> None:
    text, language = " ".join(pieces), "fr" if french else "en"
    with translation.override(language):
        written = shown(text, language)
    link = r'<a class="term" href="(?:/fr)?/about/words/#[\w-]+">([^<>"]*)</a>'
    assert re.sub(link, r"\1", written) == (linebreaks(text, autoescape=True) if text else "")


def test_words_are_found_whole_and_the_longer_ones_first() -> None:
    with translation.override("en"):
        written = shown("A plenary-like mixed-origin certificate, no replenary; a KP CHAIR’s.")
    assert re.findall(r"#([\w-]+)\"", written) == ["mixed-origin", "kp-chair"]
    assert "A plenary-like" in written


def test_a_label_is_escaped_and_shared_by_includes_of_a_page() -> None:
    template = Template('{% load record %}{% term "sure" %}{{ x }}{% endterm %}')
    again = Template("{% load record %}{% include other %}|{% include other %}")
    context = RequestContext(RequestFactory().get("/"), {"x": "<i>", "other": template})
    first, second = again.render(context).split("|")
    assert first == '<a class="term" href="/about/words/#sure">&lt;i&gt;</a>'
    assert second == "&lt;i&gt;"


@pytest.mark.parametrize(
    ("language", "text", "keys"),
    [
        ("en", "It asks participants and observers for review missions.", 3),
        ("en", "Local observers met the participants of a workshop.", 0),
        ("fr", "La coalition demande aux participants des missions d’examen.", 2),
        ("fr", "Des observateurs indépendants en doutent.", 0),
    ],
)
def test_only_those_of_the_process_are_meant(language: str, text: str, keys: int) -> None:
    assert Explained().prose(text, language).count("<a ") == keys
