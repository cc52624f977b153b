"""Personal data on the page of an entry: what was found, and the two decisions about each."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.admin import RowPage
from kptracker.lib.belonging import key_of
from kptracker.lib.writing import StaleVersionError

from .. import actions
from ..guarding import unresolved
from ..models import Clearance, DataKind, Redaction

REDACT = "statements.redact_statement"
REMOVE, KEEP = "remove", "keep"
#: The panel shows so many; when these are dealt with, the next ones.
MOST_SHOWN = 50


class DecisionForm(forms.Form):
    """What is to happen with words, and why."""

    words = forms.CharField(
        max_length=500,
        strip=False,
        label=gettext_lazy("The words"),
        widget=forms.TextInput(attrs={"class": "vTextField", "readonly": True}),
    )
    kind = forms.ChoiceField(
        choices=DataKind.choices, required=False, widget=forms.HiddenInput, label=""
    )
    decision = forms.ChoiceField(
        choices=[(REMOVE, REMOVE), (KEEP, KEEP)], widget=forms.HiddenInput, label=""
    )
    why = forms.CharField(
        max_length=500,
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("This stays, with your name and the day. Do not repeat the words."),
        error_messages={"required": gettext_lazy("Say why.")},
    )


def decide_view(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask why words are removed or may stay, then do it."""
    row, refusal = model_admin._row(request, object_id)
    if refusal is not None:
        return refusal
    back = HttpResponseRedirect(model_admin.url("change", row.pk))
    if request.method != "POST":
        return back
    decision = request.POST.get("decision", "")
    allowed = {REMOVE: model_admin.may_remove, KEEP: model_admin.may_keep}
    if decision not in allowed or not allowed[decision](request, row):
        raise PermissionDenied
    # The first time the buttons of the panel send the words; the second time there is a reason.
    form = DecisionForm(
        request.POST if "why" in request.POST else None, initial=request.POST.dict()
    )
    if form.is_bound and form.is_valid():
        try:
            _decide(model_admin, request, row, form.cleaned_data)
            return back
        except ValidationError as error:
            for name, errors in by_field(error).items():
                form.add_error(name if name in form.fields else None, errors)
        except StaleVersionError as error:
            form.add_error(None, str(error))
    removes = decision == REMOVE
    return TemplateResponse(
        request,
        "admin/decide_personal_data.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("Remove it everywhere") if removes else _("May be published"),
            "subtitle": str(row),
            "form": form,
            "original": row,
            "opts": model_admin.opts,
            "media": model_admin.media,
            "change_url": model_admin.url("change", row.pk),
            "removes": removes,
        },
    )


def by_field(error: ValidationError) -> dict[str, Any]:
    """Return the messages of an error by the field that they are about, '' for none."""
    return error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}


def _decide(model_admin: Any, request: HttpRequest, row: Any, data: dict[str, str]) -> None:
    words, why, kind = data["words"], data["why"], data["kind"]
    if data["decision"] == KEEP:
        actions.clear(row, words, by=request.user, why=why, kind=kind)
        messages.success(request, _("Noted: these words may be published on this page."))
        return
    removal = actions.redact(
        row, data["words"], by=request.user, why=data["why"], kind=data["kind"]
    )
    characters = sum(one.characters for one in removal.redactions)
    messages.success(
        request,
        _("Removed from this page, its history and its files: %(count)d characters.")
        % {"count": characters},
    )
    tell(request, removal)


def tell(request: HttpRequest, removal: Any) -> None:
    """Say what a removal leaves to be done."""
    if removal.elsewhere:
        words = _("The same words also stand in: %(places)s.")
        messages.warning(request, words % {"places": "; ".join(removal.elsewhere)})
    for note in removal.notes:
        messages.warning(request, note)


class PersonalDataAdmin:
    """The panel of an entry with personal data, for the admin of a table with states."""

    #: A table that has pages of its own adds this one to them.
    personal_data_page = RowPage("personal_data", decide_view, "personal-data")

    def may_remove(self, request: HttpRequest, row: Any) -> bool:
        """Tell whether the user may remove words everywhere."""
        return request.user.has_perm(REDACT) and self.has_view_or_change_permission(request, row)

    def may_keep(self, request: HttpRequest, row: Any) -> bool:
        """Tell whether the user may say that words may be published."""
        return self.has_publish_permission(request, row)

    def state_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        context = super().state_context(request, row)
        saved = self.model._base_manager.get(pk=row.pk)
        table, key = key_of(saved)
        found = unresolved(saved)
        context["personal_data"] = {
            "found": found[:MOST_SHOWN],
            "more": len(found) - MOST_SHOWN,
            "may_remove": self.may_remove(request, saved),
            "may_keep": self.may_keep(request, saved),
            "cleared": Clearance.objects.filter(table=table, row_id=key),
            "removed": Redaction.objects.filter(table=table, row_id=key),
            "url": self.url("personal_data", saved.pk),
        }
        return context
