"""Themes and demands."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kptracker.lib.admin import (
    Need,
    NeedsFilter,
    PublishedAdmin,
    RecordAdmin,
    RefusedError,
    refused_by,
)
from kptracker.lib.admin.states import sentences
from kptracker.lib.publishing import State
from kptracker.lib.writing import in_one_go
from statements import actions as statement_actions
from statements.admin.base import DRAFTS, IN_REVIEW, SURE, without_french
from statements.admin.personal_data import PersonalDataAdmin

from .. import actions, exports
from ..codes import DemandKind, Status
from ..derived import current_judgement
from ..forms import ConfirmForm, DemandForm, ThemeForm, full_name
from ..models import Assessment, Demand, DemandAddressee, Mention, Theme
from ..standing import status_words
from .mentions import MentionOfDemandInline, all_mentions


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    """Fields of demands."""

    form = ThemeForm
    export = exports.THEMES
    slug_source = "name"
    list_display = ["name", "name_fr", "slug"]
    ordering = ["name_key"]
    search_fields = ["name_key", "name_fr_key"]
    fields = ["name", "name_fr", "slug"]

    def save_row(self, row: Any, *, by: Any) -> None:
        actions.save(row, by=by)


def _old() -> Q:
    return Q(pk__in=Demand.objects.public().old().values("pk"))  # type: ignore[attr-defined]


def _provisional() -> Q:
    return Q(pk__in=Demand.objects.public().provisional().values("pk"))  # type: ignore[attr-defined]


def _never_judged() -> Q:
    return Q(state=State.PUBLISHED, kind=DemandKind.DEMAND, status=Status.NOT_ASSESSED)


def _never_raised() -> Q:
    return Q(state=State.PUBLISHED) & ~Q(Exists(Mention.objects.filter(demand=OuterRef("pk"))))


def _asked_of_nobody() -> Q:
    links = DemandAddressee.objects.filter(demand=OuterRef("pk"))
    return Q(state=State.PUBLISHED, kind=DemandKind.DEMAND, addressee_text="") & ~Q(Exists(links))


@admin.register(Demand)
class DemandAdmin(PersonalDataAdmin, PublishedAdmin):
    """Demands, positions and commitments, with the judgements of where they stand."""

    pages = [PersonalDataAdmin.personal_data_page]

    form = DemandForm
    export = exports.DEMANDS
    change_form_template = "admin/demand_change_form.html"
    slug_source = "title"
    needs = [
        DRAFTS,
        IN_REVIEW,
        Need("provisional", gettext_lazy("judged, not confirmed by the coalition"), _provisional),
        Need(
            "old",
            gettext_lazy("judged over two years ago, or asked again since"),
            _old,
        ),
        Need("unjudged", gettext_lazy("published, not judged"), _never_judged),
        Need("unraised", gettext_lazy("published, raised in no statement"), _never_raised),
        Need("nobody", gettext_lazy("published, asked of nobody"), _asked_of_nobody),
        without_french("title"),
    ]
    links = [all_mentions("demand")]
    list_display = ["reference", "title_shown", "theme", "status_shown", "asked", "state_shown"]
    list_display_links = ["reference", "title_shown"]
    list_select_related = ["theme"]
    list_filter = ["state", "kind", "status", "provisional", "theme", NeedsFilter]
    ordering = ["reference"]
    autocomplete_fields = ["theme", "parent", "superseded_by"]
    inlines = [MentionOfDemandInline]
    computed = ["status_shown", "reviewed", "counts", "dates"]
    fieldsets = [
        (
            None,
            {
                "fields": ["title", "title_fr", "slug", ("kind", "theme")],
                "description": gettext_lazy(
                    "A draft may have the title in English or in French alone; to publish it "
                    "needs the English one. Its reference (D-001) is given when it is saved."
                ),
            },
        ),
        (gettext_lazy("Of whom"), {"fields": ["asked_of", "addressee_text"]}),
        (
            gettext_lazy("What and why"),
            {
                "fields": [
                    "description",
                    "description_fr",
                    "success_test",
                    "success_test_fr",
                    "condition",
                    "condition_fr",
                ]
            },
        ),
        (gettext_lazy("Beside other demands"), {"fields": ["parent", "superseded_by"]}),
        SURE,
    ]

    # --- saving -------------------------------------------------------------------------------

    def save_row(self, row: Any, *, by: Any) -> None:
        actions.save_demand(row, by=by)

    def set_state(self, row: Any, state: str, *, by: Any, why: str = "") -> None:
        statement_actions.set_state(row, state, by=by, why=why)

    def save_links(self, row: Any, form: Any, *, by: Any) -> None:
        """Save of whom it is asked, where that was touched."""
        if "asked_of" in form.changed_data:
            actions.set_demand_addressees(row, form.cleaned_data["asked_of"], by=by)

    # --- shown --------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        computed = (
            gettext_lazy("Computed"),
            {
                "fields": self.computed,
                "description": gettext_lazy(
                    "Nobody types these: they follow from the published mentions and from the "
                    "judgements that count. One occasion is a meeting, or a month outside "
                    "meetings, however many statements were made there."
                ),
            },
        )
        return [*fieldsets[:1], computed, *fieldsets[1:]]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *self.computed]

    @admin.display(description=gettext_lazy("title"), ordering="title_key")
    def title_shown(self, row: Demand) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def status_shown(self, row: Demand) -> str:
        words = status_words(row.status, row.reason)
        if row.status_date:
            words = _("%(status)s, since %(date)s") % {
                "status": words,
                "date": row.status_date.words(short=True),
            }
        if row.provisional:
            return format_html("{} <em>({})</em>", words, _("provisional"))
        return words

    @admin.display(description=gettext_lazy("last reviewed"), ordering="reviewed_on")
    def reviewed(self, row: Demand) -> str:
        return row.reviewed_on.isoformat() if row.reviewed_on else "–"

    @admin.display(description=gettext_lazy("asked"), ordering="asked_count")
    def asked(self, row: Demand) -> str:
        return str(row.asked_count)

    @admin.display(description=gettext_lazy("occasions"))
    def counts(self, row: Demand) -> str:
        return _(
            "asked on %(asked)d (on %(members)d of them by members alone), criticised on "
            "%(criticised)d, welcomed on %(welcomed)d"
        ) % {
            "asked": row.asked_count,
            "members": row.asked_by_members_count,
            "criticised": row.criticised_count,
            "welcomed": row.welcomed_count,
        }

    @admin.display(description=gettext_lazy("first found, last asked, last raised"))
    def dates(self, row: Demand) -> str:
        known = (row.first_asked, row.last_asked, row.last_raised)
        return ", ".join(self.words_of(one) for one in known)

    @admin.display(description=gettext_lazy("Asked of"))
    def asked_of(self, row: Demand) -> str:
        """For those who may look and not change."""
        links = row.addressee_links.select_related("organisation") if row.pk else []
        return "; ".join(str(link.organisation) for link in links) or "–"

    def choice_label(self, row: Any) -> str:
        """Return the reference with the title: people know demands by either."""
        return f"{row.reference} {row}"

    # --- judgements ---------------------------------------------------------------------------

    def may_judge(self, request: HttpRequest) -> bool:
        """Tell whether the user may add judgements."""
        return request.user.has_perm("demands.add_assessment")

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj is not None:
            context.update(self.judgement_context(request, obj))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def judgement_context(self, request: HttpRequest, row: Demand) -> dict[str, Any]:
        """Return what the panel of judgements shows, newest first."""
        rows = list(
            Assessment.objects.filter(demand=row)
            .select_related("corrected_by")
            .order_by("date_last", "recorded_at", "id")
        )
        counting = [one for one in rows if not hasattr(one, "corrected_by")]
        current, renewals = current_judgement(counting)
        judged = Demand.objects.values("kind").get(pk=row.pk)["kind"] == DemandKind.DEMAND
        may = self.may_judge(request) and judged
        return {
            "judged": judged,
            "judgements": rows[::-1],
            "current": current,
            "renewals": renewals,
            "can_judge": may,
            "judge_url": f"{reverse('admin:demands_assessment_add')}?demand={row.pk}",
            "confirm_url": self.url("confirm", row.pk),
            "confirm_form": self._confirm_form(request, current) if may and current else None,
        }

    def _confirm_form(self, request: HttpRequest, current: Assessment, data: Any = None) -> Any:
        initial = {"reviewed_by": full_name(request.user), "judgement": current.pk}
        return ConfirmForm(data, initial=initial, auto_id="confirm_%s")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.confirm_view)
        return [
            path("<path:object_id>/confirm/", view, name="demands_demand_confirm"),
            *super().get_urls(),
        ]

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Confirm the judgement that holds: a line, and who of the coalition looked."""
        row, refusal = self._row(request, object_id)
        if refusal is not None:
            return refusal
        if not self.may_judge(request):
            raise PermissionDenied
        back = HttpResponseRedirect(self.url("change", row.pk))
        counting = Assessment.objects.counting().filter(demand=row).in_order()
        current, _renewals = current_judgement(list(counting))
        if current is None:
            messages.error(request, _("There is no judgement to confirm: add one first."))
            return back
        form = self._confirm_form(request, current, request.POST or None)
        if request.method == "POST" and form.is_valid():
            if form.cleaned_data["judgement"] != current.pk:
                form.add_error(
                    None,
                    _(
                        "%(reference)s has come in the meantime. Look at it; if it holds too, "
                        "press the button again."
                    )
                    % {"reference": current.reference},
                )
                form.data = form.data.copy()
                form.data["judgement"] = str(current.pk)
            elif self._confirm(request, row, form):
                return back
        return TemplateResponse(
            request,
            "admin/confirm.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Confirm a judgement"),
                "subtitle": str(row),
                "form": form,
                "current": current,
                "original": row,
                "opts": self.opts,
                "media": self.media,
                "change_url": self.url("change", row.pk),
            },
        )

    def _confirm(self, request: HttpRequest, row: Demand, form: ConfirmForm) -> bool:
        words = {name: form.cleaned_data[name] for name in ("rationale", "rationale_fr")}
        try:
            with in_one_go(), refused_by(""):
                added = actions.confirm(
                    row, by=request.user, reviewed_by=form.cleaned_data["reviewed_by"], **words
                )
        except RefusedError as refused:
            form.add_error(None, sentences(refused.error))
            return False
        self.log_addition_of(request, added)
        left = Demand.objects.public().provisional().order_by("reference")  # type: ignore[attr-defined]
        following = left.first()
        said = _("%(reference)s confirms the judgement.") % {"reference": added.reference}
        if following is not None:
            count = left.count()
            more = ngettext(
                "The next of %(count)d provisional judgement",
                "The next of %(count)d provisional judgements",
                count,
            ) % {"count": count}
            url = self.url("change", following.pk)
            messages.success(request, format_html('{} <a href="{}">{}</a>', said, url, more))
        else:
            messages.success(request, said)
        return True

    def log_addition_of(self, request: HttpRequest, added: Assessment) -> None:
        """Note in the list of recent actions that a judgement was added."""
        self.log_addition(request, added, [{"added": {}}])
