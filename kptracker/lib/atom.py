"""Feeds in Atom (RFC 4287), by which a reader is told what is new.

Django's own writer, with the words of an entry as its content. An entry keeps its id for ever:
the permanent address of what it tells of, whatever the language.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from .bilingual import active_language
from .citing import record_name
from .conditional import stamp_of

#: So many entries a feed holds at most; whoever looks less often finds the rest on the page.
MOST = 50
#: Signs that no XML document may hold.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: Before anything was recorded a feed is as old as the scheme's founding year.
NOTHING_YET = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing a feed tells of.

    ``key`` is its id, a full permanent address; ``path`` the address of its page here;
    ``updated`` the moment at which it last changed for readers; ``html`` its words.
    """

    key: str
    path: str
    title: str
    updated: datetime
    html: str
    kind: str = ""


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """Return when the newest entry changed; for an empty feed when the record did."""
        moments = [item["updateddate"] for item in self.items]
        return max(moments, default=self.feed["changed"])

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        # The words are the content of an entry, not a summary of it.
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("content", item["content"], {"type": "html"})


def _clean(words: str) -> str:
    return NOT_XML.sub("", words)


def feed_response(
    request: HttpRequest, *, title: str, about: str, page: str, entries: Iterable[Entry]
) -> HttpResponse:
    """Return a feed of entries, newest first.

    ``title`` says of what it tells, ``about`` which part of it, in a sentence; ``page`` is the
    path of the page that shows the same, with its filters.
    """
    language = active_language()
    address = f"{settings.SITE_URL}{request.get_full_path()}"
    feed = _Feed(
        title=_clean(f"{title} · {record_name()}"),
        link=f"{settings.SITE_URL}{page}",
        description="",
        subtitle=_clean(about),
        language=language,
        author_name=record_name(),
        author_link=settings.SITE_URL,
        feed_url=address,
        feed_guid=address,
        feed_copyright=_("Our words: CC BY 4.0. What is quoted belongs to those who wrote it."),
        changed=_changed(request),
    )
    for one in entries:
        feed.add_item(
            title=_clean(one.title),
            link=f"{settings.SITE_URL}{one.path}",
            description="",
            unique_id=one.key,
            updateddate=one.updated,
            categories=[one.kind] if one.kind else (),
            # Readers know no page that a path could begin at.
            content=_clean(one.html).replace('href="/', f'href="{settings.SITE_URL}/'),
        )
    response = HttpResponse(content_type=_Feed.content_type)
    feed.write(response, "utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _changed(request: HttpRequest) -> datetime:
    """Return the moment at which the published record last changed."""
    moment = stamp_of(request).partition(" ")[2]
    if not moment:
        return NOTHING_YET
    found = datetime.fromisoformat(moment)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
