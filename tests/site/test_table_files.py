"""Tables as JSON, JSON Lines and Excel: the same rows and cells as CSV, each in its own types."""

import csv
import io
import json
from datetime import date, datetime
from itertools import product
from typing import Any

import openpyxl
import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from demands.tables import DEMANDS, MENTIONS
from kptracker.data.tables import TABLES
from kptracker.lib.columns import choose
from kptracker.lib.expressions import without_guard
from kptracker.lib.workbook import LONGEST_CELL, workbook
from statements.models import Meeting
from statements.tables import MEETINGS
from tests import factories as make
from tests.site.test_nothing_private import public_world

pytestmark = pytest.mark.django_db

ABOUT = {"title": "T", "shows": "S", "address": "A", "day": date(2026, 1, 2), "license": "L"}


@pytest.fixture
def world() -> dict[str, Any]:
    seen = public_world()
    make.MeetingFactory(
        note="=1+1", note_fr="@so", start="2017-11", end="", year=2017, cancelled=True
    )
    return seen


def body(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.streaming
    return b"".join(answer.streaming_content)


def as_csv(client: Client, address: str) -> list[dict[str, str]]:
    text = body(client, address).decode("utf-8-sig")
    return [
        {name: without_guard(cell) for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def in_csv(value: Any) -> str:
    """Return a value of JSON as its CSV cell says it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)


def sheet_of(content: bytes) -> list[list[Any]]:
    """Return the cells of the first sheet, formulas as such."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in book.worksheets[0].iter_rows()]


def in_sheet(cell: Any) -> str:
    """Return a value of a workbook as its CSV cell says it."""
    if isinstance(cell.value, datetime):
        assert cell.number_format == "yyyy-mm-dd"
        return cell.value.date().isoformat()
    return in_csv(cell.value)


def test_each_form_holds_the_cells_of_the_csv(client: Client, world: dict[str, Any]) -> None:
    for name, language in product([table.name for table in TABLES], ("", "/fr")):
        wanted = as_csv(client, f"{language}/{name}.csv")
        assert wanted
        whole = json.loads(body(client, f"{language}/{name}.json"))
        assert (whole["count"], whole["table"]) == (len(wanted), name)
        assert whole["license"] == "CC BY 4.0"
        found = [{name: in_csv(value) for name, value in row.items()} for row in whole["rows"]]
        assert found == wanted
        lines = body(client, f"{language}/{name}.jsonl").decode().splitlines()
        assert [json.loads(line) for line in lines] == whole["rows"]
        header, *rows = sheet_of(body(client, f"{language}/{name}.xlsx"))
        names = [cell.value for cell in header]
        assert [dict(zip(names, map(in_sheet, row), strict=True)) for row in rows] == wanted


def test_values_have_their_types(client: Client, world: dict[str, Any]) -> None:
    rows = json.loads(body(client, "/meetings.json"))["rows"]
    bare = next(row for row in rows if row["year"] == 2017)
    assert bare["start_date"] == "2017-11"
    assert bare["cancelled"] is True
    assert bare["note"] == "=1+1"
    assert bare["city_fr"] is None
    person = json.loads(body(client, "/people.json"))["rows"][0]
    assert isinstance(person["role_references"], list)


def test_the_files_are_those_of_the_page_and_say_so(client: Client, world: dict[str, Any]) -> None:
    page = client.get("/demands/?status=blocked&sort=title").content.decode()
    for form, name in (
        ("csv", "CSV"),
        ("xlsx", "Excel"),
        ("json", "JSON"),
        ("jsonl", "JSON Lines"),
    ):
        address = f"/demands.{form}?status=blocked&amp;sort=title"
        assert f'<a href="{address}">{name}</a>' in page
    whole = json.loads(body(client, "/demands.json?status=blocked&sort=title"))
    assert whole["shows"] == "1 blocked demand, by title"
    assert whole["address"].endswith("/demands/?status=blocked&sort=title")
    book = openpyxl.load_workbook(io.BytesIO(body(client, "/demands.xlsx?status=blocked")))
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Rows"] == 1
    assert about["What they show"].startswith("1 blocked demand")
    assert about["Address"].endswith("/demands/?status=blocked")
    assert about["Licence of our words"].startswith("CC BY 4.0")
    assert list(json.loads(body(client, "/demands.json?columns=title,reference"))["rows"][0]) == [
        "title",
        "reference",
    ]
    for form in ("json", "jsonl", "xlsx"):
        for query in ("status=odd", "columns=odd", "page=2", "colour=red"):
            assert client.get(f"/demands.{form}?{query}").status_code == 400
        assert client.get(f"/roles.{form}?status=met").status_code == 400


def test_the_json_of_a_list_is_that_of_the_api(client: Client, world: dict[str, Any]) -> None:
    for table in (DEMANDS, MENTIONS, MEETINGS):
        rows = json.loads(body(client, f"/{table.name}.json"))["rows"]
        answer = client.get(f"/api/v1/{table.name}/?limit=500").json()
        found = {row["permalink"]: row for row in answer["results"]}
        assert len(found) == len(rows)
        for row in rows:
            same = found[row["permalink"]]
            assert {name: same[name] for name in row} == row


def test_one_demand_leaves_with_all_that_is_known_of_it(
    client: Client, world: dict[str, Any]
) -> None:
    demand = world["demand"]
    page = client.get(demand.get_absolute_url()).content.decode()
    for form in ("csv", "json"):
        assert f'href="/demands/{demand.slug}.{form}"' in page
    whole = json.loads(body(client, f"/demands/{demand.slug}.json"))
    assert [row["reference"] for row in whole["demand"]] == [demand.reference]
    wanted = json.loads(body(client, f"/mentions.json?demand={demand.slug}"))["rows"]
    assert whole["mentions"] == wanted
    assert {row["demand_reference"] for row in whole["assessments"]} == {demand.reference}
    assert whole["evidence"]
    rows = as_csv(client, f"/demands/{demand.slug}.csv")
    assert [row["reference"] for row in rows] == [row["reference"] for row in wanted]
    lines = body(client, f"/fr/demands/{demand.slug}.jsonl").decode().splitlines()
    assert len(lines) == len(wanted)
    assert client.get(f"/demands/{demand.slug}.json?status=met").status_code == 400
    assert client.get("/demands/nothing.json").status_code == 404


def test_a_copy_that_still_holds_is_not_sent_again(client: Client, world: dict[str, Any]) -> None:
    for form in ("json", "jsonl", "xlsx"):
        answer = client.get(f"/demands.{form}")
        tag = answer["ETag"]
        assert f".{form}" in answer["Content-Disposition"]
        assert client.get(f"/demands.{form}", headers={"if-none-match": tag}).status_code == 304
        head = client.head(f"/demands.{form}")
        assert (head.status_code, head.headers["ETag"]) == (200, tag)
    make.DemandFactory()
    assert client.get("/demands.json", headers={"if-none-match": tag}).status_code == 200


# --- workbooks ---------------------------------------------------------------------------------

NAMES_OF_COLUMNS = ("note", "permalink", "start_date")


def written(most_linked: int = 10) -> tuple[list[list[Any]], Any]:
    rows = Meeting.objects.order_by("pk")
    columns = choose(MEETINGS.export.columns("en", date(2026, 1, 2)), NAMES_OF_COLUMNS)
    content = b"".join(workbook("meetings", rows, columns, ABOUT, most_linked))
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in book.worksheets[0].iter_rows(min_row=2)], book


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(min_size=1, max_size=40))
@example("=cmd|' /C calc'!A0")
@example("=1")
@example("#REF!")
@example("+1")
@example("@SUM(1)")
@example("TRUE")
@example("1e5")
@example("http://example.org/")
def test_nothing_of_the_record_is_ever_a_formula(typed: str) -> None:
    clean = typed.replace("\x00", "").encode("utf-8", "ignore").decode()
    if not Meeting.objects.exists():
        make.MeetingFactory()
    Meeting.objects.update(note=clean)
    ((note, _link, _start),), _book = written()
    assert note.data_type in ("s", "n")
    lines = clean.replace("\r\n", "\n").replace("\r", "\n")
    assert (note.value or "") == ILLEGAL_CHARACTERS_RE.sub("�", lines)
    assert note.hyperlink is None


def test_days_are_days_and_what_is_less_known_is_text() -> None:
    make.MeetingFactory(start="2017-11-09", end="", year=2017)
    make.MeetingFactory(start="2017-11", end="", year=2017)
    make.MeetingFactory(start="2017", end="", year=2017)
    rows, _book = written()
    assert [row[2].value for row in rows] == [datetime(2017, 11, 9), "2017-11", "2017"]
    assert rows[0][2].is_date


def test_addresses_are_clicked_up_to_a_number_of_rows_and_the_header_stays() -> None:
    make.MeetingFactory.create_batch(2)
    rows, book = written(most_linked=2)
    assert [row[1].hyperlink.target for row in rows] == [row[1].value for row in rows]
    assert book.worksheets[0].freeze_panes == "A2"
    rows, _book = written(most_linked=1)
    assert [row[1].hyperlink for row in rows] == [None, None]


def test_a_cell_that_is_too_long_is_cut_and_the_workbook_says_so() -> None:
    make.MeetingFactory(note="word " * 10_000)
    rows, book = written()
    assert len(rows[0][0].value) == LONGEST_CELL
    said = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert said["Cut"].startswith("1 cell holds more than 32767 signs")
