"""The picture of a demand over time, the table beside it, and the choices of its page."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from demands import actions
from demands.models import Demand
from demands.record import record_of
from demands.stretches import old_times, stretches_of
from demands.timeline import Timeline, held_until, timeline_of
from tests import factories as f

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 26)


def picture(demand: Demand, **kwargs: bool) -> Timeline:
    demand.refresh_from_db()
    return timeline_of(demand, record_of(demand), held_until(TODAY), today=TODAY, **kwargs)


def page(client: Client, query: str = "", language: str = "") -> str:
    answer = client.get(f"{language}/demands/widen/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def over_time(html: str) -> str:
    """Return the part of a page that draws the time."""
    part = html[html.index('<section id="over-time"') :]
    return part[: part.index("</section>")]


def table(html: str) -> list[list[str]]:
    """Return the rows of the table beside the picture, as they are read."""
    body = over_time(html)
    body = body[body.index("<tbody>") :]
    return [
        [
            " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)
        ]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body)
    ]


def place(text: str) -> float:
    return float(text.rstrip("%"))


# --- Marks --------------------------------------------------------------------------------


def test_a_day_is_a_dot_and_a_month_or_a_year_is_as_long_as_what_is_not_known() -> None:
    demand = f.DemandFactory()
    for known in ("2010-07-01", "2012-07", "2014"):
        f.MentionFactory(demand=demand, statement=f.StatementFactory(date=known))
    day, month, year = picture(demand).marks
    whole = (TODAY - date(2000, 1, 1)).days + 1
    assert day.x1 == day.x2
    assert place(month.x2) - place(month.x1) == pytest.approx(100 * 31 / whole, abs=0.02)
    assert place(year.x2) - place(year.x1) == pytest.approx(100 * 365 / whole, abs=0.02)


def test_marks_that_would_touch_are_put_on_top_of_each_other() -> None:
    demand = f.DemandFactory()
    for known in ("2010-07-01", "2010-07-02", "2010", "2019-01-01"):
        f.MentionFactory(demand=demand, statement=f.StatementFactory(date=known))
    drawn = picture(demand)
    assert drawn.levels == 3
    levels = {str(mark.mention.statement.date): mark.y for mark in drawn.marks}
    assert len({levels["2010"], levels["2010-07-01"], levels["2010-07-02"]}) == 3
    assert levels["2019-01-01"] == max(levels.values())


def test_each_kind_of_mark_looks_different_and_leads_to_its_entry(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    for kind in ("demanded", "criticised", "welcomed"):
        f.MentionFactory(demand=demand, kind=kind, paraphrase=f"Words that were {kind}.")
    html = page(client)
    for look, words in (("asked", "asked"), ("criticised", "criticised"), ("welcomed", "welcomed")):
        link = re.search(rf'<a class="{look}" href="#(M-\d+)" aria-label="([^"]+)"', html)
        assert link
        assert link[2] == f"10 November 2023: {words}"
        assert f'<li id="{link[1]}"' in html
    assert "in our words: Words that were criticised." in over_time(html)


# --- How it stood -------------------------------------------------------------------------


def test_since_is_the_first_day_of_an_unbroken_run_alone(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    f.judge(demand, "under_discussion", date="2012-05-14")
    f.judge(demand, "blocked", date="2019-11-22")
    f.judge(demand, "blocked", date="2021-11-12")
    names = re.findall(r'<a class="s-\w+" href="#A-\d+" aria-label="([^"]+)"', page(client))
    assert names == [
        "Under discussion, 14 May 2012 to 22 November 2019 (provisional)",
        "Blocked: no consensus since 22 November 2019 (provisional)",
    ]


def test_what_the_coalition_confirms_is_solid_and_keeps_its_beginning() -> None:
    demand = f.DemandFactory()
    f.judge(demand, "no_movement", date="2012")
    f.judge(demand, "no_movement", date="2019-11-22", reviewed_by="The council")
    first, second = picture(demand).stretches
    assert (first.standing.confirmed, second.standing.confirmed) == (False, True)
    assert str(second.since) == "2012"
    actions.confirm(demand, by=None, rationale="Looked.", reviewed_by="C", on=date(2026, 3, 2))
    assert len(picture(demand).stretches) == 2


def test_a_replaced_judgement_is_not_drawn_and_a_withdrawn_one_leaves_a_gap(
    client: Client,
) -> None:
    demand = f.DemandFactory(slug="widen")
    wrong = f.judge(demand, "met", date="2010-01-05")
    right = f.judge(demand, "no_movement", date="2010-01-05", corrects=wrong)
    assert [one.judgement.pk for one in picture(demand).stretches] == [right.pk]
    f.judge(demand, "not_assessed", date="2015", corrects=right, rationale="We cannot tell.")
    f.judge(demand, "blocked", date="2018-06-01")
    stretches = stretches_of(record_of(demand).assessments)
    assert [one.standing.status for one in stretches] == ["blocked"]
    cells = table(page(client))
    assert [row[-1].split(" no longer")[0] for row in cells] == [
        "Met",
        "No movement",
        "not judged",
        "Blocked: no consensus",
    ]


def test_a_status_of_which_the_day_is_not_known_begins_with_a_doubt() -> None:
    demand = f.DemandFactory()
    f.judge(demand, "no_movement", date="2010-01-05")
    f.judge(demand, "blocked", date="2012")
    sure, vague = picture(demand).bands
    assert not sure.soft_x
    assert place(sure.x) + place(sure.width) == pytest.approx(place(vague.soft_x), abs=0.02)
    assert place(vague.soft_x) + place(vague.soft_width) == pytest.approx(place(vague.x), abs=0.02)


# --- Meetings -----------------------------------------------------------------------------


def test_meetings_without_a_text_are_hollow_and_those_to_come_are_not_drawn(
    client: Client,
) -> None:
    demand = f.DemandFactory(slug="widen")
    f.MentionFactory(demand=demand, statement=f.StatementFactory(date="2019"))
    held = f.MeetingFactory(title="Held", year=2018, start="2018-06-18", end="2018-06-22")
    f.StatementFactory(meeting=held, date="2018-06-20")
    heard_of = f.MeetingFactory(title="Heard of", year=2017, start="2017-12-10", end="2017-12-14")
    f.StatementFactory(meeting=heard_of, date="2017-12-12", text_seen="mention")
    f.StatementFactory(meeting=heard_of, date="2017-12-12", state="draft")
    f.MeetingFactory(title="To come", year=2090, start="2090-01-10", end="2090-01-12")
    f.MeetingFactory(title="Cancelled", cancelled=True)
    f.MeetingFactory(title="A forum", kind="forum")
    names = re.findall(r'<a class="(tick[^"]*)" href="[^"]+" aria-label="([^"]+)"', page(client))
    assert names == [
        ("tick no", "Heard of, 10 December 2017: no text of it in the record"),
        ("tick", "Held, 18 June 2018"),
    ]


# --- The table ----------------------------------------------------------------------------


def test_the_table_says_all_that_is_drawn_with_the_status_before_and_after(
    client: Client,
) -> None:
    demand = f.DemandFactory(slug="widen")
    meeting = f.MeetingFactory(title="Plenary A", year=2018, start="2018-11-12", end="2018-11-16")
    statement = f.StatementFactory(title="A speech", date="2018-11-14", meeting=meeting)
    f.MentionFactory(demand=demand, statement=statement)
    f.judge(demand, "under_discussion", date="2018-11-16", meeting=meeting)
    f.judge(demand, "blocked", date="2019")
    welcomed = f.StatementFactory(title="A letter", date="2020-01")
    f.MentionFactory(demand=demand, statement=welcomed, kind="welcomed")
    assert table(page(client)) == [
        ["12 to 16 November 2018", "plenary", "Plenary A", "not judged"],
        ["14 November 2018", "asked", "A speech", "not judged"],
        ["16 November 2018", "judged", "Plenary A", "not judged", "Under discussion"],
        ["2019", "judged", "", "under discussion", "Blocked: no consensus"],
        ["January 2020", "welcomed", "A letter", "blocked: no consensus"],
    ]


# --- Odd demands --------------------------------------------------------------------------


def test_what_was_never_raised_never_judged_or_is_a_position_is_drawn_as_it_is(
    client: Client,
) -> None:
    demand = f.DemandFactory(slug="widen")
    f.MeetingFactory()
    html = over_time(page(client))
    assert "<svg" not in html
    assert "nobody has judged it" in html
    assert "of 1 plenary or intersessional the record holds 0" in html
    f.judge(demand, date="2020")
    html = over_time(page(client))
    assert 'class="band"' in html
    assert "No statement that raises it is in the record." in html
    f.PositionFactory(slug="stay-out")
    stand = Demand.objects.get(slug="stay-out")
    f.MentionFactory(demand=stand)
    html = over_time(client.get("/demands/stay-out/").content.decode())
    assert "10 November 2023: declared" in html
    assert "Not assessed" not in html
    assert "Status before" not in html
    raised = f.DemandFactory(slug="raised")
    f.MentionFactory(demand=raised)
    assert "Not assessed" in over_time(client.get("/demands/raised/").content.decode())


def test_the_picture_begins_in_2000_or_where_the_demand_begins() -> None:
    demand = f.DemandFactory()
    f.MentionFactory(demand=demand, statement=f.StatementFactory(date="2012-05-14"))
    assert picture(demand).axis.first == date(2000, 1, 1)
    named = [label.words for label in picture(demand).labels if label.words]
    assert named == ["2000", "2005", "2010", "2015", "2020", "2025"]
    assert picture(demand, since_first=True).axis.first == date(2012, 1, 1)
    young = f.DemandFactory()
    f.MentionFactory(demand=young, statement=f.StatementFactory(date="2026-03"))
    named = [label.words for label in picture(young, since_first=True).labels]
    assert named == ["Jan 2026", "Apr 2026", "Jul 2026", "Oct 2026"]


# --- Choices ------------------------------------------------------------------------------


def test_one_kind_of_entry_alone_is_shown_and_the_picture_stays_whole(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    asked = f.MentionFactory(demand=demand)
    welcomed = f.MentionFactory(demand=demand, kind="welcomed")
    judged = f.judge(demand)
    html = page(client, "?show=asked&order=oldest")
    assert re.findall(r'<li id="([AM]-\d+)"', html) == [asked.reference]
    assert 'href="?order=oldest&amp;show=welcomed#record">Welcomed only</a>' in html
    for row in (welcomed, judged):
        assert f'href="/demands/widen/#{row.reference}"' in over_time(html)
    html = page(client, "?show=judged")
    assert re.findall(r'<li id="([AM]-\d+)"', html) == [judged.reference]
    assert "No entry of this kind" in page(client, "?show=criticised")


@pytest.mark.parametrize(
    "query",
    ["from=1999", "from=", "from=first&from=2000", "show=everything", "show=%00", "page=2"],
)
def test_a_choice_that_there_is_not_is_refused(client: Client, query: str) -> None:
    f.DemandFactory(slug="widen")
    assert client.get(f"/demands/widen/?{query}").status_code == 400


def test_the_picture_is_the_same_in_french_to_the_sign(client: Client) -> None:
    """A decimal comma would break it."""
    demand = f.JudgedDemandFactory(slug="widen")
    f.MentionFactory(demand=demand, statement=f.StatementFactory(date="2018"))
    places = r' (?:x\d?|cx|width)="([^"]+)"'
    english = re.findall(places, over_time(page(client)))
    assert english == re.findall(places, over_time(page(client, language="/fr")))


def test_a_judgement_is_hatched_from_when_it_was_asked_again_or_two_years_passed() -> None:
    demand = f.DemandFactory()
    for day in ("2010-03-01", "2014-06-15", "2021-02-01"):
        f.MentionFactory(demand=demand, statement=f.StatementFactory(date=day, voice="coalition"))
    f.judge(demand, "no_movement", date="2012-01-01")
    f.judge(demand, "under_discussion", date="2014-01-01")
    actions.confirm(demand, by=None, rationale="Looked at.", reviewed_by="Ama", on=date(2019, 1, 1))
    found = stretches_of(record_of(demand).assessments)
    asked = [date(2010, 3, 1), date(2014, 6, 15), date(2021, 2, 1)]
    assert [old_times(one, asked, TODAY) for one in found] == [
        [],  # judged anew within two years
        [
            (date(2014, 6, 15), date(2019, 1, 1)),  # asked again, until it was confirmed
            (date(2021, 1, 2), date(2026, 11, 27)),  # two years, before it was asked again
        ],
    ]
    drawn = picture(demand).bands
    assert [len(band.old) for band in drawn] == [0, 2]
    assert all(place(band.x) <= place(x) for band in drawn for x, _width in band.old)
