"""Loading the shipped record: every row, every column, nothing twice."""

import csv
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from demands.models import Assessment, Demand, Mention, Theme
from statements.models import Country, Meeting, Organisation, Person, Role, Statement
from tests.record_fixtures import loaded_record, record  # noqa: F401

MODELS = {
    "meetings.csv": Meeting,
    "organisations.csv": Organisation,
    "people.csv": Role,
    "statements.csv": Statement,
    "demands.csv": Demand,
    "mentions.csv": Mention,
    "assessments.csv": Assessment,
    "themes.csv": Theme,
    "countries.csv": Country,
}


def readme_counts(folder: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    for line in (folder / "README.md").read_text().splitlines():
        if match := re.match(r"\| (`[^|]+`) \| ([0-9, ]+) \|", line):
            names = re.findall(r"`([^`]+)`", match[1])
            counts |= dict(zip(names, map(int, match[2].split(",")), strict=True))
    return counts


def test_counts_are_those_of_the_readme(record: Path) -> None:  # noqa: F811
    counts = readme_counts(record)
    counts.pop("vocabularies.csv")
    assert counts == {name: model.objects.count() for name, model in MODELS.items()}
    assert Person.objects.count() == 76


def test_twice(record: Path) -> None:  # noqa: F811
    assert Demand.objects.count() == 94
    Demand.objects.filter(reference="D-001").update(title="x")


def test_thrice(record: Path) -> None:  # noqa: F811
    assert Demand.objects.get(reference="D-001").title != "x"
    assert Demand.objects.get(slug="broaden-definition").status == "blocked"
