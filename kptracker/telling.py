"""What is told of one thing of the record beside a link to it: the words of its card."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from demands.codes import DemandKind
from demands.models import Demand
from demands.standing import standing_of
from demands.templatetags.raising import (
    raised_at_meeting,
    raised_in_statement,
    raised_summary,
)
from kptracker.lib import vocabularies
from kptracker.lib.bilingual import worded
from kptracker.lib.citing import record_name
from kptracker.lib.templatetags.record import NBSP, period
from statements.models import Meeting, Statement

from .cards.card import Card
from .start import Start
from .templatetags.start import outcome_sentence, start_sentence


def _card(title: Any, **parts: Any) -> Card:
    host = urlsplit(settings.SITE_URL).netloc
    return Card(title=str(title), site=record_name(), host=host, **parts)


def _plain(html: Any) -> str:
    return strip_tags(str(html)).replace(NBSP, " ")


def asked_words(demand: Demand) -> list[str]:
    """Return on how many occasions a demand was asked and criticised, and when first found."""
    words = []
    is_demand = demand.kind == DemandKind.DEMAND
    if demand.asked_count and demand.first_asked:
        asked = (
            ngettext(
                "Asked on %(n)d occasion, first found %(date)s",
                "Asked on %(n)d occasions, first found %(date)s",
                demand.asked_count,
            )
            if is_demand
            else ngettext(
                "Declared on %(n)d occasion, first found %(date)s",
                "Declared on %(n)d occasions, first found %(date)s",
                demand.asked_count,
            )
        )
        words.append(asked % {"n": demand.asked_count, "date": demand.first_asked.words()})
    elif is_demand:
        words.append(_("Never asked, as far as the record shows"))
    if demand.criticised_count:
        words.append(
            ngettext(
                "Criticised on %(n)d occasion",
                "Criticised on %(n)d occasions",
                demand.criticised_count,
            )
            % {"n": demand.criticised_count}
        )
    return words


def demand_card(demand: Demand) -> Card:
    """Return what is told of a demand: where it stands, how sure, and how often it was asked."""
    standing = standing_of(demand)
    when = [standing.date.words()] if standing.date else []
    note = ""
    if standing.provisional:
        note = _("Provisional: compiled from public sources, not confirmed by the coalition")
    return _card(
        worded(demand, "title"),
        above=f"{demand.reference} · {worded(demand.theme, 'name')}",
        sign=standing.sign,
        confirmed=standing.confirmed,
        status=standing.words,
        when=" · ".join([*when, *standing.notes]),
        lines=tuple(asked_words(demand)),
        note=note,
    )


def statement_card(statement: Statement) -> Card:
    """Return what is told of a statement; ``issued_by`` must be at hand. It names no person."""
    issuers: list[Any] = statement.issued_by  # type: ignore[attr-defined]
    meeting = statement.meeting
    at = str(worded(meeting, "title")) if meeting and meeting.is_published else ""
    lines = [", ".join(part for part in (statement.date.words(), at) if part)]
    if issuers:
        names = ", ".join(str(worded(one, "name")) for one in issuers)
        lines.append(_("Issued by %(names)s") % {"names": names})
    if raises := raised_summary(raised_in_statement(statement)):
        lines.append(_("Demands raised: %(counts)s") % {"counts": raises})
    voice = vocabularies.label("voice", statement.voice)
    kind = vocabularies.label("statement_kind", statement.kind)
    return _card(worded(statement, "title"), above=f"{kind} · {voice}", lines=tuple(lines))


def meeting_card(meeting: Meeting) -> Card:
    """Return what is told of a meeting: when, where, and how many demands were asked there."""
    place = str(worded(meeting, "city"))
    country = str(worded(meeting.country, "name")) if meeting.country else ""
    when = _plain(period(meeting.start, meeting.end)) or str(meeting.year)
    lines = [", ".join(part for part in (when, place, country) if part)]
    if meeting.cancelled:
        lines.append(_("It was cancelled"))
    raised = raised_at_meeting(meeting)
    if raised.everything:
        lines.append(
            ngettext("%d demand was asked here", "%d demands were asked here", raised.asked_count)
            % raised.asked_count
        )
    kind = vocabularies.label("meeting_kind", meeting.kind)
    return _card(worded(meeting, "title"), above=kind, lines=tuple(lines))


def home_title() -> str:
    """Return the title of the record as a whole."""
    return _("What civil society asked of the diamond trade’s gatekeepers, and what became of it")


def home_card(start: Start) -> Card:
    """Return what is told of the record as a whole: the sentence of the start page."""
    sentences = [_plain(start_sentence(start))]
    if sentences[0]:
        sentences.append(_plain(outcome_sentence(start)))
    return _card(home_title(), lines=tuple(one for one in sentences if one))
