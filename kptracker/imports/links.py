"""Tables of links as they come back: rows that tie others to one row, in an order.

A link may be added and moved to another place. None is taken away: for that the list in the
table of the row itself is changed (``speaker_slugs``, ``issuer_slugs``, ``addressee_slugs``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kptracker.lib.record_files import FileRow

from .matching import Matching
from .tables import Links

BATCH = 500
#: A new link without a place goes to the end.
LAST = 1_000_000


@dataclass(slots=True)
class NewOrder:
    """The links of one row as a file wants them: keys of targets before and after, in order."""

    line: int
    parent: str
    parent_key: int
    before: list[int]
    after: list[int] = field(default_factory=list)


class LinkMatching:
    """The links of a file set against those of the record."""

    def __init__(self, matching: Matching, links: Links) -> None:
        self.matching = matching
        self.links = links
        self.known = matching.known
        self.sheet = matching.sheet
        # Demands are named by their reference here, not by the slug.
        self.parents: dict[str, int] = {}
        if links.parent.endswith("_reference"):
            rows = links.parent_model._base_manager.order_by()
            self.parents = dict(rows.values_list("reference", "pk"))

    def orders(self) -> Iterator[NewOrder]:
        """Yield the rows whose links the file wants otherwise; blame what cannot be."""
        wanted: dict[int, dict[int, tuple[int | None, FileRow]]] = {}
        for row in self.sheet.rows:
            key = self.matching.key_of(row)
            nameless = key in self.matching.nameless
            if nameless and key in self.matching.left:
                continue  # it leaves without a name, and stays as it is
            if not nameless and self.matching.rows.get(key) is not row:
                continue
            found = self._pair(row)
            if found is not None:
                parent, target, place = found
                wanted.setdefault(parent, {})[target] = (place, row)
        for parent, places in self._present(list(wanted)):
            before = list(places)
            after = self._ordered(places, wanted[parent])
            if after != before:
                line = min(row.line for _place, row in wanted[parent].values())
                yield NewOrder(line, self._name_of(parent), parent, before, after)

    def _name_of(self, parent: int) -> str:
        for name, key in self.parents.items():
            if key == parent:
                return name
        return self.known.name(self.links.parent_model, parent)

    def _pair(self, row: FileRow) -> tuple[int, int, int | None] | None:
        """Return whom a row ties to whom, and at which place; None where it cannot be read."""
        names = [
            (self.links.parent, self.links.parent_model),
            (self.links.target, self.links.target_model),
        ]
        keys = []
        for column, model in names:
            name = row.cells[column].strip()
            if model is self.links.parent_model and self.parents:
                key = self.parents.get(name)
            else:
                key = self.known.find(model, name) if name else None
            if key is None:
                reason = _("There is no %(thing)s “%(name)s”.") % {
                    "thing": model._meta.verbose_name,
                    "name": name[:100],
                }
                self.sheet.blame(row.line, column, reason if name else _("Fill this cell in."))
            else:
                keys.append(key)
        place = self._place(row)
        if len(keys) < len(names) or place == 0:
            return None
        return keys[0], keys[1], place

    def _place(self, row: FileRow) -> int | None:
        """Return the place in the order, None for none, 0 for one that is no number."""
        cell = row.cells.get("position", "").strip()
        if not cell:
            return None
        if cell.isascii() and cell.isdigit() and 0 < int(cell[:9]) < LAST:
            return int(cell[:9])
        self.sheet.blame(row.line, "position", _("Write a whole number from 1."))
        return 0

    def _present(self, parents: list[int]) -> Iterator[tuple[int, dict[int, int]]]:
        """Yield those linked now to each row, in order, with their places."""
        related = self.links.parent_model._meta.get_field(self.links.related)
        name = related.remote_field.name
        for start in range(0, len(parents), BATCH):
            found: dict[int, dict[int, int]] = {key: {} for key in parents[start : start + BATCH]}
            rows = related.related_model._base_manager.filter(**{f"{name}__in": list(found)})
            rows = rows.order_by("position", "pk")
            columns = (f"{name}_id", f"{self.links.attribute}_id", "position")
            for parent, target, place in rows.values_list(*columns):
                found[parent][target] = place
            yield from found.items()

    @staticmethod
    def _ordered(
        before: dict[int, int], wanted: dict[int, tuple[int | None, FileRow]]
    ) -> list[int]:
        """Return the targets in the order that the file wants; what it does not name stays."""
        places = {target: (place, 1) for target, place in before.items()}
        for target, (place, _row) in wanted.items():
            there = places.get(target)
            if place is None:
                places.setdefault(target, (LAST, 2))
            elif there is None or there[0] != place:
                # Who is moved to a place stands before who has it.
                places[target] = (place, 0)
        return sorted(places, key=lambda target: places[target])

    def act(self, order: NewOrder, *, by: Any) -> None:
        """Set the links of one row. Raises ValidationError."""
        parent = self.links.parent_model._base_manager.get(pk=order.parent_key)
        targets = [self.links.target_model(pk=key) for key in order.after]
        self.links.act(parent, targets, by=by)

    def in_words(self, keys: list[int]) -> str:
        """Return those linked by their names in the files."""
        return "; ".join(self.known.name(self.links.target_model, key) for key in keys)

    @property
    def column(self) -> str:
        """The column that names those linked."""
        return self.links.target
