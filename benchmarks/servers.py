"""Servers to measure: the site under gunicorn, and Datasette over a copy of the same rows."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait until somebody listens. Raises RuntimeError when the server ended instead."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode}.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start.")


def environment(var: Path, database_url: str) -> dict[str, str]:
    """Return the environment in which the site uses this database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "VAR_DIR": str(var),
        "DATABASE_URL": database_url,
        "LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(ROOT),
    }


class Site:
    """The site as `make run` serves it, with one worker process."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.process = process

    def worker(self) -> int:
        """Return the process id of the worker."""
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    def memory(self, line: str = "VmRSS") -> float:
        """Return what the worker holds in memory, in MB; VmHWM is the most it held."""
        status = Path(f"/proc/{self.worker()}/status").read_text()
        return int(next(s for s in status.splitlines() if s.startswith(line)).split()[1]) / 1024

    def forget_peak(self) -> None:
        """Let the most that was held begin anew."""
        Path(f"/proc/{self.worker()}/clear_refs").write_text("5")


@contextmanager
def site(var: Path, database_url: str, workers: int = 1) -> Iterator[Site]:
    """Serve the site over a database with the settings of deploy/gunicorn.conf.py."""
    port = free_port()
    process = subprocess.Popen(
        [PYTHON, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "kptracker.wsgi"],
        cwd=ROOT,
        env={
            **environment(var, database_url),
            "PORT": str(port),
            "WEB_CONCURRENCY": str(workers),
        },
    )
    try:
        wait_for(port, process)
        yield Site(port, process)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def datasette(program: str, file: Path) -> Iterator[str]:
    """Serve an SQLite file with Datasette; give its address."""
    port = free_port()
    process = subprocess.Popen(
        [
            program, "serve", str(file), "-h", "127.0.0.1", "-p", str(port),
            "--setting", "max_csv_mb", "0",
            "--setting", "sql_time_limit_ms", "60000",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        # It would go on with a stream that nobody reads any more.
        process.kill()
        process.wait(30)
