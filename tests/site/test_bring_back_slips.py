"""Slips and tricks in files that come back: each gets the answer that the forms would give."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission

from demands.models import Passage, Theme
from statements.models import StatementSpeaker, Text
from tests import factories as make
from tests.brought import LINE, apply, faults_of, plan_of, rows_of, send

pytestmark = pytest.mark.django_db


def staff_with(users: Any, *rights: str) -> Any:
    """Return a member of staff who has these rights alone."""
    user = users.objects.create_user("someone", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


# --- Keys ---------------------------------------------------------------------------------


@pytest.mark.parametrize("around", ["{} ", " {}", "{}\t", "{}\N{NO-BREAK SPACE}"])
def test_a_blank_beside_a_key_makes_no_row_a_new_one(around, world, boss, django_user_model):
    slug = world["theme"].slug
    row = {"slug": around.format(slug), "name": "Another name"}
    (change,) = plan_of("themes", [row], boss).changes
    assert (change.key, change.is_new) == (slug, False)
    adder = staff_with(django_user_model, "add_theme")
    assert faults_of(plan_of("themes", [row], adder)) == [(2, "")]
    twice = [row, {"slug": slug, "name": "Yet another"}]
    assert faults_of(plan_of("themes", twice, boss)) == [(3, "slug")]


def test_a_blank_beside_a_key_neither_unlinks_nor_empties(world, boss, admin_client):
    hidden = make.OrganisationFactory(slug="hidden-organisation", state="draft")
    statement = make.StatementFactory(
        slug="odd", issuers=[hidden, world["issuer"]], archived_url="https://archive.example.org/1"
    )
    row = {"slug": "odd ", "place": "Mumbai"}
    assert apply(admin_client, send(admin_client, "statements", [row]), **LINE).status_code == 200
    statement.refresh_from_db()
    assert (statement.place, bool(statement.archived_url)) == ("Mumbai", True)
    assert statement.issuer_links.count() == 2


@pytest.mark.parametrize("written", ["d-{:03d}", " D-{:03d} ", "{}"])
def test_a_reference_written_otherwise_is_offered_as_it_is(written, world, boss):
    reference = world["demand"].reference
    row = rows_of("demands")[0] | {"reference": written.format(int(reference[2:]))}
    plan = plan_of("demands", [row], boss)
    if row["reference"].strip() == reference:
        assert not plan.faults
    else:
        assert faults_of(plan) == [(2, "reference")]
        assert f"Did you mean “{reference}”?" in plan.faults[0].reason


@pytest.mark.parametrize("odd", ["²", "٣", "9" * 5000, "0", "①"])
def test_a_reference_of_odd_digits_is_answered(odd, world, boss):
    row = rows_of("demands")[0] | {"reference": odd}
    assert faults_of(plan_of("demands", [row], boss)) == [(2, "reference")]


def test_a_column_that_another_table_has_is_a_slip(world, boss):
    row = {"slug": world["theme"].slug, "title": "A name"}
    assert faults_of(plan_of("themes", [row], boss)) == [(1, "title")]


def test_a_name_of_signs_that_take_no_room_is_none(world, boss):
    row = {"slug": world["theme"].slug, "name": "\u200b\ufeff"}
    assert faults_of(plan_of("themes", [row], boss)) == [(2, "name")]
    assert not Theme.objects.filter(name="").exists()


@pytest.mark.parametrize("table", ["mentions", "roles", "assessments"])
def test_a_file_that_is_brought_twice_adds_nothing_twice(table, world, boss):
    make.RoleFactory()
    row = rows_of(table)[0] | {"reference": ""}
    if table == "assessments":
        row |= {"evidence_kind": "press", "source_url": "https://news.example.org/step"}
        row["date"] = "2024-05-01"
    else:
        row |= {"mentions": {"paraphrase": "Otherwise", "quote": ""}, "roles": {"note": "New"}}[
            table
        ]
    plan = plan_of(table, [row, row], boss)
    assert faults_of(plan) == [(3, "reference")]
    assert "says the very same already" in plan.faults[0].reason
    assert [one.is_new for one in plan.changes] == [True]


def test_two_quotations_of_one_statement_are_two_mentions(world, boss, admin_client):
    row = rows_of("mentions")[0] | {"reference": "", "paraphrase": "", "paraphrase_fr": ""}
    row["kind"] = "criticised"
    rows = [row | {"quote": "Nothing less will do."}, row | {"quote": "Nothing less"}]
    apply(admin_client, send(admin_client, "mentions", rows))
    assert faults_of(plan_of("mentions", rows, boss)) == [(2, "reference"), (3, "reference")]


# --- Columns ------------------------------------------------------------------------------


def test_a_file_of_another_table_and_capitals_are_told(world, boss):
    plan = plan_of("demands", rows_of("meetings"), boss)
    assert faults_of(plan) == [(1, "")]
    assert "the table “Meetings”" in plan.faults[0].reason
    row = {name.upper(): cell for name, cell in rows_of("meetings")[0].items()}
    plan = plan_of("meetings", [row], boss)
    assert "Did you mean “title”?" in " ".join(one.reason for one in plan.faults)


def test_a_file_of_another_day_and_an_empty_cell_are_told_what_to_do(world, boss):
    make.RoleFactory()
    plan = plan_of("demands", [{"as_of": "2020-01-01"} | rows_of("demands")[0]], boss)
    assert [one.reason for one in plan.faults] == [
        "This file tells of another day. Bring back the file of today."
    ]
    for table, column in (("demands", "theme_slug"), ("roles", "person_slug")):
        plan = plan_of(table, [rows_of(table)[0] | {column: ""}], boss)
        assert [(one.column, one.reason) for one in plan.faults] == [(column, "Fill this cell in.")]


def test_judgements_that_are_there_need_no_evidence_beside_them(world, boss):
    rows = [row | {"evidence_kind": "", "source_url": ""} for row in rows_of("assessments")]
    plan = plan_of("assessments", rows, boss)
    assert (plan.faults, plan.changes, plan.unchanged) == ([], [], len(rows))
    rows = [row | {"evidence_kind": ""} for row in rows_of("assessments")]
    assert plan_of("assessments", rows, boss).faults == []
    rows[0]["evidence_kind"] = "nonsense"
    assert faults_of(plan_of("assessments", rows, boss)) == [(2, "evidence_kind")]


def test_an_older_list_may_name_what_is_hidden_since(world, boss):
    hidden = make.OrganisationFactory(slug="was-public")
    make.StatementFactory(slug="odd", issuers=[hidden, world["issuer"]], place="")
    (row,) = [row for row in rows_of("statements") if row["slug"] == "odd"]
    assert row["issuer_slugs"] == f"was-public; {world['issuer'].slug}"
    type(hidden).objects.filter(pk=hidden.pk).update(state="draft")
    plan = plan_of("statements", [row | {"place": "Harare"}], boss)
    assert plan.faults == []
    assert [one.column for one in plan.changes[0].cells] == ["place"]


# --- Rights -------------------------------------------------------------------------------


def test_who_may_not_see_the_speakers_in_the_form_does_not_change_them(
    world, boss, django_user_model
):
    editor = staff_with(django_user_model, "change_statement", "view_statement")
    row = {
        "slug": world["statement"].slug,
        "speaker_slugs": make.PersonFactory().slug,
        "place": "Harare",
    }
    plan = plan_of("statements", [row], editor)
    assert (faults_of(plan), plan.changes) == ([(2, "speaker_slugs")], [])
    del row["speaker_slugs"]
    assert plan_of("statements", [row], editor).faults == []
    linked = {"statement_slug": row["slug"], "person_slug": make.PersonFactory().slug}
    assert faults_of(plan_of("speakers", [linked], editor)) == [(2, "")]
    rights = [f"{one}_statementspeaker" for one in ("add", "change", "delete")]
    editor.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    editor = django_user_model.objects.get(pk=editor.pk)  # rights are remembered by the object
    assert plan_of("speakers", [linked], editor).faults == []


# --- Passages, speakers, what is left aside -------------------------------------------------


def test_a_passage_that_moves_takes_its_words_along_or_is_refused(world, boss):
    first = rows_of("passages")[0]
    moved = first | {"start": str(int(first["start"]) + len("widen "))}
    plan = plan_of("passages", [moved], boss)
    assert faults_of(plan) == [(2, "exact")]
    assert "At this place the text says" in plan.faults[0].reason
    del moved["exact"]
    assert plan_of("passages", [moved], boss).faults == []
    passage = Passage.objects.get(reference=first["reference"])
    other = "fr" if first["text_language"] == "en" else "en"
    Text.objects.create(
        statement=passage.text.statement, kind=first["text_kind"], language=other, body="x" * 200
    )
    elsewhere = first | {"text_language": other}
    assert faults_of(plan_of("passages", [elsewhere], boss)) == [(2, "exact")]


def test_what_a_row_without_a_name_says_otherwise_is_told(world, boss):
    nameless = make.RoleFactory(person=make.PersonFactory(public_name="function_only")).person
    make.StatementFactory(slug="odd", speakers=[nameless])
    (row,) = [one for one in rows_of("speakers") if one["statement_slug"] == "odd"]
    assert row["person_slug"] == ""
    plan = plan_of("speakers", [row | {"name_as_given": "Somebody"}], boss)
    assert plan.changes == []
    assert any("name_as_given" in note and "line 2" in note for note in plan.notes)
    assert StatementSpeaker.objects.get(statement__slug="odd").name_as_given == ""


@pytest.mark.parametrize(
    ("table", "column"), [("issuers", "organisation"), ("evidence", "kind_label")]
)
def test_columns_of_links_and_evidence_that_are_left_aside_are_told(table, column, world, boss):
    rows = rows_of(table)
    rows[0][column] = "Something else"
    plan = plan_of(table, rows, boss)
    assert (plan.faults, plan.changes) == ([], [])
    assert any(f"“{column}” says something else" in note for note in plan.notes)
