"""Names that are not to be shown, looked for in texts that are."""

import re
from collections.abc import Iterable

from .folding import fold

#: Names shorter than this are words of other meanings too.
SHORTEST_NAME = 5


def pattern_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds one of these names in a folded text; None where there is none."""
    folded = {fold(name) for name in names}
    wanted = sorted(name for name in folded if len(name) >= SHORTEST_NAME)
    if not wanted:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)")


def stands_in(pattern: re.Pattern[str], text: str) -> str:
    """Return the name that stands in a text, '' where none does."""
    match = pattern.search(fold(text))
    return match[0] if match else ""
