"""Which published facts a change touches: ``writing`` notes them here while somebody wants to know.

Nothing is noted outside ``noting``, so that loads and repairs of drafts cost nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from .told import Part, Told, as_text, facts_of, harmless, part_of, told_of, value_of

#: A row of which corrections are told: its table's name and its key.
Key = tuple[str, int]
#: What a harmless fact said before and says now; empty where that is not kept.
Values = tuple[str, ...]


@dataclass
class Noted:
    """What was changed of published rows, and the line that says why."""

    why: str = ""
    changed: dict[Key, dict[str, Values]] = field(default_factory=dict)
    #: Whether visitors saw a row when it was first touched.
    _public: dict[Key, bool] = field(default_factory=dict)

    def was_public(self, told: Told, key: int) -> bool:
        """Tell whether visitors saw a row before any of this."""
        name = (told.table, key)
        if name not in self._public:
            self._public[name] = told.public().filter(pk=key).exists()
        return self._public[name]

    def note(self, told: Told, key: int, fact: str, values: Values = ()) -> None:
        """Note that a fact of a row changed; of several changes the first and the last count."""
        facts = self.changed.setdefault((told.table, key), {})
        earlier = facts.get(fact)
        facts[fact] = (earlier[0], values[1]) if earlier and values else values

    @property
    def with_values(self) -> bool:
        """Whether a date, a code or a number changed: no spelling, whatever anybody says."""
        return any(values for facts in self.changed.values() for values in facts.values())


_noted: ContextVar[Noted | None] = ContextVar("what is noted", default=None)


@contextmanager
def noting(why: str = "") -> Iterator[Noted]:
    """Note which published facts change inside the block; ``why`` is the reason in histories."""
    noted = Noted(why)
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def reason() -> str:
    """Return the reason that the histories of rows get where none is given."""
    noted = _noted.get()
    return noted.why if noted else ""


def see_write(row: Any) -> None:
    """Note what a row that is about to be saved will say otherwise."""
    noted = _noted.get()
    if noted is None or row._state.adding:
        return
    model = type(row)
    told, part = told_of(model), part_of(model)
    names = facts_of(model) if told else part[1].columns if part else ()
    before = model._base_manager.filter(pk=row.pk).first() if names else None
    if before is None:
        return
    changed: dict[str, Values] = {}
    for name in names:
        old, new = value_of(before, name), value_of(row, name)
        if old in (None, "") or old == new:
            continue  # what only adds is no correction
        changed[name] = (as_text(old), as_text(new)) if harmless(model, name) else ()
    if not changed:
        return
    if told is not None:
        if noted.was_public(told, row.pk):
            for name, values in changed.items():
                noted.note(told, row.pk, name, values)
    elif part is not None and _seen(before):
        _note_part(noted, before, *part)


def see_delete(row: Any) -> None:
    """Note that a row goes which visitors see."""
    noted = _noted.get()
    if noted is None:
        return
    told, part = told_of(type(row)), part_of(type(row))
    if told is not None and told.above is not None and noted.was_public(told, row.pk):
        above = getattr(row, told.above.link)
        above_told = told_of(type(above))
        if above_told is not None:
            _note_part(noted, row, above_told, told.above)
    elif part is not None and _seen(row):
        _note_part(noted, row, *part)


def see_links(parent: Any, link: Any, target_field: str, targets: Sequence[models.Model]) -> None:
    """Note that ordered links of a row are set otherwise; further ones at the end only add."""
    noted, part = _noted.get(), part_of(link)
    if noted is None or part is None:
        return
    model = link._meta.get_field(target_field).related_model
    public = set(
        model._default_manager.public()
        .filter(pk__in=[one.pk for one in targets])
        .values_list("pk", flat=True)
    )
    rows = link._default_manager.filter(
        **{part[1].link: parent, f"{target_field}__in": model._default_manager.public()}
    )
    before = list(rows.order_by("position", "pk").values_list(f"{target_field}_id", flat=True))
    after = [one.pk for one in targets if one.pk in public]
    if before and after[: len(before)] != before and noted.was_public(part[0], parent.pk):
        noted.note(part[0], parent.pk, part[1].fact)


def _seen(row: models.Model) -> bool:
    """Tell whether visitors see a part of a row: a speaker who is not named is none."""
    manager: Any = type(row)._default_manager
    return bool(manager.public().filter(pk=row.pk).exists())


def _note_part(noted: Noted, row: Any, told: Told, part: Part) -> None:
    key = getattr(row, f"{part.link}_id")
    if noted.was_public(told, key):
        noted.note(told, key, part.fact)
