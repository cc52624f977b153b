"""One file at a time, as the admin imports it: drafts, all differences taken, faults named."""

import pytest
import tablib

from demands.loading import load
from demands.models import Demand
from demands.resources import DemandResource
from tests.small_record import SmallRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(small: SmallRecord) -> tablib.Dataset:
    """The demands of the small record, one of them edited and one new, as a table."""
    load(small.folder)
    small.change("demands.csv", "D-002", title="Widen it")
    small.add(
        "demands.csv",
        reference="D-010",
        slug="new",
        title="New",
        theme_slug="reform",
        kind="demand",
        parent_slug="widen",
        addressee_slugs="kp",
    )
    return tablib.Dataset().load((small.folder / "demands.csv").read_text(), format="csv")


def test_a_trial_shows_the_differences_and_writes_nothing(sheet: tablib.Dataset) -> None:
    result = DemandResource().import_data(sheet, dry_run=True)
    assert not result.has_errors()
    assert not result.has_validation_errors()
    assert {name: count for name, count in result.totals.items() if count} == {
        "new": 1,
        "update": 1,
        "skip": 2,
    }
    assert Demand.objects.count() == 3


def test_new_rows_are_drafts(sheet: tablib.Dataset) -> None:
    DemandResource().import_data(sheet, raise_errors=True)
    row = Demand.objects.get(slug="new")
    assert (row.reference, row.state, row.parent.slug) == ("D-010", "draft", "widen")
    assert [link.organisation.slug for link in row.addressee_links.all()] == ["kp"]
    assert Demand.objects.get(reference="D-002").title == "Widen it"
    assert Demand.objects.get(reference="D-002").state == "published"


def test_a_faulty_row_and_a_strange_column_are_named(sheet: tablib.Dataset) -> None:
    rows = [row | {"kind": "wish"} if row["slug"] == "new" else row for row in sheet.dict]
    faulty = tablib.Dataset()
    faulty.dict = rows
    (invalid,) = DemandResource().import_data(faulty, dry_run=True).invalid_rows
    assert invalid.number == 4
    assert "not in the list demand_kind" in invalid.field_specific_errors["kind"][0]
    faulty.append_col(["x"] * 4, header="colour")
    (error,) = DemandResource().import_data(faulty, dry_run=True).base_errors
    assert "There is no column “colour”" in str(error.error)
