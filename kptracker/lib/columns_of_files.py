"""Columns of the record's files: how a value of a row is written in a cell, and read back."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from .fields import SourceField
from .models import OldSlug
from .partial_dates import PartialDate
from .sources import document_name
from .vocabularies import CodeField, codes

#: An error that only follows from another faulty row, which is named already.
FOLLOWS = "follows"


def follows() -> ValidationError:
    """Return the error of a cell that refers to a row which was refused for its own faults."""
    return ValidationError(_("It belongs to a row that was refused."), code=FOLLOWS)


class GoneError(ValueError):
    """A cell names a row that staff have deleted."""


def key_name(model: type[models.Model], default: str | None = None) -> str:
    """Return the column by which the files name rows of a table."""
    names = {one.name for one in model._meta.get_fields()}
    for name in ("slug", "reference", "code"):
        if name in names:
            return name
    if default is None:
        raise LookupError(f"The files have no name for a {model._meta.label}.")
    return default


class Known:
    """Which rows there are, by the names that the files use, and the other way round.

    Each table is read once. A slug that was changed still finds its row. With ``public`` only
    rows that a visitor may see have a name.
    """

    def __init__(self, *, public: bool = False) -> None:
        self.public = public
        self._keys: dict[type[models.Model], dict[str, int]] = {}
        self._names: dict[type[models.Model], dict[int, str]] = {}
        self._old: dict[type[models.Model], dict[str, int]] = {}
        #: Names of rows that a load once made and staff deleted since.
        self.gone: dict[type[models.Model], set[str]] = {}
        #: Names that stand in a faulty row of the files.
        self.refused: dict[type[models.Model], set[str]] = {}
        #: Documents of rows that a visitor may not see.
        self.hidden_documents: set[str] = set()

    def _read(self, model: type[models.Model]) -> None:
        if model in self._keys:
            return
        manager: Any = model._default_manager
        rows = manager.public() if self.public else manager.all()
        pairs = dict(rows.order_by().values_list("pk", key_name(model)))
        self._names[model] = pairs
        self._keys[model] = {name: key for key, name in pairs.items()}
        self._old[model] = dict(
            OldSlug.objects.filter(table=model._meta.label_lower).values_list("slug", "row_id")
        )

    def add(self, row: models.Model) -> None:
        """Remember a row that was just made, where its table is read already."""
        if type(row) in self._keys:
            name = getattr(row, key_name(type(row)))
            self._keys[type(row)][name] = row.pk
            self._names[type(row)][row.pk] = name

    def find(self, model: type[models.Model], name: str) -> int | None:
        """Return the primary key of the row of this name; None where there is none."""
        self._read(model)
        key = self._keys[model].get(name)
        return self._old[model].get(name) if key is None else key

    def name(self, model: type[models.Model], key: int | None) -> str:
        """Return the present name of a row; '' for none, or one that is not to be seen."""
        if key is None:
            return ""
        self._read(model)
        return self._names[model].get(key, "")

    def canonical(self, model: type[models.Model], name: str) -> str:
        """Return the present name of the row that once had this one; else the name itself."""
        self._read(model)
        if name in self._keys[model] or name not in self._old[model]:
            return name
        return self._names[model].get(self._old[model][name], name)

    def refuse(self, model: type[models.Model], cells: dict[str, str], key: str) -> None:
        """Remember that a row was refused: what refers to it is at no fault of its own."""
        name = cells.get(key_name(model, default="")) or key
        self.refused.setdefault(model, set()).add(name)

    def is_refused(self, model: type[models.Model], name: str) -> bool:
        """Tell whether the row of this name stood in the files and was refused."""
        return name in self.refused.get(model, ())

    def is_gone(self, model: type[models.Model], name: str) -> bool:
        """Tell whether staff deleted the row of this name."""
        return name in self.gone.get(model, ()) and self.find(model, name) is None


class TextCell(Widget):
    """Text, as it is."""

    #: Set by the resource.
    known: Known

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return the value of a cell. Raises ValueError for one that cannot be read."""
        return value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Return the cell of a value."""
        return "" if value is None else str(value)

    def canonical(self, text: str) -> str:
        """Return a cell that was written once as it would be written now."""
        return text


class SlugCell(TextCell):
    """The slug that names a row in its own file; an old one means the row that had it."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__()
        self.model = model

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return self.known.canonical(self.model, value)

    def canonical(self, text: str) -> str:
        return self.known.canonical(self.model, text)


class SourceCell(TextCell):
    """A source; one that leads to what a visitor may not see is left out."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if document_name(value or "") in self.known.hidden_documents else value or ""


class CodeCell(TextCell):
    """A code of a vocabulary."""

    def __init__(self, vocabulary: str, without: Iterable[str] = ()) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.without = set(without)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        allowed = [code for code in codes(self.vocabulary) if code not in self.without]
        if value and value not in allowed:
            raise ValueError(
                _("“%(value)s” is not in the list %(list)s: %(codes)s.")
                % {
                    "value": value[:40],
                    "list": self.vocabulary,
                    "codes": ", ".join(allowed),
                }
            )
        return value


class DateCell(TextCell):
    """A date as known."""

    def __init__(self, *, required: bool = False) -> None:
        super().__init__()
        self.required = required

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> PartialDate | None:
        if self.required and not value:
            raise ValueError(_("Give the date, or at least the year."))
        return PartialDate.parse(value) if value else None


class YesCell(TextCell):
    """Yes, or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        if value not in ("", "yes"):
            raise ValueError(_("Write yes, or leave it empty."))
        return bool(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "yes" if value else ""


class NumberCell(TextCell):
    """A whole number, or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and len(value) <= 9):
            raise ValueError(_("“%(value)s” is not a number.") % {"value": value[:40]})
        return int(value)


class KeyCell(TextCell):
    """The name of one row of a table: its slug, code or reference."""

    def __init__(self, model: type[models.Model], *, required: bool = False) -> None:
        super().__init__()
        self.model = model
        self.required = required

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        if not value:
            return None
        key = self.known.find(self.model, value)
        if key is not None:
            return key
        if self.known.is_gone(self.model, value):
            if self.required:
                raise GoneError(value)
            return None
        raise self.unknown(value)

    def unknown(self, value: str) -> ValidationError:
        """Return the error of a name that no row has."""
        if self.known.is_refused(self.model, value):
            return follows()
        return ValidationError(
            _("There is no %(thing)s “%(name)s”.")
            % {"thing": self.model._meta.verbose_name, "name": value[:100]}
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.known.name(self.model, value)

    def canonical(self, text: str) -> str:
        if text and self.known.is_gone(self.model, text):
            return ""
        return self.known.canonical(self.model, text) if text else ""


class LinksCell(KeyCell):
    """The names of several rows of a table, in order, separated by semicolons."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        keys: list[int] = []
        for name in value.split(";") if value else ():
            if self.known.is_gone(self.model, name):
                continue
            if not name:
                raise ValueError(_("There is a semicolon too many."))
            key = super().clean(name)
            if key in keys:
                raise ValueError(_("“%(name)s” stands twice.") % {"name": name})
            keys.append(key)  # type: ignore[arg-type]
        return keys

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        names = (self.known.name(self.model, key) for key in value or ())
        return ";".join(name for name in names if name)

    def canonical(self, text: str) -> str:
        names = (super(LinksCell, self).canonical(name) for name in text.split(";"))
        return ";".join(name for name in names if name)


class RecordField(Field):
    """A column of a file: an attribute of the row, and how its cell is written."""

    def __init__(
        self, attribute: str | None = None, column_name: str | None = None, widget: Any = None
    ) -> None:
        super().__init__(attribute, column_name, widget or TextCell())

    def get_value(self, instance: Any) -> Any:
        """Return the value: of a relation only the key, which needs no query."""
        if isinstance(self.widget, KeyCell) and self.attribute and "__" not in self.attribute:
            return getattr(instance, f"{self.attribute}_id")
        return super().get_value(instance)

    def put(self, instance: Any, value: Any) -> None:
        """Set the value on a row that is not saved yet."""
        if isinstance(self.widget, LinksCell) or not self.attribute:
            return
        name = f"{self.attribute}_id" if isinstance(self.widget, KeyCell) else self.attribute
        setattr(instance, name, value)

    def canonical(self, text: str) -> str:
        """Return a cell that was written once as it would be written now."""
        return str(self.widget.canonical(text))


class LinksField(RecordField):
    """A column of ordered links: ``links`` is their relation, ``target`` whom they lead to."""

    def __init__(self, links: str, target: str, model: type[models.Model]) -> None:
        super().__init__(None, None, LinksCell(model))
        self.links = links
        self.target = target

    def get_value(self, instance: Any) -> Sequence[int]:
        """Return the keys of those linked, in order."""
        if instance.pk is None:
            return []
        return [getattr(link, f"{self.target}_id") for link in getattr(instance, self.links).all()]


def field_for(name: str, django_field: Any) -> RecordField:
    """Return the column of a plain field of a model."""
    widget: TextCell
    if isinstance(django_field, SourceField):
        widget = SourceCell()
    elif isinstance(django_field, CodeField):
        widget = CodeCell(django_field.vocabulary)
    elif isinstance(django_field, models.BooleanField):
        widget = YesCell()
    elif isinstance(django_field, models.IntegerField):
        widget = NumberCell()
    else:
        widget = TextCell()
    return RecordField(name, name, widget)
