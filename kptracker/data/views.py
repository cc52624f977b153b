"""/data/: what there is to take away, what it means, and downloads of the whole record."""

from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from kptracker.lib.columns import TableExport
from kptracker.lib.conditional import View, public_page
from kptracker.lib.pages import GoneError, record_page
from kptracker.lib.table_files import NAMES
from kptracker.lib.table_views import takes_nothing

from . import dumps
from .dictionary import dictionary
from .tables import TABLES

ROOMS = ("demands:", "statements:", "")
TYPES = {"zip": "application/zip", "sqlite3": "application/vnd.sqlite3"}


def addresses(name: str, endings: tuple[str, ...]) -> dict[str, str]:
    """Return where a table is found in each form that it has, by the form."""
    found = {}
    for ending in endings:
        for room in ROOMS:
            try:
                found[ending] = reverse(f"{room}{name}_{ending}" if ending else f"{room}{name}")
            except NoReverseMatch:
                continue
            break
    return found


@dataclass(frozen=True)
class Offered:
    """A table as the page offers it."""

    table: TableExport

    @property
    def files(self) -> list[tuple[str, str]]:
        """Its files: what each is called, and its address."""
        found = addresses(self.table.name, tuple(NAMES))
        return [(NAMES[ending], url) for ending, url in found.items()]

    @property
    def page(self) -> str:
        """The address of its list, '' where it has none."""
        return addresses(self.table.name, ("",)).get("", "")

    @property
    def api(self) -> str:
        """The address of its rows in the API."""
        return reverse(f"api_{self.table.name}")

    @property
    def feed(self) -> str:
        """The address of its feed, '' where it has none."""
        return addresses(self.table.name, ("atom",)).get("atom", "")


def _shows_dumps(view: View) -> View:
    """Have the tag of a page change when a download comes or goes."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        there = dumps.dumps()
        request.shows_also = " ".join(f"{one.name}:{bool(one.files)}" for one in there)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return answer


@_shows_dumps
@public_page
@takes_nothing
def data(request: HttpRequest) -> HttpResponse:
    """Show every table and file that leaves, and the downloads of the whole record."""
    there = dumps.dumps()
    newest = next((one for one in there if one.files), None)
    offered = [Offered(table) for table in TABLES]
    return render(
        request,
        "kptracker/data/data.html",
        {
            "tables": offered,
            "feeds": [one for one in offered if one.feed],
            "newest": newest,
            "older": [one for one in there if one is not newest],
            "site": settings.SITE_URL,
        },
    )


@public_page
@takes_nothing
def table(request: HttpRequest, name: str) -> HttpResponse:
    """Explain each column of one table."""
    found = next((one for one in TABLES if one.name == name), None)
    if found is None:
        raise Http404
    context = {"offered": Offered(found), "table": found, "entries": dictionary(found)}
    return render(request, "kptracker/data/table.html", context)


@takes_nothing
def newest_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Lead to the newest download. Raises Http404 before the first."""
    newest = dumps.newest()
    if newest is None:
        raise Http404
    response = HttpResponseRedirect(reverse("dump", args=[newest.name, ending]))
    response["Cache-Control"] = "no-cache"
    return response


@record_page
@takes_nothing
def dump_file(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """Hand out a file of a download: whole, or the part that is asked for.

    It never changes, so it may be kept for long; but not for ever: words that must go go from
    downloads too. Raises GoneError for one that was removed.
    """
    dump = next((one for one in dumps.dumps() if one.name == name), None)
    if dump is None:
        raise Http404
    file = dump.file(ending)
    if file is None:
        day = date_format(dump.removed_on, "DATE_FORMAT") if dump.removed_on else ""
        raise GoneError(_("It held personal data and was deleted on %(day)s.") % {"day": day})
    headers = [
        ("Content-Type", TYPES[ending]),
        ("Content-Disposition", f'attachment; filename="{file.name}"'),
        ("Cache-Control", "public, max-age=3600"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    path = str(dump.folder / file.name)
    answer: HttpResponse = WhiteNoiseMiddleware.serve(StaticFile(path, headers), request)
    return answer
