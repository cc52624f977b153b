"""The strip in a demand's row: what it draws, what it says, and what it costs."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from demands.models import Demand
from demands.strips import Strip, strips_of
from tests import factories as f

pytestmark = pytest.mark.django_db

AT = date(2020, 6, 1)


def raise_it(demand: Demand, day: str, kind: str = "demanded", **statement: Any) -> None:
    row = f.StatementFactory(date=day, **statement)
    f.MentionFactory(demand=demand, statement=row, kind=kind)


def strip(demand: Demand, at: date = AT) -> Strip:
    demand.refresh_from_db()
    return strips_of([demand], at)[demand.pk]


def looks(found: Strip) -> dict[int, tuple[str, str]]:
    return {year: (one.status, one.css) for year, one in found.stood.items()}


def test_occasions_count_by_year_and_criticism_stands_beside_them() -> None:
    demand = f.DemandFactory()
    meeting = f.MeetingFactory(year=2012, start="2012-11-26", end="2012-11-30")
    for day in ("2012-11-27", "2012-11-29"):
        raise_it(demand, day, meeting=meeting)  # one meeting is one occasion
    raise_it(demand, "2012-03-05", voice="member")
    raise_it(demand, "2013-01-08", "criticised")
    raise_it(demand, "2014-01-08", "welcomed")
    raise_it(demand, "2014-02-08", voice="individual")
    found = strip(demand)
    assert found.asked == {2012: 2}
    assert found.criticised == {2013: 1}
    assert (found.years.first, found.years.last, found.width) == (2012, 2014, 30)
    assert found.asked_path == "M3 20v-10"
    assert found.criticised_path == "M17 20v-5"
    assert found.words == "Asked in 2012 (2 ×). Criticised in 2013."


def test_a_year_without_text_is_hatched_and_one_with_text_is_not() -> None:
    demand = f.DemandFactory()
    raise_it(demand, "2010-05-01")
    f.StatementFactory(date="2011-05-01", text_seen="excerpt")
    f.StatementFactory(date="2012-05-01", text_seen="press_report")
    f.StatementFactory(date="2013-05-01", voice="other")
    f.StatementFactory(date="2014-05-01", state="draft")
    raise_it(demand, "2015-05-01")
    found = strip(demand)
    assert found.years.untold == {2012, 2013, 2014}
    assert found.untold_path.startswith("M20 0h9v20h-9z")
    assert "No text in the record: 2012, 2013, 2014." in found.words


def test_it_stood_as_judged_since_thick_where_judged_and_thin_while_unchanged() -> None:
    demand = f.DemandFactory()
    raise_it(demand, "2010-05-01")
    f.StatementFactory(date="2018-05-01")
    f.judge(demand, "under_discussion", date="2011")
    f.judge(demand, "blocked", date="2011-11-11")
    wrong = f.judge(demand, "partly_met", date="2013-06")
    f.judge(demand, "no_movement", date="2013-07-01", corrects=wrong)
    assert looks(strip(demand)) == {
        2011: ("under_discussion", "judged"),  # known to the year: it may be the later one
        2012: ("under_discussion", "kept"),
        2013: ("no_movement", "judged"),
        2014: ("no_movement", "kept"),
        **dict.fromkeys(range(2015, 2019), ("no_movement", "kept old")),
    }
    lines = {(line.css, line.sign): line.path for line in strip(demand).lines}
    assert lines["judged", "none"] == "M30 25h9"
    assert lines["kept old", "none"] == "M49 25h40"
    assert (
        strip(demand)
        .words.removeprefix("Asked in 2010. ")
        .startswith("Judged under discussion from 2011, no movement from 2013.")
    )


def test_a_judgement_is_old_from_the_year_in_which_it_was_asked_again() -> None:
    demand = f.DemandFactory()
    raise_it(demand, "2017-05-01")
    f.judge(demand, "blocked", reason="refused", date="2018-03-01")
    raise_it(demand, "2019-05-01")
    f.StatementFactory(date="2020-02-01")
    assert looks(strip(demand)) == {
        2018: ("blocked", "judged"),
        2019: ("blocked", "kept old"),
        2020: ("blocked", "kept old"),
    }
    assert "blocked: refused from 2018" in strip(demand).words
    f.judge(demand, "blocked", reason="refused", date="2020-04-01", kind="confirmed")
    assert looks(strip(demand))[2020] == ("blocked", "judged")


def test_a_judgement_withdrawn_ends_and_a_position_is_declared_and_not_judged() -> None:
    demand = f.DemandFactory()
    raise_it(demand, "2017-05-01")
    judged = f.judge(demand, "no_movement", date="2017-06-01")
    f.judge(demand, "not_assessed", date="2018-06-01", corrects=judged)
    position = f.PositionFactory()
    raise_it(position, "2018-05-01")
    assert strip(demand).stood == {}
    assert strip(position).words == "Declared in 2018."
    never = f.DemandFactory()
    assert strip(never).words == "Never raised, as far as the record shows."


def test_nothing_published_gives_no_strip_and_a_draft_no_bar() -> None:
    demand = f.DemandFactory()
    assert strips_of([demand]) == {}
    assert strips_of([]) == {}
    raise_it(demand, "2016-05-01", state="draft")
    f.StatementFactory(date="2015-05-01")
    assert (strip(demand).asked, strip(demand).years.last) == ({}, 2015)


def test_three_queries_however_many_demands_there_are() -> None:
    demands = [f.DemandFactory() for _number in range(9)]
    for demand in demands:
        raise_it(demand, "2016-05-01")
        f.judge(demand, date="2017")
    for some in (demands[:2], demands):
        with CaptureQueriesContext(connection) as queries:
            strips_of(some)
        assert len(queries) == 3


def test_it_stands_in_the_rows_of_the_list_and_of_an_organisation(client: Client) -> None:
    body = f.OrganisationFactory(slug="kp")
    demand = f.DemandFactory(addressees=[body])
    raise_it(demand, "2011-05-01")
    raise_it(demand, "2013-05-01", "criticised")
    f.judge(demand, "blocked", date="2012-05-01")
    for url in ("/demands/", "/organisations/kp/", "/"):
        html = client.get(url).content.decode()
        drawn = re.findall(r'<svg class="strip".*?</svg>', html, re.S)
        assert len(drawn) == 1, url
        label = unescape(re.search(r'aria-label="([^"]*)"', drawn[0])[1])  # type: ignore[index]
        assert label.startswith("Asked in 2011. Criticised in 2013. Judged blocked: no")
        assert '<path class="judged s-blocked" d="M10 25h9"/>' in drawn[0]
        assert "no text from that year in the record" in html
        head = re.search(r'<th scope="col" class="w">(.*?)</th>', html)
        assert head
        assert re.findall(r"\d{4}", head[1]) == ["2011", "2013"]
