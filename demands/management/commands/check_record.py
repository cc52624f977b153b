"""`manage.py check_record`: find what is wrong with the record."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demands.checking import findings, mend


class Command(BaseCommand):
    """
    Say what is wrong with the record, one line each, with the way out.

    Counts, dates and statuses follow from other rows; they drift only when somebody writes past
    the actions. Rules that the database cannot hold are looked at too.
    """

    help = "Finds what is wrong with the record; ends with 1 where something is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mend",
            action="store_true",
            help="first bring counts, dates and statuses in step with the rows",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["mend"]:
            self.stdout.write(f"Brought in step: {mend()}")
        found = list(findings())
        for one in found:
            self.stdout.write(str(one))
        wrong = sum(1 for one in found if not one.note)
        if wrong:
            raise CommandError(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong.")
        self.stdout.write("Nothing is wrong.")
