"""Permanent addresses: /s/<slug> and the like lead to the present page."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kptracker.lib.pages import GoneError, MovedError, find

from .models import Meeting, Organisation, Person, Statement
from .querysets import SHOWN


def people_taken_down() -> QuerySet:
    """Return the people of whom visitors may know that they were taken down."""
    return Person.objects.taken_down().filter(public_name=SHOWN)


def _lead_to(name: str, rows: QuerySet, slug: str, gone: QuerySet | None = None) -> HttpResponse:
    """Redirect to the page. Raises Http404 where there is and was none."""
    try:
        url = find(rows, slug, gone).get_absolute_url()
    except MovedError as moved:
        url = moved.url
    except GoneError:
        url = reverse(f"statements:{name}", args=[slug])  # which says why it is gone
    return HttpResponseRedirect(url)


def statement(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to a statement."""
    return _lead_to("statement", Statement.objects.public(), slug)


def meeting(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to a meeting."""
    return _lead_to("meeting", Meeting.objects.public(), slug)


def person(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to a person."""
    return _lead_to("person", Person.objects.public(), slug, people_taken_down())


def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to an organisation."""
    return _lead_to("organisation", Organisation.objects.public(), slug)
