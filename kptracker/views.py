"""The pages that need both rooms, and what machines ask for."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from kptracker.lib.conditional import public_page
from kptracker.lib.table_views import takes_nothing

from .start import start


@public_page
@takes_nothing
def home(request: HttpRequest) -> HttpResponse:
    """Show the start page."""
    return render(request, "kptracker/home.html", {"start": start()})


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process lives; it asks nothing of anybody."""
    return _plain("ok\n")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether pages can be served: the database answers and all migrations are applied."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return _plain("the database does not answer\n", 503)
    if waiting:
        return _plain(f"{len(waiting)} migrations are not applied\n", 503)
    return _plain("ready\n")


def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines in, but not into every combination of filters."""
    return _plain("User-agent: *\nDisallow: /*?*&\nDisallow: /search/\nDisallow: /fr/search/\n")
