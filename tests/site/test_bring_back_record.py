"""The shipped record goes out and comes back, table by table, and stays as it was."""

import pytest
from django.contrib.auth import get_user_model
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kptracker.imports.planning import bring_back, preview
from kptracker.imports.tables import IMPORTS
from kptracker.lib.spreadsheets import UnreadableError, read_sheet
from tests.brought import as_file, leaves, plan_of, rows_of
from tests.dumped import cells
from tests.record_fixtures import loaded_record, record  # noqa: F401

pytestmark = pytest.mark.usefixtures("record")


@pytest.fixture
def boss():
    return get_user_model().objects.create_superuser("boss")


def test_all_of_it_goes_out_and_comes_back(boss):
    before = list(cells())
    for name, table in IMPORTS.items():
        for form in ("csv", "xlsx"):
            sheet = read_sheet(leaves(name, form), table.columns(), name)
            plan = preview(table, sheet, by=boss)
            assert (name, form, plan.faults, plan.changes) == (name, form, [], [])
            assert plan.unchanged == table.export.queryset().count()
            sheet = read_sheet(leaves(name, form), table.columns(), name)
            bring_back(
                table, sheet, by=boss, digest=plan.digest, reason="", settle=lambda noted: None
            )
    assert list(cells()) == before


#: What a spreadsheet, a hurried hand or an enemy may leave in a cell.
odd = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["'", "''", "=1+1", ";", "; ;", "2017-13", "-1", "99999999999", "yes;no", " "]),
)


@pytest.mark.once
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.sampled_from(sorted(IMPORTS)), data=st.data())
def test_any_text_in_any_cell_is_answered_and_nothing_is_written(boss, name, data):
    rows = rows_of(name)[:3]
    if not rows:
        return
    for _change in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(odd)
    before = IMPORTS[name].export.queryset().count()
    try:
        content = as_file(rows)
    except UnicodeEncodeError:
        return  # half of a surrogate pair is in no file
    try:
        plan = plan_of(name, content, boss)
    except UnreadableError:
        return
    assert all(one.line or one.reason for one in plan.faults)
    assert IMPORTS[name].export.queryset().count() == before


@pytest.mark.once
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.sampled_from(sorted(IMPORTS)), content=st.binary(max_size=200))
@example(name="demands", content=b"reference\n\n")
@example(name="demands", content=b"reference,slug\n,\n")
@example(name="issuers", content=b"statement_slug,organisation_slug\n,\n")
@example(name="speakers", content=b"statement_slug,person_slug\nx,\n")
@example(name="meetings", content=b"slug,title\na/b,c\n/,d\n")
@example(name="speakers", content=b"statement_slug,person_slug\na/b,c/d\n")
@example(name="evidence", content=b"assessment_reference,position\nA-0001,x\n")
def test_any_bytes_are_answered(boss, name, content):
    try:
        plan = plan_of(name, content, boss)
    except UnreadableError:
        return
    assert plan.faults or not plan.changes
