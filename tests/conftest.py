"""What holds for every test: nothing is skipped in silence, nothing leaves this machine."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "documents"


# --- Nothing is skipped in silence -------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what is the same on every database with SQLite only; leave out the documents' tests."""
    dropped: list[pytest.Item] = []
    for item in items:
        # Deselected, not skipped: pytest's closing line counts them.
        if (item.get_closest_marker("needs_documents") and not DOCUMENTS.is_dir()) or (
            item.get_closest_marker("once") and os.environ.get("TEST_DATABASE_URL")
        ):
            dropped.append(item)
    if dropped:
        items[:] = [item for item in items if item not in dropped]
        config.hook.pytest_deselected(items=dropped)


def _turn_skip_into_failure(report: Any) -> None:
    if report.skipped or hasattr(report, "wasxfail"):
        report.outcome = "failed"
        reason = getattr(report, "wasxfail", None) or report.longrepr
        report.longrepr = f"Nothing is skipped or expected to fail here, yet this was: {reason}"
        if hasattr(report, "wasxfail"):
            del report.wasxfail


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let a skip or an expected failure fail the run."""
    report = yield
    _turn_skip_into_failure(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Let a module that skips itself fail the run."""
    report = yield
    if report.skipped:
        _turn_skip_into_failure(report)
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was left out and why, and leave the counts for the script that adds them up."""
    if not DOCUMENTS.is_dir():
        terminalreporter.write_line(
            f"Tests that read the coalition's papers were left out: there is no {DOCUMENTS}."
        )
    elif ran := [
        one
        for one in terminalreporter.stats.get("passed", [])
        if "needs_documents" in getattr(one, "keywords", {})
    ]:
        terminalreporter.write_line(f"{len(ran)} tests read the papers in {DOCUMENTS}.")
    for one in terminalreporter.stats.get("passed", []):
        for name, words in getattr(one, "user_properties", []):
            if name == "printed":
                terminalreporter.write_line(words)
    path = os.environ.get("TEST_COUNTS")
    if path and not hasattr(config, "workerinput"):
        passed = len(terminalreporter.stats.get("passed", []))
        failed = sum(len(terminalreporter.stats.get(key, [])) for key in ("failed", "error"))
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"{passed} {failed}\n")


# --- Nothing leaves this machine ---------------------------------------------------------


def _is_here(host: Any) -> bool:
    if host in {"localhost", "", None, b"localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


class _NetworkError(RuntimeError):
    """A test tried to reach another machine."""


_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


def _refuse_if_away(sock: socket.socket, address: Any) -> None:
    if sock.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
        raise _NetworkError(f"A test tried to reach {address!r}; tests stay on this machine.")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _refuse_if_away(self, address)
    return _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _refuse_if_away(self, address)
    return _connect_ex(self, address)


def _guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    if not _is_here(host):
        raise _NetworkError(f"A test asked for the address of {host!r}.")
    return _getaddrinfo(host, *args, **kwargs)


def pytest_configure(config: pytest.Config) -> None:
    """Guard the network before anything is collected."""
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = _guarded_getaddrinfo


# --- Each test starts from the same place ------------------------------------------------


@pytest.fixture(autouse=True)
def _fresh_cache_and_language() -> Iterator[None]:
    """Forget what the test before cached, and the language it had switched to."""
    from django.core.cache import caches
    from django.utils import translation

    for one in caches:
        caches[one].clear()
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _search_where_it_is_looked_at(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leave the index of search as it is in tests that do not look at it.

    To keep it in step takes nearly half of what a test of a few rows writes. Those marked
    ``search`` have it as the site has it; the record that modules share was loaded with it.
    """
    from kptracker.lib import writing
    from kptracker.lib.search import keeping

    if request.node.get_closest_marker("search") is None:
        others = [one for one in writing._followers_of_all if one is not keeping.follow]
        monkeypatch.setattr(writing, "_followers_of_all", others)
