"""Model fields of the record: keys, references, sources and what is computed from other columns."""

from collections.abc import Iterable
from typing import Any

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .folding import fold

DOCUMENT = "document:"


class BytewiseMixin:
    """Text sorted byte by byte on PostgreSQL too, as SQLite does, whatever the server's locale."""

    def db_parameters(self, connection: Any) -> Any:
        """Ask PostgreSQL for the C collation."""
        parameters = super().db_parameters(connection)  # type: ignore[misc]
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class BytewiseCharField(BytewiseMixin, models.CharField):
    """A text of bounded length, sorted byte by byte."""


class KeySlugField(BytewiseMixin, models.SlugField):
    """The permanent key of a row in addresses and files: small letters, digits and hyphens."""

    default_validators = [
        RegexValidator(
            r"^[a-z0-9][a-z0-9-]*\Z",
            _("Small letters, digits and hyphens; a letter or digit first."),
        )
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 100)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("verbose_name", _("slug"))
        kwargs.setdefault(
            "help_text",
            _("The name of the page in its address. An old address keeps leading here."),
        )
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Say whether it is unique: a table of history holds the same slug many times."""
        name, path, args, kwargs = super().deconstruct()
        kwargs["unique"] = self._unique  # type: ignore[attr-defined]
        return name, path, args, kwargs


class ReferenceField(BytewiseMixin, models.CharField):
    """A permanent reference such as D-001 or M-0001: given once, never used again."""

    def __init__(self, *args: Any, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs.setdefault("max_length", 12)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("verbose_name", _("reference"))
        kwargs.setdefault(
            "validators",
            [
                RegexValidator(
                    rf"^{prefix}-[0-9]{{3,9}}\Z",
                    _("A reference looks like %(example)s.") % {"example": f"{prefix}-0001"},
                )
            ],
        )
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Name the prefix; the check that follows from it is left out of migrations."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        kwargs["prefix"] = self.prefix
        # A table of history holds it many times.
        kwargs["unique"] = self._unique  # type: ignore[attr-defined]
        return name, path, args, kwargs


def validate_source(value: str) -> None:
    """Accept a web address, or ``document:NAME`` for a text that the coalition holds.

    Raises ValidationError for anything else.
    """
    if value.startswith(DOCUMENT):
        RegexValidator(
            r"^document:[A-Za-z0-9][A-Za-z0-9._-]*\Z",
            _("Write document: and the name of the document, without a folder."),
        )(value)
        return
    # A source may be long: the validator's own limit is 2,048, the column's 1,000.
    URLValidator(schemes=["http", "https"], message=_("This is not a web address."))(value)


class SourceField(models.CharField):
    """Where a fact comes from: a public page, or ``document:NAME``, a text the coalition holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 1000)
        kwargs.setdefault("validators", [validate_source])
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Leave the check out of migrations: it is part of the field."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        return name, path, args, kwargs


class FoldedField(BytewiseMixin, models.TextField):
    """The folded text of other columns, kept in step whenever the row is written.

    ``of`` names the columns; where ``first_only`` is set, the first that is not empty counts
    (French title, else English title), otherwise all of them are joined.
    """

    def __init__(
        self, *args: Any, of: Iterable[str] = (), first_only: bool = False, **kwargs: Any
    ) -> None:
        self.of = tuple(of)
        self.first_only = first_only
        kwargs.update(editable=False, default="")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Migrations need the column only, not where its text comes from."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("default", None)
        return name, path, args, kwargs

    def pre_save(self, model_instance: Any, add: bool) -> str:
        """Compute the folded text from the row's other columns."""
        texts = [text for text in (getattr(model_instance, column) for column in self.of) if text]
        value = fold(texts[0] if self.first_only and texts else "\n".join(texts))
        setattr(model_instance, self.attname, value)
        return value
