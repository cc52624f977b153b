"""check_record finds what was written past the actions, and mends what follows from other rows."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import QuerySet

from demands.checking import findings, mend
from demands.loading import load
from demands.models import Assessment, Demand, Evidence, Mention, Occasion, Passage
from kptracker.lib.models import Counter, OldSlug
from kptracker.lib.search import keeping
from statements import actions
from statements.models import Meeting, Organisation, Person, Role, Statement, StatementSpeaker, Text
from tests import factories as make
from tests.small_record import SmallRecord
from tests.stamps import current_stamp

pytestmark = [pytest.mark.django_db, pytest.mark.search]

BODY = "Widen the definition."


@pytest.fixture(autouse=True)
def sound(small: SmallRecord) -> None:
    """A small record in which nothing is wrong, with a text and a quote."""
    load(small.folder)
    closing = Statement.objects.get(slug="closing")
    text = make.TextFactory(statement=closing, body=BODY)
    demand = Demand.objects.get(reference="D-002")
    make.MentionFactory(demand=demand, statement=closing, text=text, quote="definition")


def behind(model: Any, values: dict[str, Any], **which: Any) -> Callable[[], Any]:
    """Return what writes into the database past actions, derived columns and history."""
    return lambda: QuerySet(model).filter(**which).update(**values)


def key(model: Any, **which: Any) -> Any:
    return model.objects.get(**which).pk


def run(**options: Any) -> tuple[list[str], str]:
    """Return the lines that the command prints, and the words with which it fails."""
    said = StringIO()
    try:
        call_command("check_record", stdout=said, **options)
    except CommandError as error:
        return said.getvalue().splitlines(), str(error)
    return said.getvalue().splitlines(), ""


def test_nothing_is_wrong_with_a_sound_record() -> None:
    assert run() == (["Nothing is wrong."], "")
    assert run(mend=True) == (["Brought in step: 0", "Nothing is wrong."], "")


# --- What follows from other rows ---------------------------------------------------------------

DRIFT: list[tuple[Callable[[], Any], str]] = [
    (behind(Mention, {"quote": "other"}, reference="M-0003"), "M-0003: its quote is not that of"),
    (behind(Demand, {"asked_count": 7}, reference="D-002"), "D-002: asked_count is 7, the rows"),
    (
        behind(Demand, {"reviewed_on": date(2020, 1, 1)}, reference="D-002"),
        "D-002: reviewed_on is datetime.date(2020, 1, 1)",
    ),
    (behind(Occasion, {"asked": 9}, demand__reference="D-002"), "D-002: its occasions differ"),
    (
        lambda: Occasion.objects.filter(demand__reference="D-002").delete(),
        "D-002: its occasions differ",
    ),
    (
        behind(Mention, {"raised_on": date(2001, 1, 1)}, reference="M-0001"),
        "M-0001: its day is not the day of its statement",
    ),
    (
        behind(Statement, {"sort_on": date(2001, 1, 1)}, slug="letter"),
        "statement letter: it sorts by another day",
    ),
    (
        behind(Meeting, {"sort_on": date(2001, 1, 1)}, slug="plenary-2021"),
        "meeting plenary-2021: sort_on is not what",
    ),
    (behind(Demand, {"title": "Élargir"}, reference="D-002"), "D-002: title_key is not what"),
    (behind(Person, {"full_name": "A"}, slug="ben-okoye"), "person ben-okoye: name_key is not"),
]


@pytest.mark.parametrize(("spoil", "expected"), DRIFT, ids=[one[1] for one in DRIFT])
def test_drift_is_found_and_mended(spoil: Callable[[], Any], expected: str) -> None:
    assert spoil()
    lines, failed = run()
    assert any(line.startswith(expected) and line.endswith("--mend.") for line in lines), lines
    assert failed.endswith("wrong.")
    stamp, histories = current_stamp(), count_histories()
    lines, failed = run(mend=True)
    assert (lines[0] != "Brought in step: 0", lines[1:], failed) == (
        True,
        ["Nothing is wrong."],
        "",
    )
    assert current_stamp() > stamp
    assert count_histories() == histories


def count_histories() -> int:
    return sum(
        model._base_manager.count()
        for room in ("statements", "demands")
        for model in apps.get_app_config(room).get_models()
        if model.__name__.startswith("Historical")
    )


def test_mending_leaves_what_is_edited_alone() -> None:
    behind(Demand, {"title": "Élargir", "asked_count": 4}, reference="D-002")()
    columns = ("pk", "title", "version", "slug", "changed_at")
    before = list(Demand.objects.order_by("pk").values_list(*columns))
    # What the title folds to, and the count; in search the demand and its two mentions.
    assert mend() == 2 + 3
    assert list(Demand.objects.order_by("pk").values_list(*columns)) == before
    assert Demand.objects.get(reference="D-002").title_key == "elargir"


def test_it_ends_with_1_where_something_is_wrong() -> None:
    behind(Demand, {"asked_count": 4}, reference="D-002")()
    with pytest.raises(CommandError, match=r"^1 thing is wrong\.$") as failed:
        call_command("check_record", stdout=StringIO())
    assert failed.value.returncode == 1


# --- Rules that only a form or a command can hold -----------------------------------------------


def circle() -> None:
    behind(Demand, {"parent": key(Demand, reference="D-001")}, reference="D-002")()


def role_of_another() -> None:
    ben = key(Role, reference="R-003")
    behind(StatementSpeaker, {"role": ben}, person__slug="ama-mensah")()


def judged_position() -> None:
    stay_out = key(Demand, reference="D-003")
    behind(Assessment, {"demand": stay_out}, reference="A-0001")()


def correction_of_another() -> None:
    other = make.JudgedDemandFactory()
    earlier = key(Assessment, reference="A-0001")
    behind(Assessment, {"corrects": earlier}, demand=other)()


def version_of_a_version() -> None:
    version = key(Statement, slug="closing-fr")
    behind(Statement, {"version_of": version}, slug="letter")()


def quote_of_another_text() -> None:
    letter = Statement.objects.get(slug="letter")
    text = make.TextFactory(statement=letter, body=BODY)
    behind(Passage, {"text": text.pk}, mention__reference="M-0003")()


def confirmation_of_nothing() -> None:
    behind(Assessment, {"kind": "confirmed"}, reference="A-0001")()


def no_evidence() -> None:
    QuerySet(Evidence).filter(assessment__reference="A-0001")._raw_delete("default")


def hidden_parent() -> None:
    behind(Demand, {"state": "draft"}, reference="D-002")()


def hidden_original() -> None:
    behind(Statement, {"state": "in_review"}, slug="closing")()


def behind_the_counter() -> None:
    Counter.objects.filter(prefix="M").update(last=1)


def behind_the_counter_in_length() -> None:
    behind(Demand, {"reference": "D-1000"}, reference="D-003")()


def old_slug_of_nothing() -> None:
    OldSlug.objects.create(table="demands.demand", slug="gone", row_id=10**6)


def old_slug_of_a_present_one() -> None:
    row = key(Demand, reference="D-001")
    OldSlug.objects.create(table="demands.demand", slug="widen", row_id=row)


def name_in_a_summary() -> None:
    behind(Statement, {"summary": "Said by BEN OKOYE."}, slug="letter")()
    behind(Person, {"public_name": "function_only"}, slug="ben-okoye")()


def name_as_a_variant_in_evidence() -> None:
    demand = Demand.objects.get(reference="D-002")
    note = "Seen by Ama Mensa in person"
    evidence = Evidence(kind="press", source_url="https://p.org", note=note)
    make.judge(demand, "no_movement", date="2022", evidence=[evidence])
    behind(Person, {"public_name": "withheld"}, slug="ama-mensah")()


WRONG: list[tuple[Callable[[], Any], str]] = [
    (behind(Meeting, {"year": 2019}, slug="plenary-2020"), "meeting plenary-2020: The year 2019"),
    (circle, "D-002: This closes a circle"),
    (role_of_another, "This is a role of somebody else"),
    (judged_position, "A-0001: A position or a commitment is not judged"),
    (correction_of_another, "A-0004: That is a judgement of another demand"),
    (version_of_a_version, "statement letter: it is a version of a version. Name its original, c"),
    (quote_of_another_text, "P-0001: it is in the text of another statement"),
    (behind(Passage, {"start": 2}), "P-0001: its words do not stand at its place"),
    (behind(Passage, {"start": None, "end": None}), "P-0001: it lost its place in the text"),
    (behind(Text, {"body": f"Oh. {BODY}"}), "P-0001: its words do not stand at its place"),
    (behind(Text, {"body": f"{BODY} Now."}), "of closing: its SHA-256 is not that of its body"),
    (confirmation_of_nothing, "A-0001: it confirms a judgement that comes later or is not there"),
    (no_evidence, "A-0001: it rests on no evidence"),
    (
        behind(Statement, {"document": "other.txt"}, slug="closing"),
        "D-002: its source is the document closing.txt, which no statement has",
    ),
    (
        behind(Statement, {"document": ""}, slug="closing"),
        "A-0003: its source is the document closing.txt, which no statement has",
    ),
    (hidden_parent, "D-001: it is public, but D-002, of which it is a part, is not"),
    (hidden_original, "statement closing-fr: it is public, but its original closing is not"),
    (behind_the_counter, "M-0003: the counter of M stands at 1"),
    (behind_the_counter_in_length, "D-1000: the counter of D stands at 3"),
    (old_slug_of_nothing, "demands.demand/gone: this old address leads to a row that is gone"),
    (old_slug_of_a_present_one, "demands.demand/widen: this old address is the present one of"),
    (name_in_a_summary, "statement letter: summary gives a name that is not to be shown"),
    (
        behind(Statement, {"place": "+263 7 742 169 56"}, slug="letter"),
        "statement letter: place holds personal data (phone)",
    ),
    (name_as_a_variant_in_evidence, "A-0004: note gives a name that is not to be shown"),
]


@pytest.mark.parametrize(("spoil", "expected"), WRONG, ids=[one[1][:60] for one in WRONG])
def test_what_is_wrong_is_named_and_left_for_somebody_to_mend(
    spoil: Callable[[], Any], expected: str
) -> None:
    spoil()
    lines, failed = run()
    assert any(expected in line for line in lines), lines
    assert failed
    mended, failed = run(mend=True)
    assert any(expected in line for line in mended), mended
    assert failed


def test_a_name_that_is_not_to_be_shown_is_not_printed() -> None:
    name_in_a_summary()
    name_as_a_variant_in_evidence()
    printed = " ".join(run()[0]).lower()
    assert "okoye" not in printed
    assert "mensa" not in printed


def test_a_name_in_what_is_hidden_is_no_finding() -> None:
    name_in_a_summary()
    actions.take_down(Statement.objects.get(slug="letter"), by=None, why="Names somebody")
    keeping.rebuild()  # the name was hidden past the actions
    assert run() == (["Nothing is wrong."], "")


# --- Worth a look, and no fault ----------------------------------------------------------------


def test_a_speaker_of_another_statement_is_a_note() -> None:
    mention = Mention.objects.get(reference="M-0002")
    mention.speaker = Person.objects.get(slug="ben-okoye")
    actions.save(mention, by=None)
    lines, failed = run()
    assert (len(lines), lines[-1], failed) == (2, "Nothing is wrong.", "")
    assert lines[0].startswith("note: M-0002: its speaker ben-okoye is not among the speakers of")


def test_a_confirmation_that_a_later_correction_overtook_is_a_note() -> None:
    QuerySet(Assessment).filter(reference="A-0003").update(
        kind="confirmed", status="blocked", reason="no_consensus"
    )
    lines, failed = run(mend=True)
    assert not failed
    assert lines[1].startswith("note: A-0003: it confirms “blocked”, but “under_discussion” held")


def test_several_things_are_counted() -> None:
    circle()
    behind_the_counter()
    lines, failed = run()
    assert len(lines) == len(list(findings())) == int(failed.split()[0])
    assert failed.endswith("things are wrong.")
    assert Organisation.objects.count() == 3
