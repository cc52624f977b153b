"""Places: cities and countries in a text, and the place of a document."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from .answers import Proposal
from .dating import is_alone
from .days import Found
from .known import Known, KnownMeeting, either
from .papers import WORD, Paper, plain, word_set
from .phrases import Hit, Phrases

#: The Process is named after a town in which it has met: its name is no place.
_NO_PLACE = re.compile(
    r"\bkimberley(?: |-)(?:process|certification)\b|\bprocessus (?:de )?kimberley\b|"
    r"\b(?:antwerp|dubai|new york|delhi) (?:world|multi|diamond|times|based)\b"
)
#: A place before the date: "Kinshasa, 23 June 2011", "Fait à Yaoundé, le 1er mars 2024".
_DATELINE = re.compile(
    r"^\W*(?:Done (?:at|in) |Fait à |Signed (?:at|in) )?"
    r"([^\W\d_][^\W\d_]+(?:[ '’-][^\W\d_]+){0,2}),?\s*(?:[-–—(]|on |the |le |,)*\s*$"
)
_NO_PLACE_WORDS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi vendredi "
    "samedi dimanche date dated published posted issued release statement press embargo until on "
    "the le du updated publie"
)


def propose_place(
    paper: Paper, known: Known, *, dates: list[Found], meeting: Proposal | None, kind: str
) -> list[Proposal]:
    """Propose the place: that beside the date, or that of the meeting where the text names it.

    A letter or a report is about a meeting, and not written there.
    """
    found = _beside_date(paper, dates)
    if found or meeting is None or kind in ("open_letter", "report"):
        return found
    row = next((one for one in known.meetings if one.slug == meeting.value), None)
    if row is None or not row.city:
        return []
    for name in _spellings(row.city, row.city_fr):
        match = re.search(rf"\b{re.escape(plain(name))}\b", masked_places(paper.plain, []))
        if match:
            city = either(row.city, row.city_fr)
            reason = _("the place of the meeting; the text names it")
            return [Proposal("place", city, city, reason, match.span(), meeting.sure)]
    return []


def _beside_date(paper: Paper, dates: list[Found]) -> list[Proposal]:
    """Return the place of a line like "Kinshasa, 23 June 2011"."""
    for line in [*paper.head, *paper.foot]:
        for one in dates:
            if not (line.start < one.start < line.end and one.month and is_alone(line, one)):
                continue
            match = _DATELINE.match(paper.text[line.start : one.start])
            if match and not _NO_PLACE_WORDS & set(WORD.findall(plain(match.group(1)))):
                place = match.group(1)
                start = line.start + match.start(1)
                reason = _("it stands beside the date")
                return [Proposal("place", place, place, reason, (start, start + len(place)))]
    return []


def _spellings(*names: str) -> set[str]:
    """Return the ways a place is written: "Washington, D.C." is Washington, too."""
    found = set()
    for name in names:
        found.add(name)
        found.update(part.strip() for part in re.split(r"[,(/)]", name))
    return {name for name in found if len(name) > 2}


def place_names(meetings: Iterable[KnownMeeting]) -> Phrases:
    """Return the cities and countries of meetings, ready to be looked for."""
    phrases = Phrases()
    for meeting in meetings:
        for name in _spellings(meeting.city, meeting.city_fr):
            phrases.add(name, ("city", meeting.city))
        for name in (meeting.country, meeting.country_fr):
            phrases.add(name, ("country", meeting.country))
    return phrases


def masked_places(text: str, hits: Iterable[Hit]) -> str:
    """Blank out names that hold a place's name and are no place."""
    signs = _NO_PLACE.sub(lambda match: "." * len(match.group()), text)
    for hit in hits:
        signs = signs[: hit.start] + "." * (hit.end - hit.start) + signs[hit.end :]
    return signs
