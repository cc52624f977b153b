"""Every page of the admin opens, on every table, for a row as it stands in the record."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from kptracker.lib.admin import RecordAdmin
from tests import factories as make

pytestmark = pytest.mark.django_db

TABLES = [
    (model, model_admin)
    for model, model_admin in admin.site._registry.items()
    if isinstance(model_admin, RecordAdmin)
]
IDS = [model._meta.label for model, _admin in TABLES]


@pytest.fixture
def rows() -> dict[Any, Any]:
    """One row of each table, linked to one another."""
    role = make.RoleFactory(country=make.CountryFactory(), start="2011", end="2013-05")
    meeting = make.MeetingFactory(country=role.country)
    statement = make.StatementFactory(
        meeting=meeting, issuers=[role.organisation], addressees=[make.OrganisationFactory()]
    )
    speaker = make.SpeakerFactory(statement=statement, person=role.person, role=role)
    text = make.TextFactory(statement=statement)
    demand = make.BlockedDemandFactory(addressees=[role.organisation])
    mention = make.MentionFactory(
        demand=demand,
        statement=statement,
        speaker=role.person,
        text=text,
        quote="widen the definition",
    )
    made = [
        role.country,
        role.organisation,
        role.person,
        role,
        meeting,
        statement,
        speaker,
        text,
        demand,
        demand.theme,
        mention,
        demand.assessments.get(),
    ]
    return {type(row): row for row in made}


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize(("model", "model_admin"), TABLES, ids=IDS)
def test_every_page_opens(
    model: Any, model_admin: Any, rows: dict[Any, Any], admin_client: Client
) -> None:
    row = rows[model]
    pages = {
        "changelist": address(model, "changelist"),
        "search": address(model, "changelist") + "?q=Déf%20x",
        "add": address(model, "add"),
        "change": address(model, "change", row.pk),
        "history": address(model, "history", row.pk),
        "version": address(model, "simple_history", row.pk, row.history.first().pk),
    }
    if model_admin.has_delete_permission.__func__ is not type(model_admin).has_delete_permission:
        pages["delete"] = address(model, "delete", row.pk)
    for name, page in pages.items():
        answer = admin_client.get(page)
        assert answer.status_code == 200, (name, answer)
        html = answer.content.decode()
        assert " style=" not in html, name
        assert "<script>" not in html, name


@pytest.mark.parametrize(("model", "model_admin"), TABLES, ids=IDS)
def test_every_need_is_a_list(
    model: Any, model_admin: Any, rows: dict[Any, Any], admin_client: Client
) -> None:
    for need in model_admin.needs:
        answer = admin_client.get(address(model, "changelist"), {"needs": need.code})
        assert answer.status_code == 200


def test_the_first_page_groups_the_tables_and_counts_what_waits(
    rows: dict[Any, Any], admin_client: Client
) -> None:
    make.StatementFactory(state="draft")
    answer = admin_client.get(reverse("admin:index"))
    html = answer.content.decode()
    groups = ["The record", "The cast", "Lists", "Accounts"]
    assert [group for group in groups if f">{group}<" in html] == groups
    waiting = {
        (table, one.url.rpartition("=")[2]): one.count
        for table, found in answer.context["attention"]
        for one in found
    }
    assert waiting["Statements", "draft"] == 1
    assert waiting["Demands", "provisional"] == 1
    assert waiting["Demands", "old"] == 1
    for _table, found in answer.context["attention"]:
        for one in found:
            listed = admin_client.get(one.url).context["cl"].result_count
            assert listed == one.count, one
