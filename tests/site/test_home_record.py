"""The start page and the strips over the shipped record."""

import gzip
import re

import pytest
from django.test import Client

from kptracker.start import start
from tests.record_fixtures import loaded_record, record  # noqa: F401
from tests.site.test_home import check_every_figure
from tests.site.test_pages import main_text

pytestmark = pytest.mark.usefixtures("record")


def test_the_sentence_of_the_record_and_each_figure_with_its_rows(client: Client) -> None:
    found = start()
    text = main_text(client.get("/"))
    assert f"made {found.demands} demands , most of them of the Kimberley Process , in" in text
    assert f"{found.statements} statements (translations not counted)" in text
    assert "The record was loaded:" in text
    assert check_every_figure(client) >= 30


@pytest.mark.parametrize("language", ["", "/fr"])
def test_the_start_page_stays_under_14_kb_and_lists_under_60(client: Client, language: str) -> None:
    for page, most in ((f"{language}/", 14_000), (f"{language}/demands/", 24_000)):
        weight = len(gzip.compress(client.get(page).content, 6))
        print(f"{page}: {weight:,} bytes compressed")
        assert weight <= most, page


def test_every_row_of_the_list_has_its_strip_and_all_say_the_same_years(client: Client) -> None:
    html = client.get("/demands/").content.decode()
    strips = re.findall(r'<svg class="strip" viewBox="0 0 (\d+) 28"', html)
    assert len(strips) == 25
    assert len(set(strips)) == 1
    head = re.search(r'<th scope="col" class="w">(.*?)</th>', html)
    assert head
    first, last = map(int, re.findall(r"\d{4}", head[1]))
    assert int(strips[0]) == 10 * (last - first + 1)
