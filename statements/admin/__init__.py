"""The admin of what was said: meetings, statements, people, organisations."""

from .cast import CountryAdmin, OrganisationAdmin, PersonAdmin, RoleAdmin
from .meetings import MeetingAdmin
from .statements import StatementAdmin, TextAdmin

__all__ = [
    "CountryAdmin",
    "MeetingAdmin",
    "OrganisationAdmin",
    "PersonAdmin",
    "RoleAdmin",
    "StatementAdmin",
    "TextAdmin",
]
