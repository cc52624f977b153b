"""Dates as they are known."""

import calendar
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kptracker.lib.partial_dates import PartialDate, any_day_between, as_known
from statements.models import Statement
from tests import factories as make


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2017", date(2017, 1, 1), date(2017, 12, 31), "year"),
        ("2017-11", date(2017, 11, 1), date(2017, 11, 30), "month"),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29), "month"),
        ("2017-11-09", date(2017, 11, 9), date(2017, 11, 9), "day"),
    ],
)
def test_a_date_is_read_from_its_shape(text: str, first: date, last: date, precision: str) -> None:
    known = PartialDate.parse(text)
    assert (known.first, known.last, known.precision) == (first, last, precision)
    assert str(known) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "17",
        "2017-1",
        "2017-13",
        "2017-02-30",
        "2017-00",
        "0000-00-00",
        "2017-11-09T00:00",
        "November 2017",
        "٢٠١٧",
        "99999",
        "1899",
        "2101",
        "2017 - 11",
        "2017-11-09\x00",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        PartialDate.parse(text)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from([4, 7, 10]))
def test_every_date_comes_back_as_it_was_written(day: date, length: int) -> None:
    text = day.isoformat()[:length]
    known = PartialDate.parse(text)
    assert str(known) == text
    assert known.first <= day <= known.last
    assert {4: "year", 7: "month", 10: "day"}[length] == known.precision
    assert known.last.day == 31 or length > 4
    if length == 7:
        assert known.last.day == calendar.monthrange(day.year, day.month)[1]


def test_it_prints_as_a_reader_says_it() -> None:
    assert PartialDate.parse("2017-11").words() == "November 2017"
    assert PartialDate.parse("2017-11-09").words() == "9 November 2017"
    assert PartialDate.parse("2017").words() == "2017"
    with translation.override("fr"):
        assert PartialDate.parse("2017-11-09").words() == "9 novembre 2017"


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("2012-05-14", "14 May 2012", "14 mai 2012"),
        ("2012-06", "Jun 2012", "juin 2012"),
        ("2012-07-01", "1 Jul 2012", "1er juil. 2012"),
        ("2012-12-21", "21 Dec 2012", "21 déc. 2012"),
        ("2012", "2012", "2012"),
    ],
)
def test_it_is_short_in_both_languages(text: str, english: str, french: str) -> None:
    assert PartialDate.parse(text).words(short=True) == english
    with translation.override("fr"):
        assert PartialDate.parse(text).words(short=True) == french


def test_it_says_since_when_with_the_article_that_a_day_needs() -> None:
    for text, english, french in [
        ("2012-05-01", "since 1 May 2012", "depuis le 1er mai 2012"),
        ("2012-05", "since May 2012", "depuis mai 2012"),
        ("2012", "since 2012", "depuis 2012"),
    ]:
        assert PartialDate.parse(text).since_words == english
        with translation.override("fr"):
            assert PartialDate.parse(text).since_words == french


@pytest.mark.django_db
def test_the_database_writes_the_same_shape() -> None:
    texts = ["2017", "2017-11", "2017-11-09", "2016-02-29", "2020-01-01", "2020-12-31"]
    for text in texts:
        make.StatementFactory(date=text)
    written = Statement.objects.order_by("id").annotate(known=as_known("date"))
    assert [row.known for row in written] == texts
    assert [str(row.date) for row in written] == texts


@pytest.mark.django_db
def test_a_filter_takes_in_a_date_if_any_of_its_days_fits() -> None:
    row = make.StatementFactory(date="2017-11")
    for since, until, fits in [
        (date(2017, 11, 30), None, True),
        (date(2017, 12, 1), None, False),
        (None, date(2017, 11, 1), True),
        (None, date(2017, 10, 31), False),
        (date(2017, 11, 15), date(2017, 11, 16), True),
    ]:
        found = Statement.objects.filter(any_day_between("date", since, until))
        assert list(found) == ([row] if fits else [])
