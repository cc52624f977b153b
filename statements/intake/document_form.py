"""The form by which a document comes in: a file, or text that is pasted."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.admin import LongTextField
from kptracker.lib.documents.reading import (
    LIMITS,
    DocumentError,
    Reading,
    read_document,
    read_pasted,
)
from kptracker.lib.documents.sentences import refusal

#: What a browser offers to choose among; what a file is shows in its bytes.
ACCEPT = ".txt,.pdf,.docx,.odt,.html,.htm,.md"


class DocumentForm(forms.Form):
    """A file, or text that is pasted. Once it is valid, ``reading`` is what was read."""

    file = forms.FileField(
        label=gettext_lazy("A file from your computer"),
        required=False,
        allow_empty_file=True,
        max_length=1000,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    pasted = LongTextField(
        label=gettext_lazy("Or the text itself, pasted"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
    )

    reading: Reading
    content = b""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {
            "megabytes": LIMITS.content_bytes // 1_000_000,
            "pages": LIMITS.pages,
            "signs": f"{LIMITS.signs:,}".replace(",", "\u00a0"),
            "seconds": f"{LIMITS.seconds:g}",
        }
        self.fields["file"].help_text = (
            _(
                "Word (.docx), PDF, OpenDocument (.odt), web page (.html) or plain text, up to "
                "%(megabytes)s MB and fewer than %(pages)s pages. Reading takes some seconds, at "
                "most %(seconds)s."
            )
            % limits
        )
        self.fields["pasted"].help_text = (
            _("Up to %(signs)s signs. Leave a blank line between paragraphs.") % limits
        )

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        file, pasted = cleaned.get("file"), cleaned.get("pasted") or ""
        if self.errors:
            return cleaned
        if file and pasted.strip():
            self.add_error("pasted", _("Give a file or paste the text, not both."))
        elif file:
            self._read_file(file)
        elif "pasted" in self.data and pasted.strip():
            self._read("pasted", lambda: read_pasted(pasted))
        else:
            self.add_error("file", _("Choose a file, or paste the text below."))
        return cleaned

    def _read_file(self, file: Any) -> None:
        if file.size > LIMITS.content_bytes:
            # Not even fetched into the memory.
            details = {
                "megabytes": round(file.size / 1_000_000),
                "most": LIMITS.content_bytes // 1_000_000,
            }
            self.add_error("file", refusal("too_large", file.name, details))
            return
        self.content = file.read()
        self._read("file", lambda: read_document(file.name, self.content))

    def _read(self, name: str, read: Any) -> None:
        try:
            self.reading = read()
        except DocumentError as error:
            self.add_error(name, str(error))
