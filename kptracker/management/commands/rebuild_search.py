"""`manage.py rebuild_search`: bring the index of search in step with the record."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from kptracker.lib.search import keeping


class Command(BaseCommand):
    """
    Compare what search knows with the record, entry by entry, and write what differs.

    The site may run meanwhile: nothing that is found goes missing. Needed after a restore from
    tables alone, after a change of how words are read, and where check_record says so.
    """

    help = "Brings search in step with the record while the site runs."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = keeping.rebuild(self._tell)
        for kind, count in changed.items():
            self.stdout.write(f"{kind + 's':<15} {count} changed")

    def _tell(self, kind: str, done: int, total: int) -> None:
        if sys.stderr.isatty() or done == total or done % 10_000 == 0:
            ending = "\r" if sys.stderr.isatty() and done < total else "\n"
            self.stderr.write(f"Looking at {kind}s: {done} of {total}", ending=ending)
