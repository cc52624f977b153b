"""Personal data in the admin and on the pages: found, cleared, removed, files handed out."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from demands import marking
from statements import actions
from statements.models import Clearance, Original, Person, Redaction, Statement
from tests import factories as make
from tests.dumped import tables_with
from tests.sent_forms import open_form

pytestmark = [pytest.mark.django_db, pytest.mark.search]

PHONE = "+263 7 742 169 56"
WHY = "It is her own number."
LISTS = ["statements", "mentions", "demands", "assessments", "people", "roles", "organisations"]
LISTS += ["meetings", "speakers", "evidence"]


def staff(*rights: str) -> Client:
    user = get_user_model().objects.create_user("clerk", password="x", is_staff=True)
    for right in rights:
        app, code = right.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=code)
        )
    client = Client()
    client.force_login(user)
    return client


def change_url(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def decide_url(row: Any) -> str:
    return change_url(row).replace("/change/", "/personal-data/")


def draft() -> Statement:
    row = make.StatementFactory(state="draft", summary=f"Call Jane, {PHONE}, for more.")
    make.TextFactory(statement=row, body="Write to info@example.org.")
    return row


def everything_public(client: Client, *rows: Any) -> str:
    """Every page and file that could show the rows, joined."""
    addresses = [f"/{name}.csv" for name in LISTS] + [f"/fr/{name}.csv" for name in LISTS]
    addresses += [f"/{name}/" for name in LISTS if name not in ("roles", "speakers", "evidence")]
    addresses += ["/", "/fr/", "/demands/", "/passages.csv"]
    addresses += [row.get_absolute_url() for row in rows]
    found = []
    for address in addresses:
        answer = client.get(address)
        content = answer.streaming_content if answer.streaming else [answer.content]
        found.append(b"".join(content).decode())
    return "\n".join(found)


def test_the_panel_shows_each_one_in_context_with_two_buttons(admin_client: Client) -> None:
    page = admin_client.get(change_url(draft())).content.decode()
    assert "Personal data found" in page
    assert re.search(rf"Call Jane, <mark>{re.escape(PHONE)}</mark>, for more", page)
    assert "<mark>info@example.org</mark>" in page
    assert page.count('value="remove"') == page.count('value="keep"') == 3


def test_words_are_removed_in_two_steps_that_say_what_will_happen(admin_client: Client) -> None:
    row = draft()
    asked = admin_client.post(decide_url(row), {"words": PHONE, "decision": "remove"})
    page = asked.content.decode()
    assert "cannot be undone" in page
    assert not Redaction.objects.exists()
    empty = admin_client.post(decide_url(row), {"words": PHONE, "decision": "remove", "why": ""})
    assert "Say why" in empty.content.decode()
    data = {"words": PHONE, "kind": "phone", "decision": "remove", "why": WHY}
    told = admin_client.post(decide_url(row), data, follow=True).content.decode()
    assert "Removed from this page" in told
    log = Redaction.objects.get()
    assert (log.by_name, log.why, log.kind) == ("admin", WHY, "phone")
    assert "Call Jane, […], for more." in told
    assert WHY in told
    assert tables_with("742 169") == set()


def test_words_are_cleared_with_a_reason(admin_client: Client) -> None:
    row = draft()
    data = {"words": "info@example.org", "kind": "email", "decision": "keep", "why": "Ours."}
    page = admin_client.post(decide_url(row), data, follow=True).content.decode()
    assert "<mark>info@example.org</mark>" not in page
    assert Clearance.objects.get().why == "Ours."
    again = admin_client.post(decide_url(row), data).content.decode()
    assert "already" in again


@pytest.mark.parametrize("decision", ["remove", "keep", "", "x"])
def test_who_has_not_the_right_decides_nothing(decision: str) -> None:
    row = draft()
    clerk = staff("statements.change_statement", "statements.view_statement")
    data = {"words": PHONE, "decision": decision, "why": WHY}
    assert clerk.post(decide_url(row), data).status_code == 403
    page = clerk.get(change_url(row)).content.decode()
    assert "Personal data found" in page
    assert 'name="decision"' not in page
    assert clerk.get(decide_url(row)).status_code == 302
    assert Client().post(decide_url(row), data).status_code == 302
    assert not Redaction.objects.exists()
    assert not Clearance.objects.exists()


def test_the_right_to_remove_is_one_of_its_own() -> None:
    row = draft()
    clerk = staff("statements.view_statement", "statements.redact_statement")
    data = {"words": PHONE, "decision": "remove", "why": WHY}
    assert clerk.post(decide_url(row), data).status_code == 302
    assert Redaction.objects.count() == 1
    assert clerk.post(decide_url(row), {**data, "decision": "keep"}).status_code == 403


def test_publishing_by_the_dozen_names_what_stands_in_the_way(admin_client: Client) -> None:
    row, fine = draft(), make.StatementFactory(state="draft")
    page = admin_client.post(
        reverse("admin:statements_statement_changelist"),
        {"action": "publish_selected", "_selected_action": [row.pk, fine.pk]},
        follow=True,
    ).content.decode()
    assert "+2…56" in page
    assert "in…rg" in page
    row.refresh_from_db()
    fine.refresh_from_db()
    assert (row.state, fine.state) == ("draft", "published")


def test_statements_with_personal_data_need_attention(admin_client: Client) -> None:
    row = draft()
    address = f"{reverse('admin:statements_statement_changelist')}?needs=personal"
    assert address.replace("&", "&amp;") in admin_client.get("/admin/").content.decode()
    assert str(row.pk) in admin_client.get(address).content.decode()
    actions.redact(row, PHONE, by=None, why=WHY)
    actions.clear(row, "info@example.org", by=None, why="Ours.")
    assert "needs=personal" not in admin_client.get("/admin/").content.decode()


@pytest.mark.parametrize("make_row", [make.DemandFactory, make.MeetingFactory])
def test_other_entries_have_the_panel_too(admin_client: Client, make_row: Any) -> None:
    column = "description" if make_row is make.DemandFactory else "note"
    row = make_row(state="draft", **{column: f"Ask {PHONE}"})
    assert f"<mark>{PHONE}</mark>" in admin_client.get(change_url(row)).content.decode()
    admin_client.post(decide_url(row), {"words": PHONE, "decision": "remove", "why": WHY})
    row.refresh_from_db()
    assert getattr(row, column) == "Ask […]"


def test_what_was_removed_is_on_no_page_and_in_no_file(client: Client) -> None:
    row = make.StatementFactory(state="draft", title=f"Statement, {PHONE}", summary=PHONE)
    text = make.TextFactory(statement=row, body=f"Widen it. Call {PHONE} now. Do it.")
    mention = make.MentionFactory(statement=row, paraphrase=f"She ({PHONE}) asks for it.")
    marking.mark(mention, text, 0, len(text.body), by=None)
    actions.redact(row, PHONE, by=None, why=WHY)
    actions.publish(Statement.objects.get(pk=row.pk), by=None)
    shown = everything_public(client, row, mention.demand)
    assert "Statement, […]" in shown
    assert "Call […] now." in shown
    assert "742" not in shown


# --- Files ---------------------------------------------------------------------------------


def with_file(kind: str = "pdf", **values: Any) -> Statement:
    row = make.StatementFactory(slug="closing", **values)
    actions.keep_original(row, "Closing (final) J.D.pdf", b"%PDF-1.4 words", kind, by=None)
    return row


def test_visitors_get_a_file_only_where_staff_offer_it(client: Client) -> None:
    row = with_file()
    address = "/statements/closing/file/"
    assert client.get(address).status_code == 404
    assert address not in client.get(row.get_absolute_url()).content.decode()
    actions.offer_original(Original.objects.get(), True, by=None)
    page = client.get(row.get_absolute_url()).content.decode()
    assert address in page
    assert Original.objects.get().sha256 in page
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 words"
    assert answer["Content-Disposition"] == 'attachment; filename="closing.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    head = client.head(address)
    assert (head.status_code, head["Content-Length"]) == (200, "14")
    for close in head._resource_closers:  # as a server does
        close()
    assert client.post(address).status_code == 405
    actions.take_down(row, by=None, why="It was somebody else’s.")
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 410


def test_a_file_of_a_draft_is_not_handed_out(client: Client) -> None:
    with_file(state="draft")
    actions.offer_original(Original.objects.get(), True, by=None)
    assert client.get("/statements/closing/file/").status_code == 404
    assert client.get("/statements/nothing/file/").status_code == 404


def test_a_web_page_is_never_one_of_the_site(client: Client) -> None:
    with_file("html")
    actions.offer_original(Original.objects.get(), True, by=None)
    answer = client.get("/statements/closing/file/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 words"
    assert answer["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer["Content-Disposition"]


def test_no_address_leads_to_the_folder_of_files(client: Client) -> None:
    with_file()
    name = Original.objects.get().file.name
    for address in (f"/originals/{name}", f"/media/{name}", f"/files/{name}", f"/static/{name}"):
        assert client.get(address).status_code == 404


def test_staff_take_files_away_and_offer_them(admin_client: Client) -> None:
    row = with_file()
    original = Original.objects.get()
    page = admin_client.get(change_url(row)).content.decode()
    assert "Closing (final) J.D.pdf" in page
    assert original.sha256 in page
    address = change_url(row).replace("/change/", "/original/")
    answer = admin_client.get(address, {"file": original.pk})
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 words"
    assert "attachment" in answer["Content-Disposition"]
    for wrong in ("", "x", "0", "9" * 30, "٣", str(original.pk + 1)):
        assert admin_client.get(address, {"file": wrong}).status_code == 404
    clerk = staff("statements.view_statement")
    assert clerk.get(address, {"file": original.pk}).status_code == 403


def test_the_box_offers_the_file(admin_client: Client) -> None:
    row = with_file()
    form = open_form(admin_client, change_url(row), "statement_form")
    form.data["originals-0-offered"] = ["on"]
    admin_client.post(change_url(row), form.press("_save"))
    original = Original.objects.get()
    assert original.offered
    assert original.history.first().history_user.username == "admin"


# --- Names ---------------------------------------------------------------------------------


def test_a_hidden_name_is_on_no_page_and_in_no_file(admin_client: Client) -> None:
    person = make.PersonFactory(
        slug="zawadi-okello", full_name="Zawadi Okello", name_variants="Z. Okéllo"
    )
    role = make.RoleFactory(person=person, role="Monitor", note="Zawadi Okello since 2010")
    row = make.StatementFactory(
        title="Speech of Zawadi Okello", summary="Okello asks.", speakers=[person]
    )
    text = make.TextFactory(statement=row, body="I, Zawadi Okello, ask you to widen it.")
    mention = make.MentionFactory(statement=row, speaker=person, paraphrase="Z. Okello asks.")
    marking.mark(mention, text, 0, 20, by=None)
    visitor = Client()
    assert "Okello" in everything_public(visitor, row)
    person.public_name = "withheld"
    page = admin_client.get(change_url(person)).content.decode()
    address = change_url(person).replace("/change/", "/hide/")
    assert address in page
    page = admin_client.get(address).content.decode()
    assert "Okello\n" in page.replace("\r", "") or "Okello</textarea>" in page
    assert "Speech of <mark>Zawadi Okello</mark>" in page
    data = {"level": "withheld", "names": "Zawadi Okello\r\nZ. Okéllo\r\nOkello", "why": "Safety."}
    told = admin_client.post(address, data, follow=True).content.decode()
    assert "The name is hidden" in told
    shown = everything_public(visitor, Statement.objects.get(pk=row.pk), mention.demand)
    assert "Speech of […]" in shown
    assert not re.search("okello|okéllo|zawadi|monitor", shown, re.IGNORECASE)
    assert visitor.get("/people/zawadi-okello/").status_code == 404
    history = admin_client.get(change_url(row).replace("/change/", "/history/")).content.decode()
    assert "kello" not in history
    assert role.person.pk == person.pk


def test_a_name_is_hidden_only_by_who_may_and_with_a_reason(admin_client: Client) -> None:
    person = make.PersonFactory(full_name="Zawadi Okello")
    address = change_url(person).replace("/change/", "/hide/")
    clerk = staff("statements.change_person", "statements.view_person")
    data = {"level": "withheld", "names": "Zawadi Okello", "why": "Safety."}
    assert clerk.get(address).status_code == 403
    assert clerk.post(address, data).status_code == 403
    for wrong in ({"why": ""}, {"why": "Zawadi Okello"}, {"level": "shown"}, {"names": "ab"}):
        assert admin_client.post(address, {**data, **wrong}).status_code == 200
    assert Person.objects.get().public_name == "shown"


def test_the_form_of_a_person_says_where_the_name_still_stands(admin_client: Client) -> None:
    person = make.PersonFactory(full_name="Zawadi Okello")
    make.StatementFactory(title="Speech of Zawadi Okello")
    form = open_form(admin_client, change_url(person), "person_form")
    form.data["public_name"] = ["function_only"]
    page = admin_client.post(change_url(person), form.press("_save")).content.decode()
    assert "The name still stands in 1 place" in page
    assert Person.objects.get().public_name == "shown"
