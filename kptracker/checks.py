"""System checks of the site: what a volunteer who sets it up may have forgotten."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register()
def check_corrections_email(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn when readers have no address to write to about a mistake."""
    if settings.CORRECTIONS_EMAIL:
        return []
    return [
        Warning(
            'CORRECTIONS_EMAIL is not set: the pages leave out "Something wrong? Tell us".',
            hint="Put CORRECTIONS_EMAIL=name@example.org into .env or the environment.",
            id="kptracker.W001",
        )
    ]
