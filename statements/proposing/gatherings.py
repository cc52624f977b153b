"""At which meeting it was said: by its kind, its place and its days, read together.

A text names several meetings: the one it was made at, the last one, the next one. Kind, place
and date count together where they stand in the same heading or sentence.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kptracker.lib.partial_dates import PartialDate, in_words

from .answers import Place, Proposal
from .days import Found
from .known import Known, KnownMeeting, either, listed, named
from .papers import WORD, Paper, plain, word_set
from .phrases import Hit, Phrases
from .places import masked_places, place_names

KINDS = {
    "plenary": r"\bplenary\b|\bplenaries\b|\bpleniere\b",
    "special_plenary": r"\b(?:special|extraordinary) (?:plenary|session)\b|"
    r"\bpleniere extraordinaire\b|\bsession (?:extraordinaire|speciale)\b",
    "intersessional": r"\binter-?\s?sessional\b|\binter-?\s?session\b|\bintersessionnelle\b|"
    r"\bmid-?year meeting\b|\breunion de mi-annee\b",
    "un_resolution": r"\bgeneral assembly\b|\bassemblee generale\b|\bsecurity council\b|"
    r"\bconseil de securite\b|\bun resolution\b|"
    r"\bresolution de l'onu\b|\bunited nations resolution\b",
    "webinar": r"\bwebinar\b|\bwebinaire\b",
    "forum": r"\bforum\b|\bconference\b|\bindaba\b|\bworkshop\b|\batelier\b|"
    r"\bannual meeting of the\b",
    "coalition_meeting": r"\b(?:planning|strategy|coordination|annual) meeting\b|\bworkshop\b|"
    r"\batelier\b|\breunion (?:annuelle|strategique|de planification|regionale|de coordination)\b|"
    r"\bmeeting of the (?:kp )?(?:civil society )?coalition\b|\bmeets? in\b|\bse reunit a\b",
    "side_event": r"\bside[- ]event\b|\b(?:evenement|manifestation) parallele\b",
    "negotiation": r"\bnegotiati\w+|\bnegociations?\b|\bkimberley process meeting\b|\btalks\b",
    "coordination": r"\bchairs? of (?:the )?(?:kp )?working (?:groups|bodies)\b|"
    r"\bworking group chairs\b|\bpresidents? des groupes de travail\b",
    "ceremony": r"\bsigning of\b|\bhost (?:country )?agreement\b|\bopening of the\b|"
    r"\binauguration\b",
    "founding": r"\binterlaken declaration\b|\bfounding meeting\b",
}
_KINDS = {kind: re.compile(pattern) for kind, pattern in KINDS.items()}
#: Meetings of these kinds are told apart by their title more than by what they are.
_BY_TITLE = frozenset(
    {
        "webinar",
        "forum",
        "coalition_meeting",
        "side_event",
        "ceremony",
        "coordination",
        "negotiation",
    }
)
_COMMON = word_set(
    "kimberley process meeting annual diamond diamonds coalition civil society conflict "
    "plenary intersessional processus reunion annuelle diamants societe civile pleniere "
    "conflits webinar webinaire workshop atelier united nations assembly general resolution"
)
LEAST, SURE, LEAD = 48, 80, 14


@dataclass(slots=True)
class _Unit:
    """A heading or a sentence and what it says of meetings."""

    place: Place
    weight: float
    kinds: dict[str, Place] = field(default_factory=dict)
    cities: dict[str, Place] = field(default_factory=dict)
    countries: dict[str, Place] = field(default_factory=dict)
    dates: list[Found] = field(default_factory=list)
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Match:
    """How well a meeting fits and what shows it."""

    meeting: KnownMeeting
    points: float
    reason: str
    place: Place | None
    agree: int


def propose_meeting(
    paper: Paper, known: Known, *, dates: list[Found], document: Proposal | None, masked: list[Hit]
) -> list[Proposal]:
    """Propose the meeting, best first, each with what the text says of it.

    ``document`` is the date of the document as proposed; ``masked`` are names of organisations,
    which name no place (the Antwerp World Diamond Centre).
    """
    places = place_names(known.meetings)
    units = _units(paper, dates, places, masked)
    if not units:
        return []
    span = _days_of(document)
    matches = [
        match
        for meeting in known.meetings
        if (match := _best(meeting, units, span, document)) and match.points >= LEAST
    ]
    matches.sort(key=lambda match: (-match.points, match.meeting.first_day))
    found = []
    for number, match in enumerate(matches[:4]):
        lead = match.points - (matches[number + 1].points if len(matches) > number + 1 else 0)
        sure = number == 0 and match.points >= SURE and lead >= LEAD and match.agree >= 3
        meeting = match.meeting
        found.append(
            Proposal("meeting", meeting.slug, meeting.label, match.reason, match.place, sure)
        )
    return found


def _days_of(document: Proposal | None) -> tuple[date, date] | None:
    if document is None:
        return None
    known = PartialDate.parse(document.value)
    return known.first, known.last


def _units(paper: Paper, dates: list[Found], places: Phrases, masked: list[Hit]) -> list[_Unit]:
    """Return the head as one unit and each sentence as one, those that speak of meetings."""
    stretches: list[tuple[Place, float]] = []
    if paper.head:
        stretches.append(((paper.head[0].start, paper.head[-1].end), 1.0))
    paragraphs = sorted({line.paragraph for line in paper.body})
    for start, end in paper.sentences:
        number = paper.line_at(start).paragraph
        near = number in paragraphs[:1] or number in paragraphs[-1:]
        stretches.append(((start, end), 0.9 if near else 0.7))
    blanked = masked_places(paper.plain, masked)
    hits = [hit for hit in places.scan(paper) if blanked[hit.start : hit.end].strip(".")]
    found = []
    for (start, end), weight in stretches:
        unit = _Unit((start, end), weight)
        text = paper.plain[start:end]
        for kind, pattern in _KINDS.items():
            match = pattern.search(text)
            if match:
                unit.kinds[kind] = (start + match.start(), start + match.end())
        for hit in hits:
            if start <= hit.start < end:
                for sort, name in hit.owners:
                    (unit.cities if sort == "city" else unit.countries).setdefault(
                        name, (hit.start, hit.end)
                    )
        unit.dates = [one for one in dates if start <= one.start < end]
        unit.words = frozenset(WORD.findall(text))
        if unit.kinds or unit.cities:
            found.append(unit)
    return found


def _best(
    meeting: KnownMeeting,
    units: list[_Unit],
    span: tuple[date, date] | None,
    document: Proposal | None,
) -> _Match | None:
    by_document = _by_document(meeting, span, document)
    title: frozenset[str] = frozenset()
    if meeting.kind in _BY_TITLE:
        words = WORD.findall(plain(f"{meeting.title} {meeting.title_fr}"))
        title = frozenset(word for word in words if len(word) > 3 and not word.isdigit()) - _COMMON
    best: _Match | None = None
    for unit in units:
        match = _in_unit(meeting, title, unit, span, by_document)
        if match and (best is None or match.points > best.points):
            best = match
    return best


def _by_document(
    meeting: KnownMeeting, span: tuple[date, date] | None, document: Proposal | None
) -> tuple[float, str]:
    """Return what the date of the document says for a meeting, and in words."""
    if span is None or document is None:
        return 0.0, ""
    first, last = meeting.first_day, meeting.last_day
    words = {"date": document.label, "days": _stretch(first, last)}
    if span[0] <= last and first <= span[1]:
        exact = (span[1] - span[0]).days <= 31
        if not meeting.days_known:
            return (12.0 if exact else 5.0), ""
        return (25.0 if exact else 5.0), _("%(date)s lies in its days, %(days)s") % words
    gap = (span[0] - last).days if span[0] > last else (first - span[1]).days
    after = span[0] > last
    if gap <= 14:
        reason = _("held shortly before, %(days)s") if after else _("held shortly after, %(days)s")
        return 18.0, reason % words
    if gap <= 45:
        return 8.0, _("held %(days)s") % words
    return (-12.0 if gap <= 200 else -35.0), ""


def _in_unit(
    meeting: KnownMeeting,
    title: frozenset[str],
    unit: _Unit,
    span: tuple[date, date] | None,
    by_document: tuple[float, str],
) -> _Match | None:
    """Weigh a meeting against a heading or sentence; ``title``: the telling words of its title."""
    by_date, date_reason = by_document
    kind = unit.kinds.get(meeting.kind)
    by_title = len(title & unit.words) >= 3
    city = unit.cities.get(meeting.city) if meeting.city else None
    country = unit.countries.get(meeting.country) if meeting.country else None
    if not (kind or by_title or city):
        return None
    days, days_reason, place = _by_days(meeting, unit, span)
    agree = bool(kind or by_title) + bool(city) + bool(days > 12 or by_date >= 18)
    if agree < 2 and not (days > 0 and (kind or by_title or city)):
        return None
    points = unit.weight * (
        (24 if kind else 0)
        + (12 if by_title else 0)
        + (28 if city else 8 if country else 0)
        + days
        - (25 if unit.cities and not city and meeting.city else 0)
        - (15 if unit.kinds and not kind and not by_title else 0)
    )
    points += by_date - (20 if meeting.cancelled else 0)
    kind_words = named("meeting_kind", meeting.kind)
    said = [
        _("the text names %(place)s") % {"place": either(meeting.city, meeting.city_fr)}
        if city
        else "",
        _("it speaks of this kind of meeting (%(kind)s)") % {"kind": kind_words} if kind else "",
        _("words of its title stand there") if by_title and not kind else "",
        days_reason,
        date_reason if by_date > 0 else "",
    ]
    return _Match(meeting, points, listed(said), kind or city or place or unit.place, agree)


def _by_days(
    meeting: KnownMeeting, unit: _Unit, span: tuple[date, date] | None
) -> tuple[float, str, Place | None]:
    """Return what the dates of a heading or sentence say for a meeting."""
    best: tuple[float, str, Place | None] = (0.0, "", None)
    against = False
    for one in unit.dates:
        for year in [one.year] if one.year else _near_years(span):
            stretch = one.days(year)
            if stretch is None:
                continue
            if not (stretch[0] <= meeting.last_day and meeting.first_day <= stretch[1]):
                against = against or one.year is not None
                continue
            words = {"days": _stretch(meeting.first_day, meeting.last_day)}
            if one.month is None:
                points, reason = 14.0, _("it names the year %(year)s") % {"year": meeting.year}
            elif one.day is None:
                points, reason = 20.0, _("it names the month, %(days)s") % words
            elif not meeting.days_known:
                points, reason = 18.0, _("it names a day of then, %(days)s") % words
            else:
                exact = stretch == (meeting.first_day, meeting.last_day)
                points, reason = (34.0 if exact else 28.0), _("it names its days, %(days)s") % words
            if one.year is None:
                points -= 4
            if points > best[0]:
                best = (points, reason, (one.start, one.end))
    return best if best[0] or not against else (-30.0, "", None)


def _near_years(span: tuple[date, date] | None) -> list[int]:
    """Return the years in which a day without a year may lie: the document's, or just before."""
    if span is None:
        return []
    return sorted({(span[0] - timedelta(days=90)).year, span[1].year})


def _stretch(first: date, last: date) -> str:
    """Return days as an editor reads them: "20–23 June 2011"."""
    if first == last:
        return in_words(first, "j F Y")
    if (first.year, first.month) == (last.year, last.month):
        if first.day == 1 and (last + timedelta(days=1)).day == 1:
            return in_words(first, "F Y")
        return f"{in_words(first, 'j')}–{in_words(last, 'j F Y')}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year)
    return f"{in_words(first, 'j F Y')} – {in_words(last, 'j F Y')}"
