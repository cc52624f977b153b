"""/api/v1/docs/: how to use the API, for people."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kptracker.lib.conditional import public_page

from . import problems, views
from .parameters import MOST, USUAL
from .resources import RESOURCES
from .serving import limited

#: The refusals that the page explains.
EXPLAINED = (400, 404, 405, 410, 414, 429)


@limited
@public_page
def docs(request: HttpRequest) -> HttpResponse:
    """Show how to ask, what each table can be asked, and what to do about a refusal."""
    return render(
        request,
        "kptracker/api/docs.html",
        {
            "site": settings.SITE_URL,
            "resources": list(RESOURCES.values()),
            "demands": RESOURCES["demands"],
            "example": RESOURCES["demands"].address("D-001"),
            "licence": views.LICENCE,
            "usual": USUAL,
            "most": MOST,
            "per_minute": settings.API_PER_MINUTE,
            "refusals": [
                (status, problems.title_of(status), problems.advice_on(status))
                for status in EXPLAINED
            ],
        },
    )
