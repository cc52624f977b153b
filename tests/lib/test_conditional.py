"""A page that has not changed is answered with 304, for one query and without its view."""

import gzip
from datetime import date

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory, override_settings
from django.utils import timezone, translation

from demands.actions import save_demand
from kptracker.lib.conditional import build, public_page
from kptracker.lib.models import Stamp
from kptracker.lib.writing import raise_stamp
from tests.factories import DemandFactory, MeetingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_kept_pages")]
FACTORY = RequestFactory()


@pytest.fixture
def _kept_pages(settings):
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
    }
    caches["pages"].clear()


class Page:
    """A view that counts how often it ran."""

    def __init__(self, status=200, cookie=False):
        self.ran = 0
        self.status = status
        self.cookie = cookie

    def __call__(self, request):
        self.ran += 1
        response = HttpResponse("the page", status=self.status)
        if self.cookie:
            response.set_cookie("who", "somebody")
        return response


def get(view, path="/demands/", *, tag="", method="get", **headers):
    wrapped = public_page(view if not isinstance(view, Page) else lambda request: view(request))
    if tag:
        headers["If-None-Match"] = tag
    return wrapped(getattr(FACTORY, method)(path, headers=headers))


def test_unchanged(django_assert_num_queries):
    view = Page()
    first = get(view)
    with django_assert_num_queries(1):
        again = get(view, tag=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert view.ran == 1
    for header in ("ETag", "Cache-Control", "Vary"):
        assert again[header] == first[header]
    assert first["Cache-Control"] == "no-cache"


def test_several_and_strong_forms_of_the_tag():
    view = Page()
    tag = get(view)["ETag"]
    assert get(view, tag=f'"other", {tag}').status_code == 304
    assert get(view, tag='W/"other"').status_code == 200
    assert get(view, tag="*").status_code == 200
    assert get(view, tag="rubbish").status_code == 200


def test_the_record_changed():
    view = Page()
    tag = get(view)["ETag"]
    MeetingFactory()
    assert get(view, tag=tag).status_code == 200
    assert get(view)["ETag"] != tag


def test_the_number_of_a_restored_database():
    """The same number at another time is another record."""
    view = Page()
    raise_stamp(timezone.now())
    tag = get(view)["ETag"]
    Stamp.objects.update(changed_at=timezone.now())
    assert get(view)["ETag"] != tag


def test_a_draft_leaves_no_trace():
    view = Page()
    tag = get(view)["ETag"]
    draft = DemandFactory(state="draft", theme__slug="a-theme")
    public = get(view)["ETag"]  # the theme is public
    draft.title = "Another title"
    save_demand(draft, by=None)
    assert get(view)["ETag"] == public != tag


def test_what_else_a_page_depends_on(monkeypatch):
    view = Page()
    tags = {get(view)["ETag"]}
    tags.add(get(view, "/demands/?page=2")["ETag"])
    tags.add(get(view, **{"HX-Request": "true"})["ETag"])
    with translation.override("fr"):
        tags.add(get(view)["ETag"])
    with override_settings(ALLOWED_HOSTS=["*"]):
        tags.add(get(view, host="elsewhere.example")["ETag"])
    monkeypatch.setattr(timezone, "localdate", lambda: date(2030, 1, 1))
    tags.add(get(view)["ETag"])
    monkeypatch.setattr("kptracker.lib.conditional.build", lambda: "another release")
    tags.add(get(view)["ETag"])
    assert len(tags) == 7


@pytest.mark.parametrize("status", [400, 404, 410, 302])
def test_only_what_is_there_is_tagged(status):
    assert "ETag" not in get(Page(status))


def test_post_and_personal_pages_are_left_alone():
    assert "ETag" not in get(Page(), method="post")
    assert "ETag" not in get(Page(cookie=True))


@override_settings(DEBUG=True)
def test_while_developing():
    """Templates may change between two looks."""
    assert "ETag" not in get(Page())


def test_head_of_a_page_and_of_a_stream():
    page = get(Page(), method="head")
    assert (page.content, page["Content-Length"]) == (b"", "8")
    started = []

    def pieces():
        started.append(True)
        yield b"piece"

    stream = get(lambda request: StreamingHttpResponse(pieces()), method="head")
    assert list(stream) == []
    assert stream["ETag"]
    stream.close()
    assert not started


def test_build_is_stable():
    first = build()
    build.cache_clear()
    assert build() == first


# --- Whole pages are kept under their tag ------------------------------------------------------


def test_a_page_is_made_once(django_assert_num_queries):
    view = Page()
    first = get(view)
    with django_assert_num_queries(1):
        again = get(view)
    assert again.content == first.content == b"the page"
    assert dict(again.items()) == dict(first.items())
    assert view.ran == 1
    MeetingFactory()
    get(view)
    assert view.ran == 2


@pytest.mark.parametrize("kind", ["status", "cookie", "stream", "large", "head"])
def test_what_is_not_kept(kind, monkeypatch):
    ran = []

    def view(request):
        ran.append(kind)
        if kind == "stream":
            return StreamingHttpResponse(iter([b"piece"]))
        response = HttpResponse("the page", status=404 if kind == "status" else 200)
        if kind == "cookie":
            response.set_cookie("who", "somebody")
        return response

    if kind == "large":
        monkeypatch.setattr("kptracker.lib.conditional.LARGEST_KEPT", 3)
    for _ in range(2):
        get(view, method="head" if kind == "head" else "get")
    assert len(ran) == 2


def test_a_page_is_compressed_for_whoever_takes_it():
    def view(request):
        return HttpResponse("the page " * 100)

    plain = get(view)
    for accepted in ("gzip, deflate, br", "gzip"):
        small = get(view, **{"Accept-Encoding": accepted})
        assert small["Content-Encoding"] == "gzip"
        assert gzip.decompress(small.content) == plain.content
        assert int(small["Content-Length"]) == len(small.content) < len(plain.content) / 4
    again = get(view, **{"Accept-Encoding": "br"})
    assert "Content-Encoding" not in again
    assert again.content == plain.content
    for response in (plain, small, again):
        assert {"HX-Request", "Accept-Encoding"} <= set(response["Vary"].split(", "))
        assert response["ETag"] == plain["ETag"]


def test_a_short_page_is_not_compressed():
    assert "Content-Encoding" not in get(Page(), **{"Accept-Encoding": "gzip"})


@pytest.mark.django_db(transaction=True)
def test_the_database_was_started_anew(client):
    """A connection that was kept open is gone: the next page stands all the same."""
    assert client.get("/meetings/").status_code == 200
    if connection.vendor == "postgresql":
        # Any end of a connection looks like this: a restart of the server, a firewall.
        connection.connection.close()
        connection.health_check_enabled, connection.health_check_done = True, False
    assert client.get("/meetings/?sort=oldest").status_code == 200
