"""What tests of loading and writing the record share."""

from pathlib import Path

import pytest

from tests.small_record import SmallRecord


@pytest.fixture
def small(tmp_path: Path) -> SmallRecord:
    """A record of a few rows in a folder of its own; nothing of it is loaded yet."""
    return SmallRecord(tmp_path / "small")
