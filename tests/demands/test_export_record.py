"""Writing the record's files: what was loaded leaves as it came, what staff made comes along."""

import csv
import filecmp
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from demands import actions as demand_actions
from demands.loading import load
from demands.models import Assessment, Demand, Evidence, Mention
from demands.writing_record import NotWrittenError, write_record
from kptracker.lib.partial_dates import PartialDate
from kptracker.lib.writing import INVISIBLE
from statements import actions
from statements.models import Meeting, Organisation, Person, Statement, StatementSpeaker
from tests import factories as make
from tests.record_fixtures import empty_the_database
from tests.small_record import SmallRecord

pytestmark = pytest.mark.django_db

ALWAYS = {
    "assessments.csv",
    "countries.csv",
    "demands.csv",
    "meetings.csv",
    "mentions.csv",
    "organisations.csv",
    "people.csv",
    "statements.csv",
    "themes.csv",
    "vocabularies.csv",
}


def read(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def same(one: Path, other: Path) -> None:
    """Hold every file of two folders against each other: cells first, then bytes."""
    assert files(one) == files(other)
    for name in sorted(files(one)):
        rows, others = read(one / name), read(other / name)
        assert rows == others, name
    differing = filecmp.cmpfiles(one, other, files(one), shallow=False)[1:]
    assert differing == ([], [])


def again(folder: Path) -> Path:
    """Load a folder into an empty database, and write it once more."""
    empty_the_database()
    load(folder)
    write_record(folder.parent / "again")
    return folder.parent / "again"


# --- A record as it was loaded -------------------------------------------------------------------


def test_a_small_record_leaves_as_it_came(small: SmallRecord, tmp_path: Path) -> None:
    load(small.folder)
    write_record(tmp_path / "written")
    same(small.folder, tmp_path / "written")


# --- A record on which staff have worked --------------------------------------------------------


def edit(model: Any, key: str, **values: Any) -> Any:
    column = "reference" if model in (Demand, Mention, Assessment) else "slug"
    row = model.objects.get(**{column: key})
    for name, value in values.items():
        setattr(row, name, value)
    return actions.save(row, by=None)


def work_on_it() -> None:
    """Edit, add, hide, take down, quote, judge and correct: all that staff can do."""
    edit(
        Statement,
        "closing",
        title="Closing, “edited”\nin two lines",
        archived_url="https://a.org/x",
    )
    edit(Organisation, "ngo", slug="the-ngo", acronym="N,G;O")
    edit(Demand, "D-001", description=" kept \t with\r\nits spaces ", condition='say "when"')
    actions.take_down(Statement.objects.get(slug="letter"), by=None, why="It was never sent.")
    hidden = Person.objects.get(slug="ben-okoye")
    hidden.public_name = "withheld"
    actions.save(hidden, by=None)

    ama = Person.objects.get(slug="ama-mensah")
    silent = make.PersonFactory(slug="no-role", full_name="No Role", public_name="function_only")
    draft = make.StatementFactory(slug="draft", state="draft", title="", title_fr="Brouillon")
    actions.set_speakers(draft, [silent, ama], by=None)
    link = StatementSpeaker.objects.get(statement=draft, person=ama)
    link.role, link.name_as_given = ama.roles.get(reference="R-002"), "Miss A. Mensah"
    actions.save(link, by=None)
    closing = Statement.objects.get(slug="closing")
    actions.set_speakers(closing, [ama, silent, hidden], by=None)
    actions.set_issuers(draft, [Organisation.objects.get(slug="the-ngo")], by=None)
    make.MeetingFactory(slug="secret", state="in_review", start="2024", end=None, year=2024)
    make.RoleFactory(person=hidden, organisation=None, start="1999-12", role="", role_fr="Témoin")

    body = "Élargissez la définition.\n\nWiden it — now 💎."
    text = make.TextFactory(statement=closing, body=body)
    make.TextFactory(statement=closing, kind="summary", language="fr", body="Un résumé.")
    demand = Demand.objects.get(reference="D-002")
    make.MentionFactory(
        demand=demand, statement=closing, text=text, quote="now 💎", paraphrase="", paraphrase_fr=""
    )
    make.DemandFactory(
        slug="part", parent=demand, theme=demand.theme, superseded_by=demand, state="draft"
    )
    wrong = Assessment.objects.get(reference="A-0003")
    make.judge(
        demand,
        "partly_met",
        corrects=wrong,
        date="2021-11-12",
        meeting=Meeting.objects.get(slug="plenary-2021"),
        evidence=[
            Evidence(kind="government", held="A letter in the files", note="Read, not copied"),
            Evidence(kind="press", stance="contradicts", source_url="https://p.org/1"),
            Evidence(kind="coalition", statement=closing, archived_url="https://a.org/2"),
        ],
    )
    demand_actions.confirm(demand, by=None, rationale="Still so.", reviewed_by="The steering group")


def test_what_staff_made_comes_back(small: SmallRecord, tmp_path: Path) -> None:
    load(small.folder)
    work_on_it()
    folder = tmp_path / "written"
    write_record(folder)
    assert files(folder) == ALWAYS | {"speakers.csv", "texts.csv", "evidence.csv", "passages.csv"}
    same(folder, again(folder))

    assert Person.objects.get(slug="ben-okoye").public_name == "withheld"
    letter = Statement.objects.get(slug="letter")
    assert (letter.state, letter.taken_down_reason) == ("taken_down", "It was never sent.")
    assert Meeting.objects.get(slug="secret").state == "in_review"
    link = StatementSpeaker.objects.get(statement__slug="draft", person__slug="ama-mensah")
    assert (link.role.reference, link.name_as_given, link.position) == (
        "R-002",
        "Miss A. Mensah",
        2,
    )
    mention = Mention.objects.get(reference="M-0003")
    passage = mention.passages.get()
    assert passage.text.body[passage.start : passage.end] == mention.quote == "now 💎"
    demand = Demand.objects.get(reference="D-002")
    assert (demand.status, demand.provisional) == ("partly_met", False)
    assert [one.held for one in Assessment.objects.get(reference="A-0004").evidence.all()] == [
        "A letter in the files",
        "",
        "",
    ]
    assert Demand.objects.get(reference="D-001").description == " kept \t with\r\nits spaces "


def test_a_second_load_of_what_was_written_changes_nothing(
    small: SmallRecord, tmp_path: Path
) -> None:
    load(small.folder)
    work_on_it()
    write_record(tmp_path / "written")
    empty_the_database()
    load(tmp_path / "written")
    tallies = load(tmp_path / "written")
    assert {one.what for tally in tallies for one in tally.outcomes} == {"unchanged"}
    assert not any(tally.kept or tally.missing for tally in tallies)


def test_columns_stand_only_where_a_row_needs_them(small: SmallRecord, tmp_path: Path) -> None:
    load(small.folder)
    work_on_it()
    write_record(tmp_path / "written")
    extra = {
        name: set(read(tmp_path / "written" / name)[0]) - set(read(small.folder / name)[0])
        for name in ALWAYS
    }
    hiding = {"state", "taken_down_reason"}
    assert {name: columns for name, columns in extra.items() if columns} == {
        "meetings.csv": {"state"},
        "people.csv": {"public_name"},
        "statements.csv": hiding | {"archived_url"},
        "demands.csv": {"state"},
        "mentions.csv": {"quote"},
        "assessments.csv": {"kind", "meeting_slug", "corrects", "recorded_at"},
    }
    states = {row["slug"]: row["state"] for row in read(tmp_path / "written" / "statements.csv")}
    assert states == {
        "closing-fr": "published",
        "closing": "published",
        "letter": "taken_down",
        "draft": "draft",
    }


# --- What visitors may see ----------------------------------------------------------------------


def hide_many() -> None:
    """Make rows and links that no visitor may see; all their words hold SECRET or secret."""
    withheld = make.PersonFactory(
        slug="secret-one", full_name="Secretino Nameless", public_name="withheld"
    )
    by_function = make.PersonFactory(
        slug="secret-two",
        full_name="Secretina Nameless",
        name_variants="S. Secretina;Secret Tina",
        public_name="function_only",
    )
    drafted = make.PersonFactory(slug="secret-three", full_name="Secret Draft", state="draft")
    body = make.OrganisationFactory(slug="secret-body", name="SECRET", state="draft")
    for person in (withheld, by_function, drafted):
        make.RoleFactory(person=person, organisation=None, role="SECRET function", note="SECRET")
    meeting = make.MeetingFactory(slug="secret-meeting", title="SECRET", state="draft")
    closing = Statement.objects.get(slug="closing")
    actions.set_speakers(
        closing, [withheld, by_function, drafted, Person.objects.get(slug="ama-mensah")], by=None
    )
    for link in StatementSpeaker.objects.filter(statement=closing, person__slug__contains="secret"):
        link.name_as_given = "SECRET as given"
        actions.save(link, by=None)
    actions.set_issuers(closing, [body, *Organisation.objects.filter(slug="csc")], by=None)
    edit(Statement, "letter", meeting=meeting)
    hidden = make.StatementFactory(
        slug="secret-statement", title="SECRET", document="secret.txt", state="in_review"
    )
    make.TextFactory(statement=hidden, body="SECRET text")
    demand = Demand.objects.get(reference="D-002")
    secret = make.DemandFactory(
        slug="secret-demand", title="SECRET", theme=demand.theme, state="draft"
    )
    make.MentionFactory(demand=demand, statement=hidden, paraphrase="SECRET")
    make.MentionFactory(demand=secret, statement=closing, paraphrase="SECRET")
    make.MentionFactory(demand=demand, statement=closing, speaker=withheld, paraphrase="By whom?")
    make.judge(secret, "no_movement", rationale="SECRET")
    make.judge(
        demand,
        "no_movement",
        date="2022",
        meeting=meeting,
        evidence=[
            Evidence(kind="coalition", statement=hidden),
            Evidence(kind="press", source_url="document:secret.txt"),
            Evidence(kind="press", source_url="https://p.org/open"),
            Evidence(kind="press", source_url="https://p.org/more", note="Open too"),
        ],
    )
    edit(Demand, "D-001", parent=secret, superseded_by=secret, source_url="document:secret.txt")
    taken = make.StatementFactory(slug="secret-taken", title="SECRET")
    actions.take_down(taken, by=None, why="SECRET reason")


def test_only_what_visitors_may_see(small: SmallRecord, tmp_path: Path) -> None:
    load(small.folder)
    hide_many()
    write_record(tmp_path / "all")
    whole = "".join(path.read_text() for path in (tmp_path / "all").iterdir())
    assert whole.lower().count("secret") > 30
    folder = tmp_path / "public"
    write_record(folder, public=True)
    for path in folder.iterdir():
        if path.name != "vocabularies.csv":
            assert "secret" not in path.read_text().lower(), path.name
    assert files(folder) == ALWAYS | {"evidence.csv"}
    closing = next(row for row in read(folder / "statements.csv") if row["slug"] == "closing")
    assert (closing["speaker_slugs"], closing["issuer_slugs"]) == ("ama-mensah", "csc")
    last = read(folder / "assessments.csv")[-1]
    assert last["source_url"] == "https://p.org/open"
    assert [row["position"] for row in read(folder / "evidence.csv")] == ["2"]
    same(folder, again(folder))


def test_a_hidden_name_in_a_public_text_stops_the_writing(
    small: SmallRecord, tmp_path: Path
) -> None:
    load(small.folder)
    edit(Person, "ben-okoye", public_name="withheld")
    # Past the actions, which refuse it.
    Statement.objects.filter(slug="letter").update(summary="As Ben  OKOYE said.")
    with pytest.raises(NotWrittenError, match=r"statements.csv, line \d+ \(letter\): ben okoye"):
        write_record(tmp_path / "public", public=True)
    assert not (tmp_path / "public").exists()
    write_record(tmp_path / "all")


# --- Any text survives --------------------------------------------------------------------------

#: Without what is refused: halves of surrogate pairs, and signs that nobody sees.
TEXT = st.text(
    st.characters(exclude_categories=["Cs"]).filter(lambda sign: not INVISIBLE.match(sign)),
    max_size=60,
).map(lambda text: text if text.strip() else "")


@given(TEXT, TEXT, TEXT)
@examples(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_survives(db: None, tmp_path: Path, one: str, two: str, three: str) -> None:
    empty_the_database()
    theme = make.ThemeFactory(slug="t", name="x" + one)
    make.DemandFactory(
        slug="d", theme=theme, title=one + "x", title_fr=two, description=three, condition=three
    )
    make.OrganisationFactory(slug="o", name="x" + three, other_names=one, note=two)
    make.PersonFactory(slug="p", full_name="x" + two, name_variants=three)
    folder = tmp_path / "written"
    write_record(folder)
    same(folder, again(folder))
    demand = Demand.objects.get(slug="d")
    assert (demand.title, demand.title_fr, demand.description) == (one + "x", two, three)
    organisation = Organisation.objects.get(slug="o")
    assert (organisation.name, organisation.other_names, organisation.note) == (
        "x" + three,
        one,
        two,
    )


# --- Folders ------------------------------------------------------------------------------------


def test_a_folder_of_other_things_is_left_alone(small: SmallRecord, tmp_path: Path) -> None:
    load(small.folder)
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(CommandError, match="holds other things"):
        call_command("export_record", foreign, stdout=StringIO())
    assert files(foreign) == {"holiday.jpg"}
    with pytest.raises(CommandError, match="is a file"):
        call_command("export_record", foreign / "holiday.jpg", stdout=StringIO())


def test_a_record_is_written_over_an_earlier_one(small: SmallRecord, tmp_path: Path) -> None:
    load(small.folder)
    (small.folder / "README.md").write_text("What this is.")
    (small.folder / "texts.csv").write_text("statement_slug,kind,language,body\n")
    edit(Demand, "D-003", title="The coalition stays out")
    said = StringIO()
    call_command("export_record", small.folder, stdout=said)
    assert f"Written to {small.folder}" in said.getvalue()
    assert files(small.folder) == ALWAYS | {"README.md"}
    assert read(small.folder / "demands.csv")[2]["title"] == "The coalition stays out"
    assert files(tmp_path) == {"small"}


def test_a_moment_is_kept_to_the_microsecond(small: SmallRecord, tmp_path: Path) -> None:
    load(small.folder)
    demand = Demand.objects.get(reference="D-002")
    for moment in (
        datetime(2024, 5, 1, 0, 0, 0, 5, tzinfo=UTC),
        datetime(2024, 5, 1, 23, 59, 59, tzinfo=UTC),
    ):
        make.judge(demand, "no_movement", date="2024-05", recorded_at=moment)
    before = list(Assessment.objects.order_by("pk").values_list("reference", "recorded_at"))
    write_record(tmp_path / "written")
    again(tmp_path / "written")
    assert list(Assessment.objects.order_by("pk").values_list("reference", "recorded_at")) == before
    assert Assessment.objects.filter(date_last=PartialDate.parse("2024-05").last).count() == 2
