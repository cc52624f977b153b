"""Forms of the marking screen: the same for a browser with scripts and for one without."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.admin import Conflict, LongTextField, RowForm, last_change
from kptracker.lib.admin.forms import Difference
from kptracker.lib.writing import in_one_go
from statements.models import Statement, Text
from statements.models.statements import as_held

from .. import actions, marking
from ..forms import DemandForm
from ..models import Demand, Mention, Passage
from ..quoting import THEIR_WORDS
from .marking_fields import DemandField, SpeakerField
from .marking_places import PlaceForm, hidden_number

#: What the row of the mention is asked for.
OF_MENTION = ("demand", "kind", "speaker", "paraphrase", "paraphrase_fr")


class NewDemandForm(DemandForm):
    """A demand that nobody entered yet. It begins as a draft."""

    asked_of = None  # type: ignore[assignment]

    class Meta:
        model = Demand
        fields: ClassVar = ["title", "title_fr", "slug", "theme", "kind"]

    def _add(self, name: str, error: ValidationError) -> None:
        super()._add("title" if name == "slug" else name, error)


class MarkForm(PlaceForm, RowForm):
    """What stands at a place of a text: which demand, how, who says it, our own words for it.

    Without ``passage`` it marks a new one: of a mention that is there, or of a new one, which
    may be the first of a new demand. With it, both the passage and its mention are edited.
    """

    demand = DemandField(
        label=gettext_lazy("Demand"),
        help_text=gettext_lazy("Its reference (D-012), or words of its title."),
    )
    speaker = SpeakerField(
        label=gettext_lazy("Speaker"),
        help_text=gettext_lazy("Empty: the coalition as a body."),
    )
    mention: Any = forms.ModelChoiceField(
        label=gettext_lazy("Mention"),
        queryset=Mention.objects.none(),
        required=False,
        empty_label=gettext_lazy("a new one"),
        help_text=gettext_lazy("Another passage of a mention that is there already?"),
    )
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen_passage = hidden_number()

    errors_belong_to: ClassVar = {
        "demands_mention_worded": "paraphrase",
        "quote": "words",
        "exact": "words",
        "text": "words",
        "end": "words",
        "start": "words",
    }

    class Meta:
        model = Mention
        fields: ClassVar = list(OF_MENTION)
        labels: ClassVar = {
            "paraphrase": gettext_lazy("Our own words, in English"),
            "paraphrase_fr": gettext_lazy("Our own words, in French"),
        }
        help_texts: ClassVar = {"paraphrase": ""}
        field_classes: ClassVar = {"paraphrase": LongTextField, "paraphrase_fr": LongTextField}
        widgets: ClassVar = {
            "kind": forms.RadioSelect,
            "paraphrase": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "paraphrase_fr": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        }

    def __init__(
        self,
        *args: Any,
        statement: Statement | None = None,
        text: Text | None = None,
        passage: Passage | None = None,
        **kwargs: Any,
    ) -> None:
        self.passage = passage
        if text is not None:
            self.text = text
        if passage is not None:
            kwargs["instance"] = passage.mention
        elif statement is not None:
            kwargs["instance"] = Mention(statement=statement)
        super().__init__(*args, **kwargs)
        self.new_demand: NewDemandForm | None = None
        if statement is not None:
            self._prepare(statement)

    def _prepare(self, statement: Statement) -> None:
        fields: dict[str, Any] = self.fields
        fields["speaker"].statement = statement
        # A mention always is of one kind.
        fields["kind"].choices = [one for one in fields["kind"].choices if one[0]]
        self.initial["seen_text"] = self.text.version
        if self.passage is not None:
            for name in ("mention", "token"):
                del fields[name]
            self.initial.update(
                words=self.passage.exact,
                start=self.passage.start,
                end=self.passage.end,
                seen_passage=self.passage.version,
            )
            return
        del fields["seen_passage"]
        rows = Mention.objects.filter(statement=statement).select_related("demand")
        fields["mention"].queryset = rows.order_by("reference")
        fields["mention"].label_from_instance = mention_label
        self.initial.setdefault("token", uuid4())
        asked = self.data if self.is_bound else None
        self.new_demand = NewDemandForm(asked, prefix="new", auto_id="id_%s")
        self.new_demand.refusals = self.refusals

    # --- checking --------------------------------------------------------------------------

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.passage is None or self._words_touched():
            self.find_place()
        else:
            self.place = None
        if self.passage is None:
            self._check_demand(cleaned)
            # For the rule that a mention has words; those of a summary are ours already.
            held = self.place is not None and self.text.kind in THEIR_WORDS
            self.instance.quote = self.place.exact if held and self.place else ""
        elif "demand" not in self.errors and cleaned.get("demand") is None:
            self.add_error("demand", _("Say which demand is raised here."))
        return cleaned

    def _words_touched(self) -> bool:
        names = ("words", "start", "end")
        return any(name in self.changed_data for name in names)

    def sent_token(self) -> UUID | None:
        """Return the token with which the mark was sent, None where none can be read."""
        try:
            return UUID(self.data.get("token", ""))
        except ValueError:
            return None

    @property
    def adds_demand(self) -> bool:
        """Whether a new demand is asked for."""
        if self.new_demand is None or not self.is_bound:
            return False
        titles = (self.data.get("new-title", ""), self.data.get("new-title_fr", ""))
        return any(title.strip() for title in titles)

    def _check_demand(self, cleaned: dict[str, Any]) -> None:
        demand, mention = cleaned.get("demand"), cleaned.get("mention")
        if self.adds_demand:
            if demand or mention or self.data.get("demand", "").strip():
                self.add_error("demand", _("A demand that is there, or a new one: not both."))
            elif self.new_demand is not None and not self.new_demand.is_valid():
                self.add_error(None, _("Something is missing for the new demand."))
        elif mention and demand and mention.demand_id != demand.pk:
            self.add_error("mention", _("That one is a mention of another demand."))
        elif not mention and not demand and not {"demand", "mention"} & set(self.errors):
            self.add_error("demand", _("Say which demand is raised here."))

    def _get_validation_exclusions(self) -> set[str]:
        left_out: set[str] = super()._get_validation_exclusions()
        # A demand that is missing was missed already, or is about to be made.
        return left_out if self.cleaned_data.get("demand") else left_out | {"demand"}

    def _post_clean(self) -> None:
        if self.passage is None and self.cleaned_data.get("mention"):
            return  # nothing of that mention is changed here
        super()._post_clean()

    def _compare_versions(self) -> None:
        super()._compare_versions()
        passage = self.passage
        if passage is None or self.cleaned_data.get("seen_passage") == passage.version:
            return
        self.was_stale = True
        yours = self.data.get("words", "")
        who, when = last_change(passage)
        label = str(self.fields["words"].label)
        data: Any = dict(self.data.items())
        data["seen_passage"] = str(passage.version)
        self.data = data
        differences = list(self.conflict.differences) if self.conflict else []
        if as_held(yours) != passage.exact and all(one.label != label for one in differences):
            differences.append(Difference(label, yours, passage.exact, True))
        self.conflict = Conflict(str(passage), who, when, differences)
        self.add_error(
            None,
            _(
                "%(who)s changed this passage in the meantime (%(when)s), so nothing was saved. "
                "Look at both texts, and save again."
            )
            % {"who": who, "when": when},
        )

    def all_errors(self) -> dict[str, list[str]]:
        """Return every message by the name of its field, '' for those of the form."""
        found = {name: list(texts) for name, texts in self.errors.items()}
        if self.adds_demand and self.new_demand is not None:
            for name, texts in self.new_demand.errors.items():
                found.setdefault(
                    self.new_demand.add_prefix(name) if name != "__all__" else name, []
                ).extend(texts)
        return {"" if name == "__all__" else name: texts for name, texts in found.items()}

    # --- saving ----------------------------------------------------------------------------

    def apply(self, *, by: Any) -> tuple[Passage | None, bool]:
        """Mark or change what the form says. Returns the passage and whether anything was done.

        Raises ValidationError or StaleVersionError; nothing is written then.
        """
        if self.passage is not None:
            return self._change(self.passage, by=by), True
        token = self.cleaned_data.get("token") or uuid4()
        return marking.mark_once(token, lambda: self._mark(by=by))

    def _mark(self, *, by: Any) -> Passage:
        assert self.place is not None  # noqa: S101
        start, end = self.place.start, self.place.end
        mention = self.cleaned_data.get("mention")
        if mention is not None:
            return marking.mark(mention, self.text, start, end, by=by)
        if self.adds_demand and self.new_demand is not None:
            self.instance.demand = actions.save_demand(self.new_demand.instance, by=by)
        return actions.save_marked(self.instance, self.text, start, end, by=by)

    def _change(self, passage: Passage, *, by: Any) -> Passage:
        with in_one_go():
            if self.place is not None:
                place = self.place
                marking.move(passage, place.start, place.end, text=self.text, by=by)
            if set(self.changed_data) & set(OF_MENTION):
                actions.save_mention(self.instance, by=by)
        return passage


class MoveForm(PlaceForm):
    """A passage that is moved to other words."""

    seen_passage = hidden_number()

    def __init__(self, *args: Any, text: Text, passage: Passage, **kwargs: Any) -> None:
        self.text, self.passage = text, passage
        self.conflict: Conflict | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> Any:
        cleaned = super().clean()
        self.find_place()
        self.conflict = refuse_stale(self, self.passage, self.data.get("words", ""))
        return cleaned

    def apply(self, *, by: Any) -> Passage:
        """Move the passage. Raises ValidationError or StaleVersionError."""
        assert self.place is not None  # noqa: S101
        start, end = self.place.start, self.place.end
        return marking.move(self.passage, start, end, text=self.text, by=by)


class RemoveForm(forms.Form):
    """A passage that is removed, with its mention where that is wanted."""

    seen_passage = hidden_number()
    with_mention = forms.BooleanField(required=False)

    def __init__(self, *args: Any, passage: Passage, **kwargs: Any) -> None:
        self.passage = passage
        self.conflict: Conflict | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> Any:
        cleaned = super().clean()
        self.conflict = refuse_stale(self, self.passage, "")
        mention = self.passage.mention
        if self.cleaned_data.get("with_mention") and mention.passages.count() > 1:
            self.add_error(
                None,
                _("%(mention)s stands at other places too: remove those first.")
                % {"mention": mention.reference},
            )
        return cleaned

    def apply(self, *, by: Any) -> None:
        """Remove it. Raises ValidationError where the mention would be left without words."""
        if self.cleaned_data["with_mention"]:
            marking.remove_mention(self.passage.mention, by=by)
        else:
            marking.unmark(self.passage, by=by)


def refuse_stale(form: Any, passage: Passage, yours: str) -> Conflict | None:
    """Refuse a form over a passage that somebody changed since; return both texts."""
    if form.cleaned_data.get("seen_passage") == passage.version:
        return None
    who, when = last_change(passage)
    form.add_error(
        None,
        _(
            "%(who)s changed this passage in the meantime (%(when)s), so nothing was saved. Look "
            "at both texts, and save again."
        )
        % {"who": who, "when": when},
    )
    label = str(gettext_lazy("Words of the text"))
    differences = [Difference(label, yours or "—", passage.exact, True)]
    return Conflict(str(passage), who, when, differences)


def mention_label(mention: Mention) -> str:
    """Return a mention as it stands in a list to choose from."""
    return f"{mention.reference}: {mention.demand.reference} {mention.demand}"
