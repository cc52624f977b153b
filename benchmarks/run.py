"""Measure the speed of exports and pages on synthetic records, and set it against its targets.

Usage: make bench, or python benchmarks/run.py [--large] [--only exports|pages|search]
       [--on SQLite|PostgreSQL] [--mentions N] [--markdown FILE]

Needs psql, sqlite3, curl and wrk, and PostgreSQL's server for a throw-away cluster
(deploy/with_postgres.sh; BENCH_DATABASE_URL names an empty database to use instead).
DATASETTE names the program of a Datasette in an environment of its own; without it those lines
are left out. Everything stays on this machine, and under BENCH_DIR or a temporary folder.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import exports, pages, searching, workbooks  # noqa: E402
from benchmarks.servers import PYTHON, environment  # noqa: E402
from benchmarks.tools import Result, machine  # noqa: E402

STANDARD, LARGE = 100_000, 2_000_000
# SQLite first: Datasette reads its files for PostgreSQL's lines as well.
VENDORS = ("SQLite", "PostgreSQL")


def main() -> int:
    """Build what is missing, measure, report; 0 where all targets are met."""
    options = _options()
    postgres = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if not postgres.startswith("postgres"):
        # Once more, with a cluster of its own.
        return subprocess.run(
            ["bash", "deploy/with_postgres.sh", PYTHON, "benchmarks/run.py", *sys.argv[1:]],
            cwd=ROOT,
            check=False,
        ).returncode
    kept = os.environ.get("BENCH_DIR")
    folder = Path(kept or tempfile.mkdtemp(prefix="kptracker-bench-"))
    try:
        results = _measure(options, folder, postgres)
    finally:
        if not kept:
            shutil.rmtree(folder)
    report = _report(results)
    print(report)
    if options.markdown:
        options.markdown.write_text(report, encoding="utf-8")
    return 0 if all(result.holds is not False for result in results) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])  # type: ignore[union-attr]
    parser.add_argument(
        "--large", action="store_true", help=f"also export {LARGE:,} mentions (takes 15 minutes)"
    )
    parser.add_argument("--only", choices=["exports", "pages", "search"])
    parser.add_argument("--on", choices=VENDORS, help="one database only")
    parser.add_argument(
        "--statements", type=int, default=STANDARD, help="to search; fewer, to try the benchmark"
    )
    parser.add_argument(
        "--mentions", type=int, default=STANDARD, help="fewer, to try the benchmarks themselves"
    )
    parser.add_argument("--markdown", type=Path, help="write the table there as well")
    return parser.parse_args()


def _measure(options: argparse.Namespace, folder: Path, postgres: str) -> list[Result]:
    program = os.environ.get("DATASETTE") or shutil.which("datasette") or ""
    results: list[Result] = []
    _run(folder, f"sqlite:///{folder / 'none.sqlite3'}", "manage.py", "collectstatic", "--noinput")
    standard = options.mentions
    sizes = [standard, LARGE] if options.large else [standard]
    for vendor in [options.on] if options.on else VENDORS:
        if options.only in (None, "search"):
            url = _database(folder, postgres, vendor, f"said{options.statements}")
            _run(folder, url, "-m", "benchmarks.said", str(options.statements))
            print(f"Search over {options.statements:,} statements on {vendor}", flush=True)
            results += _told(searching.measure(folder, url, vendor, options.statements))
        if options.only == "search":
            continue
        for size in sizes:
            if size != standard and options.only == "pages":
                continue
            url = _database(folder, postgres, vendor, str(size))
            _run(folder, url, "-m", "benchmarks.build", str(size))
            if options.only != "pages":
                print(f"Exports of {size:,} mentions on {vendor}", flush=True)
                copy = _database(folder, postgres, "SQLite", str(size))
                results += _told(exports.measure(folder, url, vendor, size, program, copy))
                if size == standard:
                    results += _told(workbooks.measure(folder, url, vendor, size))
            if size == standard and options.only != "exports":
                print(f"Pages over {size:,} mentions on {vendor}", flush=True)
                results += _told(pages.measure(folder, url, vendor, "large", program))
        if options.only != "exports":
            url = _database(folder, postgres, vendor, "real")
            _run(folder, url, "manage.py", "migrate", "-v0")
            _run(folder, url, "manage.py", "load_record", "record")
            print(f"Pages over the real record on {vendor}", flush=True)
            results += _told(pages.measure(folder, url, vendor, "real", program))
    return results


def _told(results: list[Result]) -> list[Result]:
    """Print what was measured at once: a long run may be ended before its report."""
    for result in results:
        print(result.row(), flush=True)
    return results


def _database(folder: Path, postgres: str, vendor: str, name: str) -> str:
    """Return the address of a database of this name, made where it is missing."""
    if vendor == "SQLite":
        return f"sqlite:///{folder / f'{name}.sqlite3'}"
    parts = urlsplit(postgres)
    wanted = f"kpbench_{name}"
    query = f"SELECT 1 FROM pg_database WHERE datname = '{wanted}'"
    found = subprocess.run(
        ["psql", "-qAt", postgres, "-c", query], capture_output=True, text=True, check=True
    )
    if not found.stdout.strip():
        subprocess.run(["psql", "-q", postgres, "-c", f"CREATE DATABASE {wanted}"], check=True)
    return urlunsplit(parts._replace(path=f"/{wanted}"))


def _run(folder: Path, url: str, *command: str) -> None:
    subprocess.run(
        [PYTHON, *command],
        cwd=ROOT,
        env=environment(folder, url),
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _report(results: list[Result]) -> str:
    lines = [
        f"Measured on {machine()}.",
        "",
        "| What | Measured | Target | Met | Figures |",
        "|---|---|---|---|---|",
        *(result.row() for result in results),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
