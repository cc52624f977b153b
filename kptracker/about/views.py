"""The pages about the record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from kptracker.lib import vocabularies
from kptracker.lib.conditional import public_page
from kptracker.lib.glossary import OF_THE_PROCESS, OF_THIS_SITE
from kptracker.lib.table_views import takes_nothing

from .coverage import coverage as what_is_covered
from .method import method as how_it_was_made
from .statuses import statuses

#: Lists of coded values whose meanings stand on the page of words.
FIELDS = {
    "voice": _("Voice"),
    "text_seen": _("What we saw of it"),
    "title_kind": _("Title"),
    "delivered": _("Delivered"),
    "meeting_kind": _("Kind of meeting"),
    "organisation_kind": _("Kind of organisation"),
}


@public_page
@takes_nothing
def about(request: HttpRequest) -> HttpResponse:
    """Say what this is, for whom, and whose it is."""
    return render(request, "kptracker/about/about.html")


@public_page
@takes_nothing
def status(request: HttpRequest) -> HttpResponse:
    """Say what each status means and how it is judged."""
    return render(request, "kptracker/about/status.html", {"statuses": statuses()})


@public_page
@takes_nothing
def method(request: HttpRequest) -> HttpResponse:
    """Say what counts as what, who compiled the record, and how good it is."""
    return render(request, "kptracker/about/method.html", {"method": how_it_was_made()})


@public_page
@takes_nothing
def coverage(request: HttpRequest) -> HttpResponse:
    """Say of which meetings and years statements were found."""
    return render(request, "kptracker/about/coverage.html", {"coverage": what_is_covered()})


@public_page
@takes_nothing
def words(request: HttpRequest) -> HttpResponse:
    """Explain each word in one plain sentence."""
    fields = [
        {
            "name": name,
            "label": label,
            "terms": [term for term in vocabularies.terms(name).values() if term.definition_in()],
        }
        for name, label in FIELDS.items()
    ]
    return render(
        request,
        "kptracker/about/words.html",
        {"process": OF_THE_PROCESS, "site": OF_THIS_SITE, "fields": fields},
    )
