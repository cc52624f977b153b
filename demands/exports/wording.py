"""Two values in words, in the language of the file."""

from typing import Any

from django.db.models import Case, CharField, Q, Value, When
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

#: What a reader understands by a provisional judgement, and by one that is not.
PROVISIONAL = gettext_noop(
    "provisional: compiled from public sources, not confirmed by the coalition"
)
CONFIRMED = gettext_noop("confirmed by the coalition")


def words(rule: Q, language: str, true: Any, false: Any) -> Case:
    """Return one of two lazy texts, in the language of the file."""
    with translation.override(language):
        yes, no = str(true), str(false)
    return Case(When(rule, then=Value(yes)), default=Value(no), output_field=CharField())


def provisional_words(rule: Q, language: str) -> Case:
    """Return what a reader understands by a provisional judgement."""
    return words(rule, language, _(PROVISIONAL), _(CONFIRMED))
