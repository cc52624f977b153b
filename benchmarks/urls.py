"""The site's addresses, and an empty view to measure them against."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from kptracker.urls import urlpatterns as site


def empty(request: HttpRequest) -> HttpResponse:
    """Answer with nothing to speak of: what Django and the middleware take by themselves."""
    return HttpResponse("empty")


urlpatterns = [path("empty/", empty), *site]
