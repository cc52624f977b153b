"""Whoever changes what visitors read says why, or that no fact changes; nothing is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from demands.models import Mention
from kptracker.lib.models import Correction
from statements.models import Person, Text
from tests import factories as make
from tests.sent_forms import SentForm, errors_of, open_form
from tests.site.test_admin_rights import staff
from tests.site.test_admin_saving import address, saved

pytestmark = pytest.mark.django_db
WHY = "The day was misread."
ADD = "admin:lib_correction_add"


def edit(client: Client, row: Any, **values: Any) -> SentForm:
    return open_form(client, address(type(row), "change", row.pk)).set(**values)


def send(client: Client, row: Any, form: SentForm, **how: Any) -> Any:
    return client.post(address(type(row), "change", row.pk), form.press(**how))


def test_without_line_or_tick_nothing_is_saved_and_nothing_lost(admin_client: Client) -> None:
    row = make.StatementFactory(date="2023-11", speakers=[make.PersonFactory()])
    other = make.PersonFactory()
    form = edit(admin_client, row, date="2023-11-10", title="Another title")
    form.add_row("speaker_links", person=other.pk)
    answer = send(admin_client, row, form, line=None)
    assert any("Visitors see what you changed" in one for one in errors_of(answer))
    row.refresh_from_db()
    assert (str(row.date), row.speaker_links.count()) == ("2023-11", 1)
    assert not Correction.objects.exists()
    again = SentForm(answer.content.decode())
    assert again.data["title"] == ["Another title"]
    assert again.data["speaker_links-1-person"] == [str(other.pk)]
    again.set(**{"correction-why": WHY, "correction-why_fr": "Mal lu."})
    saved(send(admin_client, row, again))
    one = Correction.objects.get()
    assert (one.table, one.row_id, one.facts) == ("statements.statement", row.pk, "title; date")
    assert (one.why, one.why_fr, one.by.username) == (WHY, "Mal lu.", "admin")
    row.refresh_from_db()
    assert row.history.first().history_change_reason == WHY


def test_the_tick_leaves_it_to_the_history(admin_client: Client) -> None:
    row = make.DemandFactory(title="Widn the definition")
    form = edit(admin_client, row, title="Widen the definition", **{"correction-none": "on"})
    saved(send(admin_client, row, form))
    assert not Correction.objects.exists()
    assert "No fact changes" in row.history.first().history_change_reason
    both = edit(admin_client, row, title="Widen", **{"correction-none": "on"})
    both.set(**{"correction-why": WHY})
    answer = send(admin_client, row, both)
    assert any("leave one of the two" in one for one in errors_of(answer))
    assert SentForm(answer.content.decode()).data["correction-why"] == [WHY]


def test_the_tick_does_not_hide_another_date_or_voice(admin_client: Client) -> None:
    row = make.StatementFactory(voice="coalition")
    form = edit(admin_client, row, voice="member", **{"correction-none": "on"})
    answer = send(admin_client, row, form)
    assert any("that is a fact" in one for one in errors_of(answer))
    row.refresh_from_db()
    assert row.voice == "coalition"


def test_what_only_adds_and_what_is_a_draft_needs_no_line(admin_client: Client) -> None:
    row = make.StatementFactory(place="")
    demand = make.DemandFactory()
    form = edit(admin_client, row, place="Dubai")
    form.add_row("mentions", demand=demand.pk, paraphrase="They ask.")
    saved(send(admin_client, row, form, line=None))
    draft = make.StatementFactory(state="draft")
    form = edit(admin_client, draft, title="Another")
    assert "correction-why" not in form.data
    saved(send(admin_client, draft, form))
    form = edit(admin_client, make.StatementFactory(state="draft"), title="Published at once")
    assert not Correction.objects.exists()


def test_what_stands_below_a_form_is_asked_about_too(admin_client: Client) -> None:
    mention = make.MentionFactory(speaker=make.PersonFactory())
    demand, person = mention.demand, make.PersonFactory()
    form = edit(admin_client, demand, **{"mentions-0-speaker": person.pk})
    assert errors_of(send(admin_client, demand, form, line=None))
    saved(send(admin_client, demand, form))
    assert [(row.table, row.facts) for row in Correction.objects.all()] == [
        ("demands.mention", "speaker")
    ]
    draft = make.MentionFactory(demand=make.DemandFactory(state="draft"))
    form = edit(admin_client, draft.demand, **{"mentions-0-paraphrase": "Other words."})
    saved(send(admin_client, draft.demand, form, line=None))


@pytest.mark.parametrize("model", [Text, Mention])
def test_rows_without_a_state_are_public_with_what_they_stand_on(
    model: Any, admin_client: Client
) -> None:
    row = make.TextFactory() if model is Text else make.MentionFactory()
    name = "body" if model is Text else "paraphrase"
    form = edit(admin_client, row, **{name: "Other words than before."})
    assert errors_of(send(admin_client, row, form, line=None))
    saved(send(admin_client, row, form))
    assert Correction.objects.get().why == "It was entered wrongly."


def test_a_mention_that_visitors_see_is_not_deleted_in_silence(admin_client: Client) -> None:
    mention = make.MentionFactory()
    page = address(Mention, "delete", mention.pk)
    form = SentForm(admin_client.get(page).content.decode(), "")
    admin_client.post(page, form.data)
    assert Mention.objects.filter(pk=mention.pk).exists()
    admin_client.post(page, {**form.data, "correction-why": [WHY]})
    assert not Mention.objects.exists()
    one = Correction.objects.get()
    assert (one.table, one.row_id, one.facts) == ("demands.demand", mention.demand_id, "mentions")


def test_the_line_is_looked_at_for_personal_data(admin_client: Client) -> None:
    row = make.StatementFactory()
    line = {"correction-why": "Write to someone@example.org."}
    answer = send(admin_client, row, edit(admin_client, row, title="Another title", **line))
    assert errors_of(answer)
    row.refresh_from_db()
    assert row.title != "Another title"


# --- by hand -----------------------------------------------------------------------------------


def by_hand(client: Client, **values: Any) -> Any:
    form = open_form(client, reverse(ADD))
    given = {"table": "demands.demand", "fact": ["reply"], "why": "They replied."}
    return client.post(reverse(ADD), form.set(**{**given, **values}).press())


def test_a_correction_is_recorded_by_hand_and_stays(admin_client: Client) -> None:
    demand = make.DemandFactory(slug="widen")
    for about in (demand.reference, "https://example.org/demands/widen/", demand.reference.lower()):
        assert by_hand(admin_client, about=about).status_code == 302
    assert Correction.objects.about(demand).count() == 3
    one = Correction.objects.first()
    assert one is not None
    assert (one.facts, one.by.username) == ("reply", "admin")
    page = admin_client.get(reverse("admin:lib_correction_change", args=[one.pk]))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert "widen" in admin_client.get(reverse("admin:lib_correction_changelist")).content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"about": "D-999"}, "about"),
        ({"about": "a\x00b"}, "about"),
        ({"about": "D-001", "fact": []}, "fact"),
        ({"about": "D-001", "why": " "}, "why"),
        ({"about": "D-001", "table": "auth.user"}, "table"),
        ({"about": "D-001", "why": "Write to someone@example.org."}, "__all__"),
    ],
)
def test_what_does_not_hold_is_said(
    values: dict[str, Any], field: str, admin_client: Client
) -> None:
    make.DemandFactory()
    answer = by_hand(admin_client, **values)
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert not Correction.objects.exists()


def test_only_who_may_publish_records_by_hand_and_only_that() -> None:
    demand, person = make.DemandFactory(), make.PersonFactory()
    assert staff("change_demand", "view_demand").get(reverse(ADD)).status_code == 403
    client = staff("publish_demand")
    assert by_hand(client, about=demand.reference).status_code == 302
    answer = by_hand(client, table="statements.person", about=person.slug)
    assert "table" in answer.context["adminform"].form.errors
    assert Correction.objects.count() == 1
    hidden = make.PersonFactory(public_name="withheld")
    answer = by_hand(staff("publish_person"), table="statements.person", about=hidden.slug)
    assert "about" in answer.context["adminform"].form.errors
    assert not Correction.objects.filter(table=Person._meta.label_lower).exists()
