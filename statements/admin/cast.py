"""The cast: countries, organisations, people and the functions they held."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kptracker.lib.admin import Need, NeedsFilter, RecordAdmin, RecordInline
from kptracker.lib.publishing import State
from kptracker.lib.vocabularies import label

from .. import actions, exports
from ..forms import CountryForm, OrganisationForm, PersonForm, RoleForm
from ..models import Country, Organisation, Person, Role, StatementSpeaker
from ..querysets import SHOWN, WITHHELD
from .base import DRAFTS, IN_REVIEW, SURE, RoomAdmin, without_french
from .hiding import HIDE_PAGE, hide_link


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    """Countries, as meetings, organisations and roles name them."""

    form = CountryForm
    list_display = ["name", "name_fr", "code"]
    list_display_links = ["name"]
    ordering = ["name_key"]
    search_fields = ["name_key", "name_fr_key"]
    fields = ["code", "name", "name_fr"]

    def save_row(self, row: Any, *, by: Any) -> None:
        actions.save(row, by=by)


@admin.register(Organisation)
class OrganisationAdmin(RoomAdmin):
    """Bodies of the field: participants, observers, members of the coalition, companies."""

    form = OrganisationForm
    export = exports.ORGANISATIONS
    slug_source = "name"
    needs = [DRAFTS, IN_REVIEW, without_french("name")]
    list_display = ["name_shown", "acronym", "kind", "country", "state_shown", "changed_at"]
    list_select_related = ["country"]
    list_filter = ["state", "kind", NeedsFilter]
    ordering = ["name_key", "id"]
    autocomplete_fields = ["country"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "name_fr",
                    ("acronym", "acronym_fr"),
                    "other_names",
                    "slug",
                    "kind",
                    "country",
                    ("start", "end"),
                    "note",
                ]
            },
        ),
        SURE,
    ]

    @admin.display(description=_("name"), ordering="name_key")
    def name_shown(self, row: Organisation) -> str:
        return str(row)

    def choice_label(self, row: Any) -> str:
        """Return the name with the acronym by which people know it."""
        return f"{row} ({row.acronym})" if row.acronym else str(row)


class RoleInline(RecordInline):
    """The functions of a person."""

    model = Role
    form = RoleForm
    autocomplete_fields = ["organisation", "country"]
    verbose_name = _("function")
    verbose_name_plural = _("Functions over time")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("role", "role_fr"),
                    ("organisation", "country"),
                    ("start", "end"),
                    "note",
                    ("source_url", "confidence"),
                ]
            },
        )
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("organisation", "country")

    def save_row(self, row: Any, *, by: Any) -> None:
        actions.save_role(row, by=by)


def _unseen_speakers() -> Q:
    """People who speak a published statement and whose own entry is not published."""
    spoken = StatementSpeaker.objects.filter(
        person=OuterRef("pk"), statement__state=State.PUBLISHED
    )
    return ~Q(state=State.PUBLISHED) & Q(Exists(spoken))


@admin.register(Person)
class PersonAdmin(RoomAdmin):
    """People who speak, and what visitors may read of them."""

    form = PersonForm
    export = exports.PEOPLE
    pages = [*RoomAdmin.pages, HIDE_PAGE]
    links = [hide_link]
    slug_source = "full_name"
    needs = [
        DRAFTS,
        IN_REVIEW,
        Need(
            "unseen",
            _("speak in a published statement, their own entry is not published"),
            _unseen_speakers,
        ),
    ]
    list_display = ["full_name", "shown_as", "state_shown", "changed_at"]
    list_filter = ["state", "public_name", NeedsFilter]
    ordering = ["name_key", "id"]
    inlines = [RoleInline]
    fieldsets = [
        (
            None,
            {
                "fields": ["full_name", "name_variants", "public_name", "slug"],
                "description": _(
                    "Somebody whom the name could put in danger is “withheld”: then neither name "
                    "nor function stands anywhere on the site, in its files or feeds. Where the "
                    "name stands in titles, texts or notes, “Hide the name…” above removes it."
                ),
            },
        )
    ]

    @admin.display(description=_("visitors read"), ordering="public_name")
    def shown_as(self, row: Person) -> str:
        words = label("public_name", row.public_name)
        if row.public_name == SHOWN:
            return words
        return format_html('<strong class="guarded">{}</strong>', words)

    def choice_label(self, row: Any) -> str:
        """Return the name, with a warning where visitors do not read it."""
        if row.public_name == SHOWN:
            return str(row)
        return f"{row} ({label('public_name', row.public_name)})"

    def state_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        context = super().state_context(request, row)
        if row.public_name == WITHHELD:
            context["state"]["warning"] = _(
                "Withheld: visitors find neither the name nor the function of this person, also "
                "when the entry is published."
            )
        return context


@admin.register(Role)
class RoleAdmin(RecordAdmin):
    """Functions of people. Easier to edit on the page of the person."""

    form = RoleForm
    export = exports.ROLES
    list_display = ["reference", "person", "role_shown", "organisation", "country", "when"]
    list_select_related = ["person", "organisation", "country"]
    list_filter = ["confidence"]
    ordering = ["reference"]
    search_fields = ["person__text_key", "organisation__text_key"]
    autocomplete_fields = ["person", "organisation", "country"]
    label_related = ("person", "organisation")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "person",
                    ("role", "role_fr"),
                    ("organisation", "country"),
                    ("start", "end"),
                    "note",
                ]
            },
        ),
        SURE,
    ]

    @admin.display(description=_("function"), ordering="role")
    def role_shown(self, row: Role) -> str:
        return str(row)

    @admin.display(description=_("when"), ordering="start_first")
    def when(self, row: Role) -> str:
        return f"{self.words_of(row.start)} – {self.words_of(row.end)}"  # type: ignore[attr-defined]

    def choice_label(self, row: Any) -> str:
        """Return whose function it is, and with whom: several people hold the same."""
        known = [str(one) for one in (row.start, row.end) if one]
        parts = [f"{row.person}: {row}", str(row.organisation or ""), "–".join(known)]
        return ", ".join(part for part in parts if part)

    def save_row(self, row: Any, *, by: Any) -> None:
        actions.save_role(row, by=by)
