"""A faulty row is named by file, line, column and reason, and nothing at all is written."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from demands.loading import RefusedError, load
from demands.models import Demand
from kptracker.lib.documents.normal import normal_hash
from tests.small_record import SmallRecord

pytestmark = pytest.mark.django_db


def rows_in_database() -> int:
    return sum(
        model._base_manager.count()
        for room in ("lib", "statements", "demands")
        for model in apps.get_app_config(room).get_models()
    )


def faults(small: SmallRecord) -> list[str]:
    """Return what is said of a folder; nothing may be written then."""
    before = rows_in_database()
    with pytest.raises(RefusedError) as refused:
        load(small.folder)
    assert rows_in_database() == before
    return [str(problem) for problem in refused.value.problems]


def test_a_sound_folder_is_loaded(small: SmallRecord) -> None:
    tallies = {tally.name: tally.count("created") for tally in load(small.folder)}
    assert tallies["people"] == 2
    assert tallies["roles"] == 3
    assert Demand.objects.get(slug="any-perpetrator").parent.slug == "widen"


#: File, key, cells, the column that is named, and what is said.
CELLS: list[tuple[str, str, dict[str, str], str, str]] = [
    # slugs and references
    (
        "statements.csv",
        "closing",
        {"meeting_slug": "nowhere"},
        "meeting_slug",
        "There is no meeting",
    ),
    ("statements.csv", "closing", {"speaker_slugs": "ben-okoye;x"}, "speaker_slugs", "“x”"),
    ("statements.csv", "closing", {"issuer_slugs": "csc;csc"}, "issuer_slugs", "stands twice"),
    ("statements.csv", "closing", {"issuer_slugs": "csc;"}, "issuer_slugs", "semicolon too many"),
    ("statements.csv", "letter", {"version_of": "letter"}, "version_of", "cannot be a version"),
    ("statements.csv", "closing", {"version_of": "x"}, "version_of", "There is no statement “x”"),
    ("statements.csv", "closing", {"version_of": "closing-fr"}, "version_of", "itself a version"),
    ("mentions.csv", "M-0001", {"demand_slug": "x"}, "demand_slug", "There is no demand “x”"),
    ("mentions.csv", "M-0001", {"statement_slug": "x"}, "statement_slug", "no statement “x”"),
    ("mentions.csv", "M-0001", {"speaker_slug": "x"}, "speaker_slug", "There is no person “x”"),
    ("demands.csv", "D-001", {"theme_slug": "x"}, "theme_slug", "There is no theme “x”"),
    ("demands.csv", "D-001", {"theme_slug": ""}, "theme_slug", "cannot be null"),
    ("demands.csv", "D-001", {"parent_slug": "x"}, "parent_slug", "There is no demand “x”"),
    ("demands.csv", "D-001", {"superseded_by": "x"}, "superseded_by", "There is no demand “x”"),
    ("demands.csv", "D-002", {"slug": "any-perpetrator"}, "slug", "stands already on line 2"),
    ("demands.csv", "D-001", {"slug": "Not a slug"}, "slug", "Small letters"),
    ("demands.csv", "D-001", {"reference": "X-001"}, "reference", "looks like D-0001"),
    ("demands.csv", "D-001", {"reference": "D-1x"}, "reference", "looks like D-0001"),
    ("demands.csv", "D-001", {"reference": ""}, "reference", "needs its key"),
    ("meetings.csv", "plenary-2020", {"slug": ""}, "slug", "needs its key"),
    ("people.csv", "R-001", {"organisation_slug": "x"}, "organisation_slug", "no organisation"),
    ("people.csv", "R-001", {"country_code": "XX"}, "country_code", "There is no country “XX”"),
    ("people.csv", "R-001", {"reference": ""}, "reference", "needs its key"),
    ("people.csv", "R-002", {"full_name": "Ama M."}, "full_name", "says “Ama Mensah” here"),
    ("people.csv", "R-003", {"full_name": ""}, "full_name", "cannot be blank"),
    ("people.csv", "R-003", {"role": ""}, "role", "Name the function"),
    ("countries.csv", "CD", {"code": "cd"}, "code", "Two capital letters"),
    # dates
    ("meetings.csv", "plenary-2020", {"start_date": "2020-13"}, "start_date", "no such day"),
    ("meetings.csv", "plenary-2020", {"start_date": "9.11.2020"}, "start_date", "is not a date"),
    ("meetings.csv", "plenary-2020", {"end_date": "2020-11-08"}, "end_date", "before the start"),
    ("meetings.csv", "plenary-2020", {"year": "2019"}, "year", "disagree"),
    ("meetings.csv", "plenary-2020", {"year": "about 2020"}, "year", "is not a number"),
    ("meetings.csv", "plenary-2021", {"year": "3021"}, "year", "not a year of the record"),
    ("meetings.csv", "plenary-2021", {"year": "0"}, "year", "not a year of the record"),
    ("meetings.csv", "plenary-2020", {"cancelled": "no"}, "cancelled", "Write yes"),
    ("statements.csv", "letter", {"date": ""}, "date", "at least the year"),
    ("statements.csv", "letter", {"date": "0000-00-00"}, "date", "must lie between"),
    ("organisations.csv", "ngo", {"to": "2001-04"}, "to", "before the start"),
    ("people.csv", "R-001", {"to": "2018"}, "to", "before the start"),
    ("assessments.csv", "A-0003", {"date": "2099-01"}, "date", "in the future"),
    ("assessments.csv", "A-0003", {"date": ""}, "date", "at least the year"),
    ("assessments.csv", "A-0003", {"recorded_on": "2022"}, "recorded_on", "Write the day"),
    ("assessments.csv", "A-0003", {"recorded_on": ""}, "recorded_on", "Write the day"),
    # coded values
    ("meetings.csv", "plenary-2020", {"kind": "party"}, "kind", "not in the list meeting_kind"),
    ("statements.csv", "letter", {"voice": "choir"}, "voice", "not in the list voice: coalition"),
    ("statements.csv", "letter", {"voice": ""}, "voice", "cannot be blank"),
    ("statements.csv", "letter", {"language": "xx"}, "language", "not in the list language"),
    ("demands.csv", "D-001", {"confidence": "100%"}, "confidence", "not in the list confidence"),
    ("mentions.csv", "M-0001", {"kind": "sung"}, "kind", "not in the list mention_kind"),
    ("assessments.csv", "A-0003", {"status": "stuck"}, "status", "not in the list status"),
    ("assessments.csv", "A-0003", {"status": "not_applicable"}, "status", "not in the list"),
    ("assessments.csv", "A-0003", {"reason": "failed"}, "reason", "need a reason of their own"),
    ("assessments.csv", "A-0003", {"reason": ""}, "reason", "need a reason of their own"),
    (
        "assessments.csv",
        "A-0003",
        {"status": "met", "reason": ""},
        "brought_about_by",
        "who brought",
    ),
    ("assessments.csv", "A-0003", {"status": "not_assessed", "reason": ""}, "status", "withdraw"),
    ("assessments.csv", "A-0003", {"evidence_kind": ""}, "evidence_kind", "what kind of evidence"),
    ("assessments.csv", "A-0003", {"evidence_kind": "gossip"}, "evidence_kind", "evidence_kind:"),
    ("assessments.csv", "A-0003", {"source_url": ""}, "source_url", "Give the page"),
    ("assessments.csv", "A-0003", {"demand_slug": "stay-out"}, "demand_slug", "is not judged"),
    ("assessments.csv", "A-0003", {"assessed_by": ""}, "assessed_by", "cannot be blank"),
    ("assessments.csv", "A-0003", {"rationale": ""}, "rationale", "Say why"),
    ("assessments.csv", "A-0003", {"corrects": "A-0002"}, "corrects", "There is no assessment"),
    ("assessments.csv", "A-0003", {"corrects": "A-0003"}, "corrects", "There is no assessment"),
    # texts
    ("statements.csv", "letter", {"title": ""}, "title", "needs its English text"),
    ("statements.csv", "letter", {"title": "x" * 401}, "title", "at most 400 characters"),
    ("statements.csv", "letter", {"source_url": "gopher://x"}, "source_url", "not a web address"),
    ("statements.csv", "letter", {"source_url": "document:../x"}, "source_url", "document: and"),
    ("statements.csv", "letter", {"document": "closing.txt"}, "document", "names this document"),
    ("mentions.csv", "M-0001", {"paraphrase": ""}, "paraphrase", "Say in your own words"),
    ("demands.csv", "D-001", {"title": "\0"}, "title", "NUL"),
    ("demands.csv", "D-001", {"state": "secret"}, "state", "not in the list state"),
    ("demands.csv", "D-001", {"state": "taken_down"}, "taken_down_reason", "Say why"),
    ("people.csv", "R-003", {"public_name": "maybe"}, "public_name", "not in the list public_name"),
]


@pytest.mark.parametrize(
    ("name", "key", "cells", "column", "reason"),
    CELLS,
    ids=[
        f"{name}-{key}-{'-'.join(cells)}-{number}"
        for number, (name, key, cells, *_rest) in enumerate(CELLS)
    ],
)
def test_a_faulty_cell_is_named(
    small: SmallRecord, name: str, key: str, cells: dict[str, str], column: str, reason: str
) -> None:
    line = small.line(name, key)
    if "state" in cells:
        small.add_column(name, "state", "published")
    if "public_name" in cells:
        small.add_column(name, "public_name", "shown")
    small.change(name, key, **{f"{cell}_": text for cell, text in cells.items()})
    said = faults(small)
    place = f"{name}, line {line}, column {column}: "
    assert any(one.startswith(place) and reason in one for one in said), said


def test_two_demands_with_one_slug_are_refused_before_anything_refers_to_them(
    small: SmallRecord,
) -> None:
    small.add(
        "demands.csv",
        reference="D-009",
        slug="widen",
        title="W",
        theme_slug="reform",
        kind="demand",
    )
    assert faults(small) == [
        f"demands.csv, line {small.line('demands.csv', 'D-009')}, column slug: "
        "“widen” stands already on line 3"
    ]


def test_a_circle_of_parents_is_named(small: SmallRecord) -> None:
    small.change("demands.csv", "D-002", parent_slug="any-perpetrator")
    (said,) = faults(small)
    assert said.startswith("demands.csv, line ")
    assert "column parent_slug: This closes a circle" in said


def test_what_only_follows_from_a_faulty_row_is_not_named(small: SmallRecord) -> None:
    small.change("demands.csv", "D-002", kind="wish")
    said = faults(small)
    assert len(said) == 1
    assert said[0].startswith("demands.csv, line 3, column kind: “wish” is not in the list")


def test_everything_that_is_wrong_is_said_at_once(small: SmallRecord) -> None:
    small.change("meetings.csv", "plenary-2020", kind="party", start_date="yesterday")
    small.change("mentions.csv", "M-0002", kind="sung")
    small.add("themes.csv", slug="reform", name="Twice")
    assert len(faults(small)) == 4


def test_the_line_is_that_of_the_file_where_cells_hold_line_breaks(small: SmallRecord) -> None:
    assert small.line("statements.csv", "letter") == 5  # the fourth row, after a cell of two lines
    small.change("statements.csv", "letter", kind="song")
    assert faults(small)[0].startswith("statements.csv, line 5, column kind:")


# --- Files as files ---------------------------------------------------------------------------


def edit(small: SmallRecord, name: str, change: Callable[[bytes], bytes]) -> None:
    path = small.folder / name
    path.write_bytes(change(path.read_bytes()))


FILES: list[tuple[str, Callable[[bytes], bytes], str]] = [
    (
        "themes.csv",
        lambda b: b.replace(b"slug,name,", b"slug,"),
        "line 1, column name: this column",
    ),
    ("themes.csv", lambda b: b.replace(b"name_fr", b"name_de"), "column name_de: there is no such"),
    ("themes.csv", lambda b: b.replace(b"name_fr", b"name"), "column name: this column stands"),
    ("themes.csv", lambda b: b"", "themes.csv, line 1: the file is empty"),
    ("themes.csv", lambda b: b.decode().encode("utf-16"), "themes.csv, line 1: this is not UTF-8"),
    (
        "themes.csv",
        lambda b: b.decode().encode("latin-1"),
        "themes.csv, line 2, column name_fr: this is not UTF-8",
    ),
    ("themes.csv", lambda b: b + b"x,y\n", "line 4: the row has 2 cells, the header 3"),
    ("themes.csv", lambda b: b + b"x,y,z,a\n", "line 4: the row has 4 cells, the header 3"),
    (
        "themes.csv",
        lambda b: b + b"reform,y,z\n",
        "line 4, column slug: “reform” stands already on",
    ),
    ("themes.csv", lambda b: b + b'x,"y,z\n', "themes.csv, line 4: the quotation marks"),
    ("themes.csv", lambda b: b + b'x,"y"z,\n', "themes.csv, line 4: the quotation marks"),
    ("people.csv", lambda b: b + b",,,,,,,,,,,,\n", "people.csv, line 5, column slug"),
    (
        "vocabularies.csv",
        lambda b: b.replace(b"voice,member,", b"voice,limb,"),
        "column code: the site has no “limb” in its list voice",
    ),
    (
        "vocabularies.csv",
        lambda b: b.replace(b"A member alone", b"One member"),
        "column label: the site has “A member alone” for voice, member",
    ),
    (
        "vocabularies.csv",
        lambda b: b"\n".join(
            line for line in b.split(b"\n") if not line.startswith(b"voice,other")
        ),
        "vocabularies.csv: “other” of the site's list voice is missing",
    ),
]


@pytest.mark.parametrize(
    ("name", "change", "reason"), FILES, ids=[reason[:40] for *_rest, reason in FILES]
)
def test_a_faulty_file_is_named(
    small: SmallRecord, name: str, change: Callable[[bytes], bytes], reason: str
) -> None:
    edit(small, name, change)
    said = faults(small)
    assert any(reason in one for one in said), said
    assert all(one.startswith(name) for one in said), said


def test_a_byte_order_mark_and_other_line_ends_do_no_harm(small: SmallRecord) -> None:
    edit(small, "themes.csv", lambda b: b"\xef\xbb\xbf" + b.replace(b"\n", b"\r\n") + b"\r\n")
    assert {tally.name: tally.count("created") for tally in load(small.folder)}["themes"] == 2


def test_a_missing_file_a_strange_one_and_a_missing_folder(small: SmallRecord) -> None:
    (small.folder / "mentions.csv").rename(small.folder / "mention.csv")
    assert faults(small) == [
        f"mentions.csv: the file is missing in {small.folder}",
        "mention.csv: the record has no file of this name",
    ]
    (small.folder / "mention.csv").rename(small.folder / "mentions.csv")
    (small.folder / "notes.csv").write_text("a\n")
    assert faults(small) == ["notes.csv: the record has no file of this name"]
    small.folder = Path("/nowhere")
    assert faults(small) == ["/nowhere: there is no such folder"]


# --- Files that only some records have ----------------------------------------------------------

SPEAKERS = ["statement_slug", "person_slug", "role_reference", "name_as_given"]
TEXTS = ["statement_slug", "kind", "language", "body"]
EVIDENCE = [
    "assessment_reference",
    "position",
    "kind",
    "stance",
    "source_url",
    "statement_slug",
    "held",
    "archived_url",
    "note",
]
URL = "https://example.org/2"

MORE: list[tuple[str, list[str], list[list[str]], str]] = [
    (
        "speakers.csv",
        SPEAKERS,
        [["closing", "ama-mensah", "R-003", ""]],
        "role_reference: This is a",
    ),
    ("speakers.csv", SPEAKERS, [["letter", "ama-mensah", "", "A"]], "person_slug: This person is"),
    ("speakers.csv", SPEAKERS, [["x", "ama-mensah", "", ""]], "statement_slug: There is no"),
    ("texts.csv", TEXTS, [["closing", "verbatim", "en", ""]], "body: This field cannot be blank"),
    ("texts.csv", TEXTS, [["closing", "song", "en", "x"]], "kind: “song” is not in the list"),
    (
        "texts.csv",
        TEXTS,
        [["closing", "verbatim", "en", "x"]] * 2,
        "language: “closing/verbatim/en” stands already",
    ),
    (
        "evidence.csv",
        EVIDENCE,
        [["A-0009", "2", "press", "supports", URL, "", "", "", ""]],
        "assessment_reference: assessments.csv has no “A-0009”",
    ),
    (
        "evidence.csv",
        EVIDENCE,
        [["A-0001", "2", "press", "supports", "", "", "", "", ""]],
        "source_url: Give the page",
    ),
    (
        "evidence.csv",
        EVIDENCE,
        [["A-0001", "3", "press", "supports", URL, "", "", "", ""]],
        "position: The positions have a gap",
    ),
    (
        "evidence.csv",
        EVIDENCE,
        [["A-0001", "2", "rumour", "supports", URL, "x", "", "", ""]],
        "kind: “rumour” is not in the list",
    ),
]


@pytest.mark.parametrize(("name", "columns", "rows", "reason"), MORE, ids=[one[3] for one in MORE])
def test_faults_of_files_that_only_some_records_have(
    small: SmallRecord, name: str, columns: list[str], rows: list[list[str]], reason: str
) -> None:
    small.new_file(name, columns, *rows)
    said = faults(small)
    place = f"{name}, line {1 + len(rows)}, column {reason.split(':')[0]}"
    assert any(one.startswith(place) and reason in one for one in said), said


WIDEN = "Widen  the definition.\n\nNow."
PLACE = {"start": "0", "end": "5", "sha256": normal_hash(WIDEN)}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"end": "30"}, "column start: The text has no words at this place"),
        ({"start": ""}, "column start: A passage has a start and an end"),
        ({"start": "5"}, "column end: A passage ends after it begins"),
        ({"start": "x"}, "column start: “x” is not a number"),
        ({"sha256": "abc"}, "column sha256: A SHA-256 has 64 digits"),
        ({"start": "", "end": "", "exact": "x", "sha256": "a" * 64}, "column exact: The text of"),
        ({"mention_reference": "M-0099"}, "column mention_reference: There is no mention “M-0099”"),
    ],
)
def test_a_passage_that_is_not_at_its_place(
    small: SmallRecord, cells: dict[str, str], reason: str
) -> None:
    small.new_file("texts.csv", TEXTS, ["closing", "verbatim", "en", WIDEN])
    passage = {"reference": "P-0001", "mention_reference": "M-0001", **PLACE, "exact": ""} | cells
    small.new_file("passages.csv", list(passage), list(passage.values()))
    said = faults(small)
    assert any(one.startswith("passages.csv, line 2, ") and reason in one for one in said), said


# --- What the command prints --------------------------------------------------------------------


def test_the_command_prints_the_faults_and_fails(small: SmallRecord) -> None:
    small.change("meetings.csv", "plenary-2020", kind="party")
    with pytest.raises(CommandError) as refused:
        call_command("load_record", small.folder, stdout=StringIO(), stderr=StringIO())
    assert "meetings.csv, line 2, column kind: “party”" in str(refused.value)
    assert str(refused.value).endswith("Nothing was written: 1 thing is wrong.")
    assert refused.value.returncode == 1


def test_the_command_prints_a_hundred_faults_at_most(small: SmallRecord) -> None:
    for number in range(130):
        small.rows["themes.csv"].append({"slug": f"t{number}", "name": "", "name_fr": ""})
    small.write()
    with pytest.raises(CommandError) as refused:
        call_command("load_record", small.folder, stdout=StringIO(), stderr=StringIO())
    lines: list[Any] = str(refused.value).split("\n")
    assert len(lines) == 102
    assert lines[-2:] == ["and 30 more", "Nothing was written: 130 things are wrong."]
