"""/data/: the dictionary of columns and the downloads of the whole record."""

import csv
import io
import json
import re
import sqlite3
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import frictionless
import pytest
from django.test import Client
from django.utils import timezone

from kptracker.data import dumps
from kptracker.data.tables import KEYS, LINKS, NO_LINKS, TABLES
from kptracker.lib.columns import Kind
from kptracker.lib.expressions import without_guard
from kptracker.lib.publishing import State
from statements import actions, redacting
from tests import factories as make

pytestmark = pytest.mark.django_db

DAY = datetime.fromisoformat("2026-11-22T10:00:00+00:00")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def few(db: None) -> dict[str, Any]:
    """A little of every table, and of each something that nobody may see."""
    meeting = make.MeetingFactory(slug="dubai", note="=1+1 is no formula here")
    statement = make.StatementFactory(slug="closing", meeting=meeting)
    make.SpeakerFactory(statement=statement, person=make.RoleFactory().person)
    make.TextFactory(statement=statement, body="The definition is far too narrow, we said.")
    demand = make.DemandFactory(slug="widen")
    part = make.DemandFactory(slug="narrow", parent=demand)
    make.MentionFactory(demand=demand, statement=statement, paraphrase="It is too narrow.")
    make.judge(demand, "blocked", date="2023-11-10")
    make.judge(part, "met", date="2023-11-10")
    draft = make.DemandFactory(slug="draft", title="Not yet said", state=State.DRAFT)
    make.MentionFactory(demand=draft, paraphrase="A secret plan.")
    make.SpeakerFactory(
        statement=statement, person=make.PersonFactory(full_name="Kofi X", public_name="withheld")
    )
    return {"demand": demand, "statement": statement, "meeting": meeting}


def test_every_key_leads_somewhere_or_is_known_to_lead_nowhere() -> None:
    today = timezone.localdate()
    columns = {table.name: table.columns("en", today) for table in TABLES}
    for table, found in columns.items():
        assert set(KEYS.get(table, ())) <= {column.name for column in found}
        for column in found[1:]:
            if column.kind == Kind.KEY and column.name != "slug" and column.name not in NO_LINKS:
                name, to = LINKS[column.name]
                assert to in {one.name for one in columns[name]}, column.name


def test_the_zip_is_a_data_package_whose_sums_and_links_hold(few: dict[str, Any]) -> None:
    made = dumps.build(now=DAY)
    with zipfile.ZipFile(made.folder / made.files[0].name) as archive:
        archive.extractall(made.folder / "out")
        names = set(archive.namelist())
    report = frictionless.Package(str(made.folder / "out" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])
    assert names == {f"{table}.csv" for table in made.rows} | {
        "datapackage.json",
        "README.txt",
        "SHA256SUMS",
    }
    described = json.loads((made.folder / "out" / "datapackage.json").read_text())
    assert described["licenses"][0]["name"] == "CC-BY-4.0"
    assert len((made.folder / "out" / "SHA256SUMS").read_text().splitlines()) == len(names) - 1


def test_the_sqlite_file_holds_the_rows_of_the_lists_and_joins(
    client: Client, few: dict[str, Any]
) -> None:
    made = dumps.build(now=DAY)
    base = sqlite3.connect(made.folder / made.files[1].name)
    for table in TABLES:
        room = "corrections" if table.name == "corrections" else table.name
        body = b"".join(client.get(f"/{room}.csv")).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(body, newline="")))[1:]
        held = base.execute(f"SELECT * FROM {table.name}").fetchall()
        assert made.rows[table.name] == len(rows) == len(held), table.name
        columns = table.columns("en", timezone.localdate())
        for row, cells in zip(rows, held, strict=True):
            for column, cell, value in zip(columns, row, cells, strict=True):
                if column.kind == Kind.YES_NO:
                    cell = {"yes": "1", "no": "0", "": ""}[cell]
                assert without_guard(cell) == ("" if value is None else str(value))
    (note,) = base.execute("SELECT note FROM meetings WHERE slug = 'dubai'").fetchone()
    assert note == "=1+1 is no formula here"
    (title,) = base.execute(
        "SELECT d.title FROM mentions m JOIN demands d ON d.reference = m.demand_reference"
    ).fetchone()
    assert title == few["demand"].title
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    base.close()


def test_no_draft_and_nobody_withheld_is_in_a_download(few: dict[str, Any]) -> None:
    made = dumps.build(now=DAY)
    with zipfile.ZipFile(made.folder / made.files[0].name) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    whole += (made.folder / made.files[1].name).read_bytes()
    for secret in (b"Not yet said", b"A secret plan", b"Kofi X"):
        assert secret not in whole


def test_downloads_are_kept_by_their_day_and_none_is_made_for_nothing(
    client: Client, few: dict[str, Any]
) -> None:
    assert "No download of the whole record" in client.get("/data/").content.decode()
    first = dumps.build(now=DAY)
    with pytest.raises(dumps.NothingNewError, match="2026-11-22"):
        dumps.build(now=DAY + timedelta(days=1))
    make.DemandFactory()
    second = dumps.build(now=DAY + timedelta(hours=1))
    make.DemandFactory()
    third = dumps.build(now=DAY + timedelta(days=1))
    assert [one.name for one in dumps.dumps()] == ["2026-11-23", "2026-11-22-2", "2026-11-22"]
    assert first.rows["demands"] + 2 == second.rows["demands"] + 1 == third.rows["demands"]
    answer = client.get("/data/kptracker.zip")
    assert answer["Location"] == "/data/kptracker-2026-11-23.zip"
    page = client.get("/data/").content.decode()
    for one in dumps.dumps():
        for file in one.files:
            assert f'href="/data/{file.name}"' in page
            assert file.sha256 in page


def test_a_file_is_sent_whole_in_parts_and_not_twice(client: Client, few: dict[str, Any]) -> None:
    made = dumps.build(now=DAY)
    file = made.folder / made.files[0].name
    whole = client.get(f"/data/{file.name}", headers={"accept-encoding": "gzip"})
    assert b"".join(whole) == file.read_bytes()
    assert whole["Content-Type"] == "application/zip"
    part = client.get(f"/data/{file.name}", headers={"range": "bytes=10-19"})
    assert part.status_code == 206
    assert b"".join(part) == file.read_bytes()[10:20]
    again = client.get(f"/data/{file.name}", headers={"if-none-match": whole["ETag"]})
    assert again.status_code == 304
    assert client.get("/data/kptracker-2020-01-01.zip").status_code == 404


def test_words_that_must_go_go_from_downloads_too(
    client: Client, few: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    held = dumps.build(now=DAY)
    without = make.StatementFactory(slug="other")
    with django_capture_on_commit_callbacks(execute=True):
        removal = redacting.redact(
            few["meeting"], "no formula here", by=None, why="It named somebody."
        )
    assert any("1 download of the whole record" in note for note in removal.notes)
    assert [path.name for path in held.folder.iterdir()] == ["removed.json"]
    gone = client.get(f"/data/{held.files[0].name}")
    assert gone.status_code == 410
    assert "personal data" in gone.content.decode()
    assert "deleted, because it held personal data" in client.get("/data/").content.decode()
    fresh = dumps.build(now=DAY + timedelta(days=1))
    actions.take_down(without, by=None, why="A duplicate.")
    with django_capture_on_commit_callbacks(execute=True):
        redacting.redact(few["statement"], "far too narrow", by=None, why="Somebody asked.")
    # Full texts are not in it, so these words never were.
    assert dumps.newest() == fresh, "one that never held the words stays"


def test_the_name_of_somebody_withheld_later_is_in_no_download(
    few: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    person = make.RoleFactory(person__full_name="Ama Mensah").person
    make.SpeakerFactory(statement=few["statement"], person=person)
    held = dumps.build(now=DAY)
    person.public_name = "withheld"
    with django_capture_on_commit_callbacks(execute=True):
        actions.save(person, by=None)
    assert [path.name for path in held.folder.iterdir()] == ["removed.json"]


@pytest.mark.parametrize("language", ["", "/fr"])
def test_each_table_has_its_dictionary_made_from_its_columns(
    client: Client, few: dict[str, Any], language: str
) -> None:
    page = client.get(f"{language}/data/").content.decode()
    for table in TABLES:
        assert f'href="{language}/data/{table.name}/"' in page
        assert f'href="{language}/{table.name}.csv"' in page
        columns = client.get(f"{language}/data/{table.name}/").content.decode()
        for column in table.columns(language[1:] or "en", timezone.localdate()):
            assert f'<tr id="{column.name}">' in columns
    judged = client.get(f"{language}/data/assessments/").content.decode()
    assert re.search(r"<code>under_discussion</code>", judged)
    assert "2023-11-10" in judged, "an example from the record"
    assert client.get(f"{language}/data/nothing/").status_code == 404


def test_the_page_of_a_download_made_meanwhile_is_not_the_kept_one(
    client: Client, few: dict[str, Any], settings: Any
) -> None:
    settings.DEBUG = False
    before = client.get("/data/")["ETag"]
    dumps.build(now=DAY)
    assert client.get("/data/", headers={"if-none-match": before}).status_code == 200
