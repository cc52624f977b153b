"""The program proposes, the editor decides: what a document seems to be.

``propose`` reads a text once and the record once, and says of each field of a statement what
the document shows, with the reason and the words that show it. It writes nothing, and where
nothing shows, nothing is proposed: an empty field is better than a guess.
"""

from datetime import date as Day

from django.utils import timezone

from kptracker.lib.partial_dates import PartialDate

from .answers import FIELDS, PersonProposal, Proposal, Proposals, Similar, Split
from .dating import propose_date
from .days import dates_in
from .delivering import propose_delivered
from .gatherings import propose_meeting
from .held import find_held
from .issuing import logos_in, organisation_names, propose_issuers, propose_voice
from .kinds import propose_kind
from .known import Known
from .languages import propose_language
from .names import person_names
from .papers import Paper
from .people import propose_people
from .places import propose_place
from .splitting import find_splits, split
from .titles import propose_title, titles_in

__all__ = [
    "FIELDS",
    "PersonProposal",
    "Proposal",
    "Proposals",
    "Similar",
    "Split",
    "propose",
    "split",
]


def propose(text: str, *, name: str = "", sha256: str = "", today: Day | None = None) -> Proposals:
    """Return what is proposed for a document, to be corrected and confirmed by an editor.

    ``text`` is the cleaned text: paragraphs between blank lines, each on one line. ``name`` is
    the name of the file, which may hold a date or be known to the record; ``sha256`` the hash
    of the original file; ``today`` the day after which nothing was said yet (by default the
    present one). Reads the record; writes nothing and never raises for a text.
    """
    paper, known = Paper(text), Known()
    if not paper.lines:
        return Proposals()
    found = Proposals()
    found.language = propose_language(paper)
    language = found.language[0].value if found.language else ""
    dates = dates_in(paper, french=language == "fr")
    bodies = organisation_names(known)
    organisations = sorted(
        [*bodies.scan(paper), *logos_in(paper, bodies)], key=lambda hit: hit.start
    )
    people_named = person_names(known.people).scan(paper)
    titles = titles_in(paper, dates, [*organisations, *people_named])
    found.title, found.title_kind = propose_title(titles)
    title = titles[0].place if titles else None
    found.kind = propose_kind(paper, title)
    kind = found.kind[0].value if found.kind else ""
    found.date = propose_date(
        paper, dates, name=name, title=title, today=today or timezone.localdate()
    )
    document = found.first("date")
    when = PartialDate.parse(document.value) if document else None
    no_places = [
        hit for hit in organisations if all(one.kind != "participant" for one in hit.owners)
    ]
    found.meeting = propose_meeting(paper, known, dates=dates, document=document, masked=no_places)
    found.place = propose_place(
        paper, known, dates=dates, meeting=found.first("meeting"), kind=kind
    )
    found.issuers = propose_issuers(paper, organisations, title)
    found.voice = propose_voice(found.issuers, known)
    people = propose_people(
        paper,
        known,
        hits=people_named,
        organisations=organisations,
        issuers=[issuer.value for issuer in found.issuers],
        when=when,
    )
    found.speakers, found.named, found.unknown = people.speakers, people.named, people.unknown
    found.splits = find_splits(paper)
    found.delivered = propose_delivered(paper, kind=kind, splits=found.splits)
    found.duplicates, found.waiting = find_held(
        paper,
        known,
        name=name,
        sha256=sha256,
        titles=[title.text for title in titles[:4]],
        date=when,
        meeting=found.meeting[0].value if found.meeting else "",
        kind=kind,
        voice=found.voice[0].value if found.voice else "",
        language=language,
    )
    return found
