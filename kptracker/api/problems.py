"""What the API answers when it cannot do what is asked: JSON that says what to do (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, MethodNotAllowed

from kptracker.lib.listing import BadParameterError
from kptracker.lib.pages import GoneError, MovedError

CONTENT_TYPE = "application/problem+json"
#: The ways to ask; everything else is refused.
METHODS = ("GET", "HEAD", "OPTIONS")


class UnknownKeyError(Exception):
    """A filter names a row that nothing public has; ``problems`` maps parameters to sentences."""

    def __init__(self, problems: Mapping[str, list[str]]) -> None:
        self.problems = problems
        super().__init__(str(problems))


def title_of(status: int) -> str:
    """Return what an answer of this status is called."""
    return {
        301: _("It is at another address"),
        400: _("This cannot be asked"),
        404: _("There is no such thing here"),
        405: _("This record is read, not written"),
        410: _("It was taken down"),
        414: _("The address is too long"),
        429: _("Too many questions at once"),
        500: _("Something broke"),
    }.get(status, _("This cannot be answered"))


def advice_on(status: int) -> str:
    """Return what whoever gets an answer of this status can do about it."""
    return {
        400: _(
            "A parameter is unknown, or its value cannot be used. “parameters” names each with"
            " the reason: correct it and ask again. Nothing is answered rather than something else."
        ),
        404: _(
            "Nothing public has this address, or a filter names a row that nothing public has."
            " The tables are listed at the root of the API."
        ),
        405: _("Ask with GET, HEAD or OPTIONS."),
        410: _("“detail” says why. Take it out of what you hold, too."),
        414: _("Ask for fewer values at once."),
        429: _(
            "Wait for as many seconds as the header Retry-After says, then go on where you"
            " stopped. Larger pages (limit=500) and the header If-None-Match need fewer questions;"
            " the whole record is one file on the page of data."
        ),
        500: _("The fault is ours, and it is noted. Try again in a minute."),
    }.get(status, "")


def problem(
    status: int,
    detail: str = "",
    *,
    parameters: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return an answer that says what is wrong and what to do.

    ``detail`` is about this request, ``parameters`` maps each bad parameter to sentences.
    """
    body: dict[str, Any] = {
        "type": f"{settings.SITE_URL}{reverse('api_docs')}#problem-{status}",
        "title": title_of(status),
        "status": status,
        "detail": detail or advice_on(status),
    }
    if parameters:
        body["parameters"] = dict(parameters)
    response = JsonResponse(
        body,
        status=status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
        headers=dict(headers or {}),
    )
    response["Cache-Control"] = "no-store"
    return response


def about_parameters(status: int, problems: Mapping[str, list[str]]) -> HttpResponse:
    """Return the refusal of parameters, which it names."""
    named = {name: list(map(str, why)) for name, why in problems.items() if name}
    words = [f"{name}: {' '.join(why)}" for name, why in named.items()]
    words += [" ".join(map(str, why)) for name, why in problems.items() if not name]
    return problem(status, " ".join(words), parameters=named)


def handle(error: Exception, context: Any) -> HttpResponse | None:
    """Turn what a view raises into an answer (REST framework's exception handler)."""
    if isinstance(error, BadParameterError):
        return about_parameters(error.status, error.problems)
    if isinstance(error, UnknownKeyError):
        return about_parameters(404, error.problems)
    if isinstance(error, GoneError):
        return problem(410, error.reason)
    if isinstance(error, MovedError):
        moved = problem(301, _("It is at %s.") % error.url)
        moved["Location"] = error.url
        return moved
    if isinstance(error, Http404):
        return problem(404)
    if isinstance(error, MethodNotAllowed):
        return refuse_method()
    if isinstance(error, APIException):
        return problem(error.status_code, str(error.detail))
    return None


def refuse_method() -> HttpResponse:
    """Return the refusal of anything that would write."""
    return problem(405, headers={"Allow": ", ".join(METHODS)})
