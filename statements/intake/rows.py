"""What the screen shows beside each field: what is proposed, why, and which words show it."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

from kptracker.lib.personal_data import Found

from ..proposing import Proposal
from .screening import Screen


@dataclass(frozen=True, slots=True)
class Row:
    """A field with what is proposed for it."""

    field: Any
    proposals: list[Proposal]
    screen: Screen

    @property
    def reasons(self) -> list[tuple[str, str, str]]:
        """For each proposal: what it is ('' for the one that is filled in), why, which words."""
        shown = []
        for number, one in enumerate(self.proposals):
            label = "" if number == 0 else one.label
            words = words_of(self.screen, one)
            shown.append((label, one.reason, "" if words == label else words))
        return shown

    @property
    def choices(self) -> list[str]:
        """The values to choose from, where there is more than one."""
        values = list(dict.fromkeys(one.value for one in self.proposals))
        return values if len(values) > 1 else []


def words_of(screen: Screen, proposal: Proposal) -> str:
    """Return the words of the text that show a proposal, shortened."""
    if proposal.evidence is None:
        return ""
    start, end = proposal.evidence
    return Truncator(" ".join(screen.result[start:end].split())).chars(90)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody whom the text names: the tick, the function, the name as given, and why."""

    slug: str
    label: str
    ticked: bool
    role: Any
    given: Any
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class PersonalRow:
    """Personal data in the text, and what is decided about them."""

    found: Found
    kind: str
    before: str
    after: str
    decision: Any
    why: Any
