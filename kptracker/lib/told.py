"""Of which tables visitors are told what was corrected, and which of their columns are facts.

A room registers its tables with ``tell``. What is told of belongs to a row with an address; a
part of it (a text, a speaker) is told of on that row. Nothing here knows a table by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .fields import KeySlugField
from .partial_dates import PartialDate
from .publishing import PublishedModel
from .vocabularies import CodeField, label

#: A class of model. Its managers are asked for more than Django's types know of.
Model = Any
#: What no form changes, told by hand; and what may be told of any table.
BY_HAND: dict[str, Promise] = {
    "file": gettext_lazy("the file"),
    "reply": gettext_lazy("a reply of those named, published beside it"),
    "judgement": gettext_lazy("a judgement"),
    "wording": gettext_lazy("the wording"),
    "other": gettext_lazy("another fact"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A table that stands on the rows of another, or links them: one fact of theirs.

    ``link`` leads to the row; ``columns`` are those that visitors read, of which a change is
    one of the fact; a link table has none.
    """

    link: str
    fact: str
    words: Any
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """A table of which corrections are told.

    ``letter`` and ``key`` make the permanent address of a row ("d", "reference"), '' where it
    has none. ``words`` and ``url`` say how a row is called and where it is read; ``related``
    is what both need. ``parts`` are the tables that stand on it. ``above`` is the link to the
    row of which it is a fact itself when it is deleted.
    """

    model: Model
    url: Callable[[Any], str]
    words: Callable[[Any], str] = str
    letter: str = ""
    key: str = ""
    related: tuple[str, ...] = ()
    parts: Mapping[Model, Part] = field(default_factory=dict)
    above: Part | None = None

    @property
    def table(self) -> str:
        """The name under which corrections know the table."""
        return str(self.model._meta.label_lower)

    @property
    def noun(self) -> str:
        """What a row of it is called."""
        return capfirst(str(self.model._meta.verbose_name))

    @property
    def right(self) -> str:
        """The right that whoever publishes its rows has."""
        if issubclass(self.model, PublishedModel):
            return f"{self.model._meta.app_label}.publish_{self.model._meta.model_name}"
        return getattr(self.model, "PUBLISHED_WITH", "") or (
            f"{self.model._meta.app_label}.change_{self.model._meta.model_name}"
        )

    def public(self) -> models.QuerySet:
        """Return the rows of which visitors may know."""
        rows: models.QuerySet = self.model._default_manager.public()
        return rows


_told: dict[str, Told] = {}
_parts: dict[Model, tuple[Told, Part]] = {}


def tell(told: Told) -> None:
    """Have corrections of a table told."""
    _told[told.table] = told
    _parts.update({model: (told, part) for model, part in told.parts.items()})


def told_tables() -> dict[str, Told]:
    """Return the tables of which corrections are told, by their names."""
    return _told


def told_of(model: Model) -> Told | None:
    """Return how corrections of a table are told, None where they are not."""
    return _told.get(model._meta.label_lower)


def part_of(model: Model) -> tuple[Told, Part] | None:
    """Return on which table's rows corrections of a part are told, and as what."""
    return _parts.get(model)


def facts_of(model: Model) -> list[str]:
    """Return the facts of a table of which corrections are told: columns that visitors read.

    ``UNTOLD`` of the model names columns of which even the name would say too much. The two
    columns of a date are one fact.
    """
    left_out = {*getattr(model, "DERIVED", ()), *getattr(model, "UNTOLD", ())}
    names = []
    for one in model._meta.concrete_fields:
        if one.name in left_out or one.primary_key or isinstance(one, KeySlugField):
            continue
        if one.name.endswith("_first") and hasattr(one, "date_name"):
            names.append(one.name.removesuffix("_first"))
        elif one.editable:
            names.append(one.name)
    return names


def value_of(row: Any, fact: str) -> Any:
    """Return a fact as visitors may know it: a link to a row that is not public is none."""
    value = getattr(row, fact)
    if isinstance(value, models.Model):
        manager: Any = type(value)._default_manager
        if hasattr(manager, "public") and not manager.public().filter(pk=value.pk).exists():
            return None
        return value.pk
    return value


def harmless(model: Model, fact: str) -> bool:
    """Tell whether a fact can hold nothing personal: a date, a code, a number, yes or no."""
    try:
        column = model._meta.get_field(fact)
    except FieldDoesNotExist:
        return True  # a date as known, over two columns
    return isinstance(column, CodeField | models.BooleanField | models.IntegerField)


def as_text(value: Any) -> str:
    """Return a harmless value as it is kept."""
    return "" if value is None else str(value)


def fact_words(table: str, fact: str) -> str:
    """Return what a fact is called, in the language of the reader."""
    told = _told.get(table)
    if told is not None:
        above = [one.above for one in _told.values() if one.above is not None]
        for part in (*told.parts.values(), *above):
            if part.fact == fact:
                return str(part.words)
        columns = {one.name: one for one in told.model._meta.concrete_fields}
        if fact in columns:
            return str(columns[fact].verbose_name)
        if f"{fact}_first" in columns:
            return str(getattr(columns[f"{fact}_first"], "date_name", fact))
    return str(BY_HAND.get(fact, fact))


def value_words(table: str, fact: str, text: str) -> str:
    """Return a kept value as a reader reads it."""
    told = _told.get(table)
    columns = {one.name: one for one in told.model._meta.concrete_fields} if told else {}
    column = columns.get(fact)
    if not text:
        return _("not given")
    if isinstance(column, CodeField):
        return label(column.vocabulary, text)
    if isinstance(column, models.BooleanField):
        return _("yes") if text == "True" else _("no")
    if column is None:
        try:
            return PartialDate.parse(text).words()
        except ValueError:
            return text
    return text
