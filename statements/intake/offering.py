"""The page of decisions as it is offered: choices, proposals, and what was typed before."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib import vocabularies
from kptracker.lib.admin import LongTextField, PartialDateFormField

from ..models import DataKind, Meeting, Organisation, Person, Role, Statement
from ..proposing import PersonProposal
from .rows import PersonalRow, PersonRow, Row, words_of
from .screening import Screen

NEW, OTHER, WHOLE = "new", "other", "whole"
LEAVE_OUT, LATER, PUBLISH = "leave_out", "later", "publish"


class AnyOfField(forms.MultipleChoiceField):
    """Ticks among proposals; one of a proposal that is gone meanwhile means nothing."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def valid_value(self, value: Any) -> bool:
        return True

    def clean(self, value: Any) -> Any:
        choices: Any = self.choices
        known = {str(key) for key, _label in choices}
        return [one for one in dict.fromkeys(super().clean(value)) if one in known]


class OfferedForm(forms.Form):
    """What an editor decides about a document: the fields, filled with what is proposed."""

    text = LongTextField(
        label=gettext_lazy("The text"),
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 28, "class": "vLargeTextField"}),
    )
    target = forms.ChoiceField(
        label=gettext_lazy("Where it belongs"), widget=forms.RadioSelect, required=False
    )
    other = forms.CharField(
        label=gettext_lazy("Address of that statement, or the last part of it"),
        required=False,
        max_length=1000,
    )
    split = forms.ChoiceField(
        label=gettext_lazy("Two texts in one file?"), widget=forms.RadioSelect, required=False
    )
    text_kind = forms.ChoiceField(label=gettext_lazy("What the text is"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the text"), required=False)
    another = forms.BooleanField(
        label=gettext_lazy("It is another one: take it in all the same"), required=False
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=400, required=False)
    title_fr = forms.CharField(
        label=gettext_lazy("Title in French"), max_length=400, required=False
    )
    title_kind = forms.ChoiceField(label=gettext_lazy("Whose title"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    voice = forms.ChoiceField(label=gettext_lazy("Voice"), required=False)
    date = PartialDateFormField(
        label=gettext_lazy("Date"), help_text=gettext_lazy("2017, 2017-11 or 2017-11-09.")
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100, required=False)
    meeting = forms.ChoiceField(label=gettext_lazy("Meeting"), required=False)
    delivered = forms.ChoiceField(label=gettext_lazy("Delivered"), required=False)
    issuers = AnyOfField(label=gettext_lazy("Issued by"))
    more_issuer = forms.ChoiceField(label=gettext_lazy("Another issuer"), required=False)
    speakers = AnyOfField(label=gettext_lazy("Spoken by"))
    more_speaker = forms.ChoiceField(label=gettext_lazy("Another speaker"), required=False)
    addressee_text = forms.CharField(
        label=gettext_lazy("Addressees, as the source has it"), max_length=400, required=False
    )
    source_url = forms.URLField(label=gettext_lazy("Source"), max_length=1000, required=False)

    #: Fields of a new statement that hold one value each, in the order of the page.
    SINGLE = (
        *("title", "title_fr", "title_kind", "kind", "voice", "date", "place", "meeting"),
        *("delivered", "addressee_text", "source_url"),
    )
    VOCABULARIES = {
        "title_kind": "title_kind",
        "kind": "statement_kind",
        "voice": "voice",
        "delivered": "delivered",
        "language": "language",
        "text_kind": "text_kind",
    }

    def __init__(self, data: Any = None, *, screen: Screen, user: Any, typed: Any = None) -> None:
        """Make the form of a screen; ``typed`` is what an editor typed before, unchecked."""
        super().__init__(data)
        self.screen = screen
        self.may_redact = user.has_perm("statements.redact_statement")
        self.may_change = user.has_perm("statements.change_statement")
        self.typed = data if data is not None else typed
        self._offer_choices()
        self._offer_people()
        self._offer_personal()
        self._fill_in()

    # --- What can be chosen ------------------------------------------------------------------

    def _offer_choices(self) -> None:
        found = self.screen.proposals
        for name, vocabulary in self.VOCABULARIES.items():
            # Nothing is chosen where nothing is known; the kind of text and of title always is.
            empty = [] if name in ("text_kind", "title_kind") else [("", "---------")]
            self._choose(name, [*empty, *vocabularies.choices(vocabulary)])
        targets = [(one.slug, one.label) for one in self.screen.candidates]
        self._choose("target", [*targets, (OTHER, OTHER), (NEW, NEW)])
        self._choose(
            "split", [(WHOLE, WHOLE), *((one.key, one.reason) for one in self.screen.cuts)]
        )
        self._choose(
            "meeting",
            _grouped(
                _("outside meetings, or not known"),
                [(one.value, one.label) for one in found.meeting],
                [
                    (one.slug, one_line(one, one.year))
                    for one in Meeting.objects.order_by("-sort_on", "-id")
                ],
            ),
        )
        organisations = {
            one.slug: str(one) for one in Organisation.objects.order_by("name_key", "id")
        }
        proposed = {one.value: one.label for one in found.issuers}
        sent = dict.fromkeys([*self._sent("issuers"), *self._issuers_before()])
        self._choose(
            "issuers",
            [
                *proposed.items(),
                *((s, organisations[s]) for s in sent if s in organisations and s not in proposed),
            ],
        )
        self._choose("more_issuer", [("", "---------"), *organisations.items()])

    def _issuers_before(self) -> list[str]:
        """Return who issued the first text of the file, where this is the second."""
        before = self.screen.intake.after
        return [one.slug for one in before.issuers.all()] if before else []

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _sent(self, name: str) -> list[str]:
        if self.typed is None:
            return []
        return self.typed.getlist(name) if hasattr(self.typed, "getlist") else self.typed[name]

    def _offer_people(self) -> None:
        found = self.screen.proposals
        everybody = {one.slug: one.full_name for one in Person.objects.order_by("full_name", "id")}
        self.people: dict[str, PersonProposal | None] = {
            one.value: one for one in [*found.speakers, *found.named] if one.value in everybody
        }
        for slug in self._sent("speakers"):
            if slug in everybody:
                self.people.setdefault(slug, None)
        self.names = everybody
        self._choose("speakers", [(slug, everybody[slug]) for slug in self.people])
        self._choose("more_speaker", [("", "---------"), *everybody.items()])
        roles: dict[str, list[Role]] = {}
        for role in Role.objects.filter(person__slug__in=self.people).select_related(
            "person", "organisation"
        ):
            roles.setdefault(role.person.slug, []).append(role)
        self.roles = {role.reference: role for held in roles.values() for role in held}
        for slug, proposal in self.people.items():
            choices = [(one.reference, _role_label(one)) for one in roles.get(slug, [])]
            self.fields[f"role_{slug}"] = forms.ChoiceField(
                label=_("Function of %(name)s at the time") % {"name": everybody[slug]},
                choices=[("", "---------"), *choices],
                required=False,
                initial=proposal.role if proposal else "",
            )
            self.fields[f"given_{slug}"] = forms.CharField(
                label=_("Name of %(name)s as given") % {"name": everybody[slug]},
                max_length=200,
                required=False,
                initial=proposal.name_as_given if proposal else "",
            )

    def _offer_personal(self) -> None:
        choices = [
            *(
                [(LEAVE_OUT, _("leave it out of the text; the file is not kept"))]
                if self.may_redact
                else []
            ),
            (LATER, _("decide later: it keeps a draft from being published")),
            (PUBLISH, _("it may be published, because:")),
        ]
        waits = not self.screen.likeliest or not self._is_public(self.screen.likeliest)
        first = LATER if waits or not self.may_redact else LEAVE_OUT
        for key, found in self.screen.personal:
            self.fields[f"personal_{key}"] = forms.ChoiceField(
                label=found.words,
                choices=choices,
                widget=forms.RadioSelect,
                required=False,
                initial=first,
            )
            self.fields[f"why_{key}"] = forms.CharField(
                label=_("Why it may be published"), max_length=500, required=False
            )

    @staticmethod
    def _is_public(slug: str) -> bool:
        return Statement.objects.public().filter(slug=slug).exists()

    def _fill_in(self) -> None:
        """Show the proposals; or what was typed, where the page was sent before."""
        found, first = self.screen.proposals, {}
        for name in (
            "title_kind",
            "kind",
            "voice",
            "date",
            "place",
            "meeting",
            "delivered",
            "language",
        ):
            best = found.first(name)
            first[name] = best.value if best else ""
        if best := found.first("title"):
            first["title_fr" if first["language"] == "fr" else "title"] = best.value
        first["title_kind"] = first["title_kind"] or "descriptive"
        if before := self.screen.intake.after:
            # What the second text of a file does not say, the first said.
            known = {"date": str(before.date), "voice": before.voice, "place": before.place,
                     "meeting": before.meeting.slug if before.meeting else ""}  # fmt: skip
            first |= {name: first[name] or value for name, value in known.items()}
        self.initial = {
            "text": self.screen.text,
            "target": (self.may_change and self.screen.likeliest) or NEW,
            "split": WHOLE,
            "text_kind": "verbatim",
            "issuers": [one.value for one in found.issuers] or self._issuers_before(),
            "speakers": [one.value for one in found.speakers if one.value],
            **first,
        }
        for name in ("title", "title_fr", "date", "place"):
            if self.row(name).choices:
                self.fields[name].widget.attrs["list"] = f"id_{name}_list"
        if self.typed is not None and not self.is_bound:
            for name, one in self.fields.items():
                if name != "text":
                    value = one.widget.value_from_datadict(self.typed, {}, name)
                    self.initial[name] = value

    # --- What the page shows -----------------------------------------------------------------

    def rows(self) -> Iterator[Row]:
        """Yield the fields of a new statement with what is proposed for them."""
        for name in self.SINGLE:
            yield self.row(name)

    def row(self, name: str) -> Row:
        """Return a field with what is proposed for it."""
        found = self.screen.proposals
        own = name if name != "title_fr" else ""
        try:
            proposals = found.of(own)
        except KeyError:
            proposals = []
        return Row(self[name], proposals, self.screen)

    @property
    def language_row(self) -> Row:
        """The language of the text."""
        return self.row("language")

    @property
    def issuers_row(self) -> Row:
        """Who issued it."""
        return self.row("issuers")

    def people_rows(self) -> Iterator[PersonRow]:
        """Yield those whom the text names, those who speak first."""
        ticked = set(self["speakers"].value() or [])
        for slug, proposal in self.people.items():
            yield PersonRow(
                slug,
                self.names[slug],
                slug in ticked,
                self[f"role_{slug}"],
                self[f"given_{slug}"],
                proposal.reason if proposal else "",
                self._words_beside(slug, proposal),
            )

    def _words_beside(self, slug: str, proposal: PersonProposal | None) -> str:
        words = words_of(self.screen, proposal) if proposal else ""
        return "" if words == self.names[slug] else words

    def personal_rows(self) -> Iterator[PersonalRow]:
        """Yield the personal data in the text, with some words around them."""
        text = self.screen.result
        for key, found in self.screen.personal:
            yield PersonalRow(
                found,
                str(DataKind(found.kind).label),
                text[max(0, found.start - 50) : found.start],
                text[found.end : found.end + 30],
                self[f"personal_{key}"],
                self[f"why_{key}"],
            )


def one_line(row: Any, year: int) -> str:
    """Return a meeting as it stands in a list to choose from."""
    return str(row) if str(year) in str(row) else f"{row} ({year})"


def _role_label(role: Role) -> str:
    return str(role)


def _grouped(empty: str, proposed: list[Any], everything: list[Any]) -> list[Any]:
    """Return choices with those proposed before all others."""
    if not proposed:
        return [("", empty), *everything]
    return [("", empty), (_("proposed"), proposed), (_("all"), everything)]
