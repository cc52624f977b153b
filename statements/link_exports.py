"""Links between rows as tables of their own: whoever joins tables needs no list inside a cell."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kptracker.lib.columns import Column, Kind, TableExport, permalink
from kptracker.lib.expressions import in_file_language

from .exports import published
from .models import StatementAddressee, StatementIssuer


def linked_organisation(
    letter: str, key: Column, path: str, meaning: Any
) -> Callable[[str, date], list[Column]]:
    """Return the columns of links to organisations.

    ``key`` is the column of the row they start from, ``letter`` and ``path`` its permanent
    address; ``meaning`` says what the organisation is to it.
    """

    def columns(language: str, today: date) -> list[Column]:
        return [
            key,
            Column("position", "position", _("The place in the order of names."), Kind.INTEGER),
            permalink(letter, path),
            Column("organisation_slug", "organisation__slug", meaning, Kind.KEY),
            Column(
                "organisation",
                in_file_language("organisation__name", language),
                _("The same organisation by name."),
            ),
        ]

    return columns


def _of_statements(model: Any) -> Callable[[], QuerySet]:
    def rows() -> QuerySet:
        links = model.objects.filter(published("statement"), published("organisation"))
        return links.order_by("statement__sort_on", "statement__slug", "position", "id")

    return rows


_STATEMENT = Column("statement_slug", "statement__slug", _("The statement."), Kind.KEY)

ISSUERS = TableExport(
    "issuers",
    linked_organisation("s", _STATEMENT, "statement__slug", _("Who issued it.")),
    _of_statements(StatementIssuer),
    _("Issuers of statements"),
    _("One organisation that issued a statement, alone or with others."),
)
STATEMENT_ADDRESSEES = TableExport(
    "statement_addressees",
    linked_organisation("s", _STATEMENT, "statement__slug", _("To whom it is addressed.")),
    _of_statements(StatementAddressee),
    _("Addressees of statements"),
    _("One organisation to which a statement as a whole is addressed."),
)
TABLES = (ISSUERS, STATEMENT_ADDRESSEES)
