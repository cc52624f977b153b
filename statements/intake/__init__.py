"""A document becomes a statement: what the admin's screen and the command share.

A document is read and cleaned (``kptracker.lib.documents``), values are proposed
(``statements.proposing``), a person decides, and ``take_in`` saves what was decided: all of it
or nothing, through the actions of this room. Nothing is published here.
"""

from .held import Held, already_in
from .removing import apply, keyed, running_lines, sure_of
from .taking import (
    AlreadyInError,
    Document,
    Spoken,
    TakenIn,
    media_type_of,
    personal_data_in,
    take_in,
    tell_also,
)

__all__ = [
    "AlreadyInError",
    "Document",
    "Held",
    "Spoken",
    "TakenIn",
    "already_in",
    "apply",
    "keyed",
    "media_type_of",
    "personal_data_in",
    "running_lines",
    "sure_of",
    "take_in",
    "tell_also",
]
