"""/mentions.csv against what the databases' own programs write, and against Datasette."""

import json
import sqlite3
import subprocess
from functools import partial
from pathlib import Path

from benchmarks.servers import PYTHON, ROOT, Site, datasette, environment, site
from benchmarks.tools import Download, Result, download, in_turn, seconds


def unguarded_sql(folder: Path, url: str) -> str:
    """Return the query of the same cells without the guard, its parameters written out."""
    done = subprocess.run(
        [PYTHON, "-m", "benchmarks.unguarded"],
        cwd=ROOT,
        env=environment(folder, url),
        capture_output=True,
        text=True,
        check=True,
    )
    return str(json.loads(done.stdout))


def measure(
    folder: Path, url: str, vendor: str, size: int, program: str, copy: str
) -> list[Result]:
    """Measure the export of ``size`` mentions; ``copy`` is the same record on SQLite."""
    sql = unguarded_sql(folder, url)
    rows = f"{size // 1000:,},000"
    times = 5 if size <= 100_000 else 3
    results = []
    with site(folder, url) as server:
        file = f"{server.url}/mentions.csv"
        download(f"{server.url}/healthz")
        before = server.memory()
        one = partial(_timed, file)
        if vendor == "PostgreSQL":
            copied = ["psql", "-q", url, "-c", f"\\copy ({sql}) TO '/dev/null' (FORMAT csv)"]
            program_time = partial(seconds, copied)
            no_jit = partial(seconds, copied, {"PGOPTIONS": "-c jit=off"})
            ours, theirs, quiet = in_turn(times, one, program_time, no_jit)
            target = 1.3 if size <= 100_000 else 1.5
            results += [
                Result(
                    f"PostgreSQL, {rows} rows: /mentions.csv against psql \\copy without the guard",
                    ours / theirs,
                    f"<= {target}",
                    f"{ours:.2f} s and {theirs:.2f} s",
                ),
                Result(
                    f"PostgreSQL, {rows} rows: the same with jit = off for psql as well",
                    ours / quiet,
                    f"<= {target}",
                    f"{ours:.2f} s and {quiet:.2f} s",
                ),
            ]
        else:
            file_name = url.removeprefix("sqlite:///")
            theirs_of = partial(seconds, ["sqlite3", "-csv", file_name, sql])
            ours, theirs = in_turn(times, one, theirs_of)
            results.append(
                Result(
                    f"SQLite, {rows} rows: /mentions.csv against sqlite3 -csv without the guard",
                    ours / theirs,
                    "<= 2",
                    f"{ours:.2f} s and {theirs:.2f} s",
                )
            )
        last = _memory_and_first_byte(server, file, before, f"{vendor}, {rows} rows", results)
    if program:
        results.append(_against_datasette(folder, copy, program, vendor, size, last))
    return results


def _timed(url: str) -> float:
    return download(url).total


def _memory_and_first_byte(
    server: Site, file: str, before: float, what: str, results: list[Result]
) -> Download:
    server.forget_peak()
    got = download(file)
    peak = server.memory("VmHWM")
    results += [
        Result(
            f"{what}: worker above its start",
            peak - before,
            "<= 80",
            f"{before:.0f} MB, at most {peak:.0f} MB; {got.size / 1e6:.0f} MB sent",
            "MB",
        ),
        Result(f"{what}: first byte", got.first, "<= 0.1", "", "s"),
    ]
    return got


def _against_datasette(
    folder: Path, copy: str, program: str, vendor: str, size: int, ours: Download
) -> Result:
    """Set our rate against Datasette's stream of the same cells, which lie ready in a table."""
    flat = folder / f"flat-{size}.sqlite3"
    if not flat.exists():
        flatten(folder, copy, flat)
    with datasette(program, flat) as server:
        theirs = download(f"{server}/{flat.stem}/mentions.csv?_stream=1&_size=max", at_most=90)
    target = (10 if vendor == "PostgreSQL" else 4) if size > 100_000 else 0
    return Result(
        f"{vendor}, {size // 1000:,},000 rows: rate of /mentions.csv against Datasette's stream",
        ours.rate / theirs.rate,
        f">= {target}" if target else "",
        f"{ours.rate:.1f} and {theirs.rate:.1f} MB/s",
    )


def flatten(folder: Path, copy: str, flat: Path) -> None:
    """Write the cells of mentions.csv into one SQLite table with a key: nothing left to join."""
    sql = unguarded_sql(folder, copy)
    source = copy.removeprefix("sqlite:///")
    with sqlite3.connect(flat) as connection:
        connection.execute("ATTACH ? AS record", [source])
        cursor = connection.execute(f"SELECT * FROM ({sql}) LIMIT 0")
        names = [column[0] for column in cursor.description]
        columns = ", ".join(f'"{name}"' for name in names)
        connection.execute(f"CREATE TABLE mentions (id INTEGER PRIMARY KEY, {columns})")
        connection.execute(f"INSERT INTO mentions ({columns}) {sql}")
    connection.close()
