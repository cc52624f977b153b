"""The public lists: filters, counts, orders, pages, and what bad parameters get."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import conditional_escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demands import actions
from demands.models import Demand
from demands.tables import ASSESSMENTS, DEMANDS, MENTIONS
from kptracker.lib.listing import PAGE_SIZE
from statements.tables import MEETINGS, ORGANISATIONS, PEOPLE, STATEMENTS
from tests import factories as make

pytestmark = pytest.mark.django_db

TABLES = [DEMANDS, MENTIONS, ASSESSMENTS, STATEMENTS, MEETINGS, PEOPLE, ORGANISATIONS]
NAMES = [table.name for table in TABLES]


def titles(client: Client, address: str) -> list[str]:
    page = client.get(address)
    assert page.status_code == 200, page.content.decode()[:500]
    listing = page.context["listing"]
    found = listing.table.rows().in_bulk(listing.keys)
    page_html = page.content.decode()
    for row in found.values():
        assert conditional_escape(str(getattr(row, "demand", row))) in page_html
    return [str(found[key]) for key in listing.keys]


def counted(client: Client, address: str) -> dict[str, dict[str, int]]:
    listing = client.get(address).context["listing"]
    return {
        facet["name"]: {option.value: option.rows for option in facet["options"]}
        for facet in listing.facets
    }


@pytest.fixture
def few(db: None) -> dict[str, Any]:
    """Some demands that differ in what the filters ask about."""
    russia = make.ThemeFactory(slug="russia", name="Russia")
    definition = make.ThemeFactory(slug="definition", name="Definition")
    chair = make.OrganisationFactory(slug="kp-chair", name="The Chair")
    states = make.OrganisationFactory(slug="kp-participants", name="Participants")
    plenary = make.MeetingFactory(slug="plenary-2023", title="Plenary 2023")
    mtisi = make.PersonFactory(slug="shamiso-mtisi", full_name="Shamiso Mtisi")
    rows = {
        "a": make.BlockedDemandFactory(
            title="Widen the définition", theme=definition, addressees=[states, chair]
        ),
        "b": make.BlockedDemandFactory(
            title="Note the letter", theme=russia, reason="refused", addressees=[states]
        ),
        "c": make.JudgedDemandFactory(
            title="Set up a secretariat", theme=russia, status="met", reviewed_by="The coordinator"
        ),
        "d": make.DemandFactory(title="Hear communities", theme=definition),
        "p": make.PositionFactory(title="No confidence", theme=definition),
        "x": make.DemandFactory(title="A draft", theme=russia, state="draft"),
    }
    for key, months in {"a": 3, "b": 1}.items():
        for month in range(1, months + 1):
            statement = make.StatementFactory(date=f"2020-0{month}", speakers=[mtisi])
            make.MentionFactory(demand=rows[key], statement=statement, speaker=mtisi)
    make.MentionFactory(
        demand=rows["d"], statement=make.StatementFactory(meeting=plenary, date="2023-11-10")
    )
    make.MentionFactory(
        demand=rows["c"],
        kind="criticised",
        statement=make.StatementFactory(meeting=plenary, date="2023-11-09"),
    )
    return {key: Demand.objects.get(pk=row.pk) for key, row in rows.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_list_without_rows_says_so(client: Client, name: str) -> None:
    page = client.get(f"/{name}/")
    assert page.status_code == 200
    assert "Nothing fits." in page.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "adbc"),
        ("?status=blocked", "ab"),
        ("?status=blocked&status=met", "abc"),
        ("?status=blocked&theme=russia", "b"),
        ("?theme=russia&theme=definition", "adbc"),
        ("?reason=refused", "b"),
        ("?judgement=provisional", "ab"),
        ("?judgement=confirmed", "c"),
        ("?judgement=two_years", "abc"),
        ("?kind=position", "p"),
        ("?kind=position&kind=demand", "adbcp"),
        ("?addressee=kp-chair", "a"),
        ("?addressee=kp-chair&addressee=kp-participants", "ab"),
        ("?meeting=plenary-2023", "d"),
        ("?year=2020", "ab"),
        ("?year=2023&year=2020", "adb"),
        ("?speaker=shamiso-mtisi", "ab"),
        ("?asked_min=2", "a"),
        ("?not_reviewed_since=2023-11-11", "abc"),
        ("?not_reviewed_since=2023-11-10", ""),
        ("?q=DEFINITION", "a"),
        ("?q=definition+widen", "a"),
        ("?q=100%25", ""),
        ("?q=_", ""),
        ("?part=whole", "adbc"),
        ("?sort=title", "dbca"),
        ("?utm_source=mail&fbclid=x", "adbc"),
    ],
)
def test_filters_of_demands(client: Client, few: dict[str, Any], query: str, expected: str) -> None:
    wanted = [str(few[key]) for key in expected]
    found = titles(client, f"/demands/{query}")
    assert sorted(found) == sorted(wanted)
    if "judgement" not in query and "not_reviewed" not in query:
        assert found[:2] == wanted[:2]
    csv = b"".join(client.get(f"/demands.csv{query}").streaming_content).decode("utf-8-sig")
    assert csv.count("\r\n") - 1 == len(wanted)
    for title in wanted:
        assert title in csv


def test_counts_beside_choices_are_the_rows_one_gets(client: Client, few: dict[str, Any]) -> None:
    facets = counted(client, "/demands/")
    assert facets["status"] == {"met": 1, "blocked": 2, "not_assessed": 1}
    assert facets["theme"] == {"definition": 2, "russia": 2}
    assert facets["kind"] == {"demand": 4, "position": 1}
    assert facets["year"] == {"2023": 1, "2020": 2}
    assert facets["meeting"] == {"plenary-2023": 1}
    assert facets["speaker"] == {"shamiso-mtisi": 2}
    for name, choices in facets.items():
        for value, rows in choices.items():
            if name == "kind":
                continue
            page = client.get(f"/demands/?{name}={value}")
            assert page.context["listing"].total == rows, (name, value)


def test_counts_take_the_other_filters_as_they_are(client: Client, few: dict[str, Any]) -> None:
    facets = counted(client, "/demands/?theme=russia")
    assert facets["status"] == {"met": 1, "blocked": 1}
    assert facets["theme"] == {"definition": 2, "russia": 2}
    assert facets["addressee"] == {"kp-participants": 1}


def test_the_page_says_in_words_what_is_shown_and_how_to_clear_it(
    client: Client, few: dict[str, Any]
) -> None:
    page = client.get("/demands/?status=blocked&theme=russia&theme=definition").content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "2 blocked demands on Russia or Definition, most often asked first" in text
    assert 'href="?theme=russia&amp;theme=definition"' in page
    assert "Clear all filters" in page
    assert "1 demand with the words “letter”" in re.sub(
        r"<[^>]+>", "", client.get("/demands/?q=letter").content.decode()
    )


def test_a_choice_without_rows_says_which_filter_to_loosen(
    client: Client, few: dict[str, Any]
) -> None:
    page = client.get("/demands/?status=met&theme=definition")
    assert page.status_code == 200
    assert "Loosen one of these" in page.content.decode()
    assert {one.without for one in page.context["listing"].chosen} == {
        "?theme=definition",
        "?status=met",
    }


def test_other_tables_filter_by_what_their_rows_lead_to(
    client: Client, few: dict[str, Any]
) -> None:
    assert len(titles(client, "/mentions/?theme=definition")) == 4
    assert len(titles(client, "/mentions/?kind=criticised&meeting=plenary-2023")) == 1
    assert len(titles(client, f"/mentions/?demand={few['a'].slug}&year=2020")) == 3
    assert len(titles(client, "/mentions/?wording=verbatim")) == 0
    assert len(titles(client, "/assessments/?status=blocked&reason=refused")) == 1
    assert len(titles(client, "/assessments/?evidence=press&review=reviewed")) == 1
    assert len(titles(client, "/assessments/?standing=replaced")) == 0
    assert len(titles(client, "/statements/?speaker=shamiso-mtisi&year=2020")) == 4
    assert len(titles(client, "/statements/?meeting=plenary-2023&voice=coalition")) == 2
    assert len(titles(client, "/statements/?version=version")) == 0
    assert len(titles(client, "/meetings/?year=2023&kind=plenary")) == 1
    assert len(titles(client, "/organisations/?kind=participant&q=chair")) == 1


def test_people_filter_by_organisation_and_country(client: Client) -> None:
    country = make.CountryFactory(code="ZW", name="Zimbabwe")
    role = make.RoleFactory(country=country)
    make.RoleFactory()
    assert titles(client, f"/people/?organisation={role.organisation.slug}") == [str(role.person)]
    assert titles(client, "/people/?country=ZW") == [str(role.person)]
    assert counted(client, "/people/")["country"] == {"ZW": 1}


BAD = [
    "q=%00",
    "q=%ED%A0%80",
    "q=" + "x" * 201,
    "status=__class__",
    "status=blocked&status=%00",
    "theme=no-such-theme",
    "theme=a%27%3B--",
    "addressee=x%00",
    "year=0",
    "year=0000",
    "year=10000",
    "year=-2020",
    "year=٢٠٢٠",
    "year=" + "9" * 30,
    "asked_min=-1",
    "asked_min=" + "9" * 30,
    "asked_min=NaN",
    "asked_min=1&asked_min=2",
    "not_reviewed_since=0000-00-00",
    "not_reviewed_since=2023-02-30",
    "not_reviewed_since=yesterday",
    "sort=__class__",
    "sort=title&sort=asked",
    "page=-1",
    "page=0",
    "page=1.5",
    "page=" + "9" * 30,
    "page=x",
    "columns=reference",
    "state=draft",
    "status__in=blocked",
    "&".join(f"theme=t{n}" for n in range(61)),
]


@pytest.mark.parametrize("query", BAD)
def test_a_bad_parameter_gets_a_message_and_no_rows(
    client: Client, few: dict[str, Any], query: str
) -> None:
    for address in (f"/demands/?{query}", f"/fr/demands/?{query}"):
        page = client.get(address)
        assert page.status_code == 400
        assert few["a"].title not in page.content.decode()
        assert re.split("[=&]", query)[0] in page.content.decode()
    if query.startswith(("page", "columns")):
        return
    file = client.get(f"/demands.csv?{query}")
    assert file.status_code == 400
    assert file["Content-Type"].startswith("text/plain")
    assert few["a"].title not in file.content.decode()


def test_a_page_behind_the_last_is_not_found(client: Client, few: dict[str, Any]) -> None:
    for page in ("2", str(10**9)):
        assert client.get(f"/demands/?page={page}").status_code == 404


def test_an_address_of_100_kb_is_refused(client: Client, few: dict[str, Any]) -> None:
    for name in NAMES:
        for address in (f"/{name}/", f"/{name}.csv"):
            assert client.get(f"{address}?q={'x' * 100_000}").status_code == 414


def test_unknown_columns_are_named_and_known_ones_chosen(
    client: Client, few: dict[str, Any]
) -> None:
    answer = client.get("/demands.csv?columns=reference,password")
    assert answer.status_code == 400
    assert "password" in answer.content.decode()
    answer = client.get("/demands.csv?columns=slug,reference&status=met")
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert rows == ["slug,reference", f"{few['c'].slug},{few['c'].reference}"]


@given(
    name=st.sampled_from(
        [
            "q",
            "status",
            "theme",
            "year",
            "asked_min",
            "sort",
            "page",
            "speaker",
            "not_reviewed_since",
            "meeting",
            "judgement",
            "columns",
        ]
    ),
    value=st.text(max_size=40),
)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_value_whatever_gives_an_error_page_of_ours(
    client: Client, name: str, value: str
) -> None:
    encoded = quote(value.encode("utf-8", "surrogatepass"))
    for address in ("/demands/", "/demands.csv", "/mentions/", "/people/"):
        assert client.get(f"{address}?{name}={encoded}").status_code in (200, 400, 404)


@pytest.fixture
def many(db: None) -> list[Demand]:
    theme = make.ThemeFactory()
    return [make.DemandFactory(theme=theme, title=f"Demand {n:03}") for n in range(130)]


def test_pages_join_without_gap_or_repetition_from_both_ends(
    client: Client, many: list[Demand]
) -> None:
    seen: list[str] = []
    for page in range(1, 7):
        seen += titles(client, f"/demands/?sort=title&page={page}")
    assert seen == [f"Demand {n:03}" for n in range(130)]
    assert len(titles(client, "/demands/?sort=title&page=6")) == 130 - 5 * PAGE_SIZE


def test_filters_and_order_survive_paging(client: Client, many: list[Demand]) -> None:
    listing = client.get("/demands/?sort=title&q=demand&page=2").context["listing"]
    assert listing.next_page == "?sort=title&q=demand&page=3"
    assert listing.previous_page == "?sort=title&q=demand"
    assert listing.file_query == "?sort=title&q=demand"


@pytest.mark.parametrize("name", NAMES)
def test_a_list_takes_few_queries_and_no_more_with_more_rows(
    client: Client, few: dict[str, Any], name: str
) -> None:
    def queries(address: str) -> int:
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as context:
            assert client.get(address).status_code == 200
        return len(context.captured_queries)

    address = f"/{name}/?q=a" if name != "assessments" else "/assessments/?kind=changed"
    first = queries(f"/{name}/"), queries(address)
    assert max(first) <= 8
    theme = make.ThemeFactory()
    for _n in range(20):
        demand = make.BlockedDemandFactory(
            theme=theme, addressees=[make.OrganisationFactory(), make.OrganisationFactory()]
        )
        person = make.RoleFactory().person
        statement = make.StatementFactory(
            meeting=make.MeetingFactory(country=make.CountryFactory()),
            speakers=[person],
            issuers=[make.OrganisationFactory()],
        )
        make.MentionFactory(demand=demand, statement=statement, speaker=person)
    assert (queries(f"/{name}/"), queries(address)) == first


def test_counts_kept_for_the_unfiltered_list_follow_every_public_change(
    client: Client, few: dict[str, Any]
) -> None:
    before = counted(client, "/demands/")["status"]["not_assessed"]
    make.DemandFactory(state="draft")
    assert counted(client, "/demands/")["status"]["not_assessed"] == before
    draft = Demand.objects.get(state="draft", title__startswith="Do thing")
    from statements.actions import publish

    publish(draft, by=None)
    assert counted(client, "/demands/")["status"]["not_assessed"] == before + 1
    make.judge(draft, "closed", reason="failed")
    assert counted(client, "/demands/")["status"]["not_assessed"] == before


def test_drafts_are_in_no_list_count_or_choice(client: Client) -> None:
    theme = make.ThemeFactory(name="MARKER theme is public")
    demand = make.DemandFactory(title="MARKER-demand", theme=theme, state="draft")
    person = make.PersonFactory(full_name="MARKER-person", public_name="withheld")
    functional = make.PersonFactory(full_name="MARKER-function", public_name="function_only")
    meeting = make.MeetingFactory(title="MARKER-meeting", state="in_review")
    issuer = make.OrganisationFactory(name="MARKER-organisation", state="draft")
    statement = make.StatementFactory(
        title="MARKER-statement",
        meeting=meeting,
        state="draft",
        speakers=[person],
        issuers=[issuer],
    )
    public = make.StatementFactory(meeting=meeting, speakers=[person, functional], issuers=[issuer])
    public_demand = make.DemandFactory(theme=theme, addressees=[issuer])
    make.MentionFactory(demand=demand, statement=statement, paraphrase="MARKER-mention")
    make.MentionFactory(demand=public_demand, statement=statement, paraphrase="MARKER-mention")
    make.MentionFactory(demand=demand, statement=public, paraphrase="MARKER-mention")
    make.MentionFactory(demand=public_demand, statement=public, speaker=person)
    make.MentionFactory(demand=public_demand, statement=public, speaker=functional)
    make.judge(demand, "blocked", rationale="MARKER-judgement")
    for name in NAMES:
        for address in (f"/{name}/", f"/fr/{name}/"):
            assert "MARKER-" not in client.get(address).content.decode(), address
        file = b"".join(client.get(f"/{name}.csv").streaming_content).decode()
        assert "MARKER-" not in file, name
    for name in ("speakers", "roles", "evidence", "themes"):
        file = b"".join(client.get(f"/{name}.csv").streaming_content).decode()
        assert "MARKER-" not in file, name
    actions.save_demand(public_demand, by=None)


def test_occasions_on_which_members_alone_asked_are_marked(client: Client) -> None:
    demand = make.DemandFactory()
    make.MentionFactory(demand=demand, statement=make.StatementFactory(date="2020-01"))
    make.MentionFactory(
        demand=demand, statement=make.StatementFactory(date="2020-02", voice="member")
    )
    assert "1 by a member alone" in client.get("/demands/").content.decode()
