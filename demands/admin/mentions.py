"""Mentions: their own pages, and the rows below a demand and a statement."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kptracker.lib.admin import (
    LatestFormSet,
    Need,
    NeedsFilter,
    RecordAdmin,
    RecordInline,
    RowPage,
)
from kptracker.lib.publishing import State
from statements.admin import StatementAdmin
from statements.models import StatementSpeaker

from .. import actions, exports
from ..forms import MentionForm
from ..models import Mention, Passage
from .marking import demands_view, mark_view, people_view


def save_mention(row: Any, *, by: Any) -> None:
    """Save a mention; a quote from a text saved along with it finds its place now."""
    actions.save_mention(row, by=by, words=getattr(row, "words", None))


#: What a mention may have besides, folded away while nothing in it is wrong.
MORE: Any = (
    gettext_lazy("In French, the very words, the source"),
    {
        "fields": ["paraphrase_fr", "words", "source_url", "confidence"],
        "classes": ["collapse"],
    },
)


class MentionInline(RecordInline):
    """What is raised: the latest mentions, to edit, and room for more."""

    model = Mention
    form = MentionForm
    formset = LatestFormSet
    verbose_name_plural = gettext_lazy("mentions (the latest 25)")

    @admin.display(description=gettext_lazy("quote"))
    def words(self, row: Mention) -> str:
        """For those who may look and not change."""
        return row.quote or "–"

    def save_row(self, row: Any, *, by: Any) -> None:
        save_mention(row, by=by)


class MentionOfDemandInline(MentionInline):
    """The mentions of a demand: in which statements it was raised."""

    autocomplete_fields = ["statement", "speaker"]
    fieldsets = [(None, {"fields": ["statement", ("kind", "speaker"), "paraphrase"]}), MORE]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("statement", "speaker")


class MentionInStatementInline(MentionInline):
    """The mentions in a statement: which demands it raises."""

    autocomplete_fields = ["demand", "speaker"]
    fieldsets = [(None, {"fields": ["demand", ("kind", "speaker"), "paraphrase"]}), MORE]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("demand", "speaker")


def _stranger() -> Q:
    spoke = StatementSpeaker.objects.filter(
        statement=OuterRef("statement"), person=OuterRef("speaker")
    )
    return Q(speaker__isnull=False) & ~Q(Exists(spoke))


def _hidden_with_its_demand() -> Q:
    return Q(statement__state=State.PUBLISHED) & ~Q(demand__state=State.PUBLISHED)


@admin.register(Mention)
class MentionAdmin(RecordAdmin):
    """A demand raised in a statement."""

    form = MentionForm
    export = exports.MENTIONS
    needs = [
        Need(
            "stranger", gettext_lazy("whose speaker is not a speaker of the statement"), _stranger
        ),
        Need(
            "hidden",
            gettext_lazy("in a published statement, of a demand that is not published"),
            _hidden_with_its_demand,
        ),
    ]
    list_display = ["reference", "kind", "demand", "statement", "speaker", "raised_on"]
    list_select_related = ["demand", "statement", "speaker"]
    list_filter = ["kind", "confidence", "demand__theme", NeedsFilter]
    ordering = ["-raised_on", "-id"]
    autocomplete_fields = ["demand", "statement", "speaker"]
    readonly_fields = ["place"]
    fieldsets = [
        (None, {"fields": ["demand", "statement", ("kind", "speaker")]}),
        (
            gettext_lazy("In our own words"),
            {"fields": ["paraphrase", "paraphrase_fr"]},
        ),
        (
            gettext_lazy("The very words"),
            {
                "fields": ["words", "place"],
                "description": gettext_lazy(
                    "Only where the coalition holds the text: copy the passage from it. Its place "
                    "in the text is found by itself."
                ),
            },
        ),
        (gettext_lazy("Where it comes from"), {"fields": ["source_url", "confidence"]}),
    ]

    @admin.display(description=gettext_lazy("quote"))
    def words(self, row: Mention) -> str:
        """For those who may look and not change."""
        return row.quote or "–"

    @admin.display(description=gettext_lazy("place in the text"))
    def place(self, row: Any) -> str:
        places = [
            _("characters %(start)d to %(end)d of: %(text)s")
            % {"start": one.start + 1, "end": one.end, "text": one.text}
            if one.is_placed
            else _("lost its place: %(words)s") % {"words": one.exact}
            for one in row.passages.select_related("text__statement")
            if one.text is not None
        ]
        return "; ".join(places) or "–"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        match = request.resolver_match
        if match and (match.url_name or "").endswith("_change"):
            return rows.select_related("demand", "statement", "speaker")
        return rows

    def save_row(self, row: Any, *, by: Any) -> None:
        save_mention(row, by=by)


def all_mentions(field: str) -> Any:
    """Return the link from a demand or statement to the list of all its mentions."""

    def link(row: Any) -> tuple[str, str]:
        count = Mention.objects.filter(**{field: row}).count()
        address = reverse("admin:demands_mention_changelist")
        return _("All mentions (%(count)d)") % {
            "count": count
        }, f"{address}?{field}__id__exact={row.pk}"

    return link


def _without_mentions() -> Q:
    mentions = Mention.objects.filter(statement=OuterRef("pk"))
    return Q(state=State.PUBLISHED) & ~Q(Exists(mentions))


def _lost_their_place() -> Q:
    lost = Passage.objects.lost().filter(text__statement=OuterRef("pk"))
    return Q(Exists(lost))


def _marking(row: Any) -> tuple[str, str] | None:
    """Return the link from a statement with a text to the screen on which it is marked."""
    if not row.texts.exists():
        return None
    lost = Passage.objects.lost().filter(text__statement=row).count()
    words = ngettext(
        "Mark passages: %(count)d lost its place",
        "Mark passages: %(count)d lost their place",
        lost,
    ) % {"count": lost}
    address = reverse("admin:statements_statement_mark", args=[row.pk])
    return (words if lost else _("Mark passages")), address


# A statement's room knows nothing of demands: what it shows of them is added here.
StatementAdmin.inlines = [*StatementAdmin.inlines, MentionInStatementInline]
StatementAdmin.links = [*StatementAdmin.links, _marking, all_mentions("statement")]
StatementAdmin.pages = [
    *StatementAdmin.pages,
    RowPage("mark", mark_view, "mark"),
    RowPage("mark_demands", demands_view, "mark/demands"),
    RowPage("mark_people", people_view, "mark/people"),
]
StatementAdmin.needs = [
    *StatementAdmin.needs,
    Need(
        "mentionless", gettext_lazy("published, nothing raised in it is entered"), _without_mentions
    ),
    Need("lost", gettext_lazy("a passage lost its place in the text"), _lost_their_place),
]
