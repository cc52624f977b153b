"""Two wordings of one demand side by side: what is compared, what is marked, what is refused."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from demands import actions
from demands.comparing import difference
from demands.models import Demand, Passage
from statements import actions as statement_actions
from tests import factories as f

PAGE = "/demands/widen/compare/"


def quote(demand: Demand, date: str, words: str, language: str = "en", **kwargs: object) -> Passage:
    """Quote a demand from a text of its own; return the passage."""
    kind = kwargs.pop("text_kind", "verbatim")
    statement = f.StatementFactory(date=date, language=language, **kwargs.pop("statement", {}))  # type: ignore[call-overload]
    text = f.TextFactory(
        statement=statement, kind=kind, language=language, body=f"Dear all. {words} Thank you."
    )
    mention = f.MentionFactory(demand=demand, statement=statement, text=text, quote=words, **kwargs)
    return Passage.objects.get(mention=mention)


def page(client: Client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def text(html: str) -> str:
    html = html[html.index("<main") : html.index("</main>")]
    words = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")
    return re.sub(r" ([.,:;)])", r"\1", " ".join(words.split()))


# --- Word by word -------------------------------------------------------------------------


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["en", "fr", "ar"]))
@settings(max_examples=150, deadline=None)
def test_both_texts_can_be_rebuilt_from_their_difference(one: str, two: str, language: str) -> None:
    found = difference(one, two, language)
    assert found is not None
    assert "".join(piece.text for piece in found.earlier) == one
    assert "".join(piece.text for piece in found.later) == two

    def kept(pieces: object) -> list[str]:
        same = "".join(p.text for p in pieces if p.same)  # type: ignore[attr-defined]
        return same.casefold().replace("’", "'").split()

    assert "".join(kept(found.earlier)) == "".join(kept(found.later))


WORDS = st.lists(
    st.sampled_from(
        ["we", "ask", "for", "a", "wider", "definition", "of", "diamonds", ",", "now", "."]
    )
)


@given(WORDS, WORDS)
@settings(max_examples=100, deadline=None)
def test_texts_of_the_same_few_words_are_rebuilt_too(one: list[str], two: list[str]) -> None:
    left, right = " ".join(one), " ".join(two)
    found = difference(left, right)
    assert found is not None
    assert "".join(piece.text for piece in found.earlier) == left
    assert "".join(piece.text for piece in found.later) == right
    if one == two:
        assert found.identical


def test_capitals_and_apostrophes_make_no_difference_and_common_words_no_likeness() -> None:
    same = difference("The KP’s mandate must grow.", "the KP's mandate must grow.")
    assert same is not None
    assert same.identical
    other = difference("Stop the trade in arms", "Count all the stones by night")
    assert other is not None
    assert other.only_earlier == ["Stop the trade in arms"]
    found = difference("We ask for a wider definition.", "We ask for a much wider definition.")
    assert found is not None
    assert (found.only_earlier, found.only_later) == ([], ["much"])
    assert difference("word " * 1300, "word") is None


# --- The page -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_first_and_latest_stand_side_by_side_with_what_differs_marked(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    speaker = f.PersonFactory(full_name="Jaff Bamenjo")
    first = quote(demand, "2012-05-14", "We ask for a wider definition of all conflict diamonds.")
    quote(demand, "2018-06", "The definition is old.")
    meeting = f.MeetingFactory(title="Plenary of 2023")
    last = quote(
        demand,
        "2023-11-10",
        "We ask for a much wider definition of conflict diamonds.",
        text_kind="excerpt",
        speaker=speaker,
        kind="criticised",
        statement={"meeting": meeting, "title": "Closing remarks"},
    )
    html = page(client)
    assert "We ask for a <ins>much</ins> wider definition of conflict diamonds." in html
    assert "We ask for a wider definition of <del>all</del> conflict diamonds." in html
    said = text(html)
    assert "The earlier one: 14 May 2012" in said
    assert "The later one: 10 November 2023" in said
    assert "Word for word, from the whole text as we hold it" in said
    assert "from the part of the text that we hold. Criticised: Jaff Bamenjo for the" in said
    assert "9 of the 10 words of the earlier passage stand in the later one too." in said
    assert f"#p-{last.number}" in html
    assert f'href="/p/{first.reference}"' in html
    assert meeting.get_absolute_url() in html
    assert PAGE in client.get("/demands/widen/").content.decode()


@pytest.mark.django_db
def test_any_two_can_be_chosen_and_the_older_one_stands_first(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    one, two, three = (
        quote(demand, f"20{n}-01-02", f"Word number {n} of ours.") for n in (10, 12, 14)
    )
    html = page(client, f"?language=en&earlier={three.reference}&later={two.reference}")
    order = re.findall(r'<h2>The \w+ one: <time datetime="([^"]+)"', html)
    assert order == ["2012-01-02", "2014-01-02"]
    assert f'<option value="{one.reference}">2 January 2010, asked: “Word number' in html
    assert html.count(" selected>") == 2
    twice = page(client, f"?earlier={two.reference}&later={two.reference}")
    assert "The same passage was chosen twice" in twice
    assert "<ins>" not in twice


@pytest.mark.django_db
def test_only_quotes_of_one_language_are_compared(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    english = quote(demand, "2010", "Widen the definition.")
    quote(demand, "2011", "Élargir la définition.", "fr")
    french = quote(demand, "2013", "Élargir la définition, enfin.", "fr")
    html = page(client)
    assert 'lang="fr"' in html
    assert "<ins>, enfin</ins>" in html
    assert '<a href="?language=en">English</a> (1)' in html
    said = text(page(client, "?language=en"))
    assert "holds one word-for-word passage in English" in said
    answer = client.get(f"{PAGE}?earlier={english.reference}&later={french.reference}")
    assert answer.status_code == 400
    assert "another language" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "?language=tlh",
        "?language=",
        "?earlier=P-9999",
        "?later=%00",
        "?earlier=P-0001&earlier=P-0002",
        "?sort=best",
        "?language=en&language=fr",
    ],
)
def test_what_cannot_be_compared_is_refused(client: Client, query: str) -> None:
    demand = f.DemandFactory(slug="widen")
    for year in ("2010", "2012"):
        quote(demand, year, "Widen the definition.")
    assert client.get(PAGE + query).status_code == 400
    assert client.get(f"{PAGE}?utm_source=mail").status_code == 200


@pytest.mark.django_db
def test_without_two_quotes_the_page_says_why_and_shows_our_words_as_ours(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    assert "No statement that raises it is in the record." in text(page(client))
    for year in (2010, 2015, 2020):
        f.MentionFactory(
            demand=demand,
            statement=f.StatementFactory(date=str(year), text_seen="press_report"),
            paraphrase=f"Asked in {year}.",
        )
    html = page(client)
    said = text(html)
    assert "The record holds no passage of it word for word" in said
    assert "paraphrases of ours" in said
    assert "Asked in 2010." in said
    assert "Asked in 2020." in said
    assert "Asked in 2015." not in said
    assert "In our words, after a press report" in said
    assert "<blockquote" not in html
    assert "“" not in said
    quote(demand, "2022", "Widen it now.")
    html = page(client)
    assert "holds one word-for-word passage in English" in text(html)
    assert html.count("<blockquote") == 1
    assert client.get(f"{PAGE}?earlier=P-0001").status_code == 400


@pytest.mark.django_db
def test_words_of_drafts_summaries_and_withheld_speakers_stay_away(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    hidden = f.PersonFactory(full_name="Hidden Name", public_name="withheld")
    quote(demand, "2010", "Widen the definition.", speaker=hidden, statement={"speakers": [hidden]})
    quote(demand, "2012", "Widen the whole definition.")
    quote(demand, "2014", "Said in a draft.", statement={"state": "draft"})
    quote(demand, "2016", "Summed up by us.", text_kind="summary")
    gone = quote(demand, "2018", "Said and withdrawn.")
    statement_actions.take_down(gone.mention.statement, by=None, why="Entered twice.")
    html = page(client) + client.get("/demands/widen/").content.decode()
    for secret in ("Hidden", hidden.slug, "Said in a draft", "Said and withdrawn"):
        assert secret not in html
    assert "2 passages" in text(page(client))


@pytest.mark.django_db
def test_a_former_address_leads_to_the_comparison_and_a_taken_down_demand_is_gone(
    client: Client,
) -> None:
    demand = f.DemandFactory(slug="widen")
    demand.slug = "widen-anew"
    actions.save_demand(demand, by=None)
    answer = client.get(f"{PAGE}?language=en")
    assert answer.status_code == 301
    assert answer["Location"] == "/demands/widen-anew/compare/?language=en"
    statement_actions.take_down(demand, by=None, why="Entered twice.")
    assert client.get("/demands/widen-anew/compare/").status_code == 410


@pytest.mark.django_db
def test_the_number_of_questions_does_not_grow_with_the_quotes(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")

    def more(number: int) -> None:
        for n in range(number):
            veiled = f.PersonFactory(public_name="function_only")
            f.RoleFactory(person=veiled, start="2020")
            statement = {"speakers": [veiled], "meeting": f.MeetingFactory()}
            quote(demand, f"20{10 + n}", f"Word {n}.", speaker=veiled, statement=statement)

    more(2)
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    more(12)
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(few) == len(many)
    assert len(many) <= 10
