"""Forms by which staff edit meetings, organisations, people and statements."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from kptracker.lib.admin import LongTextField, OrderedRowsField, PartialDateFormField, RowForm

from .models import Organisation

TITLES = ("title", "title_fr")
NAMES = ("name", "name_fr")


class CountryForm(RowForm):
    """A country."""


class OrganisationForm(RowForm):
    """An organisation."""

    start = PartialDateFormField(label=_("From"))
    end = PartialDateFormField(label=_("To"))
    slug_from: ClassVar = NAMES
    errors_belong_to: ClassVar = {"statements_organisation_named": "name"}


class PersonForm(RowForm):
    """A person."""

    slug_from: ClassVar = ("full_name",)


class RoleForm(RowForm):
    """A function that somebody held."""

    start = PartialDateFormField(label=_("From"))
    end = PartialDateFormField(label=_("To"))
    errors_belong_to: ClassVar = {"statements_role_named": "role"}


class MeetingForm(RowForm):
    """A meeting. The year follows from its start where it is left empty."""

    start = PartialDateFormField(label=_("Start"))
    end = PartialDateFormField(label=_("End"))
    slug_from: ClassVar = TITLES
    errors_belong_to: ClassVar = {
        "statements_meeting_titled": "title",
        "statements_meeting_year_sane": "year",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "year" in self.fields:
            self.fields["year"].required = False
            self.fields["year"].help_text = _("Needed only where the start is not known.")

    def clean(self) -> Any:
        cleaned = super().clean()
        if cleaned.get("year") is None and "year" not in self.errors:
            if start := cleaned.get("start"):
                cleaned["year"] = start.first.year
            elif "start" not in self.errors:
                self.add_error("year", _("Give the year, or the start of the meeting."))
        return cleaned


class StatementForm(RowForm):
    """A statement, with who issued it and to whom it is addressed."""

    date = PartialDateFormField(label=_("Date"), required=True)
    issued_by = OrderedRowsField(
        label=_("Issued by"), links="issuer_links", queryset=Organisation.objects.all()
    )
    addressed_to = OrderedRowsField(
        label=_("Addressed to"), links="addressee_links", queryset=Organisation.objects.all()
    )
    slug_from: ClassVar = TITLES
    errors_belong_to: ClassVar = {
        "statements_statement_titled": "title",
        "statements_statement_not_of_itself": "version_of",
        "statements_statement_document_once": "document",
    }


class SpeakerForm(RowForm):
    """Somebody who spoke a statement."""

    errors_belong_to: ClassVar = {"statements_speaker_once": "person"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False
            self.fields["position"].help_text = _("1 comes first. Empty: as they stand here.")
            if self.instance._state.adding:
                self.initial["position"] = None

    def clean_position(self) -> int:
        """Put a speaker without a number where the form has it."""
        given: int | None = self.cleaned_data["position"]
        if given is not None:
            return given
        place = (self.prefix or "").rpartition("-")[2]
        return int(place) + 1 if place.isdigit() else 1


class TextForm(RowForm):
    """A text of a statement. Its spaces and lines stay as they are: quotes are counted in it."""

    body = LongTextField(
        label=_("Text"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
        help_text=_("Word for word, as it was issued; or an excerpt; or a summary of ours."),
    )
    errors_belong_to: ClassVar = {
        "statements_text_once": "kind",
        "statements_text_not_empty": "body",
    }
