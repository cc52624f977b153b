"""What was said: meetings, organisations, people and their roles, statements and their texts."""

from .cast import Country, Organisation, Person, Role
from .meetings import Meeting
from .statements import (
    Statement,
    StatementAddressee,
    StatementIssuer,
    StatementSpeaker,
    Text,
)

__all__ = [
    "Country",
    "Meeting",
    "Organisation",
    "Person",
    "Role",
    "Statement",
    "StatementAddressee",
    "StatementIssuer",
    "StatementSpeaker",
    "Text",
]
