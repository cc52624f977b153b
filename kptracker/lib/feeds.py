"""The feed of a public list: its rows by its filters, those that changed last first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import get_template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .atom import MOST, Entry, feed_response
from .conditional import public_page
from .listing import BadParameterError, Listing, Table, asked
from .pages import permalink
from .table_views import refusal

View = Callable[..., HttpResponseBase]
#: Parameters of a list's page that mean nothing in its feed.
NOT_HERE = ("sort", "page", "columns")


@dataclass(frozen=True)
class TableFeed:
    """How the rows of a table become entries.

    ``moment`` is the expression of when a row last changed for readers; ``thing`` and ``key``
    make its permanent address ("demand", "reference"); ``title`` and ``url`` say how it is
    called and where it is read; ``template`` writes its words, given ``row``. ``finish`` adds
    to the rows at hand what is found for all of them at once.
    """

    table: Table
    moment: Any
    thing: str
    key: str
    title: Callable[[Any], str]
    template: str
    url: Callable[[Any], str] = lambda row: str(row.get_absolute_url())
    finish: Callable[[dict[int, Any]], object] | None = None

    def newest(self, rows: QuerySet) -> list[Entry]:
        """Return those of these public rows that changed last, newest first, at most ``MOST``."""
        moments = dict(
            rows.annotate(told_at=self.moment)
            .order_by("-told_at", "-pk")
            .values_list("pk", "told_at")[:MOST]
        )
        found: dict[int, Any] = self.table.drawn(self.table.rows().filter(pk__in=moments)).in_bulk()
        if self.finish is not None:
            self.finish(found)
        template = get_template(self.template)
        return [
            Entry(
                key=permalink(self.thing, getattr(found[key], self.key)),
                path=self.url(found[key]),
                title=self.title(found[key]),
                updated=moment,
                html=template.render({"row": found[key]}),
            )
            for key, moment in moments.items()
            if key in found
        ]


def asked_of_feed(table: Table, request: HttpRequest, kind: type[Listing] = Listing) -> Listing:
    """Return what a request asks of a list's feed. Raises BadParameterError."""
    listing = asked(table, request, kind)
    for name in NOT_HERE:
        if name in request.GET:
            raise BadParameterError({name: [_("A feed has its newest first, and no pages.")]})
    for name in listing.filters.moments:
        if name in request.GET:
            raise BadParameterError({name: [_("A feed tells of what changes, not of one day.")]})
    return listing


def told_of(listing: Listing) -> str:
    """Return of what a list's feed tells: "7 blocked demands on Russia"."""
    return f"{number_format(listing.total, force_grouping=True)} {listing.sentence}"


def list_feed(feed: TableFeed) -> View:
    """Return the view of a list's feed."""

    @public_page
    def view(request: HttpRequest) -> HttpResponseBase:
        try:
            listing = asked_of_feed(feed.table, request)
        except BadParameterError as error:
            return refusal(request, error, plain=True)
        return feed_response(
            request,
            title=str(feed.table.title),
            about=told_of(listing),
            page=f"{listing.unfiltered}{listing.file_query}",
            entries=feed.newest(listing.filters.qs),
        )

    return view


def changed_at() -> F:
    """Return the moment of a row's own last change."""
    return F("changed_at")
