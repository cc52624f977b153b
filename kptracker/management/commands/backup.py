"""`manage.py backup`: a copy of the database, taken while the site runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kptracker.backups import BackupError, backup


class Command(BaseCommand):
    """Copy the database."""

    help = "Copies the database (SQLite: as a file; PostgreSQL: with pg_dump) and prints where to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="where to; without it var/backups, where the newest few are kept",
        )

    def handle(self, *args: Any, file: Path | None = None, **options: Any) -> None:
        try:
            self.stdout.write(str(backup(file)))
        except (BackupError, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
