"""The page on which the name of somebody is hidden, with all places where it stands."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.admin import RowPage
from kptracker.lib.belonging import entry_of
from kptracker.lib.vocabularies import choices
from kptracker.lib.writing import StaleVersionError

from .. import actions
from ..models import Person
from ..querysets import FUNCTION_ONLY, SHOWN, WITHHELD
from ..withholding import names_to_remove, places_of_names
from .personal_data import REDACT, by_field, tell

#: The page lists so many places; all of them are dealt with.
MOST_SHOWN = 100


def hidden_levels() -> list[tuple[str, str]]:
    """Return what visitors may read instead of a name."""
    return [one for one in choices("public_name") if one[0] in (FUNCTION_ONLY, WITHHELD)]


class HidingForm(forms.Form):
    """How somebody is hidden, under which names texts give them away, and why."""

    level = forms.ChoiceField(
        choices=hidden_levels, widget=forms.RadioSelect, label=gettext_lazy("What visitors read")
    )
    names = forms.CharField(
        max_length=2000,
        label=gettext_lazy("Names to remove"),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "One a line. A family name alone is removed wherever it stands, also where it is "
            "somebody else’s: take the line out if it is a common one."
        ),
    )
    why = forms.CharField(
        max_length=500,
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("This stays, with your name and the day. Do not repeat the name."),
    )


def hide_view(model_admin: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show where the name stands, ask how and why it is hidden, then do it."""
    row, refusal = model_admin._row(request, object_id)
    if refusal is not None:
        return refusal
    if not may_hide(model_admin, request, row):
        raise PermissionDenied
    names = names_to_remove(row)
    sent = request.method == "POST"
    level = row.public_name if row.public_name != SHOWN else WITHHELD
    form = HidingForm(
        request.POST if sent else None, initial={"names": "\n".join(names), "level": level}
    )
    if sent and form.is_valid():
        if _hide(request, row, form):
            return HttpResponseRedirect(model_admin.url("change", row.pk))
        names = [line.strip() for line in request.POST["names"].splitlines() if line.strip()]
    places = places_of_names(row, names)
    return TemplateResponse(
        request,
        "admin/hide_name.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("Hide the name"),
            "subtitle": str(row),
            "form": form,
            "original": row,
            "opts": model_admin.opts,
            "media": model_admin.media,
            "change_url": model_admin.url("change", row.pk),
            "places": [(entry_of(one.row), one) for one in places[:MOST_SHOWN]],
            "count": len(places),
        },
    )


def _hide(request: HttpRequest, row: Person, form: HidingForm) -> bool:
    data = form.cleaned_data
    try:
        removal = actions.withhold(
            row,
            data["level"],
            by=request.user,
            why=data["why"],
            names=[line.strip() for line in data["names"].splitlines() if line.strip()],
        )
    except ValidationError as error:
        places = {"words": "names", "public_name": "level"}
        for name, errors in by_field(error).items():
            place = places.get(name, name)
            form.add_error(place if place in form.fields else None, errors)
        return False
    except StaleVersionError as error:
        form.add_error(None, str(error))
        return False
    messages.success(
        request,
        _("The name is hidden. It was removed from %(count)d entries, their history and files.")
        % {"count": len(removal.redactions)},
    )
    tell(request, removal)
    return True


def may_hide(model_admin: Any, request: HttpRequest, row: Person) -> bool:
    """Tell whether the user may hide a name: change people, and remove words everywhere."""
    return request.user.has_perm(REDACT) and model_admin.has_change_permission(request, row)


def hide_link(row: Person) -> tuple[str, str]:
    """Return the link on the page of a person."""
    return _("Hide the name…"), reverse("admin:statements_person_hide", args=[row.pk])


HIDE_PAGE = RowPage("hide", hide_view, "hide")
