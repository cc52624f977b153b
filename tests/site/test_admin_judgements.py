"""Judgements in the admin: added and confirmed from the page of a demand, never altered."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from demands.models import Assessment, Demand, Evidence
from tests import factories as make
from tests.sent_forms import SentForm, errors_of, open_form
from tests.site.test_admin_rights import staff
from tests.site.test_admin_saving import address

pytestmark = pytest.mark.django_db


def judge_page(demand: Demand) -> str:
    return f"{reverse('admin:demands_assessment_add')}?demand={demand.pk}"


def judge(client: Client, demand: Demand, **values: Any) -> Any:
    form = open_form(client, judge_page(demand))
    given = {"status": "under_discussion", "date": "2024-05", "rationale": "It is on the agenda."}
    form.set(**{**given, **values})
    form.set(
        **{"evidence-0-kind": "kp_document", "evidence-0-source_url": "https://kp.example.org/a"}
    )
    return client.post(judge_page(demand), form.press())


def test_a_judgement_is_added_from_the_page_of_its_demand(admin_client: Client) -> None:
    demand = make.BlockedDemandFactory()
    page = admin_client.get(address(Demand, "change", demand.pk)).content.decode()
    assert f'href="{judge_page(demand)}"' in page
    answer = judge(admin_client, demand)
    assert answer.status_code == 302, errors_of(answer)
    assert answer["Location"] == address(Demand, "change", demand.pk)
    demand.refresh_from_db()
    assert (demand.status, str(demand.status_date)) == ("under_discussion", "2024-05")
    row = demand.assessments.get(status="under_discussion")
    assert row.reference == "A-0002"
    assert row.evidence.get().source_url == "https://kp.example.org/a"
    assert row.history.get().history_user.username == "admin"


def test_one_that_corrects_takes_the_place_of_the_earlier(admin_client: Client) -> None:
    demand = make.BlockedDemandFactory()
    earlier = demand.assessments.get()
    judge(admin_client, demand, corrects=earlier.pk, date="2023-11-10")
    demand.refresh_from_db()
    assert (demand.status, demand.judged_count) == ("under_discussion", 1)
    html = admin_client.get(address(Demand, "change", demand.pk)).content.decode()
    assert "replaced by A-0002" in html


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"status": "blocked", "reason": ""}, "reason"),
        ({"status": "under_discussion", "reason": "lapsed"}, "reason"),
        ({"status": "met"}, "brought_about_by"),
        ({"date": "2999"}, "date"),
        ({"date": ""}, "date"),
        ({"date": "soon"}, "date"),
        ({"rationale": ""}, "rationale"),
        ({"assessed_by": ""}, "assessed_by"),
        ({"status": "not_assessed"}, "corrects"),
        ({"status": "not_applicable"}, "status"),
        ({"status": "nonsense"}, "status"),
        ({"corrects": "999999"}, "corrects"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(
    values: dict[str, Any], field: str, admin_client: Client
) -> None:
    demand = make.BlockedDemandFactory()
    answer = judge(admin_client, demand, **values)
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert "https://kp.example.org/a" in answer.content.decode()
    assert Assessment.objects.count() == 1


def test_a_judgement_needs_evidence(admin_client: Client) -> None:
    demand = make.DemandFactory()
    form = open_form(admin_client, judge_page(demand))
    form.set(status="no_movement", date="2024", rationale="Nothing.")
    answer = admin_client.post(judge_page(demand), form.press())
    assert errors_of(answer)
    form.set(**{"evidence-TOTAL_FORMS": "0"})
    answer = admin_client.post(judge_page(demand), form.press())
    assert any("needs evidence" in one for one in errors_of(answer))
    assert not Assessment.objects.exists()


def test_a_position_is_not_judged(admin_client: Client) -> None:
    position = make.PositionFactory()
    html = admin_client.get(address(Demand, "change", position.pk)).content.decode()
    assert "Add a judgement" not in html
    answer = judge(admin_client, position)
    assert "demand" in answer.context["adminform"].form.errors
    assert not Assessment.objects.exists()


# --- confirmed -------------------------------------------------------------------------------


def confirm_form(client: Client, demand: Demand) -> SentForm:
    return open_form(client, address(Demand, "change", demand.pk), "/confirm/")


def test_a_provisional_judgement_is_confirmed_with_a_click_and_a_line(
    admin_client: Client, client: Client
) -> None:
    demand = make.BlockedDemandFactory()
    assert demand.provisional
    form = confirm_form(admin_client, demand).set(rationale="Read the final communiqué again.")
    answer = admin_client.post(address(Demand, "confirm", demand.pk), form.data, follow=True)
    assert "A-0002 confirms the judgement." in answer.content.decode()
    demand.refresh_from_db()
    assert (demand.provisional, demand.status) == (False, "blocked")
    assert demand.status_date.first == date(2023, 11, 10)
    assert demand.reviewed_on == timezone.localdate()
    row = demand.assessments.get(kind="confirmed")
    assert (row.rationale, row.reviewed_by) == ("Read the final communiqué again.", "admin")
    assert row.history.get().history_user.username == "admin"


def test_without_the_line_nothing_is_confirmed(admin_client: Client) -> None:
    demand = make.BlockedDemandFactory()
    form = confirm_form(admin_client, demand)
    answer = admin_client.post(address(Demand, "confirm", demand.pk), form.data)
    assert answer.status_code == 200
    assert "Say in a line why it still holds." in answer.content.decode()
    assert Assessment.objects.count() == 1


def test_a_judgement_that_came_in_between_is_shown_first(admin_client: Client) -> None:
    demand = make.BlockedDemandFactory()
    form = confirm_form(admin_client, demand).set(rationale="Still so.")
    make.judge(demand, "under_discussion", date="2024-06")
    page = address(Demand, "confirm", demand.pk)
    answer = admin_client.post(page, form.data)
    html = answer.content.decode()
    assert "A-0002 has come in the meantime" in html
    assert "Still so." in html
    again = SentForm(html, "")
    assert admin_client.post(page, again.data).status_code == 302
    demand.refresh_from_db()
    assert (demand.status, demand.provisional) == ("under_discussion", False)


def test_who_may_not_judge_has_neither_button_nor_view() -> None:
    demand = make.BlockedDemandFactory()
    client = staff("view_demand", "change_demand", "publish_demand", "view_assessment")
    html = client.get(address(Demand, "change", demand.pk)).content.decode()
    assert "Add a judgement" not in html
    assert "/confirm/" not in html
    page = address(Demand, "confirm", demand.pk)
    sent = {"rationale": "x", "reviewed_by": "x", "judgement": demand.assessments.get().pk}
    assert client.get(page).status_code == 403
    assert client.post(page, sent).status_code == 403
    assert client.post(judge_page(demand), {}).status_code == 403
    assert Assessment.objects.count() == 1


def test_the_button_needs_no_right_to_publish() -> None:
    demand = make.BlockedDemandFactory()
    client = staff("view_demand", "add_assessment")
    form = confirm_form(client, demand).set(rationale="Looked again.", reviewed_by="Ama")
    assert client.post(address(Demand, "confirm", demand.pk), form.data).status_code == 302
    assert demand.assessments.count() == 2


# --- never altered ---------------------------------------------------------------------------


def test_no_address_alters_or_deletes_a_judgement(admin_client: Client) -> None:
    demand = make.BlockedDemandFactory()
    row = demand.assessments.get()
    evidence = row.evidence.get()
    before = (
        Assessment.objects.values().get(pk=row.pk),
        Evidence.objects.values().get(pk=evidence.pk),
    )
    sent = {
        "demand": demand.pk,
        "status": "met",
        "brought_about_by": "addressee",
        "date": "2024",
        "rationale": "Altered.",
        "assessed_by": "x",
        "evidence-TOTAL_FORMS": "1",
        "evidence-INITIAL_FORMS": "1",
        "evidence-0-id": evidence.pk,
        "evidence-0-assessment": row.pk,
        "evidence-0-kind": "press",
        "evidence-0-source_url": "https://other.example.org/",
        "evidence-0-DELETE": "on",
        "post": "yes",
        "_save": "1",
    }
    record = row.history.get()
    pages = [
        address(Assessment, "change", row.pk),
        address(Assessment, "delete", row.pk),
        address(Assessment, "history", row.pk),
        address(Assessment, "simple_history", row.pk, record.pk),
    ]
    for page in pages:
        answer = admin_client.post(page, sent)
        assert answer.status_code in (200, 403, 405), (page, answer)
    for action in ("delete_selected", "publish_selected"):
        admin_client.post(
            address(Assessment, "changelist"), {"action": action, "_selected_action": row.pk}
        )
    admin_client.post(address(Demand, "delete", demand.pk), {"post": "yes"})
    after = (
        Assessment.objects.values().get(pk=row.pk),
        Evidence.objects.values().get(pk=evidence.pk),
    )
    assert after == before
    assert Assessment.objects.count() == 1
    assert row.history.count() == 1


def test_a_judgement_is_read_with_its_evidence(admin_client: Client) -> None:
    row = make.BlockedDemandFactory().assessments.get()
    html = admin_client.get(address(Assessment, "change", row.pk)).content.decode()
    assert "https://news.example.org/plenary" in html
    assert 'name="_save"' not in html
    assert 'name="status"' not in html
    assert 'name="evidence-0-kind"' not in html


def test_a_judged_demand_is_not_deleted(admin_client: Client) -> None:
    demand = make.BlockedDemandFactory(state="draft")
    html = admin_client.get(address(Demand, "delete", demand.pk)).content.decode()
    assert "A-0001" in html
    admin_client.post(address(Demand, "delete", demand.pk), {"post": "yes"}, follow=True)
    assert Demand.objects.exists()
