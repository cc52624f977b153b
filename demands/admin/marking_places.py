"""Where words stand in a text: given by the script of the page, or found."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.admin import LongTextField
from kptracker.lib.admin.forms import LARGEST_VERSION
from kptracker.lib.anchoring import Place, find_all, place_at
from kptracker.lib.documents.normal import normalise
from statements.models import Text
from statements.models.statements import as_held

#: Nobody marks more than this at a time.
LONGEST = 20_000


def hidden_number(**kwargs: Any) -> forms.IntegerField:
    """Return a field for an offset or a version that a page sends along."""
    return forms.IntegerField(
        required=False,
        min_value=0,
        max_value=LARGEST_VERSION,
        widget=forms.HiddenInput,
        **kwargs,
    )


class PlaceForm(forms.Form):
    """Words of a text, and where they stand in it: given, or found.

    ``text`` is the text. ``offered`` are the places to choose from, where the words stand at
    several; ``place`` is where they stand, once the form was checked.
    """

    words = LongTextField(
        label=gettext_lazy("Words of the text"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Copied from the text below. Where they stand is found by itself."),
        error_messages={"required": gettext_lazy("Give the words that are to be marked.")},
    )
    start = hidden_number()
    end = hidden_number()
    #: The version of the text in which the words were chosen.
    seen_text = hidden_number()

    text: Text
    place: Place | None = None
    offered: Sequence[Place] = ()

    def find_place(self) -> None:
        """Find where the words stand; say what is wrong where they do not, or at several places."""
        cleaned = self.cleaned_data
        words = as_held(cleaned.get("words") or "")
        if not words.strip():
            return
        body, start, end = self.text.body, cleaned.get("start"), cleaned.get("end")
        as_seen = cleaned.get("seen_text") == self.text.version
        given = "" if start is None or end is None else body[start:end]
        if start is not None and given and normalise(given) == normalise(words):
            # Blanks at either end belong to nobody.
            start += len(given) - len(given.lstrip())
            self.place = place_at(body, start, start + len(given.strip()))
            return
        found = find_all(body, words)
        chosen = [one for one in found if one.start == start] if as_seen else []
        if len(found) == 1 or chosen:
            self.place = (chosen or found)[0]
        elif not found:
            self.add_error("words", self._not_found(as_seen))
        else:
            self.offered = found
            count = {"count": len(found)}
            self.add_error(
                "words",
                _("These words stand at %(count)d places in the text. Choose one:") % count,
            )

    def _not_found(self, as_seen: bool) -> str:
        if as_seen or self.cleaned_data.get("seen_text") is None:
            return _(
                "These words do not stand in this text. Copy them from it exactly, with their "
                "commas and accents."
            )
        return _(
            "The text was corrected in the meantime, and these words do not stand in it any "
            "more. Choose them again."
        )
