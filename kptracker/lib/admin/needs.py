"""Which rows of a table an editor should look at, as a filter and as counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Need:
    """Rows of a table that an editor should look at: what they are, and which."""

    code: str
    label: Any
    condition: Callable[[], Q]


class NeedsFilter(admin.SimpleListFilter):
    """Choose the rows that need attention, by the reason."""

    title = gettext_lazy("needs attention")
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        self.needs: list[Need] = model_admin.needs
        return [(need.code, need.label) for need in self.needs]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        for need in self.needs:
            if need.code == self.value():
                return queryset.filter(need.condition())
        return queryset
