"""What the tests of proposing ask for, in few words."""

from datetime import date
from typing import Any

from statements.proposing import Proposals, propose

TODAY = date(2026, 11, 25)


def proposed(text: str, **kwargs: Any) -> Proposals:
    """What is proposed for a text, on a day that does not move."""
    return propose(text, **{"today": TODAY, **kwargs})


def values(found: list[Any]) -> list[str]:
    return [one.value for one in found]


def shown(text: str, proposal: Any) -> str:
    """The words that a proposal gives as evidence."""
    start, end = proposal.evidence
    return text[start:end]
