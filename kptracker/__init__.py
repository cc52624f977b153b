"""What the coalition asked of the Kimberley Process, and what became of it."""

import re
from pathlib import Path


def _version_from_changelog() -> str:
    """Return the topmost version in CHANGELOG.md: the one place where it is written."""
    changelog = Path(__file__).resolve().parent.parent / "CHANGELOG.md"
    found = re.search(r"^## \[(\d[^\]]*)\]", changelog.read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else "0"


__version__ = _version_from_changelog()
