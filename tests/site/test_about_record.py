"""The figures of the pages about the record are those of the lists, on the shipped record."""

import re

import pytest
from django.test import Client

from kptracker.about.coverage import coverage
from statements.models import Meeting, Statement
from tests.page_reading import article, html_of, rows_of
from tests.record_fixtures import loaded_record, record  # noqa: F401

pytestmark = pytest.mark.usefixtures("record")

#: A link to a list with the figure it stands for, alone or before a word.
FIGURE = re.compile(r'<a(?: class="n")? href="([^"#]+)">([\d,]+)(?: [^<]*)?</a>')


@pytest.mark.parametrize("page", ["status/", "method/"])
def test_every_figure_is_that_of_the_list_it_leads_to(client: Client, page: str) -> None:
    figures = FIGURE.findall(article(html_of(client, f"/about/{page}")))
    assert len(figures) > 10
    for url, number in figures:
        assert rows_of(client, url) == int(number.replace(",", "")), url


def test_coverage_counts_what_a_recount_finds(client: Client) -> None:
    public = Statement.objects.public()
    found = coverage()
    assert found.statements == public.count()
    assert sum(one.rows for one in found.found) == found.statements
    assert sum(year.statements for year in found.years) == found.statements
    kinds = ("plenary", "special_plenary", "intersessional")
    shown = [one for year in found.years for one in year.meetings]
    great = Meeting.objects.public().filter(kind__in=kinds)
    assert {one.meeting.pk for one in shown} == set(great.values_list("pk", flat=True))
    for one in shown:
        assert sum(part.rows for part in one.found) == public.filter(meeting=one.meeting).count()
    texts = public.filter(text_seen__in=["full", "excerpt"], voice__in=["coalition", "member"])
    silent = [one for one in shown if not texts.filter(meeting=one.meeting).exists()]
    assert found.held == sum(1 for one in shown if not one.to_come and not one.meeting.cancelled)
    assert found.without == len(silent) - (len(shown) - found.held)
    assert found.silent_years == []
    others = Meeting.objects.public().exclude(kind__in=kinds)
    assert sum(one.rows for one in found.others) == others.count()
    # The sums at the top, a year, and the other kinds, as their lists have them.
    html = article(html_of(client, "/about/coverage/"))
    top, table = html.split("<table", 1)
    year = re.search(r'<tr id="y2021">.*?</tr>', table, re.S)
    assert year
    checked = [*FIGURE.findall(top + year[0]), *FIGURE.findall(html[html.index('id="others"') :])]
    assert len(checked) > 25
    for url, number in checked:
        assert rows_of(client, url) == int(number.replace(",", "")), url
