"""A statement as it is read: the text in paragraphs, beside each what it raises.

Only what is public comes in, and notes are counted after that: their numbers tell of no other.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from statements.models import Statement, Text

from .models import Mention, Passage
from .raising import Raised, raised_in
from .reading import Paragraph, paragraphs_of


@dataclass(slots=True)
class Note:
    """What stands beside a passage: its number on the page, and the mention that it places.

    ``passages`` are those it belongs to: one, and in a text beside this one the same.
    """

    number: int
    mention: Mention
    passages: list[Passage]

    @property
    def passage(self) -> Passage:
        """The passage that the note stands beside."""
        return self.passages[0]


@dataclass(slots=True)
class Row:
    """Paragraphs that stand side by side, the notes to them, and what follows without notes."""

    paragraphs: Sequence[Paragraph]
    beside: Sequence[Paragraph]
    notes: Sequence[Note]
    more: list[Paragraph] = field(default_factory=list)
    more_beside: list[Paragraph] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """A page on which a text is read; ``elsewhere`` is raised without a place in it.

    ``notes`` stand in their order, ``note_of`` finds that of a passage by its key.
    """

    text: Text
    beside: Text | None
    rows: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    note_of: dict[int, Note] = field(default_factory=dict)
    elsewhere: list[Mention] = field(default_factory=list)

    def add(self, passage: Passage, mention: Mention) -> None:
        """Give a passage the next note."""
        note = Note(len(self.notes) + 1, mention, [passage])
        self.notes.append(note)
        self.note_of[passage.pk] = note


def reading_of(statement: Statement, raised: Raised, text: Text, beside: Text | None) -> Reading:
    """Return the page on which a text of a statement is read, if wanted with another beside it.

    The other may be a text of its original or of a version; what that one raises is then asked
    for. Everything else is at hand.
    """
    reading = Reading(text, beside)
    marks = _marked(raised.mentions, text)
    left = paragraphs_of(text.body, list(marks))
    for paragraph in left:
        for passage in paragraph.begins:
            reading.add(passage, marks[passage])
    right: list[Paragraph] = []
    if beside is not None:
        there = raised
        if beside.statement_id != statement.pk:
            there = raised_in(beside.statement)
        marks_there = _marked(there.mentions, beside)
        right = paragraphs_of(beside.body, list(marks_there))
        _share(reading, right, marks_there)
    reading.rows = list(_rows(reading, left, right))
    placed = {note.mention.pk for note in reading.notes}
    reading.elsewhere = [row for row in raised.mentions if row.pk not in placed]
    return reading


def _marked(mentions: Sequence[Mention], text: Text) -> dict[Passage, Mention]:
    """Return the passages of mentions in one text, with their mentions."""
    found: dict[Passage, Mention] = {}
    for mention in mentions:
        for passage in mention.shown_passages:  # type: ignore[attr-defined]
            if passage.text_id == text.pk and passage.is_placed:
                passage.text = text
                found[passage] = mention
    return found


def _share(reading: Reading, right: list[Paragraph], marks: dict[Passage, Mention]) -> None:
    """Have passages of the text beside share the notes of their mentions, in their order."""
    own: dict[int, list[Note]] = defaultdict(list)
    for note in reading.notes:
        own[note.mention.pk].append(note)
    for paragraph in right:
        for passage in paragraph.begins:
            notes = own[marks[passage].pk]
            if not notes:
                reading.add(passage, marks[passage])
                continue
            note = notes[0] if len(notes) == 1 else notes.pop(0)
            note.passages.append(passage)
            reading.note_of[passage.pk] = note


def _rows(reading: Reading, left: list[Paragraph], right: list[Paragraph]) -> list[Row]:
    """Return paragraph beside paragraph where there are as many, else text beside text.

    Paragraphs without notes go with the one before, so that its notes have room beside them.
    """
    if right and len(left) != len(right):
        return [Row(left, right, _notes_at(reading, [*left, *right]))]
    rows: list[Row] = []
    for place, one in enumerate(left):
        beside = right[place : place + 1]
        notes = _notes_at(reading, [one, *beside])
        if rows and not notes:
            rows[-1].more.append(one)
            rows[-1].more_beside.extend(beside)
        else:
            rows.append(Row([one], beside, notes))
    return rows


def _notes_at(reading: Reading, paragraphs: Sequence[Paragraph]) -> list[Note]:
    """Return the notes to passages that begin in paragraphs; one shared stands with its first."""
    found = [
        (passage, reading.note_of[passage.pk])
        for paragraph in paragraphs
        for passage in paragraph.begins
    ]
    return [note for passage, note in found if note.passage is passage]
