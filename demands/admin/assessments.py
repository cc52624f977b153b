"""Judgements: added here, read here, never altered or deleted."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kptracker.lib.admin import RecordAdmin, RecordInline, RowFormSet, refused_by
from statements.admin.base import SURE

from .. import actions, exports
from ..forms import AssessmentForm, EvidenceForm, full_name, today_as_text
from ..models import Assessment, Evidence
from ..standing import status_words


class ReviewedFilter(admin.SimpleListFilter):
    """Confirmed by the coalition, or provisional."""

    title = _("reviewed")
    parameter_name = "reviewed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("by the coalition")), ("no", _("provisional"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "no":
            return queryset.filter(reviewed_by="")
        return queryset.exclude(reviewed_by="") if self.value() == "yes" else queryset


class EvidenceFormSet(RowFormSet):
    """The evidence of a new judgement."""

    default_error_messages = {
        **RowFormSet.default_error_messages,
        "too_few_forms": _("A judgement needs evidence: give one source at least."),
    }


class EvidenceInline(RecordInline):
    """What a judgement rests on. Comes with it, and stays as it is."""

    model = Evidence
    form = EvidenceForm
    formset = EvidenceFormSet
    autocomplete_fields = ["statement"]
    verbose_name_plural = _("Evidence: one source at least")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("kind", "stance"),
                    "source_url",
                    "statement",
                    "held",
                    "archived_url",
                    "note",
                ]
            },
        )
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets

    def get_min_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, validate_min=True, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("statement")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("demands.view_assessment")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may judge gives the evidence for it, and nobody adds to it afterwards."""
        return obj is None and request.user.has_perm("demands.add_assessment")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Assessment)
class AssessmentAdmin(RecordAdmin):
    """Dated judgements of where demands stand."""

    form = AssessmentForm
    export = exports.ASSESSMENTS
    list_display = [
        "reference",
        "demand",
        "status_shown",
        "when",
        "kind",
        "assessed_by",
        "reviewed",
        "counts",
    ]
    list_select_related = ["demand", "corrected_by"]
    list_filter = ["status", "reason", "kind", ReviewedFilter, "confidence"]
    ordering = ["-date_last", "-recorded_at", "-id"]
    search_fields = ["reference", "demand__text_key"]
    autocomplete_fields = ["demand", "meeting"]
    inlines = [EvidenceInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "demand",
                    ("status", "reason", "brought_about_by"),
                    "date",
                    "meeting",
                    "rationale",
                    "rationale_fr",
                ],
                "description": _(
                    "A judgement stays as it is once it is saved: a later one takes its place, "
                    "or one that corrects it. What somebody said moves no status; what was "
                    "decided or done does."
                ),
            },
        ),
        (
            _("Who judged"),
            {"fields": ["assessed_by", "reviewed_by", "corrects"]},
        ),
        (SURE[0], {"fields": ["confidence"]}),
    ]

    # --- rights: add and look --------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """A judgement is not made on the way to correcting one."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "corrects" and field is not None:
            field.widget.can_add_related = False
        return field

    # --- adding ----------------------------------------------------------------------------------

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        given = super().get_changeform_initial_data(request)
        return {"assessed_by": full_name(request.user), "date": today_as_text(), **given}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fieldsets
        seen = (_("Kept"), {"fields": ["reference", "kind", "recorded_at", "counts"]})
        return [*self.fieldsets, seen]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        kept = ["reference", "kind", "recorded_at", "counts"] if obj else []
        return [*super().get_readonly_fields(request, obj), *kept]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Wait for the evidence: both are added together."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Judge, with the evidence."""
        evidence: list[Any] = []
        for formset in formsets:
            formset.save(commit=False)
            evidence += [one.instance for one in formset.saved_forms]
        names = (
            "date",
            "status",
            "reason",
            "brought_about_by",
            "rationale",
            "rationale_fr",
            "meeting",
            "confidence",
            "assessed_by",
            "reviewed_by",
            "corrects",
        )
        values = {name: form.cleaned_data[name] for name in names}
        with refused_by(""):
            added = actions.assess(
                form.cleaned_data["demand"], by=request.user, evidence=evidence, **values
            )
        # The log and the answer speak of the row as it is now.
        form.instance.pk, form.instance.reference = added.pk, added.reference
        form.instance._state.adding = False

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Go back to the demand, whose status has followed."""
        answer = super().response_add(request, obj, post_url_continue)
        saved = "_save" in request.POST and "_popup" not in request.POST
        if saved and request.user.has_perm("demands.view_demand"):
            address = reverse("admin:demands_demand_change", args=[obj.demand_id])
            return HttpResponseRedirect(address)
        return answer

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        return admin.ModelAdmin.delete_view(self, request, object_id, extra_context)

    # --- shown -----------------------------------------------------------------------------------

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, row: Assessment) -> str:
        return status_words(row.status, row.reason)

    @admin.display(description=_("since"), ordering="date_last")
    def when(self, row: Assessment) -> str:
        return self.words_of(row.date)

    @admin.display(description=_("reviewed by"), ordering="reviewed_by")
    def reviewed(self, row: Assessment) -> Any:
        return row.reviewed_by or _("provisional")

    @admin.display(description=_("counts"), boolean=True)
    def counts(self, row: Assessment) -> bool:
        return not hasattr(row, "corrected_by")

    def choice_label(self, row: Any) -> str:
        """Return the reference with what it says."""
        return f"{row.reference}: {self.status_shown(row)}, {row.date}"
