"""`manage.py export_record DIR`: write the files of the record."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demands.writing_record import NotWrittenError, write_record


class Command(BaseCommand):
    """
    Write the record as the files that `load_record` reads.

    Loaded into an empty database they give the same record again: rows, states, roles of
    speakers, texts, places of quotes, evidence.
    """

    help = (
        "Writes the record's CSV files into a folder, as load_record reads them. With --public "
        "only what visitors may see."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder to write to")
        parser.add_argument(
            "--public", action="store_true", help="leave out everything that visitors cannot see"
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            counts = write_record(folder, public=options["public"])
        except (NotWrittenError, OSError) as error:
            raise CommandError(str(error)) from error
        for name, count in counts.items():
            self.stdout.write(f"{name:20}{count:>8}")
        self.stdout.write(f"Written to {folder}")
