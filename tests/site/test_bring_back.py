"""Tables come back: what left changes nothing, what differs is written as the forms write it."""

import io
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from demands.models import Demand
from kptracker.imports.tables import IMPORTS
from kptracker.lib.models import BroughtFile, Correction
from statements import actions as statement_actions
from statements.models import Meeting, Organisation
from tests import factories as make
from tests.brought import LINE, apply, faults_of, leaves, plan_of, rows_of, send

pytestmark = pytest.mark.django_db


# --- Nothing changes ----------------------------------------------------------------------


@pytest.mark.parametrize(("form", "language"), [("csv", "en"), ("xlsx", "fr")])
def test_what_left_changes_nothing_whatever_it_hides(form, language, world, boss):
    """Hidden links, guarded cells, cells that Excel cuts, lines that end in a carriage return."""
    hidden = make.MeetingFactory(slug="hidden-meeting", state="draft")
    secret = make.OrganisationFactory(slug="hidden-organisation", state="draft")
    make.OrganisationFactory(note="A" * 40_000)
    nameless = make.RoleFactory(person=make.PersonFactory(public_name="function_only")).person
    statement = make.StatementFactory(
        slug="odd",
        meeting=hidden,
        summary="=1+1",
        summary_fr="'=and more",
        place="'-5",
        issuer_text="One\r\ntwo",
        issuers=[secret, world["issuer"]],
        speakers=[nameless, world["speaker"]],
    )
    make.MentionFactory(statement=statement, speaker=nameless, paraphrase="-5 %")
    for name, table in IMPORTS.items():
        plan = plan_of(name, leaves(name, form, language), boss)
        assert (name, plan.faults, plan.changes) == (name, [], [])
        assert plan.unchanged == table.export.queryset().count() > 0


def test_a_cell_that_excel_cut_is_not_written_back(world, boss):
    organisation = make.OrganisationFactory(note="A" * 40_000)
    cut = "B" + "A" * 32_765 + "…"
    book = openpyxl.Workbook()
    book.active.append(["slug", "note"])
    book.active.append([organisation.slug, cut])
    out = io.BytesIO()
    book.save(out)
    plan = plan_of("organisations", out.getvalue(), boss)
    assert [(one.line, one.cell) for one in plan.faults] == [(2, "B2")]
    assert "take the text from the CSV" in plan.faults[0].reason


def test_what_a_file_does_not_show_stays_when_the_rest_changes(world, boss, admin_client):
    hidden = make.MeetingFactory(slug="hidden-meeting", state="draft")
    secret = make.OrganisationFactory(slug="hidden-organisation", state="draft")
    statement = make.StatementFactory(
        slug="odd", meeting=hidden, issuers=[secret, world["issuer"]], place=""
    )
    (row,) = [row for row in rows_of("statements") if row["slug"] == "odd"]
    row["place"] = "Harare"
    row["issuer_slugs"] = f"{world['issuer'].slug}; {world['asked'].slug}"
    assert apply(admin_client, send(admin_client, "statements", [row])).status_code == 200
    statement.refresh_from_db()
    assert (statement.place, statement.meeting) == ("Harare", hidden)
    issuers = [link.organisation.slug for link in statement.issuer_links.order_by("position")]
    assert issuers == [secret.slug, world["issuer"].slug, world["asked"].slug]  # in its place


# --- What differs -------------------------------------------------------------------------


def test_a_column_that_is_missing_is_left_alone_and_an_empty_cell_empties(world, admin_client):
    meeting = world["meeting"]
    statement_actions.save(_with(meeting, city="Harare", note="Keep me"), by=None)
    address = send(admin_client, "meetings", [{"slug": meeting.slug, "city": ""}])
    page = admin_client.get(address)
    (change,) = page.context["plan"].changes
    assert [(one.column, one.before, one.after) for one in change.cells] == [("city", "Harare", "")]
    meeting.refresh_from_db()
    assert meeting.city == "Harare"  # the preview writes nothing
    apply(admin_client, address, **LINE)
    meeting.refresh_from_db()
    assert (meeting.city, meeting.note) == ("", "Keep me")


def _with(row: Any, **values: Any) -> Any:
    row = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def test_a_published_fact_changes_only_with_a_line_for_visitors(world, boss, admin_client):
    demand = world["demand"]
    address = send(
        admin_client, "demands", [{"reference": demand.reference, "title": "Put otherwise"}]
    )
    page = apply(admin_client, address)
    assert "Visitors see what you changed" in page.content.decode()
    demand.refresh_from_db()
    assert demand.title != "Put otherwise"
    before = Correction.objects.count()
    page = apply(admin_client, address, **LINE)
    demand.refresh_from_db()
    assert demand.title == "Put otherwise"
    assert Correction.objects.count() == before + 1
    assert Correction.objects.latest("id").why == LINE["correction-why"]
    latest = demand.history.first()
    assert latest.history_user == boss
    assert latest.history_change_reason == LINE["correction-why"]
    assert not BroughtFile.objects.exists()
    assert "1 entry was changed." in page.content.decode()


def test_new_entries_are_drafts_with_numbers_of_the_site(world, admin_client):
    rows = [
        {"reference": "", "slug": "one-more", "title": "One more", "parent_slug": "another"},
        {"reference": "", "slug": "another", "title": "Another", "parent_slug": ""},
    ]
    theme = {"theme_slug": "definition", "kind": "demand"}
    apply(admin_client, send(admin_client, "demands", [row | theme for row in rows]))
    one, another = Demand.objects.get(slug="one-more"), Demand.objects.get(slug="another")
    assert one.parent == another
    assert {one.state, another.state} == {"draft"}
    assert one.reference < another.reference
    assert admin_client.get(f"/demands/{one.slug}/").status_code == 404


def test_every_fault_is_named_at_once_and_nothing_is_written(world, admin_client):
    rows = rows_of("meetings")
    rows[0]["kind"] = "party"
    rows[0]["start_date"] = "9 November"
    rows[1]["country_code"] = "XX"
    rows[2]["city"] = "Harare"
    rows.append(dict(rows[0], slug=rows[1]["slug"]))
    rows.append(dict.fromkeys(rows[0], "") | {"title": "No key"})
    address = send(admin_client, "meetings", rows)
    plan = admin_client.get(address).context["plan"]
    assert faults_of(plan) == [
        (2, "kind"),
        (2, "start_date"),
        (3, "country_code"),
        (5, "slug"),
        (6, "slug"),
    ]
    assert "There is no country “XX”" in plan.faults[2].reason
    assert "stands already on line 3" in plan.faults[3].reason
    answer = admin_client.post(address, {"_apply": "1", "digest": plan.digest, **LINE})
    assert answer.status_code == 200
    assert not Meeting.objects.filter(city="Harare").exists()


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("slug,tilte", "Did you mean “title”?"),
        ("slug,zzz", "There are: slug,"),
        ("title,title_fr", "which entry a row means"),
    ],
)
def test_columns_that_do_not_fit_refuse_the_file(header, said, world, boss):
    plan = plan_of("meetings", f"{header}\r\na,b\r\n".encode(), boss)
    assert said in plan.faults[0].reason
    assert plan.faults[0].line == 1
    assert plan.changes == []


def test_what_the_site_writes_itself_is_left_aside_with_a_note(world, boss):
    rows = rows_of("demands")
    rows[0] |= {"status": "met", "permalink": "https://elsewhere.example.org", "theme": "Other"}
    plan = plan_of("demands", rows, boss)
    assert (plan.changes, plan.faults) == ([], [])
    assert {"status", "permalink", "theme", "asked_count"} <= set(plan.aside)
    assert any(
        "“status” says something else than the record on line 2" in one for one in plan.notes
    )


def test_an_old_file_is_told_from_what_somebody_did_since(world, boss):
    (row,) = [row for row in rows_of("meetings") if row["slug"] == world["meeting"].slug]
    row |= {"city": "Harare", "changed_on": "2020-01-01"}
    (change,) = plan_of("meetings", [row], boss).changes
    assert change.since > "2020-01-01"


def test_a_number_that_is_not_there_is_a_slip(world, boss):
    row = rows_of("demands")[0] | {"reference": "D-999"}
    plan = plan_of("demands", [row], boss)
    assert faults_of(plan) == [(2, "reference")]
    assert "Leave the cell empty" in plan.faults[0].reason


def test_a_reference_leads_where_its_slug_does_not(world, boss):
    other = make.DemandFactory(theme=world["theme"])
    row = rows_of("demands")
    (row,) = [one for one in row if one["reference"] == other.reference]
    row["parent_reference"] = world["demand"].reference
    (change,) = plan_of("demands", [row], boss).changes
    assert [(one.column, one.after) for one in change.cells] == [
        ("parent_slug", world["demand"].slug)
    ]
    row["parent_slug"] = make.DemandFactory().slug
    assert faults_of(plan_of("demands", [row], boss)) == [(2, "parent_reference")]


# --- Whoever comes in between, and who may ------------------------------------------------


def test_what_was_shown_is_what_is_written_or_nothing(world, admin_client):
    meeting = world["meeting"]
    address = send(admin_client, "meetings", [{"slug": meeting.slug, "city": "Harare"}])
    digest = admin_client.get(address).context["plan"].digest
    statement_actions.save(_with(meeting, city="Windhoek"), by=None)
    answer = admin_client.post(address, {"_apply": "1", "digest": digest, **LINE})
    assert "The record changed since this page was shown" in answer.content.decode()
    (change,) = answer.context["plan"].changes
    assert change.cells[0].before == "Windhoek"
    meeting.refresh_from_db()
    assert meeting.city == "Windhoek"
    apply(admin_client, address, **LINE)
    meeting.refresh_from_db()
    assert meeting.city == "Harare"
    # Two clicks: the file was applied already.
    again = admin_client.post(address, {"_apply": "1", "digest": digest}, follow=True)
    assert "does not wait any more" in again.content.decode()


def test_a_file_can_be_discarded(world, admin_client):
    address = send(admin_client, "meetings", [{"slug": "new", "city": "Harare"}])
    page = admin_client.post(address, {"_discard": "1"}, follow=True)
    assert "Nothing changed" in page.content.decode()
    assert not BroughtFile.objects.exists()


def test_rights_are_those_of_the_forms(world, client, django_user_model, admin_client):
    editor = django_user_model.objects.create_user("editor", password="x", is_staff=True)
    client.force_login(editor)
    assert client.get(reverse("admin:bring")).status_code == 403
    assert client.get(reverse("admin:bring_table", args=["meetings"])).status_code == 403
    assert client.get(reverse("admin:bring_table", args=["nothing"])).status_code == 404
    editor.user_permissions.add(Permission.objects.get(codename="change_meeting"))
    rows = [
        {"slug": world["meeting"].slug, "city": "Harare", "title": world["meeting"].title},
        {"slug": "new", "city": "", "title": "New"},
    ]
    address = send(client, "meetings", rows)
    plan = client.get(address).context["plan"]
    assert faults_of(plan) == [(3, "")]
    assert "may not add" in plan.faults[0].reason
    assert client.get(reverse("admin:bring_table", args=["demands"])).status_code == 403
    # Nobody else sees the file.
    assert admin_client.get(address, follow=True).redirect_chain
    names = [table.name for table, _urls in client.get(reverse("admin:bring")).context["tables"]]
    assert names == ["meetings"]


def test_hidden_names_and_signs_are_refused_as_in_the_forms(world, boss):
    row = rows_of("meetings")[0] | {"city": "Har\u202eare"}
    assert faults_of(plan_of("meetings", [row], boss)) == [(2, "city")]


def test_a_file_that_is_no_table_is_answered_on_the_form(world, admin_client):
    answer = admin_client.post(
        reverse("admin:bring_table", args=["meetings"]),
        {"file": SimpleUploadedFile("a.csv", b"\x81\x8d")},
    )
    assert answer.status_code == 200
    assert "is no text" in answer.content.decode()
    assert not BroughtFile.objects.exists()
    none = admin_client.post(reverse("admin:bring_table", args=["meetings"]))
    assert none.status_code == 200


def test_the_lists_lead_to_it_for_those_who_may(world, admin_client):
    for address in ("admin:demands_demand_changelist", "admin:statements_statement_changelist"):
        assert "/bring-back/" in admin_client.get(reverse(address)).content.decode()
    index = admin_client.get(reverse("admin:bring")).content.decode()
    assert all(str(table.title) in index for table in IMPORTS.values())


def test_as_many_queries_for_ten_rows_as_for_many(world, boss):
    def queries() -> int:
        content = leaves("organisations")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            plan = plan_of("organisations", content, boss)
        assert plan.changes == []
        return len(asked)

    few = queries()
    make.OrganisationFactory.create_batch(60)
    assert queries() == few
    assert Organisation.objects.count() > 60


def test_personal_data_are_refused_as_in_the_forms(world, boss):
    row = {"slug": world["statement"].slug, "summary": "Write to ama.mensah@mail.example.com."}
    plan = plan_of("statements", [row], boss)
    assert [one.line for one in plan.faults] == [2]
    assert plan.changes == []
