"""The page of the matrix: what stands in its cells, where they lead, and what it weighs."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from demands.codes import Status
from demands.models import Assessment, Demand, Occasion, Theme
from kptracker.lib.partial_dates import PartialDate
from statements.models import Meeting
from tests import factories as make
from tests.matrix_pages import HEAVIEST, figures, page, rows_behind, wire

# --- A record that has grown --------------------------------------------------------------


@pytest.fixture
def grown(db: None) -> None:
    """500 demands of 40 themes at 104 meetings, 4,000 occasions, 1,500 judgements."""
    sentence = "ask open publish rough diamond artisanal miner review peer trade report ruin"
    words = sentence.split()
    themes = Theme.objects.bulk_create(
        Theme(slug=f"theme-{n}", name=f"Theme {n} of {words[n % 12]}") for n in range(40)
    )
    Meeting.objects.bulk_create(
        Meeting(
            slug=f"meeting-{n}-{words[n % 12]}",
            title=f"Meeting {n}",
            kind="plenary",
            year=2000 + n // 4,
            city=words[n % 12].title(),
            state="published",
        )  # fmt: skip
        for n in range(104)
    )
    meetings = list(Meeting.objects.order_by("pk"))
    Demand.objects.bulk_create(
        Demand(
            reference=f"D-{n:03}",
            slug=f"{words[n % 12]}-{words[n // 12 % 12]}-{n}",
            title=f"Do {n} " + " ".join(words[(n * k) % 12] for k in range(1, 9)),
            theme=themes[n % 40],
            state="published",
            asked_count=n % 9,
        )  # fmt: skip
        for n in range(500)
    )
    demands = list(Demand.objects.order_by("pk"))
    Occasion.objects.bulk_create(
        Occasion(
            demand=demand,
            meeting=meetings[k],
            key=f"meeting-{meetings[k].pk}",
            year=meetings[k].year,
            first_day=meetings[k].sort_on,
            last_day=meetings[k].sort_on,
            asked=n % 4,
            criticised=1,
        )  # fmt: skip
        for n, demand in enumerate(demands)
        for k in {(n * 7 + step * step * 13) % 104 for step in range(8)}
    )
    codes = [Status.NO_MOVEMENT, Status.UNDER_DISCUSSION, Status.REVERSED]
    Assessment.objects.bulk_create(
        Assessment(
            reference=f"A-{n:04}",
            demand=demands[n % 500],
            status=codes[n % 3],
            date=PartialDate.parse(f"{2002 + n // 500 * 5 + n % 5}-11-10"),
            rationale="So it was.",
            assessed_by="the compilers",
        )  # fmt: skip
        for n in range(1500)
    )


@pytest.mark.usefixtures("grown")
@pytest.mark.parametrize("query", ["", "colour=status"])
def test_500_demands_at_104_meetings_are_read_in_light_pages_with_names(
    client: Client, query: str
) -> None:
    address, rows, names, heaviest = f"/matrix/?{query}", [], [], 0
    while address:
        html = page(client, address)
        heaviest = max(heaviest, wire(html))
        rows += re.findall(r'<th scope="row"[^>]*><a href="([^"]*)"', html)
        names.append(re.search(r"<b>(Themes? [^<]*of 40[^<]*)</b>", html)[1])  # type: ignore[index]
        following = re.search(r'rel="next" href="([^"]*)"', html)
        address = unescape(f"/matrix/{following[1]}") if following else ""
    print(f"500 x 104, {query or 'as it opens'}: {len(names)} pages, {heaviest:,} bytes at most")
    assert heaviest <= HEAVIEST
    assert len(rows) == len(set(rows)) == 500
    assert names[0].startswith("Themes 1 to ")
    assert client.get(f"/matrix/?{query}&page={len(names) + 1}").status_code == 404


# --- What a cell says ---------------------------------------------------------------------


@pytest.fixture
def two(db: None) -> dict[str, Any]:
    """A blocked demand, asked at a plenary with a text, criticised at one known from the press."""
    demand = make.DemandFactory(slug="widen", title="Widen <it>")
    held = make.MeetingFactory(
        slug="sun-city", title="Annual Plenary 2022", city="Sun City", year=2022,
        start="2022-11-01", end="2022-11-05",
    )  # fmt: skip
    bare = make.MeetingFactory(
        slug="dc", title="Annual Plenary 2023", city="Washington, D.C.", year=2023
    )
    said = make.StatementFactory(meeting=held, date="2022-11-02", text_seen="full")
    make.MentionFactory(demand=demand, statement=said)
    heard = make.StatementFactory(
        meeting=bare, date="2023-11-07", voice="member", text_seen="press_report"
    )
    make.MentionFactory(demand=demand, statement=heard, kind="criticised")
    make.judge(demand, Status.BLOCKED, date="2020-11-05", reason="refused")
    return {"demand": demand, "held": held, "bare": bare}


def cells(html: str) -> list[str]:
    return re.findall(r"<td[^>]*>.*?</td>", html[html.index("<tbody>") :])


def test_a_cell_tells_asked_from_criticised_and_members_from_the_coalition(
    client: Client, two: dict[str, Any]
) -> None:
    html = page(client, "/matrix/")
    assert len(figures(html)) == 2
    asked, criticised, elsewhere = cells(html)
    assert 'class="cr' not in asked
    assert ">1</a>" in asked
    assert 'class="cr m"' in criticised
    assert "criticised by members alone" in criticised
    assert elsewhere == '<td class="els"></td>'
    assert "Widen &lt;it&gt;" in html
    assert "by members alone</li>" in html
    assert "welcomed only" not in html


def test_a_meeting_without_text_is_hatched_and_says_so(client: Client, two: dict[str, Any]) -> None:
    html = page(client, "/matrix/")
    with_text, without = re.findall(r'<th scope="col" class="(place pl[^"]*)">(.*?)</th>', html)
    assert with_text[0] == "place pl"
    assert "no text" not in with_text[1]
    assert without[0] == "place pl h"
    assert "Annual Plenary 2023, no text in the record" in without[1]
    assert ">Washington<span" in without[1]
    assert re.findall(r'<td class="([^"]*)"', html)[:2] == ["y", "h y"]


def test_colours_by_status_are_words_and_signs_too_and_only_where_judged(
    client: Client, two: dict[str, Any]
) -> None:
    make.DemandFactory(title="Never judged", theme=two["demand"].theme)
    html = page(client, "/matrix/?colour=status")
    first, second, _elsewhere, *never = cells(html)
    # Asked again there, a day after it was judged.
    assert 's-blocked tint old new"' in first
    assert "provisional, asked again since</span>" in first
    assert "Blocked: refused, 5 Nov 2020, provisional" in unescape(first).replace("\u00a0", " ")
    assert '<use href="#blocked"/>' in second
    assert "old" in second  # by then not judged for two years
    assert ">2<" not in first
    assert not any("s-" in cell for cell in never)
    assert "s-blocked" not in "".join(cells(page(client, "/matrix/")))


def test_the_table_can_be_read_by_ear_and_by_keyboard(client: Client, two: dict[str, Any]) -> None:
    html = page(client, "/matrix/")
    assert re.search(
        r'<div class="scroll matrix[^"]*" tabindex="0" role="region" aria-label=', html
    )
    for scope in ("col", "colgroup", "row", "rowgroup"):
        assert f'<th scope="{scope}"' in html
    assert "style=" not in html


def test_nothing_fits_says_which_choice_to_loosen(client: Client, two: dict[str, Any]) -> None:
    html = page(client, "/matrix/?year_from=2050&status=met")
    assert "Nothing fits." in html
    assert 'href="?year_from=2050"' in html
    assert "<table" not in html


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("year_from=0", "year_from"),
        ("year_to=20231", "year_to"),
        ("year_to=2023&year_to=2024", "year_to"),
        ("meeting_kind=party", "meeting_kind"),
        ("theme=no-such-theme", "theme"),
        ("theme=%00", "theme"),
        ("colour=pink", "colour"),
        ("colour=status&colour=status", "colour"),
        ("page=0", "page"),
        ("sort=asked", "sort"),
    ],
)
def test_a_bad_parameter_gets_a_message(
    client: Client, two: dict[str, Any], query: str, named: str
) -> None:
    answer = client.get(f"/matrix/?{query}")
    assert answer.status_code == 400
    assert named in answer.content.decode()


def test_drafts_are_nowhere_in_it(client: Client, two: dict[str, Any]) -> None:
    make.DemandFactory(title="zzhidden demand", state="draft")
    draft = make.MeetingFactory(
        slug="zzhidden", title="zzhidden", city="zzhidden", state="draft", year=1999,
        start=None, end=None, kind="webinar",
    )  # fmt: skip
    statement = make.StatementFactory(meeting=draft, date="2021-03-02")
    make.MentionFactory(demand=two["demand"], statement=statement)
    for address in ("/matrix/?colour=status", "/mentions/"):
        html = page(client, address)
        assert "zzhidden" not in html
        assert "Webinar" not in html
    assert "1999" not in page(client, "/matrix/")
    (elsewhere,) = [a for a, _number in figures(page(client, "/matrix/")) if "meeting_kind" in a]
    assert rows_behind(client, elsewhere) == 1
