"""How the benchmarks measure: downloads, rates, programs, and what is set against what."""

import os
import platform
import re
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Download:
    """One download: seconds to the first byte and to the last, and its size."""

    first: float
    total: float
    size: int

    @property
    def rate(self) -> float:
        """MB a second."""
        return self.size / self.total / 1e6


def download(url: str, *, at_most: float = 0) -> Download:
    """Fetch a page into nothing. Where ``at_most`` seconds are up, what came by then counts."""
    limit = ["--max-time", str(at_most)] if at_most else []
    done = subprocess.run(
        [
            "curl", "-s", "-o", "/dev/null", "-H", "Accept-Encoding: identity", *limit,
            "-w", "%{http_code} %{time_starttransfer} %{time_total} %{size_download}", url,
        ],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    code, first, total, size = done.stdout.split()
    if code != "200" or done.returncode not in ((0, 28) if at_most else (0,)):
        raise RuntimeError(f"{url} answered {code}, curl ended with {done.returncode}")
    return Download(float(first), float(total), int(size))


def seconds(command: Sequence[str], env: dict[str, str] | None = None) -> float:
    """Return how long a program takes."""
    start = time.monotonic()
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **(env or {})}
    )
    return time.monotonic() - start


def rate(url: str, *, headers: Sequence[str] = (), duration: int = 3, fresh: bool = False) -> float:
    """Return the requests a second that a server answers to four readers at a time.

    ``fresh`` asks each time at an address that nobody asked for before, so that no page is at
    hand as a whole.
    """
    extra = [part for header in headers for part in ("-H", header)]
    if fresh:
        extra += ["-s", str(Path(__file__).with_name("fresh.lua"))]
    done = subprocess.run(
        ["wrk", "-t1", "-c4", f"-d{duration}s", *extra, url],
        capture_output=True,
        text=True,
        check=True,
    )
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    if wrong:
        raise RuntimeError(f"{url}: {wrong.group(1)} answers were no pages")
    answered = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    # None in all the time: slower than one.
    return (float(answered[1]) if answered else 0) or 1 / duration


def in_turn(times: int, *measures: Callable[[], float]) -> list[float]:
    """Measure by turns, so that a busy moment meets all alike; return the median of each."""
    taken: list[list[float]] = [[] for _ in measures]
    for _ in range(times):
        for values, measure in zip(taken, measures, strict=True):
            values.append(measure())
    return [statistics.median(values) for values in taken]


@dataclass
class Result:
    """One line of the report: what was measured, what it had to be, and the figures behind."""

    what: str
    value: float
    target: str  # "<= 1.3" or ">= 10" or ""
    figures: str
    unit: str = "x"

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if not self.target:
            return None
        sign, limit = self.target.split()
        return self.value <= float(limit) if sign == "<=" else self.value >= float(limit)

    def row(self) -> str:
        """Return the line of the table in Markdown."""
        holds = {True: "yes", False: "**no**", None: ""}[self.holds]
        target = self.target.replace("<=", "at most").replace(">=", "at least")
        return (
            f"| {self.what} | {self.value:.2f} {self.unit} | {target} | {holds} | {self.figures} |"
        )


def machine() -> str:
    """Return a line on the machine and the versions."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024**2

    def version(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    import django
    import gunicorn
    import psycopg

    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GB, Linux {platform.release()}; "
        f"Python {platform.python_version()}, Django {django.__version__}, "
        f"psycopg {psycopg.__version__}, gunicorn {gunicorn.__version__}; "
        f"{version('psql', '--version')}; "
        f"SQLite {version('sqlite3', '--version').split()[0]}"
    )
