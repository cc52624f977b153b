"""Where a demand stands: judgements are added, take their place in time, and are never altered."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from demands import actions
from demands.derived import drift, settle
from demands.models import Assessment, Demand, Evidence
from kptracker.lib.append_only import AppendOnlyError
from kptracker.lib.partial_dates import PartialDate
from tests import factories as make

pytestmark = pytest.mark.django_db


def standing(demand: Demand) -> tuple[str, str, date | None, bool]:
    demand.refresh_from_db()
    day = demand.status_date.last if demand.status_date else None
    return demand.status, demand.reason, day, demand.provisional


def test_a_demand_nobody_judged_is_not_assessed_and_has_no_date() -> None:
    assert standing(make.DemandFactory()) == ("not_assessed", "", None, False)


def test_a_judgement_sets_status_reason_and_date() -> None:
    demand = make.DemandFactory()
    make.judge(demand, "blocked", reason="refused", date="2023-11")
    assert standing(demand) == ("blocked", "refused", date(2023, 11, 30), True)
    assert str(demand.status_date) == "2023-11"


def test_a_back_dated_judgement_lands_in_its_place_and_leaves_the_present_one() -> None:
    demand = make.DemandFactory()
    make.judge(demand, "blocked", date="2023-11-10")
    make.judge(demand, "under_discussion", date="2019-06-01")
    assert standing(demand)[0] == "blocked"
    in_order = demand.assessments.in_order().values_list("status", flat=True)
    assert list(in_order) == ["under_discussion", "blocked"]


def test_two_judgements_of_one_day_keep_the_order_in_which_they_were_recorded() -> None:
    demand = make.DemandFactory()
    make.judge(demand, "no_movement", date="2023-11-10")
    make.judge(demand, "under_discussion", date="2023-11-10")
    assert standing(demand)[0] == "under_discussion"


def test_the_moment_recorded_decides_before_the_order_of_the_rows() -> None:
    demand = make.DemandFactory()
    moment = datetime(2024, 1, 2, tzinfo=UTC)
    make.judge(demand, "no_movement", date="2023-11-10", recorded_at=moment)
    make.judge(demand, "met", date="2023-11-10", recorded_at=moment.replace(day=1))
    assert standing(demand)[0] == "no_movement"


def test_a_correction_takes_the_place_of_the_judgement_it_corrects() -> None:
    demand = make.DemandFactory()
    wrong = make.judge(demand, "met", date="2023-11-10")
    make.judge(demand, "partly_met", date="2022-05-01", corrects=wrong)
    # The wrong one is later, and yet it no longer counts.
    assert standing(demand)[0] == "partly_met"
    assert demand.assessments.count() == 2
    assert demand.judged_count == 1


def test_a_judgement_is_corrected_once_then_its_correction_is() -> None:
    demand = make.DemandFactory()
    wrong = make.judge(demand, "met")
    better = make.judge(demand, "partly_met", corrects=wrong)
    with pytest.raises(ValidationError, match=better.corrects.reference):
        make.judge(demand, "no_movement", corrects=wrong)
    make.judge(demand, "no_movement", corrects=better)
    assert standing(demand)[0] == "no_movement"


def test_a_correction_belongs_to_the_same_demand() -> None:
    wrong = make.judge(make.DemandFactory(), "met")
    with pytest.raises(ValidationError, match="another demand"):
        make.judge(make.DemandFactory(), "no_movement", corrects=wrong)


def test_a_judgement_can_be_withdrawn_altogether() -> None:
    demand = make.DemandFactory()
    wrong = make.judge(demand, "met")
    make.judge(demand, "not_assessed", corrects=wrong)
    assert standing(demand) == ("not_assessed", "", None, False)
    assert demand.judged_count == 0


def test_a_withdrawal_brings_back_what_held_before() -> None:
    demand = make.DemandFactory()
    make.judge(demand, "under_discussion", date="2019-06-01")
    wrong = make.judge(demand, "met", date="2023-11-10")
    make.judge(demand, "under_discussion", date="2019-06-01", corrects=wrong)
    assert standing(demand)[:3] == ("under_discussion", "", date(2019, 6, 1))


def test_a_confirmation_renews_the_review_and_nothing_else() -> None:
    demand = make.DemandFactory()
    make.judge(demand, "blocked", date="2020-11-10")
    actions.confirm(
        demand, by=None, rationale="Still so.", reviewed_by="The coordinator", on=date(2024, 5, 1)
    )
    assert standing(demand) == ("blocked", "no_consensus", date(2020, 11, 10), False)
    assert demand.reviewed_on == date(2024, 5, 1)


def test_a_confirmation_does_not_vouch_for_a_correction_that_came_later() -> None:
    demand = make.DemandFactory()
    wrong = make.judge(demand, "met", date="2020-11-10")
    actions.confirm(demand, by=None, rationale="Yes.", reviewed_by="X", on=date(2024, 5, 1))
    make.judge(demand, "no_movement", date="2020-11-10", corrects=wrong)
    assert standing(demand) == ("no_movement", "", date(2020, 11, 10), True)
    assert demand.reviewed_on == date(2020, 11, 10)


def test_nothing_can_be_confirmed_before_it_was_judged() -> None:
    demand = make.DemandFactory()
    with pytest.raises(ValidationError, match="no judgement to confirm"):
        actions.confirm(demand, by=None, rationale="Yes.", reviewed_by="X")
    make.judge(demand, "met", date="2020-11-10")
    with pytest.raises(ValidationError, match="before the judgement"):
        actions.confirm(demand, by=None, rationale="Yes.", reviewed_by="X", on=date(2020, 1, 1))
    with pytest.raises(ValidationError, match="who of the coalition"):
        actions.confirm(demand, by=None, rationale="Yes.", reviewed_by=" ")
    assert demand.assessments.count() == 1


@pytest.mark.parametrize("kind", ["position", "commitment"])
def test_a_position_or_a_commitment_takes_no_judgement(kind: str) -> None:
    demand = make.DemandFactory(kind=kind)
    assert demand.status == "not_applicable"
    with pytest.raises(ValidationError, match="not judged"):
        make.judge(demand, "met")
    assert not Assessment.objects.exists()


def test_a_judged_demand_does_not_become_a_position() -> None:
    demand = make.JudgedDemandFactory()
    demand.kind = "position"
    with pytest.raises(ValidationError, match="has been judged"):
        actions.save_demand(demand, by=None)


def test_an_unjudged_demand_may_turn_out_to_be_a_position_and_back() -> None:
    demand = make.DemandFactory()
    demand.kind = "position"
    actions.save_demand(demand, by=None)
    assert standing(demand)[0] == "not_applicable"
    demand.kind = "demand"
    actions.save_demand(demand, by=None)
    assert standing(demand)[0] == "not_assessed"


def test_a_date_in_the_future_is_refused_and_today_is_not() -> None:
    demand = make.DemandFactory()
    today = date(2024, 2, 29)
    with pytest.raises(ValidationError, match="future"):
        make.judge(demand, date="2024-03", today=today)
    make.judge(demand, date="2024-02", today=today)
    assert demand.judged_count == 1


@pytest.mark.parametrize(
    ("status", "values"),
    [
        ("blocked", {"reason": ""}),
        ("blocked", {"reason": "lapsed"}),
        ("closed", {"reason": "refused"}),
        ("no_movement", {"reason": "refused"}),
        ("met", {"brought_about_by": ""}),
        ("no_movement", {"brought_about_by": "addressee"}),
        ("no_movement", {"rationale": ""}),
        ("no_movement", {"assessed_by": ""}),
        ("not_assessed", {}),
        ("not_applicable", {}),
        ("no_movement", {"evidence": []}),
        ("no_movement", {"evidence": [Evidence(kind="press", source_url="javascript:alert(1)")]}),
        ("no_movement", {"evidence": [Evidence(kind="press")]}),
    ],
)
def test_a_judgement_against_the_rules_leaves_nothing_behind(
    status: str, values: dict[str, object]
) -> None:
    demand = make.DemandFactory()
    with pytest.raises(ValidationError):
        make.judge(demand, status, **values)
    assert not Assessment.objects.exists()
    assert not Evidence.objects.exists()
    assert standing(demand)[0] == "not_assessed"


def test_judgements_and_evidence_cannot_be_altered_or_deleted() -> None:
    row = make.judge(make.DemandFactory())
    for one in (row, row.evidence.get()):
        with pytest.raises(AppendOnlyError):
            one.save()
        with pytest.raises(AppendOnlyError):
            one.delete()
        with pytest.raises(AppendOnlyError):
            type(one).objects.all().delete()
        with pytest.raises(AppendOnlyError):
            type(one).objects.update(id=one.id)
    assert Assessment.objects.count() == Evidence.objects.count() == 1


def test_references_count_up_and_are_not_used_again() -> None:
    demand = make.DemandFactory()
    first = make.judge(demand, reference="A-0041")
    second = make.judge(demand)
    assert (first.reference, second.reference) == ("A-0041", "A-0042")


def test_old_and_asked_again_are_told_by_the_first_possible_day() -> None:
    demand = make.DemandFactory()
    make.judge(demand, date="2023-11-10")
    # The statement may have been made before the judgement: only its month is known.
    make.MentionFactory(demand=demand, statement=make.StatementFactory(date="2023-11"))
    assert not Demand.objects.old(at=date(2023, 12, 31)).exists()
    make.MentionFactory(demand=demand, statement=make.StatementFactory(date="2023-12"))
    assert Demand.objects.old(at=date(2023, 12, 31)).get() == demand


def test_a_judgement_is_old_after_two_years_of_no_review() -> None:
    demand = make.DemandFactory()
    make.judge(demand, date="2022-02-28")
    assert not Demand.objects.old(at=date(2024, 2, 28)).exists()
    assert not Demand.objects.old(at=date(2024, 2, 29)).exists()
    assert Demand.objects.old(at=date(2024, 3, 1)).get() == demand


def test_the_derived_columns_are_mended_from_the_rows() -> None:
    demand = make.BlockedDemandFactory()
    Demand.objects.filter(pk=demand.pk).update(asked_count=7, provisional=False)
    assert sorted(line.split(":")[1].split()[0] for line in drift()) == [
        "asked_count",
        "provisional",
    ]
    assert settle([demand.pk]) == 1
    assert not list(drift())
    assert settle([demand.pk]) == 0


def test_an_edit_of_a_demand_leaves_its_status_alone() -> None:
    demand = make.DemandFactory()
    opened_before = Demand.objects.get(pk=demand.pk)
    make.judge(demand, "blocked")
    opened_before.title = "Do it better"
    actions.save_demand(opened_before, by=None)
    assert standing(demand)[0] == "blocked"


def test_effective_dates_may_be_partial_and_sort_at_their_last_day() -> None:
    demand = make.DemandFactory()
    make.judge(demand, "met", date="2023")
    make.judge(demand, "blocked", date="2023-11-10")
    assert standing(demand)[0] == "met"
    assert demand.status_date == PartialDate.parse("2023")
