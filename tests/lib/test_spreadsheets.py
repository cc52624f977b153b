"""Tables as people save them: every program's CSV, and workbooks."""

import csv
import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kptracker.lib import spreadsheets
from kptracker.lib.csv_export import BROKEN_OFF
from kptracker.lib.spreadsheets import Sheet, UnreadableError, read_sheet, was_cut
from kptracker.lib.workbook import LONGEST_CELL

KNOWN = ["slug", "title", "title_fr", "date"]
TEXT = 'slug,title\r\nun,"Été, “ça”\r\net là"\r\ndeux,Élan\r\n'
CELLS = [{"slug": "un", "title": "Été, “ça”\net là"}, {"slug": "deux", "title": "Élan"}]


def cells(sheet: Sheet) -> list[dict[str, str]]:
    return [row.cells for row in sheet.rows]


def book(*rows: list[Any], sheets: dict[str, list[list[Any]]] | None = None) -> bytes:
    made = openpyxl.Workbook()
    made.active.title = "first"
    for row in rows:
        made.active.append(row)
    for name, others in (sheets or {}).items():
        page = made.create_sheet(name)
        for row in others:
            page.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_program_s_csv(encoding, delimiter):
    text = TEXT.replace(",", delimiter).replace(f"Été{delimiter}", "Été,")
    sheet = read_sheet(text.encode(encoding), KNOWN)
    assert cells(sheet) == CELLS
    assert (sheet.faults, sheet.notes) == ([], [])
    assert [row.line for row in sheet.rows] == [2, 4]


def test_windows_text_is_read_and_said_to_be_guessed():
    sheet = read_sheet(TEXT.encode("cp1252"), KNOWN)
    assert cells(sheet) == CELLS
    assert "cp1252" in sheet.notes[0]


def test_a_line_that_names_the_separator():
    sheet = read_sheet(b"sep=;\r\nslug;title\r\na;b,c\r\n", KNOWN)
    assert cells(sheet) == [{"slug": "a", "title": "b,c"}]
    assert sheet.rows[0].line == 3


def test_one_column_alone_and_semicolons_inside_cells():
    sheet = read_sheet(b"slug\na;b\n", KNOWN)
    assert sheet.faults == []
    assert cells(sheet) == [{"slug": "a;b"}]


def test_every_fault_is_named_by_line_and_column():
    sheet = read_sheet(b"slug,title,title,\na,b,c,d\ne\n\n  \nf,g,h\n", KNOWN)
    assert [(one.line, one.column) for one in sheet.faults] == [(1, "title"), (2, ""), (3, "")]
    assert "4 cells, the header 3" in sheet.faults[1].reason
    assert [row.line for row in sheet.rows] == [6]


def test_quotation_marks_that_do_not_fit():
    (fault,) = read_sheet(b'slug,title\na,b\nc,"d"e\n', KNOWN).faults
    assert fault.line == 3
    assert "quotation marks" in fault.reason


def test_delimiters_after_the_last_column_say_nothing():
    assert cells(read_sheet(b"slug;title;;\na;b;;\n", KNOWN)) == [{"slug": "a", "title": "b"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (f"slug,title\r\na,b\r\n{BROKEN_OFF}: ask again\r\n".encode(), "broke off"),
        (b"\xff\xfea", "UTF-16"),
        (b"slug,title\na,\x81\x8d\n", "Line 2 is no text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        (b"PK\x03\x04 nothing", "cannot be opened"),
        (b"slug\n" + b"a" * 20_000_000, "20 MB"),
        (b"slug\n" + b"a\n" * 10_001, "10000 rows"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_to_do(content, said):
    with pytest.raises(UnreadableError, match=said):
        read_sheet(content, KNOWN)


def test_a_workbook_s_cells_are_read_as_text():
    sheet = read_sheet(
        book(
            ["slug", "title", "date", "year", "yes"],
            ["a", "=1+1 as text", date(2017, 11, 9), 2017.0, True],
            ["b", None, datetime(2017, 11, 9, 0, 0), 2.5, False],
            [None, None, None, None, None],
        ),
        ["slug"],
    )
    # openpyxl writes text that begins with an equals sign as a formula.
    assert [(one.line, one.cell) for one in sheet.faults] == [(2, "B2")]
    assert "formula" in sheet.faults[0].reason
    assert cells(sheet) == [
        {"slug": "a", "title": "", "date": "2017-11-09", "year": "2017", "yes": "yes"},
        {"slug": "b", "title": "", "date": "2017-11-09", "year": "2.5", "yes": "no"},
    ]


def test_the_sheet_of_the_table_is_read_and_else_the_first():
    content = book(["note"], ["x"], sheets={"people": [["slug"], ["a"]]})
    assert cells(read_sheet(content, ["slug"], "people")) == [{"slug": "a"}]
    sheet = read_sheet(content, ["slug"], "meetings")
    assert cells(sheet) == [{"note": "x"}]
    assert "first" in sheet.notes[0]


def test_a_hidden_sheet_is_not_read_and_a_third_one_is_named():
    made = openpyxl.Workbook()
    made.active.append(["slug"])
    made.active.append(["seen"])
    hidden = made.create_sheet("people")
    hidden.append(["slug"])
    hidden.append(["hidden"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    assert cells(read_sheet(out.getvalue(), ["slug"], "people")) == [{"slug": "seen"}]
    content = book(["slug"], ["x"], sheets={"people": [["slug"], ["a"]], "copy": [["slug"], ["b"]]})
    sheet = read_sheet(content, ["slug"], "people")
    assert cells(sheet) == [{"slug": "a"}]
    assert "“people”" in sheet.notes[0]


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_UNPACKED", 1000)
    with pytest.raises(UnreadableError, match="larger"):
        read_sheet(book(["slug"], ["a"]), ["slug"])


def test_a_workbook_of_nothing_but_empty_rows_ends():
    made = openpyxl.Workbook(write_only=True)
    page = made.create_sheet("a")
    page.append(["slug"])
    for _row in range(spreadsheets.MOST_LINES):
        page.append([""])
    out = io.BytesIO()
    made.save(out)
    with pytest.raises(UnreadableError, match="10000 rows"):
        read_sheet(out.getvalue(), ["slug"])


CELL = b'<c r="B1" t="inlineStr"><is><t>&l9;</t></is></c>'


def test_entities_in_a_workbook_are_not_unfolded():
    """A thousand million laughs."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(["slug"], ["a"]))) as old,
        zipfile.ZipFile(out, "w") as new,
    ):
        for one in old.infolist():
            content = old.read(one.filename)
            if one.filename == "xl/worksheets/sheet1.xml":
                ha = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
                top = f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{ha}]>'.encode()
                start = content.index(b"<worksheet")
                content = top + content[start:].replace(b"</row>", CELL + b"</row>")
            new.writestr(one, content)
    assert b"&l9;" in zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml")
    with pytest.raises(UnreadableError, match="cannot be opened"):
        read_sheet(out.getvalue(), ["slug"])


def test_a_zip_that_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", "a")
    with pytest.raises(UnreadableError, match="cannot be opened"):
        read_sheet(out.getvalue(), ["slug"])


def test_a_cell_that_our_workbooks_cut():
    assert was_cut("a" * (LONGEST_CELL - 1) + "…")
    assert not was_cut("a" * LONGEST_CELL)
    assert not was_cut("a…")


@given(content=st.binary(max_size=400))
@example(content=b"\0")
@example(content=b"slug\n\0\n")
@example(content=b'"')
@example(content=b"\r")
@example(content=b"sep=\n")
@example(content=b"\xff\xfe\x00\xd8\x0a\x00")
def test_any_bytes_are_a_table_or_said_to_be_none(content):
    try:
        sheet = read_sheet(content, KNOWN)
    except UnreadableError:
        return
    for row in sheet.rows:
        assert list(row.cells) == sheet.columns


@given(
    rows=st.lists(
        st.lists(
            st.text(
                st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=8
            ),
            min_size=3,
            max_size=3,
        ),
        max_size=4,
    ),
    delimiter=st.sampled_from(",;\t"),
)
def test_what_was_written_is_read_again(rows, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["slug", "title", "title_fr"])
    writer.writerows(rows)
    sheet = read_sheet(out.getvalue().encode(), KNOWN)
    assert sheet.faults == []
    said = [[cell if cell.strip() else "" for cell in row] for row in rows]
    assert [list(row.cells.values()) for row in sheet.rows] == [row for row in said if any(row)]
