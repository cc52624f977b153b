"""Every form of the admin opens and saves what a browser sends, through the actions."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from demands.models import Demand, Mention, Theme
from kptracker.lib.partial_dates import PartialDate
from statements.models import Country, Meeting, Organisation, Person, Role, Statement, Text
from tests import factories as make
from tests.sent_forms import errors_of, open_form

pytestmark = pytest.mark.django_db


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def new(client: Client, model: Any, button: str = "_save", **values: Any) -> Any:
    """Fill an empty form in and send it; return the answer."""
    form = open_form(client, address(model, "add"))
    form.set(**values)
    return client.post(address(model, "add"), form.press(button))


def saved(answer: Any) -> None:
    assert answer.status_code == 302, errors_of(answer)


# --- each table ----------------------------------------------------------------------------


def test_a_country(admin_client: Client) -> None:
    saved(new(admin_client, Country, code="SL", name="Sierra Leone"))
    assert Country.objects.get().name_key == "sierra leone"


def test_a_theme(admin_client: Client) -> None:
    saved(new(admin_client, Theme, name="Definition", slug="definition"))
    assert Theme.objects.get().slug == "definition"


def test_an_organisation(admin_client: Client) -> None:
    country = make.CountryFactory()
    values = {"name": "CENADEP", "kind": "coalition_member", "country": country.pk}
    saved(new(admin_client, Organisation, start="2001-05", end="2019", **values))
    row = Organisation.objects.get()
    assert (row.slug, str(row.start), str(row.end), row.state) == (
        "cenadep",
        "2001-05",
        "2019",
        "draft",
    )


def test_a_person_with_two_functions(admin_client: Client) -> None:
    organisation = make.OrganisationFactory()
    form = open_form(admin_client, address(Person, "add"))
    form.set(full_name="Ama Mensah")
    form.add_row(
        "roles", role="Coordinator", organisation=organisation.pk, start="2011", end="2013"
    )
    form.add_row("roles", role_fr="Rapporteuse", start="2014-05")
    saved(admin_client.post(address(Person, "add"), form.press()))
    person = Person.objects.get()
    roles = list(person.roles.order_by("reference"))
    assert [(role.reference, str(role), str(role.start)) for role in roles] == [
        ("R-001", "Coordinator", "2011"),
        ("R-002", "Rapporteuse", "2014-05"),
    ]
    assert roles[0].history.get().history_user.username == "admin"


def test_a_withheld_person_gets_an_address_without_the_name(admin_client: Client) -> None:
    saved(new(admin_client, Person, full_name="Hidden Monitor", public_name="withheld"))
    assert "hidden" not in Person.objects.get().slug


def test_a_role(admin_client: Client) -> None:
    person = make.PersonFactory()
    saved(new(admin_client, Role, person=person.pk, role="Envoy", start="2011"))
    assert Role.objects.get().person == person


def test_a_meeting_takes_its_year_from_its_start(admin_client: Client) -> None:
    saved(new(admin_client, Meeting, title="Plenary", kind="plenary", start="2017-12"))
    row = Meeting.objects.get()
    assert (row.year, row.slug, row.state) == (2017, "plenary", "draft")
    assert row.sort_on == date(2017, 12, 31)


def test_a_statement_with_all_that_belongs_to_it(admin_client: Client) -> None:
    meeting, demand = make.MeetingFactory(), make.DemandFactory()
    first, second = make.OrganisationFactory(), make.OrganisationFactory()
    role = make.RoleFactory()
    other = make.PersonFactory()
    form = open_form(admin_client, address(Statement, "add"))
    form.set(
        title="Opening speech",
        kind="speech",
        date="2023-11-06",
        meeting=meeting.pk,
        language="en",
        delivered="yes",
        issued_by=[second.pk, first.pk],
        addressed_to=[first.pk],
        summary="In our words.",
    )
    form.add_row("speaker_links", person=role.person_id, role=role.pk)
    form.add_row("speaker_links", person=other.pk, name_as_given="A. Other")
    form.add_row("texts", kind="verbatim", language="en", body="We ask:\r\nwiden the definition.")
    form.add_row("mentions", demand=demand.pk, words="widen the definition", speaker=other.pk)
    saved(admin_client.post(address(Statement, "add"), form.press()))
    row = Statement.objects.get()
    assert (row.state, row.slug) == ("draft", "opening-speech")
    assert [link.organisation for link in row.issuer_links.order_by("position")] == [second, first]
    speakers = row.speaker_links.order_by("position")
    assert [(one.position, one.person, one.role) for one in speakers] == [
        (1, role.person, role),
        (2, other, None),
    ]
    text = row.texts.get()
    assert text.body == "We ask:\nwiden the definition."
    mention = row.mentions.get()
    passage = mention.passages.get()
    assert (mention.reference, passage.text, passage.start) == ("M-0001", text, 8)
    demand.refresh_from_db()
    assert demand.asked_count == 0  # the statement is a draft
    for made in (row, *speakers, text, mention, row.issuer_links.first()):
        assert made.history.first().history_user.username == "admin", made


def test_a_text(admin_client: Client) -> None:
    statement = make.StatementFactory()
    values = {"statement": statement.pk, "kind": "excerpt", "language": "fr"}
    saved(new(admin_client, Text, body="Nous demandons.", **values))
    assert len(Text.objects.get().sha256) == 64


def test_a_demand_with_two_mentions_counts_once_published(admin_client: Client) -> None:
    theme, organisation = make.ThemeFactory(), make.OrganisationFactory()
    one = make.StatementFactory(date="2019-05")
    two = make.StatementFactory(date="2021-11-09")
    form = open_form(admin_client, address(Demand, "add"))
    form.set(title="Widen the definition", theme=theme.pk, asked_of=[organisation.pk])
    form.add_row("mentions", statement=one.pk, kind="demanded", paraphrase="They ask.")
    form.add_row("mentions", statement=two.pk, kind="demanded", paraphrase="They ask again.")
    saved(admin_client.post(address(Demand, "add"), form.press("_publish")))
    row = Demand.objects.get()
    assert (row.reference, row.slug, row.state) == ("D-001", "widen-the-definition", "published")
    assert (row.asked_count, str(row.first_asked), str(row.last_asked)) == (
        2,
        "2019-05",
        "2021-11-09",
    )


def test_a_mention(admin_client: Client) -> None:
    demand, statement = make.DemandFactory(), make.StatementFactory()
    values = {"demand": demand.pk, "statement": statement.pk, "paraphrase_fr": "Ils demandent."}
    saved(new(admin_client, Mention, **values))
    demand.refresh_from_db()
    assert demand.asked_count == 1


# --- saving what is there --------------------------------------------------------------------


def all_rows() -> list[Any]:
    role = make.RoleFactory(country=make.CountryFactory(), start="2011", end="2013-05")
    meeting = make.MeetingFactory(country=role.country)
    statement = make.StatementFactory(
        meeting=meeting, issuers=[role.organisation], addressees=[make.OrganisationFactory()]
    )
    make.SpeakerFactory(statement=statement, person=role.person, role=role)
    text = make.TextFactory(statement=statement)
    demand = make.BlockedDemandFactory(addressees=[role.organisation])
    mention = make.MentionFactory(
        demand=demand, statement=statement, text=text, quote="widen the definition"
    )
    shown = [role.country, role.organisation, role.person, role, meeting, statement, text]
    return [*shown, demand.theme, demand, mention]


def test_saving_what_was_not_touched_changes_nothing(admin_client: Client) -> None:
    for row in all_rows():
        model = type(row)
        before = model.objects.values().get(pk=row.pk)
        form = open_form(admin_client, address(model, "change", row.pk))
        saved(admin_client.post(address(model, "change", row.pk), form.press()))
        assert model.objects.values().get(pk=row.pk) == before
        assert row.history.count() == 1 or row.history.first().version == row.version


CHANGES = {
    "code": "XY",
    "full_name": "Another Name",
    "role": "Rapporteur",
    "title": "Another title",
    "body": "We ask you to widen the definition, now.",
    "paraphrase": "Other words of ours.",
    "name": "Another name",
}


def test_a_change_is_saved_with_its_author(admin_client: Client) -> None:
    for row in all_rows():
        model = type(row)
        form = open_form(admin_client, address(model, "change", row.pk))
        name = next(name for name in CHANGES if name in form.data)
        form.set(**{name: CHANGES[name]})
        saved(admin_client.post(address(model, "change", row.pk), form.press()))
        row.refresh_from_db()
        assert getattr(row, name) == CHANGES[name]
        newest = row.history.first()
        assert (newest.history_user.username, newest.version) == ("admin", row.version)


def test_derived_values_can_only_be_read(admin_client: Client) -> None:
    demand = make.BlockedDemandFactory()
    form = open_form(admin_client, address(Demand, "change", demand.pk))
    derived = {"status", "reason", "reference", "asked_count", "provisional", "state", "version"}
    assert not derived & set(form.data)
    form.set(status="met", asked_count=99, state="draft", reference="D-999", title="New")
    saved(admin_client.post(address(Demand, "change", demand.pk), form.press()))
    demand.refresh_from_db()
    assert (demand.status, demand.asked_count, demand.state) == ("blocked", 0, "published")
    assert demand.title == "New"


# --- two languages, dates, bad input -----------------------------------------------------------


@pytest.mark.parametrize("model", [Meeting, Statement, Demand])
def test_french_alone_saves_a_draft_and_does_not_publish(model: Any, admin_client: Client) -> None:
    values: dict[Any, dict[str, Any]] = {
        Meeting: {"kind": "plenary", "start": "2023-11-06"},
        Statement: {"kind": "open_letter", "date": "2023", "language": "fr"},
        Demand: {"theme": make.ThemeFactory().pk},
    }
    saved(new(admin_client, model, title_fr="Élargir la définition", **values[model]))
    row = model.objects.get()
    assert (row.state, row.slug, str(row)) == (
        "draft",
        "elargir-la-definition",
        "Élargir la définition",
    )
    form = open_form(admin_client, address(model, "change", row.pk))
    answer = admin_client.post(address(model, "change", row.pk), form.press("_publish"))
    assert "A published row needs its English text." in errors_of(answer)
    row.refresh_from_db()
    assert row.state == "draft"


def test_neither_language_is_refused(admin_client: Client) -> None:
    answer = new(admin_client, Meeting, kind="plenary", start="2023")
    assert "Give the title in English or in French." in errors_of(answer)


@pytest.mark.parametrize(
    "text",
    [
        "2023-13",
        "2023-02-30",
        "0000",
        "0000-00-00",
        "99999",
        "yesterday",
        "2023-11-",
        "-5",
        "20231106",
    ],
)
def test_a_bad_date_says_how_to_write_one(text: str, admin_client: Client) -> None:
    answer = new(admin_client, Meeting, title="Plenary", kind="plenary", year=2023, start=text)
    form = answer.context["adminform"].form
    assert list(form.errors) == ["start"]
    assert text in answer.content.decode()
    assert not Meeting.objects.exists()


def test_an_end_before_the_start_stands_beside_the_end(admin_client: Client) -> None:
    answer = new(
        admin_client, Meeting, title="P", kind="plenary", start="2023-11-10", end="2023-11-06"
    )
    assert list(answer.context["adminform"].form.errors) == ["end"]


@pytest.mark.parametrize("text", ["2017", "2017-11", "2017-11-09"])
def test_a_date_comes_back_as_it_was_typed(text: str, admin_client: Client) -> None:
    statement = make.StatementFactory(date=text)
    form = open_form(admin_client, address(Statement, "change", statement.pk))
    assert form.data["date"] == [text]
    assert statement.date == PartialDate.parse(text)


@pytest.mark.parametrize("name", ["title", "slug", "start", "note", "kind", "country", "year"])
def test_a_nul_byte_is_refused_in_words(name: str, admin_client: Client) -> None:
    values = {"title": "P", "kind": "plenary", "start": "2023", name: "a\x00b"}
    answer = new(admin_client, Meeting, **values)
    assert name in answer.context["adminform"].form.errors
    assert not Meeting.objects.exists()


def test_a_quote_that_is_not_in_the_text_is_refused_and_kept(admin_client: Client) -> None:
    text = make.TextFactory()
    demand = make.DemandFactory()
    form = open_form(admin_client, address(Statement, "change", text.statement_id))
    form.add_row("mentions", demand=demand.pk, words="widen the  definition", paraphrase="Words.")
    answer = admin_client.post(address(Statement, "change", text.statement_id), form.press())
    assert any("do not stand in the text" in one for one in errors_of(answer))
    html = answer.content.decode()
    assert "widen the  definition" in html
    assert "Words." in html
    assert not Mention.objects.exists()


def test_a_quote_without_any_text_says_what_to_do(admin_client: Client) -> None:
    statement, demand = make.StatementFactory(), make.DemandFactory()
    answer = new(admin_client, Mention, statement=statement.pk, demand=demand.pk, words="words")
    assert any("No text of this statement is held" in one for one in errors_of(answer))


def quoted_text() -> tuple[Text, Mention]:
    text = make.TextFactory(body="We ask: widen the definition. Then: widen the definition!")
    mention = make.MentionFactory(
        statement=text.statement, text=text, quote="widen the definition!", paraphrase=""
    )
    return text, mention


@pytest.mark.parametrize("model", [Text, Statement])
def test_quotes_follow_a_text_that_is_mended(model: Any, admin_client: Client) -> None:
    text, mention = quoted_text()
    row, name = (text, "body") if model is Text else (text.statement, "texts-0-body")
    form = open_form(admin_client, address(model, "change", row.pk))
    form.set(**{name: f"Friends! {text.body}"})
    saved(admin_client.post(address(model, "change", row.pk), form.press()))
    text.refresh_from_db()
    mention.refresh_from_db()
    passage = mention.passages.get()
    assert text.body[passage.start : passage.end] == passage.exact == mention.quote
    assert passage.start == text.body.rindex(mention.quote)
    assert passage.prefix == text.body[passage.start - 32 : passage.start]


@pytest.mark.parametrize("model", [Text, Statement])
def test_a_quote_that_is_corrected_away_keeps_its_words_and_says_so(
    model: Any, admin_client: Client
) -> None:
    text, mention = quoted_text()
    row, name = (text, "body") if model is Text else (text.statement, "texts-0-body")
    form = open_form(admin_client, address(model, "change", row.pk))
    form.set(**{name: "We ask for something else."})
    saved(admin_client.post(address(model, "change", row.pk), form.press()))
    passage = mention.passages.get()
    assert passage.is_lost
    assert passage.exact == mention.quote == "widen the definition!"
    mention.refresh_from_db()
    assert mention.quote == "widen the definition!"


def test_what_an_action_refuses_undoes_all_of_the_form(admin_client: Client) -> None:
    """A circle of parents shows only when the row is checked; what stands below goes with it."""
    above = make.DemandFactory()
    below = make.DemandFactory(parent=above)
    statement = make.StatementFactory()
    form = open_form(admin_client, address(Demand, "change", above.pk))
    form.set(parent=below.pk, title="Changed")
    form.add_row("mentions", statement=statement.pk, paraphrase="They ask.")
    answer = admin_client.post(address(Demand, "change", above.pk), form.press())
    assert any("closes a circle" in one for one in errors_of(answer))
    assert not Mention.objects.exists()
    above.refresh_from_db()
    assert above.title != "Changed"


def test_a_taken_slug_is_refused_and_an_empty_one_made_anew(admin_client: Client) -> None:
    make.MeetingFactory(slug="plenary")
    answer = new(admin_client, Meeting, title="P", kind="plenary", start="2023", slug="plenary")
    assert list(answer.context["adminform"].form.errors) == ["slug"]
    saved(new(admin_client, Meeting, title="Plenary", kind="plenary", start="2023", slug=""))
    assert Meeting.objects.filter(slug="plenary-2").exists()
