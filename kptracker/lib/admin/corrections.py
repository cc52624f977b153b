"""The line for visitors that a form asks for when something published is changed."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..corrections import NO_FACT, settle
from ..noticing import Noted
from .refusals import RefusedError

LONGEST = 500


class CorrectionLine(forms.Form):
    """What was wrong, or that no fact changes. It stands at the end of a form over a row."""

    prefix = "correction"

    why = forms.CharField(
        label=gettext_lazy(
            "What was wrong, and why is it changed? Visitors read it under Corrections"
        ),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy(
            "One line in English, without the wrong words themselves and without anything "
            "personal. Not needed where you only fill in what was empty, or add a row."
        ),
    )
    why_fr = forms.CharField(
        label=gettext_lazy("The same in French"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    none = forms.BooleanField(
        label=gettext_lazy("No fact changes (spelling, layout, an added translation)"),
        required=False,
        help_text=gettext_lazy("Then only the history says that something was changed."),
    )

    @classmethod
    def sent_with(cls, request: HttpRequest) -> "CorrectionLine":
        """Return the line as a request sends it; an empty one where it shows the form."""
        sent = request.POST if request.method == "POST" else None
        return cls(sent)

    @property
    def line(self) -> str:
        """What was typed, '' where it cannot be used."""
        return self.cleaned_data.get("why", "").strip() if self.is_valid() else ""

    @property
    def reason(self) -> str:
        """The reason for the histories of the rows."""
        if not self.is_valid():
            return ""
        return self.line or (NO_FACT if self.cleaned_data["none"] else "")

    def settle(self, request: HttpRequest, noted: Noted) -> None:
        """Record what was noted as corrections. Raises RefusedError where the line is wanting."""
        if not self.is_bound:
            return
        if not self.is_valid():
            problems = [message for errors in self.errors.values() for message in errors]
            raise RefusedError("", ValidationError(problems))
        if not noted.changed:
            return
        no_fact = self.cleaned_data["none"]
        if self.line and no_fact:
            raise RefusedError(
                "",
                ValidationError(
                    _(
                        "You wrote what was wrong and ticked that no fact changes: leave one of "
                        "the two."
                    )
                ),
            )
        if no_fact and noted.with_values:
            raise RefusedError(
                "",
                ValidationError(
                    _(
                        "A date, a number or a choice that visitors see was changed: that is a "
                        "fact. Take the tick away and say what was wrong."
                    )
                ),
            )
        if no_fact:
            return
        if not self.line:
            raise RefusedError(
                "",
                ValidationError(
                    _(
                        "Visitors see what you changed. Say at the end of the form what was wrong "
                        "and why it is changed, or tick that no fact changes. Nothing was saved "
                        "yet; what you typed is still here."
                    ),
                    code="correction",
                ),
            )
        try:
            found = settle(
                noted, why=self.line, why_fr=self.cleaned_data["why_fr"], by=request.user
            )
        except ValidationError as error:
            # The row that it is about has no such field: say where the words stand.
            raise RefusedError("", ValidationError(error.messages)) from error
        if found:
            names = ", ".join(one.reference for one in found)
            said = ngettext(
                "The correction %(names)s was recorded: visitors read it.",
                "The corrections %(names)s were recorded: visitors read them.",
                len(found),
            )
            messages.success(request, said % {"names": names})
