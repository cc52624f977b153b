"""Search over the shipped record: 50 queries whose hits, in their order, are the same anywhere."""

import csv
import hashlib
import re
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kptracker.lib.search import Found, SearchFilters, find, keeping, parse, recent
from kptracker.lib.search.entries import source_of
from kptracker.lib.search.known import state
from kptracker.lib.search.matching import condition_of, newest
from tests.page_reading import words_of
from tests.record_fixtures import loaded_record, record  # noqa: F401

pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.search]

#: Written by ``told`` below: a change of the record or of the analyser is looked at, then kept.
EXPECTED = Path(__file__).with_name("search_queries.csv")


def named(found: Found) -> list[str]:
    """Return what was found, in order, by keys that are the same wherever it is loaded."""
    rows: dict[str, dict[int, str]] = {}
    for kind, key in found.keys:
        rows.setdefault(kind, {})[key] = ""
    for kind, keys in rows.items():
        for key, shown in source_of(kind).shown(list(keys)).items():
            keys[key] = getattr(shown.row, "reference", "") or shown.row.slug
    return [f"{kind} {rows[kind][key]}" for kind, key in found.keys]


def told(query: str) -> dict[str, str]:
    """Return what is expected of a query: how many hits, the first, and a sum over all."""
    names = named(find(parse(query)))
    sum_of_all = hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
    first = "; ".join(names[:3])
    return {"query": query, "hits": str(len(names)), "first": first, "all": sum_of_all}


def expected() -> list[dict[str, str]]:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_fifty_queries_find_the_same_in_the_same_order_on_each_database() -> None:
    rows = expected()
    assert len(rows) == 50
    assert [told(row["query"]) for row in rows] == rows


def test_a_page_of_hits_asks_once_for_each_table(client: Client) -> None:
    for query in ("conflict diamonds", "Shamiso Mtisi", '"the Kimberley Process"', "Zimbabwe"):
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/search/", {"q": query})
        assert page.status_code == 200
        begun = [one["sql"].split(" WHERE ")[0] for one in queries if "SELECT" in one["sql"]]
        assert max(Counter(begun).values()) == 1, Counter(begun).most_common(1)


@pytest.mark.parametrize("first_entries", [(2,), (30, 200), (400,)])
def test_looking_through_the_newest_years_first_finds_the_same(
    first_entries: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    conditions = [condition_of(parse(row["query"])) for row in expected()]
    all_at_once = [one.numbers for one in newest(conditions, 10_000)]
    monkeypatch.setattr(recent, "FIRST_ENTRIES", first_entries)
    recent._since.cache_clear()
    try:
        assert bool(recent.newest_years(state())) == (connection.vendor == "postgresql")
        for condition, whole in zip(conditions, all_at_once, strict=True):
            for most in (1, 5, 30, 10_000):
                assert newest([condition], most)[0].numbers == whole[:most]
    finally:
        recent._since.cache_clear()


def test_the_load_left_the_index_in_step() -> None:
    assert list(keeping.drift()) == []


@pytest.mark.parametrize("query", ["frame7", "zimbabwe", "yoboué", '"peer review"'])
def test_each_choice_gives_as_many_hits_as_it_says(query: str) -> None:
    found = find(parse(query))
    chosen: list[tuple[str, Any, int]] = [
        (facet, value, number) for facet, some in found.counts.items() for value, number in some
    ]
    assert {facet for facet, _value, _number in chosen} >= {"kind", "year", "meeting"}
    for facet, value, number in chosen:
        assert find(parse(query), SearchFilters(**{facet: (value,)})).total == number, facet


PLACE = re.compile(r'<a href="([^"]+)#([^"]+)">read it in place</a>')


def test_a_passage_leads_to_the_place_in_the_text_where_its_words_stand(client: Client) -> None:
    seen = 0
    for query in ("frame7", "peer review", "Ukraine", "zimbabwe", "consensus"):
        answers = [client.get("/search/", {"q": query, "page": page}) for page in (1, 2)]
        html = "".join(page.content.decode() for page in answers if page.status_code == 200)
        for item in re.findall(r"<li><div class=\"date\">.*?</li>", html, re.S):
            for address, name in PLACE.findall(item):
                shown = item.split("</a>", 1)[1]  # without the title
                marks = [unescape(one) for one in re.findall(r"<mark>(.*?)</mark>", shown)]
                page = client.get(unescape(address)).content.decode()
                place = re.search(rf'id="{name}"[^>]*>(.*?)(?:</p>|</li>)', page, re.S)
                assert place, (address, name)
                if marks and name.startswith("t-"):
                    assert any(mark in words_of(place[1]) for mark in marks), (address, name)
                seen += 1
    assert seen >= 4


def test_a_reader_narrows_by_what_is_offered_beside_the_hits(client: Client) -> None:
    html = client.get("/search/?q=zimbabwe").content.decode()
    assert re.search(r'name="kind" value="statement"> Statements<span class="n">\d+</span>', html)
    page = client.get("/search/?q=frame7&kind=mention&meeting=plenary-2023-victoria-falls")
    html = page.content.decode()
    assert "Meeting: Annual Plenary 2023" in html
    hits = page.context["search"].hits
    assert hits
    assert {hit.kind for hit in hits} == {"mention"}
    assert {hit.row.statement.meeting.slug for hit in hits} == {"plenary-2023-victoria-falls"}
