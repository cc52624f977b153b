"""The tally: where demands stand, each number with the rows behind it."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demands.models import Demand
from demands.tallying import tally_of
from tests import factories as f

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> str:
    return (timezone.localdate() - timedelta(days=days)).isoformat()


@pytest.fixture
def demands() -> None:
    """One or more of each look, under one theme but for the last."""
    theme = f.ThemeFactory(slug="reform")
    for status, more in (
        ("met", {"judged_on": "2003"}),
        ("met", {"judged_on": days_ago(20), "reviewed_by": "The coordinator"}),
        ("blocked", {"judged_on": days_ago(30), "reason": "refused"}),
        ("blocked", {"judged_on": days_ago(800)}),
        ("blocked", {"judged_on": days_ago(30)}),
        ("closed", {"judged_on": "2013", "reason": "failed"}),
        ("closed", {"judged_on": "2013", "reviewed_by": "The coordinator"}),
    ):
        f.JudgedDemandFactory(theme=theme, status=status, **more)
    again = f.JudgedDemandFactory(theme=theme, judged_on=days_ago(60))
    f.MentionFactory(demand=again, statement=f.StatementFactory(date=days_ago(5)))
    outcome = f.DemandFactory(theme=theme)
    f.judge(outcome, "met", date=days_ago(9), brought_about_by="another_body")
    f.DemandFactory(theme=theme)
    f.PositionFactory(theme=theme)
    f.DemandFactory(theme=theme, state="draft")
    f.DemandFactory()


def of_theme() -> "list[Demand]":
    return list(Demand.objects.public().filter(theme__slug="reform"))


def drawn(query: str | None, rows: object) -> str:
    code = "{% load charts %}{% tally rows query %}"
    return Template(code).render(Context({"rows": rows, "query": query}))


def test_confirmed_provisional_and_old_are_counted_apart(demands: None) -> None:
    tally = tally_of(Demand.objects.public().filter(theme__slug="reform"))
    assert (tally.total, tally.judged, tally.unjudged) == (10, 9, 1)
    assert (tally.met, tally.count("blocked"), tally.count("closed")) == (3, 3, 2)
    assert (tally.confirmed, tally.confirmed_old) == (2, 1)
    assert (tally.provisional, tally.provisional_old, tally.provisional_recent) == (7, 4, 3)
    assert [part.status for part in tally.parts] == [
        "met",
        "no_movement",
        "blocked",
        "closed",
        "not_assessed",
    ]
    assert tally.parts[-1].end == "100.00%"


def test_rows_at_hand_and_a_query_give_the_same_tally_on_any_day(demands: None) -> None:
    for at in (None, date(2004, 1, 1), timezone.localdate() + timedelta(days=900)):
        queried = tally_of(Demand.objects.public().filter(theme__slug="reform"), at)
        assert tally_of(of_theme(), at).counts == queried.counts


def test_a_row_that_the_query_finds_twice_counts_once_in_one_query() -> None:
    bodies = [f.OrganisationFactory(), f.OrganisationFactory()]
    f.DemandFactory(addressees=bodies)
    rows = Demand.objects.public().filter(addressees__in=bodies).order_by("-asked_count")
    with CaptureQueriesContext(connection) as queries:
        assert tally_of(rows).total == 1
    assert len(queries) == 1


def test_every_number_leads_to_as_many_rows(client: Client, demands: None) -> None:
    html = drawn("theme=reform", Demand.objects.public().filter(theme__slug="reform"))
    links = re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', html, re.S)
    followed = 0
    for url, inside in links:
        words = " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())
        if not words:  # a part of the bar: the legend below has the same link
            continue
        number = re.search(r"\d+$|^\d+|\d+(?= \(unmet\))", words)
        assert number, words
        page = client.get(unescape(url))
        found = re.search(r'<b class="num">(\d+)</b>', page.content.decode())
        assert found
        assert int(found[1]) == int(number[0]), (url, words)
        followed += 1
    assert followed == 5 + 6 + 4


def test_what_must_be_said_with_a_number_is_said(demands: None) -> None:
    html = unescape(re.sub(r"<[^>]+>", " ", drawn("", of_theme())))
    words = " ".join(html.split()).replace(" ,", ",")
    assert "Met 3 2 by those it was asked of, 1 by another body" in words
    assert "Blocked 3 no consensus 2, refused 1" in words
    assert "failed 1 (unmet)" in words
    assert "confirmed by the coalition: 2, 1 of them old" in words
    assert "provisional and old, as asked again since or judged over two years ago: 4" in words


def test_a_sign_is_filled_only_where_all_is_confirmed_and_a_bar_hatched_where_old() -> None:
    old = f.JudgedDemandFactory(status="met", judged_on="2003", reviewed_by="The coordinator")
    assert 'class="g full"' in drawn("", [old])
    assert '<rect class="bit full old s-met"' in drawn("", [old])
    new = f.JudgedDemandFactory(status="met", judged_on=days_ago(3))
    assert 'class="g full"' not in drawn("", [old, new])
    assert "confirmed by the coalition: none yet" in drawn("", [new])
    assert '<rect class="bit s-met" x="0.00%" width="100.00%"' in drawn("", [new])


def test_without_demands_or_filters_there_is_nothing_to_draw_or_to_follow() -> None:
    assert drawn("", []) == ""
    assert drawn("", [f.PositionFactory()]) == ""
    assert "<a " not in drawn(None, [f.DemandFactory()])
