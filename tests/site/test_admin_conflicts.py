"""Two editors at once: a stale form is refused with both texts, nothing is lost, the next goes."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from demands.models import Demand, Mention
from statements.models import Meeting, Organisation, Person, Role, Statement, StatementSpeaker
from tests import factories as make
from tests.sent_forms import SentForm, errors_of, open_form
from tests.site.test_admin_saving import address, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> Client:
    """The other editor, in another browser."""
    user = get_user_model()._default_manager.create_superuser(
        "other",
        "other@example.org",
        "a long enough password",
        first_name="Ama",
        last_name="Boateng",
    )
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, row: Any, form: SentForm, button: str = "_save") -> Any:
    return client.post(address(type(row), "change", row.pk), form.press(button))


def both_open(row: Any, one: Client, two: Client) -> tuple[SentForm, SentForm]:
    page = address(type(row), "change", row.pk)
    return open_form(one, page), open_form(two, page)


def again(answer: Any) -> SentForm:
    """The form of a page that came back."""
    return SentForm(answer.content.decode())


FIELDS = {
    Meeting: ("title", "note"),
    Statement: ("title", "summary"),
    Demand: ("title", "description"),
    Organisation: ("name", "note"),
    Person: ("full_name", "name_variants"),
    Role: ("role", "note"),
    Mention: ("paraphrase", "paraphrase_fr"),
}
FACTORIES = {
    Meeting: make.MeetingFactory,
    Statement: make.StatementFactory,
    Demand: make.DemandFactory,
    Organisation: make.OrganisationFactory,
    Person: make.PersonFactory,
    Role: make.RoleFactory,
    Mention: make.MentionFactory,
}


@pytest.mark.parametrize("model", FIELDS, ids=lambda model: model.__name__)
def test_a_stale_form_shows_both_texts_and_goes_through_the_second_time(
    model: Any, admin_client: Client, other: Client
) -> None:
    row = FACTORIES[model]()
    field, untouched = FIELDS[model]
    mine, theirs = both_open(row, admin_client, other)
    saved(send(other, row, theirs.set(**{field: "Their words", untouched: "Their addition"})))
    answer = send(admin_client, row, mine.set(**{field: "My words"}))
    assert any("Ama Boateng changed this in the meantime" in one for one in errors_of(answer))
    row.refresh_from_db()
    assert getattr(row, field) == "Their words"
    (conflict,) = answer.context["conflicts"]
    shown = {one.label.lower(): (one.yours, one.theirs, one.kept) for one in conflict.differences}
    assert ("My words", "Their words", True) in shown.values()
    assert any(one[1] == "Their addition" and not one[2] for one in shown.values())
    html = answer.content.decode()
    assert "My words" in html
    assert "Their words" in html
    second = again(answer)
    assert second.data[field] == ["My words"]
    assert second.data[untouched] == ["Their addition"]
    saved(send(admin_client, row, second))
    row.refresh_from_db()
    assert (getattr(row, field), getattr(row, untouched)) == ("My words", "Their addition")


def test_the_same_words_twice_are_told_and_saved(admin_client: Client, other: Client) -> None:
    row = make.MeetingFactory()
    mine, theirs = both_open(row, admin_client, other)
    saved(send(other, row, theirs.set(title="The same")))
    answer = send(admin_client, row, mine.set(title="The same"))
    assert "It reads the same as your form" in answer.content.decode()
    saved(send(admin_client, row, again(answer)))


@pytest.mark.parametrize("version", ["", "0", "99", "-1", "x", "9" * 30])
def test_a_form_without_its_version_is_stale(version: str, admin_client: Client) -> None:
    row = make.MeetingFactory()
    form = open_form(admin_client, address(Meeting, "change", row.pk))
    answer = send(admin_client, row, form.set(seen_version=version, title="Blind"))
    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.title != "Blind"


def test_links_that_moved_are_a_conflict(admin_client: Client, other: Client) -> None:
    first, second, third = (make.OrganisationFactory() for _number in range(3))
    row = make.StatementFactory(issuers=[first])
    mine, theirs = both_open(row, admin_client, other)
    saved(send(other, row, theirs.set(issued_by=[first.pk, second.pk])))
    answer = send(admin_client, row, mine.set(issued_by=[first.pk, third.pk]))
    assert any("in the meantime" in one for one in errors_of(answer))
    (conflict,) = answer.context["conflicts"]
    (one,) = conflict.differences
    assert (one.yours, one.theirs) == (f"{first}; {third}", f"{first}; {second}")
    saved(send(admin_client, row, again(answer)))
    links = row.issuer_links.order_by("position")
    assert [link.organisation for link in links] == [first, third]


# --- rows below ------------------------------------------------------------------------------


def test_a_row_below_that_somebody_changed_is_a_conflict(
    admin_client: Client, other: Client
) -> None:
    mention = make.MentionFactory()
    row = mention.demand
    mine = open_form(admin_client, address(Demand, "change", row.pk))
    theirs = open_form(other, address(Mention, "change", mention.pk))
    saved(send(other, mention, theirs.set(paraphrase="Theirs")))
    answer = send(admin_client, row, mine.set(**{"mentions-0-paraphrase": "Mine"}))
    assert any("in the meantime" in one for one in errors_of(answer))
    (conflict,) = answer.context["conflicts"]
    assert [(one.yours, one.theirs) for one in conflict.differences] == [("Mine", "Theirs")]
    second = again(answer)
    assert second.data["mentions-0-paraphrase"] == ["Mine"]
    saved(send(admin_client, row, second))
    mention.refresh_from_db()
    assert mention.paraphrase == "Mine"


def test_a_row_below_left_alone_keeps_what_somebody_saved(
    admin_client: Client, other: Client
) -> None:
    mention = make.MentionFactory()
    row = mention.demand
    mine = open_form(admin_client, address(Demand, "change", row.pk))
    theirs = open_form(other, address(Mention, "change", mention.pk))
    saved(send(other, mention, theirs.set(paraphrase="Theirs")))
    saved(send(admin_client, row, mine.set(title="Another title")))
    mention.refresh_from_db()
    row.refresh_from_db()
    assert (mention.paraphrase, row.title) == ("Theirs", "Another title")


def test_a_changed_row_below_is_not_deleted_unseen(admin_client: Client, other: Client) -> None:
    mention = make.MentionFactory()
    row = mention.demand
    mine = open_form(admin_client, address(Demand, "change", row.pk))
    theirs = open_form(other, address(Mention, "change", mention.pk))
    saved(send(other, mention, theirs.set(paraphrase="Theirs")))
    answer = send(admin_client, row, mine.set(**{"mentions-0-DELETE": "on"}))
    assert any("which you wanted to delete, was changed" in one for one in errors_of(answer))
    assert Mention.objects.filter(pk=mention.pk).exists()
    saved(send(admin_client, row, again(answer).set(**{"mentions-0-DELETE": "on"})))
    assert not Mention.objects.filter(pk=mention.pk).exists()


def test_a_row_below_that_somebody_deleted_is_not_lost(admin_client: Client, other: Client) -> None:
    row = make.StatementFactory(speakers=[make.PersonFactory(), make.PersonFactory()])
    gone = row.speaker_links.order_by("position").first()
    mine, theirs = both_open(row, admin_client, other)
    saved(send(other, row, theirs.set(**{"speaker_links-0-DELETE": "on"})))
    assert not StatementSpeaker.objects.filter(pk=gone.pk).exists()
    answer = send(admin_client, row, mine.set(**{"speaker_links-0-name_as_given": "A. Person"}))
    assert any("deleted this entry in the meantime" in one for one in errors_of(answer))
    assert "A. Person" in answer.content.decode()
    saved(send(admin_client, row, again(answer)))
    assert row.speaker_links.get(person=gone.person).name_as_given == "A. Person"
    assert row.speaker_links.count() == 2


def test_a_row_deleted_meanwhile_gives_back_what_was_typed(
    admin_client: Client, other: Client
) -> None:
    row = make.MeetingFactory(state="draft")
    mine = open_form(admin_client, address(Meeting, "change", row.pk))
    page = address(Meeting, "delete", row.pk)
    form = SentForm(other.get(page).content.decode(), "")
    answer = other.post(page, {**form.data, "post": ["yes"]})
    assert answer.status_code == 302
    answer = send(admin_client, row, mine.set(note="An hour’s work"))
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "An hour’s work" in html
    assert "Ama Boateng deleted this entry" in html


def test_a_button_pressed_on_a_stale_page_does_nothing(admin_client: Client, other: Client) -> None:
    row = make.MeetingFactory(state="draft")
    page = address(Meeting, "change", row.pk)
    button = open_form(admin_client, page, "/state/")
    saved(send(other, row, open_form(other, page).set(title="Not to be published yet")))
    answer = admin_client.post(
        address(Meeting, "state", row.pk), button.press("state=published"), follow=True
    )
    assert "Ama Boateng changed" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "draft"
