"""Whatever the text: no error, nothing that does not stand in it, and no more queries or time."""

import re
import time
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements.models import Meeting, Organisation, Person, Role, Statement, Text
from statements.models.statements import text_hash
from statements.proposing import FIELDS, split
from statements.proposing.days import MONTHS
from statements.proposing.papers import Paper, plain
from tests.statements.proposing.asking import proposed

#: Pieces that rules look for, so that free texts come upon them.
PIECES = st.sampled_from(
    [
        *("10 November 2023", "March 3", "le 1er mars 2020", "18-22 June", "2011-06-23", "2am"),
        *("31/02/2020", "29 February", "yesterday", "Friday", "2000 carats", "in 2019", "1900"),
        *("Press release", "Closing remarks", "Dear", "Honourable", "Contact", "ENDS", "Subject: "),
        *("Awa Traoré", "Kofi Mensah-Boateng", "Dr.", "said", "a déclaré", "on behalf of", "By"),
        *("KP CSC", "River Watch", "ECHO", "Kimberley Process", "Lakeside", "Port-Azur", "plenary"),
        *("“", "”", "«", "»", "**", "#", " - ", "–", ":", ".", "\n", "\n\n", "\u00a0", "\u200b"),
        *("walked out", "remarks prepared in writing:", "were prevented from speaking", "ß", "ﬁ"),
        *("e\u0301", "İ", "الجمعة", "2023年", "𝟚𝟘𝟚𝟛", "\x00", "\r\n"),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=40).map(" ".join)
FREE = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FREE
@given(text=TEXTS, name=st.text(max_size=20))
def test_no_text_raises_and_all_evidence_stands_in_it(
    cast: SimpleNamespace, text: str, name: str
) -> None:
    found = proposed(text, name=name)
    for field in FIELDS:
        for proposal in found.of(field):
            assert proposal.field == field
            assert proposal.reason
            assert proposal.label
            if proposal.evidence:
                start, end = proposal.evidence
                assert 0 <= start < end <= len(text)
    for one in found.splits:
        first, second = split(text, one.at)
        assert first
        assert second


@FREE
@given(text=TEXTS)
def test_no_date_is_proposed_that_does_not_stand_in_the_text(
    cast: SimpleNamespace, text: str
) -> None:
    words = plain(text)
    for proposal in proposed(text).date:
        year, *rest = proposal.value.split("-")
        assert year in words
        if rest:
            month = int(rest[0])
            names = [name for name, number in MONTHS.items() if number == month]
            assert any(name in words for name in names) or re.search(rf"\b0?{month}\b", words)
        if len(rest) == 2:
            assert re.search(rf"(?<![0-9])0?{int(rest[1])}(?![0-9])", words)


@given(text=st.text())
def test_plain_letters_keep_every_place(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert [line.text for line in Paper(text).lines] == [
        text[line.start : line.end] for line in Paper(text).lines
    ]


def many(people: int, statements: int) -> None:
    """Fill the record: people with two functions each, statements with long texts."""
    organisation = Organisation.objects.create(slug="many", name="Many Hands", kind="ngo")
    made = Person.objects.bulk_create(
        Person(slug=f"many-{n}", full_name=f"Abena Owusu{n} Nkrumah{n % 7}") for n in range(people)
    )
    Role.objects.bulk_create(
        Role(
            reference=f"R-{5000 + 2 * n + m}",
            person=person,
            role="Digger",
            organisation=organisation,
        )
        for n, person in enumerate(made)
        for m in range(2)
    )
    meetings = []
    for n in range(people // 3):
        meeting = Meeting(
            slug=f"many-{n}", title=f"Plenary {n}", kind="plenary", year=2000 + n % 26
        )
        meeting.city = f"Town{n}"
        meeting.start = f"{2000 + n % 26}-11-06"
        meetings.append(meeting)
    for meeting in meetings:
        meeting.sort_on = meeting.last_possible_day
    Meeting.objects.bulk_create(meetings)
    rows = []
    for n in range(statements):
        row = Statement(slug=f"many-{n}", title=f"Words number {n} of many", kind="speech")
        row.date = f"{2001 + n % 25}-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
        row.title_key = row.title.casefold()
        rows.append(row)
    made_rows = Statement.objects.bulk_create(rows)
    body = " ".join(f"word{n % 700}" for n in range(500))
    Text.objects.bulk_create(
        Text(
            statement=row,
            kind="verbatim",
            language="en",
            body=f"{n} {body}",
            sha256=text_hash(f"{n} {body}"),
        )
        for n, row in enumerate(made_rows)
    )


LONG = (
    "Closing remarks\n\n2023 Plenary, Lakeside\n\n10 November 2023\n\n"
    + "\n\n".join(
        f"In village {number} Kofi Asante{number} told us that the well of Old Town was dry, and "
        "that nobody had come to look at it since the company left; we ask the Kimberley Process "
        "to look at it with us, as it said it would at the plenary of Port Azul in November 2019."
        for number in range(58)
    )
    + "\n\nDr. Awa TRAORE\nCoordinator"
)


def test_the_number_of_queries_does_not_grow_with_the_record(cast: SimpleNamespace) -> None:
    with CaptureQueriesContext(connection) as few:
        proposed(LONG, sha256="ab" * 32)
    many(people=1000, statements=300)
    with CaptureQueriesContext(connection) as more:
        proposed(LONG, sha256="ab" * 32)
    assert len(more) == len(few) <= 8


@pytest.mark.once
def test_a_long_text_against_a_large_record_takes_less_than_a_second(
    cast: SimpleNamespace,
) -> None:
    many(people=500, statements=5000)
    assert len(LONG.split()) > 3000
    times = []
    for _ in range(3):
        # Processor time: others may be using the machine.
        begun = time.process_time()
        found = proposed(LONG)
        times.append(time.process_time() - begun)
    assert found.speakers
    assert min(times) < 1
