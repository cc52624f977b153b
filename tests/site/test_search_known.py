"""Search keeps in memory what it read: what has changed is never found as it was before."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from demands import actions
from demands.models import Demand
from kptracker.lib.models import SearchEntry, SearchWord, Stamp
from kptracker.lib.search import SearchFilters, did_you_mean, find, keeping, parse
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
    assert order("rubies ") == [title.pk, text.pk]
    with transaction.atomic():
        title.title, title.description = "Count the opals", "And the rubies."
        actions.save_demand(title, by=None)
        text.title = "Hear of rubies"
        actions.save_demand(text, by=None)
        assert order("rubies ") == [text.pk, title.pk]
        stamp = Stamp.objects.get()
        transaction.set_rollback(True)
    # The next change gets the same stamp, at the worst in the same moment.
    Stamp.objects.update(number=stamp.number, changed_at=stamp.changed_at)
    assert order("rubies ") == [title.pk, text.pk]


def test_a_repair_of_the_index_is_found_at_once_and_is_no_change_of_the_record(
    client: Client,
) -> None:
    def first_on_the_page() -> str:
        html = client.get("/search/", {"q": "rubies "}).content.decode()
        return min(("Count the", "Hear them"), key=html.index)

    text, title = two_demands()
    entries = SearchEntry.objects.filter(kind="demand")
    entries.filter(row_id=title.pk).update(title=" wrong ", counts=" rubi:2 ")
    entries.filter(row_id=text.pk).update(title=" rubi ")
    assert order("rubies ") == [text.pk, title.pk]
    assert first_on_the_page() == "Hear them"
    before = Stamp.objects.get()
    keeping.rebuild()
    assert order("rubies ") == [title.pk, text.pk]
    assert first_on_the_page() == "Count the"
    assert Stamp.objects.get().changed_at == before.changed_at  # the home page tells this day


def test_words_that_are_counted_anew_are_suggested_at_once() -> None:
    make.PersonFactory(full_name="Michel Yoboué")
    words = SearchWord.objects.filter(word="yoboue")
    words.delete()
    assert did_you_mean(find(parse("Yobxue"))) is None
    keeping.rebuild()
    assert did_you_mean(find(parse("Yobxue"))) is not None


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
