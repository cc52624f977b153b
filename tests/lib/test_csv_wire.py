"""What a reader's program receives from gunicorn: whole files, broken ones, and when it leaves."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from kptracker.lib.csv_export import BROKEN_OFF
from statements.models import Organisation

ROOT = Path(__file__).resolve().parents[2]
ROWS = 12_000


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Server:
    """One gunicorn worker with one thread: what an export leaves behind meets the next reader."""

    def __init__(self, log):
        self.log = log
        self.port = free_port()
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "--config", "/dev/null",
                "--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread",
                "--workers", "1", "--threads", "1", "--timeout", "60",
                "--no-control-socket", "tests.lib.wire_app",
            ],
            cwd=ROOT,
            env={**os.environ, "WIRE_DATABASE": str(connection.settings_dict["NAME"])},
            stderr=log,
        )  # fmt: skip
        until = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self.process.poll() is None, "gunicorn did not start"
                assert time.monotonic() < until
                time.sleep(0.05)

    def open(self, path, *, method="GET", headers=""):
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        request = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n"
        )
        sock.sendall(request.encode())
        return sock

    def get(self, path, **kwargs):
        """Return the bytes as they came: status line, headers, chunks."""
        with self.open(path, **kwargs) as sock:
            pieces = []
            while piece := sock.recv(1 << 16):
                pieces.append(piece)
        head, _blank, body = b"".join(pieces).partition(b"\r\n\r\n")
        return head.decode(), body

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def server(transactional_db, tmp_path):
    Organisation.objects.bulk_create(
        [
            Organisation(
                slug=f"row-{n:03}", name="N", note="x" * 900, kind="ngo", state="published"
            )
            for n in range(ROWS)
        ],
        batch_size=500,
    )
    with open(tmp_path / "log", "wb") as log:
        running = Server(log)
        try:
            yield running
        finally:
            running.stop()


@pytest.mark.django_db(transaction=True)
def test_on_the_wire(server):
    """In one test: the rows and the server take a while to make."""
    head, body = server.get("/whole.csv")
    assert head.startswith("HTTP/1.1 200")
    assert "Transfer-Encoding: chunked" in head
    assert "attachment; filename=" in head
    assert body.endswith(b"\r\n0\r\n\r\n")
    assert body.count(b"row-") == ROWS
    assert BROKEN_OFF.encode() not in body
    tag = next(line for line in head.split("\r\n") if line.lower().startswith("etag:"))

    # The same again, for one who has it; and only its head.
    head, body = server.get("/whole.csv", headers=f"If-None-Match: {tag[6:]}\r\n")
    assert head.startswith("HTTP/1.1 304")
    assert body == b""
    head, body = server.get("/whole.csv", method="HEAD")
    assert head.startswith("HTTP/1.1 200")
    assert body == b""

    # Broken off: the last line says so, and the final chunk is missing.
    head, body = server.get("/broken.csv")
    assert head.startswith("HTTP/1.1 200")
    assert body.rstrip(b"\r\n").splitlines()[-1].startswith(BROKEN_OFF.encode())
    assert not body.endswith(b"\r\n0\r\n\r\n")
    assert 100 < body.count(b"row-") <= 250

    # A reader who leaves: the query ends, and the same connection serves the next one.
    for _ in range(3):
        sock = server.open("/whole.csv")
        assert sock.recv(1 << 14)
        sock.close()
    _head, body = server.get("/count")
    assert body == f"{ROWS} 0".encode()
