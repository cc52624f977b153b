"""Loading again: staff's work is kept, field by field; nothing is deleted, nothing comes twice."""

import pytest

from demands import actions as demand_actions
from demands.loading import RefusedError, load
from demands.models import Assessment, Demand, Mention, Theme
from kptracker.lib.writing import delete
from statements import actions
from statements.models import Meeting, Organisation, Person, Role, Statement, StatementSpeaker
from tests import factories as make
from tests.second_load import command, edit, everything, happened, kept, widen
from tests.small_record import SmallRecord
from tests.stamps import current_stamp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(small: SmallRecord) -> None:
    """Load the small record once."""
    load(small.folder)


# --- Field by field -----------------------------------------------------------------------------


def test_the_same_files_change_nothing(small: SmallRecord) -> None:
    before, stamp = everything(), current_stamp()
    load(small.folder)
    load(small.folder, overwrite=True)
    assert everything() == before
    assert current_stamp() == stamp


def test_what_staff_edited_is_kept_and_the_rest_follows_the_file(small: SmallRecord) -> None:
    edit(widen(), title="Widen it, all of it")
    version, histories = widen().version, Demand.history.count()
    small.change("demands.csv", "D-002", title="Widen!", description="What and why.")
    tallies = load(small.folder)
    assert kept(tallies) == {"D-002": ["title"]}
    assert happened(tallies, "updated") == ["demands D-002"]
    row = widen()
    assert (row.title, row.description) == ("Widen it, all of it", "What and why.")
    assert (row.version, Demand.history.count()) == (version + 1, histories + 1)


def test_what_is_kept_stays_kept_until_it_is_as_it_was_loaded(small: SmallRecord) -> None:
    edit(widen(), title="Staff's")
    before = everything()
    for _time in range(2):
        assert kept(load(small.folder)) == {"D-002": ["title"]}
        assert everything() == before
    small.change("demands.csv", "D-002", title="The file's")
    assert kept(load(small.folder)) == {"D-002": ["title"]}
    edit(widen(), title="Widen the definition")
    assert kept(load(small.folder)) == {}
    assert widen().title == "The file's"


def test_an_edit_that_the_file_has_too_is_no_longer_one(small: SmallRecord) -> None:
    edit(widen(), title="Agreed")
    small.change("demands.csv", "D-002", title="Agreed")
    assert kept(load(small.folder)) == {}
    small.change("demands.csv", "D-002", title="Agreed again")
    load(small.folder)
    assert widen().title == "Agreed again"


def test_overwrite_takes_the_files_text(small: SmallRecord) -> None:
    edit(widen(), title="Staff's", description="Staff's too")
    assert kept(load(small.folder, overwrite=True)) == {}
    assert (widen().title, widen().description) == ("Widen the definition", "")
    assert [one.title for one in Demand.history.filter(reference="D-002")[:2]] == [
        "Widen the definition",
        "Staff's",
    ]


def test_dates_that_make_sense_only_together_are_kept_together(small: SmallRecord) -> None:
    edit(Organisation.objects.get(slug="ngo"), end="2003")
    small.change("organisations.csv", "ngo", from_="2010", name="Another name")
    tallies = load(small.folder)
    row = Organisation.objects.get(slug="ngo")
    assert (str(row.start), str(row.end), row.name) == ("2001-05", "2003", "Another name")
    assert kept(tallies) == {"ngo": ["from", "to"]}


def test_links_that_staff_changed_are_kept(small: SmallRecord) -> None:
    closing = Statement.objects.get(slug="closing")
    ama = Person.objects.get(slug="ama-mensah")
    actions.set_speakers(closing, [ama], by=None)
    small.change("statements.csv", "closing", speaker_slugs="ben-okoye", addressee_slugs="ngo;kp")
    assert kept(load(small.folder)) == {"closing": ["speaker_slugs"]}
    assert [link.person for link in closing.speaker_links.all()] == [ama]
    assert [link.organisation.slug for link in closing.addressee_links.all()] == ["ngo", "kp"]
    load(small.folder, overwrite=True)
    assert [link.person.slug for link in closing.speaker_links.all()] == ["ben-okoye"]


def test_a_row_whose_slug_staff_changed_is_found(small: SmallRecord) -> None:
    edit(widen(), slug="widen-the-definition")
    edit(Meeting.objects.get(slug="plenary-2020"), slug="johannesburg")
    small.change("demands.csv", "D-002", title="New title")
    small.change("statements.csv", "letter", meeting_slug="plenary-2020")
    tallies = load(small.folder)
    assert happened(tallies, "created") == []
    assert (widen().slug, widen().title) == ("widen-the-definition", "New title")
    assert Statement.objects.get(slug="letter").meeting.slug == "johannesburg"
    assert Mention.objects.get(reference="M-0001").demand == widen()
    assert {tally.name: tally.missing for tally in tallies if tally.missing} == {}
    before = everything()
    load(small.folder)
    assert everything() == before


def test_parents_may_change_places(small: SmallRecord) -> None:
    small.change("demands.csv", "D-001", parent_slug="")
    small.change("demands.csv", "D-002", parent_slug="any-perpetrator")
    load(small.folder)
    assert widen().parent.reference == "D-001"
    assert Demand.objects.get(reference="D-001").parent is None


# --- States and names ---------------------------------------------------------------------------


@pytest.mark.parametrize("overwrite", [False, True])
def test_the_state_of_a_row_never_changes_by_a_load(small: SmallRecord, overwrite: bool) -> None:
    actions.take_down(Statement.objects.get(slug="letter"), by=None, why="Never sent")
    small.add_column("statements.csv", "state", "published")
    small.change("statements.csv", "closing", state="draft", title="New")
    load(small.folder, overwrite=overwrite)
    assert dict(Statement.objects.values_list("slug", "state")) == {
        "closing": "published",
        "closing-fr": "published",
        "letter": "taken_down",
    }
    assert Statement.objects.get(slug="closing").title == "New"
    assert Statement.objects.get(slug="letter").taken_down_reason == "Never sent"


def test_a_new_row_has_the_state_that_the_file_gives(small: SmallRecord) -> None:
    small.add_column("meetings.csv", "state")
    small.add("meetings.csv", slug="m", title="M", kind="plenary", year="2022", state="draft")
    small.add("meetings.csv", slug="n", title="N", kind="plenary", year="2022")
    load(small.folder)
    states = dict(Meeting.objects.values_list("slug", "state"))
    assert (states["m"], states["n"]) == ("draft", "published")


@pytest.mark.parametrize("overwrite", [False, True])
def test_no_load_shows_a_name_that_somebody_hid(small: SmallRecord, overwrite: bool) -> None:
    edit(Person.objects.get(slug="ben-okoye"), public_name="withheld")
    small.add_column("people.csv", "public_name", "shown")
    small.change("people.csv", "R-003", public_name="function_only", full_name="Benjamin Okoye")
    tallies = load(small.folder, overwrite=overwrite)
    person = Person.objects.get(slug="ben-okoye")
    assert (person.public_name, person.full_name) == ("withheld", "Benjamin Okoye")
    assert kept(tallies)["ben-okoye"] == ["public_name"]


def test_a_load_may_hide_a_name(small: SmallRecord) -> None:
    small.add_column("people.csv", "public_name", "shown")
    small.change("people.csv", "R-003", public_name="withheld")
    load(small.folder)
    assert Person.objects.get(slug="ben-okoye").public_name == "withheld"


# --- Rows that are gone here or there -----------------------------------------------------------


def test_what_staff_deleted_is_not_made_again(small: SmallRecord) -> None:
    delete(Mention.objects.get(reference="M-0002"), by=None)
    delete(Statement.objects.get(slug="letter"), by=None)
    tallies = load(small.folder)
    assert happened(tallies, "deleted") == ["statements letter", "mentions M-0002"]
    assert not Statement.objects.filter(slug="letter").exists()
    assert not Mention.objects.filter(reference="M-0002").exists()
    said = command(small.folder)
    assert "Deleted by staff, not made again:\n  statements letter\n  mentions M-0002\n" in said


def test_what_refers_to_a_deleted_row_is_left_out(small: SmallRecord) -> None:
    delete(Mention.objects.get(reference="M-0002"), by=None)
    delete(Statement.objects.get(slug="letter"), by=None)
    small.add(
        "mentions.csv",
        reference="M-0009",
        demand_slug="widen",
        statement_slug="letter",
        kind="demanded",
        paraphrase="Once more.",
    )
    assert happened(load(small.folder), "left_out") == ["mentions M-0009"]
    assert "staff deleted what it refers to:\n  mentions M-0009" in command(small.folder)
    assert Mention.objects.count() == 1


def test_what_is_no_longer_in_the_files_is_listed_and_stays(small: SmallRecord) -> None:
    small.remove("mentions.csv", "M-0002")
    small.remove("people.csv", "R-002")
    before = everything()
    tallies = load(small.folder)
    assert {tally.name: tally.missing for tally in tallies if tally.missing} == {
        "mentions": ["M-0002"],
        "roles": ["R-002"],
    }
    after = everything()
    files = "lib.LoadedRow"
    assert {name: after[name] for name in after if name != files} == {
        name: before[name] for name in before if name != files
    }
    assert "No longer in the files, left as it is:\n  roles R-002\n  mentions M-" in command(
        small.folder
    )


def test_a_reference_given_to_something_else_here_is_refused(small: SmallRecord) -> None:
    theme = Theme.objects.get(slug="reform")
    assert make.DemandFactory(slug="staff-made", theme=theme).reference == "D-004"
    small.add(
        "demands.csv",
        reference="D-004",
        slug="from-the-files",
        title="Another",
        theme_slug="reform",
        kind="demand",
    )
    with pytest.raises(RefusedError) as refused:
        load(small.folder)
    (problem,) = refused.value.problems
    assert (problem.file, problem.column) == ("demands.csv", "slug")
    assert "D-004 is “staff-made” in this database: number the row anew" in problem.reason


# --- Judgements ---------------------------------------------------------------------------------


def test_a_changed_judgement_is_refused(small: SmallRecord) -> None:
    small.change("assessments.csv", "A-0003", rationale="Two objected.", date="2021-11-13")
    with pytest.raises(RefusedError) as refused:
        load(small.folder)
    assert {problem.column for problem in refused.value.problems} == {"date", "rationale"}
    assert "add a new one that corrects A-0003" in refused.value.problems[0].reason
    assert "it says “2021-11-12” here" in str(refused.value.problems[0])
    with pytest.raises(RefusedError):
        load(small.folder, overwrite=True)


def test_a_changed_judgement_is_taken_with_one_that_corrects_it(small: SmallRecord) -> None:
    old = small.find("assessments.csv", "A-0003")
    small.change("assessments.csv", "A-0003", rationale="Two objected.")
    small.add_column("assessments.csv", "corrects")
    new = {**old, "reference": "A-0004", "rationale": "Two objected.", "corrects": "A-0003"}
    small.add("assessments.csv", **new)
    tallies = load(small.folder)
    assert happened(tallies, "created") == ["assessments A-0004"]
    assert Assessment.objects.get(reference="A-0003").rationale == "One participant objected."
    assert [one.reference for one in Assessment.objects.counting().filter(demand=widen())] == [
        "A-0004",
        "A-0001",
    ]
    before = everything()
    load(small.folder)
    assert everything() == before


def test_evidence_is_never_altered_or_added_to(small: SmallRecord) -> None:
    columns = ["assessment_reference", "position", "kind", "stance", "source_url"]
    columns += ["statement_slug", "held", "archived_url", "note"]
    more = ["A-0001", "2", "press", "supports", "https://p.org/2", "", "", "", ""]
    small.new_file("evidence.csv", columns, more)
    with pytest.raises(RefusedError) as refused:
        load(small.folder)
    assert "evidence.csv, line 2: The evidence of A-0001 is never altered" in str(
        refused.value.problems[0]
    )


def test_a_judgement_that_staff_added_moves_the_status_and_stays(small: SmallRecord) -> None:
    make.judge(widen(), "met", date="2022-03")
    load(small.folder)
    assert (widen().status, widen().assessments.count()) == ("met", 3)


def test_a_confirmed_judgement_is_no_edit_of_the_one_it_confirms(small: SmallRecord) -> None:
    demand_actions.confirm(widen(), by=None, rationale="Still so.", reviewed_by="The group")
    assert kept(load(small.folder)) == {}
    assert not widen().provisional


# --- Files that only some records have ----------------------------------------------------------


def test_the_role_of_a_speaker_follows_the_file_until_staff_say_otherwise(
    small: SmallRecord,
) -> None:
    columns = ["statement_slug", "person_slug", "role_reference", "name_as_given"]
    small.new_file("speakers.csv", columns, ["closing", "ama-mensah", "R-001", "A. M."])
    load(small.folder)
    link = StatementSpeaker.objects.get(person__slug="ama-mensah")
    assert (link.role.reference, link.name_as_given, link.position) == ("R-001", "A. M.", 2)
    edit(link, role=Role.objects.get(reference="R-002"))
    small.new_file("speakers.csv", columns, ["closing", "ama-mensah", "", "Ama M."])
    assert kept(load(small.folder)) == {"closing/ama-mensah": ["role_reference"]}
    link.refresh_from_db()
    assert (link.role.reference, link.name_as_given) == ("R-002", "Ama M.")


def test_a_speaker_whom_staff_took_out_is_left_out(small: SmallRecord) -> None:
    closing = Statement.objects.get(slug="closing")
    actions.set_speakers(closing, [Person.objects.get(slug="ama-mensah")], by=None)
    columns = ["statement_slug", "person_slug", "role_reference", "name_as_given"]
    small.new_file("speakers.csv", columns, ["closing", "ben-okoye", "R-003", ""])
    tallies = load(small.folder)
    assert happened(tallies, "left_out") == ["speakers closing/ben-okoye"]
    assert closing.speaker_links.count() == 1
