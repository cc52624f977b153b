"""Error pages: designed like the others, and independent of what may be broken.

None of them asks the database. If even the templates fail, a plain sentence is left.
"""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

LAST_RESORT = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Error</title></head>'
    "<body><h1>Something went wrong</h1><p>The page cannot be shown. "
    '<a href="/">Home</a></p></body></html>'
)


def answer(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """Return an error page, or one plain sentence where no template can be rendered."""
    try:
        body: str = loader.render_to_string(template, context, request)
    except Exception:
        logger.exception("The page of error %d cannot be rendered", status)
        body = LAST_RESORT
    response = HttpResponse(body, status=status)
    # An error is not to be kept: what is missing today may be there tomorrow.
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that makes no sense, or is too large: 400."""
    problems = []
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)
        words = _("Too much was sent at once: at most %(most)s MB of text. Bring it as a file.")
        problems = [("", [words % {"most": most}])]
    return answer(request, "400.html", 400, problems=problems)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer somebody who may not see the page: 403."""
    return answer(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere: 404, with a search."""
    return answer(request, "404.html", 404)


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """Answer an address that asks too often: 429, with how many seconds to wait."""
    response = answer(request, "429.html", 429, wait=wait)
    response["Retry-After"] = str(wait)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when something broke: 500."""
    if "/api/v1/" in request.path:
        from .api.problems import problem

        return problem(500)
    return answer(request, "500.html", 500)
