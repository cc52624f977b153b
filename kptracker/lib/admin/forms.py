"""Forms over rows of the record: stale ones are refused, and what was typed is never lost.

Each form carries the version of the row that its editor saw. Where somebody else saved in
between, the form comes back with both texts of every field that differs and with what the
editor typed; fields the editor had not touched take over what was saved. What an action
refuses comes back beside its field.
"""

import secrets
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ..models import OldSlug
from .fields import KnownAutocomplete, OrderedRowsField, PartialDateFormField

LARGEST_VERSION = 2**31 - 1
EMPTY = "—"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that reads otherwise in the form than in what was saved in between."""

    label: str
    yours: str
    theirs: str
    #: Whether the form still holds the editor's text.
    kept: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else saved while a form was open."""

    row: str
    by: str
    at: str
    differences: list[Difference]


def last_change(row: models.Model) -> tuple[str, str]:
    """Return who changed a row last and when, in words."""
    history: Any = row.history  # type: ignore[attr-defined]
    newest = history.select_related("history_user").order_by("-history_date", "-history_id").first()
    return _who_and_when(newest)


def last_of(model: Any, key: Any) -> tuple[str, str]:
    """Return who deleted a row and when, in words; '' where its history is unknown."""
    found = model.history.filter(**{model._meta.pk.attname: key}).select_related("history_user")
    return _who_and_when(found.order_by("-history_date", "-history_id").first())


def _who_and_when(record: Any) -> tuple[str, str]:
    if record is None:
        return _("somebody"), ""
    user = record.history_user
    who = (user.get_full_name() or user.get_username()) if user else _("an import or a command")
    return who, date_format(localtime(record.history_date), "j F Y, H:i") + " UTC"


class RowForm(forms.ModelForm):
    """A form over one row of the record."""

    seen_version = forms.IntegerField(
        required=False, min_value=0, max_value=LARGEST_VERSION, widget=forms.HiddenInput
    )

    #: What an action refused, by the prefix of the form. Set for each request.
    refusals: ClassVar[dict[str, ValidationError]] = {}
    #: From which fields an empty slug is made.
    slug_from: ClassVar[tuple[str, ...]] = ()
    #: Where an error belongs that names something which is no field of the form.
    errors_belong_to: ClassVar[dict[str, str]] = {}
    #: In a form below another: the field that leads to the row above. Set by the formset.
    parent_field = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        self.conflict: Conflict | None = None
        self.was_stale = False
        self._taken_over = False
        #: Who deleted the row while the form was open, and when. Set by the formset.
        self.vanished: tuple[str, str] | None = None
        for name, field in self.fields.items():
            if isinstance(field, PartialDateFormField):
                self.initial.setdefault(name, getattr(row, name))
            elif isinstance(field, OrderedRowsField) and row.pk:
                self.initial[name] = field.present(row)
                field.seen = self.initial[name]
            elif isinstance(getattr(field.widget, "widget", field.widget), KnownAutocomplete):
                self._show_known(name, field)
        if row.pk and hasattr(row, "version"):
            self.initial["seen_version"] = row.version
        if self.slug_from and "slug" in self.fields:
            self.fields["slug"].required = False

    def _show_known(self, name: str, field: Any) -> None:
        """Spare a query for each entry that came with the row."""
        related = self.instance._state.fields_cache.get(name)
        if related is not None:
            widget = getattr(field.widget, "widget", field.widget)
            widget.known = {str(related.pk): field.label_from_instance(related)}

    # --- checking --------------------------------------------------------------------------

    @property
    def changed_data(self) -> list[str]:  # type: ignore[override]
        """The fields that differ from the row; the version is none of them."""
        if self._taken_over:
            return []
        bound = ((name, self[name]) for name in self.fields if name != "seen_version")
        return [name for name, one in bound if one._has_changed()]

    def clean(self) -> Any:
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        if self.slug_from and "slug" in self.fields and "slug" not in self.errors:
            cleaned["slug"] = cleaned.get("slug") or self._free_slug(cleaned)
        return cleaned

    def _free_slug(self, cleaned: dict[str, Any]) -> str:
        """Return a slug that nothing has or had."""
        texts = (slugify(cleaned.get(name) or "") for name in self.slug_from)
        text = next((one for one in texts if one), "")
        if cleaned.get("public_name", "shown") != "shown":
            # The name of somebody who is not to be named stands in no address either.
            text = f"person-{secrets.token_hex(4)}"
        if len(text) > 80:
            text = text[:80].rpartition("-")[0] or text[:80]
        if not text:
            return ""
        model = self._meta.model
        taken = set(
            model._base_manager.filter(slug__startswith=text).values_list("slug", flat=True)
        )
        old = OldSlug.objects.filter(table=model._meta.label_lower, slug__startswith=text)
        taken |= set(old.exclude(row_id=self.instance.pk or 0).values_list("slug", flat=True))
        number, slug = 1, text
        while slug in taken:
            number += 1
            slug = f"{text}-{number}"
        return slug

    def _post_clean(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, PartialDateFormField) and name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])
        # Django would put what a constraint says above the form, away from its field.
        self.instance.validate_constraints = lambda exclude=None: None
        try:
            super()._post_clean()
        finally:
            del self.instance.validate_constraints
        self.validate_constraints()
        if self.vanished is not None:
            self._say_vanished(*self.vanished)
        elif self.is_bound and not self.instance._state.adding:
            self._compare_versions()
        if refused := self.refusals.get(self.prefix or ""):
            self._add("", refused)

    def _get_validation_exclusions(self) -> set[str]:
        """Check all columns, also those behind a field of another name (the days of a date).

        Left out is what failed already, and the row that an inline stands under.
        """
        left_out = set(self._errors or ())
        for name, field in self.fields.items():
            if name in left_out and isinstance(field, PartialDateFormField):
                left_out |= {f"{name}_first", f"{name}_last"}
        return left_out | ({self.parent_field} if self.parent_field else set())

    def validate_constraints(self) -> None:
        """Ask each constraint, and put its message beside the field that it is about."""
        model = self._meta.model
        exclude = self._get_validation_exclusions()
        for constraint in model._meta.constraints:
            try:
                constraint.validate(model, self.instance, exclude=exclude)
            except ValidationError as error:
                self._add(self._field_of(constraint), error)

    def _field_of(self, constraint: models.BaseConstraint) -> str:
        named = self.errors_belong_to.get(constraint.name)
        if named:
            return named
        # "…_start_end_order" is about the end, "…_title_in_english" about the title.
        for ending in ("_order", "_in_english", "_titled", "_named", "_known"):
            if constraint.name.endswith(ending):
                stem = constraint.name.removesuffix(ending)
                fitting = [name for name in self.fields if stem.endswith(f"_{name}")]
                if fitting:
                    return max(fitting, key=len)
                return next((name for name in ("title", "name", "role") if name in self.fields), "")
        return ""

    def _add(self, name: str, error: ValidationError) -> None:
        """Add an error beside a field; to the whole form where it has no such field."""
        by_field: Any = getattr(error, "error_dict", {NON_FIELD_ERRORS: [error]})
        for key, errors in by_field.items():
            place = name or self.errors_belong_to.get(key, key)
            place = place.removesuffix("_first").removesuffix("_last")
            self.add_error(place if place in self.fields else None, errors)

    def _update_errors(self, errors: ValidationError) -> None:
        """Take errors of the row's own checks, some of which name columns without a field."""
        self._add("", errors)

    # --- somebody else was here --------------------------------------------------------------

    def _say_vanished(self, who: str, when: str) -> None:
        self.add_error(
            None,
            _(
                "%(who)s deleted this entry in the meantime (%(when)s). Save again to enter it "
                "anew, or remove it here."
            )
            % {"who": who, "when": when},
        )

    def _compare_versions(self) -> None:
        """Refuse the form where the row was saved since it was opened, or its links changed."""
        if "seen_version" not in self.initial:
            return
        stale = self.cleaned_data.get("seen_version") != self.initial["seen_version"]
        if not stale and not any(self._links_moved(name) for name in self.fields):
            return
        self.was_stale = True
        before = self._as_opened(self.cleaned_data.get("seen_version"))
        found = (self._differ(name, before) for name in self._shown())
        differences = [one for one in found if one is not None]
        self._bring_up_to_date(differences)
        if self.prefix and not any(one.kept for _name, one in differences):
            # Nothing was typed in this part of the page: what was saved stands.
            self._taken_over = True
            return
        who, when = last_change(self.instance)
        row = type(self.instance)._base_manager.get(pk=self.instance.pk)
        self.conflict = Conflict(str(row), who, when, [one for _name, one in differences])
        self.add_error(
            None,
            _(
                "%(who)s changed this in the meantime (%(when)s), so nothing was saved. Both "
                "texts stand at the top of the page; what you typed is still in the form. Look "
                "at it and save again."
            )
            % {"who": who, "when": when},
        )

    def _shown(self) -> list[str]:
        return [
            name
            for name, field in self.fields.items()
            if not isinstance(field.widget, forms.HiddenInput)
            and name not in (forms.formsets.DELETION_FIELD_NAME, self.parent_field)
        ]

    def _posted_links(self, name: str) -> list[str]:
        key = f"{self.add_prefix(name)}_seen"
        return self.data.getlist(key) if hasattr(self.data, "getlist") else self.data.get(key, [])

    def _links_moved(self, name: str) -> bool:
        field = self.fields[name]
        if not isinstance(field, OrderedRowsField):
            return False
        return field.has_changed(self.initial.get(name), self._posted_links(name))

    def _as_opened(self, version: int | None) -> dict[str, Any] | None:
        """Return what the form showed when it was opened, None where that is not known."""
        history: Any = self.instance.history
        record = history.filter(version=version).order_by("-history_id").first()
        if record is None:
            return None
        shown = type(self)(instance=record.instance).initial
        links = [name for name in self.fields if isinstance(self.fields[name], OrderedRowsField)]
        return {**shown, **{name: self._posted_links(name) for name in links}}

    def _differ(self, name: str, before: dict[str, Any] | None) -> tuple[str, Difference] | None:
        field, yours, theirs = self.fields[name], self[name].data, self.initial.get(name)
        if field.disabled or not field.has_changed(theirs, yours):
            return None
        touched = before is None or field.has_changed(before.get(name), yours)
        return name, Difference(
            str(field.label or name), _in_words(field, yours), _in_words(field, theirs), touched
        )

    def _bring_up_to_date(self, differences: list[tuple[str, Difference]]) -> None:
        """Carry the new version, and what was saved in the fields that the editor left alone."""
        data = self.data.copy()
        data[self.add_prefix("seen_version")] = str(self.initial["seen_version"])
        for name, one in differences:
            if not one.kept:
                _put(data, self.add_prefix(name), self.fields[name], self.initial.get(name))
        self.data = data


def _put(data: Any, key: str, field: forms.Field, value: Any) -> None:
    value = field.prepare_value(value)
    if isinstance(value, list):
        data.setlist(key, [str(one) for one in value])
    elif isinstance(field, forms.BooleanField):
        data.pop(key, None)
        if value:
            data[key] = "on"
    else:
        data[key] = "" if value is None else str(value)


def _in_words(field: Any, value: Any) -> str:
    """Return a value of a field as a reader reads it."""
    value = field.prepare_value(value)
    if isinstance(field, forms.BooleanField):
        return _("yes") if value and value != "False" else _("no")
    if value in (None, "", []):
        return EMPTY
    if isinstance(field, forms.ModelChoiceField):
        keys = [str(one) for one in (value if isinstance(value, list) else [value])]
        rows = field.queryset.in_bulk([int(one) for one in keys if one.isdigit()])
        labels = [field.label_from_instance(rows[int(one)]) for one in keys if int(one) in rows]
        return "; ".join(labels) or EMPTY
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return str(value)
