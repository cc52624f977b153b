"""Personal data stop a publication; removed, they are gone from everything that is written."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from demands import actions as demand_actions
from demands import marking
from demands.loading import load
from demands.models import Demand, Evidence, Mention, Passage
from kptracker.backups import backup
from kptracker.lib.append_only import AppendOnlyError
from kptracker.lib.models import BroughtFile, LoadedRow, OldSlug
from statements import actions, originals
from statements.models import Clearance, Intake, Original, Redaction, Statement, Text
from statements.models.originals import originals_storage
from tests import factories as make
from tests.dumped import files_with, tables_with
from tests.small_record import SmallRecord

pytestmark = [pytest.mark.django_db, pytest.mark.search]

PHONE = "+263 7 742 169 56"
#: The number in other spellings, and pieces that would still give it away.
PIECES = ("742 169", "774216956", "742-169", "742.169", "2637742", "169 56", "+263 7 7")
WHY = "It is her own number."


def clean() -> None:
    assert tables_with(*PIECES) == set()


@pytest.fixture
def small(tmp_path: Path) -> SmallRecord:
    return SmallRecord(tmp_path / "small")


@pytest.fixture
def user() -> Any:
    return get_user_model().objects.create_user("ada", first_name="Ada", last_name="L")


# --- The gate ------------------------------------------------------------------------------


def test_a_draft_is_saved_and_not_published_until_each_one_is_dealt_with() -> None:
    row = make.StatementFactory(state="draft", summary=f"Call {PHONE}.")
    make.TextFactory(statement=row, body="Write to info@example.org or call 0772 123 456.")
    with pytest.raises(ValidationError) as caught:
        actions.publish(row, by=None)
    told = " ".join(caught.value.messages)
    for masked in ("+2…56", "in…rg", "07…56"):
        assert masked in told
    assert "742" not in told
    assert "info@" not in told
    row.refresh_from_db()
    assert row.state == "draft"
    actions.redact(row, PHONE, by=None, why=WHY)
    actions.clear(row, "info@example.org", by=None, why="The coalition’s own.")
    with pytest.raises(ValidationError, match="07…56"):
        actions.publish(Statement.objects.get(pk=row.pk), by=None)
    actions.redact(row, "0772 123 456", by=None, why=WHY)
    actions.publish(Statement.objects.get(pk=row.pk), by=None)


def refused(write: Any) -> None:
    with pytest.raises(ValidationError, match="…56"):
        write()
    clean()


def test_what_is_public_already_does_not_take_any_in() -> None:
    row, demand = make.StatementFactory(), make.DemandFactory()
    mention = make.MentionFactory(statement=row, demand=demand)

    def change(what: Any, column: str) -> Any:
        setattr(what, column, f"See {PHONE}")
        return lambda: actions.save(what, by=None)

    refused(change(row, "title"))
    refused(change(Statement.objects.get(pk=row.pk), "issuer_text"))
    refused(lambda: make.TextFactory(statement=row, body=f"Ask {PHONE}"))
    refused(lambda: make.SpeakerFactory(statement=row, name_as_given=f"Jo {PHONE}"))
    mention.paraphrase_fr = f"Appelez {PHONE}"
    refused(lambda: demand_actions.save_mention(mention, by=None))
    demand.condition = PHONE
    refused(lambda: demand_actions.save_demand(demand, by=None))
    refused(lambda: make.judge(demand, rationale=f"So says {PHONE}"))
    note = Evidence(kind="press", source_url="https://p.example.org", note=PHONE)
    refused(lambda: make.judge(demand, evidence=[note]))
    refused(lambda: make.OrganisationFactory(note=PHONE))
    refused(lambda: make.MeetingFactory(note_fr=PHONE))
    refused(lambda: make.RoleFactory(note=PHONE))
    refused(lambda: make.ThemeFactory(name=f"Theme {PHONE}"))
    refused(lambda: actions.take_down(Statement.objects.get(pk=row.pk), by=None, why=PHONE))


def test_what_comes_into_public_with_a_row_is_looked_at_too() -> None:
    demand = make.DemandFactory(state="draft")
    make.MentionFactory(demand=demand, paraphrase=f"Ask {PHONE}")
    note = Evidence(kind="press", source_url="https://p.example.org", note="m@example.org")
    make.judge(demand, rationale="T. @ example.org", evidence=[note])
    with pytest.raises(ValidationError) as caught:
        actions.publish(Demand.objects.get(pk=demand.pk), by=None)
    told = " ".join(caught.value.messages)
    assert "Mention M-" in told
    assert "Evidence" in told
    # A mention belongs to the page of its statement, a judgement to that of its demand.
    mention = Mention.objects.get()
    actions.redact(mention.statement, PHONE, by=None, why=WHY)
    for found in ("m@example.org", "T. @ example.org"):
        if found in told:
            continue
        try:
            actions.clear(demand, found, by=None, why="Public.")
        except ValidationError:
            continue
    actions.publish(Demand.objects.get(pk=demand.pk), by=None)


def test_words_are_cleared_on_one_page_only() -> None:
    one, two = (make.StatementFactory(state="draft", summary="To a@example.org") for _ in "ab")
    actions.clear(one, "a@example.org", by=None, why="A secretariat’s.")
    actions.publish(Statement.objects.get(pk=one.pk), by=None)
    with pytest.raises(ValidationError):
        actions.publish(Statement.objects.get(pk=two.pk), by=None)
    with pytest.raises(ValidationError, match="already"):
        actions.clear(one, "a@example.org", by=None, why="Again.")
    with pytest.raises(ValidationError, match="why"):
        actions.clear(two, "a@example.org", by=None, why="  ")


# --- Removing ------------------------------------------------------------------------------

BODY = (
    "We ask for the definition to be widened.\n\nCall Jane on +263 7 742 169 56 for more. "
    "Or write (263-7-742-169-56).\n\nNothing less will do."
)


def written_everywhere(user: Any) -> Statement:
    """A draft in which the number stands wherever something can be written."""
    row = make.StatementFactory(
        state="draft",
        slug="call-263-7-742-169-56",
        title=f"Statement: {PHONE}",
        title_fr="Déclaration : 00263 7742 16956",
        summary="Her number is +263.7.742.169.56.",
        issuer_text=PHONE,
        source_url="https://example.org/tel/26377421695 6".replace(" ", ""),
        by=user,
    )
    text = make.TextFactory(statement=row, body=f"{PHONE} {BODY}")
    text.body = BODY
    actions.save(text, by=user, why=f"Took out {PHONE}")
    mention = make.MentionFactory(statement=row, paraphrase=f"Jane, {PHONE}, asks for it.")
    for words in ("the definition to be widened", "Jane on +263 7 742 169 56 for", "Nothing less"):
        start = BODY.index(words)
        marking.mark(mention, text, start, start + len(words), by=user)
    row.slug = "a-call"
    actions.save(row, by=user)
    actions.clear(row, PHONE, by=user, why=f"{PHONE} is public.")
    LogEntry.objects.log_actions(
        user.pk, [row], CHANGE, json.dumps([{"changed": {"fields": [PHONE]}}]), single_object=True
    )
    LoadedRow.objects.create(
        table="statements", key="call-263-7-742-169-56", values={"title": f"Call {PHONE}"}
    )
    paper = f"The paper: {PHONE}".encode()
    Intake.objects.create(by=user, content=paper, text=paper.decode(), found={"x": [PHONE]})
    BroughtFile.objects.create(by=user, table="statements", name="a.csv", content=paper)
    gone = make.TextFactory(statement=row, kind="excerpt", body=f"Deleted: {PHONE}")
    gone.delete()
    actions.keep_original(row, f"{PHONE}.txt", paper, "text", by=user)
    return row


def test_removed_words_are_in_no_table_and_who_when_why_stay(user: Any) -> None:
    row = written_everywhere(user)
    assert len(tables_with(*PIECES)) > 15
    sha256 = Original.objects.get().sha256
    removal = actions.redact(row, PHONE, by=user, why=WHY)
    clean()
    (log,) = removal.redactions
    assert (log.by, log.by_name, log.why, log.kind) == (user, "Ada L", WHY, "phone")
    assert log.original_sha256 == sha256
    assert log.characters > 5 * len(PHONE)
    assert "Title" in log.where
    assert "former versions" in log.where
    assert row.title == "Statement: […]"
    # Folded columns follow: the words are not found by a search either.
    assert "[...]" in Statement.objects.get(pk=row.pk).text_key
    assert OldSlug.objects.count() == 0
    original = Original.objects.get()
    assert (original.file.name, original.sha256, bool(original.removed_at)) == ("", sha256, True)
    newest = row.history.first()
    assert (newest.history_user, newest.history_change_reason) == (user, "personal data removed")


def test_passages_keep_their_words(user: Any) -> None:
    row = written_everywhere(user)
    actions.redact(row, PHONE, by=user, why=WHY)
    text = Text.objects.get()
    assert text.body == BODY.replace(PHONE, "[…]").replace("(263-7-742-169-56)", "[…])")
    exact = []
    for passage in Passage.objects.order_by("start"):
        assert text.body[passage.start : passage.end] == passage.exact
        assert text.body[: passage.start].endswith(passage.prefix)
        assert text.body[passage.end :].startswith(passage.suffix)
        exact.append(passage.exact)
    assert exact == ["the definition to be widened", "Jane on […] for", "Nothing less"]
    assert Mention.objects.get().quote == "the definition to be widened"


@examples(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_passages_never_point_at_other_words(db: None, data: Any) -> None:
    piece = st.sampled_from(
        ["a ", "word ", "é ", f"{PHONE} ", "00263-7742-16956 ", "\n\n", "end. "]
    )
    body = "x " + "".join(data.draw(st.lists(piece, max_size=14))) + f"{PHONE} y"
    row = make.StatementFactory(state="draft")
    text = make.TextFactory(statement=row, body=body)
    body = Text.objects.get(pk=text.pk).body
    mention = make.MentionFactory(statement=row)
    for _ in range(3):
        start = data.draw(st.integers(0, len(body) - 2))
        end = data.draw(st.integers(start + 1, len(body)))
        try:
            marking.mark(mention, text, start, end, by=None)
        except ValidationError:
            continue
    before = {one.pk: one.exact for one in mention.passages.all()}
    actions.redact(row, PHONE, by=None, why=WHY)
    text.refresh_from_db()
    assert "742" not in text.body
    for one in mention.passages.all():
        assert "742" not in one.exact + one.prefix + one.suffix
        if one.start is not None:
            assert text.body[one.start : one.end] == one.exact
            kept = [part for part in one.exact.split("[…]") if part]
            assert all(part in before[one.pk] for part in kept)


def test_only_what_stands_on_the_page_is_cut_and_the_rest_is_named(user: Any) -> None:
    row = make.StatementFactory(state="draft", summary=PHONE)
    other = make.StatementFactory(state="draft", title="The other one", summary=PHONE)
    removal = actions.redact(row, PHONE, by=user, why=WHY)
    assert removal.elsewhere == ["statement: The other one"]
    other.refresh_from_db()
    assert other.summary == PHONE


@pytest.mark.parametrize(
    ("words", "why", "field"),
    [
        (PHONE, " ", "why"),
        (PHONE, "Her number: 00263 77421 6956", "why"),
        ("ab", WHY, "words"),
        ("…", WHY, "words"),
        ("not there", WHY, "words"),
    ],
)
def test_a_removal_that_will_not_do_changes_nothing(words: str, why: str, field: str) -> None:
    row = make.StatementFactory(state="draft", summary=f"ab {PHONE}")
    with pytest.raises(ValidationError) as caught:
        actions.redact(row, words, by=None, why=why)
    assert field in caught.value.message_dict
    assert not Redaction.objects.exists()
    row.refresh_from_db()
    assert row.summary == f"ab {PHONE}"


def test_a_judgement_that_is_never_altered_is_cut_all_the_same() -> None:
    demand = make.DemandFactory(state="draft")
    note = Evidence(kind="press", source_url="https://p.example.org", note=f"By {PHONE}")
    judgement = make.judge(demand, rationale=f"So says {PHONE}.", evidence=[note])
    actions.redact(demand, PHONE, by=None, why=WHY)
    clean()
    judgement.refresh_from_db()
    assert judgement.rationale == "So says […]."


def test_the_log_is_never_altered_or_deleted() -> None:
    row = make.StatementFactory(state="draft", summary=PHONE)
    (log,) = actions.redact(row, PHONE, by=None, why=WHY).redactions
    for change in (log.save, log.delete, Redaction.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()
    with pytest.raises(AppendOnlyError):
        Redaction.objects.update(why="x")


def test_the_next_load_takes_cut_cells_for_edited(small: SmallRecord) -> None:
    load(small.folder)
    row = Statement.objects.exclude(summary="").order_by("pk").first()
    assert row is not None
    actions.redact(row, row.summary, by=None, why=WHY)
    tallies = load(small.folder)
    kept = {one.key: one.kept for tally in tallies for one in tally.outcomes if one.kept}
    assert kept[row.slug] == ["summary"]
    row.refresh_from_db()
    assert row.summary.rstrip(".") == "[…]"


# --- Files ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_no_file_holds_the_words_any_more(user: Any, monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path / "var")
    row = written_everywhere(user)
    kept = originals_storage().path(Original.objects.get().file.name)
    assert PHONE.encode() in Path(kept).read_bytes()
    old = backup()
    removal = actions.redact(row, PHONE, by=user, why=WHY)
    assert not Path(kept).exists()
    assert not old.exists()
    (new,) = (tmp_path / "var" / "backups").glob("kptracker-*")
    assert files_with(*PIECES) == []
    assert any("made anew" in note for note in removal.notes)
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        for path in database.parent.glob(f"{database.name}*"):
            content = path.read_bytes()
            assert not any(piece.encode() in content for piece in PIECES), path
        assert b"Statement: [" in new.read_bytes()


@pytest.mark.django_db(transaction=True)
def test_a_removal_that_is_undone_keeps_the_file(user: Any) -> None:
    from django.db import transaction

    row = written_everywhere(user)
    kept = Path(originals_storage().path(Original.objects.get().file.name))

    def undone() -> None:
        with transaction.atomic():
            actions.redact(row, PHONE, by=user, why=WHY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert kept.exists()
    assert Original.objects.get().removed_at is None
    assert PHONE in Statement.objects.get(pk=row.pk).title


def test_a_file_is_kept_under_a_name_that_says_nothing() -> None:
    row = make.StatementFactory()
    kept = actions.keep_original(
        row, "..\\..\\etc/Speech\u202e of J. .PDF ", b"%PDF-", "pdf", by=None
    )
    assert kept.name == "Speech of J. .PDF"
    path = Path(kept.file.path)
    assert path.parent == Path(settings.VAR_DIR) / "originals"
    assert len(path.name) == 32
    assert path.stat().st_mode & 0o077 == 0
    assert actions.keep_original(row, "again.pdf", b"%PDF-", "pdf", by=None) == kept
    other = actions.keep_original(make.StatementFactory(), "x", b"%PDF-", "pdf", by=None)
    assert [one.pk for one in actions.originals_with(kept.sha256)] == [kept.pk, other.pk]


@pytest.mark.parametrize(("content", "kind"), [(b"", "text"), (b"x", "exe"), (b"x", "")])
def test_a_file_that_will_not_do_is_refused_and_nothing_stays(content: bytes, kind: str) -> None:
    folder = Path(originals_storage().path(""))
    before = set(folder.glob("*"))
    with pytest.raises(ValidationError):
        actions.keep_original(make.StatementFactory(), "x.txt", content, kind, by=None)
    assert set(folder.glob("*")) == before


def test_a_file_that_was_deleted_is_not_taken_in_again(user: Any) -> None:
    row = written_everywhere(user)
    actions.redact(row, PHONE, by=user, why=WHY)
    paper = f"The paper: {PHONE}".encode()
    with pytest.raises(ValidationError, match="deleted here"):
        actions.keep_original(make.StatementFactory(), "again.txt", paper, "text", by=user)


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_draft_can_go_that_of_a_public_statement_stays() -> None:
    public, draft = make.StatementFactory(), make.StatementFactory(state="draft")
    kept = actions.keep_original(public, "x", b"kept", "text", by=None)
    gone = actions.keep_original(draft, "x", b"gone", "text", by=None)
    paths = Path(kept.file.path), Path(gone.file.path)
    with pytest.raises(ValidationError, match="has been public"):
        actions.drop_original(kept, by=None)
    actions.drop_original(gone, by=None)
    assert [path.exists() for path in paths] == [True, False]
    assert Original.history.filter(sha256=gone.sha256, history_type="-").exists()


def test_files_that_no_row_names_are_swept_away() -> None:
    kept = actions.keep_original(make.StatementFactory(), "x", b"kept", "text", by=None)
    stray = Path(originals_storage().path("0" * 32))
    stray.write_bytes(b"left behind")
    originals.sweep()
    assert stray.exists()  # it may belong to what is not committed yet
    originals.sweep(older_than=-1)
    assert not stray.exists()
    assert Path(kept.file.path).exists()


def test_a_clearance_is_forgotten_with_the_words(user: Any) -> None:
    row = make.StatementFactory(state="draft", summary=PHONE)
    actions.clear(row, PHONE, by=user, why="Public.")
    actions.redact(row, PHONE, by=user, why=WHY)
    assert not Clearance.objects.exists()
    clean()


# --- A name is hidden ----------------------------------------------------------------------


def named_everywhere() -> Any:
    """Somebody who is named wherever something can be written, and is public there."""
    person = make.PersonFactory(
        slug="zawadi-okello", full_name="Zawadi Okello", name_variants="Z. Okéllo; Zawadi O."
    )
    person.slug = "zawadi-okello-2"
    actions.save(person, by=None)
    statement = make.StatementFactory(
        slug="speech-of-zawadi-okello",
        title="Speech of Zawadi Okello",
        summary="ZAWADI  OKELLO speaks.",
        speakers=[person],
    )
    link = statement.speaker_links.get()
    link.name_as_given = "Ms Zawadi Okello"
    actions.save(link, by=None)
    text = make.TextFactory(statement=statement, body="I, Zawadi Okello, ask you to widen it.")
    mention = make.MentionFactory(statement=statement, speaker=person, paraphrase="Z. Okello asks.")
    marking.mark(mention, text, 3, 38, by=None)
    actions.offer_original(
        actions.keep_original(statement, "zawadi-okello.txt", b"Zawadi Okello", "text", by=None),
        True,
        by=None,
    )
    make.judge(mention.demand, rationale="Said by Zawadi Okello.")
    make.MeetingFactory(kp_chair_person="Zawadi Okello")
    renamed = make.OrganisationFactory(note="Led by Zawadi Okello")
    renamed.note = "Led by others"
    actions.save(renamed, by=None)
    return person


NAMES = ("okello", "okéllo", "zawadi")


@pytest.mark.parametrize("level", ["function_only", "withheld"])
def test_a_hidden_name_is_gone_from_everything_but_the_person(level: str, client: Client) -> None:
    person = named_everywhere()
    removal = actions.withhold(person, level, by=None, why="For her safety.")
    left = tables_with(*NAMES)
    assert {name.partition(".")[0] for name in left} == {
        "statements_person",
        "statements_historicalperson",
    }
    assert not any(name.endswith(".slug") for name in left)
    person.refresh_from_db()
    assert (person.public_name, person.full_name) == (level, "Zawadi Okello")
    assert {one.table for one in removal.redactions} >= {
        "statements.statement",
        "demands.demand",
        "statements.meeting",
        "statements.organisation",
    }
    assert Original.objects.get().removed_at
    for old in ("zawadi-okello", "zawadi-okello-2", person.slug):
        assert client.get(f"/people/{old}/").status_code == 404
        assert client.get(f"/p/{old}").status_code == 404


def test_a_name_is_not_hidden_while_a_public_text_gives_it() -> None:
    person = named_everywhere()
    person.public_name = "withheld"
    with pytest.raises(ValidationError) as caught:
        actions.save(person, by=None)
    assert "Hide the name" in caught.value.message_dict["public_name"][0]
    person.refresh_from_db()
    assert person.public_name == "shown"


def test_who_is_hidden_is_not_named_in_what_is_published_later() -> None:
    make.PersonFactory(full_name="Zawadi Okello", public_name="withheld")
    draft = make.StatementFactory(state="draft", summary="As Zawadi Okello said.")
    with pytest.raises(ValidationError, match="name that is not to be shown"):
        actions.publish(draft, by=None)
    # Somebody else of the same name: a person says so.
    actions.clear(draft, "Zawadi Okello", by=None, why="A namesake, the minister.", kind="name")
    actions.publish(Statement.objects.get(pk=draft.pk), by=None)


def test_another_person_of_the_same_name_keeps_it() -> None:
    person = make.PersonFactory(full_name="Zawadi Okello")
    other = make.PersonFactory(full_name="Zawadi Okello", state="draft")
    actions.withhold(person, "withheld", by=None, why="Safety.")
    other.refresh_from_db()
    assert other.full_name == "Zawadi Okello"


def test_a_hidden_person_is_not_published_again_by_the_next_load(small: SmallRecord) -> None:
    load(small.folder)
    speaker = Statement.objects.exclude(speakers=None).order_by("pk").first().speakers.first()
    name, slug = speaker.full_name, speaker.slug
    actions.withhold(speaker, "withheld", by=None, why="Safety.")
    load(small.folder)
    speaker.refresh_from_db()
    assert speaker.public_name == "withheld"
    left = {one.partition(".")[0] for one in tables_with(name)}
    assert left <= {"statements_person", "statements_historicalperson", "lib_loadedrow"}
    assert not any(one.endswith(".slug") for one in tables_with(slug))


def test_a_change_of_what_visitors_read_of_a_person_raises_the_stamp() -> None:
    from tests.stamps import current_stamp

    person = make.PersonFactory(public_name="function_only")
    before = current_stamp()
    actions.withhold(person, "withheld", by=None, why="Safety.")
    assert current_stamp() > before
