"""The meeting: kind, place and days read together, and the traps in their names."""

from types import SimpleNamespace

import pytest

from tests.factories import MeetingFactory
from tests.statements.proposing.asking import proposed, values

FILL = "The villages near the mines wait for water, and we wait with them for an answer."


@pytest.mark.parametrize(
    ("text", "meeting"),
    [
        ("Closing remarks\n\n2023 Plenary, Lakeside\n\n10 November 2023", "plenary-2023"),
        ("Discours de clôture\n\nPlénière 2023, Lac-Rive\n\n10 novembre 2023", "plenary-2023"),
        ("Statement\n\nLakeside Intersessional\n\n24 May 2023", "intersessional-2023"),
        ("Réunion intersessionnelle à Lac-Rive\n\n24 mai 2023", "intersessional-2023"),
        (
            "A title\n\n24 May 2023\n\nAt the intersessional meeting held in Lakeside from "
            "22-25 May, we asked for water.",
            "intersessional-2023",
        ),
        (
            "A title\n\n30 March 2023\n\nIn New York on March 29, the United Nations General "
            "Assembly adopted its resolution on stones.",
            "unga-2023",
        ),
        ("Webinar: villages want answers about water\n\n16 March 2021", "webinar-2021"),
    ],
)
def test_the_meeting_is_found_with_reasons(cast: SimpleNamespace, text: str, meeting: str) -> None:
    found = proposed(f"{text}\n\n{FILL}")
    assert found.meeting[0].value == meeting
    assert found.meeting[0].reason
    assert found.meeting[0].evidence


def test_place_kind_and_day_together_are_sure(cast: SimpleNamespace) -> None:
    text = f"Closing remarks\n\n2023 Plenary, Lakeside\n\n10 November 2023\n\n{FILL}"
    best = proposed(text).meeting[0]
    assert best.sure
    assert "Lakeside" in best.reason
    assert "6–10 November 2023" in best.reason


def test_the_next_and_the_last_meeting_are_not_taken_for_this_one(cast: SimpleNamespace) -> None:
    text = (
        "Civil society at the intersessional\n\n24 May 2023\n\n"
        "At the intersessional meeting in Lakeside, 22-25 May, we asked for water. "
        "The cycle ended at last decade's plenary in Port Azul, and we will ask again in the "
        f"run-up to the plenary in Lakeside in November 2023. {FILL}"
    )
    assert proposed(text).meeting[0].value == "intersessional-2023"


@pytest.mark.parametrize(
    "text",
    [
        f"A title\n\n3 June 2013\n\nThe Kimberley Process had an intersessional somewhere. {FILL}",
        f"A title\n\n7 November 2023\n\nThe Lakeside World Stone Centre spoke. {FILL}",
        f"A title\n\n3 May 2015\n\n{FILL}",
        f"A title\n\n{FILL} We like Lakeside.",
    ],
)
def test_no_meeting_is_sure_where_little_shows(cast: SimpleNamespace, text: str) -> None:
    assert not any(one.sure for one in proposed(text).meeting)


def test_the_name_of_the_process_is_no_place(cast: SimpleNamespace) -> None:
    text = f"Kimberley Process intersessional\n\n10 May 2019\n\n{FILL}"
    assert "intersessional-2013" not in values(proposed(text).meeting)


def test_the_name_of_an_organisation_is_no_place(cast: SimpleNamespace) -> None:
    text = f"Plenary: what the Lakeside World Stone Centre said\n\n3 May 2021\n\n{FILL}"
    found = proposed(text)
    assert found.meeting == []
    assert found.place == []


def test_a_meeting_of_another_year_is_not_proposed(cast: SimpleNamespace) -> None:
    text = f"Closing remarks, 2016 Plenary, Lakeside\n\n10 November 2016\n\n{FILL}"
    assert proposed(text).meeting == []


def test_a_cancelled_meeting_comes_after_one_that_was_held(cast: SimpleNamespace) -> None:
    MeetingFactory(
        slug="plenary-2023-cancelled",
        title="Annual Plenary 2023 (not held)",
        city="Lakeside",
        country=cast.plenary.country,
        cancelled=True,
    )
    text = f"Closing remarks\n\n2023 Plenary, Lakeside\n\n10 November 2023\n\n{FILL}"
    assert proposed(text).meeting[0].value == "plenary-2023"


def test_the_place_is_that_of_the_meeting_but_not_of_a_letter(cast: SimpleNamespace) -> None:
    remarks = f"Closing remarks\n\n2023 Plenary, Lakeside\n\n10 November 2023\n\n{FILL}"
    letter = (
        f"Open letter on the 2023 Plenary in Lakeside\n\n10 November 2023\n\nDear all,\n\n{FILL}"
    )
    assert values(proposed(remarks).place) == ["Lakeside"]
    assert proposed(letter).place == []
