"""A document is taken in: everything that was decided is saved, or nothing is."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from demands.models import Passage
from kptracker.lib.documents.cleaning import clean, without
from kptracker.lib.documents.normal import normal_hash
from kptracker.lib.documents.residue import Reason, Residue
from kptracker.lib.partial_dates import PartialDate
from kptracker.lib.personal_data import find_personal_data
from statements import actions, intake
from statements.intake import Document, Spoken, take_in
from statements.models import (
    Clearance,
    Original,
    Redaction,
    Statement,
    StatementSpeaker,
    Text,
)
from statements.models.originals import originals_storage
from tests import factories as make

pytestmark = pytest.mark.django_db

BODY = "Remarks on the river mines\n\nWe ask every buyer to name the mine.\n\nNothing less will do."
PHONE = "+263 77 123 4567"
WITH_PHONE = f"{BODY}\n\nQuestions: {PHONE}"
PAPER = Document("river.txt", BODY.encode(), "text")


def values(**more: Any) -> dict[str, Any]:
    return {
        "title": "Remarks on the river mines",
        "kind": "speech",
        "voice": "coalition",
        "date": PartialDate.parse("2023-11-10"),
        "delivered": "yes",
        **more,
    }


def take(body: str = BODY, **more: Any) -> intake.TakenIn:
    given = {"by": None, "language": "en", **more}
    if "statement" not in given:
        given.setdefault("values", values())
    return take_in(body, **given)


def rows() -> tuple[int, ...]:
    tables = (Statement, Text, Original, StatementSpeaker, Clearance, Redaction)
    return tuple(table._base_manager.count() for table in tables)


# --- A new statement ------------------------------------------------------------------------


def test_a_new_draft_has_all_that_was_decided() -> None:
    role = make.RoleFactory()
    issuer, meeting = make.OrganisationFactory(), make.MeetingFactory()
    taken = take(
        values=values(meeting=meeting, place="Zwolle"),
        issuers=[issuer],
        speakers=[Spoken(role.person, role, "Ms Person"), Spoken(make.PersonFactory())],
        document=PAPER,
    )
    row = Statement.objects.get()
    assert taken.created
    assert taken.statement == row
    assert (row.state, row.language, row.document, row.text_seen) == (
        "draft",
        "en",
        "river.txt",
        "full",
    )
    assert row.slug == "2023-11-10-remarks-on-the-river-mines"
    assert (row.meeting, row.place, list(row.issuers.all())) == (meeting, "Zwolle", [issuer])
    first, second = row.speaker_links.all()
    assert (first.role, first.name_as_given, first.position) == (role, "Ms Person", 1)
    assert (second.role, second.position) == (None, 2)
    text = row.texts.get()
    assert (text.kind, text.language, text.body) == ("verbatim", "en", BODY)
    original = row.originals.get()
    assert (original.name, original.sha256, original.offered) == (
        "river.txt",
        PAPER.sha256,
        False,
    )
    assert "river" not in original.file.name
    with originals_storage().open(original.file.name) as file:
        assert file.read() == BODY.encode()
    assert row.history.count() == 1


def test_an_excerpt_is_no_full_text() -> None:
    assert take(text_kind="excerpt").statement.text_seen == "excerpt"


def test_two_drafts_of_one_title_and_day_have_their_own_addresses() -> None:
    first, second = take().statement, take("Quite another text of the river.").statement
    assert second.slug == f"{first.slug}-2"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"values": values(title="")}, "title"),
        ({"values": values(kind="sermon")}, "kind"),
        ({"values": values(date=None)}, "date"),
        ({"language": "xx"}, "language"),
        ({"body": " \n "}, "text"),
        ({"body": "A sign that turns words around: \u202e."}, "text"),
    ],
)
def test_what_does_not_hold_is_named_and_nothing_is_saved(more: Any, field: str) -> None:
    before = rows()
    with pytest.raises(ValidationError) as refused:
        take(**{"document": PAPER, **more})
    assert field in refused.value.message_dict
    assert rows() == before


def test_a_speaker_in_the_function_of_somebody_else_undoes_it_all() -> None:
    role, person = make.RoleFactory(), make.PersonFactory()
    before = rows()
    with pytest.raises(ValidationError) as refused:
        take(speakers=[Spoken(person, role)], document=PAPER)
    assert list(refused.value.message_dict) == ["speakers"]
    assert rows() == before


# --- A statement of the record ----------------------------------------------------------------


def test_a_statement_of_the_record_gets_its_text_and_keeps_what_it_says() -> None:
    row = make.StatementFactory(language="", document="", text_seen="press_report")
    taken = take(statement=row, document=PAPER)
    after = Statement.objects.get()
    assert not taken.created
    assert (after.title, after.date, after.kind, after.state, after.text_seen) == (
        row.title,
        row.date,
        row.kind,
        "published",
        "press_report",
    )
    assert (after.language, after.document) == ("en", "river.txt")
    assert after.texts.get().body == BODY


def test_the_name_of_a_document_stays_with_the_statement_that_has_it() -> None:
    make.StatementFactory(document="river.txt")
    row = make.StatementFactory(document="")
    take(statement=row, document=PAPER)
    row.refresh_from_db()
    assert row.document == ""


def test_a_second_text_of_a_kind_is_refused_and_leaves_no_file() -> None:
    row = make.StatementFactory()
    make.TextFactory(statement=row)
    before = rows()
    with pytest.raises(ValidationError, match="text of this kind"):
        take(statement=row, document=PAPER)
    assert rows() == before
    taken = take(statement=row, document=PAPER, text_kind="excerpt")
    assert taken.statement.texts.count() == 2


def test_nothing_is_added_to_what_was_taken_down() -> None:
    row = make.StatementFactory()
    actions.take_down(row, by=None, why="It was a forgery.")
    with pytest.raises(ValidationError, match="taken down"):
        take(statement=row)


# --- What is in already -------------------------------------------------------------------------


def test_the_same_file_is_refused_and_says_where_it_is() -> None:
    row = take(document=PAPER).statement
    before = rows()
    with pytest.raises(intake.AlreadyInError) as refused:
        take("Corrected by hand meanwhile.", document=PAPER)
    assert [one.statement for one in refused.value.held] == [row]
    assert rows() == before


@pytest.mark.parametrize("copy", [BODY, BODY.replace("\n\n", "\n"), f"  {BODY}\n\n"])
def test_the_same_words_in_another_layout_are_refused(copy: str) -> None:
    row = take().statement
    with pytest.raises(intake.AlreadyInError) as refused:
        take(copy)
    assert [one.statement for one in refused.value.held] == [row]


def test_a_text_with_the_same_beginning_is_another_text() -> None:
    take()
    assert intake.already_in(f"{BODY}\n\nAnd more.") == []


def test_our_summary_is_no_copy_of_a_text() -> None:
    make.TextFactory(kind="summary", body=BODY)
    assert intake.already_in(BODY) == []


def test_a_file_that_is_kept_without_its_words_gets_them() -> None:
    row = make.StatementFactory()
    actions.keep_original(row, PAPER.name, PAPER.content, PAPER.media_type, by=None)
    assert take(statement=row, document=PAPER).original == row.originals.get()
    with pytest.raises(intake.AlreadyInError):
        take("Other words.", document=PAPER)


def test_the_second_part_of_a_file_comes_in_beside_the_first() -> None:
    first = take("The first part, spoken.", document=PAPER).statement
    second = take("The second part, written.", document=PAPER, but=first)
    assert second.original is not None
    assert second.original.sha256 == PAPER.sha256
    assert second.statement.document == ""


# --- Personal data ------------------------------------------------------------------------------


def test_personal_data_keep_a_draft_from_being_published_not_from_being_saved() -> None:
    taken = take(WITH_PHONE)
    assert taken.text.body == WITH_PHONE
    with pytest.raises(ValidationError, match="telephone number"):
        actions.publish(taken.statement, by=None)


def test_personal_data_do_not_reach_a_public_statement() -> None:
    row = make.StatementFactory()
    before = rows()
    with pytest.raises(ValidationError) as refused:
        take(WITH_PHONE, statement=row, document=PAPER)
    assert PHONE not in str(refused.value)
    assert rows() == before


def test_what_may_be_published_is_published_with_the_reason() -> None:
    row = make.StatementFactory()
    taken = take(WITH_PHONE, statement=row, may_be_published={PHONE: "The number of an office."})
    assert PHONE in taken.text.body
    assert Clearance.objects.get().why == "The number of an office."


def test_what_is_left_out_is_nowhere_and_the_removal_is_on_record() -> None:
    row = make.StatementFactory()
    paper = Document("river.txt", WITH_PHONE.encode(), "text")
    taken = take(
        WITH_PHONE, statement=row, document=paper, leave_out=find_personal_data(WITH_PHONE)
    )
    text = Text.objects.get()
    assert taken.text.body == text.body == WITH_PHONE.replace(PHONE, "[…]")
    assert not text.history.filter(body__contains=PHONE).exists()
    original = Original.objects.get()
    assert (original.is_there, original.sha256) == (False, paper.sha256)
    redaction = Redaction.objects.get()
    assert (redaction.kind, redaction.characters) == ("phone", len(PHONE))
    assert redaction.original_sha256 == paper.sha256
    # That the words were let through for the removal leaves no trace of them.
    assert not Clearance.objects.exists()
    assert not Clearance.history.exists()
    with pytest.raises(intake.AlreadyInError, match="holds personal data"):
        take(WITH_PHONE, document=paper)


def test_one_number_written_twice_is_left_out_once() -> None:
    body = f"{WITH_PHONE}\n\nOr from abroad: 00263-77-123-4567"
    found = find_personal_data(body)
    assert len(found) == 2
    taken = take(body, statement=make.StatementFactory(), leave_out=found)
    assert find_personal_data(taken.text.body) == []


def test_names_that_are_not_to_be_shown_are_found_like_numbers() -> None:
    make.PersonFactory(full_name="Zola Hidden", public_name="withheld")
    found = intake.personal_data_in("We heard Zola Hidden, and Zola Hidden again.")
    assert [(one.kind, one.words) for one in found] == [("name", "Zola Hidden")]


# --- Passages that wait ---------------------------------------------------------------------------


def test_passages_of_the_record_find_their_places_before_words_are_left_out() -> None:
    mention = make.MentionFactory()
    start = WITH_PHONE.replace("\n\n", " ").index("We ask")
    from demands.marking import save_passage

    waiting = Passage(
        mention=mention, sha256=normal_hash(WITH_PHONE), start=start, end=start + len("We ask")
    )
    save_passage(waiting, by=None)
    taken = take(WITH_PHONE, statement=mention.statement, leave_out=find_personal_data(WITH_PHONE))
    assert taken.notes == ["1 passage of the record found its place in it."]
    waiting.refresh_from_db()
    assert (waiting.text, waiting.exact) == (taken.text, "We ask")


def test_passages_that_go_on_waiting_are_told_of() -> None:
    mention = make.MentionFactory()
    from demands.marking import save_passage

    save_passage(Passage(mention=mention, sha256="0" * 64, start=1, end=2), by=None)
    taken = take(statement=mention.statement)
    assert taken.notes == ["1 passage waits for a text that reads otherwise."]


# --- What is proposed for removal -------------------------------------------------------------

LINES = st.sampled_from(
    ["Follow us", "**Bold** words in a line that is long enough.", "EN | FR", "", "12", "# Head",
     "We ask for a [list](http://x.example) of mines.", "Read more",
     "A plain sentence stands here."]
)  # fmt: skip


@given(st.lists(LINES, max_size=12).map("\n\n".join))
def test_all_ticks_together_remove_what_the_command_removes(raw: str) -> None:
    cleaned = clean(raw)
    keys = [key for key, _one in intake.keyed(cleaned.residue)]
    assert len(set(keys)) == len(keys)
    assert intake.apply(cleaned.text, keys) == without(cleaned, range(len(keys)))
    assert intake.apply(cleaned.text, []) == cleaned.text


def test_a_tick_means_the_same_words_after_a_correction_above_them() -> None:
    text = clean("We ask for a list of mines.\n\nFollow us").text
    ((key, _one),) = intake.keyed(clean(text).residue)
    corrected = text.replace("a list", "the complete list")
    assert intake.apply(corrected, [key]) == "We ask for the complete list of mines."
    assert intake.apply(corrected, ["unknown"]) == corrected


def test_what_only_repeats_is_ticked_where_pages_show_it() -> None:
    line = Residue(0, 4, "Head", Reason.RUNNING_LINE)
    assert not intake.sure_of(line, paged=False)
    assert intake.sure_of(line, paged=True)
    assert intake.sure_of(Residue(0, 9, "Follow us", Reason.SHARING), paged=False)
