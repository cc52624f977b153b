"""The page of decisions as it comes back: what was decided, checked."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from kptracker.lib.publishing import State

from ..models import Meeting, Organisation, Person, Statement
from .offering import LATER, LEAVE_OUT, NEW, OTHER, PUBLISH, WHOLE, OfferedForm
from .taking import Spoken


class DecisionsForm(OfferedForm):
    """What an editor decided about a document. ``statement`` is the one it goes to, if any."""

    statement: Statement | None = None

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        if not self.screen.result.strip():
            self.add_error("text", _("There is no text left."))
        self._find_statement(cleaned)
        if self.screen.held_but_by(self.statement):
            raise ValidationError(_("It is in the record already: nothing is taken in twice."))
        if self.statement is None:
            self._check_new(cleaned)
        if not cleaned.get("language") and "language" not in self.errors:
            self.add_error("language", _("In which language is it?"))
        others = [one for one in self.screen.alike if one.slug != cleaned.get("target")]
        if others and not cleaned.get("another"):
            self.add_error(
                "another",
                _("The record has a text much like it: look, and tick this if it is not the same."),
            )
        self._check_personal(cleaned)
        return cleaned

    def _find_statement(self, cleaned: Mapping[str, Any]) -> None:
        target = cleaned.get("target") or NEW
        if target == NEW or "target" in self.errors:
            return
        slug = target
        if target == OTHER:
            slug = (cleaned.get("other") or "").split("?")[0].strip("/ ").rpartition("/")[2]
        self.statement = Statement.objects.filter(slug=slug).first() if slug else None
        if self.statement is None:
            place = "other" if target == OTHER else "target"
            self.add_error(place, _("No statement of the record has this address."))
        elif not self.may_change:
            self.add_error("target", _("You may make drafts, not change what is in the record."))
        elif self.statement.texts.filter(
            kind=cleaned.get("text_kind", ""), language=cleaned.get("language", "")
        ).exists():
            self.add_error(
                "target",
                _("“%(statement)s” has a text of this kind in this language already.")
                % {"statement": self.statement},
            )

    def _check_new(self, cleaned: Mapping[str, Any]) -> None:
        if "target" in self.errors or "other" in self.errors:
            return
        if not cleaned.get("title") and not cleaned.get("title_fr"):
            self.add_error("title", _("Give the title in English or in French."))
        for name, words in (
            ("kind", _("Choose the kind.")),
            ("voice", _("Choose whose voice it is.")),
            ("delivered", _("Choose whether it was spoken or published.")),
            ("date", _("Give the date, as much of it as is known.")),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        more = cleaned.get("more_speaker")
        if more and more in cleaned.get("speakers", []):
            self.add_error("more_speaker", _("The same person stands twice."))

    def _check_personal(self, cleaned: Mapping[str, Any]) -> None:
        public = self.statement is not None and self.statement.state == State.PUBLISHED
        for key, _found in self.screen.personal:
            decision = cleaned.get(f"personal_{key}") or LATER
            if decision == PUBLISH and not cleaned.get(f"why_{key}", "").strip():
                self.add_error(f"why_{key}", _("Say why it may be published."))
            if decision == LATER and public:
                self.add_error(
                    f"personal_{key}",
                    _(
                        "The statement is public, so visitors would read this at once: leave it "
                        "out, or say why it may be published."
                    ),
                )

    def arguments(self) -> dict[str, Any]:
        """Return what was decided, as ``take_in`` takes it. Only for a valid form."""
        decided = self.cleaned_data
        decisions = {
            key: (found, decided.get(f"personal_{key}") or LATER)
            for key, found in self.screen.personal
        }
        return {
            "language": decided["language"],
            "text_kind": decided["text_kind"],
            "statement": self.statement,
            "values": None if self.statement else self._values(),
            "issuers": self._issuers(),
            "speakers": self._speakers(),
            "may_be_published": {
                found.words: decided[f"why_{key}"]
                for key, (found, what) in decisions.items()
                if what == PUBLISH
            },
            "leave_out": [found for found, what in decisions.values() if what == LEAVE_OUT],
        }

    def _values(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in self.SINGLE if name != "meeting"}
        slug = self.cleaned_data["meeting"]
        return values | {"meeting": Meeting.objects.get(slug=slug) if slug else None}

    def _issuers(self) -> list[Organisation]:
        slugs = [*self.cleaned_data["issuers"], self.cleaned_data["more_issuer"]]
        rows = {one.slug: one for one in Organisation.objects.filter(slug__in=slugs)}
        return [rows[slug] for slug in dict.fromkeys(slugs) if slug in rows]

    def _speakers(self) -> list[Spoken]:
        slugs = [*self.cleaned_data["speakers"], self.cleaned_data["more_speaker"]]
        rows = {one.slug: one for one in Person.objects.filter(slug__in=slugs)}
        return [
            Spoken(
                rows[slug],
                self.roles.get(self.cleaned_data.get(f"role_{slug}", "")),
                self.cleaned_data.get(f"given_{slug}", ""),
            )
            for slug in dict.fromkeys(slugs)
            if slug in rows
        ]

    @cached_property
    def cut(self) -> int | None:
        """Where the text is cut in two; None keeps it whole. Only for a valid form."""
        chosen = self.cleaned_data.get("split") or WHOLE
        return next((one.at for one in self.screen.cuts if one.key == chosen), None)
