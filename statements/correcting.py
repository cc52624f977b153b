"""What visitors are told of when something published of this room is corrected."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kptracker.lib.told import Part, Told, tell

from .models import (
    Country,
    Meeting,
    Organisation,
    Person,
    Role,
    Statement,
    StatementAddressee,
    StatementIssuer,
    StatementSpeaker,
    Text,
)

_ROLE_FACTS = (
    "role",
    "role_fr",
    "organisation",
    "country",
    "start",
    "end",
    "note",
    "source_url",
    "confidence",
)


def _page(row: Any) -> str:
    return str(row.get_absolute_url())


def _meetings_of(row: Country) -> str:
    """Return the list of those of a country: it has no page."""
    return f"{reverse('statements:people')}?country={row.code}"


def connect() -> None:
    """Have corrections of this room's tables told."""
    tell(
        Told(
            Statement,
            _page,
            letter="s",
            key="slug",
            parts={
                Text: Part("statement", "texts", _("text"), ("kind", "language", "body")),
                StatementSpeaker: Part(
                    "statement", "speakers", _("speakers"), ("person", "role", "name_as_given")
                ),
                StatementIssuer: Part("statement", "issuers", _("issuers")),
                StatementAddressee: Part("statement", "addressees", _("addressees")),
            },
        )
    )
    tell(Told(Meeting, _page, letter="k", key="slug"))
    tell(
        Told(
            Person,
            _page,
            letter="p",
            key="slug",
            parts={Role: Part("person", "roles", _("functions"), _ROLE_FACTS)},
        )
    )
    tell(Told(Organisation, _page, letter="o", key="slug"))
    tell(Told(Country, _meetings_of))
