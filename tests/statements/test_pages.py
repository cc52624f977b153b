"""The pages of one statement, meeting, person and organisation."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from statements import actions
from statements.models import StatementSpeaker
from tests import factories as f

pytestmark = pytest.mark.django_db

EVIL = "<script>alert('x')</script> \"><img src=x onerror=alert(1)>"


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def text(html: str) -> str:
    """Return what a reader reads of the main part, white space single."""
    html = html[html.index("<main") : html.index("</main>")]
    words = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")
    return re.sub(r" ([.,:;)])", r"\1", " ".join(words.split()))


# --- Statement ----------------------------------------------------------------------------


def test_a_statement_says_what_is_known_of_it(client: Client) -> None:
    person = f.PersonFactory(full_name="Michel Yoboué")
    f.RoleFactory(person=person, role="Coordinator", start="2022-02", end="2024-01")
    meeting = f.MeetingFactory(title="Annual Plenary 2023")
    statement = f.StatementFactory(
        slug="closing",
        meeting=meeting,
        date="2023-11",
        place="Victoria Falls",
        delivered="partly",
        text_seen="excerpt",
        confidence="medium",
        speakers=[person],
        issuers=[f.OrganisationFactory(name="KP CSC")],
        issuer_text="signed by 70 NGOs",
        addressees=[f.OrganisationFactory(name="The participants")],
        addressee_text="all ministers",
        source_url="https://www.ipisresearch.be/closing",
        archived_url="https://web.archive.org/closing",
    )
    StatementSpeaker.objects.filter(statement=statement).update(name_as_given="M. Yoboue")
    html = page(client, "/statements/closing/")
    said = text(html)
    for fact in (
        "Voice The coalition",
        "Date November 2023 the day is not known",
        "Meeting Annual Plenary 2023",
        "Place Victoria Falls",
        "Speaker Michel Yoboué Coordinator,",
        "February 2022 to January 2024",
        "the source writes M. Yoboue",
        "Issued by KP CSC as the source has it: signed by 70 NGOs",
        "Addressed to The participants as the source has it: all ministers",
        "Press release Spoken in part Title by us",
        "Language English",
        "What we saw of it Part of the text",
        "Source ipisresearch.be archived copy",
        "How sure we are Fairly sure",
        "This is our summary, not the speaker’s words. Only a part of the text was seen.",
        "No demand is recorded from it.",
    ):
        assert fact in said
    assert 'href="https://web.archive.org/closing"' in html


def test_a_statement_without_a_meeting_a_source_or_a_speaker_stands(client: Client) -> None:
    f.StatementFactory(slug="letter", meeting=None, summary="", summary_fr="", text_seen="mention")
    said = text(page(client, "/statements/letter/"))
    assert "text held by the coalition, not online" in said
    assert "The text was not seen; it is known to exist. There is no summary of it yet." in said
    assert "Meeting" not in said
    assert "Speaker" not in said


def test_a_title_as_published_is_marked_with_its_language(client: Client) -> None:
    title = "Diamants, droits humains"
    f.StatementFactory(slug="fr", title=title, title_fr="", title_kind="published", language="fr")
    f.StatementFactory(slug="ours", title="French page", title_fr="", language="fr")
    marked = f'<span lang="fr" dir="ltr">{title}</span></h1>'
    assert marked in page(client, "/statements/fr/")
    assert f"<h1>{title}</h1>" in page(client, "/fr/statements/fr/")
    assert "<h1>French page</h1>" in page(client, "/statements/ours/")
    assert '<span lang="en" dir="ltr">French page</span></h1>' in page(
        client, "/fr/statements/ours/"
    )


def test_an_arabic_title_reads_from_right_to_left(client: Client) -> None:
    f.StatementFactory(slug="ar", title="عملية كيمبرلي", title_kind="published", language="ar")
    assert '<h1><span lang="ar" dir="rtl">عملية كيمبرلي</span></h1>' in page(
        client, "/statements/ar/"
    )


def test_what_it_raises_stands_with_kind_paraphrase_and_status(client: Client) -> None:
    statement = f.StatementFactory(slug="closing")
    f.MentionFactory(
        statement=statement,
        demand=f.BlockedDemandFactory(title="Widen it"),
        paraphrase="They ask for more.",
        confidence="high",
    )
    f.MentionFactory(statement=statement, kind="criticised")
    f.MentionFactory(statement=statement, demand=f.PositionFactory(title="No confidence"))
    f.MentionFactory(statement=statement, demand=f.DemandFactory(state="draft", title="Secret"))
    html = page(client, "/statements/closing/")
    said = text(html)
    assert "Raises 1 asked, 1 criticised, 1 declared" in said
    assert (
        "asked Widen it They ask for more. In our words, after the full text · sure · M-0001 "
        "Blocked: no consensus" in said
    )
    assert "declared No confidence" in said
    assert "Secret" not in html
    assert "<blockquote" not in html


def test_an_individuals_statement_is_shown_and_not_counted(client: Client) -> None:
    mention = f.MentionFactory(statement=f.StatementFactory(slug="own", voice="individual"))
    said = text(page(client, "/statements/own/"))
    assert "Shown, not counted" in said
    assert mention.reference in said


def test_versions_lead_to_each_other_and_the_original_holds_what_both_raise(
    client: Client,
) -> None:
    original = f.StatementFactory(slug="en", title="In deep crisis")
    french = f.StatementFactory(
        slug="fr", title="Une grave crise", language="fr", version_of=original
    )
    f.StatementFactory(slug="short", title="A shorter one", version_of=original)
    f.StatementFactory(slug="draft", title="A draft", version_of=original, state="draft")
    f.MentionFactory(statement=original)
    said = text(page(client, "/statements/en/"))
    assert "Versions English: A shorter one French: Une grave crise" in said
    html = page(client, "/statements/fr/")
    said = text(html)
    assert "Translation of In deep crisis" in said
    assert "what both raise is shown and counted there: In deep crisis" in said
    assert "Variant of In deep crisis" in text(page(client, "/statements/short/"))
    assert "A draft" not in html
    actions.take_down(original, by=None, why="Not theirs.")
    html = page(client, f"/statements/{french.slug}/")
    assert "In deep crisis" not in html


def test_the_very_words_are_shown_before_a_part_of_them_and_before_our_summary(
    client: Client,
) -> None:
    statement = f.StatementFactory(slug="closing")
    f.TextFactory(statement=statement, kind="summary", body="Ours in short.")
    html = page(client, "/statements/closing/")
    assert "Ours in short." in html
    assert "word for word" not in html
    f.TextFactory(statement=statement, kind="excerpt", body="A part.")
    html = page(client, "/statements/closing/")
    assert "A part of the text, word for word" in html
    assert "Ours in short." not in html
    f.TextFactory(statement=statement, kind="verbatim", body="First.\n\n<b>Second</b>.")
    html = page(client, "/statements/closing/")
    assert '<div class="text words" lang="en" dir="ltr"><p id="t-1">First.</p>' in html
    assert '<p id="t-2">&lt;b&gt;Second&lt;/b&gt;.</p>' in html
    assert "A part." not in html


def test_statements_of_one_meeting_lead_on_to_each_other(client: Client) -> None:
    meeting = f.MeetingFactory()
    f.StatementFactory(slug="one", title="Opening", date="2023-11-06", meeting=meeting)
    f.StatementFactory(slug="two", title="Between", date="2023-11-08", meeting=meeting)
    f.StatementFactory(slug="three", title="Closing", date="2023-11-10", meeting=meeting)
    said = text(page(client, "/statements/two/"))
    assert "Before, same meeting Opening" in said
    assert "After, same meeting Closing" in said


def test_people_who_may_not_be_named_are_named_nowhere(client: Client) -> None:
    hidden = f.PersonFactory(full_name="Hidden Name", slug="hidden-one", public_name="withheld")
    veiled = f.PersonFactory(full_name="Veiled Name", slug="veiled", public_name="function_only")
    draft = f.PersonFactory(full_name="Draft Name", slug="drafted", state="draft")
    body = f.OrganisationFactory(slug="ipis")
    for person, role in ((hidden, "Secret post"), (veiled, "Field monitor"), (draft, "New post")):
        f.RoleFactory(person=person, organisation=body, role=role, start="2020")
    meeting = f.MeetingFactory(slug="plenary")
    statement = f.StatementFactory(
        slug="closing",
        meeting=meeting,
        speakers=[hidden, veiled, draft],
        voice="member",
        issuers=[body],
    )
    StatementSpeaker.objects.filter(statement=statement).update(name_as_given="Veiled N.")
    for person in (hidden, veiled, draft):
        f.MentionFactory(
            statement=statement, speaker=person, demand=f.DemandFactory(slug=f"d-{person.slug}")
        )
    seen = {
        url: page(client, url)
        for url in (
            "/",
            "/statements/closing/",
            "/meetings/plenary/",
            "/organisations/ipis/",
            "/demands/d-hidden-one/",
            "/demands/d-veiled/",
            "/demands/d-drafted/",
        )
    }
    for url, html in seen.items():
        bare = re.sub(r"d-(hidden-one|veiled|drafted)", "", html)
        for secret in (
            "Hidden",
            "Veiled",
            "Draft Name",
            "Secret post",
            "New post",
            "hidden-one",
            "veiled",
            "drafted",
        ):
            assert secret not in bare, (secret, url)
    for url in (
        "/statements/closing/",
        "/meetings/plenary/",
        "/organisations/ipis/",
        "/demands/d-veiled/",
    ):
        assert "Field monitor" in seen[url], url
    for slug in ("hidden-one", "veiled", "drafted"):
        assert client.get(f"/people/{slug}/").status_code == 404
        assert client.get(f"/p/{slug}").status_code == 404
    hidden.state = "published"
    actions.take_down(hidden, by=None, why="In danger.")
    assert client.get("/people/hidden-one/").status_code == 404


# --- Meeting ------------------------------------------------------------------------------


def test_a_meeting_without_a_statement_does_not_say_that_nothing_was_said(client: Client) -> None:
    f.MeetingFactory(
        slug="plenary",
        year=2009,
        start="",
        end="",
        city="Swakopmund",
        format="hybrid",
        country=f.CountryFactory(name="Namibia", code="NA"),
        kp_chair_country=f.CountryFactory(name="India", code="IN"),
        kp_chair_person="Ama Chair",
        csc_presence="walked_out",
        note="Sources disagree on the day.",
        note_fr="",
        source_url="https://www.state.gov/x",
        confidence="low",
    )
    said = text(page(client, "/meetings/plenary/"))
    assert "No text of a statement made here was found." in said
    assert "Date 2009 the day is not known" in said
    assert "Place Swakopmund, Namibia hybrid" in said
    assert "KP Chair India Ama Chair" in said
    assert "The coalition Walked out" in said
    assert "Sources disagree on the day." in said
    assert "Source state.gov How sure we are Unsure" in said
    html = page(client, "/fr/meetings/plenary/")
    assert '<span lang="en" dir="ltr">Sources disagree on the day.</span>' in html


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2023-11-06", "2023-11-10", "Date 6 to 10 November 2023"),
        ("2023-05-29", "2023-06-02", "Date 29 May to 2 June 2023"),
        ("2023-11-06", "2023-11-06", "Date 6 November 2023"),
        ("2023-11", "", "Date from November 2023"),
        ("", "2023-11-10", "Date until 10 November 2023"),
        ("2023-11", "2023-11", "Date November 2023"),
    ],
)
def test_the_dates_of_a_meeting_read_as_they_are_known(
    client: Client, start: str, end: str, said: str
) -> None:
    f.MeetingFactory(slug="plenary", start=start, end=end)
    assert said in text(page(client, "/meetings/plenary/"))


def test_a_meeting_shows_what_was_asked_by_theme_and_where_it_stands(client: Client) -> None:
    meeting = f.MeetingFactory(slug="plenary", cancelled=True)
    one = f.StatementFactory(title="Opening", meeting=meeting, date="2023-11-06")
    two = f.StatementFactory(title="Closing", meeting=meeting, date="2023-11-10")
    f.StatementFactory(
        title="Clôture", meeting=meeting, language="fr", version_of=two, title_kind="published"
    )
    theme = f.ThemeFactory(name="Reform")
    widen = f.BlockedDemandFactory(title="Widen it", theme=theme)
    f.MentionFactory(demand=widen, statement=one, paraphrase="They want it wider.")
    f.MentionFactory(demand=widen, statement=two, kind="criticised")
    f.MentionFactory(demand=f.DemandFactory(title="Mend it"), statement=two, kind="criticised")
    f.MentionFactory(demand=f.DemandFactory(title="Fund it"), statement=two, kind="welcomed")
    f.MentionFactory(demand=f.PositionFactory(title="No confidence"), statement=two)
    own = f.StatementFactory(meeting=meeting, voice="individual", date="2023-11-09")
    f.MentionFactory(demand=f.DemandFactory(title="Own wish"), statement=own)
    f.MentionFactory(
        demand=f.DemandFactory(title="Secret"),
        statement=f.StatementFactory(meeting=meeting, state="draft", title="Draft speech"),
    )
    html = page(client, "/meetings/plenary/")
    said = text(html)
    assert "It was cancelled." in said
    assert "1 demand was asked here and 1 more criticised, in 3 statements." in said
    assert "Reform 1 Widen it They want it wider. In our words, after the full text." in said
    assert "in 2 statements Blocked: no consensus" in said
    assert "Criticised here, not asked Mend it" in said
    assert "A step welcomed here Fund it" in said
    assert "Declared here No confidence" in said
    assert re.search(r"Own wish.*not counted", said)
    assert 'French: <a href="/statements/' in html
    assert '<span lang="fr" dir="ltr">Clôture</span>' in html
    assert "Secret" not in html
    assert "Draft speech" not in html
    assert "not adopted" not in html


def test_meetings_lead_on_in_time(client: Client) -> None:
    for year in (2021, 2022, 2023):
        f.MeetingFactory(
            slug=f"p-{year}", title=f"Plenary {year}", year=year, start=str(year), end=""
        )
    f.MeetingFactory(title="A draft", state="draft", year=2022, start="2022", end="")
    said = text(page(client, "/meetings/p-2022/"))
    assert "Meeting before Plenary 2021 Meeting after Plenary 2023" in said


# --- Person -------------------------------------------------------------------------------


def test_a_person_who_changed_organisation_keeps_both_functions(client: Client) -> None:
    person = f.PersonFactory(
        slug="ama", full_name="Ama Boateng", name_variants="A. Boateng; Ama B."
    )
    f.RoleFactory(
        person=person,
        organisation=f.OrganisationFactory(name="GRPIE"),
        role="Member",
        start="2015",
        end="2018",
        country=f.CountryFactory(name="Ghana"),
        confidence="medium",
        note="Spoke in its name.",
        source_url="https://news.example.org/a",
    )
    f.RoleFactory(person=person, organisation=f.OrganisationFactory(name="RELUFA"), start="2019-02")
    f.RoleFactory(
        person=person,
        organisation=f.OrganisationFactory(name="Draft body", state="draft"),
        role="Guest",
    )
    html = page(client, "/people/ama/")
    said = text(html)
    assert "Also written: A. Boateng, Ama B." in said
    assert "2015 to 2018 Member, GRPIE (Ghana) source: news.example.org · fairly sure" in said
    assert "Spoke in its name." in said
    assert "from February 2019 (the end is not known) Coordinator, RELUFA" in said
    assert "Guest" in said
    assert "Draft body" not in html
    assert "No statement is recorded under this name." in said
    assert "No demand is recorded under this name." in said


def test_a_person_page_shows_statements_and_demands_voiced(client: Client) -> None:
    person = f.PersonFactory(slug="ama", full_name="عائشة")
    demand = f.BlockedDemandFactory(title="Widen it")
    for kind in ("demanded", "demanded", "criticised"):
        statement = f.StatementFactory(
            speakers=[person],
            title="Her speech",
            voice="member",
            meeting=f.MeetingFactory(title="Plenary 9"),
        )
        f.MentionFactory(demand=demand, statement=statement, speaker=person, kind=kind)
    f.StatementFactory(speakers=[person], title="Draft speech", state="draft")
    html = page(client, "/people/ama/")
    said = text(html)
    assert "<h1><bdi>عائشة</bdi></h1>" in html
    assert re.search(
        r"Widen it .* Blocked: no consensus .* asked in 2 mentions, criticised in 1 mention", said
    )
    assert "Press release · a member alone Her speech Plenary 9" in said
    assert "Draft speech" not in html


# --- Organisation -------------------------------------------------------------------------


def test_an_organisation_says_what_is_known_and_what_was_asked_of_it(client: Client) -> None:
    ghana = f.CountryFactory(name="Ghana", code="GH")
    body = f.OrganisationFactory(
        slug="ghana",
        name="Ghana",
        acronym="GH-KP",
        other_names="Gold Coast; Rép. du Ghana",
        country=ghana,
        start="2003",
        end="2020-05",
        note="Suspended once.",
        confidence="high",
        source_url="https://www.kimberleyprocess.com/ghana",
    )
    f.BlockedDemandFactory(title="Mend the controls", addressees=[body])
    f.DemandFactory(title="Secret", addressees=[body], state="draft")
    f.RoleFactory(
        person=f.PersonFactory(full_name="Ama Boateng"),
        organisation=body,
        start="2004",
        role="Focal point",
    )
    f.StatementFactory(title="Their reply", issuers=[body])
    f.StatementFactory(addressees=[body])
    f.MeetingFactory(title="Plenary in Accra", kp_chair_country=ghana, kp_chair_person="Mr Chair")
    html = page(client, "/organisations/ghana/")
    said = text(html)
    for fact in (
        "Ghana (GH-KP)",
        "Kind KP participant A state or the European Union",
        "Country Ghana",
        "Time 2003 to May 2020",
        "Other names Gold Coast; Rép. du Ghana",
        "Note Suspended once.",
        "Source kimberleyprocess.com How sure we are Sure",
        "Mend the controls Blocked: no consensus",
        "Ama Boateng Focal point, from 2004",
        "Their reply",
        "Plenary in Accra 6 to 10 November 2023 · Mr Chair",
        "1 statement was addressed to it as a whole.",
    ):
        assert fact in said
    assert "Secret" not in html
    assert "draft" not in html.lower()


# --- All ----------------------------------------------------------------------------------


def test_what_comes_from_the_record_is_escaped(client: Client) -> None:
    person = f.PersonFactory(slug="x", full_name=EVIL, name_variants=EVIL)
    body = f.OrganisationFactory(slug="x", name=EVIL, name_fr=EVIL, other_names=EVIL, note=EVIL)
    f.RoleFactory(person=person, organisation=body, role=EVIL, role_fr=EVIL, note=EVIL)
    meeting = f.MeetingFactory(
        slug="x", title=EVIL, title_fr=EVIL, city=EVIL, note=EVIL, kp_chair_person=EVIL
    )
    statement = f.StatementFactory(
        slug="x",
        title=EVIL,
        title_fr=EVIL,
        summary=EVIL,
        place=EVIL,
        issuer_text=EVIL,
        addressee_text=EVIL,
        meeting=meeting,
        speakers=[person],
        issuers=[body],
    )
    f.TextFactory(statement=statement, body=EVIL)
    f.MentionFactory(statement=statement, speaker=person, paraphrase=EVIL)
    for room in ("people", "organisations", "meetings", "statements"):
        for prefix in ("", "/fr"):
            html = page(client, f"{prefix}/{room}/x/")
            assert "<script>" not in html
            assert "<img" not in html


@pytest.mark.parametrize("room", ["people", "organisations", "meetings", "statements"])
def test_each_page_asks_the_same_number_of_questions_whatever_the_number_of_rows(
    client: Client, room: str
) -> None:
    person = f.PersonFactory(slug="x")
    body = f.OrganisationFactory(slug="x", country=f.CountryFactory())
    meeting = f.MeetingFactory(slug="x", kp_chair_country=body.country)
    statement = f.StatementFactory(slug="x", meeting=meeting, speakers=[person], issuers=[body])

    def more(number: int) -> None:
        for n in range(number):
            other = f.PersonFactory(public_name="function_only")
            f.RoleFactory(person=other, organisation=body, start="2020")
            f.RoleFactory(
                person=person,
                organisation=f.OrganisationFactory(),
                start="2020",
                source_url=f"document:{n}.txt",
            )
            said = f.StatementFactory(
                meeting=meeting,
                speakers=[person, other],
                issuers=[body],
                addressees=[body],
            )
            f.StatementFactory(version_of=said, meeting=meeting)
            demand = f.JudgedDemandFactory(addressees=[body], parent=f.DemandFactory())
            for one in (statement, said):
                f.MentionFactory(demand=demand, statement=one, speaker=person)
                f.MentionFactory(demand=f.DemandFactory(), statement=one, speaker=other)

    more(2)
    page(client, f"/{room}/x/")
    with CaptureQueriesContext(connection) as few:
        page(client, f"/{room}/x/")
    more(6)
    page(client, f"/{room}/x/")
    with CaptureQueriesContext(connection) as many:
        page(client, f"/{room}/x/")
    assert len(few) == len(many)
    assert len(many) <= 28
