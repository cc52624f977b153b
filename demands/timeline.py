"""A demand over time as one picture: what was said of it, how it stood, and the KP's meetings.

Across, places are in per cent of the time that is drawn, so that a picture of any width keeps
the size of its text; down, they are in pixels. Nothing here asks the database but ``held_until``.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from kptracker.lib.partial_dates import PartialDate, in_words
from statements.gathered import held, with_text
from statements.models import Meeting
from statements.models.meetings import GREAT_MEETINGS

from .codes import AssessmentKind, DemandKind, MentionKind, Status
from .models import Assessment, Demand, Mention
from .record import DemandRecord
from .standing import Standing
from .stretches import Stretch, judgements, old_times, standing_by, stretches_of

#: The record begins in this year.
FIRST_YEAR = 2000
#: Marks nearer to each other than this, in per cent, are put on top of each other.
APART = 1.7
#: Bands narrower than this have their sign below them: on any screen, and on a phone.
TINY, NARROW = 1.9, 6.5
#: Sizes in pixels: a mark with its distance to the next, a band, a sign below it, the meetings.
STEP, BAND, SIGN, TICKS = 11, 20, 15, 24
#: At most so many years are written below the picture.
LABELS = 6
ONE_DAY = timedelta(days=1)

#: How marks look, by what they say.
LOOKS = {
    MentionKind.DEMANDED: "asked",
    MentionKind.CRITICISED: "criticised",
    MentionKind.WELCOMED: "welcomed",
}


@dataclass(frozen=True, slots=True)
class Axis:
    """The time that is drawn: from the first day to the end of the last."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Return where a day begins, in per cent; days outside are put on the edge."""
        whole = (self.last - self.first).days + 1
        return min(max(100 * (day - self.first).days / whole, 0.0), 100.0)

    def span(self, known: PartialDate) -> tuple[float, float]:
        """Return from where to where a date may lie; a day known is one place."""
        start = self.at(known.first)
        return start, start if known.precision == "day" else self.at(known.last + ONE_DAY)


def percent(place: float) -> str:
    """Return a place as an attribute, the same in every language."""
    return f"{place:.2f}%"


@dataclass(frozen=True, slots=True)
class Label:
    """A line across the picture where a year (or a quarter) begins; its words, if there is room."""

    x: str
    words: str = ""
    words_x: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mention as drawn: a dot, or a bar over the days on which it may have been."""

    mention: Mention
    look: str
    x1: str
    x2: str
    y: int


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch as drawn; ``soft`` is where it may have begun, if the day is not known."""

    stretch: Stretch
    x: str
    width: str
    soft_x: str = ""
    soft_width: str = ""
    below: str = ""
    y: int = 0
    #: From where, and how wide, its judgement was old.
    old: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    """A plenary or intersessional as drawn; without ``width`` its days are known."""

    meeting: Meeting
    x: str
    width: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture told as a table: what happened, and how the demand stood then.

    ``before`` and ``after`` are None where it was not judged. ``counts`` is False for a
    judgement that a later one replaced.
    """

    day: date
    mention: Mention | None = None
    assessment: Assessment | None = None
    meeting: Meeting | None = None
    before: Standing | None = None
    after: Standing | None = None
    counts: bool = True


@dataclass(frozen=True)
class Timeline:
    """The picture: its parts, and where they lie from top to bottom."""

    demand: Demand
    axis: Axis
    since_first: bool
    first_year: int
    labels: list[Label]
    marks: list[Mark]
    stretches: list[Stretch]
    bands: list[Band]
    ticks: list[Tick]
    rows: list[Row]
    unjudged_x: str
    unjudged_width: str
    levels: int
    below: int

    @property
    def empty(self) -> bool:
        """Whether nothing was said of it and nobody judged it."""
        return not self.marks and not self.stretches

    @property
    def judgeable(self) -> bool:
        """Whether it can be judged: a position or a commitment is not."""
        return self.demand.kind == DemandKind.DEMAND

    @property
    def looks(self) -> list[str]:
        """What kinds of marks there are."""
        found = {mark.look for mark in self.marks}
        return [look for look in LOOKS.values() if look in found]

    @property
    def vague(self) -> bool:
        """Whether of some mark the day is not known."""
        return any(mark.x1 != mark.x2 for mark in self.marks)

    @property
    def standings(self) -> list[Standing]:
        """The statuses in the picture, each once, for the key to it."""
        found: dict[str, Standing] = {}
        for one in self.stretches:
            found.setdefault(one.standing.words, one.standing)
        return list(found.values())

    @property
    def confirmed(self) -> bool:
        """Whether some of them are confirmed by the coalition."""
        return any(one.standing.confirmed for one in self.stretches)

    @property
    def old(self) -> bool:
        """Whether some judgement was old for a time."""
        return any(band.old for band in self.bands)

    @property
    def with_text(self) -> int:
        """Of how many of the meetings the record holds a text."""
        return sum(1 for tick in self.ticks if has_text(tick.meeting))

    # Places from top to bottom, in pixels.

    @property
    def band_y(self) -> int:
        """Where the bands begin."""
        return 8 + STEP * max(self.levels, 1)

    @property
    def ticks_y(self) -> int:
        """Where the meetings begin."""
        band = BAND + SIGN * self.below if self.judgeable else 0
        return self.band_y + band + 8

    @property
    def grid_y(self) -> int:
        """Where the lines of the years end."""
        return self.ticks_y + TICKS - 8

    @property
    def height(self) -> int:
        """How high the picture is."""
        return self.grid_y + 20


def has_text(meeting: Meeting) -> bool:
    """Tell whether the record holds a text of a meeting, as ``held_until`` found out."""
    return bool(meeting.has_text)  # type: ignore[attr-defined]


def held_until(day: date) -> list[Meeting]:
    """Return the plenaries and intersessionals held by a day, in one query."""
    rows = Meeting.objects.public().filter(held(day), kind__in=GREAT_MEETINGS)
    return list(rows.annotate(has_text=with_text()).order_by("sort_on", "id"))


def timeline_of(
    demand: Demand,
    record: DemandRecord,
    meetings: Sequence[Meeting],
    *,
    since_first: bool = False,
    today: date | None = None,
) -> Timeline:
    """Return the picture of a demand's record, from 2000 or from the year of its first entry."""
    today = today or timezone.localdate()
    stretches = stretches_of(record.assessments) if demand.kind == DemandKind.DEMAND else []
    days = [row.statement.date.first for row in record.mentions]
    days += [one.start.first for one in stretches]
    first_year = min((day.year for day in days), default=FIRST_YEAR)
    start = first_year if since_first else min(first_year, FIRST_YEAR)
    axis = Axis(date(start, 1, 1), max([today, *days]))
    meetings = [row for row in meetings if row.sort_on >= axis.first]
    marks, levels = marks_of(record.mentions, axis)
    asked = [
        row.statement.date.first
        for row in record.mentions
        if row.kind == MentionKind.DEMANDED and row.statement.counted
    ]
    bands = bands_of(stretches, axis, asked)
    first_said = min((row.statement.date.first for row in record.mentions), default=axis.first)
    return Timeline(
        demand=demand,
        axis=axis,
        since_first=since_first,
        first_year=first_year,
        labels=labels_of(axis),
        marks=marks,
        stretches=stretches,
        bands=bands,
        ticks=[_tick(row, axis) for row in meetings],
        rows=rows_of(record, stretches, meetings),
        unjudged_x=percent(axis.at(first_said)),
        unjudged_width=percent(100 - axis.at(first_said)),
        levels=levels,
        below=max((1 + band.y for band in bands if band.below), default=0),
    )


def labels_of(axis: Axis) -> list[Label]:
    """Return a line for each year, with its number where there is room for it.

    Of less than three years the quarters have lines, with the names of their months.
    """
    years = range(axis.first.year, axis.last.year + 1)
    if len(years) < 3:
        days = [date(year, month, 1) for year in years for month in (1, 4, 7, 10)]
        days = [day for day in days if day <= axis.last]
        every = 1 if len(days) <= LABELS else 2
        return [
            _label(axis, day, day + timedelta(days=90), "" if n % every else in_words(day, "M Y"))
            for n, day in enumerate(days)
        ]
    every = next(step for step in (1, 2, 3, 5, 10, 20, 50) if len(years) <= step * LABELS)
    return [
        _label(axis, date(year, 1, 1), date(year, 12, 31), "" if year % every else str(year))
        for year in years
    ]


def _label(axis: Axis, first: date, last: date, words: str) -> Label:
    """Return a line where a time begins, its words in the middle unless that is cut off."""
    begins, middle = axis.at(first), (axis.at(first) + axis.at(last)) / 2
    room = last <= axis.last or middle < 96
    return Label(percent(begins), words if room else "", percent(middle))


def marks_of(mentions: Sequence[Mention], axis: Axis) -> tuple[list[Mark], int]:
    """Return the mentions as drawn, from the oldest, and on how many levels they lie.

    Marks that would touch are put on top of each other; the lowest level is nearest to the bands.
    """
    placed: list[tuple[Mention, float, float, int]] = []
    ends: list[float] = []
    spans = [(axis.span(row.statement.date), row) for row in mentions]
    for (start, end), row in sorted(spans, key=lambda one: one[0]):
        free = (level for level, taken in enumerate(ends) if taken + APART <= start)
        level = next(free, len(ends))
        ends[level : level + 1] = [end]
        placed.append((row, start, end, level))
    lowest = 8 + STEP * len(ends) - STEP
    marks = [
        Mark(row, LOOKS[row.kind], percent(start), percent(end), lowest - STEP * level)
        for row, start, end, level in placed
    ]
    return marks, len(ends)


def bands_of(stretches: Sequence[Stretch], axis: Axis, asked: Sequence[date] = ()) -> list[Band]:
    """Return the stretches as drawn; of those too narrow for their sign it stands below them.

    ``asked`` are the days on which the demand was asked, which make a judgement old.
    """
    bands: list[Band] = []
    signs: list[float] = []
    ended = 0.0
    for one in stretches:
        # Before the last possible day of its beginning nobody knows whether it held already.
        begins = max(axis.at(one.start.first), ended)
        sure = begins if one.start.precision == "day" else axis.at(one.start.last + ONE_DAY)
        sure = max(sure, begins)
        ends = axis.at(one.until.first) if one.until else 100.0
        ends = max(ends, sure)
        width = ends - sure
        below, level = "", 0
        if width < NARROW:
            below = "tiny" if width < TINY else "narrow"
            free = (n for n, taken in enumerate(signs) if taken + NARROW <= sure)
            level = next(free, len(signs))
            signs[level : level + 1] = [sure]
        bands.append(
            Band(
                one,
                percent(sure),
                percent(width),
                percent(begins) if sure > begins else "",
                percent(sure - begins) if sure > begins else "",
                below,
                level,
                _old_parts(one, asked, axis, sure),
            )
        )
        ended = ends
    return bands


def _old_parts(
    stretch: Stretch, asked: Sequence[date], axis: Axis, begins: float
) -> tuple[tuple[str, str], ...]:
    parts = []
    for first, until in old_times(stretch, asked, axis.last):
        start, end = max(axis.at(first), begins), 100.0 if until > axis.last else axis.at(until)
        if end > start:
            parts.append((percent(start), percent(end - start)))
    return tuple(parts)


def _tick(meeting: Meeting, axis: Axis) -> Tick:
    known = meeting.start or meeting.end or PartialDate.parse(str(meeting.year))
    start, end = axis.span(known)
    return Tick(meeting, percent(start), percent(end - start) if end > start else "")


def rows_of(
    record: DemandRecord, stretches: Sequence[Stretch], meetings: Sequence[Meeting]
) -> list[Row]:
    """Return everything in the picture as the rows of a table, the oldest first."""
    rows = _judged_rows(record.assessments) if stretches or record.assessments else []
    changes = [row for row in rows if row.counts]
    days = [row.day for row in changes]

    def stood(day: date) -> Standing | None:
        place = bisect_right(days, day)
        return changes[place - 1].after if place else None

    for mention in record.mentions:
        day = mention.raised_on or mention.statement.sorts_on
        rows.append(Row(day, mention=mention, before=stood(day)))
    for meeting in meetings:
        day = meeting.start.last if meeting.start else meeting.sort_on
        rows.append(Row(day, meeting=meeting, before=stood(day)))
    # On one day a meeting comes first, then what was said there, then what was judged of it.
    return sorted(rows, key=lambda row: (row.day, row.assessment is not None, row.meeting is None))


def _judged_rows(assessments: Iterable[Assessment]) -> list[Row]:
    rows: list[Row] = []
    now: Standing | None = None
    counting = {one.pk: confirmed for one, confirmed, _days in judgements(assessments)}
    for one in assessments:
        day = one.date.last
        if hasattr(one, "corrected_by"):
            rows.append(Row(day, assessment=one, before=now, after=now, counts=False))
        elif one.kind == AssessmentKind.CONFIRMED:
            rows.append(Row(day, assessment=one, before=now, after=now))
        else:
            before = now
            judged = one.status != Status.NOT_ASSESSED
            now = standing_by(one, counting[one.pk]) if judged else None
            rows.append(Row(day, assessment=one, before=before, after=now))
    return rows
