"""Form fields of the admin: dates as known, long texts, entries in an order."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ..partial_dates import HELP, PartialDate

NO_TEXT = _("It holds a sign that is no text. Delete the field and type it again.")


class PartialDateFormField(forms.CharField):
    """One box for a date as known: 2017, 2017-11 or 2017-11-09."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        if kwargs["required"]:
            kwargs.setdefault("help_text", _("As much as is known: 2017, 2017-11 or 2017-11-09."))
        kwargs.setdefault("help_text", HELP)
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "vPartialDate", "size": 12}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a date as it is typed."""
        return str(value) if isinstance(value, PartialDate) else value

    def to_python(self, value: Any) -> Any:
        """Read what was typed. Raises ValidationError with what to write instead."""
        text = super().to_python(value)
        if isinstance(value, PartialDate) or not text:
            return value or None
        if "\x00" in text:
            raise ValidationError(NO_TEXT)
        try:
            return PartialDate.parse(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as text: 2017-11 is not 2017-11-01."""
        return str(initial or "").strip() != str(data or "").strip()


class LongTextField(forms.CharField):
    """Several lines. Browsers send CR LF for the end of a line; the record holds LF."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", AdminTextareaWidget(attrs={"rows": 4}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if text else text

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what would be stored, whatever the ends of lines."""
        return super().has_changed(self.to_python(initial), data)


class KnownAutocomplete(AutocompleteSelect):
    """An autocomplete that need not ask for the entry it shows, where the form has it at hand."""

    #: The label of each entry at hand, by its key. Set by the form.
    known: dict[str, str] = {}

    def __deepcopy__(self, memo: Any) -> Any:
        copied = super().__deepcopy__(memo)
        copied.known = {}
        return copied

    def optgroups(self, name: str, value: list[str], attr: Any = None) -> Any:
        chosen = [str(one) for one in value if str(one) not in ("", "None")]
        if not all(one in self.known for one in chosen):
            return super().optgroups(name, [one for one in value if is_key(one)], attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        for one in chosen:
            options.append(self.create_option(name, one, self.known[one], True, len(options)))
        return [(None, options, 0)]


def is_key(value: Any) -> bool:
    """Tell whether a value can be the key of a row: anything else must not reach the database."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) <= 18


class OrderedAutocomplete(AutocompleteSelectMultiple):
    """Several entries, shown in their order; it sends along which there were when it opened."""

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs["class"] += " in-order"
        return attrs

    def optgroups(self, name: str, value: Iterable[Any], attr: Any = None) -> Any:
        chosen = [str(one) for one in value if is_key(one)]
        field: Any = self.choices.field  # type: ignore[union-attr]
        rows = field.queryset.in_bulk([int(one) for one in chosen])
        options = [
            self.create_option(name, one, field.label_from_instance(rows[int(one)]), True, place)
            for place, one in enumerate(chosen)
            if int(one) in rows
        ]
        return [(None, options, 0)]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        field: Any = self.choices.field  # type: ignore[union-attr]
        seen = format_html_join(
            "",
            '<input type="hidden" name="{}" value="{}">',
            ((f"{name}_seen", one) for one in field.seen),
        )
        return super().render(name, value, attrs, renderer) + seen


class OrderedRowsField(forms.ModelMultipleChoiceField):
    """Organisations in an order: who issued a statement, of whom something is asked.

    ``links`` names the ordered links of the row (``issuer_links``).
    """

    def __init__(self, *, links: str, queryset: Any, **kwargs: Any) -> None:
        self.links = links
        #: The keys that stand in the database while the form is made.
        self.seen: list[int] = []
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", _("In the order in which you choose them."))
        super().__init__(queryset, **kwargs)

    def present(self, row: models.Model) -> list[int]:
        """Return the keys of the entries that a row is linked to, in order."""
        links = getattr(row, self.links).order_by("position", "id")
        return list(links.values_list("organisation_id", flat=True))

    def prepare_value(self, value: Any) -> Any:
        return value

    def clean(self, value: Any) -> Any:
        """Return the entries in the order chosen."""
        if any(not is_key(one) for one in value or []):
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list")
        rows = {row.pk: row for row in super().clean(value)}
        return [rows[key] for key in dict.fromkeys(int(one) for one in value or [])]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare with the order."""
        return [str(one) for one in initial or []] != [str(one) for one in data or []]
