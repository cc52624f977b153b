"""Corrections in the admin: read, and recorded by hand for what no form changes."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.admin.corrections import LONGEST
from kptracker.lib.corrections import may_correct, record
from kptracker.lib.models import Correction
from kptracker.lib.told import BY_HAND, Told, told_tables

#: The key at the end of an address, or alone: D-001, plenary-2023.
KEY = re.compile(r"(?:.*[/#])?([A-Za-z0-9][A-Za-z0-9-]{0,99})/?", re.ASCII)


def find_row(table: str, text: str) -> Any:
    """Return the published row that staff mean by its reference, its slug or its address.

    Raises ValidationError where there is none.
    """
    told = told_tables().get(table)
    found = KEY.fullmatch(text.strip())
    if told is None or found is None:
        raise ValidationError(_("Give the reference (D-001), or the address of the page."))
    names = {one.name for one in told.model._meta.concrete_fields}
    for name in ("reference", "slug", "code"):
        if name in names:
            key = found[1].upper() if name in ("reference", "code") else found[1]
            row = told.public().filter(**{name: key}).first()
            if row is not None:
                return row
    raise ValidationError(_("Visitors see nothing under this name; choose what kind it is."))


class CorrectionForm(forms.ModelForm):
    """A correction recorded by hand: of what, which fact, why."""

    table = forms.ChoiceField(label=gettext_lazy("What was corrected"))
    about = forms.CharField(
        label=gettext_lazy("Which"),
        max_length=200,
        help_text=gettext_lazy("Its reference (D-001), or the address of its page."),
    )
    fact = forms.MultipleChoiceField(
        label=gettext_lazy("Which fact"),
        widget=forms.CheckboxSelectMultiple,
        choices=list(BY_HAND.items()),
    )
    why = forms.CharField(
        label=gettext_lazy("What was wrong, and why is it changed?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "In English. Visitors read it: without the wrong words themselves, and without "
            "anything personal. It stays as it is once it is saved."
        ),
    )
    why_fr = forms.CharField(
        label=gettext_lazy("The same in French"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )

    #: Who fills it in. Set for each request.
    user: Any = None

    class Meta:
        model = Correction
        fields = ("why", "why_fr")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed: list[Told] = [
            one for one in told_tables().values() if may_correct(self.user, one.model())
        ]
        tables: Any = self.fields["table"]
        tables.choices = [("", "---------"), *((one.table, one.noun) for one in allowed)]
        self.row: Any = None

    def clean(self) -> Any:
        cleaned: Any = super().clean()
        if cleaned.get("table") and cleaned.get("about"):
            try:
                self.row = find_row(cleaned["table"], cleaned["about"])
            except ValidationError as error:
                self.add_error("about", error)
        if not self.errors:
            # Tried now, so that what is refused stands beside its field.
            try:
                self.instance = record(
                    self.row,
                    cleaned["fact"],
                    why=cleaned["why"],
                    why_fr=cleaned["why_fr"],
                    by=self.user,
                )
            except ValidationError as error:
                self.add_error(None, ValidationError(error.messages))
        return cleaned

    def _post_clean(self) -> None:
        """Leave the row to its action, which has checked and written it."""


@admin.register(Correction)
class CorrectionAdmin(admin.ModelAdmin):
    """What visitors were told: looked at, and added; never altered or deleted."""

    form = CorrectionForm
    list_display = ["reference", "about", "what", "why", "recorded_at", "by"]
    list_select_related = ["by"]
    list_per_page = 50
    show_full_result_count = False
    ordering = ["-recorded_at", "-id"]
    search_fields = ["reference", "why"]
    fields = ["table", "about", "fact", "why", "why_fr"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_correct(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or may_correct(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fields
        return ["reference", "about", "what", "why", "why_fr", "recorded_at", "by"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [] if obj is None else self.get_fields(request, obj)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change, form=forms.ModelForm, **kwargs)
        form: Any = super().get_form(request, obj, change, **{**kwargs, "fields": None})
        form.user = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Leave the row as its action has written it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There is nothing beside it."""

    def save_form(self, request: Any, form: Any, change: Any) -> Any:
        return form.instance

    @admin.display(description=gettext_lazy("what was corrected"))
    def about(self, row: Correction) -> str:
        """Name the row, with a link while visitors see it."""
        told, found = row.told, row.row
        if told is None or found is None:
            return "–"
        if not told.public().filter(pk=found.pk).exists():
            return f"{told.noun}: {found}"
        return format_html('{}: <a href="{}">{}</a>', told.noun, told.url(found), told.words(found))

    @admin.display(description=gettext_lazy("which facts"))
    def what(self, row: Correction) -> str:
        return "; ".join(one.name for one in row.corrected)
