"""Statements, their speakers and texts."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kptracker.lib.admin import Need, NeedsFilter, RecordAdmin, RecordInline
from kptracker.lib.publishing import State
from kptracker.lib.vocabularies import label

from .. import actions, exports
from ..forms import SpeakerForm, StatementForm, TextForm
from ..guarding import statements_with_findings
from ..models import Statement, StatementSpeaker, Text
from .base import DRAFTS, IN_REVIEW, SURE, RoomAdmin, without_french
from .from_document import FromDocument
from .originals import ORIGINAL_PAGE, OriginalInline


class SpeakerInline(RecordInline):
    """Who spoke a statement, in which function, under which name."""

    model = StatementSpeaker
    form = SpeakerForm
    autocomplete_fields = ["person", "role"]
    fieldsets = [(None, {"fields": [("person", "role"), ("name_as_given", "position")]})]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows.select_related("person", "role__person", "role__organisation")

    def save_row(self, row: Any, *, by: Any) -> None:
        actions.save(row, by=by)

    def delete_row(self, row: Any, *, by: Any) -> None:
        actions.delete_speaker(row, by=by)


class TextInline(RecordInline):
    """The texts of a statement that the coalition holds."""

    model = Text
    form = TextForm
    classes = ["collapse"]
    fieldsets = [(None, {"fields": [("kind", "language"), "body"]})]

    def save_row(self, row: Any, *, by: Any) -> None:
        actions.save(row, by=by)


def _speech_without_speaker() -> Q:
    spoken = StatementSpeaker.objects.filter(statement=OuterRef("pk"))
    return Q(state=State.PUBLISHED, delivered__in=["yes", "partly"]) & ~Q(Exists(spoken))


def _text_not_entered() -> Q:
    texts = Text.objects.filter(statement=OuterRef("pk"))
    return Q(text_seen="full", state=State.PUBLISHED) & ~Q(document="") & ~Q(Exists(texts))


@admin.register(Statement)
class StatementAdmin(FromDocument, RoomAdmin):
    """Speeches, press releases, letters and reports. Other rooms add their inlines and needs."""

    form = StatementForm
    export = exports.STATEMENTS
    slug_source = "title"
    pages = [*RoomAdmin.pages, ORIGINAL_PAGE]
    needs = [
        DRAFTS,
        IN_REVIEW,
        Need(
            "personal",
            _("personal data found: to be removed, or to be allowed"),
            statements_with_findings,
        ),
        Need("speakerless", _("spoken, but nobody is named as a speaker"), _speech_without_speaker),
        Need("textless", _("the coalition holds the text, it is not entered"), _text_not_entered),
        without_french("title"),
    ]
    list_display = ["title_shown", "when", "kind", "voice", "meeting", "state_shown"]
    list_select_related = ["meeting"]
    list_filter = ["state", "kind", "voice", "language", "delivered", "text_seen", NeedsFilter]
    date_hierarchy = None
    ordering = ["-sort_on", "-id"]
    autocomplete_fields = ["meeting", "version_of"]
    inlines = [SpeakerInline, TextInline, OriginalInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "title_fr",
                    "title_kind",
                    "slug",
                    ("kind", "voice"),
                    ("date", "place"),
                    "meeting",
                ],
                "description": _(
                    "A draft may have the title in English or in French alone; to publish it "
                    "needs the English one. Who spoke, the texts and what was asked stand below."
                ),
            },
        ),
        (
            _("From whom, to whom"),
            {"fields": ["issued_by", "issuer_text", "addressed_to", "addressee_text"]},
        ),
        (_("Our summary"), {"fields": ["summary", "summary_fr"]}),
        (
            _("The text"),
            {
                "fields": [
                    ("language", "text_seen", "delivered"),
                    "version_of",
                    "document",
                    "archived_url",
                ]
            },
        ),
        SURE,
    ]

    def save_links(self, row: Any, form: Any, *, by: Any) -> None:
        """Save issuers and addressees, where they were touched."""
        if "issued_by" in form.changed_data:
            actions.set_issuers(row, form.cleaned_data["issued_by"], by=by)
        if "addressed_to" in form.changed_data:
            actions.set_addressees(row, form.cleaned_data["addressed_to"], by=by)

    @admin.display(description=_("title"), ordering="title_key")
    def title_shown(self, row: Statement) -> str:
        return str(row)

    @admin.display(description=_("date"), ordering="sort_on")
    def when(self, row: Statement) -> str:
        return self.words_of(row.date)

    @admin.display(description=_("Issued by"))
    def issued_by(self, row: Statement) -> str:
        """For those who may look and not change."""
        links = row.issuer_links.select_related("organisation") if row.pk else []
        return "; ".join(str(link.organisation) for link in links) or "–"

    @admin.display(description=_("Addressed to"))
    def addressed_to(self, row: Statement) -> str:
        """For those who may look and not change."""
        links = row.addressee_links.select_related("organisation") if row.pk else []
        return "; ".join(str(link.organisation) for link in links) or "–"

    def choice_label(self, row: Any) -> str:
        """Return the title with the date: many statements are called alike."""
        return f"{row} ({row.date})"


@admin.register(Text)
class TextAdmin(RecordAdmin):
    """Texts. Easier to add on the page of the statement; here they are found and read."""

    form = TextForm
    list_display = ["statement", "kind", "language", "changed_at"]
    list_select_related = ["statement"]
    list_filter = ["kind", "language"]
    ordering = ["-id"]
    search_fields = ["statement__text_key"]
    autocomplete_fields = ["statement"]
    label_related = ("statement",)
    fieldsets = [(None, {"fields": ["statement", ("kind", "language"), "body"]})]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        match = request.resolver_match
        # A list of texts need not fetch the texts themselves.
        return rows.defer("body") if match and "changelist" in (match.url_name or "") else rows

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        """A text stays with its statement: quotes in mentions of it lead here."""
        return ["statement"] if obj else super().get_readonly_fields(request, obj)

    def save_row(self, row: Any, *, by: Any) -> None:
        actions.save(row, by=by)

    def choice_label(self, row: Any) -> str:
        """Return the statement, the kind and the language."""
        kind, language = label("text_kind", row.kind), label("language", row.language)
        return f"{row.statement} ({kind}, {language})"
