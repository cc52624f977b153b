"""The one way a row of the record is written, whoever asks: form, import or command.

``write`` checks the row, refuses a stale version, stamps author and time, keeps the history,
and raises the stamp of the public record when a visitor could see the difference. What must
follow in derived columns is registered with ``after_write`` by the room that owns them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from . import noticing
from .models import Counter, OldSlug, Stamp

#: Control characters but for tab and ends of lines, and what overrides the direction of writing.
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
#: A text of these alone says nothing: white space, and signs that take no room.
NOTHING = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff]*")

Follow = Callable[[Sequence[Any]], None]
FollowAll = Callable[[Mapping[type[models.Model], Mapping[Any, Any]]], None]
Check = Callable[[Any, bool], None]
_checks: list[Check] = []
#: In the order of registration: what one room derives stands before another builds on it.
_followers: list[tuple[type[models.Model], Follow]] = []
_followers_of_all: list[FollowAll] = []


@dataclass
class _Batch:
    """What waits for the end of a batch: rows whose derived columns follow, and the stamp."""

    rows: dict[type[models.Model], dict[Any, Any]] = field(default_factory=dict)
    public_since: datetime | None = None


_waiting: ContextVar[_Batch | None] = ContextVar("what waits for the end", default=None)


class StaleVersionError(Exception):
    """Somebody else saved the row in between; ``current`` is the row as it stands now."""

    def __init__(self, current: models.Model) -> None:
        self.current = current
        super().__init__(_("Somebody else has changed this in the meantime."))


class EvidenceError(Exception):
    """A delete was refused because other rows rest on this one; ``holders`` are those rows."""

    def __init__(self, row: models.Model, holders: Iterable[models.Model]) -> None:
        self.row = row
        self.holders = list(holders)
        super().__init__(
            _(
                "“%(row)s” is evidence for other entries and cannot be deleted. "
                "Take it down instead."
            )
            % {"row": row}
        )


def after_write(model: type[models.Model], follow: Follow) -> None:
    """Have ``follow`` called with the rows of ``model`` that were written or deleted.

    It runs in the same transaction, once per batch, in the order of registration. It brings
    derived columns in step and writes nothing else.
    """
    if (model, follow) not in _followers:
        _followers.append((model, follow))


def before_public(check: Check) -> None:
    """Have ``check`` look at each row that was written: it raises ValidationError to refuse it.

    It is called with the row and whether it was there before and visitors did not see it: then
    others may come into sight with it. What they may not read is refused here, whoever writes.
    """
    if check not in _checks:
        _checks.append(check)


def after_all(follow: FollowAll) -> None:
    """Have ``follow`` called with all rows of a batch, by table, when all derived columns stand."""
    if follow not in _followers_of_all:
        _followers_of_all.append(follow)


def _follow(rows: dict[type[models.Model], dict[Any, Any]]) -> None:
    for model, follow in _followers:
        if rows.get(model):
            follow(list(rows[model].values()))
    for follow_all in _followers_of_all:
        follow_all(rows)


@contextmanager
def in_one_go() -> Iterator[None]:
    """Bring derived columns in step once, at the end, instead of after each row.

    For loads of many rows. A block inside another joins it.
    """
    if _waiting.get() is not None:
        yield
        return
    with transaction.atomic():
        batch = _Batch()
        token = _waiting.set(batch)
        try:
            yield
        finally:
            _waiting.reset(token)
        _follow(batch.rows)
        if batch.public_since:
            raise_stamp(batch.public_since)


def _touched(row: models.Model) -> None:
    batch = _waiting.get()
    if batch is None:
        _follow({type(row): {row.pk: row}})
    else:
        batch.rows.setdefault(type(row), {})[row.pk] = row


def _is_public(row: models.Model) -> bool:
    """Tell whether visitors see a row, or anything of it."""
    manager: Any = type(row)._default_manager
    rows = manager.seen() if hasattr(manager, "seen") else manager.public()
    return bool(rows.filter(pk=row.pk).exists())


def _stamp_waits() -> bool:
    """Tell whether the stamp is raised at the end of the batch, whatever else is written."""
    batch = _waiting.get()
    return batch is not None and batch.public_since is not None


def raise_stamp(now: datetime | None = None) -> None:
    """Say that the published record has changed: caches and ETags follow."""
    now = now or timezone.now()
    batch = _waiting.get()
    if batch is not None:
        batch.public_since = now
    elif not Stamp.objects.filter(pk=1).update(number=F("number") + 1, changed_at=now):
        Stamp.objects.create(pk=1, number=1, changed_at=now)


def renew_pages() -> None:
    """Have caches and ETags follow where pages differ though the published record is the same.

    The day on which it changed stays: pages tell it.
    """
    Stamp.objects.filter(pk=1).update(number=F("number") + 1)


@transaction.atomic
def take_reference(prefix: str, width: int) -> str:
    """Return the next free reference under ``prefix``, such as M-0631; it is given out once."""
    Counter.objects.get_or_create(prefix=prefix)
    Counter.objects.filter(prefix=prefix).update(last=F("last") + 1)
    return f"{prefix}-{Counter.objects.get(prefix=prefix).last:0{width}d}"


def note_reference(reference: str) -> None:
    """Remember a reference that came from a file, so that none below it is given out again."""
    prefix, _dash, number = reference.partition("-")
    if not (number.isascii() and number.isdigit()):
        return  # no reference: the row will be refused for it
    behind = Counter.objects.filter(prefix=prefix, last__lt=int(number))
    if not behind.update(last=int(number)):
        Counter.objects.get_or_create(prefix=prefix, defaults={"last": int(number)})


def author(row: Any, by: Any, why: str) -> None:
    """Put the author and the reason on a row, for its history."""
    row._history_user = by if getattr(by, "pk", None) else None
    row._change_reason = why or noticing.reason() or None


@transaction.atomic
def write(row: Any, *, by: Any, why: str = "", now: datetime | None = None) -> Any:
    """Save one row of the record and everything that must go with it.

    ``by`` is the user, None for a command. ``why`` goes to the history (100 characters).
    ``row.version`` must be the version that the editor saw.

    Raises ValidationError when a field or a rule does not hold, StaleVersionError when
    somebody else saved in between. Nothing is written then.
    """
    now = now or timezone.now()
    model = type(row)
    adding = row._state.adding
    # Where the stamp is raised anyway, only rows with a state are asked: what comes with them?
    was_public = not adding and (hasattr(row, "state") or not _stamp_waits()) and _is_public(row)
    _tidy(row)
    row.full_clean(validate_unique=False, validate_constraints=False)
    versioned = hasattr(row, "version")
    if versioned:
        if not adding:
            fresh = model._base_manager.filter(pk=row.pk, version=row.version)
            if not fresh.update(version=F("version") + 1):
                raise StaleVersionError(model._base_manager.get(pk=row.pk))
            row.version += 1
        row.changed_at = now
    if hasattr(row, "slug"):
        _keep_old_slug(row, adding)
    author(row, by, why)
    noticing.see_write(row)
    try:
        _save(row, adding)
        for check in _checks:
            check(row, not adding and not was_public)
    except (IntegrityError, ValidationError):
        if versioned and not adding:
            row.version -= 1
        if adding and not row._state.adding:
            row._state.adding, row.pk = True, None
        raise
    _touched(row)
    if was_public or _stamp_waits() or _is_public(row):
        raise_stamp(now)
    return row


def _tidy(row: Any) -> None:
    """Take blanks alone for nothing; refuse signs that nobody sees.

    Raises ValidationError by field for control characters, and for those that turn the
    direction of writing around: with them a name or an address reads as another.
    """
    problems = {}
    for one in row._meta.concrete_fields:
        if not one.editable or not isinstance(one, models.CharField | models.TextField):
            continue
        text = getattr(row, one.attname)
        if not isinstance(text, str) or one.choices:
            continue
        if INVISIBLE.search(text):
            problems[one.name] = _("It holds a sign that cannot be seen: type the text anew.")
        if NOTHING.fullmatch(text):
            setattr(row, one.attname, "")
    if problems:
        raise ValidationError(problems)


def _save(row: Any, adding: bool) -> None:
    """Save; where the database refuses the row, say in words which rule does not hold.

    The database holds every unique and check constraint itself. Asking it about each of them
    beforehand, as ``full_clean`` does, takes more time than all the rest of a write.
    """
    try:
        with transaction.atomic():
            if adding:
                row.save()
            else:
                row.save(update_fields=own_columns(type(row)))
    except IntegrityError:
        row.full_clean()
        raise


def own_columns(model: type[models.Model]) -> list[str]:
    """Return the columns that an editor's save writes: all but those derived from other rows.

    ``model.DERIVED`` names the derived ones; a form opened earlier holds old values of them.
    """
    derived = set(getattr(model, "DERIVED", ()))
    return [
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in derived
    ]


def _keep_old_slug(row: Any, adding: bool) -> None:
    """Remember the slug that a row gives up. Refuse one that leads to another row for ever."""
    table = row._meta.label_lower
    taken = OldSlug.objects.filter(table=table, slug=row.slug)
    if not adding:
        taken = taken.exclude(row_id=row.pk)
    if taken.exists():
        raise ValidationError(
            {"slug": _("This was the address of another entry and keeps leading there.")}
        )
    if adding:
        return
    old = type(row)._base_manager.values_list("slug", flat=True).get(pk=row.pk)
    if old != row.slug:
        OldSlug.objects.filter(table=table, slug=row.slug, row_id=row.pk).delete()
        OldSlug.objects.update_or_create(table=table, slug=old, defaults={"row_id": row.pk})


def may_hide(row: models.Model, by: Any) -> None:
    """Refuse that somebody without the right to publish makes a public row vanish.

    ``PUBLISHED_WITH`` of the model names that right, for rows that have no state of their own
    and are public with what they belong to. Raises ValidationError.
    """
    right = getattr(row, "PUBLISHED_WITH", "")
    if right and hasattr(by, "has_perm") and not by.has_perm(right):
        raise ValidationError(
            _("Visitors see it: only somebody who may publish can move or remove it.")
        )


@transaction.atomic
def delete(row: models.Model, *, by: Any, why: str = "") -> None:
    """Delete a row on which nothing rests; its history stays.

    Raises EvidenceError, naming what rests on it, where the delete would take evidence along.
    """
    public = _is_public(row)
    if public:
        may_hide(row, by)
    author(row, by, why)
    noticing.see_delete(row)
    key = row.pk
    try:
        row.delete()
    except ProtectedError as error:
        raise EvidenceError(row, error.protected_objects) from error
    row.pk = key
    _touched(row)
    if public:
        raise_stamp()


@transaction.atomic
def set_links(
    parent: models.Model,
    link: type[models.Model],
    parent_field: str,
    target_field: str,
    targets: Sequence[models.Model],
    *,
    by: Any,
    why: str = "",
) -> bool:
    """Set the ordered links of a row (issuers, addressees) to exactly ``targets``.

    Returns whether anything changed. The history of each link is kept. Raises ValidationError
    when one target stands twice.
    """
    wanted = [target.pk for target in targets]
    if len(set(wanted)) != len(wanted):
        raise ValidationError({target_field: _("The same entry stands twice.")})
    noticing.see_links(parent, link, target_field, targets)
    links = link._default_manager.filter(**{parent_field: parent})
    present = {getattr(row, f"{target_field}_id"): row for row in links}
    changed = False
    for key, row in present.items():
        if key not in wanted:
            author(row, by, why)
            row.delete()
            changed = True
    for position, key in enumerate(wanted, start=1):
        row = present.get(key) or link(**{parent_field: parent, f"{target_field}_id": key})
        if row._state.adding or row.position != position:  # type: ignore[attr-defined]
            row.position = position  # type: ignore[attr-defined]
            author(row, by, why)
            row.save()
            changed = True
    if changed:
        _touched(parent)
        if _is_public(parent):
            raise_stamp()
    return changed
