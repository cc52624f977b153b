"""Loading the shipped record: every row, every column, nothing twice."""

import calendar
import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from demands.derived import drift
from demands.loading import load
from demands.models import Assessment, Demand, Mention, Passage, Theme
from demands.writing_record import write_record
from kptracker.lib.models import Counter as GivenOut
from kptracker.lib.models import LoadedRow
from statements.models import Country, Meeting, Organisation, Person, Role, Statement, Text
from tests.record_fixtures import loaded_record, record  # noqa: F401
from tests.stamps import current_stamp

MODELS: dict[str, Any] = {
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

#: With the places of passages, which ``test_real_documents`` reads.
SHIPPED = MODELS | {"texts.csv": Text, "passages.csv": Passage}

pytestmark = pytest.mark.usefixtures("record")


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with open(folder / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def readme_counts(folder: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    for line in (folder / "README.md").read_text().splitlines():
        if match := re.match(r"\| (`[^|]+`) \| ([0-9, ]+) \|", line):
            names = re.findall(r"`([^`]+)`", match[1])
            counts |= dict(zip(names, map(int, match[2].split(",")), strict=True))
    return counts


def test_counts_are_those_of_the_readme(record: Path) -> None:  # noqa: F811
    counts = readme_counts(record)
    assert counts.pop("vocabularies.csv") == len(read(record, "vocabularies.csv"))
    assert counts == {name: model.objects.count() for name, model in SHIPPED.items()}
    assert Person.objects.count() == len({row["slug"] for row in read(record, "people.csv")})


# --- Every column, read here by other means than those that loaded it ------------------------


def slugs(links: str, target: str) -> Callable[[Any], str]:
    return lambda row: ";".join(
        getattr(link, target).slug for link in getattr(row, links).order_by("position")
    )


def of(path: str) -> Callable[[Any], str]:
    def value(row: Any) -> str:
        for name in path.split("."):
            row = getattr(row, name)
            if row is None:
                return ""
        return str(row)

    return value


COLUMNS: dict[str, Callable[[Any], str]] = {
    "meetings.csv/start_date": of("start"),
    "meetings.csv/end_date": of("end"),
    "meetings.csv/country_code": of("country.code"),
    "meetings.csv/kp_chair_country_code": of("kp_chair_country.code"),
    "meetings.csv/cancelled": lambda row: "yes" if row.cancelled else "",
    "organisations.csv/country_code": of("country.code"),
    "organisations.csv/from": of("start"),
    "organisations.csv/to": of("end"),
    "people.csv/slug": of("person.slug"),
    "people.csv/full_name": of("person.full_name"),
    "people.csv/name_variants": of("person.name_variants"),
    "people.csv/organisation_slug": of("organisation.slug"),
    "people.csv/country_code": of("country.code"),
    "people.csv/from": of("start"),
    "people.csv/to": of("end"),
    "statements.csv/meeting_slug": of("meeting.slug"),
    "statements.csv/version_of": of("version_of.slug"),
    "statements.csv/speaker_slugs": slugs("speaker_links", "person"),
    "statements.csv/issuer_slugs": slugs("issuer_links", "organisation"),
    "statements.csv/addressee_slugs": slugs("addressee_links", "organisation"),
    "demands.csv/theme_slug": of("theme.slug"),
    "demands.csv/parent_slug": of("parent.slug"),
    "demands.csv/superseded_by": of("superseded_by.slug"),
    "demands.csv/addressee_slugs": slugs("addressee_links", "organisation"),
    "mentions.csv/demand_slug": of("demand.slug"),
    "mentions.csv/statement_slug": of("statement.slug"),
    "mentions.csv/speaker_slug": of("speaker.slug"),
    "assessments.csv/demand_slug": of("demand.slug"),
    "assessments.csv/evidence_kind": lambda row: row.evidence.get().kind,
    "assessments.csv/source_url": lambda row: row.evidence.get().source_url,
    "assessments.csv/recorded_on": lambda row: row.recorded_at.isoformat().removesuffix(
        "T00:00:00+00:00"
    ),
}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_column_is_in_the_database(name: str, record: Path) -> None:  # noqa: F811
    rows = read(record, name)
    key = next(iter(rows[0]))
    there = {getattr(one, key): one for one in MODELS[name].objects.all()}
    for row in rows:
        loaded = {
            column: COLUMNS.get(f"{name}/{column}", of(column))(there[row[key]]) for column in row
        }
        assert loaded == row


def test_rows_are_published(record: Path) -> None:  # noqa: F811
    for model in (Meeting, Organisation, Person, Statement, Demand):
        assert set(model.objects.values_list("state", flat=True)) == {"published"}


# --- What follows -----------------------------------------------------------------------------


def last_day(text: str) -> str:
    year, *rest = text.split("-")
    if len(rest) == 2:
        return text
    month = int(rest[0]) if rest else 12
    return f"{year}-{month:02}-{calendar.monthrange(int(year), month)[1]}"


def test_statuses_follow_from_the_judgements(record: Path) -> None:  # noqa: F811
    current: dict[str, tuple[Any, str]] = {}
    for number, row in enumerate(read(record, "assessments.csv")):
        order = last_day(row["date"]), row["recorded_on"], number
        if row["demand_slug"] not in current or order > current[row["demand_slug"]][0]:
            current[row["demand_slug"]] = order, row["status"]
    demands = [row for row in read(record, "demands.csv") if row["kind"] == "demand"]
    expected = Counter(current.get(row["slug"], ("", "not_assessed"))[1] for row in demands)
    rows = Demand.objects.filter(kind="demand")
    assert Counter(rows.values_list("status", flat=True)) == expected
    widen = Demand.objects.get(slug="broaden-definition")
    assert (widen.status, widen.reason, str(widen.status_date)) == (
        "blocked",
        "no_consensus",
        "2025-11-21",
    )
    assert widen.provisional


def test_counts_follow_from_the_mentions(record: Path) -> None:  # noqa: F811
    statements = {row["slug"]: row for row in read(record, "statements.csv")}
    occasions: dict[str, set[str]] = defaultdict(set)
    for row in read(record, "mentions.csv"):
        said = statements[row["statement_slug"]]
        if row["kind"] == "demanded" and said["voice"] in ("coalition", "member"):
            occasions[row["demand_slug"]].add(said["meeting_slug"] or said["date"][:7])
    assert {one.slug: one.asked_count for one in Demand.objects.all()} == {
        row["slug"]: len(occasions[row["slug"]]) for row in read(record, "demands.csv")
    }
    assert list(drift()) == []


def test_new_references_come_after_the_loaded_ones(record: Path) -> None:  # noqa: F811
    given = dict(GivenOut.objects.values_list("prefix", "last"))
    for name, prefix in (
        ("people", "R"),
        ("demands", "D"),
        ("mentions", "M"),
        ("assessments", "A"),
    ):
        numbers = [int(row["reference"][2:]) for row in read(record, f"{name}.csv")]
        assert given[prefix] == max(numbers)


# --- Out again --------------------------------------------------------------------------------


@pytest.mark.parametrize("public", [False, True])
def test_it_leaves_as_it_came(record: Path, tmp_path: Path, public: bool) -> None:  # noqa: F811
    counts = write_record(tmp_path / "written", public=public)
    names = {*SHIPPED, "vocabularies.csv"}
    assert {path.name for path in (tmp_path / "written").iterdir()} == names
    assert counts == {name: len(read(record, name)) for name in SHIPPED}
    for name in sorted(names):
        rows, came = read(tmp_path / "written", name), read(record, name)
        for row, other in zip(rows, came, strict=True):
            assert list(row) == list(other)
            for column in other:
                assert row[column] == other[column], f"{name}, {other}, {column}"
        assert (tmp_path / "written" / name).read_bytes() == (record / name).read_bytes()


# --- Again ------------------------------------------------------------------------------------


def everything() -> dict[str, list[Any]]:
    """Every row of every table, the history and the memory of loads too."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for room in ("lib", "statements", "demands")
        for model in apps.get_app_config(room).get_models()
    }


def test_a_second_load_changes_nothing(record: Path) -> None:  # noqa: F811
    before, stamp = everything(), current_stamp()
    tallies = load(record)
    assert everything() == before
    assert current_stamp() == stamp
    assert {one.what for tally in tallies for one in tally.outcomes} == {"unchanged"}
    assert not any(tally.kept or tally.missing for tally in tallies)
    rows = {tally.name: len(tally.outcomes) for tally in tallies}
    assert rows["mentions"] == len(read(record, "mentions.csv"))
    assert LoadedRow.objects.filter(table="mentions").count() == rows["mentions"]


def test_each_row_was_made_once(record: Path) -> None:  # noqa: F811
    for model in (Meeting, Mention, Assessment):
        assert model.history.count() == model.objects.count()
        assert set(model.history.values_list("history_type", flat=True)) == {"+"}
    # A row that leads to one further down is made, and led there when that one is made too.
    made: set[str] = set()
    forward = 0
    for row in read(record, "statements.csv"):
        forward += bool(row["version_of"]) and row["version_of"] not in made
        made.add(row["slug"])
    assert forward
    assert Statement.history.filter(history_type="~").count() == forward
    assert Statement.objects.filter(version=2).count() == forward
