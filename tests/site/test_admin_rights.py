"""Who may do what: buttons and views, states, files, deletes."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from demands.models import Assessment, Demand, Evidence, Mention
from kptracker.lib.admin import RecordAdmin
from kptracker.lib.admin.states import PublishedAdmin
from statements.models import Meeting, Organisation, Person, Statement
from tests import factories as make
from tests.sent_forms import SentForm, errors_of, open_form
from tests.site.test_admin_saving import address, all_rows, saved

pytestmark = pytest.mark.django_db

TABLES = [model for model, found in admin.site._registry.items() if isinstance(found, RecordAdmin)]
PUBLISHED = [
    model for model, found in admin.site._registry.items() if isinstance(found, PublishedAdmin)
]


def staff(*rights: str) -> Client:
    """A client of a staff member with these rights: ``change_meeting``."""
    user = get_user_model()._default_manager.create_user(
        f"staff{get_user_model().objects.count()}", password="x", is_staff=True
    )
    for right in rights:
        model = right.rpartition("_")[2]
        user.user_permissions.add(Permission.objects.get(codename=right, content_type__model=model))
    client = Client()
    client.force_login(user)
    return client


def rights_on(model: Any, *actions: str) -> list[str]:
    return [f"{action}_{model._meta.model_name}" for action in actions]


def row_of(model: Any) -> Any:
    if model is Assessment:
        return make.BlockedDemandFactory().assessments.get()
    return next(row for row in all_rows() if type(row) is model)


# --- the matrix ------------------------------------------------------------------------------


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_each_right_opens_its_pages_and_no_other(model: Any) -> None:
    row = row_of(model)
    pages = {
        name: address(model, name, *([row.pk] if name in ("change", "history", "delete") else []))
        for name in ("changelist", "add", "change", "history", "delete")
    }
    never = {"delete"} if model is Assessment else set()
    allowed: dict[str, set[str]] = {
        "": set(),
        "view": {"changelist", "change", "history"},
        "add": {"add"},
        "change": {"changelist", "change", "history"},
        "delete": {"delete"} - never,
    }
    if model is Assessment:
        del allowed["change"], allowed["delete"]
    for right, opened in allowed.items():
        client = staff(*(rights_on(model, right) if right else []))
        for name, page in pages.items():
            status = client.get(page).status_code
            assert status == (200 if name in opened else 403), (right, name)


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda model: model.__name__)
def test_who_may_only_look_has_no_form_and_no_button(model: Any) -> None:
    row = row_of(model)
    client = staff(*rights_on(model, "view"))
    html = client.get(address(model, "change", row.pk)).content.decode()
    for button in ('name="_save"', 'name="_publish"', 'name="state"', "take-down/", "/delete/"):
        assert button not in html
    answer = client.post(address(model, "change", row.pk), {"title": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda model: model.__name__)
def test_without_the_right_to_publish_neither_button_nor_view(model: Any) -> None:
    row = row_of(model)
    client = staff(*rights_on(model, "view", "add", "change"))
    page, list_page = address(model, "change", row.pk), address(model, "changelist")
    html = client.get(page).content.decode()
    assert "take-down/" not in html
    assert "_publish" not in html
    assert "publish_selected" not in client.get(list_page).content.decode()
    assert client.get(address(model, "take_down", row.pk)).status_code == 403
    why = {"reason": "Because", "version": row.version}
    assert client.post(address(model, "take_down", row.pk), why).status_code == 403
    model.objects.filter(pk=row.pk).update(state="draft")
    html = client.get(page).content.decode()
    assert "Send to review" in html
    assert '<button class="button" name="state" value="published">' not in html
    asked = {"state": "published", "version": row.version}
    assert client.post(address(model, "state", row.pk), asked).status_code == 403
    form = open_form(client, page)
    assert client.post(page, {**form.data, "_publish": "1"}).status_code == 403
    bulk = {"action": "publish_selected", "_selected_action": row.pk}
    client.post(list_page, bulk)
    row.refresh_from_db()
    assert row.state == "draft"


def test_nobody_without_an_account_sees_anything(client: Client) -> None:
    for model in TABLES:
        for name in ("changelist", "add"):
            answer = client.get(address(model, name))
            assert answer.status_code == 302
            assert "/login/" in answer["Location"]


def test_the_first_page_shows_what_one_may_see() -> None:
    make.StatementFactory(state="draft")
    make.MeetingFactory(state="draft")
    answer = staff("view_meeting").get(reverse("admin:index"))
    tables = [
        model["object_name"] for group in answer.context["app_list"] for model in group["models"]
    ]
    assert tables == ["Meeting"]
    assert [table for table, _waiting in answer.context["attention"]] == ["Meetings"]


# --- states ----------------------------------------------------------------------------------


def press(client: Client, row: Any, state: str) -> Any:
    page = address(type(row), "change", row.pk)
    form = open_form(client, page, "/state/")
    answer = client.post(address(type(row), "state", row.pk), form.press(f"state={state}"))
    assert answer.status_code == 302
    row.refresh_from_db()
    return answer


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda model: model.__name__)
def test_the_buttons_lead_from_draft_to_public_and_down(model: Any, admin_client: Client) -> None:
    factories: dict[Any, Any] = {
        Meeting: make.MeetingFactory,
        Statement: make.StatementFactory,
        Demand: make.DemandFactory,
        Person: make.PersonFactory,
        Organisation: make.OrganisationFactory,
    }
    row = factories[model](state="draft")
    visitor = Client()
    for state in ("in_review", "draft", "in_review"):
        press(admin_client, row, state)
        assert row.state == state
        assert visitor.get(row.get_absolute_url()).status_code == 404
    press(admin_client, row, "published")
    assert visitor.get(row.get_absolute_url()).status_code == 200
    page = address(model, "take_down", row.pk)
    answer = admin_client.post(page, {"reason": "  ", "version": row.version})
    assert "Say why it is taken down" in answer.content.decode()
    form = open_form(admin_client, page, "")
    sent = {**form.data, "reason": ["It named somebody in danger."]}
    assert admin_client.post(page, sent).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.taken_down_reason) == ("taken_down", "It named somebody in danger.")
    gone = visitor.get(row.get_absolute_url())
    assert gone.status_code == 410
    assert "It named somebody in danger." in gone.content.decode()
    press(admin_client, row, "published")
    assert row.state == "published"
    users = {record.history_user.username for record in row.history.all()[:5]}
    assert users == {"admin"}


def test_what_was_public_has_no_button_back_to_draft(admin_client: Client) -> None:
    row = make.MeetingFactory()
    page = address(Meeting, "state", row.pk)
    for state in ("draft", "in_review", "nonsense", "taken_down"):
        admin_client.post(page, {"state": state, "version": row.version})
        row.refresh_from_db()
        assert row.state == "published"
    assert admin_client.get(page).status_code == 302


def test_save_and_publish(admin_client: Client) -> None:
    form = open_form(admin_client, address(Meeting, "add"))
    form.set(title="Plenary", kind="plenary", start="2023-11-06")
    answer = admin_client.post(address(Meeting, "add"), form.press("_publish"), follow=True)
    row = Meeting.objects.get()
    assert row.state == "published"
    assert row.get_absolute_url() in answer.content.decode()


def test_the_list_publishes_what_is_ready_and_names_what_is_not(admin_client: Client) -> None:
    ready = make.MeetingFactory(state="draft")
    french = make.MeetingFactory(state="draft", title="")
    chosen = {"action": "publish_selected", "_selected_action": [ready.pk, french.pk]}
    answer = admin_client.post(address(Meeting, "changelist"), chosen, follow=True)
    html = answer.content.decode()
    assert "1 entry was published." in html
    assert "A published row needs its English text." in html
    states = Meeting.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["published", "draft"]


# --- deletes ---------------------------------------------------------------------------------


def test_what_is_evidence_is_not_deleted_and_the_way_out_is_shown(admin_client: Client) -> None:
    mention = make.MentionFactory()
    statement = mention.statement
    page = address(Statement, "delete", statement.pk)
    html = admin_client.get(page).content.decode()
    assert mention.reference in html
    assert "Take it down instead" in html
    assert address(Statement, "take_down", statement.pk) in html
    assert admin_client.post(page, {"post": "yes"}).status_code == 403
    assert Statement.objects.filter(pk=statement.pk).exists()


def test_a_draft_on_which_something_rests_says_what(admin_client: Client) -> None:
    mention = make.MentionFactory(statement=make.StatementFactory(state="draft"))
    page = address(Statement, "delete", mention.statement_id)
    html = admin_client.get(page).content.decode()
    assert mention.reference in html
    assert "It can stay a draft" in html
    answer = admin_client.post(page, {"post": "yes"}, follow=True)
    assert answer.status_code == 200
    assert Statement.objects.filter(pk=mention.statement_id).exists()


def test_a_statement_that_a_judgement_rests_on_stays(admin_client: Client) -> None:
    statement = make.StatementFactory(state="draft")
    demand = make.DemandFactory()
    make.judge(demand, evidence=[Evidence(kind="press", statement=statement)])
    admin_client.post(address(Statement, "delete", statement.pk), {"post": "yes"}, follow=True)
    assert Statement.objects.filter(pk=statement.pk).exists()


def test_a_quoted_text_is_not_deleted_below_its_statement(admin_client: Client) -> None:
    text = make.TextFactory()
    mention = make.MentionFactory(
        statement=text.statement, text=text, quote="widen the definition", paraphrase=""
    )
    page = address(Statement, "change", text.statement_id)
    form = open_form(admin_client, page).set(**{"texts-0-DELETE": "on"}).set(title="Changed")
    answer = admin_client.post(page, form.press())
    assert any("cannot be deleted" in one or "would require" in one for one in errors_of(answer))
    assert mention.passages.get().text == text
    statement = Statement.objects.get(pk=text.statement_id)
    assert statement.texts.exists()
    assert statement.title != "Changed"


def test_a_draft_without_anything_is_deleted_and_its_history_stays(admin_client: Client) -> None:
    row = make.MeetingFactory(state="draft")
    page = address(Meeting, "delete", row.pk)
    form = SentForm(admin_client.get(page).content.decode(), "")
    assert admin_client.post(page, form.data).status_code == 302
    assert not Meeting.objects.exists()
    newest = Meeting.history.filter(id=row.pk).first()
    assert (newest.history_type, newest.history_user.username) == ("-", "admin")


def test_a_mention_may_be_deleted_and_its_demand_follows(admin_client: Client) -> None:
    mention = make.MentionFactory()
    sent = {"post": "yes", "correction-why": "It was not asked there."}
    saved(admin_client.post(address(Mention, "delete", mention.pk), sent))
    demand = Demand.objects.get()
    assert demand.asked_count == 0


# --- history ---------------------------------------------------------------------------------


def test_history_is_read_and_never_brought_back(admin_client: Client) -> None:
    row = make.MeetingFactory(title="First words")
    page = address(Meeting, "change", row.pk)
    saved(admin_client.post(page, open_form(admin_client, page).set(title="Second").press()))
    html = admin_client.get(address(Meeting, "history", row.pk)).content.decode()
    assert "First words" in html
    assert "admin" in html
    first = row.history.last()
    old = address(Meeting, "simple_history", row.pk, first.pk)
    html = admin_client.get(old).content.decode()
    assert "First words" in html
    assert 'name="_save"' not in html
    assert 'name="title"' not in html
    assert admin_client.post(old, {"title": "First words", "_save": "1"}).status_code == 403
    row.refresh_from_db()
    assert row.title == "Second"
