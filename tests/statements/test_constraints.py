"""What the database itself refuses in this room, whoever writes."""

from datetime import UTC, date, datetime

import pytest

from statements import actions, guarding, redacting
from statements.models import Clearance
from tests import factories as make
from tests.constraints import Case, check, declared

pytestmark = pytest.mark.django_db


def meeting() -> object:
    return make.MeetingFactory(year=2023, start="2023-11-06", end="2023-11-10")


def statement() -> object:
    return make.StatementFactory()


def organisation() -> object:
    return make.OrganisationFactory(start="2003", end="2010")


def role() -> object:
    return make.RoleFactory(start="2003", end="2010")


def published_states(make_row: object, table: str) -> list[Case]:
    return [
        Case(f"statements_{table}_state_known", make_row, {"state": "draft"}, {"state": "gone"}),
        Case(
            f"statements_{table}_taken_down_with_reason",
            make_row,
            {"state": "taken_down", "taken_down_reason": "It was somebody else’s."},
            {"state": "taken_down", "taken_down_reason": ""},
        ),
    ]


def pair(make_row: object, table: str, name: str) -> Case:
    year = 2025 if name == "end" else 2001  # in order with the other end of the row
    return Case(
        f"statements_{table}_{name}_pair",
        make_row,
        {f"{name}_first": date(year, 1, 1), f"{name}_last": date(year, 1, 31)},
        {f"{name}_first": date(year, 1, 2), f"{name}_last": date(year, 1, 1)},
    )


def half(make_row: object, table: str, name: str) -> Case:
    """A date of which only the last possible day is stored."""
    whole = pair(make_row, table, name)
    return Case(whole.name, make_row, whole.good, {**whole.good, f"{name}_first": None})


def order(make_row: object, table: str) -> Case:
    return Case(
        f"statements_{table}_start_end_order",
        make_row,
        # A year that began before the month in which it ended is in order.
        {
            "start_first": date(2003, 1, 1),
            "start_last": date(2003, 12, 31),
            "end_first": date(2003, 5, 1),
            "end_last": date(2003, 5, 31),
        },
        {
            "start_first": date(2004, 1, 1),
            "start_last": date(2004, 1, 1),
            "end_first": date(2003, 12, 31),
            "end_last": date(2003, 12, 31),
        },
    )


def known(make_row: object, table: str, field: str, good: str) -> Case:
    return Case(
        f"statements_{table}_{field}_known", make_row, {field: good}, {field: "no such code"}
    )


def sure(make_row: object, table: str) -> Case:
    return known(make_row, table, "confidence", "")


CASES = [
    *published_states(organisation, "organisation"),
    *published_states(make.PersonFactory, "person"),
    *published_states(meeting, "meeting"),
    *published_states(statement, "statement"),
    known(organisation, "organisation", "kind", "observer"),
    sure(organisation, "organisation"),
    pair(organisation, "organisation", "start"),
    pair(organisation, "organisation", "end"),
    order(organisation, "organisation"),
    Case(
        "statements_organisation_name_in_english",
        organisation,
        {"name": "", "name_fr": "PK", "state": "draft"},
        {"name": "", "name_fr": "PK", "state": "published"},
    ),
    Case(
        "statements_organisation_named",
        organisation,
        {"name": "", "name_fr": "PK", "state": "draft"},
        {"name": "", "name_fr": "", "state": "draft"},
    ),
    known(make.PersonFactory, "person", "public_name", "withheld"),
    Case("statements_person_named", make.PersonFactory, {"full_name": "A"}, {"full_name": ""}),
    sure(role, "role"),
    pair(role, "role", "start"),
    pair(role, "role", "end"),
    order(role, "role"),
    Case(
        "statements_role_named",
        role,
        {"role": "", "role_fr": "Membre"},
        {"role": "", "role_fr": ""},
    ),
    known(meeting, "meeting", "kind", "forum"),
    known(meeting, "meeting", "format", ""),
    known(meeting, "meeting", "csc_presence", "walked_out"),
    sure(meeting, "meeting"),
    pair(meeting, "meeting", "start"),
    pair(meeting, "meeting", "end"),
    half(meeting, "meeting", "start"),
    half(role, "role", "end"),
    order(meeting, "meeting"),
    Case(
        "statements_meeting_title_in_english",
        meeting,
        {"title": "", "state": "draft"},
        {"title": "", "state": "published"},
    ),
    Case(
        "statements_meeting_titled",
        meeting,
        {"title": "", "state": "draft"},
        {"title": "", "title_fr": "", "state": "draft"},
    ),
    Case("statements_meeting_year_sane", meeting, {"year": 2000}, {"year": 20000}),
    known(statement, "statement", "title_kind", "published"),
    known(statement, "statement", "kind", "speech"),
    known(statement, "statement", "voice", "member"),
    known(statement, "statement", "language", ""),
    known(statement, "statement", "delivered", "partly"),
    known(statement, "statement", "text_seen", "mention"),
    sure(statement, "statement"),
    pair(statement, "statement", "date"),
    Case(
        "statements_statement_title_in_english",
        statement,
        {"title": "", "state": "draft"},
        {"title": "", "state": "published"},
    ),
    Case(
        "statements_statement_titled",
        statement,
        {"title": "", "state": "draft"},
        {"title": "", "title_fr": "", "state": "draft"},
    ),
    Case(
        "statements_statement_file_with_hash",
        statement,
        {"file": "statements/x", "file_sha256": "0" * 64},
        {"file": "statements/x", "file_sha256": ""},
    ),
    known(make.TextFactory, "text", "kind", "excerpt"),
    known(make.TextFactory, "text", "language", "ar"),
    Case("statements_text_not_empty", make.TextFactory, {"body": "x"}, {"body": ""}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_database_takes_the_good_row_and_refuses_the_bad_one(case: Case) -> None:
    check(case)


def test_a_statement_is_no_version_of_itself() -> None:
    row, other = statement(), statement()
    check(
        Case(
            "statements_statement_not_of_itself",
            lambda: row,
            {"version_of_id": other.pk},
            {"version_of_id": row.pk},
        )
    )


def test_one_document_belongs_to_one_statement() -> None:
    make.StatementFactory(document="speech.txt")
    # Any number of statements have no document at all.
    make.StatementFactory(document="")
    check(
        Case(
            "statements_statement_document_once",
            statement,
            {"document": "other.txt"},
            {"document": "speech.txt"},
        )
    )


def test_an_issuer_stands_once_in_a_statement() -> None:
    row = statement()
    a, b, c = (make.OrganisationFactory() for _ in range(3))
    actions.set_issuers(row, [a, b], by=None)
    check(
        Case(
            "statements_issuer_once",
            lambda: row.issuer_links.get(organisation=b),
            {"organisation_id": c.pk},
            {"organisation_id": a.pk},
        )
    )


def test_an_addressee_stands_once_in_a_statement() -> None:
    row = statement()
    a, b, c = (make.OrganisationFactory() for _ in range(3))
    actions.set_addressees(row, [a, b], by=None)
    check(
        Case(
            "statements_addressee_once",
            lambda: row.addressee_links.get(organisation=b),
            {"organisation_id": c.pk},
            {"organisation_id": a.pk},
        )
    )


def test_a_speaker_stands_once_in_a_statement() -> None:
    row = statement()
    a, b, c = (make.PersonFactory() for _ in range(3))
    actions.set_speakers(row, [a, b], by=None)
    check(
        Case(
            "statements_speaker_once",
            lambda: row.speaker_links.get(person=b),
            {"person_id": c.pk},
            {"person_id": a.pk},
        )
    )


def test_a_statement_has_one_text_of_a_kind_and_language() -> None:
    row = statement()
    make.TextFactory(statement=row, kind="verbatim", language="en")
    french = make.TextFactory(statement=row, kind="verbatim", language="fr")
    check(
        Case(
            "statements_text_once",
            lambda: french,
            {"kind": "excerpt", "language": "en"},
            {"kind": "verbatim", "language": "en"},
        )
    )


def original() -> object:
    return actions.keep_original(statement(), "speech.pdf", b"%PDF", "pdf", by=None)


def clearance() -> object:
    return guarding.clear(statement(), "+263 7 742 169 56", by=None, why="The secretariat’s.")


def removal() -> object:
    row = make.StatementFactory(state="draft")
    make.TextFactory(statement=row, body="Ask Jane, +263 7 742 169 57.", kind="excerpt")
    removed = redacting.redact(row, "+263 7 742 169 57", by=None, why="Hers.")
    return removed.redactions[0]


PERSONAL_DATA = [
    Case(
        "statements_original_media_type_known", original, {"media_type": "odt"}, {"media_type": "x"}
    ),
    Case(
        "statements_original_there_or_removed",
        original,
        {"file": "", "removed_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"offered": True},
    ),
    Case("statements_clearance_kind_known", clearance, {"kind": "email"}, {"kind": "x"}),
    Case("statements_clearance_reasoned", clearance, {"why": "Public."}, {"why": ""}),
    Case("statements_redaction_kind_known", removal, {"kind": "email"}, {"kind": "x"}),
    Case("statements_redaction_reasoned", removal, {"why": "Hers."}, {"why": ""}),
]


@pytest.mark.parametrize("case", PERSONAL_DATA, ids=str)
def test_the_database_holds_what_was_decided_about_personal_data(case: Case) -> None:
    check(case)


def test_words_are_cleared_once_on_a_page() -> None:
    row = statement()
    for words in ("one@example.org", "two@example.org"):
        guarding.clear(row, words, by=None, why="Public.")
    check(
        Case(
            "statements_clearance_once",
            lambda: Clearance.objects.get(words="two@example.org"),
            {"words": "three@example.org"},
            {"words": "one@example.org"},
        )
    )


def test_a_file_is_kept_once_with_a_statement() -> None:
    row = statement()
    first, second = (
        actions.keep_original(row, "x", body, "text", by=None) for body in (b"1", b"2")
    )
    check(
        Case(
            "statements_original_once",
            lambda: second,
            {"sha256": "0" * 64},
            {"sha256": first.sha256},
        )
    )


def test_every_constraint_of_the_models_is_tested_here() -> None:
    tested = {case.name for case in (*CASES, *PERSONAL_DATA)} | {
        "statements_clearance_once",
        "statements_original_once",
        "statements_statement_not_of_itself",
        "statements_statement_document_once",
        "statements_issuer_once",
        "statements_addressee_once",
        "statements_speaker_once",
        "statements_text_once",
    }
    assert declared("statements") == tested
