"""What was wrong is told in public, without repeating it, and only while its row is public."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from demands import actions as demand_actions
from demands.loading import RefusedError, load
from demands.models import Demand
from kptracker.lib.append_only import AppendOnlyError
from kptracker.lib.corrections import noting, record, settle
from kptracker.lib.models import Correction, LoadedRow, OldSlug, SearchEntry, Stamp
from kptracker.lib.told import facts_of, told_tables
from kptracker.lib.writing import delete
from statements import actions
from tests import factories as make
from tests.constraints import Case, check, declared
from tests.small_record import SmallRecord
from tests.stamps import current_stamp

pytestmark = pytest.mark.django_db
WHY = "The day was misread in the source."


def corrected(change: Callable[[], Any], why: str = WHY) -> list[Correction]:
    """Change something as a form does, and return what was recorded."""
    with noting(why) as noted:
        change()
    return settle(noted, why=why, by=None)


def save(row: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    return actions.save(row, by=None)


def shown() -> list[tuple[str, str]]:
    rows = Correction.objects.public().order_by("id")
    return [(row.table.split(".")[1], row.facts) for row in rows]


# --- what is told ------------------------------------------------------------------------------


def test_a_date_is_told_with_both_days_and_words_only_by_their_column() -> None:
    row = make.StatementFactory(date="2023-11", title="Wrong title")
    (one,) = corrected(lambda: save(row, date="2023-11-10", title="Right title"))
    assert one.reference == "C-0001"
    found = {fact.name: (fact.before, fact.after) for fact in one.corrected}
    assert found == {"date": ("November 2023", "10 November 2023"), "title": ("", "")}
    assert "Wrong title" not in str(Correction.objects.values().get())
    assert row.history.first().history_change_reason == WHY


def test_what_only_adds_is_no_correction() -> None:
    row = make.StatementFactory(place="", summary_fr="")
    person = make.PersonFactory()
    first, second = make.OrganisationFactory(), make.OrganisationFactory()
    actions.set_issuers(row, [first], by=None)

    def add() -> None:
        save(row, place="Dubai", summary_fr="En français.")
        make.SpeakerFactory(statement=row, person=person)
        make.TextFactory(statement=row)
        actions.set_issuers(row, [first, second], by=None)

    assert corrected(add) == []
    assert corrected(lambda: actions.set_issuers(row, [second], by=None))[0].facts == "issuers"


def test_a_part_is_told_of_its_row_and_a_removed_mention_of_its_demand() -> None:
    text = make.TextFactory()
    role = make.RoleFactory()
    mention = make.MentionFactory()

    def change() -> None:
        save(text, body="We ask you to narrow the definition.")
        save(role, role="Director")
        delete(mention, by=None)

    corrected(change)
    assert shown() == [("statement", "texts"), ("person", "roles"), ("demand", "mentions")]


def test_drafts_and_what_stands_in_them_are_told_of_nobody() -> None:
    draft = make.StatementFactory(state="draft", date="2023-11")
    mention = make.MentionFactory(statement=draft)
    assert corrected(lambda: save(draft, date="2023-11-10")) == []
    assert corrected(lambda: save(mention, kind="criticised")) == []
    with pytest.raises(ValidationError, match="nothing to correct"):
        record(draft, ["other"], why=WHY, by=None)


def test_a_speaker_who_is_not_named_leaves_no_trace_in_public() -> None:
    hidden = make.PersonFactory(public_name="withheld")
    link = make.SpeakerFactory(person=hidden, name_as_given="")
    mention = make.MentionFactory(speaker=hidden)
    role = make.RoleFactory(person=make.PersonFactory(public_name="function_only"))

    def change() -> None:
        actions.delete_speaker(link, by=None)
        mention.speaker = None
        demand_actions.save_mention(mention, by=None)
        save(role, role="Envoy")

    assert corrected(change) == []


# --- never again -------------------------------------------------------------------------------


def test_a_row_that_is_taken_down_takes_its_corrections_along() -> None:
    row = make.StatementFactory()
    mention = make.MentionFactory(statement=row)
    record(row, ["other"], why=WHY, by=None)
    record(mention, ["other"], why=WHY, by=None)
    before = current_stamp()
    actions.take_down(row, by=None, why="A duplicate.")
    assert shown() == []
    assert current_stamp() > before
    actions.publish(row, by=None)
    assert len(shown()) == 2


def test_the_line_holds_nothing_personal() -> None:
    row = make.StatementFactory()
    with pytest.raises(ValidationError) as caught:
        record(row, ["other"], why="It gave the number +27 82 555 01 99.", by=None)
    assert "555" not in str(caught.value)
    assert not Correction.objects.exists()
    with pytest.raises(ValidationError):
        record(row, ["other"], why="  ", by=None)


def test_words_that_are_removed_and_names_that_are_hidden_go_from_the_line_too() -> None:
    person = make.PersonFactory(full_name="Chipo Nyathi")
    row = make.StatementFactory(summary="Read out by Chipo Nyathi, of Marange.")
    one = record(
        row, ["other"], why="Chipo Nyathi of Marange was said to have written it.", by=None
    )
    actions.redact(row, "of Marange", by=None, why="It could harm somebody.")
    actions.withhold(person, "withheld", by=None, why="It could harm somebody.")
    one.refresh_from_db()
    for text in (one.why, *one.history.values_list("why", flat=True)):
        assert "Chipo" not in text
        assert "Marange" not in text
    assert [row.table for row in Correction.objects.public()] == ["statements.statement"]


def test_the_corrections_of_somebody_who_is_hidden_are_gone() -> None:
    person = make.PersonFactory(full_name="Chipo Nyathi")
    corrected(lambda: save(person, full_name="Chipo Nyathy"))
    assert shown() == [("person", "full_name")]
    actions.withhold(person, "function_only", by=None, why="It could harm somebody.")
    assert shown() == []


def test_a_correction_stays_as_it_is() -> None:
    one = record(make.StatementFactory(), ["other"], why=WHY, by=None)
    with pytest.raises(AppendOnlyError):
        one.delete()
    with pytest.raises(AppendOnlyError):
        Correction.objects.update(why="x")


def test_every_column_of_which_is_told_was_decided_on() -> None:
    """A new column fails here: decide whether its name may stand under Corrections."""
    told = {table: set(facts_of(one.model)) for table, one in told_tables().items()}
    assert told["statements.person"] == {"full_name", "name_variants"}
    assert told["statements.country"] == {"code", "name", "name_fr"}
    assert told["demands.theme"] == {"name", "name_fr"}
    sure = {"source_url", "confidence"}
    assert told["demands.mention"] - sure == {
        "demand",
        "statement",
        "kind",
        "speaker",
        "paraphrase",
        "paraphrase_fr",
    }
    assert told["demands.demand"] - sure == {
        "title",
        "title_fr",
        "theme",
        "kind",
        "parent",
        "superseded_by",
        "description",
        "description_fr",
        "success_test",
        "success_test_fr",
        "addressee_text",
        "condition",
        "condition_fr",
    }
    assert told["statements.statement"] - sure == {
        "title",
        "title_fr",
        "title_kind",
        "kind",
        "voice",
        "date",
        "meeting",
        "place",
        "language",
        "issuer_text",
        "addressee_text",
        "delivered",
        "text_seen",
        "version_of",
        "summary",
        "summary_fr",
        "document",
        "archived_url",
    }
    assert told["statements.meeting"] - sure == {
        "title",
        "title_fr",
        "kind",
        "year",
        "start",
        "end",
        "cancelled",
        "city",
        "city_fr",
        "country",
        "format",
        "kp_chair_country",
        "kp_chair_person",
        "csc_presence",
        "note",
        "note_fr",
    }
    assert told["statements.organisation"] - sure == {
        "name",
        "name_fr",
        "acronym",
        "acronym_fr",
        "other_names",
        "kind",
        "country",
        "start",
        "end",
        "note",
    }
    assert len(told) == 8


# --- loads -------------------------------------------------------------------------------------


def test_a_load_tells_of_each_row_that_it_changes(tmp_path: Path) -> None:
    small = SmallRecord(tmp_path / "record")
    load(small.folder)
    assert not Correction.objects.exists()
    small.change("demands.csv", "D-002", title="Widen it", description="Added.")
    small.change("meetings.csv", "plenary-2020", start_date="2020-11-08")
    small.change("demands.csv", "D-001", parent_slug="")
    load(small.folder)
    assert sorted(shown()) == [("demand", "parent"), ("demand", "title"), ("meeting", "start")]
    assert {row.why for row in Correction.objects.all()} == {
        "The files of the shipped record were corrected; this entry follows them."
    }
    small.change("demands.csv", "D-002", title="Widen it all")
    load(small.folder, because="The title was cut off.")
    newest = Correction.objects.about(Demand.objects.get(reference="D-002")).first()
    assert newest is not None
    assert newest.why == "The title was cut off."
    load(small.folder, because="Nothing changes.")
    assert Correction.objects.count() == 4
    small.change("demands.csv", "D-002", title="Widen")
    with pytest.raises(RefusedError):
        load(small.folder, because="Write to someone@example.org.")
    assert Demand.objects.get(reference="D-002").title == "Widen it all"


# --- the file ----------------------------------------------------------------------------------


def test_the_file_holds_what_visitors_see(client: Client) -> None:
    demand = make.DemandFactory(slug="widen")
    record(demand, ["title", "kind"], why="=It was wrong", by=None, why_fr="Faux.")
    record(make.ThemeFactory(slug="reform"), ["name"], why=WHY, by=None)
    record(make.CountryFactory(), ["name"], why=WHY, by=None)
    gone = make.StatementFactory(slug="gone")
    record(gone, ["other"], why="Gone with it.", by=None)
    actions.take_down(gone, by=None, why="A duplicate.")
    answer = client.get("/corrections.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    columns = "reference,entry_kind,entry,entry_permalink,permalink,facts,why,why_fr,recorded_on"
    assert lines[0] == columns
    assert len(lines) == 4
    assert lines[1].startswith("C-0003,country,,,http")
    assert f"/c/C-0003,name,{WHY},," in lines[1]
    assert "C-0002,theme,reform,http" in lines[2]
    assert "/themes/reform,http" in lines[2]
    assert f"/c/C-0002,name,{WHY},," in lines[2]
    assert f"C-0001,demand,{demand.reference},http" in lines[3]
    assert f"/d/{demand.reference},http" in lines[3]
    assert "/c/C-0001,title; kind,'=It was wrong,Faux.," in lines[3]
    french = b"".join(client.get("/fr/corrections.csv").streaming_content).decode("utf-8-sig")
    assert "C-0001,demand," in french


# --- what the database itself refuses ------------------------------------------------------------


def correction() -> Correction:
    return record(make.StatementFactory(), ["other"], why=WHY, by=None)


def stamp() -> Stamp:
    return Stamp.objects.get_or_create(pk=1)[0]


def old_slug() -> OldSlug:
    OldSlug.objects.create(table="t", slug="b", row_id=2)
    return OldSlug.objects.create(table="t", slug="a", row_id=1)


def loaded_row() -> LoadedRow:
    LoadedRow.objects.create(table="t", key="b", values={})
    return LoadedRow.objects.create(table="t", key="a", values={})


def search_entry() -> SearchEntry:
    SearchEntry.objects.create(no=2, kind="demand", row_id=2, language="en")
    return SearchEntry.objects.create(no=1, kind="demand", row_id=1, language="en")


CASES = [
    Case("lib_correction_reasoned", correction, {"why": "So."}, {"why": ""}),
    Case("lib_correction_of_something", correction, {"facts": "title"}, {"facts": ""}),
    Case("lib_stamp_one_row", stamp, {"number": 9}, {"id": 2}),
    Case("lib_oldslug_once", old_slug, {"slug": "c"}, {"slug": "b"}),
    Case("lib_loadedrow_once", loaded_row, {"key": "c"}, {"key": "b"}),
    Case("lib_searchentry_once", search_entry, {"row_id": 3}, {"row_id": 2}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_constraint_holds_on_both_sides(case: Case) -> None:
    check(case)


def test_every_constraint_of_the_library_is_tested() -> None:
    assert declared("lib") == {case.name for case in CASES}
