"""Whether it was spoken, and two texts in one file."""

from types import SimpleNamespace

import pytest

from statements.proposing import split
from tests.statements.proposing.asking import proposed, values

FILL = "The villages near the mines wait for water, and we wait with them for an answer. "
LONG = FILL * 5
LANGUE = "Les villages près des mines attendent de l'eau, et nous attendons avec eux une réponse. "


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"Press release\n\nThe coalition walked out of the hall. {FILL}", "published"),
        (f"Report on the mines\n\nThe remarks were not delivered. {FILL}", "published"),
        (f"Open letter to the Chair\n\n{FILL}", "published"),
        (f"Closing remarks\n\n{FILL}\n\nThese remarks were not delivered for want of time.", "no"),
        (f"Closing remarks\n\n{FILL} Observers were prevented from speaking that night.", "no"),
        (f"Closing remarks\n\nThere was no time for us to deliver this. {FILL}", "no"),
        (f"Closing remarks\n\nWe were not given the floor. {FILL}", "no"),
        (f"Discours de clôture\n\nCe discours n’a pas été prononcé. {LANGUE}", "no"),
        (f"Discours de clôture\n\nNous avons été empêchés de prononcer ces mots. {LANGUE}", "no"),
        (f"Opening remarks\n\nAs delivered\n\n{FILL}", "yes"),
        (f"Opening remarks\n\nHonourable Chair,\n\n{FILL}\n\nThank you for your attention.", "yes"),
        (f"Discours d’ouverture\n\nMadame,\n\n{LANGUE}\n\nMerci de votre attention.", "yes"),
    ],
)  # fmt: skip
def test_whether_it_was_spoken(cast: SimpleNamespace, text: str, code: str) -> None:
    assert proposed(text).delivered[0].value == code


def test_nothing_is_said_of_a_statement_that_says_nothing(cast: SimpleNamespace) -> None:
    assert proposed(f"Statement of the coalition\n\n3 May 2019\n\n{FILL}").delivered == []


def test_words_at_a_walk_out_and_prepared_remarks_were_spoken_in_part(
    cast: SimpleNamespace,
) -> None:
    text = (
        "Closing remarks of the Civil Society Coalition\n\n10 November 2023\n\n"
        "When its delegation walked out of the room that night, the coalition said this:\n\n"
        f"“{LONG}”\n\n"
        "We share the remarks that we had prepared in writing:\n\n"
        f"Honourable Chair,\n\n{LONG}\n\nThank you.\n\nAwa Traoré\nCoordinator"
    )
    found = proposed(text)
    assert values(found.delivered) == ["partly"]
    assert found.delivered[0].sure
    assert len(found.splits) == 1
    first, second = split(text, found.splits[0].at)
    assert first.endswith("”")
    assert second.startswith("We share the remarks")
    # Each half by itself: the first was spoken, the second was not and has the signature.
    assert proposed(first).delivered[0].value == "yes"
    assert proposed(second).delivered[0].value == "no"
    assert values(proposed(second).speakers) == ["awa-traore"]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        (f"Press release\n\nA title\n\n{LONG}\n\nENDS\n\nOpening remarks\n\nDear all,\n\n{LONG}",
         "Opening remarks"),
        (f"Press release\n\nA title\n\n{LONG}\n\nOpening remarks of the coalition\n\n{LONG}",
         "Opening remarks"),
        (f"Communiqué\n\n{LANGUE * 5}\n\nVoici la déclaration, texte intégral :\n\n{LANGUE * 5}",
         "Voici la"),
        (f"Closing remarks\n\n{FILL * 8}\n\n{LANGUE * 8}", "Les villages"),
    ],
)  # fmt: skip
def test_a_second_text_is_found_where_it_begins(
    cast: SimpleNamespace, text: str, second: str
) -> None:
    found = proposed(text).splits
    assert len(found) == 1
    assert split(text, found[0].at)[1].startswith(second)
    assert found[0].reason


@pytest.mark.parametrize(
    "text",
    [
        # Announced, and nothing follows.
        f"Closing remarks\n\n{LONG}\n\nYou can read our full remarks here:\n\nFollow us",
        # Announced at the very beginning: what follows is the text itself.
        f"Closing remarks\n\nThe coalition gave the following remarks in writing:\n\n{LONG * 2}",
        f"Press release\n\nA title\n\n{LONG}\n\nENDS\n\nNotes to editors\n\n{LONG}",
        f"A title\n\n{LONG}\n\nThe urgency of water\n\n{LONG}",
        f"A title\n\n{LONG}\n\n- closing remarks\n- opening remarks\n\n{LONG}",
        f"A title\n\n{LONG}{LANGUE}{LONG}\n\n{LANGUE}\n\n{LONG}",
    ],
)
def test_one_text_stays_one(cast: SimpleNamespace, text: str) -> None:
    assert proposed(text).splits == []


@pytest.mark.parametrize("at", [-5, 0, 2, 900])
def test_nothing_is_split_off_that_is_empty(at: int) -> None:
    with pytest.raises(ValueError, match="no text"):
        split("\n\nOne text.\n\n", at)
