"""/api/v1/docs/: how to use the API, for people."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from kptracker.lib.conditional import public_page, stamp_of
from kptracker.lib.table_views import takes_nothing

from . import problems, views
from .parameters import MOST, USUAL
from .resources import RESOURCES
from .serving import limited

#: The refusals that the page explains.
EXPLAINED = (400, 404, 405, 410, 414, 429)

#: What the page asks to show an answer: a status with its reason, its date and how sure it is.
SAMPLE = "status=blocked&fields=reference,title,status,reason,status_date,provisional,theme_slug"


@limited
@public_page
@takes_nothing
def docs(request: HttpRequest) -> HttpResponse:
    """Show how to ask, what each table can be asked, and what to do about a refusal."""
    demands = RESOURCES["demands"]
    key = demands.first_key()
    sample = views.page_of(demands, QueryDict(f"{SAMPLE}&limit=1"), stamp_of(request))
    return render(
        request,
        "kptracker/api/docs.html",
        {
            "resources": list(RESOURCES.values()),
            "demands": demands,
            "example": demands.address(key) if key else "",
            "sample": SAMPLE,
            "answer": json.dumps(sample, ensure_ascii=False, indent=2) if key else "",
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
