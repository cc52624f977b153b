"""Dates: what stands in a text, and which of it is the document's own."""

from datetime import date

import pytest

from statements.proposing.days import date_of_name, dates_in
from statements.proposing.papers import Paper
from tests.statements.proposing.asking import proposed, shown, values

pytestmark = pytest.mark.django_db


def read(text: str, *, french: bool = False) -> list[str]:
    found = dates_in(Paper(text), french=french)
    return [str(one.known) for one in found if one.known]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("10 November 2023", "2023-11-10"),
        ("November 10, 2023", "2023-11-10"),
        ("NOVEMBER 10 2023", "2023-11-10"),
        ("4 March, 2020", "2020-03-04"),
        ("the 12th of November 2021", "2021-11-12"),
        ("the 1st March 2020", "2020-03-01"),
        ("le 12 novembre 2021", "2021-11-12"),
        ("1er mars 2020", "2020-03-01"),
        ("le 3 août 2009", "2009-08-03"),
        ("7 déc. 2012", "2012-12-07"),
        ("Sept. 5, 2011", "2011-09-05"),
        ("2023-11-10", "2023-11-10"),
        ("23/11/2023", "2023-11-23"),
        ("23.11.2023", "2023-11-23"),
        ("05/05/2023", "2023-05-05"),
        ("November 2018", "2018-11"),
        ("en juin 2018", "2018-06"),
        ("18-22 June 2018", "2018-06"),
        ("du 18 au 22 juin 2018", "2018-06"),
        ("June 18–22, 2018", "2018-06"),
        ("3 and 4 November 2011", "2011-11"),
        ("31 October to 3 November 2011", "2011"),
        ("in 2019", "2019"),
        ("29 February 2020", "2020-02-29"),
    ],
)
def test_dates_are_read_as_far_as_they_are_known(text: str, known: str) -> None:
    assert read(text) == [known]


@pytest.mark.parametrize(
    "text",
    [
        "on Friday, yesterday, last year and at 2am",
        "hier, vendredi dernier, l'année dernière à 2 heures",
        "at least 12 may be arrested and they march 3 times",
        "2000 carats, 2019 people, $2001, US$ 2,005 and 2010 personnes",
        "A/RES/74/268, A/74/L.39 and resolution 55/56",
        "+263 7 742 169 56 and 2019-20-30",
        "31 June 2019x",
        "line 24",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read(text) == []


def test_a_day_that_does_not_exist_leaves_no_day() -> None:
    assert read("31 June 2019") in ([], ["2019"], ["2019-06"])
    assert read("29 February 2019") in ([], ["2019"], ["2019-02"])


def test_two_lines_make_no_date_together() -> None:
    assert read("Leaflet no 24\n\nJuly 2007") == ["2007-07"]


def test_a_number_that_is_day_or_month_gives_the_year_in_english_and_the_day_in_french() -> None:
    assert read("10/11/2023") == ["2023"]
    assert read("10/11/2023", french=True) == ["2023-11-10"]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("2018-06-antwerp.txt", "2018-06"),
        ("2023-11-10-closing.docx", "2023-11-10"),
        ("KPCSC_20231110_final.pdf", "2023-11-10"),
        ("closing remarks 10 November 2023.pdf", "2023-11-10"),
        ("closing-2023.odt", "2023"),
        ("closing.odt", "None"),
        ("2018-13-40.txt", "2018"),
    ],
)
def test_names_of_files_hold_dates(name: str, known: str) -> None:
    assert str(date_of_name(name)) == known


def test_the_date_at_the_head_is_the_documents_and_others_are_not() -> None:
    text = (
        "A heading\n\nLakeside, 10 November 2023\n\n"
        "On 5 November 2002 the scheme began, and in December 2022 we asked again. "
        "We will meet again on Friday."
    )
    found = proposed(text)
    assert values(found.date) == ["2023-11-10"]
    assert found.date[0].sure
    assert shown(text, found.date[0]) == "10 November 2023"
    assert values(found.place) == ["Lakeside"]


def test_the_date_beside_the_signature_is_the_documents() -> None:
    text = (
        "Une déclaration\n\nNous avons vu le 3 mars 2019 ce que nous avons vu.\n\n"
        "Fait à Lac-Rive, le 1er avril 2019\n\nLa coordination"
    )
    found = proposed(text)
    assert values(found.date) == ["2019-04-01"]
    assert found.date[0].sure
    assert values(found.place) == ["Lac-Rive"]


def test_a_day_in_running_text_is_proposed_and_never_sure() -> None:
    found = proposed("A heading\n\nOn Monday the 6th of May 2019 we were not heard at all.")
    assert values(found.date) == ["2019-05-06"]
    assert not found.date[0].sure
    assert "event" in found.date[0].reason


def test_the_latest_of_several_days_in_running_text_comes_first() -> None:
    text = "A heading\n\nWe began on 5 November 2002. On 3 May 2019 we were still at it, all of us."
    assert values(proposed(text).date)[0] == "2019-05-03"


def test_days_without_a_year_take_the_one_year_that_stands_elsewhere() -> None:
    text = "A heading\n\nWe met from 18-22 June and we will meet again in November 2018."
    found = proposed(text)
    assert found.date[0].value == "2018-06"
    assert not found.date[0].sure


def test_days_without_a_year_stay_unknown_where_several_years_stand() -> None:
    text = "A heading\n\nWe met from 18-22 June. Nothing moved in 2017 and nothing moved in 2018."
    assert "2018-06" not in values(proposed(text).date)


def test_the_name_of_the_file_and_the_text_together_are_enough() -> None:
    text = "A heading\n\nWe met from 18-22 June and we will meet again in November 2018."
    found = proposed(text, name="2018-06-lakeside.txt")
    assert found.date[0].value == "2018-06"
    assert found.date[0].sure


def test_a_name_that_says_otherwise_is_told_and_nothing_is_sure() -> None:
    text = "A heading\n\n14 June 2019\n\nWe are worried about all of this."
    found = proposed(text, name="2019-06-24-worry.txt")
    assert values(found.date) == ["2019-06-14", "2019-06-24"]
    assert not any(one.sure for one in found.date)
    assert "file" in found.date[0].reason


@pytest.mark.parametrize("line", ["10 November 2099", "26 November 2026", "10 November 1987"])
def test_a_date_in_the_future_or_before_the_process_is_never_sure(line: str) -> None:
    found = proposed(f"A heading\n\n{line}\n\nWe are worried about all of this.")
    assert len(found.date) == 1
    assert not found.date[0].sure


def test_today_is_no_future() -> None:
    text = "A heading\n\n26 November 2026\n\nWe are worried about all of this."
    assert proposed(text, today=date(2026, 11, 26)).date[0].sure


def test_two_dates_at_the_head_are_both_open() -> None:
    text = "A heading\n\n3 May 2019\n\n5 May 2019\n\nWe are worried about all of this."
    found = proposed(text)
    assert set(values(found.date)) == {"2019-05-03", "2019-05-05"}
    assert not any(one.sure for one in found.date)


def test_a_weekday_alone_proposes_nothing() -> None:
    assert (
        proposed("A heading\n\nWe met on Friday at 2am; yesterday was like last year.").date == []
    )
