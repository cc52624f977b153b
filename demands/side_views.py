"""The pages of themes and years: the same record, told from their side."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kptracker.lib.conditional import public_page
from kptracker.lib.pages import find, latest, record_page
from kptracker.lib.table_views import takes_nothing

from .models import Theme
from .themes import all_themes, theme_page
from .years import all_years, span, year_page


@public_page
@takes_nothing
def themes(request: HttpRequest) -> HttpResponse:
    """Show all themes with their figures."""
    return render(request, "demands/themes.html", {"themes": all_themes()})


@public_page
@record_page
@takes_nothing
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one theme. One without a public demand stands too: lists and files name it."""
    row: Theme = find(Theme.objects.public(), slug)
    found = theme_page(row)
    return render(
        request,
        "demands/theme.html",
        {"theme": row, "page": found, "changed_at": latest([row.changed_at, found.changed_at])},
    )


@public_page
@takes_nothing
def years(request: HttpRequest) -> HttpResponse:
    """Show all years of the record with their figures."""
    return render(request, "demands/years.html", {"years": all_years()})


@public_page
@takes_nothing
def year(request: HttpRequest, year: str) -> HttpResponse:
    """Show one year of the record. Raises Http404 for a year outside it."""
    record = span()
    if int(year) not in record:
        raise Http404
    return render(request, "demands/year.html", {"page": year_page(int(year), record)})
