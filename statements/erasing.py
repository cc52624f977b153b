"""What was removed from the rows is removed from the disk: free pages, the log, old copies."""

import logging
from collections.abc import Callable
from re import Pattern

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

#: Given what finds the words that were removed (None where that is not known).
Renew = Callable[[Pattern[str] | None], str]
#: Functions that renew or delete copies of the database; each returns what to tell staff, or ''.
_copies: list[Renew] = []


def on_forget(renew: Renew) -> None:
    """Have ``renew`` see to copies of the record after a removal was committed."""
    if renew not in _copies:
        _copies.append(renew)


def forget(pattern: Pattern[str] | None = None) -> list[str]:
    """Rewrite the database without what was deleted, and see to its copies.

    Called after the commit. ``pattern`` finds the words that were removed. Returns what staff
    should know, in sentences.
    """
    notes = [note for note in (_compact(), *(renew(pattern) for renew in _copies)) if note]
    for note in notes:
        logger.info("Removal of personal data: %s", note)
    return notes


def _compact() -> str:
    """Free the pages of SQLite in which deleted words may still stand.

    ``secure_delete`` overwrites what is deleted now; pages freed earlier, before it was on, and
    the write-ahead log are rewritten here. PostgreSQL reuses the space by itself.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return ""
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()[0]
    except DatabaseError as error:
        logger.warning("The database could not be compacted after a removal: %s", error)
        busy = 1
    if busy:
        return _(
            "The database was in use and could not be rewritten: traces of the words may stay in "
            "its file. Stop the site for a moment and run: manage.py forget."
        )
    return ""
