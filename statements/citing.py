"""How statements, meetings, people and organisations are cited."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kptracker.lib import vocabularies
from kptracker.lib.bilingual import active_language, worded
from kptracker.lib.citing import Citation, record_name
from kptracker.lib.pages import permalink
from kptracker.lib.partial_dates import in_words

from .models import Meeting, Organisation, Person, Statement

#: A source that is cited must be a page of the web.
WEB = ("https://", "http://")


def authors_of(statement: Statement, issuers: Iterable[Organisation]) -> tuple[str, ...]:
    """Return who is named as the author: who issued it, else whose voice it is.

    Never a speaker: that one speaks for a body, and some are not named anywhere.
    """
    names = tuple(str(worded(one, "name")) for one in issuers)
    return names or (statement.issuer_text or vocabularies.label("voice", statement.voice),)


def citation(
    statement: Statement,
    issuers: Iterable[Organisation],
    address: str,
    *,
    in_our_words: bool = False,
) -> str:
    """Return a ready citation: who issued it, title, date, this record, permanent address.

    ``in_our_words`` says that what stands at the address is a summary of ours. Nothing is in
    quotation marks: the title may be ours as well.
    """
    record = (
        _("summarised in the KP Demand Tracker") if in_our_words else _("in the KP Demand Tracker")
    )
    return _("%(who)s, %(title)s, %(date)s, %(record)s, %(address)s") % {
        "who": ", ".join(authors_of(statement, issuers)),
        "title": worded(statement, "title"),
        "date": statement.date.words(),
        "record": record,
        "address": address,
    }


def cite_statement(
    statement: Statement,
    issuers: Iterable[Organisation],
    state_of: date | None,
    *,
    in_our_words: bool,
    key: str = "",
    url: str = "",
    note: str = "",
) -> Citation:
    """Return how a statement is cited, or a place in it: then with its own key and address."""
    issuers = list(issuers)
    address = url or permalink("statement", statement.slug)
    notes = [_("In our words, a summary.")] if in_our_words else []
    return Citation(
        key=key or statement.slug,
        plain=citation(statement, issuers, address, in_our_words=in_our_words),
        title=str(worded(statement, "title")),
        record=record_name(),
        url=address,
        authors=authors_of(statement, issuers),
        date=statement.date,
        state_of=state_of,
        language=statement.language,
        source=statement.source_url if statement.source_url.startswith(WEB) else "",
        note=" ".join([*notes, *([note] if note else [])]),
    )


def cite_page(key: str, title: str, url: str, state_of: date | None, **more: Any) -> Citation:
    """Return how a page of the record is cited that has no author but the record itself."""
    if state_of is None:
        plain = _("%(title)s, KP Demand Tracker, %(address)s") % {"title": title, "address": url}
    else:
        plain = _("%(title)s, KP Demand Tracker, as of %(date)s, %(address)s") % {
            "title": title,
            "date": in_words(state_of, "j F Y"),
            "address": url,
        }
    return Citation(
        key=key,
        plain=plain,
        title=title,
        record=record_name(),
        url=url,
        state_of=state_of,
        language=active_language(),
        **more,
    )


def cite_meeting(meeting: Meeting, state_of: date | None) -> Citation:
    """Return how the page of a meeting is cited."""
    url = permalink("meeting", meeting.slug)
    return cite_page(meeting.slug, str(worded(meeting, "title")), url, state_of)


def cite_person(person: Person, state_of: date | None) -> Citation:
    """Return how the page of a person is cited."""
    return cite_page(person.slug, person.full_name, permalink("person", person.slug), state_of)


def cite_organisation(organisation: Organisation, state_of: date | None) -> Citation:
    """Return how the page of an organisation is cited."""
    url = permalink("organisation", organisation.slug)
    return cite_page(organisation.slug, str(worded(organisation, "name")), url, state_of)
