"""What the record covers: of which meetings and years statements were found, and how much of them.

Computed from what is public, in a fixed number of queries.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Count, ExpressionWrapper
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils import timezone

from kptracker.lib import vocabularies
from kptracker.lib.templatetags.record import lower_first
from statements.gathered import held, with_text
from statements.models import Meeting, Statement
from statements.models.meetings import GREAT_MEETINGS


@dataclass(frozen=True)
class Found:
    """Statements of which the same was seen: how many, what was seen, and their list."""

    rows: int
    words: str
    url: str


@dataclass
class MeetingCovered:
    """A meeting and what was found of the statements made there."""

    meeting: Meeting
    found: list[Found]
    to_come: bool


@dataclass
class YearCovered:
    """A year: its plenaries and intersessionals, and all statements found of it."""

    year: int
    statements: int
    url: str
    found: list[Found]
    meetings: list[MeetingCovered] = field(default_factory=list)


@dataclass(frozen=True)
class OtherMeetings:
    """Meetings of another kind: how many, and of how many a text was found."""

    words: str
    rows: int
    url: str
    with_text: int
    with_text_url: str


@dataclass(frozen=True)
class Coverage:
    """The figures of the page."""

    statements: int
    found: list[Found]
    versions: int
    years: list[YearCovered]
    silent_years: list[int]
    held: int
    held_url: str
    without: int
    without_url: str
    others: list[OtherMeetings]


def coverage(at: date | None = None) -> Coverage:
    """Return what was found of each great meeting, year and kind of meeting at ``at`` (today)."""
    today = at or timezone.localdate()
    statements = Statement.objects.public().order_by()
    of_meeting: dict[int, Counter] = defaultdict(Counter)
    of_year: dict[int, Counter] = defaultdict(Counter)
    seen: Counter = Counter()
    for meeting, year, text_seen, rows in statements.values_list(
        "meeting", ExtractYear("date_first"), "text_seen"
    ).annotate(rows=Count("pk")):
        of_year[year][text_seen] += rows
        seen[text_seen] += rows
        if meeting is not None:
            of_meeting[meeting][text_seen] += rows
    meetings = Meeting.objects.public().order_by("sort_on", "id")
    meetings = meetings.annotate(
        was_held=ExpressionWrapper(held(today), BooleanField()),
        has_text=ExpressionWrapper(held(today) & with_text(), BooleanField()),
    )
    great: list[Any] = []
    others: list[Any] = []
    for one in meetings:
        (great if one.kind in GREAT_MEETINGS else others).append(one)
    years = _years(great, of_meeting, of_year, today)
    took_place = [one for one in great if one.was_held]
    kinds = [("kind", kind) for kind in GREAT_MEETINGS]
    return Coverage(
        statements=seen.total(),
        found=_found(seen, []),
        versions=statements.filter(version_of__isnull=False).count(),
        years=years,
        silent_years=[one.year for one in years if not one.statements and one.year <= today.year],
        held=len(took_place),
        held_url=_meetings([*kinds, ("text", "with"), ("text", "without")]),
        without=sum(1 for one in took_place if not one.has_text),
        without_url=_meetings([*kinds, ("text", "without")]),
        others=_others(others),
    )


def _years(
    great: Iterable[Meeting],
    of_meeting: dict[int, Counter],
    of_year: dict[int, Counter],
    today: date,
) -> list[YearCovered]:
    """Return every year from the first to the last of which anything is known, the newest first."""
    by_year: dict[int, list[MeetingCovered]] = defaultdict(list)
    for one in great:
        found = _found(of_meeting[one.pk], [("meeting", one.slug)])
        by_year[one.year].append(MeetingCovered(one, found, one.sort_on > today))
    known = {*by_year, *of_year}
    return [
        YearCovered(
            year,
            of_year[year].total(),
            _statements([("year", str(year))]),
            _found(of_year[year], [("year", str(year))]),
            by_year[year],
        )
        for year in range(max(known, default=0), min(known, default=1) - 1, -1)
    ]


def _others(meetings: Iterable[Any]) -> list[OtherMeetings]:
    """Return the other meetings summed by kind."""
    rows: Counter = Counter()
    texts: Counter = Counter()
    for one in meetings:
        rows[one.kind] += 1
        texts[one.kind] += one.has_text
    return [
        OtherMeetings(
            vocabularies.label("meeting_kind", kind),
            rows[kind],
            _meetings([("kind", kind)]),
            texts[kind],
            _meetings([("kind", kind), ("text", "with")]),
        )
        for kind in vocabularies.codes("meeting_kind")
        if rows[kind]
    ]


def _found(counts: Counter, wanted: list[tuple[str, str]]) -> list[Found]:
    """Return counts by how much was seen, from the full text down, each with its list."""
    return [
        Found(
            counts[code],
            lower_first(vocabularies.label("text_seen", code)),
            _statements([*wanted, ("seen", code)]),
        )
        for code in vocabularies.codes("text_seen")
        if counts[code]
    ]


def _statements(wanted: Iterable[tuple[str, str]]) -> str:
    return f"{reverse('statements:statements')}?{urlencode(list(wanted))}"


def _meetings(wanted: Iterable[tuple[str, str]]) -> str:
    return f"{reverse('statements:meetings')}?{urlencode(list(wanted))}"
