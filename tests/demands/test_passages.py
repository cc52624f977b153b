"""Passages: where in a text a mention stands, waiting for texts, following them."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from demands import actions, marking
from demands.loading import load
from demands.models import Mention, Passage
from demands.writing_record import write_record
from kptracker.lib.documents.normal import normal_hash
from statements import actions as statement_actions
from statements.models import Statement, Text
from tests import factories as make
from tests.record_fixtures import empty_the_database
from tests.small_record import SmallRecord

pytestmark = pytest.mark.django_db

BODY = "Friends,\n\nwe ask to widen the definition.\n\nAnd we ask to hear the communities."


def marked(words: str = "widen the definition", **more: object) -> Passage:
    text = make.TextFactory(body=BODY, **more)
    mention = make.MentionFactory(statement=text.statement)
    start = BODY.index(words)
    return marking.mark(mention, text, start, start + len(words), by=None)


def test_a_mark_gives_the_mention_its_quote() -> None:
    passage = marked(language="en")
    mention = passage.mention
    mention.refresh_from_db()
    assert (mention.quote, mention.quote_language) == ("widen the definition", "en")
    assert Mention.objects.filter(text_key__contains="widen the definition").get() == mention
    marking.unmark(passage, by=None)
    mention.refresh_from_db()
    assert (mention.quote, mention.quote_language) == ("", "")
    assert Passage.history.filter(reference=passage.reference, history_type="-").exists()


def test_word_for_word_is_quoted_before_an_excerpt_and_a_summary_never() -> None:
    summary = make.TextFactory(kind="summary", body="In short: widen it.")
    mention = make.MentionFactory(statement=summary.statement)
    marking.mark(mention, summary, 10, 18, by=None)
    mention.refresh_from_db()
    assert mention.quote == ""
    for kind, words in (("excerpt", "widen that"), ("verbatim", "widen this")):
        text = make.TextFactory(statement=summary.statement, kind=kind, body=f"We say {words}.")
        marking.mark(mention, text, 7, 17, by=None)
        mention.refresh_from_db()
        assert mention.quote == words


def test_the_same_place_is_marked_once_for_a_mention_and_again_for_another() -> None:
    passage = marked()
    with pytest.raises(ValidationError, match="marked for the mention already"):
        marking.mark(passage.mention, passage.text, passage.start, passage.end, by=None)
    other = make.MentionFactory(statement=passage.mention.statement)
    marking.mark(other, passage.text, passage.start, passage.end, by=None)
    marking.mark(passage.mention, passage.text, passage.start, passage.end + 1, by=None)


def test_the_last_words_of_a_mention_are_not_taken_from_it() -> None:
    text = make.TextFactory(body=BODY)
    mention = make.MentionFactory(
        statement=text.statement, text=text, quote="widen", paraphrase="", paraphrase_fr=""
    )
    with pytest.raises(ValidationError, match="no other words"):
        marking.unmark(mention.passages.get(), by=None)
    actions.save_mention(mention, by=None, words="hear the communities")
    assert mention.passages.get().exact == "hear the communities"


def test_a_mention_moved_to_another_statement_leaves_its_passages() -> None:
    passage = marked()
    mention = Mention.objects.get(pk=passage.mention_id)
    mention.statement = make.StatementFactory()
    with pytest.raises(ValidationError, match="remove them first"):
        actions.save_mention(mention, by=None)
    assert Passage.objects.filter(pk=passage.pk).exists()
    text = make.TextFactory(statement=mention.statement, body="They ask: hear us.")
    actions.save_mention(mention, by=None, words="hear us")
    assert mention.passages.get().text == text


def test_a_passage_lost_in_a_correction_is_kept_and_comes_back_when_marked_anew() -> None:
    passage = marked()
    text = passage.text
    text.body = "Friends,\n\nsomething else entirely."
    statement_actions.save(text, by=None)
    passage.refresh_from_db()
    assert passage.is_lost
    assert passage.exact == "widen the definition"
    assert list(Passage.objects.lost()) == [passage]
    marking.move(passage, 10, 24, by=None)
    assert passage.exact == "something else"
    assert passage.mention.passages.placed().count() == 1


def test_a_passage_of_what_nobody_may_see_is_not_public() -> None:
    passage = marked()
    assert list(Passage.objects.public()) == [passage]
    statement_actions.take_down(passage.mention.statement, by=None, why="It was not theirs.")
    assert not Passage.objects.public().exists()


# --- Waiting for a text -------------------------------------------------------------------------

HELD = "We say:\nwiden the   definition.\n\nNow."


@pytest.fixture
def waiting(small: SmallRecord) -> SmallRecord:
    normal = "We say: widen the definition. Now."
    start = normal.index("widen")
    columns = ["reference", "mention_reference", "start", "end", "sha256"]
    end = start + len("widen the definition")
    statement = next(
        row["statement_slug"] for row in small.rows["mentions.csv"] if row["reference"] == "M-0001"
    )
    assert statement == "closing"
    small.new_file(
        "passages.csv", columns, ["P-0003", "M-0001", str(start), str(end), normal_hash(HELD)]
    )
    return small


def test_a_passage_waits_for_its_text_and_finds_its_words_whatever_the_layout(
    waiting: SmallRecord, tmp_path: Path
) -> None:
    load(waiting.folder)
    passage = Passage.objects.get()
    assert passage.reference == "P-0003"
    assert passage.text is None
    assert Mention.objects.get(reference="M-0001").quote == ""
    closing = Statement.objects.get(slug="closing")
    make.TextFactory(statement=closing, kind="excerpt", language="en", body="Another text.")
    assert Passage.objects.waiting().exists()
    text = make.TextFactory(statement=closing, kind="verbatim", language="en", body=HELD)
    passage.refresh_from_db()
    assert passage.text == text
    assert passage.exact == "widen the   definition"
    assert Mention.objects.get(reference="M-0001").quote == "widen the   definition"
    # What the files say is what is there.
    assert {one.what for one in load(waiting.folder)[-2].outcomes} == {"unchanged"}
    write_record(tmp_path / "written")
    assert (tmp_path / "written" / "passages.csv").read_bytes() == (
        waiting.folder / "passages.csv"
    ).read_bytes()


def test_a_text_of_another_statement_does_not_take_it(waiting: SmallRecord) -> None:
    load(waiting.folder)
    make.TextFactory(body=HELD)
    assert Passage.objects.waiting().exists()


def test_a_corrected_text_is_an_edit_that_a_load_keeps(waiting: SmallRecord) -> None:
    load(waiting.folder)
    closing = Statement.objects.get(slug="closing")
    text = make.TextFactory(statement=closing, kind="verbatim", language="en", body=HELD)
    text.body = f"Friends! {HELD}"
    statement_actions.save(text, by=None)
    tally = next(one for one in load(waiting.folder) if one.name == "passages")
    assert tally.kept
    passage = Passage.objects.get()
    assert text.body[passage.start : passage.end] == passage.exact == "widen the   definition"


def test_files_whose_text_became_shorter_are_loaded_with_their_passages(
    small: SmallRecord,
) -> None:
    old, new = "Friends! We ask to widen the definition. Now.", "We ask to widen it. Now."
    small.new_file(
        "texts.csv",
        ["statement_slug", "kind", "language", "body"],
        ["closing", "verbatim", "en", old],
    )
    columns = ["reference", "mention_reference", "start", "end", "sha256"]
    row = ["P-0001", "M-0001", "19", "40", normal_hash(old)]
    small.new_file("passages.csv", columns, row)
    load(small.folder)
    assert Passage.objects.get().exact == "widen the definition."
    small.rows["texts.csv"][0]["body"] = new
    small.rows["passages.csv"][0] |= {"start": "10", "end": "18", "sha256": normal_hash(new)}
    small.write()
    load(small.folder)
    assert Passage.objects.get().exact == "widen it"
    # Where only the text comes anew, its passages follow it.
    small.rows["texts.csv"][0]["body"] = f"Friends! {new}"
    small.write()
    load(small.folder)
    passage = Passage.objects.get()
    assert (passage.start, passage.exact) == (19, "widen it")


def test_lost_and_waiting_passages_survive_being_written_and_loaded(
    waiting: SmallRecord, tmp_path: Path
) -> None:
    load(waiting.folder)
    letter = Statement.objects.get(slug="letter")
    text = make.TextFactory(statement=letter, kind="verbatim", language="en", body="Hear us now.")
    mention = make.MentionFactory(statement=letter, text=text, quote="Hear us")
    text.body = "Entirely other words."
    statement_actions.save(text, by=None)
    assert Passage.objects.get(mention=mention).is_lost
    write_record(tmp_path / "one")
    empty_the_database()
    load(tmp_path / "one")
    assert Passage.objects.get(mention__reference=mention.reference).is_lost
    assert Passage.objects.get(reference="P-0003").text is None
    write_record(tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    assert Text.objects.get(statement__slug="letter").body == "Entirely other words."
