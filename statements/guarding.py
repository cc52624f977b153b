"""Nothing that could harm somebody is published unseen.

Whatever is written goes through ``check``: where visitors would read a telephone number, an
e-mail address or the name of somebody who is not to be named, it is refused until each of them
was removed, or cleared by a person who says why it may stay. Drafts are never refused.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from re import Pattern
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kptracker.lib.belonging import (
    entry_of,
    key_of,
    parts_of,
    place_in_words,
    seen,
    shown_with,
    tables,
    text_columns,
)
from kptracker.lib.hidden import SHORTEST_NAME
from kptracker.lib.personal_data import (
    NAME,
    Found,
    find_personal_data,
    masked,
    pattern_of,
    places_of,
)
from kptracker.lib.publishing import PublishedModel, State
from kptracker.lib.writing import before_public, write

from .models import Clearance, DataKind, Original, Person, Statement, StatementSpeaker
from .querysets import SHOWN

#: Why something was taken down is read by visitors, when nothing else of it is.
REASON = "taken_down_reason"
#: So many characters on either side show staff what the words are about.
CONTEXT = 60
#: An error names so many places; the page of the entry has them all.
MOST_NAMED = 12
#: Columns with the name of somebody, which visitors read only where it is shown.
_OF_PERSON = {Person: ("full_name", "name_variants"), StatementSpeaker: ("name_as_given",)}
#: Columns that no visitor reads.
_FOR_STAFF = {Original: ("name",)}


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data in a column of a row."""

    row: Any
    column: str
    found: Found

    @property
    def kind_label(self) -> str:
        """What kind of personal data it is."""
        return str(DataKind(self.found.kind).label)

    @property
    def place(self) -> str:
        """Where the words stand, as staff read it."""
        return place_in_words(self.row, self.column)

    @property
    def context(self) -> tuple[str, str, str]:
        """What stands before, the words, what stands after: for staff only."""
        text = getattr(self.row, self.column)
        start, end = self.found.start, self.found.end
        before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
        return (
            ("…" if start > CONTEXT else "") + before,
            self.found.words,
            after + ("…" if end + CONTEXT < len(text) else ""),
        )

    def __str__(self) -> str:
        return _("%(place)s: %(kind)s “%(words)s”") % {
            "place": self.place,
            "kind": self.kind_label,
            "words": masked(self.found.words),
        }


# --- Names that are not to be shown --------------------------------------------------------


def names_of(person: Person) -> list[str]:
    """Return the names by which a text may give somebody away, longest first."""
    return _names(person.full_name, person.name_variants)


def _names(full_name: str, variants: str) -> list[str]:
    names = {full_name, *variants.split(";")}
    return sorted(
        {name.strip() for name in names if len(name.strip()) >= SHORTEST_NAME},
        key=len,
        reverse=True,
    )


@lru_cache(maxsize=8)
def _pattern(names: tuple[str, ...]) -> Pattern[str] | None:
    return pattern_of(names)


def hidden_names() -> Pattern[str] | None:
    """Return what finds the name of anybody whose name is not to be shown."""
    people = Person.objects.exclude(public_name=SHOWN).order_by()
    rows = people.values_list("full_name", "name_variants")
    return _pattern(tuple(sorted({name for row in rows for name in _names(*row)})))


def _hides_its_person(row: Any) -> bool:
    """Tell whether a row is about somebody whose name stands in it and is not shown."""
    if isinstance(row, Person):
        return row.public_name != SHOWN
    return isinstance(row, StatementSpeaker) and row.person.public_name != SHOWN


# --- Looking ------------------------------------------------------------------------------


def find_in(row: Any, names: Pattern[str] | None, only: Iterable[str] = ()) -> list[Finding]:
    """Return the personal data in the words of one row, cleared or not."""
    found: list[Finding] = []
    for column in only or text_columns(type(row)):
        text = getattr(row, column)
        if not text or column in _FOR_STAFF.get(type(row), ()):
            continue
        if column in _OF_PERSON.get(type(row), ()) and _hides_its_person(row):
            continue
        here = find_personal_data(text)
        if names is not None:
            here += [Found(NAME, *at, text[at[0] : at[1]]) for at in places_of(names, text)]
        found += [Finding(row, column, one) for one in here]
    return found


def unresolved(entry: Any) -> list[Finding]:
    """Return what keeps an entry from being published, public or not yet: nobody cleared it.

    The same words are named once, where they stand first.
    """
    names = hidden_names()
    found = [
        finding
        for _model, rows in parts_of(entry)
        for row in rows.order_by("pk")
        for finding in find_in(row, names)
    ]
    return _once(not_cleared(found))


def _once(findings: Iterable[Finding]) -> list[Finding]:
    first: dict[str, Finding] = {}
    for one in findings:
        first.setdefault(one.found.words, one)
    return list(first.values())


def not_cleared(findings: Iterable[Finding]) -> list[Finding]:
    """Return those of which nobody said that they may be published on their page."""
    cleared: dict[tuple[str, int], set[str]] = {}
    left = []
    for one in findings:
        key = key_of(entry_of(one.row))
        if key not in cleared:
            rows = Clearance.objects.filter(table=key[0], row_id=key[1])
            cleared[key] = set(rows.values_list("words", flat=True))
        if one.found.words not in cleared[key]:
            left.append(one)
    return left


# --- The gate -----------------------------------------------------------------------------


def check(row: Any, was_hidden: bool) -> None:
    """Refuse what was just written where visitors would read personal data in it.

    ``was_hidden`` says that the row was there and was not seen: what stands on it may appear
    with it. Raises ValidationError, naming each place with the words masked.
    """
    names = hidden_names()
    found: list[Finding] = []
    if getattr(row, "state", "") == State.TAKEN_DOWN:
        found = find_in(row, names, only=[REASON])
    elif own := find_in(row, names):
        found = own if seen(type(row)).filter(pk=row.pk).exists() else []
    if was_hidden and isinstance(row, PublishedModel) and row.is_published:
        for rows in shown_with(row):
            found += [one for other in rows for one in find_in(other, names)]
    if isinstance(row, Person) and row.public_name != SHOWN:
        _refuse_named(row)
    if left := not_cleared(found):
        raise ValidationError(_errors(row, left))


def _errors(row: Any, findings: list[Finding]) -> dict[str, list[ValidationError]]:
    errors: dict[str, list[ValidationError]] = {}
    for one in findings[:MOST_NAMED]:
        column = one.column if one.row is row or one.row == row else NON_FIELD_ERRORS
        errors.setdefault(column, []).append(
            ValidationError(
                _("%(finding)s: remove it, or say that it may be published.") % {"finding": one},
                code="personal_data",
            )
        )
    if len(findings) > MOST_NAMED:
        more = _("And %(count)d more places with personal data.")
        errors.setdefault(NON_FIELD_ERRORS, []).append(
            ValidationError(more % {"count": len(findings) - MOST_NAMED}, code="personal_data")
        )
    return errors


def places_naming(
    pattern: Pattern[str], *, public: bool = True, but: Any = None
) -> Iterator[Finding]:
    """Yield the places of the record in which words stand: all tables, row by row.

    ``public`` leaves out what visitors do not see, ``but`` a row whose own words they are.
    """
    for model in tables():
        columns = text_columns(model)
        if not columns:
            continue
        rows = seen(model) if public else model._base_manager.all()
        for row in rows.iterator(chunk_size=500):
            if (but is not None and row == but) or (public and _hides_its_person(row)):
                continue
            for column in columns:
                text = getattr(row, column)
                for start, end in places_of(pattern, text) if text else ():
                    yield Finding(row, column, Found(NAME, start, end, text[start:end]))


def public_findings() -> Iterator[Finding]:
    """Yield what visitors read and nobody cleared: only what was written past the actions."""
    names = hidden_names()
    for model in tables():
        for row in seen(model).iterator(chunk_size=500):
            yield from not_cleared(find_in(row, names))


def _refuse_named(person: Person) -> None:
    """Refuse that a name is hidden while a text that visitors read still gives it."""
    pattern = pattern_of(names_of(person))
    if pattern is None:
        return
    found = not_cleared(places_naming(pattern, but=person))
    if not found:
        return
    entries = [f"{entry_of(one.row)} ({one.place})" for one in found[:MOST_NAMED]]
    raise ValidationError(
        {
            "public_name": ngettext(
                "The name still stands in %(count)d place that visitors read: %(places)s. "
                "“Hide the name” on the page of the person takes it out.",
                "The name still stands in %(count)d places that visitors read: %(places)s. "
                "“Hide the name” on the page of the person takes it out of all of them.",
                len(found),
            )
            % {"count": len(found), "places": "; ".join(entries)}
        },
        code="personal_data",
    )


@transaction.atomic
def clear(entry: Any, words: str, *, by: Any, why: str, kind: str = "") -> Clearance:
    """Say that words on the page of an entry may be published, though they look personal.

    Raises ValidationError without a reason, or where it has been said already.
    """
    table, key = key_of(entry)
    if not words.strip():
        raise ValidationError({"words": _("Say which words may be published.")})
    row = Clearance(
        table=table,
        row_id=key,
        words=words,
        kind=kind or next((one.kind for one in find_personal_data(words)), DataKind.WORDS),
        why=why.strip(),
    )
    return write(row, by=by, why=why)


# --- What needs attention -------------------------------------------------------------------


def statements_with_findings() -> Q:
    """Return the condition of statements not yet public in which personal data were found."""
    waiting = Statement.objects.filter(state__in=[State.DRAFT, State.IN_REVIEW])
    return Q(pk__in=[row.pk for row in waiting if unresolved(row)])


def connect() -> None:
    """Have every write looked at."""
    before_public(check)
