"""Corrections are written here, and nowhere else: by forms, by loads, by hand (docs/adr/0010)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .belonging import parent_field
from .models import Correction
from .noticing import Noted, Values, noting
from .told import part_of, told_of, told_tables
from .writing import take_reference, write

__all__ = ["NO_FACT", "Noted", "asked_of", "may_correct", "noting", "record", "settle"]

#: The reason in the history of a change that corrects nothing.
NO_FACT = "No fact changes (spelling, layout, an added translation)."


@transaction.atomic
def record(
    row: Any,
    facts: Iterable[str],
    *,
    why: str,
    by: Any,
    why_fr: str = "",
    values: Mapping[str, Values] | None = None,
    at: datetime | None = None,
) -> Correction:
    """Tell visitors that facts of a published row were wrong and are changed.

    Raises ValidationError when visitors do not see the row, when no reason is given, and when
    the reason holds personal data.
    """
    told = told_of(type(row))
    if told is None or not told.public().filter(pk=row.pk).exists():
        raise ValidationError(_("Visitors do not see it: there is nothing to correct in public."))
    correction = Correction(
        reference=take_reference("C", 4),
        table=told.table,
        row_id=row.pk,
        facts="; ".join(facts),
        values={name: list(pair) for name, pair in (values or {}).items() if pair},
        why=why.strip(),
        why_fr=why_fr.strip(),
        recorded_at=at or timezone.now(),
        by=by if getattr(by, "pk", None) else None,
    )
    written: Correction = write(correction, by=by, now=correction.recorded_at)
    return written


def settle(noted: Noted, *, why: str, by: Any, why_fr: str = "") -> list[Correction]:
    """Record a correction for each row of which a published fact was changed.

    A row that visitors see no longer has none: its page says why, or nothing is said of it.
    """
    now = timezone.now()
    found = []
    for (table, key), facts in noted.changed.items():
        told = told_tables()[table]
        row = told.public().filter(pk=key).first()
        if row is not None:
            found.append(record(row, facts, why=why, why_fr=why_fr, by=by, values=facts, at=now))
    return found


def asked_of(row: Any, *, deleted: bool = False) -> bool:
    """Tell whether a change of a row, or of what stands on it, may need a line for visitors.

    ``deleted`` asks it of the row that goes: then only where it is a fact of another row.
    """
    told = told_of(type(row))
    if deleted and told is not None and told.above is None:
        return False
    while told is None:
        name = parent_field(type(row))
        if part_of(type(row)) is None or not name:
            return False
        row = getattr(row, name)
        told = told_of(type(row))
    return told.public().filter(pk=row.pk).exists()


def may_correct(user: Any, row: Any = None) -> bool:
    """Tell whether somebody may record a correction by hand: who publishes such rows may."""
    tables = told_tables().values()
    if row is not None:
        return any(user.has_perm(one.right) for one in tables if one.model is type(row))
    return any(user.has_perm(one.right) for one in tables)
