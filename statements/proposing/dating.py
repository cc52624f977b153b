"""Which of the dates in a text is its own, and which are days of events it tells of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kptracker.lib.partial_dates import PartialDate

from .answers import Place, Proposal
from .days import Found, date_of_name
from .known import listed
from .papers import WORD, Line, Paper, word_set

#: Before this day there was no Kimberley Process to make statements about.
FIRST_DAY = date(2000, 1, 1)
#: Words that may stand beside the date of a paper without making it the date of something else.
_BESIDE = word_set(
    "date dated le la the on this of du day monday tuesday wednesday thursday friday saturday "
    "sunday lundi mardi mercredi jeudi vendredi samedi dimanche embargoed until for immediate "
    "release press communique de presse done at fait a issued published posted publie"
)
_DONE = re.compile(r"\b(?:done (?:at|in)|fait a|signed (?:at|in)|issued (?:at|in))\b")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A possible date of the document: the higher the rank, the likelier."""

    rank: int
    known: PartialDate
    place: Place | None
    reason: str
    states: bool  # whether the document states it as its own date


def resolved(dates: Iterable[Found], year: int | None) -> list[Found]:
    """Return the dates, those without a year with ``year`` where one is given."""
    return [
        found.in_year(year) if found.year is None and year is not None else found for found in dates
    ]


def only_year(dates: Iterable[Found]) -> int | None:
    """Return the year that a text names, None where it names none or several."""
    years = {found.year for found in dates if found.year is not None}
    return years.pop() if len(years) == 1 else None


def propose_date(
    paper: Paper, dates: list[Found], *, name: str, title: Place | None, today: date
) -> list[Proposal]:
    """Propose the date of the document, best first.

    A date on a line of its own at the head or beside the signature is the document's. Days in
    the running text may be those of events; they are proposed where nothing better stands, and
    never as sure. A date without a year takes the one year that the text names, if it is one.
    """
    candidates = _of_lines(paper, dates, title)
    in_name = date_of_name(name)
    if in_name:
        candidates.append(_of_name(in_name, dates))
    candidates += _of_running_text(paper, dates, today)
    return _ranked(candidates, in_name, today)


def _ranked(
    candidates: list[_Candidate], in_name: PartialDate | None, today: date
) -> list[Proposal]:
    """Put the likeliest first, each date once; what is not plausible goes to the end."""
    stated = [one for one in candidates if one.states and _plausible(one.known, today)]
    found: list[Proposal] = []
    seen: set[str] = set()
    for one in sorted(
        candidates, key=lambda one: (_plausible(one.known, today), one.rank), reverse=True
    ):
        value = str(one.known)
        if value in seen:
            continue
        seen.add(value)
        others = {str(other.known) for other in stated if other.rank == one.rank} - {value}
        against_name = in_name is not None and not overlap(one.known, in_name)
        doubts = [
            "" if _plausible(one.known, today) else _("it lies in the future or before 2000"),
            _("the name of the file says otherwise: %(date)s") % {"date": in_name.words()}
            if in_name is not None and against_name and one.states
            else "",
            _("another date stands as prominently") if others and one.states else "",
        ]
        sure = one.states and not any(doubts)
        found.append(
            Proposal(
                "date", value, one.known.words(), listed([one.reason, *doubts]), one.place, sure
            )
        )
    if found and found[0].sure:
        # What the text tells of is no choice where the document states its own date.
        states = {str(one.known) for one in stated} | ({str(in_name)} if in_name else set())
        found = [found[0], *(other for other in found[1:] if other.value in states)]
    return found[:6]


def overlap(one: PartialDate, other: PartialDate) -> bool:
    """Whether two dates can be the same day."""
    return one.first <= other.last and other.first <= one.last


def _plausible(known: PartialDate, today: date) -> bool:
    return FIRST_DAY <= known.first <= today


def _of_lines(paper: Paper, dates: list[Found], title: Place | None) -> list[_Candidate]:
    """Dates at the head and at the foot."""
    found: list[_Candidate] = []
    year_of_head = only_year(
        one for one in dates if paper.head and one.end <= paper.head[-1].end
    ) or only_year(dates)
    for zone, lines in (("head", paper.head), ("foot", paper.foot)):
        for line in lines:
            if zone == "foot" and line.start >= paper.contact_from:
                break
            for one in dates:
                if line.start <= one.start < line.end:
                    candidate = _of_line(zone, line, one, year_of_head, title)
                    if candidate:
                        found.append(candidate)
    return found


def _of_line(
    zone: str, line: Line, one: Found, year: int | None, title: Place | None
) -> _Candidate | None:
    """Return what a date on a line of the head or foot says, None where it says nothing."""
    alone = is_alone(line, one) or bool(_DONE.search(line.plain))
    known = one.known if one.year or year is None else one.in_year(year).known
    if known is None or (zone == "foot" and (one.month is None or not alone)):
        return None
    states = False
    if one.year is None:
        rank, reason = 70, _("the day stands there, the year elsewhere in the text")
    elif one.month is None:
        in_title = title is not None and title[0] <= one.start < title[1]
        rank = 20 if in_title else 15
        reason = _("the year in the title") if in_title else _("the year at the head")
    elif one.last:
        rank, reason = 60, _("the days at the head; they may be those of the meeting")
    elif zone == "foot":
        rank, reason, states = 90, _("the date at the end of the text"), True
    elif alone:
        rank, reason, states = 100, _("the date at the head of the text"), True
    elif known.precision == "month":
        rank, reason = 62, _("the month at the head; it may be that of the meeting")
    else:
        rank, reason, states = 85, _("the date in the heading"), True
    return _Candidate(rank, known, (one.start, one.end), reason, states)


def is_alone(line: Line, one: Found) -> bool:
    """Whether a line holds a date and hardly more: a weekday, a place."""
    rest = line.plain[: one.start - line.start] + " " + line.plain[one.end - line.start :]
    words = [word for word in WORD.findall(rest) if word not in _BESIDE]
    return len(words) <= 3


def _of_name(in_name: PartialDate, dates: list[Found]) -> _Candidate:
    """The date in the name of the file; where the text agrees, the two together are enough."""
    reason = _("the name of the file")
    for one in dates:
        if one.month is None:
            continue
        days = one.days(in_name.first.year)
        if days and in_name.first <= days[1] and days[0] <= in_name.last:
            same = in_name.precision != "day" or days[0] == days[1] == in_name.first
            reason = _("the name of the file; the text names days that agree")
            return _Candidate(80, in_name, (one.start, one.end), reason, same)
    return _Candidate(75 if in_name.precision == "day" else 70, in_name, None, reason, False)


def _of_running_text(paper: Paper, dates: list[Found], today: date) -> list[_Candidate]:
    """Dates in the body: perhaps the day of the document, perhaps those of events."""
    if not paper.body:
        return []
    first, last = paper.body[0].start, paper.body[-1].end
    paragraphs = sorted({line.paragraph for line in paper.body})
    outer = {*paragraphs[:2], *paragraphs[-2:]}
    year = only_year(dates)
    years = {one.year for one in dates if one.year and one.year <= today.year}
    found = []
    for one in dates:
        if not first <= one.start < last or one.month is None:
            continue
        known = (one.in_year(year) if one.year is None and year is not None else one).known
        if known is None:
            continue
        reason = _("a date in the running text; it may be that of an event it tells of")
        if one.year is None:
            # The day may be that of any year's event: as a date of the text, the month will do.
            known = PartialDate.parse(str(known)[:7])
            reason = _("days in the running text, of an event; the year stands elsewhere in it")
            rank = 40
        else:
            rank = {"day": 50, "month": 30, "year": 10}[known.precision]
            if one.last:
                reason = _("days in the running text; they may be those of an event")
                rank = 45
        rank += 5 if paper.line_at(one.start).paragraph in outer else 0
        # A text tells of earlier years; its own is the latest that it names.
        rank -= 20 if years and known.last.year < max(years) else 0
        found.append(_Candidate(rank, known, (one.start, one.end), reason, False))
    # Of several days in running text the latest is the likeliest: a text tells of what was.
    return sorted(found, key=lambda one: one.known.last, reverse=True)
