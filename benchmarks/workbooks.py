"""A workbook of mentions against the library alone, writing as many constant cells.

Usage: python -m benchmarks.workbooks ROWS ours|constants (prints seconds and MB, as JSON)
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

from benchmarks.servers import PYTHON, ROOT, environment
from benchmarks.tools import Result, in_turn

ROWS = 50_000


def measure(folder: Path, url: str, vendor: str, mentions: int) -> list[Result]:
    """Measure both, each time in a process of its own, over at most ``ROWS`` of the mentions."""
    rows = min(ROWS, mentions)
    memory = 0.0

    def told(which: str) -> float:
        nonlocal memory
        done = subprocess.run(
            [PYTHON, "-m", "benchmarks.workbooks", str(rows), which],
            cwd=ROOT,
            env=environment(folder, url),
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(done.stdout)
        if which == "ours":
            memory = max(memory, found["mb"])
        return float(found["seconds"])

    ours, theirs = in_turn(3, lambda: told("ours"), lambda: told("constants"))
    return [
        Result(
            f"{vendor}, {rows:,} rows: /mentions.xlsx against openpyxl writing constants",
            ours / theirs,
            "<= 2",
            f"{ours:.1f} s and {theirs:.1f} s",
        ),
        Result(f"{vendor}, {rows:,} rows: memory above the start", memory, "<= 80", "", "MB"),
    ]


def main() -> None:
    """Write one workbook to nothing, and tell how long it took and what it held."""
    import django

    django.setup()
    from django.utils import timezone

    from demands.exports import MENTIONS
    from kptracker.lib.workbook import workbook

    rows, which = int(sys.argv[1]), sys.argv[2]
    today = timezone.localdate()
    columns = MENTIONS.columns("en", today)
    about: dict[str, Any] = dict.fromkeys(("title", "shows", "address", "license"), "mentions")
    about["day"] = today
    MENTIONS.queryset().first()  # what is read once is there before
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    if which == "ours":
        for _piece in workbook("mentions", MENTIONS.queryset()[:rows], columns, about):
            pass
    else:
        _constants(rows, len(columns))
    taken = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": taken, "mb": (after - before) / 1024}))


def _constants(rows: int, columns: int) -> None:
    """Write as many cells of constant text as a table has, with the library alone."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("constants")
    row = ["a constant text of a usual length"] * columns
    for _row in range(rows):
        sheet.append(row)
    with open(os.devnull, "wb") as file:
        book.save(file)


if __name__ == "__main__":
    main()
