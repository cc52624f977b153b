"""How often, when and by whom a demand was asked: counted by occasions, never by mentions."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demands import actions
from demands.derived import drift, occasion_key
from demands.models import Demand, Mention, Occasion
from kptracker.lib.partial_dates import PartialDate
from statements import actions as statement_actions
from tests import factories as make

pytestmark = pytest.mark.django_db


def ask(demand: Demand, kind: str = "demanded", **statement: object) -> Mention:
    row = make.MentionFactory(
        demand=demand, statement=make.StatementFactory(**statement), kind=kind
    )
    demand.refresh_from_db()
    return row


def test_a_meeting_is_one_occasion_however_many_statements_ask_there() -> None:
    demand, meeting = make.DemandFactory(), make.MeetingFactory()
    for day in ("2023-11-06", "2023-11-10"):
        ask(demand, meeting=meeting, date=day)
    assert demand.asked_count == 1


def test_outside_meetings_a_month_is_one_occasion() -> None:
    demand = make.DemandFactory()
    for day in ("2023-05-01", "2023-05-31", "2023-05", "2023-06-01"):
        ask(demand, date=day)
    assert demand.asked_count == 2


def test_where_only_the_year_is_known_the_year_is_an_occasion() -> None:
    demand = make.DemandFactory()
    ask(demand, date="2023")
    ask(demand, date="2023")
    ask(demand, date="2023-05")
    assert demand.asked_count == 2
    assert occasion_key(None, PartialDate.parse("2023")) == "2023"


def test_criticised_stands_beside_asked_and_welcomed_is_not_counted_as_either() -> None:
    demand, meeting = make.DemandFactory(), make.MeetingFactory()
    ask(demand, meeting=meeting, date="2023-11-10")
    ask(demand, "criticised", meeting=meeting, date="2023-11-10")
    ask(demand, "criticised", date="2022-05")
    ask(demand, "welcomed", date="2021-05")
    assert (demand.asked_count, demand.criticised_count, demand.welcomed_count) == (1, 2, 1)


def test_only_the_voices_of_the_coalition_and_of_members_count() -> None:
    demand = make.DemandFactory()
    ask(demand, voice="individual", date="2001-05")
    ask(demand, voice="other", date="2002-05")
    assert (demand.asked_count, demand.first_asked, demand.last_raised) == (0, None, None)
    ask(demand, voice="member", date="2003-05")
    assert demand.asked_count == demand.asked_by_members_count == 1


def test_an_occasion_on_which_the_coalition_asked_too_is_not_by_members_alone() -> None:
    demand, meeting = make.DemandFactory(), make.MeetingFactory()
    ask(demand, voice="member", meeting=meeting, date="2023-11-10")
    ask(demand, voice="coalition", meeting=meeting, date="2023-11-10")
    ask(demand, voice="member", date="2020-05")
    # The coalition criticises, a member asks: asked by a member alone.
    ask(demand, "criticised", voice="coalition", date="2020-05")
    assert (demand.asked_count, demand.asked_by_members_count) == (2, 1)


def test_first_and_last_asked_take_demanded_only_and_last_raised_takes_both() -> None:
    demand = make.DemandFactory()
    ask(demand, "criticised", date="2001-01-01")
    ask(demand, date="2012-05-14")
    ask(demand, date="2025")
    ask(demand, "criticised", date="2026-05-11")
    ask(demand, "welcomed", date="2026-06-01")
    assert str(demand.first_asked) == "2012-05-14"
    assert str(demand.last_asked) == "2025"
    assert str(demand.last_raised) == "2026-05-11"
    assert demand.last_raised_on == date(2026, 5, 11)


def test_a_partial_date_sorts_at_its_last_day_but_not_after_its_meeting() -> None:
    meeting = make.MeetingFactory(start="2023-11-06", end="2023-11-10")
    assert make.StatementFactory(date="2023-11", meeting=meeting).sort_on == date(2023, 11, 10)
    assert make.StatementFactory(date="2023-11").sort_on == date(2023, 11, 30)
    assert make.StatementFactory(date="2023").sort_on == date(2023, 12, 31)
    # Published after the meeting: what is known wins.
    assert make.StatementFactory(date="2023-12", meeting=meeting).sort_on == date(2023, 12, 1)


def test_moving_a_meeting_moves_its_statements_and_mentions() -> None:
    meeting = make.MeetingFactory(start="2023-11-06", end="2023-11-10")
    mention = ask(make.DemandFactory(), date="2023-11", meeting=meeting)
    assert mention.raised_on == date(2023, 11, 10)
    meeting.end = "2023-11-08"
    statement_actions.save(meeting, by=None)
    mention.refresh_from_db()
    assert mention.raised_on == mention.statement.sort_on == date(2023, 11, 8)
    assert not list(drift())


def test_counts_see_public_rows_only_and_follow_every_publish_and_take_down() -> None:
    demand = make.DemandFactory()
    statement = make.StatementFactory(state="draft")
    mention = make.MentionFactory(demand=demand, statement=statement)

    def asked() -> int:
        demand.refresh_from_db()
        return demand.asked_count

    assert asked() == 0
    statement_actions.publish(mention.statement, by=None)
    assert asked() == 1
    statement_actions.take_down(mention.statement, by=None, why="A duplicate.")
    assert asked() == 0
    assert not Occasion.objects.exists()


def test_a_mention_moved_to_another_demand_leaves_the_first() -> None:
    first, second = make.DemandFactory(), make.DemandFactory()
    mention = ask(first, date="2023-05")
    mention.demand = second
    actions.save_mention(mention, by=None)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.asked_count, second.asked_count) == (0, 1)


def test_the_figures_of_a_parent_do_not_add_its_parts() -> None:
    parent = make.DemandFactory()
    ask(make.DemandFactory(parent=parent), date="2023-05")
    parent.refresh_from_db()
    assert parent.asked_count == 0


def test_settling_takes_the_same_number_of_queries_for_many_mentions(
    django_assert_num_queries: object,
) -> None:
    demand = make.DemandFactory()
    mention = ask(demand, date="2023-05")
    for month in range(1, 10):
        ask(demand, date=f"2022-0{month}")
    Mention.objects.get(pk=mention.pk)
    from demands.derived import settle

    with django_assert_num_queries(7):
        settle([demand.pk])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["demanded", "criticised", "welcomed"]),
            st.sampled_from(["coalition", "member", "other"]),
            st.sampled_from(["2019", "2019-05", "2019-05-03", "2020-01"]),
        ),
        max_size=6,
    )
)
@settings(max_examples=15, deadline=None)
def test_asked_is_the_number_of_distinct_occasions(raised: list[tuple[str, str, str]]) -> None:
    demand = make.DemandFactory()
    for kind, voice, day in raised:
        ask(demand, kind, voice=voice, date=day)
    demand.refresh_from_db()
    counted = {d[:7] for k, v, d in raised if k == "demanded" and v != "other"}
    assert demand.asked_count == len(counted)
    assert not list(drift())
