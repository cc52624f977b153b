"""Lists of the admin: their files, their speed, and what a bad address does to them."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from demands.models import Assessment
from kptracker.lib.writing import in_one_go
from statements.models import Meeting
from tests import factories as make
from tests.site.test_admin_rights import PUBLISHED, TABLES, rights_on, row_of, staff
from tests.site.test_admin_saving import address

pytestmark = pytest.mark.django_db

# --- files -----------------------------------------------------------------------------------


def export(client: Client, model: Any, *rows: Any, **more: Any) -> Any:
    chosen = {"action": "export_public_rows", "_selected_action": [row.pk for row in rows], **more}
    return client.post(address(model, "changelist"), chosen)


def test_the_file_holds_the_public_ones_of_the_chosen(admin_client: Client, client: Client) -> None:
    one, two = make.MeetingFactory(), make.MeetingFactory()
    make.MeetingFactory()
    draft = make.MeetingFactory(state="draft", title="Secret meeting")
    answer = export(admin_client, Meeting, one, two, draft)
    body = answer.getvalue().decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert [line.split(",")[0] for line in body.splitlines()][1:] == [two.slug, one.slug]
    assert "Secret" not in body
    public = client.get("/meetings.csv").getvalue().decode("utf-8-sig")
    assert set(body.splitlines()) <= set(public.splitlines())


def test_drafts_alone_give_no_file(admin_client: Client) -> None:
    draft = make.MeetingFactory(state="draft")
    answer = admin_client.post(
        address(Meeting, "changelist"),
        {"action": "export_public_rows", "_selected_action": [draft.pk]},
        follow=True,
    )
    assert "None of the selected entries is public" in answer.content.decode()


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_every_table_with_a_public_file_offers_it(model: Any, admin_client: Client) -> None:
    row = row_of(model)
    has_file = admin.site._registry[model].export is not None  # type: ignore[attr-defined]
    html = admin_client.get(address(model, "changelist")).content.decode()
    assert ("export_public_rows" in html) == has_file
    assert "delete_selected" not in html
    if has_file:
        answer = export(admin_client, model, row)
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert len(answer.getvalue().splitlines()) >= 2


def test_a_search_does_not_shrink_or_widen_the_file(admin_client: Client) -> None:
    one, two = make.MeetingFactory(city="Kinshasa"), make.MeetingFactory(city="Kinshasa")
    make.MeetingFactory(city="Paris")
    answer = admin_client.post(
        address(Meeting, "changelist") + "?q=kinshasa",
        {
            "action": "export_public_rows",
            "_selected_action": [one.pk, two.pk],
            "select_across": "1",
        },
    )
    assert len(answer.getvalue().splitlines()) == 3


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda model: model.__name__)
def test_without_the_right_to_look_there_is_no_file(model: Any) -> None:
    row = row_of(model)
    assert export(staff(*rights_on(model, "add", "delete")), model, row).status_code == 403
    assert export(staff(), model, row).status_code == 403


# --- bad addresses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00",
        "?state=%00",
        "?kind__exact=a%00b",
        "?year=" + "9" * 30,
        "?needs=%00",
        "?p=99999999999999999999",
        "?o=99",
        "?country__id__exact=" + "9" * 30,
        "?nothing=1",
    ],
)
def test_a_bad_address_of_a_list_is_no_error_of_ours(query: str, admin_client: Client) -> None:
    make.MeetingFactory()
    answer = admin_client.get(address(Meeting, "changelist") + query, follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("key", ["9" * 30, "abc", "%00", "-1"])
@pytest.mark.parametrize("page", ["change", "delete", "history", "state", "take-down"])
def test_a_bad_key_is_no_error_of_ours(key: str, page: str, admin_client: Client) -> None:
    base = address(Meeting, "changelist")
    answer = admin_client.get(f"{base}{key}/{page}/", follow=True)
    assert answer.status_code in (200, 404)


@pytest.mark.parametrize("term", ["%00", "a" * 5000, "%F0%9F%92%A5", "%25_%27"])
def test_a_bad_search_in_a_list_to_choose_from(term: str, admin_client: Client) -> None:
    base = reverse("admin:autocomplete")
    field = "app_label=statements&model_name=statement&field_name=meeting"
    assert admin_client.get(f"{base}?term={term}&{field}").status_code == 200


def test_what_is_typed_is_never_run(admin_client: Client) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    theme = make.ThemeFactory(name=evil)
    person = make.PersonFactory(full_name=evil)
    organisation = make.OrganisationFactory(name=evil, acronym=evil[:30])
    meeting = make.MeetingFactory(title=evil, city=evil)
    statement = make.StatementFactory(
        title=evil, meeting=meeting, issuers=[organisation], summary=evil
    )
    make.SpeakerFactory(statement=statement, person=person)
    demand = make.BlockedDemandFactory(title=evil, theme=theme, rationale=evil)
    mention = make.MentionFactory(demand=demand, statement=statement, paraphrase=evil)
    get_user_model().objects.filter(username="admin").update(first_name=evil[:100])
    for row in (theme, person, organisation, meeting, statement, demand, mention):
        model = type(row)
        pages = [
            address(model, "changelist"),
            address(model, "changelist") + "?q=%3Cscript%3Ealert(1)",
            address(model, "change", row.pk),
            address(model, "history", row.pk),
            address(model, "delete", row.pk),
        ]
        for page in pages:
            html = admin_client.get(page).content.decode()
            assert "<script>alert" not in html, page
            assert "<img src=x" not in html, page
    assert Assessment.objects.get().rationale == evil


# --- speed -----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_a_list_takes_as_many_queries_for_60_rows_as_for_10(
    model: Any, admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(16) as seen:
            assert admin_client.get(address(model, "changelist")).status_code == 200
        return len(seen)

    fill(model, 10)
    admin_client.get(address(model, "changelist"))  # what is looked up once per process
    few = queries()
    fill(model, 50)
    assert queries() == few


def fill(model: Any, count: int) -> None:
    """Add rows with everything a list shows of them."""
    country, person, theme = make.CountryFactory(), make.PersonFactory(), make.ThemeFactory()
    meeting, statement = make.MeetingFactory(), make.StatementFactory()
    demand = make.DemandFactory(theme=theme)
    one: dict[str, Any] = {
        "Country": make.CountryFactory,
        "Theme": make.ThemeFactory,
        "Meeting": lambda: make.MeetingFactory(country=country),
        "Organisation": lambda: make.OrganisationFactory(country=country),
        "Person": make.PersonFactory,
        "Role": lambda: make.RoleFactory(person=person, country=country),
        "Statement": lambda: make.StatementFactory(meeting=meeting),
        "Text": make.TextFactory,
        "Demand": lambda: make.DemandFactory(theme=theme),
        "Mention": lambda: make.MentionFactory(demand=demand, statement=statement, speaker=person),
        "Assessment": lambda: make.judge(demand),
    }
    with in_one_go():
        for _number in range(count):
            one[model.__name__]()


def test_a_later_page_holds_the_rows_that_follow(admin_client: Client) -> None:
    rows = [
        make.MeetingFactory(
            start=f"20{10 + number // 12}-{number % 12 + 1:02}", end="", year=2010 + number // 12
        )
        for number in range(55)
    ]
    answer = admin_client.get(address(Meeting, "changelist") + "?p=2")
    assert list(answer.context["cl"].result_list) == rows[4::-1]
