"""What staff do with meetings, organisations, people and statements.

Every form, import and command writes through these functions: atomic, stamped with the user,
kept in the history. Nothing else writes these tables.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from kptracker.lib.publishing import PublishedModel, State
from kptracker.lib.writing import delete, note_reference, set_links, take_reference, write

from .guarding import clear
from .models import (
    Organisation,
    Person,
    Role,
    Statement,
    StatementAddressee,
    StatementIssuer,
    StatementSpeaker,
)
from .originals import drop_original, keep_original, offer_original, originals_with
from .redacting import redact
from .withholding import withhold

__all__ = [
    "clear",
    "delete_speaker",
    "drop_original",
    "keep_original",
    "offer_original",
    "originals_with",
    "publish",
    "redact",
    "save",
    "save_role",
    "set_addressees",
    "set_issuers",
    "set_speakers",
    "set_state",
    "take_down",
    "withhold",
]


def save(row: models.Model, *, by: Any, why: str = "") -> Any:
    """Save a row of this room: country, organisation, person, meeting, statement, text, speaker.

    Raises ValidationError or StaleVersionError; nothing is written then.
    """
    return write(row, by=by, why=why)


@transaction.atomic
def save_role(role: Role, *, by: Any, why: str = "") -> Role:
    """Save a function of a person; a new one gets the next free reference (R-001)."""
    if role.reference:
        note_reference(role.reference)
    else:
        role.reference = take_reference("R", 3)
    return write(role, by=by, why=why)


@transaction.atomic
def set_state(row: PublishedModel, state: str, *, by: Any, why: str = "") -> Any:
    """Move a row to ``state``: draft, in_review, published or taken_down.

    Taking down needs ``why``, which visitors then read. A row that was public cannot become a
    draft again: it is taken down, so that its address answers with the reason.
    Raises ValidationError when that does not hold or the row is not ready to be published.
    """
    was_public = row.state in (State.PUBLISHED, State.TAKEN_DOWN)
    if was_public and state in (State.DRAFT, State.IN_REVIEW):
        raise ValidationError(
            _("It has been public: take it down with a reason instead of making it a draft.")
        )
    if state == State.TAKEN_DOWN:
        if row.state != State.PUBLISHED:
            raise ValidationError(_("Only what is published can be taken down."))
        if not why.strip():
            raise ValidationError(
                {"taken_down_reason": _("Say why it is taken down: visitors read the reason.")}
            )
    previous = row.state, row.taken_down_reason
    row.state = state
    row.taken_down_reason = why.strip() if state == State.TAKEN_DOWN else ""
    try:
        return write(row, by=by, why=why or state)
    except ValidationError:
        row.state, row.taken_down_reason = previous
        raise


def publish(row: PublishedModel, *, by: Any, why: str = "") -> Any:
    """Publish a row: visitors see it from now on. Raises ValidationError when it is not ready."""
    return set_state(row, State.PUBLISHED, by=by, why=why)


def take_down(row: PublishedModel, *, by: Any, why: str) -> Any:
    """Take a published row down; its address then answers 410 with ``why``."""
    return set_state(row, State.TAKEN_DOWN, by=by, why=why)


def set_issuers(
    statement: Statement, organisations: Sequence[Organisation], *, by: Any, why: str = ""
) -> bool:
    """Set who issued a statement, in this order. Returns whether anything changed."""
    return set_links(
        statement, StatementIssuer, "statement", "organisation", organisations, by=by, why=why
    )


def set_addressees(
    statement: Statement, organisations: Sequence[Organisation], *, by: Any, why: str = ""
) -> bool:
    """Set to whom a statement is addressed, in this order. Returns whether anything changed."""
    return set_links(
        statement, StatementAddressee, "statement", "organisation", organisations, by=by, why=why
    )


@transaction.atomic
def set_speakers(statement: Statement, people: Sequence[Person], *, by: Any, why: str = "") -> bool:
    """Set who spoke a statement, in this order; role and name as given stay where they are.

    Returns whether anything changed. Raises ValidationError when a person stands twice.
    """
    wanted = [person.pk for person in people]
    if len(set(wanted)) != len(wanted):
        raise ValidationError({"speakers": _("The same person stands twice.")})
    present = {row.person_id: row for row in statement.speaker_links.all()}
    changed = False
    for key, row in present.items():
        if key not in wanted:
            delete_speaker(row, by=by, why=why)
            changed = True
    for position, key in enumerate(wanted, start=1):
        row = present.get(key) or StatementSpeaker(statement=statement, person_id=key)
        if row._state.adding or row.position != position:
            row.position = position
            write(row, by=by, why=why)
            changed = True
    return changed


def delete_speaker(speaker: StatementSpeaker, *, by: Any, why: str = "") -> None:
    """Remove a speaker from a statement; the history keeps who it was."""
    delete(speaker, by=by, why=why)
