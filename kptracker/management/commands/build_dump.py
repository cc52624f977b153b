"""`manage.py build_dump`: a download of the whole public record, kept for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kptracker.data import dumps
from kptracker.data.as_sqlite import BrokenLinkError


class Command(BaseCommand):
    """Write the public record of today as a zip and as a SQLite file."""

    help = (
        "Writes the whole public record as a zip of CSV files and as a SQLite file, to be "
        "offered at /data/. Run it each night: where nothing has changed, it writes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = dumps.build(lambda table: self.stdout.write(f"  {table}"))
        except dumps.NothingNewError as same:
            self.stdout.write(f"Nothing has changed since {same}: no new download.")
            return
        except (BrokenLinkError, OSError) as error:
            raise CommandError(f"No download was made. {error}") from error
        rows = sum(made.rows.values())
        self.stdout.write(f"{made.folder}: {rows} rows in {len(made.rows)} tables")
        for file in made.files:
            self.stdout.write(f"  {file.name}  {file.size} bytes  {file.sha256}")
