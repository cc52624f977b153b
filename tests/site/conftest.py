"""What the tests of tables that come back share."""

from typing import Any

import pytest

from tests.site.test_nothing_private import public_world


@pytest.fixture
def world() -> dict[str, Any]:
    return public_world()


@pytest.fixture
def boss(admin_user: Any) -> Any:
    """Somebody with every right."""
    return admin_user
