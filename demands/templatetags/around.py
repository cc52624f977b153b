"""What stands on a meeting's page, and in its brief, of the time before and after it."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kptracker.lib.templatetags.record import known
from statements.models import Meeting

from ..around_meeting import SHOWN, Around, Before, around
from ..brief import Day, Item, most_urgent
from ..models import Demand
from ..raising import Asked, AtMeeting
from ..standing import Standing, standing_then
from .asked import badge

register = template.Library()


def _link(url: str, words: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, words)


@register.simple_tag
def around_meeting(meeting: Meeting, raised: AtMeeting) -> Around:
    """Return before, there and since of what was asked at a meeting."""
    return around(meeting, raised)


@register.simple_tag
def open_before(meeting: Meeting) -> dict[str, Any]:
    """Return the open demands that were asked most often, for a meeting to come, and how many."""
    demands, total = most_urgent(Day(meeting, timezone.localdate()), SHOWN)
    return {"demands": demands, "total": total}


@register.simple_tag
def counted_here(rows: list[Asked]) -> int:
    """Return how many of these demands count as asked here."""
    return sum(1 for one in rows if one.counted)


@register.simple_tag
def meeting_sentence(
    meeting: Meeting, raised: AtMeeting, statements: int, originals: int
) -> SafeString:
    """Write what was asked at a meeting, and in how many statements; each figure is a link.

    Translations are not counted, unless a translation is all that is there.
    """
    said = f"{reverse('statements:statements')}?meeting={meeting.slug}"
    number = originals or statements
    where = _link(
        f"{said}&version=original" if originals else said,
        ngettext("%(n)s statement", "%(n)s statements", number) % {"n": number},
    )
    if not raised.everything:
        return format_html(
            ngettext(
                "{statements} was made here; no demand is recorded from it.",
                "{statements} were made here; no demand is recorded from them.",
                number,
            ),
            statements=where,
        )
    demands = reverse("demands:demands")
    n, m = raised.asked_count, raised.criticised_count
    asked = _link(
        f"{demands}?meeting={meeting.slug}",
        ngettext("%(n)s demand", "%(n)s demands", n) % {"n": n},
    )
    criticised = _link(
        f"{demands}?criticised_at={meeting.slug}",
        ngettext("%(n)s more", "%(n)s more", m) % {"n": m}
        if n
        else ngettext("%(n)s demand", "%(n)s demands", m) % {"n": m},
    )
    if n and m:
        shape = ngettext(
            "{asked} was asked here and {criticised} criticised, in {statements}.",
            "{asked} were asked here and {criticised} criticised, in {statements}.",
            n,
        )
    elif n:
        shape = ngettext(
            "{asked} was asked here, in {statements}.",
            "{asked} were asked here, in {statements}.",
            n,
        )
    elif m:
        shape = ngettext(
            "No demand was asked here; {criticised} was criticised, in {statements}.",
            "No demand was asked here; {criticised} were criticised, in {statements}.",
            m,
        )
    else:
        shape = _(
            "No demand was asked here in the name of the coalition or a member: {statements}."
        )
    return format_html(shape, asked=asked, criticised=criticised, statements=where)


def _mentions_before(demand: Demand, meeting: Meeting | None) -> str:
    """Return the address of the mentions that ask a demand, before a meeting if one is given."""
    address = f"{reverse('demands:mentions')}?demand={demand.slug}&kind=demanded"
    address += "&voice=coalition&voice=member"
    return f"{address}&before={meeting.slug}" if meeting else address


@register.simple_tag
def asked_earlier(row: Before, meeting: Meeting) -> SafeString:
    """Write how often a demand had been asked before a meeting, as a link to each time."""
    if not row.occasions:  # earlier in the same month, or the meeting's day is not known
        return format_html(_("first found {}"), known(row.demand.first_asked))
    return _link(_mentions_before(row.demand, meeting), _occasions_since(row.occasions, row.year))


def _occasions_since(number: int, year: int | None) -> str:
    return ngettext(
        "on %(n)s occasion, in %(year)s", "on %(n)s occasions since %(year)s", number
    ) % {"n": number, "year": year}


@register.simple_tag
def asked_by_then(item: Item, day: Day) -> SafeString:
    """Write on how many occasions a demand of a brief had been asked, as a link to each time."""
    if not item.occasions:
        if item.wordings:
            return conditional_escape(_("criticised, never asked, as far as the record shows"))
        return conditional_escape(_("never asked, as far as the record shows"))
    meeting = None if day.coming else day.meeting
    words = _occasions_since(item.occasions, item.year)
    return format_html(_("asked {}"), _link(_mentions_before(item.demand, meeting), words))


@register.simple_tag
def stands(standing: Standing) -> SafeString:
    """Write where a demand stands or stood, on one line: sign, words, date, how sure."""
    notes: list[Any] = [known(standing.date)] if standing.date else []
    notes += standing.notes
    if standing.judged:
        notes.append(_("confirmed") if standing.confirmed else _("provisional"))
    joined = format_html_join(" · ", "{}", ((note,) for note in notes))
    return format_html('{} <span class="small muted">{}</span>', badge(standing), joined)


@register.simple_tag
def since_asked(item: Item) -> SafeString:
    """Write what happened since a demand was last asked, as far as the record shows."""
    now = item.judgement.assessment if item.judgement else None
    parts: list[Any] = [
        format_html("{} {}", badge(standing_then(one)), known(one.date))
        for one in item.judged_since
        if one != now
    ]
    if now in item.judged_since:
        parts.append(_("judged as above"))
    if n := item.criticised_since:
        parts.append(
            ngettext("criticised on %(n)s occasion", "criticised on %(n)s occasions", n) % {"n": n}
        )
    if n := item.welcomed_since:
        parts.append(
            ngettext("a step welcomed on %(n)s occasion", "a step welcomed on %(n)s occasions", n)
            % {"n": n}
        )
    date = known(item.last_asked)
    if not parts:
        return format_html(_("Since it was last asked ({date}), nothing is recorded."), date=date)
    return format_html(
        _("Since it was last asked ({date}): {events}."),
        date=date,
        events=format_html_join("; ", "{}", ((part,) for part in parts)),
    )
