"""
The site in Chromium.

`site` is a running server with the whole shipped record in its database, one for all browser
tests of a run; `page` is a tab that fails its test when the page logs an error, breaks the
content security policy, or asks another machine for something. Browser tests do not use
pytest-django's `db` or `live_server`: those would empty the database under the others. What a
test needs to look up or add in Python it does `with site.database():`.
"""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

# Playwright's synchronous interface runs an event loop in this thread, and Django takes that
# for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FAILURES = Path(__file__).parent / "failures"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # the sandbox refuses root, which is who runs CI
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Site:
    """A running server with the shipped record."""

    def __init__(self, url: str, unblock: Callable[[], AbstractContextManager[None]]) -> None:
        self.url = url
        self.database = unblock

    def staff(self, name: str = "editor", password: str = "a long enough password") -> str:
        """Make a superuser if there is none of that name; return the password."""
        from django.contrib.auth import get_user_model

        with self.database():
            users = get_user_model()._default_manager
            if not users.filter(username=name).exists():
                users.create_superuser(name, f"{name}@example.org", password)
        return password


@pytest.fixture(scope="session")
def site(django_test_environment: None, django_db_blocker: Any) -> Iterator[Site]:
    """A running server with the shipped record, for all browser tests of this run.

    The database is made here: pytest-django makes those only that tests ask for by its marks.
    """
    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        call_command("load_record", str(settings.RECORD_DIR), stderr=io.StringIO())
    server = LiveServer("127.0.0.1")
    try:
        # The server's threads reach the database only while it is unblocked.
        with django_db_blocker.unblock():
            yield Site(server.url, django_db_blocker.unblock)
    finally:
        server.stop()
        with django_db_blocker.unblock():
            teardown_databases(databases, verbosity=0)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise RuntimeError("Chromium is not installed: apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser profile of its own: no cookie of the test before."""
    context = browser.new_context(base_url=site.url, locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab on the site; what goes wrong on the page fails the test, with a picture of it."""
    page = context.new_page()
    wrong: list[str] = []

    def guard(route: Any) -> None:
        if route.request.url.startswith((site.url, "data:", "blob:", "about:")):
            route.continue_()
        else:
            wrong.append(f"the page asked for {route.request.url}")
            route.abort()

    context.route("**/*", guard)
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    page.on(
        "console",
        lambda message: (
            # A status such as 404 is the test's own affair; it looks at the response.
            wrong.append(f"console: {message.text}")
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    failures_before = request.session.testsfailed
    yield page
    if wrong or request.session.testsfailed > failures_before:
        FAILURES.mkdir(exist_ok=True)
        page.screenshot(path=FAILURES / f"{request.node.name}.png", full_page=True)
    assert not wrong, wrong
