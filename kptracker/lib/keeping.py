"""Which cells of a file are taken over, and which are kept as staff have them.

Three texts are compared for each column: the cell of the file, the cell as the row would be
written now, and the cell that the last load wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@dataclass
class Outcome:
    """What an import did with one row of a file."""

    key: str
    what: str  # created, updated, unchanged, deleted (by staff), left_out
    kept: list[str] = field(default_factory=list)
    #: The cells that the row now has from the file, to be remembered.
    texts: dict[str, str] = field(default_factory=dict)
    #: The row that was created.
    created: Any = None
    #: The number of the row in its file, from 1, and what the changed cells said before.
    number: int = 0
    before: dict[str, str] = field(default_factory=dict)


class KeepsEdits:
    """The part of an import resource that decides what of a row to take over."""

    #: Columns that a file may lack, with the cell that such a row is read as.
    optional: dict[str, str] = {}
    #: Columns that only make sense together: where one was edited, all are kept.
    together: tuple[tuple[str, ...], ...] = ()
    #: Whether a row that no load has written yet counts as one of empty cells.
    unremembered_is_empty = False
    #: Columns that tell two rows of the same reference apart.
    identity: tuple[str, ...] = ()

    by_column: dict[str, Any]
    remembered: dict[str, dict[str, str]] | None
    overwrite: bool
    _changed: list[str]
    _outcome: Outcome

    def _choose(self, present: dict[str, str], texts: dict[str, str]) -> None:
        """Decide which differing cells are taken over and which are kept as staff have them."""
        differing = [name for name in texts if texts[name] != present[name]]
        self._refuse_another(differing, present)
        before = self._before(present)
        kept: set[str] = set()
        if before is not None and not self.overwrite:
            edited = {name for name in texts if present[name] != before[name]}
            for group in self.together:
                if edited.intersection(group):
                    edited.update(name for name in group if name in texts)
            kept = edited.intersection(differing)
        kept.update(name for name in differing if self.never(name, present[name], texts[name]))
        self._changed = [name for name in differing if name not in kept]
        self._outcome.before |= {name: present[name] for name in self._changed}
        self._outcome.kept += [name for name in differing if name in kept]
        memory = (self.remembered or {}).get(self._outcome.key, {})
        self._outcome.texts |= {
            name: memory.get(name, "") if name in kept else text
            for name, text in texts.items()
            if name not in kept or name in memory
        }

    def _refuse_another(self, differing: Sequence[str], present: dict[str, str]) -> None:
        """Refuse a reference that was given here to something that is not in the files."""
        if self.remembered is None or self._outcome.key in self.remembered:
            return
        for name in differing:
            if name in self.identity:
                raise ValidationError(
                    {
                        name: _("%(key)s is “%(present)s” in this database: number the row anew.")
                        % {"key": self._outcome.key, "present": present[name]}
                    }
                )

    def _before(self, present: dict[str, str]) -> dict[str, str] | None:
        """Return the cells that the last load wrote; None outside a load."""
        if self.remembered is None:
            return None
        memory = self.remembered.get(self._outcome.key)
        if memory is None and not self.unremembered_is_empty:
            # Nobody knows who wrote this row: nothing of it is taken for the load's own.
            return dict.fromkeys(present, "\0")
        return {
            name: one.canonical((memory or {}).get(name, self.optional.get(name, "")))
            for name, one in self.by_column.items()
        }

    def never(self, column: str, present: str, text: str) -> bool:
        """Tell whether no load may ever write ``text`` over ``present``."""
        return False
