"""How the fields of a row are drawn, and the rows that stand below another in its form."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest

from ..writing import delete
from .fields import KnownAutocomplete, LongTextField, OrderedAutocomplete, OrderedRowsField
from .forms import RowForm
from .formsets import RowFormSet


def admin_for(model: Any) -> Any:
    """Return the admin that a table is registered with, None where it is not."""
    return admin.site._registry.get(model)


def choice_label(row: Any) -> str:
    """Return a row as it stands in a list to choose from."""
    found = admin_for(type(row))
    return str(found.choice_label(row) if hasattr(found, "choice_label") else row)


class FieldsMixin:
    """What forms and inlines share: how the fields of a row are drawn."""

    formfield_overrides: ClassVar[Any] = {models.TextField: {"form_class": LongTextField}}
    admin_site: admin.AdminSite
    model: Any

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = KnownAutocomplete(db_field, self.admin_site)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None:
            field.label_from_instance = choice_label
        return field

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer to look at what is chosen and to add; not to delete it from somewhere else."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_delete_related = widget.can_change_related = False
        return field

    def prepare_form(self, form: Any, request: HttpRequest) -> Any:
        """Give a form class what it needs of the request and of this site."""
        form.refusals = getattr(request, "refusals", {})
        for field in form.base_fields.values():
            if isinstance(field, OrderedRowsField):
                link = self.model._meta.get_field(field.links).related_model
                widget = OrderedAutocomplete(link._meta.get_field("organisation"), self.admin_site)
                widget.is_required = field.required
                field.widget = widget
                widget.choices = field.choices
                field.label_from_instance = choice_label
        return form


class RecordInline(FieldsMixin, admin.StackedInline):
    """Rows below a row. Each is saved by the action of its table."""

    formset = RowFormSet
    form = RowForm
    extra = 0
    show_change_link = True

    def save_row(self, row: Any, *, by: Any) -> None:
        """Save a row through its action."""
        raise NotImplementedError

    def delete_row(self, row: Any, *, by: Any) -> None:
        """Delete a row. Raises EvidenceError where other rows rest on it."""
        delete(row, by=by)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.inline = self
        self.prepare_form(formset.form, request)
        return formset

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return with_version(super().get_fieldsets(request, obj), self.form)


def with_version(fieldsets: Any, form: Any) -> Any:
    """Add the hidden version to the last group of fields."""
    if "seen_version" not in getattr(form, "declared_fields", {}):
        return fieldsets
    *first, (name, options) = fieldsets
    if "seen_version" in flatten_fieldsets(fieldsets):
        return fieldsets
    return [*first, (name, {**options, "fields": [*options["fields"], "seen_version"]})]
