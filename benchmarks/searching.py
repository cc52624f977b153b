"""Search over many long statements: how long a query takes, whatever is asked.

One query is all that a page does: read the query, find, rank, count beside the filters, fetch
the 20 rows of the page with their marked passages, and "did you mean" where nothing is found.

Usage: python -m benchmarks.searching (a database filled by benchmarks.said in DATABASE_URL)
"""

import itertools
import json
import os
import random
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

from benchmarks.servers import PYTHON, ROOT, environment
from benchmarks.tools import Result

TIMES = 5
VERBOSE = bool(os.environ.get("SEARCH_VERBOSE"))
#: In milliseconds, at the 95th percentile.
AIMS = {"SQLite": 60, "PostgreSQL": 50}
AIM_OF_PHRASES = 100
PHRASES = ("phrase", "long phrase")


def measure(folder: Path, url: str, vendor: str, statements: int) -> list[Result]:
    """Measure the queries in a process of their own; the database is filled already."""
    done = subprocess.run(
        [PYTHON, "-m", "benchmarks.searching"],
        cwd=ROOT,
        env=environment(folder, url),
        capture_output=True,
        text=True,
        check=True,
    )
    taken: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    results = []
    for kind, times in taken.items():
        results.append(_result(f"{vendor}, {statements:,} statements: {kind}", kind, times, vendor))
    everything = [one for kind, times in taken.items() if kind not in PHRASES for one in times]
    what = f"{vendor}, {statements:,} statements: all queries without phrases"
    results.append(_result(what, "", everything, vendor))
    return results


def _result(what: str, kind: str, times: list[float], vendor: str) -> Result:
    aim = AIM_OF_PHRASES if kind in PHRASES and vendor == "PostgreSQL" else AIMS[vendor]
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    figures = f"median {cuts[9]:.1f} ms, most {max(times):.1f} ms, {len(times)} times"
    return Result(f"{what}, 95th percentile", cuts[18], f"<= {aim}", figures, "ms")


def queries() -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Return queries of all kinds over the words of this record, with their filters."""
    from kptracker.lib.models import SearchWord
    from kptracker.lib.search.words import STOP_WORDS
    from statements.models import Meeting, Person

    words = list(
        SearchWord.objects.filter(names=0, entries__gt=1)
        .order_by("-entries", "word")
        .values_list("word", flat=True)
    )
    words = [word for word in words if len(word) > 4 and word.isalpha()]
    common, middle, rare = words[:30], words[400:430], words[-3000::120]
    names = list(Person.objects.public().order_by("pk").values_list("full_name", flat=True)[:20])
    meeting = Meeting.objects.order_by("pk").values_list("pk", flat=True)[5]
    speaker = Person.objects.public().order_by("pk").values_list("pk", flat=True)[5]
    plain: dict[str, Any] = {}
    weak = " ".join(itertools.islice(itertools.cycle(sorted(STOP_WORDS)), 200))
    content = " ".join(itertools.islice(itertools.cycle(common + middle), 200))
    asked: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "rare word": [(word + " ", plain) for word in rare],
        "common word": [(word + " ", plain) for word in common],
        "middling word": [(word + " ", plain) for word in middle],
        "two common words": [
            (f"{one} {other} ", plain) for one, other in zip(common, common[7:], strict=False)
        ],
        "three words": [
            (f"{one} {other} {third} ", plain)
            for one, other, third in zip(common, common[5:], middle, strict=False)
        ],
        "last word completed": [
            *((word[:3], plain) for word in common[:12]),
            *((word[:4], plain) for word in middle[:12]),
            *((f"{one} {word[:4]}", plain) for one, word in zip(common, middle, strict=False)),
        ],
        "without a word": [
            (f"{one} -{other} ", plain) for one, other in zip(common, common[3:], strict=False)
        ],
        "only old ones left": [
            (f"{one} -{other} -{third} ", plain)
            for one, other, third in zip(common, common[1:], common[2:], strict=False)
        ],
        "name": [(name, plain) for name in names],
        "misspelt name": [(name.split()[1][:-1] + "xq", plain) for name in names],
        "200 words that are everywhere": [(weak, plain)] * 5,
        "200 other words": [(content, plain)] * 5,
        "one letter": [(letter, plain) for letter in "adlyz"],
        "one filter": [
            (word + " ", one)
            for word, one in zip(
                common + middle,
                itertools.cycle(
                    [
                        {"kind": ("statement",)},
                        {"kind": ("mention",)},
                        {"year": (2012,)},
                        {"language": ("fr",)},
                        {"meeting": (meeting,)},
                        {"speaker": (speaker,)},
                        {"status": ("blocked",)},
                    ]
                ),
                strict=False,
            )
        ],
        "three filters": [
            (word + " ", {"kind": ("statement",), "year": (2011, 2012), "language": ("fr",)})
            for word in common[:20]
        ],
        "phrase": [
            (f'"{words}"', plain)
            for words in (
                "conflict diamonds", "Kimberley Process", "civil society", "human rights",
                "peer review", "société civile", "droits humains", "the process", "diamonds of",
                *(f"{one} {other}" for one, other in zip(common, common[9:19], strict=False)),
            )
        ],
        "long phrase": [
            (f'"{words}"', plain)
            for words in (
                "diamants de conflit", "Processus de Kimberley", "the Kimberley Process",
                "of conflict diamonds", "the civil society", "of human rights in",
                "in the peer review", "de la société civile", "les droits humains et",
                "and the Kimberley Process in",
            )
        ],
    }  # fmt: skip
    return asked


def run(query: str, filters: dict[str, Any]) -> tuple[float, Any]:
    """Ask one query as a page does; return the milliseconds and what was found."""
    from kptracker.lib.search import SearchFilters, did_you_mean, find, parse

    start = time.perf_counter()
    found = find(parse(query), SearchFilters(**filters))
    found.page(1)
    did_you_mean(found)
    return 1000 * (time.perf_counter() - start), found


def check_plan(query: str, filters: dict[str, Any]) -> None:
    """Raise RuntimeError where the database would read a table of search from end to end."""
    from django.db import connection

    from kptracker.lib.search import SearchFilters, parse
    from kptracker.lib.search.matching import condition_of, plan

    asked = parse(query)
    if not asked.finds:
        return
    told = plan(condition_of(asked, SearchFilters(**filters).tokens()))
    if connection.vendor == "postgresql":
        # Each part is found by the index of tokens, and by nothing else.
        wrong = "Seq Scan" in told or "lib_searchterms_tokens" not in told
        wrong |= "lib_searchterms_pkey" in told
    else:
        wrong = "SCAN e" in told or "VIRTUAL TABLE INDEX" not in told
    if wrong:
        raise RuntimeError(f"{query}: a table is read from end to end\n{told}")


def main() -> None:
    """Measure, and print the milliseconds of each kind of query as JSON in the last line."""
    import django

    from kptracker.collector import calm_collector

    django.setup()
    asked = [(kind, *one) for kind, some in queries().items() for one in some]
    taken: dict[str, list[float]] = {kind: [] for kind, _query, _filters in asked}
    calm_collector()  # as the server does
    for _kind, query, filters in asked:
        check_plan(query, filters)
        run(query, filters)  # pages of the database come into memory
    mixer = random.Random(2003)
    for _time in range(TIMES):
        # As readers do: nobody asks what was asked just before.
        mixer.shuffle(asked)
        for kind, query, filters in asked:
            milliseconds, found = run(query, filters)
            taken[kind].append(milliseconds)
            if VERBOSE:
                more = "more" if found.more else ""
                print(f"{kind}: {query[:60]} {milliseconds:.1f} ms, {found.total} {more}")
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
