"""Where each demand stood on a day; the matrix and its file."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client, RequestFactory

from demands.codes import AssessmentKind, Status
from demands.exports.matrix import MATRIX
from demands.matrix import PAGE_LIMIT, Matrix, asked_matrix
from demands.standing_on import histories, standing_on
from tests import factories as make

pytestmark = pytest.mark.django_db


def ask(query: str = "") -> Matrix:
    return asked_matrix(RequestFactory().get(f"/matrix/{query}"), "page")


def file_of(client: Client, address: str = "/matrix.csv") -> list[dict[str, str]]:
    answer: Any = client.get(address)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def plenary(year: int, **kwargs: Any) -> Any:
    values = {
        "slug": f"plenary-{year}",
        "title": f"Plenary {year}",
        "year": year,
        "start": f"{year}-11-06",
        "end": f"{year}-11-10",
    }
    return make.MeetingFactory(**(values | kwargs))


# --- Where a demand stood on a day --------------------------------------------------------


def test_a_demand_stood_as_judged_by_the_effective_date_whatever_was_recorded_later() -> None:
    demand = make.DemandFactory()
    make.judge(demand, Status.UNDER_DISCUSSION, date="2019-11-08")
    blocked = make.judge(demand, Status.BLOCKED, date="2021-11-12", reason="no_consensus")
    make.judge(
        demand, Status.BLOCKED, date="2022-11-04", reason="no_consensus",
        kind=AssessmentKind.CONFIRMED, reviewed_by="The coordinator",
    )  # fmt: skip

    def on(day: str) -> Any:
        return standing_on([demand], date.fromisoformat(day))[demand.pk]

    assert on("2019-11-07").status == Status.NOT_ASSESSED
    assert not on("2019-11-07").judged
    assert on("2019-11-08").status == Status.UNDER_DISCUSSION
    assert on("2021-11-11").status == Status.UNDER_DISCUSSION
    stood = on("2021-11-12")
    assert (stood.status, stood.reason, stood.reference) == (
        Status.BLOCKED, "no_consensus", blocked.reference,
    )  # fmt: skip
    assert stood.provisional
    assert str(stood.dated) == "2021-11-12"
    # Confirmed later: then it is confirmed, and young again; before it was not.
    assert on("2022-11-04").confirmed
    assert not on("2024-11-03").old(date(2024, 11, 3))
    assert on("2024-11-05").old(date(2024, 11, 5))


def test_what_is_known_of_a_month_holds_from_its_last_day_and_corrections_count() -> None:
    demand = make.DemandFactory()
    wrong = make.judge(demand, Status.MET, date="2021-11")
    make.judge(demand, Status.PARTLY_MET, date="2021-11", corrects=wrong)
    assert standing_on([demand], date(2021, 11, 29))[demand.pk].status == Status.NOT_ASSESSED
    assert standing_on([demand], date(2021, 11, 30))[demand.pk].status == Status.PARTLY_MET


def test_a_position_is_not_judged() -> None:
    position = make.PositionFactory()
    assert standing_on([position], date(2025, 1, 1))[position.pk].status == Status.NOT_APPLICABLE


def test_asked_again_counts_from_the_day_it_was_asked_and_ends_with_a_review() -> None:
    demand = make.DemandFactory()
    make.judge(demand, Status.NO_MOVEMENT, date="2019-11-08")
    make.judge(
        demand, Status.NO_MOVEMENT, date="2021-01-01",
        kind=AssessmentKind.CONFIRMED, reviewed_by="The coordinator",
    )  # fmt: skip
    for day in ("2019-11-08", "2020-05", "2021-06-01"):
        make.MentionFactory(demand=demand, statement=make.StatementFactory(date=day))
    history = histories([demand])[demand.pk]
    told = {
        day: history.asked_again(date.fromisoformat(day))
        for day in ("2019-11-07", "2019-12-31", "2020-05-31", "2021-01-01", "2021-06-01")
    }
    # What was asked on the very day of the judgement was not asked after it.
    assert list(told.values()) == [False, False, True, False, True]


def test_standing_on_asks_twice_for_all(django_assert_num_queries: Any) -> None:
    demands = [make.JudgedDemandFactory() for _ in range(4)]
    with django_assert_num_queries(2):
        standing_on(demands, date(2024, 1, 1))


# --- Rows and columns ---------------------------------------------------------------------


@pytest.fixture
def asked() -> dict[str, Any]:
    """A demand asked twice at a plenary, criticised at another, asked at a forum and in a month."""
    demand = make.DemandFactory(slug="widen", title="=Widen the definition")
    part = make.DemandFactory(slug="perpetrator", theme=demand.theme, parent=demand)
    first, second = plenary(2022), plenary(2023)
    forum = make.MeetingFactory(
        slug="forum-2023", kind="forum", year=2023, start="2023-05-02", end="2023-05-03"
    )
    draft = plenary(2024, state="draft")
    for voice in ("coalition", "member"):
        statement = make.StatementFactory(
            meeting=first, date="2022-11-07", voice=voice, text_seen="full"
        )
        make.MentionFactory(demand=demand, statement=statement)
    reported = make.StatementFactory(
        meeting=second, date="2023-11-07", voice="member", text_seen="press_report"
    )
    make.MentionFactory(demand=demand, statement=reported, kind="criticised")
    at_forum = make.StatementFactory(meeting=forum, date="2023-05-02")
    make.MentionFactory(demand=demand, statement=at_forum)
    letter = make.StatementFactory(date="2023-02-14")
    make.MentionFactory(demand=demand, statement=letter)
    at_draft = make.StatementFactory(meeting=draft, date="2024-11")
    make.MentionFactory(demand=demand, statement=at_draft)
    alone = make.StatementFactory(meeting=first, date="2022-11-08", voice="individual")
    make.MentionFactory(demand=part, statement=alone)
    make.judge(demand, Status.BLOCKED, date="2023-06-01")
    return {"demand": demand, "part": part, "first": first, "second": second, "forum": forum}


def test_cells_count_what_was_asked_there_and_elsewhere_the_rest(asked: dict[str, Any]) -> None:
    matrix = ask()
    assert [one.slug for one in matrix.meetings] == ["plenary-2022", "plenary-2023"]
    assert [one.has_text for one in matrix.meetings] == [True, False]  # type: ignore[attr-defined]
    row, part = matrix.rows
    at_first, at_second = row.at[asked["first"].pk], row.at[asked["second"].pk]
    assert (at_first.kind, at_first.number, at_first.members_alone) == ("demanded", 2, False)
    assert (at_second.kind, at_second.number, at_second.members_alone) == ("criticised", 1, True)
    # The forum, the letter's month, and the month of the statement at a meeting nobody sees.
    assert row.elsewhere_figures.asked == 3
    assert part.demand == asked["part"]
    assert not part.at  # an individual is not counted
    assert not part.elsewhere


def test_years_and_kinds_choose_columns_and_leave_no_demand_out(asked: dict[str, Any]) -> None:
    matrix = ask("?year_from=2023&year_to=2023&meeting_kind=forum")
    assert [one.slug for one in matrix.meetings] == ["forum-2023"]
    row, _part = matrix.rows
    assert row.at[asked["forum"].pk].asked == 1
    assert row.elsewhere_figures.asked == 1  # February 2023
    assert row.elsewhere_figures.criticised == 1  # the plenary of 2023
    assert [one.demand.slug for one in ask("?part=whole").rows] == ["widen"]
    assert [one.demand.slug for one in ask("?status=blocked").rows] == ["widen"]


def test_pages_hold_whole_themes_and_split_only_one_that_is_longer_than_a_page() -> None:
    meetings = [plenary(year) for year in range(2003, 2025)]
    long, short = make.ThemeFactory(name="A long one"), make.ThemeFactory(name="Short")
    for theme, number in ((long, 5), (short, 2)):
        for _ in range(number):
            make.DemandFactory(theme=theme)
    matrix = ask()
    assert len(matrix.pages) == 1
    cost = matrix._cost(matrix.rows[0])
    assert cost * 7 < PAGE_LIMIT
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("demands.matrix.PAGE_LIMIT", cost * 3.5)
        pages = ask().pages
    shape = [[(group.number, group.part, len(group.rows)) for group in page] for page in pages]
    assert shape == [[(1, 1, 3)], [(1, 2, 2)], [(2, 1, 2)]]
    assert len(meetings) == len(matrix.meetings)


# --- The file -----------------------------------------------------------------------------

HEADER = (
    "demand_reference permalink demand_slug demand_title demand_title_fr kind kind_label"
    " theme_slug theme parent_reference elsewhere meeting_slug meeting_permalink meeting"
    " meeting_kind meeting_kind_label year start_date end_date month cancelled text_in_record"
    " asked asked_by_members_alone criticised criticised_by_members_alone welcomed status"
    " status_label reason reason_label status_date provisional provisional_label reviewed_on"
    " asked_again_since assessment_reference"
)


def test_the_file_has_a_row_for_each_demand_and_meeting_and_each_occasion_elsewhere(
    client: Client, asked: dict[str, Any]
) -> None:
    rows = file_of(client)
    assert list(rows[0]) == HEADER.split()
    said = [
        (r["demand_slug"], r["meeting_slug"], r["month"], r["asked"], r["criticised"], r["status"])
        for r in rows
    ]
    assert said == [
        ("widen", "plenary-2022", "", "2", "0", "not_assessed"),
        ("widen", "plenary-2023", "", "0", "1", "blocked"),
        ("widen", "", "2023-02", "1", "0", "not_assessed"),
        ("widen", "forum-2023", "", "1", "0", "not_assessed"),
        ("widen", "", "2024-11", "1", "0", "blocked"),
        ("perpetrator", "plenary-2022", "", "0", "0", "not_assessed"),
        ("perpetrator", "plenary-2023", "", "0", "0", "not_assessed"),
    ]
    assert [r["elsewhere"] for r in rows] == ["no", "no", "yes", "yes", "yes", "no", "no"]
    judged = rows[1]
    assert judged["demand_title"] == "'=Widen the definition"
    assert (judged["text_in_record"], judged["criticised_by_members_alone"]) == ("no", "yes")
    assert (judged["reason"], judged["status_date"], judged["provisional"]) == (
        "no_consensus", "2023-06-01", "yes",
    )  # fmt: skip
    assert judged["permalink"].endswith(f"/d/{asked['demand'].reference}")
    assert judged["meeting_permalink"].endswith("/k/plenary-2023")
    assert rows[5]["parent_reference"] == asked["demand"].reference
    french = file_of(client, "/fr/matrix.csv?columns=meeting,status_label&status=blocked")
    assert french[0]["meeting"].startswith("Plénière")
    assert french[1]["status_label"] == "Bloqué"


def test_every_column_says_what_it_is() -> None:
    for column in MATRIX.columns("en", date(2026, 1, 1)):
        assert str(column.meaning).endswith("."), column.name


def test_a_meeting_to_come_has_no_status_yet(client: Client) -> None:
    make.JudgedDemandFactory(judged_on="2023-11-10")
    plenary(2090, start=None, end=None)
    (row,) = file_of(client)
    assert (row["meeting_slug"], row["status"], row["status_date"]) == ("plenary-2090", "", "")


def test_a_file_takes_the_filters_of_the_page_but_no_page_and_no_colour(client: Client) -> None:
    for query in ("page=2", "colour=status", "columns=", "columns=secret", "theme=no-such"):
        answer = client.get(f"/matrix.csv?{query}")
        assert answer.status_code == 400, query
        assert query.partition("=")[0] in answer.content.decode()
