"""Personal data are removed: from every text, every version of it and every copy.

The one exception to "no change without a trace". What stays is a ``Redaction``: who removed how
many characters, when, why, from where, and the SHA-256 of the files that were deleted with them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from re import Pattern
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kptracker.lib.belonging import entry_of, key_of, scope_of
from kptracker.lib.personal_data import find_personal_data, pattern_of, places_of
from kptracker.lib.search import keeping
from kptracker.lib.writing import raise_stamp

from .cutting import Cutting
from .erasing import forget
from .guarding import places_naming
from .models import DataKind, Redaction

#: Fewer signs than these are no personal data, and would be found in many other words.
FEWEST = 4
MOST_NAMED = 20


@dataclass
class Removal:
    """What a removal did: its log, other entries with the same words, and what to tell staff."""

    redactions: list[Redaction]
    elsewhere: list[str] = field(default_factory=list)
    #: About copies; filled when everything is written.
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def redact(entry: Any, words: str, *, by: Any, why: str, kind: str = "") -> Removal:
    """Remove words from an entry: its texts, all that stands on its page, every version of it.

    ``entry`` is a statement, or any other row with a page of its own. The words go however they
    are written (blanks, dashes, capitals, accents). Original files of the statement are deleted.
    Atomic; copies on the disk go when it is committed. Raises ValidationError when the words are
    too short, do not stand there, or ``why`` is empty or repeats them.
    """
    kind = kind or next((one.kind for one in find_personal_data(words)), DataKind.WORDS)
    pattern = checked_pattern([words], why)
    type(entry)._base_manager.select_for_update().get(pk=entry.pk)
    cutting = Cutting(dict(scope_of(entry)), pattern, entry, by=by, why=why)
    cutting.run()
    if not cutting.found:
        raise ValidationError({"words": _("These words do not stand on this page.")})
    removal = Removal(cutting.log(kind), other_entries(pattern, entry))
    finish(cutting, removal)
    entry.refresh_from_db()
    return removal


def finish(cutting: Cutting, removal: Removal) -> None:
    """Raise the stamp, and have files and copies go when everything is committed.

    What was cut was written past the one way: search follows here, and forgets.
    """
    keeping.follow_rows([*cutting.entries.values(), cutting.about])
    keeping.forget()
    raise_stamp()

    def when_committed() -> None:
        cache.clear()
        for storage, name in cutting.files:
            storage.delete(name)
        removal.notes += forget(cutting.pattern)

    transaction.on_commit(when_committed)


def checked_pattern(words: Iterable[str], why: str) -> Pattern[str]:
    """Return what finds the words. Raises ValidationError when they or the reason will not do."""
    wanted = [one.strip() for one in words if one.strip()]
    pattern = pattern_of(wanted)
    if pattern is None or any(len(re.sub(r"\W", "", one)) < FEWEST for one in wanted):
        raise ValidationError({"words": _("Give at least four letters or digits to remove.")})
    if not why.strip():
        raise ValidationError({"why": _("Say why the words are removed.")})
    if places_of(pattern, why):
        raise ValidationError({"why": _("The reason stays: do not repeat the words in it.")})
    return pattern


def other_entries(pattern: Pattern[str], entry: Any) -> list[str]:
    """Return the other entries in which the words stand too, as staff read them."""
    key = key_of(entry)
    found: dict[tuple[str, int], str] = {}
    for one in places_naming(pattern, public=False):
        other = entry_of(one.row)
        if key_of(other) != key and key_of(other) not in found:
            found[key_of(other)] = f"{other._meta.verbose_name}: {other}"
    return list(found.values())[:MOST_NAMED]
