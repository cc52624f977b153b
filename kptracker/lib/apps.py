"""The Django application that holds the few tables shared by both rooms."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    """Shared tables: the stamp of the record, old slugs, counters, what was loaded, search."""

    name = "kptracker.lib"
    label = "lib"
    verbose_name = "Housekeeping"

    def ready(self) -> None:
        """Keep the index of search in step with every write."""
        from .search import keeping

        keeping.connect()
