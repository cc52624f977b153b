"""``?on=`` and ``?known_on=``: another day, on the pages of demands and in their files."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from demands import actions
from demands.models import Assessment, Demand, Mention
from demands.tables import DEMANDS
from statements.models import Meeting, Statement
from tests import factories as make

pytestmark = pytest.mark.django_db

#: The day on which the site of these tests opened.
OPENED = datetime(2024, 1, 10, 9, tzinfo=UTC)


def opened(moment: datetime = OPENED, **rows: Any) -> None:
    """Let what is stored have been stored at a moment; judgements when they were recorded."""
    for model in (Demand, Mention, Statement, Meeting):
        model.history.filter(**rows).update(history_date=moment)  # type: ignore[attr-defined]
    for one in Assessment.objects.all():
        Assessment.history.filter(id=one.pk).update(history_date=one.recorded_at)


def table(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.getvalue()[:300]
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


@pytest.fixture
def corrected() -> Demand:
    """A demand called blocked since November 2023, and in March 2024 corrected to "discussed"."""
    demand: Demand = make.DemandFactory(slug="widen", title="Widen the definition")
    statement = make.StatementFactory(date="2022-06-01")
    make.MentionFactory(demand=demand, statement=statement)
    wrong = make.judge(demand, "blocked", date="2023-11-10", recorded_at=OPENED)
    make.judge(
        demand,
        "under_discussion",
        date="2023-11-10",
        corrects=wrong,
        rationale="It was not blocked.",
        recorded_at=datetime(2024, 3, 5, tzinfo=UTC),
    )
    opened()
    return demand


def test_a_correction_changes_what_was_so_and_not_what_this_site_had_said(
    client: Client, corrected: Demand
) -> None:
    for day, status, words in (
        ("on=2023-12-01", "under_discussion", "Under discussion"),
        ("on=2022-12-31", "not_assessed", "Not assessed"),
        ("known_on=2024-03-04", "blocked", "Blocked"),
        ("known_on=2024-03-05", "under_discussion", "Under discussion"),
        ("known_on=2024-03-04&on=2023-12-01", "blocked", "Blocked"),
        ("known_on=2024-03-04&on=2023-11-09", "not_assessed", "Not assessed"),
    ):
        (row,) = table(client, f"/demands.csv?{day}")
        assert row["status"] == status, day
        assert words in client.get(f"/demands/widen/?{day}").content.decode(), day
    for status, total in (("blocked", 1), ("met", 0)):
        page = client.get(f"/demands/?known_on=2024-03-04&status={status}")
        assert page.context["listing"].total == total
        assert ("Blocked" in page.content.decode()) == bool(total) or total == 0
    before = client.get("/demands/widen/?known_on=2024-03-04").content.decode()
    assert "It was not blocked." not in before


def test_every_answer_says_which_clock_and_which_day(client: Client, corrected: Demand) -> None:
    for page, back in (
        ("/demands/", "/demands/"),
        ("/demands/widen/", "/demands/widen/"),
        ("/matrix/", "/matrix/"),
    ):
        html = client.get(f"{page}?on=2023-12-01").content.decode()
        assert "As it stood on 1 December 2023, as judged now." in html, page
        assert f'<a href="{back}">Back to today</a>' in html, page
        html = client.get(f"{page}?known_on=2024-03-04").content.decode()
        assert "As this site said on 4 March 2024." in html, page
    for name in ("demands", "matrix"):
        answer = client.get(f"/{name}.csv?on=2023-12-01&known_on=2024-03-04")
        file = f"{name}-on-2023-12-01-known-on-2024-03-04-"
        assert file in answer["Content-Disposition"]
        answer.getvalue()
    (row,) = table(client, "/demands.csv?on=2023-12-01")
    assert row["as_of"] == "on-2023-12-01"
    whole = client.get("/demands.json?on=2023-12-01")
    assert "demands-on-2023-12-01-" in whole["Content-Disposition"]
    told = json.loads(whole.getvalue())
    assert (told["as_of"], told["rows"][0]["status"]) == ("on-2023-12-01", "under_discussion")
    book = client.get("/demands.xlsx?on=2023-12-01&known_on=2024-03-04")
    assert "demands-on-2023-12-01-known-on-2024-03-04-" in book["Content-Disposition"]
    assert load_workbook(io.BytesIO(book.getvalue())).worksheets[0]["B2"].value == (
        "on-2023-12-01-known-on-2024-03-04"
    )
    one = client.get("/demands/widen.json?known_on=2024-03-04")
    assert "demand-widen-known-on-2024-03-04-" in one["Content-Disposition"]
    told = json.loads(one.getvalue())
    assert (told["as_of"], told["demand"][0]["status"]) == ("known-on-2024-03-04", "blocked")
    assert [row["status"] for row in told["assessments"]] == ["blocked"]
    assert not any(name.startswith("corrected_by") for name in told["assessments"][0])
    assert client.get("/demands/widen.csv?on=2023-12-01").status_code == 400
    found = client.get("/api/v1/demands/?on=2023-12-01").json()
    assert found["as_of"] == "As it stood on 1 December 2023, as judged now."
    assert found["results"][0]["status"] == "under_discussion"
    assert "as_of" not in client.get("/api/v1/demands/").json()
    one = client.get(f"/api/v1/demands/{corrected.reference}/?known_on=2024-03-04").json()
    assert (one["as_of"], one["status"]) == ("As this site said on 4 March 2024.", "blocked")
    assert "as_of" not in client.get(f"/api/v1/demands/{corrected.reference}/").json()
    assert client.get("/api/v1/meetings/x/?on=2023-12-01").status_code == 400
    matrix = client.get("/matrix/?colour=status&known_on=2024-03-04").content.decode()
    assert "as judged now" not in matrix


def test_the_day_stays_in_the_links_and_not_in_the_feed(client: Client, corrected: Demand) -> None:
    html = client.get("/demands/?on=2023-12-01").content.decode()
    assert 'href="?on=2023-12-01&amp;sort=title"' in html
    assert "/demands.csv?on=2023-12-01" in html
    assert "/demands/widen/?on=2023-12-01" in html
    assert "/demands.atom?on" not in html
    assert html.count('name="on"') == 2  # the day's own form, and the filters
    assert client.get("/demands.atom?on=2023-12-01").status_code == 400


def test_today_is_shown_as_today_after_somebody_asked_for_another_day(
    client: Client, corrected: Demand
) -> None:
    for address, words in (
        ("/demands/?on=2022-12-31", "nothing citable found"),
        ("/demands/", "Under discussion"),
        ("/demands/?known_on=2024-03-04", "Blocked"),
        ("/demands/", "Under discussion"),
    ):
        assert words in client.get(address).content.decode(), address


def test_what_was_not_public_by_then_is_not_shown_as_known_then(
    client: Client, corrected: Demand
) -> None:
    later = make.DemandFactory(slug="later", title="Published later")
    late = make.StatementFactory(date="2023-01-15", title="Found in May")
    make.MentionFactory(demand=corrected, statement=late, paraphrase="Asked, found later.")
    history = Statement.history.filter(id=late.pk)  # type: ignore[attr-defined]
    history.update(history_date=datetime(2024, 5, 1, tzinfo=UTC))
    for model, key in ((Demand, later.pk), (Mention, corrected.mentions.latest("pk").pk)):
        rows = model.history.filter(id=key)  # type: ignore[attr-defined]
        rows.update(history_date=datetime(2024, 5, 1, tzinfo=UTC))
    (row,) = table(client, "/demands.csv?known_on=2024-04-30")
    assert (row["slug"], row["asked_count"], row["last_asked"]) == ("widen", "1", "2022-06-01")
    assert {one["slug"] for one in table(client, "/demands.csv?known_on=2024-05-01")} == {
        "widen",
        "later",
    }
    assert client.get("/demands/later/?known_on=2024-04-30").status_code == 400
    page = client.get("/demands/widen/?known_on=2024-04-30").content.decode()
    assert "Asked, found later." not in page
    assert "Asked, found later." in client.get("/demands/widen/?on=2024-04-30").content.decode()
    assert client.get("/demands/?known_on=2024-04-30&year=2023").context["listing"].total == 0
    assert client.get("/demands/?known_on=2024-05-01&year=2023").context["listing"].total == 1
    figures = [r for r in table(client, "/matrix.csv?known_on=2024-04-30") if r["year"] == "2023"]
    assert not figures


def test_what_was_taken_down_stays_hidden_whatever_day_is_asked_for(
    client: Client, corrected: Demand
) -> None:
    make.DemandFactory()
    opened()
    speaker = make.PersonFactory(full_name="Zola Hidden")
    mention = corrected.mentions.get()
    mention.speaker = speaker
    actions.save_mention(mention, by=None)
    opened()
    day = "known_on=2024-03-04"
    assert "Zola Hidden" in client.get(f"/demands/widen/?{day}").content.decode()
    Demand.objects.filter(pk=corrected.pk).update(state="taken_down", taken_down_reason="Error.")
    assert client.get(f"/demands/widen/?{day}").status_code == 410
    for address in (f"/demands/?{day}", f"/demands.csv?{day}", f"/matrix/?{day}"):
        assert "Widen the definition" not in client.get(address).getvalue().decode(), address


@pytest.mark.parametrize(
    ("query", "name", "words"),
    [
        ("on=2017-02-30", "on", "is not a day: write it as"),
        ("on=0000-01-01", "on", "is not a day: write it as"),
        ("known_on=yesterday", "known_on", "is not a day: write it as"),
        ("on=2023-12-01%00", "on", ""),
        ("on=2023-12-01&on=2023-12-02", "on", "more than once"),
        ("on=2099-01-01", "on", "still to come: write a day until today"),
        ("known_on=2099-01-01", "known_on", "still to come: write a day until today"),
        ("known_on=2017-11-09", "known_on", "has published since 2024-01-10"),
        ("on=2024-06-01&known_on=2024-03-04", "on", "nobody could say"),
    ],
)
def test_a_day_that_cannot_be_asked_for_is_refused_and_named(
    client: Client, corrected: Demand, query: str, name: str, words: str
) -> None:
    pages = ("/demands/", "/demands.csv", "/demands/widen/", "/matrix/", "/matrix.csv")
    for page in pages:
        answer = client.get(f"{page}?{query}")
        text = answer.getvalue().decode()
        assert answer.status_code == 400, page
        assert f"{name}:" in text.replace("</b>", ""), page
        assert words in text, page
    # To a program a day that nothing can be told of is one that is not there.
    answer = client.get(f"/api/v1/demands/?{query}")
    assert answer.status_code in (400, 404)
    assert name in answer.json()["detail"]


def test_ages_go_by_the_day(client: Client, corrected: Demand) -> None:
    total = client.get("/demands/?on=2025-11-10&judgement=two_years").context["listing"].total
    assert total == 0
    later = "/demands/?on=2025-11-11&judgement=two_years"
    assert client.get(later).context["listing"].total == 1
    assert "not judged since" in client.get(later).content.decode()


def test_the_number_of_queries_does_not_grow(client: Client, corrected: Demand) -> None:
    pages = (
        "/demands/?on=2023-12-01&status=under_discussion",
        "/demands.csv?known_on=2024-03-10",
        "/matrix/?on=2023-12-01&colour=status",
        "/demands/widen/?known_on=2024-03-10",
    )

    def asked() -> list[int]:
        found = []
        for page in pages:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(page).getvalue()
            found.append(len(queries))
        return found

    few = asked()
    for _number in range(4):
        demand = make.JudgedDemandFactory(status="under_discussion", theme=corrected.theme)
        make.MentionFactory(demand=demand)
        make.MentionFactory(demand=corrected)
    opened()
    assert asked() == few


def test_no_table_is_read_whole_for_each_demand(corrected: Demand) -> None:
    day = date(2023, 12, 1)
    asked = QueryDict(f"known_on=2024-03-10&on={day}&status=met")
    filters = DEMANDS.filters(data=asked, queryset=DEMANDS.rows())
    plan = filters.qs.values("pk").explain()
    if connection.vendor == "sqlite":
        assert "assess_by_demand" in plan or "demands_assessment_demand" in plan
        assert "SCAN demands_assessment\n" not in plan
        assert "SCAN demands_historicaldemand\n" not in plan


def test_the_last_day_that_can_be_asked_for_is_today(client: Client, corrected: Demand) -> None:
    today = timezone.localdate()
    assert client.get(f"/demands/?on={today}&known_on={today}").status_code == 200
    assert client.get(f"/demands/?on={today + timedelta(days=1)}").status_code == 400
