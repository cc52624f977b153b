"""Columns of a table as it leaves: the allow-list that every rendering of it shares.

What is not in the list does not leave. It serves CSV, Excel and JSON, the choice of columns by
``?columns=``, and the data dictionary.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .expressions import (
    GUARDED,
    Joined,
    NoneIfEmpty,
    YesNo,
    constant,
    guarded,
)
from .vocabularies import label_expression, terms


class Kind:
    """What a column holds, as the data dictionary says it."""

    KEY = "key"  # a reference or a slug, permanent
    TEXT = "text"
    INTEGER = "integer"
    DATE = "date as known"  # 2017, 2017-11 or 2017-11-09
    DAY = "day"  # 2017-11-09
    URL = "url"
    CODE = "code"
    LABEL = "label"  # of a code, in the language of the file
    LIST = "list"  # a; b
    YES_NO = "yes/no"


#: What can neither be empty text nor begin like a formula: it leaves as it is.
_PLAIN = {Kind.INTEGER, Kind.DATE, Kind.DAY}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name in every rendering, what it means, where it comes from.

    ``vocabulary`` names the list of a code or label. ``ours`` marks text that is put together
    here (a reference, a permalink) and cannot begin like a formula.
    """

    name: str
    expression: Any
    meaning: Any
    kind: str = Kind.TEXT
    vocabulary: str = ""
    ours: bool = False

    def cell(self) -> Any:
        """Return the SQL expression of its CSV cell."""
        source = F(self.expression) if isinstance(self.expression, str) else self.expression
        if self.kind in _PLAIN:
            return source
        if self.kind == Kind.YES_NO:
            return YesNo(source)
        if self.ours:
            return source
        if self.kind in (Kind.CODE, Kind.LABEL) and _harmless(self.vocabulary):
            return NoneIfEmpty(source)
        return guarded(source)

    def text(self, row: Any) -> str:
        """Return its CSV cell of a computed row: what ``cell`` gives of a stored one."""
        value = self.expression(row)
        if value is None:
            return ""
        if self.kind == Kind.YES_NO:
            return "yes" if value else "no"
        text = str(value)
        if self.ours or self.kind in _PLAIN or text[:1] not in GUARDED:
            return text
        return f"'{text}" if text else ""


def _harmless(vocabulary: str) -> bool:
    """Tell whether no code or label of a list begins like a formula."""
    return bool(vocabulary) and not any(
        text[:1] in GUARDED
        for term in terms(vocabulary).values()
        for text in (term.code, term.label, term.label_fr)
        if text
    )


@dataclass(frozen=True, slots=True)
class TableExport:
    """A table as it leaves: its name, its columns, and the rows that a visitor may see.

    ``columns`` takes the language ("en", "fr") and the day by which ages are told;
    ``queryset`` gives the public rows in their usual order; ``title`` says how the table is
    called and ``row`` what one row of it stands for, in a sentence.
    """

    name: str
    columns: Callable[[str, date], list[Column]]
    queryset: Callable[[], QuerySet]
    title: Any = ""
    row: Any = ""
    #: Of which day the rows tell, "on-2017-11-09"; '' for now.
    moment: str = ""

    @property
    def file_name(self) -> str:
        """What its files are called, before language and day."""
        return f"{self.name}-{self.moment}" if self.moment else self.name


@dataclass(frozen=True, slots=True)
class ComputedExport:
    """A table that is computed, not stored: the expression of a column is a function of a row.

    ``columns`` takes the language and the day, as for a ``TableExport``.
    """

    name: str
    columns: Callable[[str, date], list[Column]]
    moment: str = ""

    @property
    def file_name(self) -> str:
        """What its files are called, before language and day."""
        return f"{self.name}-{self.moment}" if self.moment else self.name


class UnknownColumnError(ValueError):
    """A file was asked for with a column that it has not, or with one twice."""


def choose(columns: Sequence[Column], names: Sequence[str]) -> list[Column]:
    """Return the named columns, in the order named.

    Raises UnknownColumnError, naming the column and those there are.
    """
    known = {column.name: column for column in columns}
    chosen: list[Column] = []
    for name in names:
        if name not in known:
            raise UnknownColumnError(
                _("There is no column “%(name)s”. There are: %(known)s.")
                % {"name": _shown(name), "known": ", ".join(known)}
            )
        if known[name] in chosen:
            raise UnknownColumnError(_("The column “%(name)s” is named twice.") % {"name": name})
        chosen.append(known[name])
    if not chosen:
        raise UnknownColumnError(
            _("Name at least one column. There are: %(known)s.") % {"known": ", ".join(known)}
        )
    return chosen


def _shown(name: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in name[:60])


def permalink(letter: str, key: Any) -> Column:
    """Return the column of the address that stays, ``https://site/d/D-001``."""
    return Column(
        "permalink",
        Joined(constant(f"{settings.SITE_URL}/{letter}/"), key),
        gettext_lazy("The address of the page, which stays."),
        Kind.URL,
        ours=True,
    )


def both(name: str, meaning: Any, path: str = "") -> list[Column]:
    """Return a bilingual text as two columns, ``name`` and ``name_fr``; no fallback."""
    path = path or name
    return [
        Column(name, path, meaning),
        Column(f"{name}_fr", f"{path}_fr", gettext_lazy("The column before, in French.")),
    ]


def coded(
    name: str, vocabulary: str, meaning: Any, language: str, source: Any = None
) -> list[Column]:
    """Return a coded value as two columns: the code, and its label in the file's language."""
    path = name if source is None else source
    return [
        Column(name, path, meaning, Kind.CODE, vocabulary),
        Column(
            f"{name}_label",
            label_expression(vocabulary, path, language),
            gettext_lazy("The column before, in words, in the language of the file."),
            Kind.LABEL,
            vocabulary,
        ),
    ]
