"""The matrix of the shipped record: every figure leads to its mentions, and it is light."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from demands.models import Occasion
from kptracker.lib import vocabularies
from tests.matrix_pages import HEAVIEST, figures, page, rows_behind, wire
from tests.record_fixtures import loaded_record, record  # noqa: F401

pytestmark = pytest.mark.usefixtures("record")

ALL_KINDS = "&".join(f"meeting_kind={code}" for code in vocabularies.codes("meeting_kind"))
EVERYTHING = f"kind=demand&kind=position&kind=commitment&{ALL_KINDS}"


def test_every_figure_is_the_number_of_the_mentions_it_opens(
    client: Client,
) -> None:
    """A sample of the cells, in all shapes of links there are."""
    for query in ("", "?year_from=2016&year_to=2019&part=whole", f"?{EVERYTHING}&year_to=2009"):
        found = figures(page(client, f"/matrix/{query}"))
        assert len(found) > 15
        elsewhere = [one for one in found if "meeting_kind=" in one[0]]
        for address, number in [*found[::41], *elsewhere[::13]]:
            assert rows_behind(client, address) == number, address


def test_all_demands_and_all_meetings_of_the_record_are_on_one_page(
    client: Client,
) -> None:
    html = page(client, f"/matrix/?{EVERYTHING}")
    assert html.count('<th scope="row"') == 94
    assert html.count('<th scope="col" class="place') == 104
    assert html.count("<td") == 94 * 105
    assert "Pages of the matrix" not in html
    # Every occasion at a meeting has its figure.
    at_meetings = [one for one in figures(html) if "&meeting=" in one[0]]
    assert len(at_meetings) == Occasion.objects.filter(meeting__isnull=False).count()


def test_the_matrix_of_the_record_is_light(
    client: Client,
) -> None:
    for query in ("", "colour=status", EVERYTHING, f"{EVERYTHING}&colour=status"):
        for language in ("", "/fr"):
            weight = wire(page(client, f"{language}/matrix/?{query}"))
            print(f"{language or '/en'} {query[:30] or 'as it opens'}: {weight:,} bytes")
            assert weight <= HEAVIEST


def test_the_matrix_asks_five_questions_whatever_the_record(
    client: Client,
) -> None:
    def questions(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, address)
        return len(asked)

    assert questions("/matrix/") == questions("/matrix/?year_from=2020&part=whole") <= 5
    assert questions("/matrix/?colour=status") == 7
