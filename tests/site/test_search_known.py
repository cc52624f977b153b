"""Search keeps in memory what it read: what has changed is never found as it was before."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from demands import actions
from demands.models import Demand
from kptracker.lib.models import SearchEntry
from kptracker.lib.search import SearchFilters, find, keeping, parse
from kptracker.lib.search.known import Memory, state
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.search]


def order(query: str, **filters: Any) -> list[int]:
    return [key for _kind, key in find(parse(query), SearchFilters(**filters)).keys]


def reads_of_entries(query: str) -> int:
    """Return in how many queries a search reads what is stored of entries."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        find(parse(query))
    return sum("lib_searchentry" in one["sql"] for one in asked)


def two_demands() -> tuple[Demand, Demand]:
    """Return two demands about rubies, of which the second is found first: by its title."""
    text = make.DemandFactory(title="Hear them", description="About rubies.")
    title = make.DemandFactory(title="Count the rubies")
    return text, title


def test_what_was_read_is_not_read_again() -> None:
    two_demands()
    assert reads_of_entries("rubies ") > 0
    assert reads_of_entries("rubies ") == reads_of_entries("hear rubies ") == 0
    make.DemandFactory(title="Sort the rubies")
    assert reads_of_entries("rubies ") > 0


def test_a_changed_title_and_status_are_ranked_and_counted_at_once() -> None:
    text, title = two_demands()
    assert order("rubies ") == [title.pk, text.pk]
    title.title, title.description = "Count the opals", "And the rubies."
    actions.save_demand(title, by=None)
    text.title = "Hear of rubies"
    actions.save_demand(text, by=None)
    assert order("rubies ") == [text.pk, title.pk]
    make.judge(text, "partly_met")
    counts = find(parse("rubies ")).counts["status"]
    assert sorted(counts) == [("not_assessed", 1), ("partly_met", 1)]


def test_what_was_seen_and_undone_is_not_kept() -> None:
    text, title = two_demands()
    with transaction.atomic():
        text.title, text.description = "Rubies, rubies", "Rubies"
        actions.save_demand(text, by=None)
        assert order("rubies ")[0] != 0
        transaction.set_rollback(True)
    make.DemandFactory(title="Of another matter")  # the stamp gets the number that was undone
    assert order("rubies ") == [title.pk, text.pk]


def test_a_repair_of_the_index_is_found_at_once() -> None:
    text, title = two_demands()
    entries = SearchEntry.objects.filter(kind="demand")
    entries.filter(row_id=title.pk).update(title=" wrong ", counts=" rubi:2 ")
    entries.filter(row_id=text.pk).update(title=" rubi ")
    assert order("rubies ") == [text.pk, title.pk]
    keeping.rebuild()
    assert order("rubies ") == [title.pk, text.pk]


def test_no_more_is_kept_than_said_and_all_is_given() -> None:
    two_demands()
    make.DemandFactory(title="Sort the rubies")
    known = Memory(most=2)
    numbers = list(SearchEntry.objects.order_by("-no").values_list("no", flat=True))
    assert list(known.entries([*numbers, 5], state())) == numbers
    with CaptureQueriesContext(connection) as asked:
        assert list(known.entries(numbers[-2:], state())) == numbers[-2:]
        assert list(known.entries(numbers, state())) == numbers
    read = [one["sql"] for one in asked if "lib_searchentry" in one["sql"]]
    assert len(read) == 1
