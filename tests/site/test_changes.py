"""/changes/ and /about/corrections/: what changed, by the day it was recorded; the same query."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demands import actions
from demands.changes import TOGETHER, Changes
from demands.models import Assessment
from kptracker.lib.corrections import record
from kptracker.lib.models import Correction
from statements import actions as statement_actions
from tests import factories as make

pytestmark = pytest.mark.django_db

LOADED_AT = datetime(2024, 3, 1, tzinfo=UTC)


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, page.content.decode()[:500]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.content.decode()))


def entries(client: Client, address: str = "/changes/") -> list[str]:
    """Each entry in short: its kind and its reference."""
    listing = client.get(address).context["listing"]
    assert listing.total == len(listing.entries) or listing.pages > 1
    return [
        f"{one.kind} {one.assessment or one.correction or one.judgements}"
        for one in listing.entries
    ]


@pytest.fixture
def few(db: None) -> dict[str, Any]:
    """A load, a judgement, one that corrects it, a confirmation and two corrections of facts."""
    theme = make.ThemeFactory(slug="definition", name="Definition")
    demand = make.DemandFactory(slug="widen", title="Widen the definition", theme=theme)
    for _number in range(TOGETHER + 2):
        other = make.DemandFactory()
        make.judge(other, "no_movement", recorded_at=LOADED_AT)
    make.judge(demand, "no_movement", recorded_at=LOADED_AT)
    old = make.judge(
        demand, "blocked", date="2020-05", recorded_at=datetime(2024, 5, 2, 9, tzinfo=UTC)
    )
    right = make.judge(
        demand,
        "under_discussion",
        date="2020-05",
        corrects=old,
        recorded_at=datetime(2024, 6, 3, 9, tzinfo=UTC),
        rationale="It had been put on the agenda.",
    )
    actions.confirm(demand, by=None, rationale="Read again.", reviewed_by="The coordinator")
    mention = make.MentionFactory(demand=demand)
    one = record(mention, ["speaker"], why="Somebody else spoke.", by=None)
    two = record(
        make.MeetingFactory(slug="dubai", title="Dubai Plenary"),
        ["start"],
        values={"start": ("2023-11", "2023-11-06")},
        why="The day was found.",
        by=None,
        at=datetime(2024, 6, 4, tzinfo=UTC),
    )
    return {"demand": demand, "old": old, "right": right, "mention": one, "meeting": two}


def test_the_newest_comes_first_and_a_load_is_one_entry(
    client: Client, few: dict[str, Any]
) -> None:
    newest = Assessment.objects.get(kind="confirmed")
    assert sorted(entries(client)[:2]) == [f"confirmed {newest}", f"facts {few['mention']}"]
    assert entries(client)[2:] == [
        f"facts {few['meeting']}",
        f"replaced {few['right']}",
        f"judged {few['old']}",
        f"loaded {TOGETHER + 3}",
    ]
    text = text_of(client, "/changes/")
    assert f"The record was loaded {TOGETHER + 3} judgements on {TOGETHER + 3} demands" in text
    assert "Blocked: no consensus → now: Under discussion since May 2020" in text
    assert f"In place of {few['old']}" in text
    assert "start (November 2023 → 6 November 2023)" in text
    assert "2 May 2024" in text
    assert "provisional" in text


def test_a_load_opens_in_full_and_the_counts_agree(client: Client, few: dict[str, Any]) -> None:
    for query, count in (("", TOGETHER + 3), ("?demand=widen", 1), ("?status=no_movement", 15 - 2)):
        load = client.get(f"/changes/{query}").context["listing"].entries[-1]
        assert (load.kind, load.judgements) == ("loaded", count)
        assert client.get(load.url).context["listing"].total == count


def test_filters_narrow_both_kinds_and_say_so(client: Client, few: dict[str, Any]) -> None:
    widen = entries(client, "/changes/?theme=definition")
    assert len(widen) == 5
    assert not any(one == f"facts {few['meeting']}" for one in widen)
    assert widen == entries(client, "/changes/?demand=widen")
    assert entries(client, "/changes/?kind=facts&until=2024-12-31") == [f"facts {few['meeting']}"]
    assert entries(client, "/changes/?since=2024-05-02&until=2024-06-03") == [
        f"replaced {few['right']}",
        f"judged {few['old']}",
    ]
    assert entries(client, "/changes/?status=blocked") == [f"judged {few['old']}"]
    assert len(entries(client, "/changes/?year=2024")) == 4
    assert "Nothing fits." in text_of(client, "/changes/?year=1999")
    listing = client.get("/changes/").context["listing"]
    for option in listing.kind_options:
        found = client.get(f"/changes/?kind={option.value}").context["listing"]
        assert found.total == option.rows == len(found.entries)
    assert sum(option.rows for option in listing.kind_options) == listing.total


def test_the_page_of_corrections_has_those_of_judgements_too(
    client: Client, few: dict[str, Any]
) -> None:
    assert entries(client, "/about/corrections/") == [
        f"facts {few['mention']}",
        f"facts {few['meeting']}",
        f"replaced {few['right']}",
    ]
    assert client.get("/about/corrections/?kind=judged").status_code == 400
    assert client.get("/fr/about/corrections/").status_code == 200


def test_who_answers_is_promised_only_where_it_is_known(client: Client, settings: Any) -> None:
    settings.DEBUG = True  # no page from before
    settings.CORRECTIONS_EMAIL = ""
    assert "names no address for corrections yet" in text_of(client, "/about/corrections/")
    settings.CORRECTIONS_EMAIL = "corrections@example.org"
    text = text_of(client, "/about/corrections/")
    assert "corrections@example.org" in text
    assert "nothing is promised here" in text
    settings.CORRECTIONS_ANSWERED_BY, settings.CORRECTIONS_DAYS = "The coordinator", 14
    text = text_of(client, "/about/corrections/")
    assert "The coordinator answers, within 14 days." in text
    assert "nothing is promised" not in text


def test_the_page_of_what_was_corrected_says_so(client: Client, few: dict[str, Any]) -> None:
    assert "The day was found." in text_of(client, "/meetings/dubai/")
    assert "Somebody else spoke." in text_of(client, "/demands/widen/")
    assert "Corrected on" not in text_of(client, f"/demands/{make.DemandFactory().slug}/")


def test_what_is_not_public_is_in_no_entry_and_no_count(
    client: Client, few: dict[str, Any]
) -> None:
    before = client.get("/changes/").context["listing"].total
    draft = make.DemandFactory(state="draft", title="Nobody sees this")
    make.judge(draft, "no_movement")
    statement_actions.take_down(few["demand"], by=None, why="A duplicate.")
    text = text_of(client, "/changes/")
    assert "Nobody sees this" not in text
    assert "Widen the definition" not in text
    assert "Somebody else spoke." not in text
    assert client.get("/changes/").context["listing"].total == before - 4
    assert "Somebody else spoke." not in text_of(client, "/about/corrections/")


@pytest.mark.parametrize(
    "query",
    [
        "kind=nonsense",
        "kind=%00",
        "theme=no-such-theme",
        "status=done",
        "demand=x%00",
        "year=0",
        "year=99999",
        "since=0000-00-00",
        "until=yesterday",
        "since=2024-01-01&since=2024-01-02",
        "page=0",
        "page=" + "9" * 30,
        "columns=reference",
        "sort=x",
        "state=draft",
    ],
)
def test_a_bad_parameter_gets_a_sentence_and_no_rows(
    client: Client, few: dict[str, Any], query: str
) -> None:
    for address in (f"/changes/?{query}", f"/fr/about/corrections/?{query}"):
        page = client.get(address)
        assert page.status_code in (400, 404), address
        assert few["demand"].title not in page.content.decode()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_number_of_queries_stays_and_the_pages_turn(
    client: Client, few: dict[str, Any]
) -> None:
    addresses = ("/changes/", "/about/corrections/", "/changes/?theme=definition")
    few_queries = {address: queries(client, address) for address in addresses}
    now = timezone.now()
    meeting = make.MeetingFactory()
    for number in range(40):
        make.judge(few["demand"], "blocked", recorded_at=now - timedelta(days=2, minutes=number))
        record(few["demand"], ["title"], why=f"No {number}.", by=None)
        record(meeting, ["note"], why=f"No {number}.", by=None)
    for address, count in few_queries.items():  # as many tables as before, or fewer
        assert queries(client, address) <= count <= 15, address
    listing = client.get("/changes/?page=5").context["listing"]
    assert (listing.pages, len(listing.entries)) == (6, 25)
    assert client.get("/changes/?page=7").status_code == 404
    everything = [one for page in range(1, 7) for one in entries(client, f"/changes/?page={page}")]
    assert len(set(everything)) == len(everything) == listing.total
    assert [one.at for one in Changes().page(0, 200)] == sorted(
        (one.at for one in Changes().page(0, 200)), reverse=True
    )


def test_a_correction_has_an_address_that_leads_to_its_page_of_the_list(client: Client) -> None:
    demand = make.DemandFactory(slug="widen")
    for number in range(30):
        record(demand, ["title"], why=f"It was mistyped, {number}.", by=None)
    rows = list(Correction.objects.order_by("recorded_at", "pk"))
    for row, page in (
        (rows[-1], ""),
        (rows[-25], ""),
        (rows[-26], "?page=2"),
        (rows[0], "?page=2"),
    ):
        answer = client.get(f"/c/{row.reference}")
        assert answer["Location"] == f"/about/corrections/{page}#{row.reference}"
        html = client.get(answer["Location"]).content.decode()
        assert f'id="{row.reference}"' in html
    html = client.get("/demands/widen/").content.decode()
    assert f'href="/c/{rows[-1].reference}"' in html
    demand.refresh_from_db()
    statement_actions.take_down(demand, by=None, why="It was none.")
    gone = client.get(f"/c/{rows[0].reference}")
    assert gone.status_code == 410
    assert "It was none." in gone.content.decode()
    assert client.get("/c/C-9999").status_code == 404


def test_a_correction_of_somebody_who_is_hidden_is_no_correction_at_all(client: Client) -> None:
    person = make.PersonFactory()
    row = record(person, ["full_name"], why="It was mistyped.", by=None)
    assert client.get(f"/c/{row.reference}").status_code == 302
    statement_actions.take_down(person, by=None, why="Asked for.")
    assert client.get(f"/c/{row.reference}").status_code == 410
    person.refresh_from_db()
    statement_actions.withhold(person, "withheld", by=None, why="In danger.")
    assert client.get(f"/c/{row.reference}").status_code == 404


def test_a_theme_tells_that_it_was_corrected(client: Client) -> None:
    theme = make.ThemeFactory(slug="reform")
    make.DemandFactory(theme=theme)
    record(theme, ["name"], why="It was mistyped.", by=None)
    assert "Corrected on" in text_of(client, "/themes/reform/")
    assert "Corrected on" not in text_of(client, "/themes/")
