"""Feeds and the calendar: what a feed reader and a calendar program are told."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree, html

from demands.feeds import MENTIONS
from demands.models import Mention
from kptracker.lib.corrections import record
from kptracker.lib.publishing import State
from statements import actions as statement_actions
from tests import factories as make

pytestmark = pytest.mark.django_db

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
ATOM = "{http://www.w3.org/2005/Atom}"
LISTS = (
    "demands",
    "mentions",
    "assessments",
    "statements",
    "meetings",
    "people",
    "organisations",
    "changes",
)


def feed(client: Client, address: str) -> Any:
    """Fetch a feed that holds to the schema of Atom."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:400]
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = etree.fromstring(answer.content)
    SCHEMA.assertValid(root)
    return root


def entries(root: Any) -> list[Any]:
    return list(root.findall(f"{ATOM}entry"))


def said(entry: Any) -> str:
    """Read an entry as a feed reader shows it."""
    return " ".join(html.fromstring(f"<div>{entry.find(f'{ATOM}content').text}</div>").itertext())


@pytest.fixture
def few(db: None) -> dict[str, Any]:
    """A demand with a changed judgement, two mentions, their statement, speaker and meeting."""
    meeting = make.MeetingFactory(slug="dubai", title="Dubai <Plenary>", title_fr="Plénière")
    statement = make.StatementFactory(
        slug="closing", title="Closing & more", meeting=meeting, kind="closing_remarks"
    )
    make.SpeakerFactory(statement=statement, person__full_name="Ama Mensah")
    make.OrganisationFactory()
    demand = make.DemandFactory(slug="widen", title="Widen the definition")
    make.MentionFactory(
        demand=demand, statement=statement, paraphrase="The definition is too narrow."
    )
    quoted = make.MentionFactory(demand=demand, kind="criticised")
    make.judge(demand, "no_movement", date="2020-05")
    make.judge(demand, "blocked", date="2023-11-10", rationale="Two objected.")
    return {"demand": demand, "meeting": meeting, "statement": statement, "quoted": quoted}


@pytest.mark.parametrize("language", ["", "/fr"])
@pytest.mark.parametrize("name", LISTS)
def test_every_feed_holds_to_the_schema_with_rows_and_without(
    client: Client, few: dict[str, Any], name: str, language: str
) -> None:
    root = feed(client, f"{language}/{name}.atom")
    assert entries(root), name
    assert root.find(f"{ATOM}link[@rel='self']").get("href").endswith(f"{language}/{name}.atom")
    ids = [one.find(f"{ATOM}id").text for one in entries(root)]
    assert len(ids) == len(set(ids))
    assert not any("/fr/" in one for one in ids), "an entry has one id in all languages"
    for one in entries(root):
        assert '="/' not in one.find(f"{ATOM}content").text, "a link that leads nowhere"
    nothing = "status=reversed" if name in ("assessments", "changes") else "q=nothing+fits+this"
    assert not entries(feed(client, f"{language}/{name}.atom?{nothing}"))


def test_a_judgement_tells_the_words_and_the_status_before_and_after(
    client: Client, few: dict[str, Any]
) -> None:
    one = entries(feed(client, "/changes.atom"))[0]
    assert one.find(f"{ATOM}title").text == "Blocked: Widen the definition"
    words = said(one)
    assert "No movement → Blocked: no consensus, since 10 November 2023" in words.replace(
        "\u00a0", " "
    )
    assert "Two objected." in words
    assert "Provisional, not confirmed by the coalition" in words
    judged = few["demand"].assessments.latest("pk")
    assert one.find(f"{ATOM}id").text.endswith(f"/a/{judged.reference}")
    told = datetime.fromisoformat(one.find(f"{ATOM}updated").text)
    assert abs((told - judged.recorded_at).total_seconds()) < 1


def test_a_demand_tells_of_its_mentions_judgements_and_corrections(
    client: Client, few: dict[str, Any]
) -> None:
    record(few["quoted"], ["speaker"], why="Somebody else spoke.", by=None)
    make.MentionFactory()  # of another demand
    found = entries(feed(client, "/demands/widen.atom"))
    assert len(found) == 5
    moments = [one.find(f"{ATOM}updated").text for one in found]
    assert moments == sorted(moments, reverse=True)
    words = "\n".join(said(one) for one in found)
    assert "The definition is too narrow." in words
    assert "In our words, after" in words, "a paraphrase says that it is none of theirs"
    assert "Somebody else spoke." in words


def test_a_list_keeps_its_filters_and_refuses_what_it_cannot_use(
    client: Client, few: dict[str, Any]
) -> None:
    make.StatementFactory(slug="speech", kind="speech")
    root = feed(client, "/statements.atom?kind=closing_remarks")
    assert [one.find(f"{ATOM}title").text for one in entries(root)] == ["Closing & more"]
    assert (
        root.find(f"{ATOM}link[@rel='alternate']")
        .get("href")
        .endswith("/statements/?kind=closing_remarks")
    )
    for query, word in (("kind=odd", "kind"), ("page=2", "page"), ("odd=1", "odd")):
        answer = client.get(f"/statements.atom?{query}")
        assert answer.status_code == 400
        assert word in answer.content.decode()
    page = client.get("/statements/?kind=closing_remarks&sort=oldest").content.decode()
    assert 'href="/statements.atom?kind=closing_remarks"' in page
    assert "feed reader" in page


def test_what_changed_last_comes_first_and_drafts_never_come(
    client: Client, few: dict[str, Any]
) -> None:
    make.DemandFactory(slug="draft", title="Not yet", state=State.DRAFT)
    other = make.DemandFactory(slug="other", title="Something else")
    first = [one.find(f"{ATOM}title").text for one in entries(feed(client, "/demands.atom"))]
    assert first[0] == "Something else"
    make.judge(few["demand"], "met", date="2024-02")
    again = [one.find(f"{ATOM}title").text for one in entries(feed(client, "/demands.atom"))]
    assert again[:2] == ["Widen the definition", "Something else"]
    assert "Not yet" not in again
    statement_actions.take_down(other, by=None, why="It was none.")
    assert "Something else" not in client.get("/demands.atom").content.decode()
    assert client.get("/demands/other.atom").status_code == 410


def test_a_withheld_speaker_is_in_no_feed(client: Client, few: dict[str, Any]) -> None:
    person = make.PersonFactory(full_name="Kofi Secret", public_name="withheld")
    make.SpeakerFactory(statement=few["statement"], person=person)
    make.MentionFactory(demand=few["demand"], statement=few["statement"], speaker=person)
    for name in (*LISTS, "demands/widen"):
        assert b"Secret" not in client.get(f"/{name}.atom").content, name


def test_signs_that_no_xml_holds_break_no_feed(client: Client, few: dict[str, Any]) -> None:
    demand = few["demand"]
    type(demand).objects.filter(pk=demand.pk).update(title="A bell \x07 rings")
    assert "A bell  rings" in [
        one.find(f"{ATOM}title").text for one in entries(feed(client, "/demands.atom"))
    ]


def test_a_feed_takes_the_same_queries_for_few_and_for_many(
    client: Client, few: dict[str, Any]
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            MENTIONS.newest(Mention.objects.public())
            for name in ("demands", "statements", "changes"):
                feed(client, f"/{name}.atom?utm_source={len(queries)}")
        return len(queries)

    before = asked()
    for _number in range(6):
        statement = make.StatementFactory()
        make.SpeakerFactory(statement=statement)
        make.judge(make.MentionFactory(statement=statement).demand, "met", date="2021")
    assert asked() == before


def test_meetings_are_a_calendar(client: Client, few: dict[str, Any]) -> None:
    make.MeetingFactory(
        slug="moscow",
        title="Moscow Plenary; all days",
        start="2021-11-08",
        end="2021-11-12",
        year=2021,
        city="Moscow",
    )
    make.MeetingFactory(slug="month", title="Some month", start="2020-05", end="", year=2020)
    off = make.MeetingFactory(slug="off", start="2020-06-01", end="", year=2020, cancelled=True)
    answer = client.get("/meetings.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(answer.content)
    events = {str(one["UID"]).partition("@")[0]: one for one in found.walk("VEVENT")}
    assert "month" not in events, "no day is known: it has no place in a calendar"
    assert "1 meeting of which no day is known is left out" in str(found["X-WR-CALDESC"])
    moscow = events["moscow"]
    assert moscow["DTSTART"].dt == date(2021, 11, 8)
    assert moscow["DTEND"].dt == date(2021, 11, 13), "the end is the first day that is free"
    assert str(moscow["SUMMARY"]) == "Moscow Plenary; all days"
    assert moscow["DTSTAMP"].dt.utcoffset() == timedelta(0)
    assert str(events[off.slug]["STATUS"]) == "CANCELLED"
    assert set(events) == {"moscow", "off", "dubai"}
    only = icalendar.Calendar.from_ical(client.get("/meetings.ics?q=moscow").content)
    assert [str(one["UID"]).partition("@")[0] for one in only.walk("VEVENT")] == ["moscow"]
    statement_actions.take_down(off, by=None, why="It never was.")
    assert b"UID:off" not in client.get("/meetings.ics").content
