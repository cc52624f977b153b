"""`manage.py forget`: rewrite the database without the traces of what was removed."""

from typing import Any

from django.core.management.base import BaseCommand

from ...erasing import forget
from ...originals import sweep


class Command(BaseCommand):
    """Finish what a removal of personal data could not, because the database was in use."""

    help = (
        "Rewrites the database (SQLite) without traces of removed personal data, renews its "
        "copies in var/backups and deletes original files that no statement has."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep()
        if swept:
            self.stdout.write(f"Files that no statement has: {swept} deleted.")
        for note in forget():
            self.stdout.write(note)
        self.stdout.write("Done.")
