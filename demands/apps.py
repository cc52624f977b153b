"""The room of what was asked."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemandsConfig(AppConfig):
    """Themes, demands, mentions and assessments."""

    name = "demands"
    verbose_name = _("What was asked")

    def ready(self) -> None:
        """Keep counts, dates and status of demands in step with what they rest on."""
        from . import correcting, derived, quoting, redacting, searched, telling

        derived.connect()
        quoting.connect()
        redacting.connect()
        telling.connect()
        correcting.connect()
        searched.connect()
