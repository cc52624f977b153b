"""Coded values and their labels, read from ``record/vocabularies.csv``.

That file is the one place where a coded value, its English and French label and its
definition stand. A model field names the list it draws from; the database refuses a value
outside it; templates and exports ask here for the label.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Case, CharField, CheckConstraint, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import Exact
from django.utils.translation import get_language

COLUMNS = ("list", "code", "label", "label_fr", "definition", "definition_fr")


@dataclass(frozen=True)
class Term:
    """One coded value: the list it belongs to, its code, labels and definitions."""

    list: str
    code: str
    label: str
    label_fr: str
    definition: str
    definition_fr: str

    def in_language(self, language: str | None = None) -> str:
        """Return the label in ``language`` ("en", "fr"; by default the active one)."""
        french = (language or get_language() or "en").startswith("fr")
        return (self.label_fr if french else "") or self.label

    def definition_in(self, language: str | None = None) -> str:
        """Return the definition in ``language``, '' where the list gives none."""
        french = (language or get_language() or "en").startswith("fr")
        return (self.definition_fr if french else "") or self.definition


@cache
def vocabularies() -> dict[str, dict[str, Term]]:
    """Return every list of the vocabulary file, its terms in the order of the file.

    Raises ImproperlyConfigured when the file is missing or a row is not as it should be.
    """
    path = settings.VOCABULARIES
    lists: dict[str, dict[str, Term]] = {}
    try:
        with open(path, encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if tuple(rows.fieldnames or ()) != COLUMNS:
                raise ImproperlyConfigured(f"{path}: the columns must be {', '.join(COLUMNS)}.")
            for line, row in enumerate(rows, start=2):
                term = Term(**row)
                if not (term.list and term.code and term.label):
                    raise ImproperlyConfigured(
                        f"{path}, line {line}: list, code or label is empty."
                    )
                if term.code in lists.setdefault(term.list, {}):
                    raise ImproperlyConfigured(f"{path}, line {line}: {term.code} stands twice.")
                lists[term.list][term.code] = term
    except FileNotFoundError as error:
        raise ImproperlyConfigured(f"The vocabulary file {path} is missing.") from error
    return lists


def terms(vocabulary: str) -> dict[str, Term]:
    """Return the terms of one list by code. Raises ImproperlyConfigured for an unknown list."""
    try:
        return vocabularies()[vocabulary]
    except KeyError:
        raise ImproperlyConfigured(
            f"{settings.VOCABULARIES} has no list named {vocabulary}."
        ) from None


def codes(vocabulary: str) -> list[str]:
    """Return the codes of one list, in the order of the file."""
    return list(terms(vocabulary))


def choices(vocabulary: str) -> list[tuple[str, str]]:
    """Return (code, label in the active language) for a form."""
    return [(term.code, term.in_language()) for term in terms(vocabulary).values()]


def label(vocabulary: str, code: str, language: str | None = None) -> str:
    """Return the label of a code in ``language``; '' for an empty code.

    A code that the list does not hold is returned as it is: a page must not fail on it.
    """
    if not code:
        return ""
    term = terms(vocabulary).get(code)
    return term.in_language(language) if term else code


class CodeField(CharField):
    """A column that holds a code of one vocabulary list.

    ``vocabulary`` names the list. Choices follow the language of the reader and are left out
    of migrations, so that a better label needs none. Pair it with ``known_code``.
    """

    def __init__(self, *args: Any, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        kwargs.setdefault("max_length", 32)
        kwargs["choices"] = self._choices
        super().__init__(*args, **kwargs)

    def _choices(self) -> list[tuple[str, str]]:
        return choices(self.vocabulary)

    def deconstruct(self) -> Any:
        """Leave the choices out of migrations; name the list instead."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        kwargs["vocabulary"] = self.vocabulary
        return name, path, args, kwargs


def known_code(
    field: str, vocabulary: str, *, blank: bool = False, without: Iterable[str] = ()
) -> CheckConstraint:
    """Return the constraint by which the database refuses a code outside its list.

    ``blank`` lets the column be empty; ``without`` names codes that this column may not hold.
    """
    allowed = [code for code in codes(vocabulary) if code not in set(without)]
    return CheckConstraint(
        condition=Q(**{f"{field}__in": ["", *allowed] if blank else allowed}),
        name=f"%(app_label)s_%(class)s_{field}_known",
        violation_error_message=f"{field}: this value is not in the list {vocabulary}.",
    )


def label_expression(
    vocabulary: str, field: str | Combinable, language: str, only: Sequence[str] | None = None
) -> Case:
    """Return the SQL expression that gives the label of a coded column in ``language``."""
    column = F(field) if isinstance(field, str) else field
    return Case(
        *(
            When(Exact(column, Value(term.code)), then=Value(term.in_language(language)))
            for term in terms(vocabulary).values()
            if only is None or term.code in only
        ),
        default=Value(""),
        output_field=CharField(),
    )
