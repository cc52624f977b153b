"""The Django application that holds the few tables shared by both rooms."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    """Shared tables: the stamp of the public record, old slugs, counters, what was loaded."""

    name = "kptracker.lib"
    label = "lib"
    verbose_name = "Housekeeping"
