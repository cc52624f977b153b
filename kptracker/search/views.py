"""The view of search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kptracker.lib.conditional import public_page
from kptracker.lib.listing import BadParameterError
from kptracker.lib.search import MOST_HITS, MOST_LOOKED_THROUGH
from kptracker.lib.table_views import refusal

from .page import asked_of_search


@public_page
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found in the whole record, or how to look for something."""
    try:
        page = asked_of_search(request)
    except BadParameterError as error:
        return refusal(request, error)
    context = {
        "search": page,
        "hits": page.hits,
        "listing": page,
        "asked": page.asked,
        "most": MOST_HITS,
        "most_looked_through": MOST_LOOKED_THROUGH,
    }
    return render(request, "kptracker/search.html", context)
