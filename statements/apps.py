"""The room of what was said."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatementsConfig(AppConfig):
    """Meetings, organisations, people and their roles, statements."""

    name = "statements"
    verbose_name = _("What was said")

    def ready(self) -> None:
        """Keep the days by which statements sort in step; let no personal data out unseen."""
        from . import derived, guarding

        derived.connect()
        guarding.connect()
