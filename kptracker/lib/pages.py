"""What all pages of single rows share: finding the row, its former addresses, its last change.

A row that is not public answers as if it did not exist; one that was taken down answers 410
with its reason; a former slug of a public row redirects to the present one, for ever.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from .models import OldSlug
from .publishing import PublishedModel

View = Callable[..., HttpResponseBase]


class GoneError(Exception):
    """The row was public and was taken down; ``reason`` is what visitors read."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class MovedError(Exception):
    """The slug is a former one; ``url`` is the present address, ``slug`` the present slug."""

    def __init__(self, url: str, slug: str = "") -> None:
        self.url = url
        self.slug = slug
        super().__init__(url)


def find(rows: QuerySet, slug: str, gone: QuerySet | None = None) -> Any:
    """Return the row of ``rows`` (public ones, as the page needs them) that has this slug.

    ``gone`` are the rows of which visitors may know that they were taken down. Raises
    MovedError for a former slug, GoneError for what was taken down, Http404 for anything else.
    """
    row = rows.filter(slug=slug).first()
    if row is not None:
        return row
    model = rows.model
    taken_down = gone
    if gone is None and issubclass(model, PublishedModel):  # a list, such as themes, only stays
        taken_down = model._default_manager.taken_down()  # type: ignore[attr-defined]
    for key in ({"slug": slug}, _former(model, slug)):
        if key is None:
            continue
        if taken_down is not None:
            reason = taken_down.filter(**key).values_list("taken_down_reason", flat=True).first()
            if reason is not None:
                raise GoneError(reason)
        if "pk" in key and (present := rows.filter(**key).first()) is not None:
            raise MovedError(present.get_absolute_url(), present.slug)
    raise Http404


def _former(model: type[Model], slug: str) -> dict[str, Any] | None:
    keys = OldSlug.objects.filter(table=model._meta.label_lower, slug=slug)
    key = keys.values_list("row_id", flat=True).first()
    return None if key is None else {"pk": key}


def record_page(view: View) -> View:
    """Let a view answer 301 and 410 where it looks for a row by its slug."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except MovedError as moved:
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{moved.url}?{query}" if query else moved.url)
        except GoneError as gone:
            return render(request, "410.html", {"reason": gone.reason}, status=410)

    return answer


def permalink(name: str, key: str) -> str:
    """Return the full permanent address of a row: https://site/d/D-001."""
    return f"{settings.SITE_URL}{reverse(f'permalink_{name}', args=[key])}"


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of several moments, None where there is none."""
    return max((moment for moment in moments if moment), default=None)
