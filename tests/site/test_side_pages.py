"""The pages of people and organisations: what they say of those named, and on whose word."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from tests import factories as f

pytestmark = pytest.mark.django_db


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def text(html: str) -> str:
    """Return what a reader reads of the main part, white space single."""
    html = html[html.index("<main") : html.index("</main>")]
    words = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")
    return re.sub(r" ([.,:;)])", r"\1", " ".join(words.split()))


def figures_agree(client: Client, html: str) -> int:
    """Follow every link to a list whose words begin with a number, or hold "in N"; compare.

    Returns how many were followed.
    """
    followed = 0
    main = html[html.index("<main") : html.index("</main>")]
    for address, words in re.findall(r'<a[^>]* href="(/[a-z/]+/\?[^"]+)"[^>]*>([^<]+)</a>', main):
        number = re.match(r"(?:all |.* in |.* of )?(\d+)\b", words)
        if not number:
            continue
        answer = client.get(unescape(address))
        assert answer.status_code == 200, address
        assert answer.context["listing"].total == int(number[1]), (address, words)
        followed += 1
    return followed


# --- Somebody who speaks --------------------------------------------------------------------


def test_every_figure_of_a_person_leads_to_its_rows(client: Client) -> None:
    person = f.PersonFactory(slug="ama")
    demand, position = f.BlockedDemandFactory(title="Widen it"), f.PositionFactory()
    for kind, year in (("demanded", 2015), ("demanded", 2018), ("criticised", 2021)):
        statement = f.StatementFactory(speakers=[person], date=f"{year}-05-01")
        f.StatementFactory(version_of=statement, speakers=[person], date=f"{year}-05-01")
        f.MentionFactory(demand=demand, statement=statement, speaker=person, kind=kind)
        f.MentionFactory(demand=position, statement=statement, speaker=person)
    f.MentionFactory(demand=f.DemandFactory(state="draft", title="Secret"), speaker=person)
    f.MentionFactory(speaker=person, statement=f.StatementFactory(state="draft"))
    html = page(client, "/people/ama/")
    said = text(html)
    assert (
        "Spoke, signed or was quoted in 3 statements between 2015 and 2021; voiced 1 demand."
    ) in said
    assert "In all: asked in 5 mentions, criticised in 1 mention" in said
    assert "1 position or commitment among them" in said
    assert "declared in 3 mentions" in said
    assert "Secret" not in html
    assert figures_agree(client, html) >= 8


def test_each_demand_voiced_shows_its_latest_words_and_whose_they_are(client: Client) -> None:
    person = f.PersonFactory(slug="ama")
    quoted, ours = f.DemandFactory(title="Quoted"), f.DemandFactory(title="Ours")
    old = f.StatementFactory(speakers=[person], date="2015")
    new = f.StatementFactory(speakers=[person], date="2021-11-12", title="Closing speech")
    held = f.TextFactory(statement=new, body="We ask you to widen it now.")
    for statement in (old, new):
        f.MentionFactory(
            demand=ours, statement=statement, speaker=person, paraphrase=f"Said in {statement.date}"
        )
    f.MentionFactory(demand=quoted, statement=old, speaker=person, paraphrase="An older gist")
    f.MentionFactory(
        demand=quoted,
        statement=new,
        speaker=person,
        text=held,
        quote="widen it now",
        confidence="low",
    )
    html = page(client, "/people/ama/")
    said = text(html)
    assert "Said in 2021-11-12" in said
    assert "Said in 2015" not in said
    assert "An older gist" not in said
    assert re.search(r'<blockquote class="theirs"[^>]*><p>“widen it now”</p>', html)
    assert '<p class="ours">Said in 2021-11-12</p>' in html
    assert (
        "Word for word, from the text we hold · unsure · 12 November 2021, Closing speech" in said
    )
    assert "read it in place" in said


def test_a_person_who_changed_organisation_is_shown_as_what_they_were_then(client: Client) -> None:
    person = f.PersonFactory(slug="ama")
    for name, start, end in (("GRPIE", "2015", "2018"), ("RELUFA", "2019-02", "")):
        f.RoleFactory(
            person=person,
            role=f"Head of {name}",
            organisation=f.OrganisationFactory(name=name),
            start=start,
            end=end,
        )
    f.StatementFactory(speakers=[person], date="2016-06-01", title="Early speech")
    f.StatementFactory(speakers=[person], date="2020-06-01", title="Late speech")
    said = text(page(client, "/people/ama/"))
    assert "2015 to 2018 Head of GRPIE, GRPIE" in said
    assert "from February 2019 (the end is not known) Head of RELUFA, RELUFA" in said
    assert "Late speech Head of RELUFA, RELUFA" in said
    assert "Early speech Head of GRPIE, GRPIE" in said


# --- Whoever is criticised ------------------------------------------------------------------


@pytest.fixture
def criticised() -> dict[str, object]:
    """A state of which something is asked, and criticised by a member and the coalition."""
    country = f.CountryFactory(name="Ruritania", code="RR")
    state = f.OrganisationFactory(slug="ruritania", name="Kingdom of Ruritania", country=country)
    chair = f.OrganisationFactory(slug="kp-chair", name="The Chair", kind="addressee_group")
    theme = f.ThemeFactory(slug="ruritania", name="Ruritania")
    demand = f.BlockedDemandFactory(title="Mend the controls", addressees=[state])
    meeting = f.MeetingFactory(kp_chair_country=country, kp_chair_person="Ms Chair")
    speaker = f.PersonFactory(full_name="Ama Boateng")
    body = f.OrganisationFactory(name="An NGO", kind="coalition_member")
    f.MentionFactory(
        demand=demand,
        kind="criticised",
        speaker=speaker,
        statement=f.StatementFactory(
            title="Broken controls", voice="member", issuers=[body], date="2021-03-01"
        ),
        paraphrase="Ruritania lets stones through.",
        confidence="medium",
        source_url="https://news.example.org/controls",
    )
    f.MentionFactory(
        demand=demand,
        statement=f.StatementFactory(
            title="Closing",
            meeting=meeting,
            addressees=[state],
            source_url="https://kp.example.org/closing",
        ),
    )
    f.MentionFactory(demand=demand, statement=f.StatementFactory(state="draft", title="Secret"))
    f.MentionFactory(
        demand=f.DemandFactory(title="Lead well", addressees=[chair], theme=theme),
        statement=f.StatementFactory(meeting=meeting),
    )
    return {"state": state, "chair": chair}


def test_who_is_criticised_reads_what_is_said_on_whose_word_how_sure_and_where_to_object(
    client: Client, criticised: dict[str, object]
) -> None:
    with override_settings(CORRECTIONS_EMAIL="record@example.org"):
        html = page(client, "/organisations/ruritania/")
    said = text(html)
    assert "1 demand is asked of it." in said
    assert "In all: asked in 1 mention, criticised in 1 mention." in said
    assert said.index("Criticised 1") < said.index("Ruritania lets stones through.")
    assert said.index("Ruritania lets stones through.") < said.index("Asked 1")
    assert (
        "Ruritania lets stones through. In our words, after the full text · fairly sure. "
        "A member alone: Ama Boateng, An NGO, in Broken controls · source: news.example.org" in said
    )
    assert "source: kp.example.org" in said  # of the statement, where the mention names none
    assert said.index("Are you named here?") < said.index("Criticised 1")
    assert 'href="mailto:record@example.org?subject=Correction%3A%20ruritania' in html
    assert "The words “Ruritania” stand in 1 mention, whoever is asked." in said
    assert "Themes that bear its name: Ruritania" in said
    assert "what is asked of the KP Chair was raised in 1 mention" in said
    assert "Secret" not in html
    assert figures_agree(client, html) >= 8


def test_whoever_is_named_gets_there_in_three_clicks(
    client: Client, criticised: dict[str, object]
) -> None:
    home = page(client, "/")
    assert 'href="/organisations/"' in home
    listing = page(client, "/organisations/")
    assert re.search(r'<form[^>]*id="filters"', listing)
    assert re.search(r'name="q"', listing[listing.index('id="filters"') :])
    found = page(client, "/organisations/?q=ruritan&kind=participant")
    assert 'href="/organisations/ruritania/"' in found


def test_the_office_of_the_chair_names_its_holders(
    client: Client, criticised: dict[str, object]
) -> None:
    said = text(page(client, "/organisations/kp-chair/"))
    assert "Lead well" in said
    assert "Who held the chair 2023 · Kingdom of Ruritania Ms Chair" in said


def test_an_organisation_nobody_asked_anything_of_and_without_a_country(client: Client) -> None:
    f.OrganisationFactory(slug="quiet", name="A quiet body", kind="observer")
    html = page(client, "/organisations/quiet/")
    said = text(html)
    assert "No demand in the record is addressed to it." in said
    assert "Country" not in said
    assert "Are you named here?" not in said
    assert "What is said of it" not in said
    assert html.count("<h2") == 0


def test_only_some_of_many_mentions_are_shown_and_the_rest_is_linked(client: Client) -> None:
    body = f.OrganisationFactory(slug="kp", kind="process")
    demand = f.DemandFactory(addressees=[body])
    for n in range(17):
        f.MentionFactory(
            demand=demand, kind="criticised", statement=f.StatementFactory(date=f"20{n + 10}")
        )
    html = page(client, "/organisations/kp/")
    assert "the newest 15 of 17: see all" in text(html)
    assert html.count('<li id="M-') == 15
    assert "2026" in html[html.index('id="said-criticised"') :]
    assert ">2010<" not in html[html.index('id="said-criticised"') :]


# --- Odd names ------------------------------------------------------------------------------


def test_a_name_in_arabic_and_a_title_of_300_signs_keep_the_page_whole(client: Client) -> None:
    long = "Unabridged and unbroken title of a statement " * 6 + "to the very end of it all"
    person = f.PersonFactory(slug="aisha", full_name="عائشة محمد")
    f.MentionFactory(
        speaker=person, statement=f.StatementFactory(slug="long", title=long, speakers=[person])
    )
    html = page(client, "/people/aisha/")
    assert "<h1><bdi>عائشة محمد</bdi></h1>" in html
    assert long in html
    assert 'class="long"' in page(client, "/statements/long/")


@pytest.mark.parametrize("url", ["/people/x/", "/organisations/x/", "/organisations/kp-chair/"])
def test_people_and_organisations_ask_the_same_number_of_questions_whatever_they_hold(
    client: Client, url: str
) -> None:
    country = f.CountryFactory(name="Ruritania")
    body = f.OrganisationFactory(slug="x", name="Ruritania", country=country)
    chair = f.OrganisationFactory(slug="kp-chair", kind="addressee_group")
    person = f.PersonFactory(slug="x")
    f.RoleFactory(person=person, organisation=body)

    def more(number: int) -> None:
        for _n in range(number):
            meeting = f.MeetingFactory(kp_chair_country=country)
            statement = f.StatementFactory(
                meeting=meeting, speakers=[person], issuers=[body, f.OrganisationFactory()]
            )
            held = f.TextFactory(statement=statement)
            demand = f.JudgedDemandFactory(addressees=[body, chair], parent=f.DemandFactory())
            for kind in ("demanded", "criticised", "welcomed"):
                f.MentionFactory(
                    demand=demand,
                    statement=statement,
                    speaker=person,
                    kind=kind,
                    text=held,
                    quote="widen",
                    source_url="document:a.txt",
                )

    more(2)
    page(client, url)
    with CaptureQueriesContext(connection) as few:
        page(client, url)
    more(5)
    page(client, url)
    with CaptureQueriesContext(connection) as many:
        page(client, url)
    assert len(few) == len(many)
    assert len(many) <= 26
