"""Forms by which staff edit themes, demands and mentions, and judge."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.admin import OrderedRowsField, PartialDateFormField, RowForm
from kptracker.lib.admin.fields import is_key
from kptracker.lib.vocabularies import label
from statements.models import Organisation, Statement
from statements.models.statements import as_held

from .codes import REASONS, Status
from .marking import words_in
from .models import Assessment
from .quoting import THEIR_WORDS


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


class MentionForm(RowForm):
    """A demand raised in a statement. The text in which a quote stands is found by itself."""

    words = forms.CharField(
        label=gettext_lazy("quote"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=gettext_lazy("The very words, copied from the text."),
    )
    errors_belong_to: ClassVar = {"demands_mention_worded": "paraphrase", "quote": "words"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "words" in self.fields:
            self.initial.setdefault("words", self.instance.quote)

    def clean(self) -> Any:
        """Find the words in the texts of the statement, or in one that is saved with them."""
        cleaned = super().clean()
        #: What is to be quoted when the row is saved; None leaves it as it is.
        self.instance.words = None
        if "words" not in self.fields:
            return cleaned
        words = as_held(cleaned.get("words") or "")
        words = words if words.strip() else ""
        self.instance.words = words
        statement = cleaned.get("statement")
        if "statement" not in self.fields or self.parent_field == "statement":
            statement = self.instance.statement if self.instance.statement_id else None
        adding = self.instance._state.adding
        if words and (adding or words != self.instance.quote):
            held = statement is not None and statement.pk and words_in(statement, words)
            if not held and not self._in_text_beside(words):
                self.add_error("words", self._why_not_found(statement))
        if adding:
            self.instance.quote = words  # for the rule that a mention has words
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
        if statement is not None and not statement.texts.filter(kind__in=THEIR_WORDS).exists():
            return _(
                "No text of this statement is held, so nothing can be quoted from it. Add its "
                "text to the statement, or say in your own words what was said."
            )
        return _(
            "These words do not stand in the text of the statement. Copy them from it exactly, "
            "with their commas and accents."
        )


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
