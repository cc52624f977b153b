"""The site itself as a Django app: its system checks, its admin index, its commands."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SiteConfig(AppConfig):
    """What joins the rooms; it has no models of its own."""

    name = "kptracker"
    verbose_name = "kptracker"

    def ready(self) -> None:
        from kptracker.lib.writing import after_write
        from statements.erasing import on_forget
        from statements.models import Person

        from . import (
            backups,
            checks,  # noqa: F401  (importing registers them)
        )
        from .data import dumps

        on_forget(backups.renew)
        on_forget(dumps.remove_those_with)
        after_write(Person, dumps.follow_people)


class StaffConfig(AdminConfig):
    """The stock admin, with our first page and groups."""

    default_site = "kptracker.admin.TrackerAdminSite"

    def ready(self) -> None:
        super().ready()
        from . import accounts, correcting  # noqa: F401  (importing registers them with the admin)
