"""What the database itself refuses in this room, whoever writes."""

from datetime import date

import pytest

from demands import actions, marking
from demands.models import Dismissal, Evidence, Occasion
from tests import factories as make
from tests.constraints import Case, check, declared

pytestmark = pytest.mark.django_db


def demand() -> object:
    return make.DemandFactory()


def assessment() -> object:
    return make.judge(make.DemandFactory(), "no_movement")


def evidence() -> object:
    return assessment().evidence.get()


def dismissed_twice() -> object:
    text, demand = make.TextFactory(), make.DemandFactory()
    for sign in "ab":
        marking.dismiss(text, demand, sign * 64, by=None)
    return Dismissal.objects.get(sha256="a" * 64)


def anchored() -> object:
    text = make.TextFactory(body="We ask for it.")
    mention = make.MentionFactory(statement=text.statement, text=text, quote="ask for it")
    return mention.passages.get()


def marked_twice() -> object:
    passage = anchored()
    text, mention = passage.text, passage.mention  # type: ignore[attr-defined]
    marking.mark(mention, text, 0, 2, by=None)
    return passage


def known(make_row: object, table: str, field: str, good: str, **more: str) -> Case:
    return Case(
        f"demands_{table}_{field}_known",
        make_row,
        {field: good, **more},
        {field: "no such code", **more},
    )


JUDGED = {
    "status_date_first": date(2023, 1, 1),
    "status_date_last": date(2023, 1, 1),
    "reviewed_on": date(2023, 1, 1),
}

CASES = [
    known(demand, "demand", "state", "draft"),
    known(demand, "demand", "confidence", ""),
    known(demand, "demand", "brought_about_by", "addressee"),
    Case(
        "demands_demand_kind_known",
        demand,
        {"kind": "position", "status": "not_applicable"},
        {"kind": "wish", "status": "not_applicable"},
    ),
    Case(
        "demands_demand_status_known",
        demand,
        {"status": "no_movement", **JUDGED},
        {"status": "done", **JUDGED},
    ),
    Case(
        "demands_demand_taken_down_with_reason",
        demand,
        {"state": "taken_down", "taken_down_reason": "Merged."},
        {"taken_down_reason": ""},
    ),
    Case(
        "demands_demand_reason_fits",
        demand,
        {"status": "blocked", "reason": "refused", **JUDGED},
        {"status": "blocked", "reason": "lapsed", **JUDGED},
    ),
    Case(
        "demands_demand_only_demands_are_judged",
        demand,
        {"kind": "commitment", "status": "not_applicable"},
        {"kind": "commitment", "status": "not_assessed"},
    ),
    Case(
        "demands_demand_status_with_date",
        demand,
        {"status": "no_movement", **JUDGED},
        {"status": "no_movement", **JUDGED, "status_date_last": None},
    ),
    Case(
        "demands_demand_title_in_english",
        demand,
        {"title": "", "state": "draft"},
        {"title": "", "state": "published"},
    ),
    Case(
        "demands_demand_titled",
        demand,
        {"title": "", "state": "draft"},
        {"title": "", "title_fr": "", "state": "draft"},
    ),
    known(make.MentionFactory, "mention", "kind", "welcomed"),
    known(make.MentionFactory, "mention", "confidence", "low"),
    Case(
        "demands_mention_worded",
        make.MentionFactory,
        {"paraphrase": ""},
        {"paraphrase": "", "paraphrase_fr": ""},
    ),
    known(make.MentionFactory, "mention", "quote_language", "fr"),
    Case("demands_passage_place_whole", anchored, {"start": 2, "end": 3}, {"start": 3, "end": 3}),
    Case(
        "demands_passage_place_whole",
        anchored,
        {"start": None, "end": None},
        {"start": 2, "end": None},
    ),
    Case("demands_passage_words_of_text", anchored, {"exact": "ask"}, {"exact": ""}),
    Case(
        "demands_passage_words_of_text",
        anchored,
        {"text": None, "exact": ""},
        {"text": None, "exact": "ask"},
    ),
    Case("demands_passage_once", marked_twice, {"start": 0, "end": 3}, {"start": 0, "end": 2}),
    Case(
        "demands_dismissal_once",
        dismissed_twice,
        {"sha256": "c" * 64},
        {"sha256": "b" * 64},
    ),
    known(assessment, "assessment", "kind", "confirmed"),
    known(assessment, "assessment", "status", "reversed"),
    known(assessment, "assessment", "confidence", "high"),
    Case(
        "demands_assessment_brought_about_by_known",
        assessment,
        {"status": "met", "brought_about_by": "circumstance"},
        {"status": "met", "brought_about_by": "magic"},
    ),
    Case(
        "demands_assessment_date_pair",
        assessment,
        {"date_first": date(2023, 1, 1), "date_last": date(2023, 1, 31)},
        {"date_first": date(2023, 1, 2), "date_last": date(2023, 1, 1)},
    ),
    Case(
        "demands_assessment_reason_fits",
        assessment,
        {"status": "closed", "reason": "failed"},
        {"status": "closed", "reason": ""},
    ),
    Case(
        "demands_assessment_brought_about",
        assessment,
        {"status": "partly_met", "brought_about_by": "another_body"},
        {"status": "partly_met", "brought_about_by": ""},
    ),
    Case(
        "demands_assessment_reasoned",
        assessment,
        {"rationale": "", "rationale_fr": "Rien."},
        {"rationale": "", "rationale_fr": ""},
    ),
    Case("demands_assessment_by_somebody", assessment, {"assessed_by": "X"}, {"assessed_by": ""}),
    known(evidence, "evidence", "kind", "industry"),
    known(evidence, "evidence", "stance", "contradicts"),
    Case(
        "demands_evidence_somewhere",
        evidence,
        {"source_url": "", "held": "A letter we hold"},
        {"source_url": "", "held": ""},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_database_takes_the_good_row_and_refuses_the_bad_one(case: Case) -> None:
    check(case)


def test_a_demand_is_neither_part_of_itself_nor_superseded_by_itself() -> None:
    row, other = demand(), demand()
    check(
        Case(
            "demands_demand_not_its_own_part",
            lambda: row,
            {"parent_id": other.pk},
            {"parent_id": row.pk},
        )
    )
    check(
        Case(
            "demands_demand_not_superseding_itself",
            lambda: row,
            {"superseded_by_id": other.pk},
            {"superseded_by_id": row.pk},
        )
    )


def test_an_addressee_stands_once_in_a_demand() -> None:
    row = demand()
    a, b, c = (make.OrganisationFactory() for _ in range(3))
    actions.set_demand_addressees(row, [a, b], by=None)
    check(
        Case(
            "demands_addressee_once",
            lambda: row.addressee_links.get(organisation=b),
            {"organisation_id": c.pk},
            {"organisation_id": a.pk},
        )
    )


def test_not_assessed_only_withdraws_a_judgement() -> None:
    first = assessment()
    row = make.judge(
        first.demand,
        "not_assessed",
        corrects=first,
        evidence=[Evidence(kind="press", source_url="https://news.example.org/")],
    )
    check(
        Case(
            "demands_assessment_withdrawn_only",
            lambda: row,
            {"status": "not_assessed"},
            {"status": "not_assessed", "corrects_id": None},
        )
    )


def test_a_judgement_does_not_correct_itself() -> None:
    first, second = assessment(), assessment()
    check(
        Case(
            "demands_assessment_not_correcting_itself",
            lambda: first,
            {"corrects_id": second.pk},
            {"corrects_id": first.pk},
        )
    )


def test_two_pieces_of_evidence_do_not_share_a_place() -> None:
    row = make.judge(
        make.DemandFactory(),
        evidence=[
            Evidence(kind="press", source_url="https://a.example.org/"),
            Evidence(kind="press", source_url="https://b.example.org/"),
        ],
    )
    check(
        Case(
            "demands_evidence_order",
            lambda: row.evidence.get(position=2),
            {"position": 3},
            {"position": 1},
        )
    )


def test_a_demand_has_one_row_per_occasion() -> None:
    mention = make.MentionFactory(statement=make.StatementFactory(date="2023-05"))
    make.MentionFactory(demand=mention.demand, statement=make.StatementFactory(date="2023-06"))
    check(
        Case(
            "demands_occasion_once",
            lambda: Occasion.objects.get(key="2023-06"),
            {"key": "2023-07"},
            {"key": "2023-05"},
        )
    )


def test_every_constraint_of_the_models_is_tested_here() -> None:
    tested = {case.name for case in CASES} | {
        "demands_demand_not_its_own_part",
        "demands_demand_not_superseding_itself",
        "demands_addressee_once",
        "demands_assessment_withdrawn_only",
        "demands_assessment_not_correcting_itself",
        "demands_evidence_order",
        "demands_occasion_once",
    }
    assert declared("demands") == tested
