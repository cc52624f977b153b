"""The pages about the record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kptracker.lib.conditional import public_page


@public_page
def about(request: HttpRequest) -> HttpResponse:
    """Say what this is, for whom, and whose it is."""
    return render(request, "kptracker/about/about.html")
