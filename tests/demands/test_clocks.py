"""Two clocks: what the database answers is what a walk over the judgements gives."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from simple_history.utils import bulk_create_with_history

from demands.clocks import Clock
from demands.derived import _status_columns
from demands.models import Assessment, Demand
from demands.then import then
from tests import factories as make

FIRST = date(2020, 1, 1)
DAYS = st.integers(0, 9).map(lambda n: FIRST + timedelta(days=n))
STATUSES = st.sampled_from(["met", "partly_met", "no_movement", "blocked", "under_discussion"])
JUDGEMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "first": DAYS,
            "unsure": st.integers(0, 2),
            "recorded": DAYS,
            "status": STATUSES,
            "confirms": st.booleans(),
            "reviewed": st.booleans(),
            "corrects": st.booleans(),
            "withdraws": st.booleans(),
        }
    ),
    max_size=6,
)


def rows_of(demand: Demand, judgements: list[dict[str, Any]]) -> list[Assessment]:
    """Store judgements past the actions, which would refuse most of them."""
    rows: list[Assessment] = []
    for number, one in enumerate(judgements):
        free = [row for row in rows if not any(row.pk == other.corrects_id for other in rows)]
        corrected = free[number % len(free)] if one["corrects"] and free else None
        withdraws = one["withdraws"] and corrected is not None
        status = "not_assessed" if withdraws else one["status"]
        row = Assessment(
            reference=f"A-{demand.pk}-{number}",
            demand=demand,
            kind="confirmed" if one["confirms"] and not withdraws else "changed",
            date_first=one["first"],
            date_last=one["first"] + timedelta(days=one["unsure"]),
            status=status,
            reason="no_consensus" if status == "blocked" else "",
            brought_about_by="addressee" if status in ("met", "partly_met") else "",
            rationale="So.",
            assessed_by="the compilers",
            reviewed_by="Ama" if one["reviewed"] else "",
            corrects=corrected,
            recorded_at=datetime.combine(one["recorded"], datetime.min.time(), UTC),
        )
        row._history_date = row.recorded_at  # type: ignore[attr-defined]
        rows += bulk_create_with_history([row], Assessment)
    return rows


def walk(rows: list[Assessment], clock: Clock) -> dict[str, Any]:
    """Return where the judgements leave a demand, one after the other, by the clock."""
    known = [row for row in rows if not clock.known_on or row.recorded_at.date() <= clock.known_on]
    corrected = {row.corrects_id for row in known}
    counting = [row for row in known if row.pk not in corrected]
    if clock.on:
        counting = [row for row in counting if row.date_last <= clock.on]  # type: ignore[attr-defined]
    counting.sort(key=lambda row: (row.date_last, row.recorded_at, row.pk))  # type: ignore[attr-defined]
    return _status_columns("demand", counting)


class TheDatabaseAnswersAsAWalk(TestCase):
    """Every column of where a demand stands, whatever was judged, corrected and renewed when."""

    @settings(max_examples=60, deadline=None)
    @given(judgements=JUDGEMENTS, on=DAYS | st.none(), known_on=DAYS | st.none())
    def test_on_any_day_by_either_clock(
        self, judgements: list[dict[str, Any]], on: date | None, known_on: date | None
    ) -> None:
        demand = make.DemandFactory()
        Demand.history.update(history_date=datetime(2019, 1, 1, tzinfo=UTC))
        rows = rows_of(demand, judgements)
        clock = Clock(on, known_on)
        wanted = walk(rows, clock)
        found = then(Demand.objects.public(), clock).values(*wanted).get(pk=demand.pk)
        assert found == wanted


@pytest.mark.django_db
def test_occasions_are_counted_as_they_are_today() -> None:
    meeting = make.MeetingFactory()
    hidden = make.MeetingFactory(state="draft", start="2022-11-07", end="2022-11-11", year=2022)
    demand = make.DemandFactory()
    for date_, kind, voice, at in (
        ("2023-11-07", "demanded", "member", meeting),
        ("2023-11-10", "demanded", "coalition", meeting),
        ("2021-05", "demanded", "member", None),
        ("2021-05-03", "criticised", "coalition", None),
        ("2021", "demanded", "coalition", None),
        ("2022-11-08", "demanded", "coalition", hidden),
        ("2022-11-30", "demanded", "member", None),
        ("2020-01-01", "demanded", "individual", None),
    ):
        statement = make.StatementFactory(date=date_, voice=voice, meeting=at)
        make.MentionFactory(demand=demand, kind=kind, statement=statement)
    demand.refresh_from_db()
    names = [name for name in Demand.DERIVED if "asked" in name or "raised" in name]
    names += ["criticised_count", "criticised_by_members_count", "welcomed_count"]
    now = Demand.objects.values(*names).get(pk=demand.pk)
    for clock in (Clock(on=date.today()), Clock(known_on=date.today())):
        assert then(Demand.objects.public(), clock).values(*names).get(pk=demand.pk) == now
    early = then(Demand.objects.public(), Clock(on=date(2022, 1, 1))).get(pk=demand.pk)
    assert (early.asked_count, early.criticised_count, str(early.last_asked)) == (2, 1, "2021")
