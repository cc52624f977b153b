"""import_documents: many documents, each wholly or not at all."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from statements.models import Original, Statement, Text
from statements.models.originals import originals_storage
from tests import factories as make
from tests.lib.documents import papers

pytestmark = pytest.mark.django_db

PHONE = "+263 77 123 4567"


SAID = {
    "boats": (
        "Boats bring the stones to town, and nobody counts them at the quay.",
        "A boat without papers should be turned back before it lands.",
    ),
    "lamps": (
        "Those who dig at night have one lamp between twenty, and three have drowned this year.",
        "Whoever buys what was found by night can pay for light.",
    ),
    "roads": (
        "The road to the pits was promised in 2012 and ends in a swamp.",
        "No ambulance gets through in the rains; the lorries of the traders do.",
    ),
    "schools": (
        "Children sieve gravel while their classroom stands empty, for want of a teacher.",
        "One share in a hundred of each sale would keep four schools open.",
    ),
    "doctors": (
        "There is no doctor within a day of the mines, and dust fills every chest.",
        "A nurse who comes once a month is no answer to that.",
    ),
}


def paragraphs(what: str) -> list[str]:
    """A press release of its own about something."""
    return [
        f"Press release: the River Coalition asks for {what}",
        "10 November 2024",
        *SAID[what],
        "The River Coalition said so today in Zwolle.",
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one document of each kind, a damaged one, and what is no document."""
    make.OrganisationFactory(name="River Coalition", slug="river-coalition", kind="coalition")
    files: dict[str, bytes] = {
        "boats.docx": papers.word(*paragraphs("boats")),
        "lamps.txt": "\n\n".join(paragraphs("lamps")).encode("utf-16"),
        "roads.odt": papers.open_text(
            "".join(f"<text:p>{one}</text:p>" for one in paragraphs("roads"))
        ),
        "schools.html": f"<html><body>{''.join(f'<p>{one}</p>' for one in paragraphs('schools'))}"
        "</body></html>".encode(),
        "torn.pdf": papers.pdf([(700, "The river mines")])[:150],
        "picture.png": b"\x89PNG\r\n\x1a\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "inside").mkdir()
    return tmp_path


def run(*paths: Any, **options: Any) -> tuple[str, str]:
    """Return what was printed, and the error with which it ended ('' for none)."""
    out, error = io.StringIO(), ""
    try:
        call_command(
            "import_documents", *map(str, paths), stdout=out, stderr=io.StringIO(), **options
        )
    except CommandError as raised:
        error = str(raised)
    return out.getvalue(), error


def part_of(printed: str, name: str) -> str:
    """Return what was printed about one file."""
    return printed.split(f"{name}\n")[1].split("\n\n")[0].split("\n  -> ")[0]


def counts() -> tuple[int, int, int]:
    return Statement.objects.count(), Text.objects.count(), Original.objects.count()


def files_kept() -> int:
    folder = Path(originals_storage().path(""))
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_a_folder_comes_in_file_by_file_and_the_bad_one_is_named(folder: Path) -> None:
    printed, error = run(folder)
    assert error
    assert "4 taken in, 0 in already, 1 not taken in." in printed
    assert "NOT TAKEN IN: “torn.pdf” is damaged" in printed
    assert "picture.png" not in printed
    assert counts() == (4, 4, 4)
    for name, what in [("boats.docx", "boats"), ("lamps.txt", "lamps"), ("roads.odt", "roads"),
                       ("schools.html", "schools")]:  # fmt: skip
        row = Statement.objects.get(document=name)
        assert (row.state, row.kind, row.voice, str(row.date)) == (
            "draft",
            "press_release",
            "coalition",
            "2024-11-10",
        )
        assert row.texts.get().body == "\n\n".join(paragraphs(what))
        assert f"new draft: {row.slug}" in printed


def test_what_was_recognised_is_printed(folder: Path) -> None:
    printed, _error = run(folder / "boats.docx")
    assert "read: docx" in printed
    assert "title: Press release: the River Coalition asks for boats" in printed
    assert "kind: Press release [press_release]" in printed
    assert "date: 10 November 2024 [2024-11-10]" in printed
    assert "issuers: River Coalition" in printed


def test_a_second_run_finds_everything_in(folder: Path) -> None:
    run(folder)
    before = counts()
    printed, _error = run(folder)
    assert "0 taken in, 4 in already, 1 not taken in." in printed
    assert counts() == before


def test_without_the_damaged_file_the_command_ends_well(folder: Path) -> None:
    (folder / "torn.pdf").unlink()
    assert run(folder)[1] == ""
    assert run(folder)[1] == ""


def test_a_trial_says_the_same_and_writes_nothing(folder: Path) -> None:
    before = files_kept()
    tried, _error = run(folder, dry_run=True)
    assert counts() == (0, 0, 0)
    assert files_kept() == before
    assert "4 would be taken in" in tried
    printed, _error = run(folder)
    assert part_of(tried, "boats.docx") == part_of(printed, "boats.docx")


def test_the_text_goes_to_the_statement_that_names_the_file(folder: Path) -> None:
    row = make.StatementFactory(document="boats.docx", title="As it is")
    printed, _error = run(folder / "boats.docx")
    assert f"text of: {row.slug}" in printed
    row.refresh_from_db()
    assert (row.title, Statement.objects.count()) == ("As it is", 1)
    assert row.texts.get().body == "\n\n".join(paragraphs("boats"))


def test_a_statement_that_has_another_text_keeps_it(folder: Path) -> None:
    row = make.StatementFactory(document="boats.docx")
    make.TextFactory(statement=row, body="Quite another text.")
    printed, error = run(folder / "boats.docx")
    assert error
    assert "has a text of this kind already" in printed
    assert (row.texts.get().body, counts()) == ("Quite another text.", (1, 1, 0))


# --- What is proposed for removal -------------------------------------------------------------


def test_nothing_is_removed_unless_it_is_accepted(tmp_path: Path) -> None:
    row = make.StatementFactory(document="note.txt")
    body = "\n\n".join(paragraphs("boats"))
    (tmp_path / "note.txt").write_text(f"{body}\n\nFollow us", encoding="utf-8")
    printed, error = run(tmp_path)
    assert error
    assert "proposed for removal: asks to follow or share: “Follow us”" in printed
    assert "--accept" in printed
    assert counts() == (1, 0, 0)
    printed, error = run(tmp_path, accept=True)
    assert not error
    assert "removed: asks to follow or share: “Follow us”" in printed
    assert row.texts.get().body == body


def test_personal_data_are_named_masked_and_keep_a_draft_back(folder: Path) -> None:
    path = folder / "phone.txt"
    path.write_text("\n\n".join([*paragraphs("doctors"), f"Questions: {PHONE}"]), encoding="utf-8")
    printed, error = run(path)
    assert not error
    assert "personal data: telephone number +2…67" in printed
    assert "keep the draft from being published" in printed
    assert PHONE not in printed
    assert PHONE in Text.objects.get().body


def test_personal_data_do_not_go_into_a_public_text(tmp_path: Path) -> None:
    row = make.StatementFactory(document="phone.txt")
    path = tmp_path / "phone.txt"
    path.write_text("\n\n".join([*paragraphs("doctors"), f"Questions: {PHONE}"]), encoding="utf-8")
    printed, error = run(path)
    assert error
    assert "visitors would read the personal data" in printed
    assert counts() == (1, 0, 0)
    printed, error = run(path, accept=True)
    assert not error
    assert PHONE not in printed
    assert "left out of the public text: 1" in printed
    assert "Questions: […]" in row.texts.get().body
    assert "in already" in run(path, accept=True)[0]


# --- What needs a person ----------------------------------------------------------------------


def test_nothing_is_made_up(tmp_path: Path) -> None:
    path = tmp_path / "bare.txt"
    path.write_text("The river is wide, and its mines are deep and old.", encoding="utf-8")
    printed, error = run(path)
    assert error
    assert "does not show its" in printed
    assert "date" in printed
    assert counts() == (0, 0, 0)


def test_a_text_much_like_another_is_left_to_a_person(folder: Path) -> None:
    run(folder / "boats.docx")
    path = folder / "boats-again.txt"
    again = [one.replace("nobody counts", "not a soul counts") for one in paragraphs("boats")]
    path.write_text("\n\n".join(again), encoding="utf-8")
    printed, error = run(path)
    assert error
    assert "a text much like it" in printed
    assert counts() == (1, 1, 1)


def test_two_texts_in_one_file_are_told_of_and_kept_as_one(tmp_path: Path) -> None:
    row = make.StatementFactory(document="both.txt")
    spoken = " ".join(["We leave this room, and we say why we leave it."] * 6)
    written = [*paragraphs("boats"), *SAID["roads"]]
    both = [spoken, "Here are the remarks prepared in writing:", *written]
    (tmp_path / "both.txt").write_text("\n\n".join(both), encoding="utf-8")
    printed, error = run(tmp_path)
    assert not error
    assert "two texts in one file?" in printed
    assert row.texts.get().body == "\n\n".join(both)


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "nowhere" in run(tmp_path / "nowhere")[1]
    assert "no document to read" in run(tmp_path)[1]
