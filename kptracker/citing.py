"""Citations as files: /d/D-001.bib, /s/<slug>.ris and so on, and what a page offers of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from demands.citing import cite_assessment, cite_demand, cite_mention, cite_passage
from demands.models import Assessment, Demand, Mention, Passage
from demands.quoting import THEIR_WORDS
from kptracker.lib.citing import Citation, bibtex, ris
from kptracker.lib.conditional import public_page, state_day
from kptracker.lib.pages import GoneError, MovedError, find, record_page
from kptracker.lib.publishing import State
from kptracker.lib.table_views import takes_nothing
from statements.citing import cite_meeting, cite_organisation, cite_person, cite_statement
from statements.models import Meeting, Organisation, Person, Statement, Text
from statements.permalinks import people_taken_down
from statements.shown_texts import in_order
from statements.views import name_voices

#: What the files are called, what they are sent as, and what writes them.
FORMS: dict[str, tuple[str, Callable[[Citation], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", ris),
}
#: The letter of each kind of thing in permanent addresses.
LETTERS = {"demand": "d", "statement": "s", "meeting": "k", "person": "p", "organisation": "o"}


def _issuers(statement: Statement) -> list[Organisation]:
    name_voices([statement])
    return statement.issued_by  # type: ignore[attr-defined]


def _statement(row: Statement, state_of: date | None, text: Text | None = None) -> Citation:
    in_our_words = text is None or text.kind not in THEIR_WORDS
    issuers = getattr(row, "issued_by", None)
    if issuers is None:
        issuers = _issuers(row)
    return cite_statement(row, issuers, state_of, in_our_words=in_our_words)


def find_demand(reference: str) -> Demand:
    """Return a public demand. Raises GoneError for one taken down, Http404 for all others."""
    row = Demand.objects.filter(
        reference=reference, state__in=[State.PUBLISHED, State.TAKEN_DOWN]
    ).first()
    if row is None:
        raise Http404
    if not row.is_published:
        raise GoneError(row.taken_down_reason)
    return row


def _gone_with(*rows: Any) -> None:
    for row in rows:
        if row.state == State.TAKEN_DOWN:
            raise GoneError(row.taken_down_reason)
        if not row.is_published:
            raise Http404


def _mention(key: str) -> Mention:
    rows = Mention.objects.select_related("demand", "statement")
    row = rows.filter(reference=key).first()
    if row is None:
        raise Http404
    _gone_with(row.statement, row.demand)
    return row


def _passage(key: str) -> Passage:
    rows = Passage.objects.select_related("mention__demand", "mention__statement", "text")
    row = rows.defer("text__body").filter(reference=key).first()
    if row is None:
        raise Http404
    _gone_with(row.mention.statement, row.mention.demand)
    return row


def _assessment(key: str) -> Assessment:
    rows = Assessment.objects.select_related("demand", "corrected_by")
    row = rows.filter(reference=key).first()
    if row is None:
        raise Http404
    _gone_with(row.demand)
    return row


def _cited_statement(key: str, state_of: date | None) -> Citation:
    row: Statement = find(Statement.objects.public().prefetch_related("texts"), key)
    return _statement(row, state_of, next(iter(in_order(row)), None))


def _cited_mention(key: str, state_of: date | None) -> Citation:
    row = _mention(key)
    return cite_mention(row, _issuers(row.statement), state_of)


def _cited_person(key: str, state_of: date | None) -> Citation:
    if key.startswith("P-") and key[2:].isdigit():
        row = _passage(key)
        return cite_passage(row, _issuers(row.mention.statement), state_of)
    return cite_person(find(Person.objects.public(), key, people_taken_down()), state_of)


#: What finds a thing by the letter and the key of its permanent address.
FOUND: dict[str, Callable[[str, date | None], Citation]] = {
    "d": lambda key, day: cite_demand(find_demand(key), day),
    "m": _cited_mention,
    "a": lambda key, day: cite_assessment(_assessment(key), day),
    "s": _cited_statement,
    "k": lambda key, day: cite_meeting(find(Meeting.objects.public(), key), day),
    "p": _cited_person,
    "o": lambda key, day: cite_organisation(find(Organisation.objects.public(), key), day),
}


@public_page
@record_page
@takes_nothing
def citation_file(request: HttpRequest, letter: str, key: str, form: str) -> HttpResponse:
    """Hand out the citation of one thing as a file for programs that keep references."""
    try:
        citation = FOUND[letter](key, state_day(request))
    except MovedError as moved:
        return HttpResponsePermanentRedirect(reverse("citation", args=[letter, moved.slug, form]))
    kind, write = FORMS[form]
    response = HttpResponse(write(citation), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{key}.{form}"'
    return response


@dataclass(frozen=True, slots=True)
class Offer:
    """What a page offers to those who cite it: one line of text, and the files."""

    plain: str
    bib: str
    ris: str


def offered(name: str, key: str, row: Any, request: HttpRequest, text: Any = None) -> Offer | None:
    """Return how a page's own thing is cited; None where there is no such kind of thing."""
    cite: dict[str, Callable[[Any, date | None], Citation]] = {
        "demand": cite_demand,
        "statement": lambda row, day: _statement(row, day, text),
        "meeting": cite_meeting,
        "person": cite_person,
        "organisation": cite_organisation,
    }
    if name not in cite or row is None:
        return None
    files = {form: reverse("citation", args=[LETTERS[name], key, form]) for form in FORMS}
    return Offer(cite[name](row, state_day(request)).plain, files["bib"], files["ris"])
