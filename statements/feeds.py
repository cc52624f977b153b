"""Feeds and the calendar of this room."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from kptracker.lib import vocabularies
from kptracker.lib.bilingual import active_language, worded
from kptracker.lib.citing import record_name
from kptracker.lib.conditional import public_page
from kptracker.lib.feeds import TableFeed, asked_of_feed, changed_at, list_feed, told_of
from kptracker.lib.listing import BadParameterError
from kptracker.lib.table_views import refusal

from . import tables
from .models import Meeting

STATEMENTS = TableFeed(
    table=tables.STATEMENTS,
    moment=changed_at(),
    thing="statement",
    key="slug",
    title=lambda row: str(worded(row, "title")),
    template="statements/feeds/statement.html",
)
MEETINGS = TableFeed(
    table=tables.MEETINGS,
    moment=changed_at(),
    thing="meeting",
    key="slug",
    title=str,
    template="statements/feeds/meeting.html",
)
PEOPLE = TableFeed(
    table=tables.PEOPLE,
    moment=changed_at(),
    thing="person",
    key="slug",
    title=lambda row: str(row.full_name),
    template="statements/feeds/person.html",
)
ORGANISATIONS = TableFeed(
    table=tables.ORGANISATIONS,
    moment=changed_at(),
    thing="organisation",
    key="slug",
    title=lambda row: str(worded(row, "name")),
    template="statements/feeds/organisation.html",
)

statements = list_feed(STATEMENTS)
meetings = list_feed(MEETINGS)
people = list_feed(PEOPLE)
organisations = list_feed(ORGANISATIONS)


def _event(row: Meeting, host: str) -> icalendar.Event:
    """Return one meeting whose first day is known as an event of whole days."""
    start: Any = row.start
    end: Any = row.end
    last = end.last if end and end.precision == "day" else start.last
    event = icalendar.Event()
    event.add("uid", f"{row.slug}@{host}")
    event.add("dtstamp", row.changed_at)
    event.add("last-modified", row.changed_at)
    event.add("sequence", row.version - 1)
    event.add("dtstart", start.first)
    event.add("dtend", last + timedelta(days=1))  # the first day that is no longer part of it
    event.add("summary", str(worded(row, "title")))
    place = [str(worded(row, "city"))]
    if row.country:
        place.append(str(worded(row.country, "name")))
    if where := ", ".join(part for part in place if part):
        event.add("location", where)
    if row.cancelled:
        event.add("status", "CANCELLED")
    address = f"{settings.SITE_URL}{row.get_absolute_url()}"
    event.add("url", address)
    words = [vocabularies.label("meeting_kind", row.kind), str(worded(row, "note")), address]
    event.add("description", "\n".join(part for part in words if part))
    event.add("transp", "TRANSPARENT")
    return event


@public_page
def calendar(request: HttpRequest) -> HttpResponse:
    """Hand out the meetings that fit as a calendar (iCalendar, RFC 5545).

    A meeting of which only the month or the year is known has no place in a calendar; the
    description says how many were left out.
    """
    try:
        listing = asked_of_feed(tables.MEETINGS, request)
    except BadParameterError as error:
        return refusal(request, error, plain=True)
    host = urlsplit(settings.SITE_URL).netloc
    rows = list(listing.rows.select_related("country"))
    dated = [row for row in rows if row.start and row.start.precision == "day"]
    made = icalendar.Calendar()
    made.add("prodid", f"-//{record_name()}//{host}//{active_language().upper()}")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{tables.MEETINGS.title} · {record_name()}")
    left_out = len(rows) - len(dated)
    about = [told_of(listing)]
    if left_out:
        about.append(
            ngettext(
                "%d meeting of which no day is known is left out.",
                "%d meetings of which no day is known are left out.",
                left_out,
            )
            % left_out
        )
    made.add("x-wr-caldesc", "; ".join(about))
    for row in dated:
        made.add_component(_event(row, host))
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    tongue = "" if active_language() == "en" else f"-{active_language()}"
    response["Content-Disposition"] = f'inline; filename="meetings{tongue}.ics"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
