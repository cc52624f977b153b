"""Forms by which staff edit themes, demands and mentions, and judge."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.admin import OrderedRowsField, PartialDateFormField, RowForm
from kptracker.lib.admin.fields import is_key
from kptracker.lib.vocabularies import label
from statements.models import Organisation, Statement, Text
from statements.models.statements import as_held

from .codes import REASONS, Status
from .models import Assessment

#: In which order the texts of a statement are searched for a quote.
TEXT_KINDS = ("verbatim", "excerpt")


class ThemeForm(RowForm):
    """A theme."""

    slug_from: ClassVar = ("name",)


class DemandForm(RowForm):
    """A demand, position or commitment, with those of whom it is asked."""

    asked_of = OrderedRowsField(
        label=gettext_lazy("Asked of"),
        links="addressee_links",
        queryset=Organisation.objects.all(),
    )
    slug_from: ClassVar = ("title", "title_fr")
    errors_belong_to: ClassVar = {
        "demands_demand_titled": "title",
        "demands_demand_not_its_own_part": "parent",
        "demands_demand_not_superseding_itself": "superseded_by",
    }


def text_with(statement: Statement | None, quote: str, present: Text | None) -> Text | None:
    """Return the text of a statement in which a quote stands: the present one if it does."""
    if present is not None and quote in present.body:
        return present
    if statement is None or statement.pk is None:
        return None
    texts = [text for text in statement.texts.all() if text.kind in TEXT_KINDS]
    texts.sort(key=lambda text: TEXT_KINDS.index(text.kind))
    return next((text for text in texts if quote in text.body), None)


class MentionForm(RowForm):
    """A demand raised in a statement. The text in which a quote stands is found by itself."""

    errors_belong_to: ClassVar = {"demands_mention_worded": "paraphrase", "text": "quote"}

    def clean(self) -> Any:
        cleaned = super().clean()
        self.instance.pending_quote = ""
        quote = as_held(cleaned.get("quote") or "")
        if not quote:
            return cleaned
        cleaned["quote"] = quote
        statement = cleaned.get("statement")
        if "statement" not in self.fields or self.parent_field == "statement":
            statement = self.instance.statement if self.instance.statement_id else None
        present = self.instance.text
        if present is not None and statement is not None and present.statement_id != statement.pk:
            present = None
        found = text_with(statement, quote, present)
        if found is not None:
            self.instance.text = found
        elif self._in_text_beside(quote):
            # The text is saved together with this mention, and before it.
            self.instance.pending_quote = quote
            cleaned["quote"] = ""
        else:
            self.add_error("quote", self._why_not_found(statement))
        return cleaned

    def _in_text_beside(self, quote: str) -> bool:
        lists = self.data.lists() if hasattr(self.data, "lists") else ()
        return any(
            quote in as_held(body)
            for name, bodies in lists
            if name.startswith("texts-") and name.endswith("-body")
            for body in bodies
        )

    @staticmethod
    def _why_not_found(statement: Statement | None) -> str:
        if statement is not None and not statement.texts.filter(kind__in=TEXT_KINDS).exists():
            return _(
                "No text of this statement is held, so nothing can be quoted from it. Add its "
                "text to the statement, or say in your own words what was said."
            )
        return _(
            "These words do not stand in the text of the statement. Copy them from it exactly, "
            "with their commas and accents."
        )

    def _get_validation_exclusions(self) -> set[str]:
        pending = {"quote"} if getattr(self.instance, "pending_quote", "") else set()
        return super()._get_validation_exclusions() | pending


def _grouped_reasons() -> list[Any]:
    groups = [
        (label("status", status), [(code, label("reason", code)) for code in codes])
        for status, codes in REASONS.items()
    ]
    return [("", "---------"), *groups]


class AssessmentForm(RowForm):
    """A new judgement of where a demand stands."""

    date = PartialDateFormField(
        label=gettext_lazy("Holds since"),
        required=True,
        help_text=gettext_lazy(
            "Since when it stands like this: 2017, 2017-11 or 2017-11-09. It may lie in the "
            "past, and then takes its place in the history."
        ),
    )
    errors_belong_to: ClassVar = {
        "demands_assessment_reason_fits": "reason",
        "demands_assessment_brought_about": "brought_about_by",
        "demands_assessment_withdrawn_only": "corrects",
        "demands_assessment_reasoned": "rationale",
        "demands_assessment_by_somebody": "assessed_by",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Which fields there are follows from who looks; each has its own attributes.
        fields: dict[str, Any] = self.fields
        if "status" in fields:
            words = _("Not assessed: withdraws the judgement that it corrects")
            fields["status"].choices = [
                (code, words if code == Status.NOT_ASSESSED else text)
                for code, text in fields["status"].choices
                if code != Status.NOT_APPLICABLE
            ]
        if "reason" in fields:
            fields["reason"].choices = _grouped_reasons()
        if "corrects" in fields:
            demand = self.data.get("demand") or self.initial.get("demand")
            rows = Assessment.objects.counting().order_by("-date_last", "-recorded_at", "-id")
            fields["corrects"].queryset = (
                rows.filter(demand=int(demand)) if demand and is_key(demand) else rows.none()
            )
            fields["corrects"].help_text = (
                _("An earlier judgement that was wrong: this one replaces it. Else leave it empty.")
                if demand
                else _("To correct an earlier judgement, begin on the page of the demand.")
            )


class EvidenceForm(RowForm):
    """What a judgement rests on."""

    errors_belong_to: ClassVar = {"demands_evidence_somewhere": "source_url"}


class ConfirmForm(forms.Form):
    """A judgement looked at again and found unchanged: a line, and who looked."""

    rationale = forms.CharField(
        label=gettext_lazy("What you looked at, and why it still holds"),
        max_length=2000,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("One line. Visitors read it."),
        error_messages={"required": gettext_lazy("Say in a line why it still holds.")},
    )
    rationale_fr = forms.CharField(
        label=gettext_lazy("The same in French"),
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    reviewed_by = forms.CharField(
        label=gettext_lazy("Who of the coalition confirms it"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Visitors read it."),
    )
    #: The judgement that the page showed: another may have come in between.
    judgement = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)


def full_name(user: Any) -> str:
    """Return how a user signs a judgement."""
    return user.get_full_name() or user.get_username()


def today_as_text() -> str:
    """Return today as it is typed."""
    return timezone.localdate().isoformat()
