"""The Django application that holds the few tables shared by both rooms."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


def _without_jit(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Keep PostgreSQL from compiling queries: with a hundred expressions that takes minutes.

    A page asks for a few rows in many ways, which is what compiling gains nothing for.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")


class LibConfig(AppConfig):
    """Shared tables: the stamp of the record, old slugs, counters, what was loaded, search."""

    name = "kptracker.lib"
    label = "lib"
    verbose_name = "Housekeeping"

    def ready(self) -> None:
        """Keep the index of search in step with every write."""
        from .search import keeping

        keeping.connect()
        connection_created.connect(_without_jit)
