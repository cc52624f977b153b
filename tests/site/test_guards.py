"""The tests' own guards hold: no network, no silent skip."""

import socket
from types import SimpleNamespace
from typing import Any

import pytest

from tests import conftest


def test_other_machines_are_out_of_reach() -> None:
    with socket.socket() as away, pytest.raises(RuntimeError, match="stay on this machine"):
        away.connect(("192.0.2.1", 9))
    with pytest.raises(RuntimeError, match="asked for the address"):
        socket.getaddrinfo("kptracker.example.org", 80)


def test_this_machine_is_within_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()


@pytest.mark.parametrize("extra", [{"skipped": True}, {"skipped": False, "wasxfail": "later"}])
def test_a_skip_is_a_failure(extra: dict[str, Any]) -> None:
    report = SimpleNamespace(outcome="skipped", longrepr="no reason", **extra)
    conftest._turn_skip_into_failure(report)
    assert report.outcome == "failed"
    assert "Nothing is skipped" in report.longrepr
