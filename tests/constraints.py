"""How constraints are tested: a row as the database takes it, then as it refuses it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.db.models.sql import UpdateQuery


@dataclass(frozen=True)
class Case:
    """One constraint: how to make a row, a change that holds and one that does not."""

    name: str
    make: Callable[[], Model]
    good: dict[str, Any]
    bad: dict[str, Any]

    def __str__(self) -> str:
        return self.name


def check(case: Case) -> None:
    """Write past all validation: only the database stands between the change and the table."""
    row = case.make()
    table = type(row)._base_manager.filter(pk=row.pk)

    def write(values: dict[str, Any]) -> None:
        # Querysets of append-only rows refuse update(): go below them.
        query = table.query.chain(UpdateQuery)
        query.add_update_values({key: v() if callable(v) else v for key, v in values.items()})
        query.get_compiler("default").execute_sql(None)

    with transaction.atomic():
        write(case.good)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write(case.bad)
    message = str(caught.value)
    # PostgreSQL and SQLite name a check; SQLite names the columns of a unique index instead.
    assert case.name in message or "UNIQUE constraint failed" in message, message
    assert table.count() == 1


def declared(app: str) -> set[str]:
    """Return the names of all constraints that the models of an app declare."""
    return {
        constraint.name
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }
