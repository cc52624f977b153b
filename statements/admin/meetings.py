"""Meetings."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kptracker.lib.admin import Need, NeedsFilter
from kptracker.lib.publishing import State

from .. import exports
from ..forms import MeetingForm
from ..models import Meeting, Statement
from .base import DRAFTS, IN_REVIEW, SURE, RoomAdmin, today, without_french


def _spoke_without_statement() -> Q:
    """Meetings held, at which the coalition spoke and of which no statement is on record."""
    made = Statement.objects.filter(meeting=OuterRef("pk"))
    return Q(state=State.PUBLISHED, csc_presence="spoke", sort_on__lte=today()) & ~Q(Exists(made))


@admin.register(Meeting)
class MeetingAdmin(RoomAdmin):
    """Plenaries, intersessionals and all other occasions at which statements are made."""

    form = MeetingForm
    export = exports.MEETINGS
    slug_source = "title"
    needs = [
        DRAFTS,
        IN_REVIEW,
        Need(
            "silent", _("the coalition spoke, no statement is on record"), _spoke_without_statement
        ),
        without_french("title"),
    ]
    list_display = ["title_shown", "kind", "when", "city", "csc_presence", "state_shown"]
    list_filter = ["state", "kind", "csc_presence", "format", "cancelled", "year", NeedsFilter]
    ordering = ["-sort_on", "-id"]
    autocomplete_fields = ["country", "kp_chair_country"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "title_fr",
                    "slug",
                    "kind",
                    ("start", "end", "year"),
                    "cancelled",
                ],
                "description": _(
                    "A draft may have the title in English or in French alone; to publish it "
                    "needs the English one."
                ),
            },
        ),
        (_("Where and how"), {"fields": [("city", "city_fr"), "country", "format"]}),
        (
            _("Who"),
            {"fields": [("kp_chair_country", "kp_chair_person"), "csc_presence"]},
        ),
        (_("Notes"), {"fields": ["note", "note_fr"]}),
        SURE,
    ]

    @admin.display(description=_("title"), ordering="title_key")
    def title_shown(self, row: Meeting) -> str:
        return str(row)

    @admin.display(description=_("when"), ordering="sort_on")
    def when(self, row: Meeting) -> str:
        return self.words_of(row.start) if row.start else str(row.year)  # type: ignore[attr-defined]

    def choice_label(self, row: Any) -> str:
        """Return the title with the year."""
        return str(row) if str(row.year) in str(row) else f"{row} ({row.year})"
