"""The pictures beside shared links: 1200 by 630, true to the page, and never of a draft."""

import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from kptracker.cards.card import Card
from kptracker.cards.drawing import (
    COLOURS,
    HEIGHT,
    LETTERS,
    SIGNS,
    WIDTH,
    _font,
    can_write,
    png,
    title_lines,
)
from kptracker.lib.publishing import State
from kptracker.telling import statement_card
from statements.views import name_voices
from tests import factories as f

# Pictures are drawn alike whatever the database.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def drawn(card: Card) -> Image.Image:
    return Image.open(io.BytesIO(png(card))).convert("RGB")


def card(**parts: Any) -> Card:
    return Card(
        **{"title": "Widen it", "site": "KP Demand Tracker", "host": "example.org", **parts}
    )


def near(image: Image.Image, colour: str, box: tuple[int, int, int, int]) -> int:
    """Return how many pixels in a box have a colour, or one close to it."""
    wanted = tuple(int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return sum(
        count
        for count, pixel in image.crop(box).getcolors(1 << 20) or ()
        if all(abs(a - b) < 12 for a, b in zip(pixel, wanted, strict=True))
    )


def test_a_demand_has_its_picture_in_both_languages(client: Client) -> None:
    demand = f.BlockedDemandFactory()
    bodies = []
    for prefix in ("", "/fr"):
        url = f"{prefix}/cards/d/{demand.reference}.png"
        answer = client.get(url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert Image.open(io.BytesIO(answer.content)).size == (WIDTH, HEIGHT) == (1200, 630)
        assert len(answer.content) < 60_000
        again = client.get(url, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        bodies.append(answer.content)
    assert bodies[0] != bodies[1]


def test_a_new_judgement_makes_a_new_picture(client: Client) -> None:
    demand = f.BlockedDemandFactory()
    url = f"/cards/d/{demand.reference}.png"
    before = client.get(url)
    f.judge(demand, "met", date="2024-11-10")
    after = client.get(url, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after.content != before.content


def test_drafts_have_no_picture_and_what_was_taken_down_is_gone(client: Client) -> None:
    demand, statement, meeting = f.DemandFactory(), f.StatementFactory(), f.MeetingFactory()
    urls = [
        f"/cards/d/{demand.reference}.png",
        f"/cards/s/{statement.slug}.png",
        f"/cards/k/{meeting.slug}.png",
    ]
    for state, reason, status in (
        (State.DRAFT, "", 404),
        (State.IN_REVIEW, "", 404),
        (State.TAKEN_DOWN, "It was wrong.", 410),
    ):
        for row in (demand, statement, meeting):
            type(row).objects.filter(pk=row.pk).update(state=state, taken_down_reason=reason)
        for url in urls:
            assert client.get(url).status_code == status, url
    assert client.get("/cards/d/D-999.png").status_code == 404
    assert client.get("/cards/p/somebody.png").status_code == 404


@pytest.mark.parametrize("sign", ["met", "none", "blocked", "disc", "closed"])
def test_a_sign_is_hollow_until_it_is_confirmed(sign: str) -> None:
    # Where the sign stands, left of the status.
    box = (72, 380, 120, 600)
    hollow = near(drawn(card(sign=sign, status="Status")), COLOURS[sign], box)
    filled = near(drawn(card(sign=sign, status="Status", confirmed=True)), COLOURS[sign], box)
    assert hollow > 50
    assert filled > 1.5 * hollow


def test_a_title_of_any_length_stays_on_the_card() -> None:
    width = 1056
    for title in ("Widen it", "Widen the definition " * 15, "W" * 300, "i" * 300):
        size, lines = title_lines(title, width, 280)
        assert all(_font(size, "Bold").getlength(line) <= width for line in lines)
        assert len(lines) * size * 1.22 <= 280
    assert title_lines("Widen the definition " * 15, width, 280)[1][-1].endswith("…")
    # Nothing is drawn beyond the edge.
    image = drawn(card(title="W" * 300, above="W" * 300, status="W" * 99, lines=("W" * 300,) * 2))
    assert near(image, "#fcfbf8", (1140, 0, 1200, 630)) == 60 * 630


def test_the_font_has_every_letter_it_is_trusted_with() -> None:
    for weight in ("Regular", "Bold"):
        font = _font(40, weight)
        missing = bytes(font.getmask("\uffff"))
        codes = [code for low, high in LETTERS for code in range(low, high + 1)]
        for code in [*codes, *map(ord, SIGNS)]:
            assert bytes(font.getmask(chr(code))) != missing, hex(code)


def test_letters_that_the_font_lacks_are_not_drawn_as_boxes() -> None:
    assert can_write("Société civile : « œuvre » n° 7…")
    assert not can_write("المجتمع المدني")
    plain, arabic = drawn(card(title="")), drawn(card(title="المجتمع المدني"))
    assert plain.tobytes() == arabic.tobytes()


def test_a_card_of_a_statement_names_no_person() -> None:
    speakers = [
        f.PersonFactory(full_name="Ama Mensah"),
        f.PersonFactory(full_name="Hidden Monitor", public_name="withheld"),
    ]
    statement = f.StatementFactory(
        title="Closing", date="2023-11-10", speakers=speakers, issuers=[f.OrganisationFactory()]
    )
    f.MentionFactory(statement=statement, speaker=speakers[1])
    name_voices([statement])
    said = statement_card(statement)
    words = f"{said.title} {said.above} {said.description}"
    assert "10 November 2023" in words
    assert "1 asked" in words
    assert "Mensah" not in words
    assert "Hidden" not in words


def test_the_same_words_are_drawn_once(client: Client) -> None:
    demand = f.BlockedDemandFactory()
    url = f"/cards/d/{demand.reference}.png"
    client.get(url)
    drawn_before = png.cache_info().misses
    f.MeetingFactory()  # something else is published: the page is asked again
    client.get(url)
    assert png.cache_info().misses == drawn_before
