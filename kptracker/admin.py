"""The admin site: grouped as people think, with what needs attention on its first page."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Count
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kptracker.imports.tables import IMPORTS
from kptracker.imports.views import Bringing
from kptracker.lib.admin import RecordAdmin, choice_label

#: The groups of the first page and of the side bar: their names and tables, in order.
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "record",
        _("The record"),
        (
            "statements.Meeting",
            "statements.Statement",
            "demands.Demand",
            "demands.Mention",
            "demands.Assessment",
            "statements.Text",
            "lib.Correction",
        ),
    ),
    (
        "cast",
        _("The cast"),
        ("statements.Person", "statements.Organisation", "statements.Role"),
    ),
    ("lists", _("Lists"), ("demands.Theme", "statements.Country")),
    ("accounts", _("Accounts"), ("auth.User", "auth.Group")),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of one table that wait for an editor: how many, what about them, where they are."""

    count: int
    label: Any
    url: str


class LabelledAutocompleteView(AutocompleteJsonView):
    """Choices under the labels by which staff tell them apart."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {"id": str(getattr(obj, to_field_name)), "text": choice_label(obj)}


class TrackerAdminSite(admin.AdminSite):
    """Where staff keep the record."""

    site_title = _("kptracker, for staff")
    site_header = _("kptracker")
    index_title = _("Keep the record")

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return LabelledAutocompleteView.as_view(admin_site=self)(request)

    def get_urls(self) -> list[Any]:
        return [*Bringing(self).urls(), *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Return the tables grouped as people think, not by the apps that hold them."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        apps = self._build_app_dict(request)
        tables = {
            f"{name}.{table['object_name']}": table
            for name, app in apps.items()
            for table in app["models"]
        }
        grouped = []
        for code, name, members in GROUPS:
            models = [tables.pop(member) for member in members if member in tables]
            grouped.append({"name": name, "app_label": code, "app_url": "", "models": models})
        if tables:
            grouped.append(
                {
                    "name": _("More"),
                    "app_label": "more",
                    "app_url": "",
                    "models": sorted(tables.values(), key=lambda table: table["name"]),
                }
            )
        return [group for group in grouped if group["models"]]

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().index(
            request,
            {
                "attention": self.attention(request),
                "may_bring": any(table.may_bring(request.user) for table in IMPORTS.values()),
                **(extra_context or {}),
            },
        )

    def attention(self, request: HttpRequest) -> list[tuple[str, list[Waiting]]]:
        """Return what needs attention, by table: one query for each table."""
        found = []
        for model, model_admin in self._registry.items():
            if not isinstance(model_admin, RecordAdmin) or not model_admin.needs:
                continue
            if not model_admin.has_view_permission(request):
                continue
            counts = model_admin.get_queryset(request).aggregate(
                **{
                    f"n_{need.code}": Count("pk", filter=need.condition())
                    for need in model_admin.needs
                }
            )
            url = model_admin.list_url()
            waiting = [
                Waiting(counts[f"n_{need.code}"], need.label, f"{url}?needs={need.code}")
                for need in model_admin.needs
                if counts[f"n_{need.code}"]
            ]
            if waiting:
                found.append((capfirst(str(model._meta.verbose_name_plural)), waiting))
        return found
