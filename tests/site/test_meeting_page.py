"""A meeting's page: before, there, since; each figure leads to the rows it counts."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demands import actions
from demands.around_meeting import around
from demands.raising import raised_at
from demands.tables import DEMANDS
from statements.models import Meeting
from tests import factories as f
from tests.record_fixtures import loaded_record, record  # noqa: F401

pytestmark = pytest.mark.django_db


def page(client: Client, url: str = "/meetings/plenary/") -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def text(html: str) -> str:
    html = html[html.index("<main") : html.index("</main>")]
    words = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")
    return re.sub(r" ([.,:;)])", r"\1", " ".join(words.split()))


def links(html: str) -> list[tuple[str, int, str]]:
    """Return (address, first number in the words, words) of the links with a figure to a list."""
    found = []
    for url, words in re.findall(r'<a href="([^"]+\?[^"]+)">([^<]*?\d[^<]*)</a>', html):
        if re.match(r"(/fr)?/(demands|statements|mentions)/\?", url):
            number = re.search(r"\d+", words)
            assert number
            found.append((unescape(url), int(number[0]), words))
    parts = r'<a href="([^"]+)"><span class="status.*?</span> <span class="num">(\d+)</span></a>'
    for url, number_of_part in re.findall(parts, html):
        found.append((unescape(url), int(number_of_part), "tally"))
    return found


def demand_asked(title: str, *statements: Any, **kwargs: Any) -> Any:
    demand = f.DemandFactory(title=title)
    for statement in statements:
        f.MentionFactory(demand=demand, statement=statement, **kwargs)
    return demand


@pytest.fixture
def plenary() -> dict[str, Any]:
    """A plenary of 6 to 10 November 2023, and statements around it."""
    meeting = f.MeetingFactory(slug="plenary", title="Plenary 2023")
    return {
        "meeting": meeting,
        "there": f.StatementFactory(title="Closing", meeting=meeting, date="2023-11-10"),
        "2019": f.StatementFactory(date="2019-03"),
        "2021": f.StatementFactory(
            date="2021-06-22",
            meeting=f.MeetingFactory(year=2021, start="2021-06-21", end="2021-06-25"),
        ),
        "same month": f.StatementFactory(date="2023-11"),
        "2025": f.StatementFactory(date="2025-05-12"),
    }


def test_what_was_asked_is_told_before_there_and_since(
    client: Client, plenary: dict[str, Any]
) -> None:
    there = plenary["there"]
    often = demand_asked("Asked often", there, plenary["2019"], plenary["2021"])
    demand_asked("Asked once before", there, plenary["2019"])
    demand_asked("New there", there)
    again = demand_asked("Asked again", there, plenary["2025"])
    f.judge(often, "blocked", date="2024-05-13")
    f.judge(again, "no_movement", date="2025-11-21")
    f.judge(demand_asked("Judged there", there), "no_movement", date="2023-11-10")
    said = text(page(client))
    assert "5 demands were asked here, in 1 statement." in said
    before, rest = said.split("There 1 statement")
    assert "2 of the 5 had been asked earlier." in before
    assert "Most often before Asked often on 2 occasions since 2019" in before
    assert "Asked once before on 1 occasion, in 2019" in before
    there_part, since = rest.split(" Since ", 1)
    assert "3 demands were first found here" in there_part
    assert "First found here Asked again New there Judged there" in there_part
    assert since.startswith(
        "1 was asked again · 2 were judged since, latest first Asked again No movement 21 Nov 2025"
    )
    assert "Asked often Blocked: no consensus 13 May 2024" in since
    assert "adopted" not in said


def test_a_month_that_may_be_either_is_neither_before_nor_since(
    client: Client, plenary: dict[str, Any]
) -> None:
    demand_asked("Perhaps before", plenary["there"], plenary["same month"])
    said = text(page(client))
    assert "None of them is found earlier in the record." in said
    assert "None was asked again · none was judged since" in said
    assert "1 demand was first found here" in said


def test_a_day_of_the_same_month_is_before_even_where_the_month_goes_on(
    client: Client, plenary: dict[str, Any]
) -> None:
    early, late = f.StatementFactory(date="2023-11-02"), f.StatementFactory(date="2023-11-28")
    demand_asked("Asked all month", early, plenary["there"], late)
    said = text(page(client))
    assert "1 of the 1 had been asked earlier." in said
    assert "Asked all month first found 2 November 2023" in said
    assert "1 was asked again" in said
    assert "were first found here" not in said


def test_an_individual_and_a_draft_change_no_figure(
    client: Client, plenary: dict[str, Any]
) -> None:
    meeting = plenary["meeting"]
    own = f.StatementFactory(meeting=meeting, voice="individual", date="2023-11-09")
    mixed = demand_asked("Asked by one, criticised by all", own)
    f.MentionFactory(demand=mixed, statement=plenary["there"], kind="criticised")
    demand_asked("Own wish", own)
    demand_asked("Secret", f.StatementFactory(meeting=meeting, state="draft"))
    f.MentionFactory(demand=f.PositionFactory(), statement=plenary["there"], kind="criticised")
    html = page(client)
    said = text(html)
    assert "No demand was asked here; 1 demand was criticised, in 2 statements." in said
    assert "Criticised here, not asked Asked by one, criticised by all" in said
    assert re.search(r"Own wish.*not counted", said)
    assert "Before, there, since" not in said
    assert "Secret" not in html


def test_meetings_without_a_statement_say_why(client: Client) -> None:
    today = timezone.localdate()
    year = today.year + 1
    coming = {"slug": "coming", "year": year, "start": f"{year}-05-11", "end": f"{year}-05-15"}
    f.MeetingFactory(**coming)
    f.MeetingFactory(slug="unknown", year=year, start="", end="")
    f.MeetingFactory(slug="off", year=2020, start="", end="", cancelled=True)
    f.MeetingFactory(slug="past")
    f.MentionFactory(
        demand=f.DemandFactory(title="Still open"),
        statement=f.StatementFactory(date=f"{today.year - 1}-03"),
    )
    f.MentionFactory(
        demand=f.JudgedDemandFactory(title="Done", status="met"),
        statement=f.StatementFactory(date=f"{today.year - 1}-03"),
    )
    for slug, said in {
        "coming": "This meeting is still to come. Date 11 to 15 May",
        "unknown": "This meeting is still to come; its day is not known yet.",
        "off": "It was cancelled. No statement made for it is in the record.",
        "past": "No text of a statement made here was found. That does not mean that nothing",
    }.items():
        html = page(client, f"/meetings/{slug}/")
        assert said in text(html), slug
        assert f'href="/meetings/{slug}/brief/"' in html
        assert ("Open before it" in text(html)) is (slug in ("coming", "unknown"))
    assert re.search(
        r"first\. Still open Not assessed .*1 demand in the brief",
        text(page(client, "/meetings/coming/")),
    )
    assert "Done" not in text(page(client, "/meetings/coming/"))
    listed = page(client, "/meetings/")
    assert 'href="/meetings/coming/brief/"' in listed
    assert 'href="/meetings/past/brief/"' not in listed


def test_a_meeting_of_which_only_the_year_is_known_goes_by_its_statements(client: Client) -> None:
    meeting = f.MeetingFactory(slug="plenary", year=2020, start="", end="")
    there = f.StatementFactory(meeting=meeting, date="2020-11-12")
    demand_asked("Asked in March", there, f.StatementFactory(date="2020-03"))
    demand_asked("Some time that year", there, f.StatementFactory(date="2020"))
    said = text(page(client))
    assert "1 of the 2 had been asked earlier." in said
    assert "Asked in March first found March 2020" in said
    assert "1 demand was first found here" in said
    assert "The day of this meeting is not known: what was said elsewhere in 2020" in said


def test_meetings_lead_on_among_those_of_their_kind_too(client: Client) -> None:
    for slug, kind, month in (
        ("p1", "plenary", 1),
        ("i1", "intersessional", 2),
        ("p2", "plenary", 3),
        ("p3", "plenary", 4),
    ):
        day = f"2022-0{month}-05"
        f.MeetingFactory(slug=slug, title=slug, kind=kind, year=2022, start=day, end=day)
    f.MeetingFactory(state="draft", kind="plenary", year=2022, start="2022-02-20", end="2022-02-21")
    said = text(page(client, "/meetings/p2/"))
    assert "Meeting before i1 Meeting after p3 Before, same kind: plenary p1" in said
    assert "After, same kind" not in said  # the next one of all is it


def test_the_page_asks_the_same_number_of_questions_whatever_its_size(
    client: Client, plenary: dict[str, Any]
) -> None:
    def more(number: int) -> None:
        for n in range(number):
            demand = f.JudgedDemandFactory(judged_on="2024-02-01")
            for key in ("there", "2019", "2021", "2025"):
                f.MentionFactory(demand=demand, statement=plenary[key])
            f.StatementFactory(meeting=plenary["meeting"], date=f"2023-11-0{n + 6 if n < 4 else 9}")

    more(1)
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    more(12)
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(few) == len(many)
    assert len(many) <= 18


def test_a_renewed_judgement_counts_as_judged_since(
    client: Client, plenary: dict[str, Any]
) -> None:
    demand = demand_asked("Looked at again", plenary["there"])
    f.judge(demand, date="2023-11-10")
    actions.confirm(
        demand, by=None, rationale="Still so.", reviewed_by="The council", on=date(2025, 3, 2)
    )
    html = page(client)
    assert "1 was judged since, latest first Looked at again" in text(html)
    url = "/demands/?meeting=plenary&judged_after=plenary&sort=judged"
    assert client.get(url).context["listing"].total == 1


@pytest.mark.parametrize(
    "query", ["asked_before=nothing", "first_at=%00", "judged_after=plenary&judged_after=plenary"]
)
def test_a_list_around_no_meeting_is_refused(
    client: Client, plenary: dict[str, Any], query: str
) -> None:
    for url in (f"/demands/?{query}", f"/demands.csv?{query}"):
        assert client.get(url).status_code == 400
    assert client.get("/mentions/?before=nothing").status_code == 400


# --- The shipped record -------------------------------------------------------------------


@pytest.mark.usefixtures("record")
def test_every_figure_of_the_record_s_plenaries_equals_the_rows_behind_it(client: Client) -> None:
    checked = 0
    for slug in ("plenary-2023-victoria-falls", "plenary-2020", "csc-2024-yaounde"):
        for url, number, words in links(page(client, f"/meetings/{slug}/")):
            listing = client.get(url).context["listing"]
            if url.startswith("/mentions/"):
                rows = listing.rows.select_related("statement__meeting")
                days = {row.statement.meeting_id or str(row.statement.date)[:7] for row in rows}
                assert len(days) == number, (url, words)
            elif words.startswith("and "):
                assert listing.total > number, (url, words)
            else:
                assert listing.total == number, (url, words)
            checked += 1
    assert checked > 15


@pytest.mark.usefixtures("record")
def test_rows_at_hand_and_filters_of_lists_follow_one_rule(client: Client) -> None:
    """For every meeting of the record: what the page works out is what the lists find."""
    for meeting in Meeting.objects.public():
        raised = raised_at(meeting)
        time = around(meeting, raised)
        for query, rows in (
            ({"meeting": [meeting.slug]}, time.asked),
            ({"criticised_at": [meeting.slug]}, range(raised.criticised_count)),
            ({"first_at": [meeting.slug]}, time.first_here),
            *(
                ({"meeting": [meeting.slug], name: [meeting.slug]}, found)
                for name, found in (
                    ("asked_before", time.before),
                    ("asked_after", time.again),
                    ("judged_after", time.judged),
                )
            ),
        ):
            data = QueryDict(mutable=True)
            for name, values in query.items():
                data.setlist(name, values)
            found = DEMANDS.filters(data=data, queryset=DEMANDS.rows()).qs.count()
            assert found == len(rows), (meeting.slug, query)
