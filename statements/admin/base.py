"""What the admins of this room share."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kptracker.lib.admin import Need, PublishedAdmin
from kptracker.lib.publishing import State

from .. import actions
from .personal_data import PersonalDataAdmin

SURE = (
    _("Where it comes from"),
    {"fields": ["source_url", "confidence"]},
)

DRAFTS = Need("draft", _("drafts"), lambda: Q(state=State.DRAFT))
IN_REVIEW = Need("in_review", _("waiting for a second reader"), lambda: Q(state=State.IN_REVIEW))


def without_french(name: str) -> Need:
    """Return the published rows whose ``name`` is not there in French."""
    return Need(
        "french",
        _("published without French"),
        lambda: Q(**{"state": State.PUBLISHED, f"{name}_fr": ""}),
    )


def today() -> date:
    """Return the day of the site."""
    return timezone.localdate()


class RoomAdmin(PersonalDataAdmin, PublishedAdmin):
    """A published table of this room."""

    pages = [PersonalDataAdmin.personal_data_page]

    def save_row(self, row: Any, *, by: Any) -> None:
        actions.save(row, by=by)

    def set_state(self, row: Any, state: str, *, by: Any, why: str = "") -> None:
        actions.set_state(row, state, by=by, why=why)
