"""Public pages and files that a browser need not fetch twice.

What a visitor sees follows from the published record (its stamp, which drafts never raise), the
address, the language, the day (ages are told by it) and the code. All of these make the ETag;
so a page that has not changed is answered with 304 before its view runs, for one small query.
The same tag names a page completely, so a page that was made once is kept under it for the next
reader, compressed as well, and is never out of date: what changed has another tag.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from datetime import date
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import OperationalError, connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseNotModified,
)
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from .compressing import COMPRESSED
from .models import Stamp

View = Callable[..., HttpResponseBase]

#: Request headers by which a view may answer differently (a part of a page for htmx).
VARY_ON = ("HX-Request",)

#: Keep it, but ask each time: what is taken down or corrected must be gone at the next look,
#: and asking costs one small query. A lifetime, however short, would show withdrawn words.
CACHE_CONTROL = "no-cache"

#: How long a page is kept in memory at most, in seconds; a larger one is not kept.
KEPT = 24 * 3600
LARGEST_KEPT = 400_000
#: A shorter body is sent as it is, as Django's own compression does.
SHORTEST_COMPRESSED = 200

_CODE = ("kptracker", "statements", "demands", "templates", "locale")
_SUFFIXES = {".py", ".html", ".txt", ".xml", ".svg", ".mo", ".ttf"}


@cache
def build() -> str:
    """Return a short text that differs when code, templates, words or static files differ.

    Read from the files' content, so that all workers, and all machines of one release, agree.
    """
    base = Path(settings.BASE_DIR)
    files = [
        path for room in _CODE for path in (base / room).rglob("*") if path.suffix in _SUFFIXES
    ]
    files += [
        base / "requirements.txt",
        Path(settings.VOCABULARIES),
        # Names of static files carry a hash of their content.
        Path(settings.STATIC_ROOT) / "staticfiles.json",
    ]
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(files):
        if path.is_file():
            digest.update(f"{path.relative_to(path.anchor)}\0".encode())
            digest.update(path.read_bytes())
    for setting in (
        settings.SITE_URL,
        settings.CORRECTIONS_EMAIL,
        settings.CORRECTIONS_ANSWERED_BY,
        settings.CORRECTIONS_DAYS,
        settings.API_PER_MINUTE,
    ):
        digest.update(f"{setting}\0".encode())
    return digest.hexdigest()


def record_stamp() -> str:
    """Return number and time of the last change of the published record.

    The time tells a database put back from a backup, whose number has been in use before.
    Written by hand: the ORM takes five times as long, and a 304 does little else.
    """
    # Django tries a connection that was kept open before it is used again: a second way to the
    # database for each page. This query does as well for a trial.
    used: Any = connection
    untried = used.health_check_enabled and not used.health_check_done
    used.health_check_done = True
    try:
        row = _read_stamp()
    except OperationalError:
        if not untried or connection.in_atomic_block:
            raise
        connection.close()  # the database was started anew; the next one is a new connection
        row = _read_stamp()
    return f"{row[0]} {row[1]}" if row else ""


def _read_stamp() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number, CAST(changed_at AS varchar(40)) FROM {Stamp._meta.db_table}"  # noqa: S608
            " WHERE id = 1"
        )
        return cursor.fetchone()


def stamp_of(request: HttpRequest) -> str:
    """Return the stamp of the published record, asked for once per request."""
    if not hasattr(request, "record_stamp"):
        request.record_stamp = record_stamp()  # type: ignore[attr-defined]
    return request.record_stamp  # type: ignore[attr-defined]


def day_of(stamp: str) -> date | None:
    """Return the day on which the published record last changed; None before anything was."""
    moment = stamp.partition(" ")[2][:10]
    return date.fromisoformat(moment) if moment else None


def state_day(request: HttpRequest) -> date | None:
    """Return the day of the state of the record in which ``request`` is answered."""
    return day_of(stamp_of(request))


def page_tag(request: HttpRequest) -> str:
    """Return the ETag of what ``request`` would be answered with.

    A weak one: the same facts in the same form, not a promise about every byte.
    """
    parts = [
        build(),
        stamp_of(request),
        timezone.localdate().isoformat(),
        get_language() or "",
        request.scheme or "",
        request.get_host(),
        request.get_full_path(),
        *(request.headers.get(name, "") for name in VARY_ON),
        # What a page shows beside the record, as its view says before it runs.
        getattr(request, "shows_also", ""),
    ]
    return f'W/"{hashlib.blake2b(chr(0).join(parts).encode(), digest_size=16).hexdigest()}"'


def public_page(view: View) -> View:
    """Answer 304 where the reader's copy still holds; else run the view and tag its answer.

    For views that look at nothing but the address and the published record: no cookie, no
    session, no user. Only what answers 200 to GET or HEAD is tagged; the body of an answer to
    HEAD is dropped, a stream before its query runs.
    """

    @wraps(view)
    def conditional(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if settings.DEBUG:
            return view(request, *args, **kwargs)
        tag = page_tag(request)
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            not_modified = HttpResponseNotModified()
            _label(not_modified, tag)
            return not_modified
        kept = caches["pages"].get(tag) if request.method == "GET" else None
        if kept is not None:
            return _kept_page(request, tag, *kept)
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not _is_personal(request, response):
            if request.method == "GET" and (page := _to_keep(response)):
                caches["pages"].set(tag, page, KEPT)
                response = _kept_page(request, tag, *page)
            _label(response, tag)
        elif not response.has_header("Cache-Control"):
            # What was taken down or moved today may be back tomorrow.
            response["Cache-Control"] = "no-store"
        if request.method == "HEAD":
            _drop_body(response)
        return response

    return conditional


Page = tuple[dict[str, str], bytes, bytes]


def _to_keep(response: HttpResponseBase) -> Page | None:
    """Return headers, body and compressed body of a page to keep; None for a stream or a file."""
    if not isinstance(response, HttpResponse) or not getattr(response, "is_rendered", True):
        return None
    body = response.content
    if len(body) > LARGEST_KEPT or response.has_header("Content-Encoding"):
        return None
    # No time inside: the same page is the same bytes on every machine.
    is_text = not response.get("Content-Type", "").startswith(COMPRESSED)
    small = gzip.compress(body, 6, mtime=0) if is_text and len(body) >= SHORTEST_COMPRESSED else b""
    return dict(response.items()), body, small


def _kept_page(
    request: HttpRequest, tag: str, headers: dict[str, str], body: bytes, small: bytes
) -> HttpResponse:
    """Return a page that was kept, compressed for whoever takes that."""
    taken = small and re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", ""))
    response = HttpResponse(small if taken else body, headers=headers)
    if taken:
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    _label(response, tag)
    return response


def _label(response: HttpResponseBase, tag: str) -> None:
    response["ETag"] = tag
    response["Cache-Control"] = CACHE_CONTROL
    # What is compressed is the same page: its tag is weak.
    patch_vary_headers(response, (*VARY_ON, "Accept-Encoding"))


def _is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether an answer may have been made for one reader: then nobody keeps it."""
    session = getattr(request, "session", None)
    return bool(response.cookies) or bool(session is not None and session.accessed)


def _drop_body(response: HttpResponseBase) -> None:
    if response.streaming:
        response.streaming_content = iter(())  # type: ignore[attr-defined]
    elif isinstance(response, HttpResponse) and getattr(response, "is_rendered", True):
        response["Content-Length"] = str(len(response.content))
        response.content = b""
