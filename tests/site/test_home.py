"""The start page: what was asked and what became of it, each figure with the rows behind it."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demands import changes
from demands.models import Demand
from kptracker import start as home
from kptracker.start import full_years, start
from tests import factories as f
from tests.site.test_pages import main_text

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def ago(years: float) -> str:
    return (TODAY - timedelta(days=round(365.25 * years))).isoformat()


def asked(day: str, **more: Any) -> Demand:
    demand: Demand = f.DemandFactory(**more)
    f.MentionFactory(demand=demand, statement=f.StatementFactory(date=day))
    demand.refresh_from_db()
    return demand


def section(client: Client, name: str) -> str:
    """Return what a reader reads of one section, by its heading's id."""
    html = client.get("/").content.decode()
    part = html[html.index(f'<section aria-labelledby="{name}"') :]
    part = part[: part.index("</section>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).replace("\u00a0", " ").split())


def counted(client: Client, url: str) -> int:
    answer = client.get(url)
    assert answer.status_code == 200, url
    found = re.search(r'<b class="num">([\d,]+)</b>', answer.content.decode())
    assert found, url
    return int(found[1].replace(",", ""))


def check_every_figure(client: Client) -> int:
    """Follow each link with a number to the list behind it and compare; return how many."""
    html = client.get("/").content.decode()
    html = html[html.index("<main") : html.index("</main>")]
    followed = 0
    for url, inside in re.findall(
        r'<a href="(/(?:demands|statements|meetings|assessments)/(?:\?[^"]*)?)"[^>]*>(.*?)</a>',
        html,
        re.S,
    ):
        words = " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())
        number = re.search(r"\d[\d,]*", words)
        if number:
            assert counted(client, unescape(url)) == int(number[0].replace(",", "")), (url, words)
            followed += 1
    return followed


def test_an_empty_record_says_so_and_one_without_statements_stands(client: Client) -> None:
    assert "The record is empty so far." in main_text(client.get("/"))
    f.JudgedDemandFactory()
    assert client.get("/").status_code == 200
    f.MeetingFactory()
    assert client.get("/fr/").status_code == 200


def test_the_sentences_count_what_is_public_and_their_links_show_as_much(client: Client) -> None:
    original = f.StatementFactory(date="2001-04", title="The first")
    f.StatementFactory(date="2001-05", language="fr", version_of=original)
    f.StatementFactory(date="2026-05-11", title="The latest", voice="member")
    f.StatementFactory(date="2026-06", voice="individual")
    f.StatementFactory(date="2026-07", state="draft", title="Secret plan")
    f.MentionFactory(demand=f.JudgedDemandFactory(status="met"), statement=original)
    f.JudgedDemandFactory(status="partly_met", reviewed_by="The council", judged_on=ago(0.1))
    f.DemandFactory()
    f.PositionFactory()
    f.DemandFactory(state="draft", title="Secret demand")
    text = main_text(client.get("/"))
    assert "Between 2001 and 2026" in text
    assert "made 3 demands of the Kimberley Process and others, in 2 statements" in text
    assert "1 is met and 1 partly met . 1 of 2 judgements is provisional" in text
    assert "1 demand could not be judged" in text
    assert "from April 2001 to 11 May 2026" in text
    assert "Secret" not in text
    assert check_every_figure(client) >= 12


def test_most_of_them_of_the_process_is_said_only_where_it_is_so(client: Client) -> None:
    process = f.OrganisationFactory(slug="kp", kind="process")
    body = f.OrganisationFactory(slug="wgm", kind="working_body")
    state = f.OrganisationFactory(slug="a-state", kind="participant")
    hidden = f.OrganisationFactory(slug="secret", kind="working_body", state="draft")
    for bodies in ([process, body], [body], [state, hidden], [state]):
        asked("2020-05-04", addressees=bodies)
    assert "of the Kimberley Process and others" in main_text(client.get("/"))
    asked("2020-05-05", addressees=[process])
    html = client.get("/").content.decode()
    assert "most of them of the Kimberley Process" in html
    url = "/demands/?addressee=kp&addressee=wgm"
    assert f'href="{url.replace("&", "&amp;")}"' in html
    assert counted(client, url) == 3


def test_meetings_without_text_are_counted_with_the_rows_behind_them(client: Client) -> None:
    told, reported, silent = (
        f.MeetingFactory(year=year, start=f"{year}-11-04", end=f"{year}-11-08")
        for year in (2011, 2012, 2013)
    )
    f.MeetingFactory(cancelled=True)
    f.MeetingFactory(kind="coalition_meeting")
    f.MeetingFactory(year=TODAY.year + 1, start=None, end=None)
    f.StatementFactory(meeting=told, date="2011-11-05", text_seen="excerpt")
    f.StatementFactory(meeting=reported, date="2012-11-05", text_seen="press_report")
    f.StatementFactory(meeting=silent, date="2013-11-05", voice="other")
    text = main_text(client.get("/"))
    assert "for 2 of 3 plenaries and intersessionals no text of a statement was found" in text
    assert counted(client, "/meetings/?text=without&kind=plenary") == 2
    assert check_every_figure(client) >= 2


def test_still_asked_are_those_not_met_and_asked_within_three_years(client: Client) -> None:
    asked(ago(2), title="Younger")
    older = asked("2004-02", title="Older")
    f.MentionFactory(demand=older, statement=f.StatementFactory(date=ago(1)))
    f.judge(asked(ago(1), title="Got it"), "met", date=ago(0.5))
    f.judge(asked(ago(1), title="Given up"), "closed", date=ago(0.5), reason="withdrawn")
    f.judge(asked(ago(1), title="Undone"), "reversed", date=ago(0.5))
    asked(ago(4), title="Silent")
    asked(ago(5.5), title="Asleep")
    text = section(client, "longest")
    assert text.index("Older") < text.index("Younger")
    older.refresh_from_db()
    assert f"Older {full_years(older, TODAY)} years" in text
    assert "Undone" in text
    for title in ("Got it", "Given up", "Silent", "Asleep"):
        assert title not in text
    assert "3 are not met and were asked within three years" in text
    assert "1 is dormant, not raised for five years" in text
    assert check_every_figure(client) >= 4


def test_years_are_full_years_since_the_last_day_it_can_have_been_asked_first() -> None:
    demand = asked("2004-02")
    assert full_years(demand, date(2024, 2, 28)) == 19
    assert full_years(demand, date(2024, 2, 29)) == 20


def test_a_dormant_demand_says_so_in_its_row_and_on_its_page(client: Client) -> None:
    asked(ago(5.5), slug="asleep")
    asked(ago(4), slug="resting")
    f.judge(asked(ago(6), slug="done"), "met", date=ago(5.9))
    words = "dormant: not raised for five years"
    assert main_text(client.get("/demands/?activity=dormant")).count(words) == 1
    assert words in main_text(client.get("/demands/asleep/"))
    for slug in ("resting", "done"):
        assert words not in main_text(client.get(f"/demands/{slug}/"))


def test_changes_stand_by_the_day_recorded_and_confirmations_are_no_news(client: Client) -> None:
    first, second = f.DemandFactory(title="Before"), f.DemandFactory(title="After")
    f.judge(first, "blocked", date="2012-03-01", recorded_at=timezone.now() - timedelta(days=9))
    f.judge(second, "met", date="2011-03-01")
    f.judge(first, "blocked", date="2020-03-01", kind="confirmed")
    f.judge(f.DemandFactory(title="Secret", state="draft"))
    text = section(client, "changes")
    assert text.index("After") < text.index("Before")
    assert text.count("Before") == 1
    assert "as of 1 March 2012" in text
    assert "Secret" not in text
    assert "The record was loaded" not in text


def test_a_load_of_the_record_is_one_entry(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "TOGETHER", 4)
    then = timezone.now() - timedelta(days=30)
    demands = [f.DemandFactory() for _number in range(3)]
    for year in (2005, 2009):
        for demand in demands:
            f.judge(demand, "blocked", date=str(year), recorded_at=then)
    f.judge(demands[0], "blocked", date="2012", recorded_at=then + timedelta(seconds=1))
    f.judge(demands[0], "met", date=ago(0.01))
    text = section(client, "changes")
    assert "The record was loaded: 6 judgements on 3 demands . The newest among them:" in text
    assert text.count("Recorded") == 3
    assert text.count("as of") == home.CHANGES
    assert check_every_figure(client) >= 5


def test_the_next_meeting_and_the_latest_one_are_named(client: Client) -> None:
    coming = TODAY + timedelta(days=40)
    f.MeetingFactory(
        title="The next", slug="next", year=coming.year, start=coming.isoformat(), end=None
    )
    held = f.MeetingFactory(title="The latest", year=2024, start="2024-11-11", end="2024-11-15")
    f.MeetingFactory(title="Called off", year=coming.year, cancelled=True, start=None, end=None)
    for kind in ("demanded", "criticised"):
        statement = f.StatementFactory(meeting=held, date="2024-11-12")
        f.MentionFactory(statement=statement, kind=kind)
    text = section(client, "meetings")
    assert text.index("To come") < text.index("The next") < text.index("The latest")
    assert "1 demand asked there" in text
    assert "Called off" not in text
    assert 'href="/meetings/next/brief/"' in client.get("/").content.decode()
    assert client.get("/meetings/next/brief/").status_code == 200
    assert check_every_figure(client) >= 2


def test_the_same_number_of_questions_whatever_the_record() -> None:
    def add() -> None:
        f.MentionFactory(
            demand=f.JudgedDemandFactory(parent=f.DemandFactory()),
            statement=f.StatementFactory(
                speakers=[f.RoleFactory().person], meeting=f.MeetingFactory(), date=ago(1)
            ),
        )

    client = Client()
    add()
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for _n in range(12):
        add()
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(few) == len(many)
    assert len(many) <= 30


def test_nothing_ages_by_itself_on_the_day_given(client: Client) -> None:
    f.judge(asked("2020-01-10"), "blocked", date="2020-01-20")
    then, later = start(date(2021, 1, 1)), start(date(2026, 1, 1))
    assert (then.still_asked, then.dormant, then.tally.old) == (1, 0, 0)
    assert (later.still_asked, later.dormant, later.tally.old) == (0, 1, 1)
