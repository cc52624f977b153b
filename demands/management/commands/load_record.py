"""`manage.py load_record DIR`: load the files of the record into the database."""

import shlex
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demands.loading import (
    RefusedError,
    Tally,
    differs_from_last_load,
    is_empty,
    load,
)

#: So many faults are printed; who has more mends these first.
MOST_PROBLEMS = 100
MOST_LISTED = 50


class Command(BaseCommand):
    """
    Load the record: everything, or, where a row is faulty, nothing.

    It can be run again at any time. What staff edited since the last load stays as they have
    it, what they deleted stays deleted, and nothing is deleted for want of a row in the files.
    """

    help = (
        "Loads the CSV files of the record from a folder. Run again, it updates what the last "
        "load wrote and nobody edited since; it deletes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with the files")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and write nothing"
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="take the files' text also where staff edited it since the last load",
        )
        parser.add_argument(
            "--because",
            default="",
            metavar="LINE",
            help="what visitors read under Corrections of each published entry that changes",
        )
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="load only into a database without meetings, statements and demands",
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if options["if_empty"] and not is_empty():
            if differs_from_last_load(folder):
                self.stdout.write(
                    f"The files in {folder} are not those that were last loaded. To load them: "
                    f".venv/bin/python manage.py load_record {shlex.quote(str(folder))}"
                )
            return
        progress = ProgressLine(self.stderr)
        try:
            tallies = load(
                folder,
                dry_run=options["dry_run"],
                overwrite=options["overwrite"],
                because=options["because"],
                progress=progress,
            )
        except RefusedError as error:
            progress.end()
            raise CommandError(_refusal(error)) from error
        progress.end()
        self._report(tallies, options["dry_run"])

    def _report(self, tallies: list[Tally], dry_run: bool) -> None:
        heads = ("created", "updated", "unchanged", "kept", "refused")
        self.stdout.write(f"{'':14}" + "".join(f"{head:>11}" for head in heads))
        for tally in tallies:
            counts = [tally.count(head) for head in heads[:3]] + [tally.kept, 0]
            self.stdout.write(f"{tally.name:14}" + "".join(f"{count:>11}" for count in counts))
        self._list(
            "Kept as staff have it (--overwrite takes the files' text)",
            [
                f"{tally.name} {one.key}: {', '.join(one.kept)}"
                for tally in tallies
                for one in tally.outcomes
                if one.kept
            ],
        )
        self._list("Deleted by staff, not made again", _keys(tallies, "deleted"))
        self._list("Left out, since staff deleted what it refers to", _keys(tallies, "left_out"))
        self._list(
            "No longer in the files, left as it is",
            [f"{tally.name} {key}" for tally in tallies for key in tally.missing],
        )
        if dry_run:
            self.stdout.write("This was a trial: nothing was written.")

    def _list(self, title: str, lines: list[str]) -> None:
        if lines:
            self.stdout.write(f"\n{title}:")
            for line in lines[:MOST_LISTED]:
                self.stdout.write(f"  {line}")
            if len(lines) > MOST_LISTED:
                self.stdout.write(f"  and {len(lines) - MOST_LISTED} more")


def _keys(tallies: list[Tally], what: str) -> list[str]:
    return [
        f"{tally.name} {one.key}" for tally in tallies for one in tally.outcomes if one.what == what
    ]


def _refusal(error: RefusedError) -> str:
    shown = [str(problem) for problem in error.problems[:MOST_PROBLEMS]]
    more = len(error.problems) - len(shown)
    if more:
        shown.append(f"and {more} more")
    count = len(error.problems)
    shown.append(
        f"Nothing was written: {count} {'thing is' if count == 1 else 'things are'} wrong."
    )
    return "\n".join(shown)


class ProgressLine:
    """How far a load has come: one line rewritten on a terminal, a line per table elsewhere."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.rewritten = False
        self.terminal = bool(getattr(stream, "isatty", lambda: False)())

    def __call__(self, name: str, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` rows of a table are through."""
        if self.terminal:
            if done % 10 == 0 or done == total:
                self.stream.write(f"\rLoading {name}: {done} of {total}".ljust(60), ending="")
                self.stream.flush()
                self.rewritten = True
        elif done == total:
            self.stream.write(f"Loading {name}: {done} of {total}")

    def end(self) -> None:
        """Leave a clean line behind."""
        if self.rewritten:
            self.stream.write("\r" + " " * 60 + "\r", ending="")
            self.stream.flush()
