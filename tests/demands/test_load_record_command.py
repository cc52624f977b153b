"""What `load_record` prints, tries and leaves alone."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from demands.loading import load
from demands.models import Demand
from kptracker.lib.models import LoadedRow
from tests.record_fixtures import empty_the_database
from tests.second_load import command, edit, everything, widen
from tests.small_record import SmallRecord

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(small: SmallRecord) -> None:
    """Load the small record once."""
    load(small.folder)


def test_a_dry_run_says_everything_and_writes_nothing(small: SmallRecord) -> None:
    edit(widen(), title="Staff's")
    before = everything()
    small.change("demands.csv", "D-001", title="New title")
    small.add("themes.csv", slug="new", name="New")
    said = command(small.folder, dry_run=True)
    assert everything() == before
    lines = {line.split()[0]: line.split()[1:] for line in said.splitlines()[1:11]}
    assert lines["themes"] == ["1", "0", "2", "0", "0"]
    assert lines["demands"] == ["0", "1", "2", "1", "0"]
    assert "demands D-002: title" in said
    assert said.endswith("This was a trial: nothing was written.\n")
    assert command(small.folder).splitlines()[1:] == said.splitlines()[1:-1]


def test_the_command_names_what_it_did(small: SmallRecord) -> None:
    edit(widen(), title="Staff's")
    said = command(small.folder)
    assert said.splitlines()[0].split() == ["created", "updated", "unchanged", "kept", "refused"]
    assert "Kept as staff have it (--overwrite takes the files' text):\n  demands D-002: ti" in said
    assert command(small.folder, overwrite=True).count("D-002") == 0


def test_the_progress_is_a_line_a_table(small: SmallRecord) -> None:
    progress = StringIO()
    call_command("load_record", small.folder, stdout=StringIO(), stderr=progress)
    lines = progress.getvalue().splitlines()
    assert lines[0] == "Loading countries: 2 of 2"
    assert "Loading assessments: 2 of 2" in lines


def test_if_empty_leaves_a_filled_database_alone(small: SmallRecord) -> None:
    before = everything()
    assert command(small.folder, if_empty=True) == ""
    small.change("demands.csv", "D-002", title="Newer")
    assert command(small.folder, if_empty=True) == (
        f"The files in {small.folder} are not those that were last loaded. To load them: "
        f".venv/bin/python manage.py load_record {small.folder}\n"
    )
    assert everything() == before
    command(small.folder)
    assert command(small.folder, if_empty=True) == ""


def test_if_empty_quotes_a_folder_with_a_space(small: SmallRecord, tmp_path: Path) -> None:
    small.folder.rename(tmp_path / "my record")
    (tmp_path / "my record" / "themes.csv").write_text("slug,name,name_fr\n")
    said = command(tmp_path / "my record", if_empty=True)
    assert said.endswith(f"manage.py load_record '{tmp_path}/my record'\n")


def test_if_empty_loads_into_an_empty_database(small: SmallRecord) -> None:
    empty_the_database()
    assert "demands" in command(small.folder, if_empty=True)
    assert Demand.objects.count() == 3


def test_a_refused_load_leaves_staffs_work_and_the_memory_alone(small: SmallRecord) -> None:
    edit(widen(), title="Staff's")
    before = everything()
    small.change("demands.csv", "D-001", title="New")
    small.change("mentions.csv", "M-0001", kind="sung")
    with pytest.raises(CommandError):
        command(small.folder)
    assert everything() == before
    assert LoadedRow.objects.filter(table="demands").count() == 3
