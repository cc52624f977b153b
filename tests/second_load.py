"""What tests of a second load share: edits as staff make them, and what a load reports."""

from io import StringIO
from typing import Any

from django.apps import apps
from django.core.management import call_command

from demands.loading import Tally
from demands.models import Demand
from statements import actions


def edit(row: Any, **values: Any) -> Any:
    """Edit a row as staff do."""
    for name, value in values.items():
        setattr(row, name, value)
    return actions.save(row, by=None)


def widen() -> Demand:
    return Demand.objects.get(reference="D-002")


def everything() -> dict[str, list[Any]]:
    """Every row of every table, the history and the memory of loads too."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for room in ("lib", "statements", "demands")
        for model in apps.get_app_config(room).get_models()
    }


def kept(tallies: list[Tally]) -> dict[str, list[str]]:
    return {one.key: one.kept for tally in tallies for one in tally.outcomes if one.kept}


def happened(tallies: list[Tally], what: str) -> list[str]:
    return [
        f"{tally.name} {one.key}" for tally in tallies for one in tally.outcomes if one.what == what
    ]


def command(*args: Any, **options: Any) -> str:
    said = StringIO()
    call_command("load_record", *args, stdout=said, stderr=StringIO(), **options)
    return said.getvalue()
