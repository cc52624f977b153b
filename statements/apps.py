"""The room of what was said."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatementsConfig(AppConfig):
    """Meetings, organisations, people and their roles, statements."""

    name = "statements"
    verbose_name = _("What was said")

    def ready(self) -> None:
        """Keep days in step, let no personal data out unseen, have corrections told."""
        from . import correcting, derived, guarding, searched

        derived.connect()
        guarding.connect()
        correcting.connect()
        searched.connect()
