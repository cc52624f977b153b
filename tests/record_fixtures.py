"""The shipped record in the tests' database, cheap: loaded once per process.

In a conftest.py, or in a module of tests::

    from tests.record_fixtures import loaded_record, record  # noqa: F401

A test that names ``record`` as an argument, or a module with
``pytestmark = pytest.mark.usefixtures("record")``, sees the whole record (88 demands, 211
statements, 632 mentions, ...) and may change it: each test's changes are rolled back. The
first one of a process waits for ``load_record``; later modules take a second. When the module
has ended, the database is empty again. ``transactional_db`` and ``live_server`` cannot be used
in such a module: they see nothing of an open transaction.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction

ROOMS = ("lib", "statements", "demands")

#: The rows as the first load of this process made them, by table.
_rows: dict[type[models.Model], list[Any]] = {}


def _load() -> None:
    from demands.loading import load
    from kptracker.lib import writing
    from kptracker.lib.search import keeping

    if not _rows:
        with pytest.MonkeyPatch.context() as patched:
            # Its index of search is built for modules that look at it.
            others = [one for one in writing._followers_of_all if one is not keeping.follow]
            patched.setattr(writing, "_followers_of_all", others)
            load(Path(settings.RECORD_DIR))
        for room in ROOMS:
            for model in apps.get_app_config(room).get_models():
                _rows[model] = list(model._base_manager.order_by("pk"))
        return
    for model, rows in _rows.items():
        model._base_manager.bulk_create(rows, batch_size=200)


@pytest.fixture(scope="module")
def loaded_record(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Hold the record in one transaction around all tests of a module.

    Where the module is marked ``search``, its index of search as well.
    """
    from kptracker.lib.search import keeping

    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        try:
            _load()
            if request.node.get_closest_marker("search"):
                keeping.rebuild()
        except BaseException:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
            raise
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def record(loaded_record: None, db: None) -> Path:
    """The folder of the shipped record, whose rows are in the database."""
    return Path(settings.RECORD_DIR)


def empty_the_database() -> None:
    """Take every row of the record out of the database, past the actions and their refusals."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            model._base_manager.all()._raw_delete(model._base_manager.db)
