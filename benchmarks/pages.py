"""Pages of lists against an empty view on the same server, and against Datasette."""

import http.client
import sqlite3
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.servers import datasette, site
from benchmarks.tools import Result, download, in_turn, rate, seconds

TIMES = 3


def measure(folder: Path, url: str, vendor: str, scale: str, program: str) -> list[Result]:
    """Measure the lists over one database; ``scale`` names it in the report."""
    what = f"{vendor}, {scale} record"
    results: list[Result] = []
    with site(folder, url) as server:
        pages = {
            "empty": "/empty/",
            "demands": "/demands/",
            "filtered": "/demands/?status=blocked",
            "first": "/mentions/",
            "last": f"/mentions/?page={_last_page(server.url)}",
        }
        measures = [
            partial(rate, f"{server.url}{path}", fresh=name != "empty")
            for name, path in pages.items()
        ]
        tag = _tag(server.url, "/demands/")
        measures.append(partial(rate, f"{server.url}/demands/"))
        measures.append(partial(rate, f"{server.url}/demands/", headers=[f"If-None-Match: {tag}"]))
        empty, demands, filtered, first, last, again, same = in_turn(TIMES, *measures)
        results += [
            Result(
                f"{what}: {path} once, right after something public changed",
                1000 * _after_a_change(url, f"{server.url}{path}"),
                "",
                "nothing drawn or counted yet; the lines above are of later requests",
                "ms",
            )
            for path in (pages["demands"], pages["filtered"], pages["first"], pages["last"])
        ]
    per_second = "{:.0f} and {:.0f} requests/s".format
    results[:0] = [
        Result(
            f"{what}: /demands/, drawn from its parts, against an empty view",
            100 * demands / empty,
            ">= 10",
            per_second(demands, empty),
            "%",
        ),
        Result(
            f"{what}: /demands/, asked for again, against an empty view",
            100 * again / empty,
            "",
            per_second(again, empty),
            "%",
        ),
        Result(
            f"{what}: /demands/?status=blocked, drawn from its parts, against an empty view",
            100 * filtered / empty,
            "",
            per_second(filtered, empty),
            "%",
        ),
        Result(
            f"{what}: last page of /mentions/ against the first, in time",
            first / last,
            "<= 1.3",
            per_second(last, first),
        ),
        Result(
            f"{what}: a 304 against an empty view",
            100 * same / empty,
            ">= 60",
            per_second(same, empty),
            "%",
        ),
    ]
    # The same record lies on SQLite under the name of the PostgreSQL database.
    name = Path(urlsplit(url).path).stem.removeprefix("kpbench_")
    copy = folder / f"{name}.sqlite3"
    if program and copy.exists():
        results += _against_datasette(folder, copy, program, what, demands, again)
    return results


def _against_datasette(
    folder: Path, source: Path, program: str, what: str, drawn: float, again: float
) -> list[Result]:
    """Set our rate against Datasette's page of the demands, 25 rows, without counts of choices."""
    flat = folder / f"demands-{source.stem}.sqlite3"
    if not flat.exists():
        with sqlite3.connect(flat) as connection:
            connection.execute("ATTACH ? AS record", [str(source)])
            connection.execute(
                "CREATE TABLE demands (id INTEGER PRIMARY KEY, reference, title, title_fr, kind,"
                " status, reason, asked_count, criticised_count, last_raised_on, theme)"
            )
            connection.execute(
                "INSERT INTO demands SELECT d.id, reference, title, title_fr, kind, status, reason,"
                " asked_count, criticised_count, last_raised_on, t.name"
                " FROM record.demands_demand d JOIN record.demands_theme t ON t.id = theme_id"
                " WHERE state = 'published'"
            )
        connection.close()
    with datasette(program, flat) as server:
        (theirs,) = in_turn(TIMES, partial(rate, f"{server}/{flat.stem}/demands?_size=25"))
    return [
        Result(
            f"{what}: /demands/, {how}, against Datasette's page of the same table",
            ours / theirs,
            target,
            f"{ours:.0f} and {theirs:.0f} requests/s",
        )
        for how, ours, target in (
            ("drawn from its parts", drawn, ""),
            ("asked for again", again, ">= 6"),
        )
    ]


def _path(database: str) -> str:
    return database.removeprefix("sqlite:///").partition("?")[0]


def _after_a_change(database: str, page: str) -> float:
    """Return the seconds of the first request after the number of the record was raised."""
    raised = "UPDATE lib_stamp SET number = number + 1"
    program = (
        ["sqlite3", "-cmd", ".timeout 20000", _path(database), raised]
        if database.startswith("sqlite")
        else ["psql", "-q", database, "-c", raised]
    )

    def once() -> float:
        seconds(program)
        return download(page).total

    (taken,) = in_turn(5, once)
    return taken


def _connect(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)


def _tag(address: str, path: str) -> str:
    connection = _connect(address)
    connection.request("GET", path)
    return str(connection.getresponse().headers["ETag"])


def _last_page(address: str) -> int:
    """Return the number of the last page that there is, by halving."""
    connection = _connect(address)

    def there(number: int) -> bool:
        connection.request("GET", f"/mentions/?page={number}")
        response = connection.getresponse()
        response.read()
        return response.status == 200

    low, high = 1, 2
    while there(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if there(middle) else (low, middle)
    return low
