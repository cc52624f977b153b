"""Two plain columns for two languages: ``title`` and ``title_fr``, with one rule of fallback.

French falls back to English, English to French (a draft may have either), so that /fr/ has the
same rows as / and no cell is blank only for want of a translation.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, TextField, When
from django.db.models.expressions import Combinable
from django.utils.translation import get_language

LANGUAGES = ("en", "fr")


def active_language() -> str:
    """Return the reader's language: "en" or "fr"."""
    return "fr" if (get_language() or "en").startswith("fr") else "en"


@dataclass(frozen=True, slots=True)
class Worded:
    """A text and the language it is in, which may differ from the language of the page."""

    text: str
    language: str

    @property
    def foreign(self) -> bool:
        """Whether the text is not in the language of the page."""
        return self.language != active_language()

    def __str__(self) -> str:
        return self.text


def column(name: str, language: str) -> str:
    """Return the name of the column that holds ``name`` in ``language``."""
    return f"{name}_fr" if language == "fr" else name


def worded(row: Any, name: str, language: str | None = None) -> Worded:
    """Return a bilingual attribute of a row in ``language``, or in the other one if it is empty."""
    wanted = language or active_language()
    other = "en" if wanted == "fr" else "fr"
    for candidate in (wanted, other):
        text = getattr(row, column(name, candidate))
        if text:
            return Worded(text, candidate)
    return Worded("", wanted)


def in_language(path: str, language: str) -> Combinable:
    """Return the SQL expression for a bilingual column in ``language``, by the same fallback."""
    wanted, other = column(path, language), column(path, "en" if language == "fr" else "fr")
    return Case(
        When(~Q(**{wanted: ""}) & Q(**{f"{wanted}__isnull": False}), then=F(wanted)),
        default=F(other),
        output_field=TextField(),
    )


def either_language(name: str) -> Q:
    """Return the condition that a text is there in one language at least."""
    return ~Q(**{name: ""}) | ~Q(**{f"{name}_fr": ""})
