"""Tables of their own kind come back: judgements, passages, links, people."""

import pytest

from demands.models import Assessment, Mention, Passage
from kptracker.imports.tables import IMPORTS
from statements import actions as statement_actions
from statements.models import Role, Statement
from tests import factories as make
from tests.brought import LINE, apply, faults_of, plan_of, rows_of, send

pytestmark = pytest.mark.django_db


# --- Tables of their own kind -------------------------------------------------------------


def test_judgements_are_added_and_never_altered(world, boss, admin_client):
    rows = rows_of("assessments")
    rows[0]["rationale"] = "Another reason"
    plan = plan_of("assessments", rows, boss)
    assert faults_of(plan) == [(2, "rationale")]
    assert "never altered" in plan.faults[0].reason
    new = {
        "reference": "",
        "demand_slug": world["demand"].slug,
        "date": "2024-02-01",
        "status": "partly_met",
        "brought_about_by": "addressee",
        "rationale": "A step was taken.",
        "assessed_by": "the editors",
        "evidence_kind": "press",
        "source_url": "https://news.example.org/step",
        "recorded_on": "2001-01-01",
    }
    without = {name: cell for name, cell in new.items() if name not in ("source_url",)}
    assert faults_of(plan_of("assessments", [without], boss)) == [(2, "source_url")]
    apply(admin_client, send(admin_client, "assessments", [new]))
    world["demand"].refresh_from_db()
    assert world["demand"].status == "partly_met"
    latest = Assessment.objects.latest("id")
    assert latest.evidence.get().source_url == new["source_url"]
    # The day on which it was entered is the site's own.
    assert latest.recorded_at.year > 2001


def test_a_confirmation_leaves_the_status_as_it_is(world, boss, admin_client):
    row = {
        "reference": "",
        "demand_slug": world["demand"].slug,
        "kind": "confirmed",
        "date": "2024-02-01",
        "status": "met",
        "rationale": "Looked at again.",
        "assessed_by": "the editors",
        "reviewed_by": "The Coalition",
    }
    assert faults_of(plan_of("assessments", [row], boss)) == [(2, "status")]
    row["status"] = world["demand"].status
    apply(admin_client, send(admin_client, "assessments", [row]))
    world["demand"].refresh_from_db()
    assert str(world["demand"].reviewed_on) == "2024-02-01"


def test_evidence_and_corrections_are_only_compared(world, boss):
    for name, column in (("evidence", "source_url"), ("corrections", "why")):
        rows = rows_of(name)
        rows[0][column] += "x"
        assert faults_of(plan_of(name, rows, boss)) == [(2, column)]
        rows = [dict(rows_of(name)[0], **{IMPORTS[name].key[0]: "X-9999"})]
        assert faults_of(plan_of(name, rows, boss)) == [(2, IMPORTS[name].key[0])]


def test_words_quoted_stand_in_the_text(world, boss, admin_client):
    row = {
        "reference": "",
        "demand_slug": world["demand"].slug,
        "statement_slug": world["statement"].slug,
        "kind": "criticised",
        "paraphrase": "",
        "quote": "Words that nobody said",
    }
    assert faults_of(plan_of("mentions", [row], boss)) == [(2, "quote")]
    row["quote"] = "Nothing less will do."
    apply(admin_client, send(admin_client, "mentions", [row]))
    mention = Mention.objects.latest("id")
    assert (mention.quote, mention.kind) == (row["quote"], "criticised")
    assert mention.passages.get().exact == row["quote"]
    (row,) = [one for one in rows_of("mentions") if one["reference"] == mention.reference]
    row["quote"] = "widen the definition"
    plan = plan_of("mentions", [row], boss)
    assert faults_of(plan) == [(2, "quote")]
    assert "mark it there" in plan.faults[0].reason


def test_passages_are_moved_and_added_where_the_words_stand(world, boss, admin_client):
    rows = rows_of("passages")
    first = rows[0]
    assert first["exact"] == "widen the definition"
    first["start"] = str(int(first["start"]) + len("widen "))
    first["exact"] = "something else"
    plan = plan_of("passages", [first], boss)
    assert faults_of(plan) == [(2, "exact")]
    assert "the definition" in plan.faults[0].reason
    first["exact"] = "the definition"
    new = dict(first, reference="", start="37", end="44", exact="Nothing")
    apply(admin_client, send(admin_client, "passages", [first, new]), **LINE)
    assert Passage.objects.get(reference=first["reference"]).exact == "the definition"
    assert Passage.objects.latest("id").exact == "Nothing"


def test_links_are_added_and_ordered_and_none_is_taken_away(world, boss, admin_client):
    statement, third = world["statement"], make.OrganisationFactory(slug="third")
    statement_actions.set_issuers(statement, [world["issuer"], third], by=None)
    fourth = make.OrganisationFactory(slug="fourth")
    rows = [
        {"statement_slug": statement.slug, "organisation_slug": "third", "position": "1"},
        {"statement_slug": statement.slug, "organisation_slug": "fourth", "position": ""},
        {"statement_slug": statement.slug, "organisation_slug": "nobody", "position": "x"},
    ]
    assert faults_of(plan_of("issuers", rows, boss)) == [
        (4, "organisation_slug"),
        (4, "position"),
    ]
    apply(admin_client, send(admin_client, "issuers", rows[:2]), **LINE)
    names = [link.organisation for link in statement.issuer_links.order_by("position")]
    assert names == [third, world["issuer"], fourth]
    history = Statement.issuer_links.rel.related_model.history.all()
    assert {one.history_user for one in history.filter(organisation=fourth)} == {boss}


def test_a_demand_s_addressees_are_named_by_its_reference(world, boss, admin_client):
    row = {"demand_reference": world["demand"].reference, "organisation_slug": world["issuer"].slug}
    apply(admin_client, send(admin_client, "demand_addressees", [row]))
    assert world["demand"].addressee_links.count() == 2


def test_a_new_speaker_with_the_function_and_the_name_as_given(world, boss, admin_client):
    role = make.RoleFactory()
    row = {
        "statement_slug": world["statement"].slug,
        "person_slug": role.person.slug,
        "role_reference": role.reference,
        "name_as_given": "Madame X",
    }
    apply(admin_client, send(admin_client, "speakers", [row]))
    link = world["statement"].speaker_links.get(person=role.person)
    assert (link.role, link.name_as_given, link.position) == (role, "Madame X", 2)


def test_people_and_their_functions(world, boss, admin_client):
    apply(admin_client, send(admin_client, "people", [{"slug": "new", "full_name": "Né Été"}]))
    row = {"reference": "", "person_slug": "new", "role": "Chair", "from": "2019-05"}
    apply(admin_client, send(admin_client, "roles", [row]))
    role = Role.objects.get(person__slug="new")
    assert (role.role, str(role.start), role.person.state) == ("Chair", "2019-05", "draft")
