"""What every address of the API has in common: who may ask, how often, and what may be kept.

Nobody logs in, no cookie is read or set, and programs on pages of other sites may ask as well.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.throttling import SimpleRateThrottle

from kptracker.errors import too_many
from kptracker.lib.conditional import View, public_page

from .problems import METHODS, problem, refuse_method

#: Headers of an answer that a script of another site may read.
EXPOSED = "ETag, Retry-After, Content-Language"


class JsonAlways(BaseContentNegotiation):
    """JSON, whatever the reader says it takes: there is nothing else."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return None


class PerAddress(SimpleRateThrottle):
    """How many questions one address may ask in a minute; each server process counts its own."""

    scope = "address"

    def __init__(self) -> None:
        self.cache = caches["asked"]
        super().__init__()

    def get_rate(self) -> str:
        return f"{settings.API_PER_MINUTE}/min"

    def get_ident(self, request: Any) -> str:
        """Return the address: that which the last of our own proxies saw."""
        seen = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        proxies = settings.PROXIES
        if proxies and seen[-1]:
            return str(seen[-min(proxies, len(seen))])
        return str(request.META.get("REMOTE_ADDR", ""))

    def get_cache_key(self, request: Any, view: Any) -> str:
        # A header may hold anything; a key of the cache may not.
        return f"asked:{self.get_ident(request)[:60].encode().hex()}"


def seconds_to_wait(request: HttpRequest) -> int:
    """Count a question, and return how long to wait before the next; 0 while there is room."""
    counter: Any = PerAddress()
    if counter.allow_request(request, None):
        return 0
    return int(counter.wait() or 0) + 1


def limited(view: View) -> View:
    """Limit how often one address may ask for a page; beyond, a page of its own says so."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if wait := seconds_to_wait(request):
            return too_many(request, wait)
        return view(request, *args, **kwargs)

    return answer


def api_view(view: View) -> Callable[..., HttpResponseBase]:
    """Serve a view of the API: limits, 304, HEAD, OPTIONS, and headers for other sites' scripts."""
    tagged = public_page(_rendered(view))

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase
        if wait := seconds_to_wait(request):
            response = problem(429, headers={"Retry-After": str(wait)})
        elif request.method == "OPTIONS":
            response = HttpResponse(status=204, headers={"Allow": ", ".join(METHODS)})
        elif request.method not in METHODS:
            response = refuse_method()
        else:
            response = tagged(request, *args, **kwargs)
        return open_to_all(response, preflight=request.method == "OPTIONS")

    return answer


def open_to_all(response: HttpResponseBase, *, preflight: bool = False) -> HttpResponseBase:
    """Let scripts of any site read an answer (CORS); it is the same for everybody."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    if preflight:
        response["Access-Control-Allow-Methods"] = ", ".join(METHODS)
        response["Access-Control-Allow-Headers"] = "If-None-Match, Accept, Content-Type"
        response["Access-Control-Max-Age"] = "86400"
    return response


def _rendered(view: View) -> View:
    """Have an answer of REST framework ready at once, so that it can be kept and tagged."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: Any = view(request, *args, **kwargs)
        if hasattr(response, "render") and not response.is_rendered:
            response.render()
        return response

    return answer
