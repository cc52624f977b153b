"""What was said: meetings, organisations, people and their roles, statements and their texts."""

from .cast import Country, Organisation, Person, Role
from .intakes import Intake
from .meetings import Meeting
from .originals import MediaType, Original
from .personal_data import Clearance, DataKind, Redaction
from .statements import (
    Statement,
    StatementAddressee,
    StatementIssuer,
    StatementSpeaker,
    Text,
)

__all__ = [
    "Clearance",
    "Country",
    "DataKind",
    "Intake",
    "MediaType",
    "Meeting",
    "Organisation",
    "Original",
    "Person",
    "Redaction",
    "Role",
    "Statement",
    "StatementAddressee",
    "StatementIssuer",
    "StatementSpeaker",
    "Text",
]
