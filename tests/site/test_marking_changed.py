"""The marking screen: marks edited, moved and removed, whose right it takes, without a script."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from demands import actions, marking
from demands.models import Demand, Dismissal, Mention, Passage
from kptracker.lib.models import Correction
from statements import actions as statement_actions
from statements.models import Statement, Text
from tests import factories as make
from tests.marking_screen import (
    ALL,
    BODY,
    MORE,
    WHY,
    ask,
    get_superuser,
    get_superuser_of,
    passage_of,
    url,
    words,
)
from tests.sent_forms import SentForm, open_form
from tests.site.test_admin_rights import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def text() -> Text:
    return make.TextFactory(body=BODY)


@pytest.fixture
def editor() -> Client:
    return staff(*ALL, *MORE)


# --- editing, moving, removing -------------------------------------------------------------------


def values_of(client: Client, text: Text, passage: Passage) -> dict[str, Any]:
    answer = client.get(
        f"{url(text)}&passage={passage.pk}", headers={"Accept": "application/json"}
    ).json()
    return {**answer["values"], "do": "edit", "passage": passage.pk}


def test_what_a_mark_says_is_edited(editor: Client, text: Text) -> None:
    passage = passage_of(text)
    other = make.DemandFactory(title="Hear them")
    given = values_of(editor, text, passage)
    assert given["demand"].startswith(passage.mention.demand.reference)
    given |= {**WHY, "demand": other.reference, "kind": "welcomed", "paraphrase": "They are glad."}
    status, answer = ask(editor, text, **given)
    assert status == 200, answer
    mention = Mention.objects.get(pk=passage.mention_id)
    assert (mention.demand, mention.kind, mention.paraphrase) == (
        other,
        "welcomed",
        "They are glad.",
    )
    assert "Hear them" in answer["blocks"]["2"]
    before = passage.version
    passage.refresh_from_db()
    assert passage.version == before  # its place was left alone


def test_a_stale_form_is_refused_with_both_texts_and_saved_when_looked_at(
    editor: Client, text: Text
) -> None:
    passage = passage_of(text, paraphrase="First words.")
    given = values_of(editor, text, passage)
    mention = Mention.objects.get(pk=passage.mention_id)
    mention.paraphrase, mention.kind = "Words of somebody else.", "criticised"
    actions.save_mention(mention, by=None)
    status, answer = ask(editor, text, **{**given, "paraphrase": "My words."})
    assert status == 409
    difference = next(
        one for one in answer["conflict"]["differences"] if one["yours"] == "My words."
    )
    assert difference["theirs"] == "Words of somebody else."
    mention.refresh_from_db()
    assert mention.paraphrase == "Words of somebody else."
    # What was not touched is taken over; what was typed stays.
    assert answer["values"]["kind"] == "criticised"
    assert answer["values"]["paraphrase"] == "My words."
    status, answer = ask(editor, text, **{**given, **answer["values"], **WHY})
    assert status == 200, answer
    mention.refresh_from_db()
    assert (mention.paraphrase, mention.kind) == ("My words.", "criticised")


def test_a_passage_is_moved_and_a_stale_move_is_refused(editor: Client, text: Text) -> None:
    passage = passage_of(text)
    seen = {**WHY, "do": "move", "passage": passage.pk, "seen_passage": passage.version}
    status, answer = ask(editor, text, **words(text, "to be heard"), **seen)
    assert status == 200, answer
    assert sorted(answer["blocks"]) == ["2", "3"]
    passage.refresh_from_db()
    assert passage.exact == "to be heard"
    status, answer = ask(editor, text, **words(text, "Friends"), **seen)
    assert status == 409
    difference = answer["conflict"]["differences"][0]
    assert (difference["yours"], difference["theirs"]) == ("Friends", "to be heard")
    passage.refresh_from_db()
    assert passage.exact == "to be heard"
    seen |= answer["values"]
    status, answer = ask(editor, text, **words(text, "Friends"), **seen)
    assert status == 200


def test_an_edit_over_a_passage_that_was_moved_since_is_refused(editor: Client, text: Text) -> None:
    passage = passage_of(text)
    given = values_of(editor, text, passage)
    marking.move(passage, 0, 7, by=None)
    status, answer = ask(editor, text, **{**given, "kind": "welcomed"})
    assert status == 409
    assert answer["conflict"]["differences"][-1]["theirs"] == "Friends"
    assert Mention.objects.get().kind == "demanded"


def test_whoever_changes_what_visitors_read_says_why(editor: Client, text: Text) -> None:
    passage = passage_of(text)
    seen = {"do": "move", "passage": passage.pk, "seen_passage": passage.version}
    place = words(text, "to be heard")
    status, answer = ask(editor, text, **place, **seen)
    assert (status, answer["wants_line"]) == (422, True)
    assert "Visitors see what you changed" in answer["errors"][""][0]
    passage.refresh_from_db()
    assert passage.exact == "widen the definition"
    status, answer = ask(editor, text, **place, **seen, **WHY)
    assert status == 200
    assert "C-0001" in answer["said"]
    assert Correction.objects.get().why == WHY["correction-why"]
    # Nobody reads a draft: nothing is asked.
    draft = passage_of(make.TextFactory(body=BODY, statement=make.StatementFactory(state="draft")))
    seen = {"do": "move", "passage": draft.pk, "seen_passage": draft.version}
    status, answer = ask(editor, draft.text, **words(draft.text, "to be heard"), **seen)
    assert status == 200, answer
    assert Correction.objects.count() == 1


def test_a_passage_is_removed_alone_or_with_its_mention(editor: Client, text: Text) -> None:
    passage = passage_of(text)
    seen = {**WHY, "do": "remove", "passage": passage.pk, "seen_passage": passage.version}
    status, answer = ask(editor, text, **{**seen, "seen_passage": 99})
    assert status == 409
    status, answer = ask(editor, text, **seen)
    assert status == 200, answer
    assert "<mark" not in answer["blocks"]["2"]
    assert Mention.objects.count() == 1
    status, _answer = ask(editor, text, **seen)
    assert status == 404
    bare = passage_of(text, "Friends", paraphrase="Ours.")
    seen = {**WHY, "do": "remove", "passage": bare.pk, "seen_passage": bare.version}
    second = marking.mark(bare.mention, text, 10, 20, by=None)
    status, answer = ask(editor, text, **seen, with_mention="on")
    assert status == 422
    marking.unmark(second, by=None)
    status, answer = ask(editor, text, **seen, with_mention="on")
    assert status == 200, answer
    assert not Mention.objects.filter(pk=bare.mention_id).exists()


def test_the_last_words_of_a_mention_are_not_taken(editor: Client, text: Text) -> None:
    demand = make.DemandFactory()
    ask(editor, text, **words(text, "widen the definition"), demand=demand.reference)
    passage = Passage.objects.get()
    seen = {**WHY, "do": "remove", "passage": passage.pk, "seen_passage": passage.version}
    status, answer = ask(editor, text, **seen)
    assert status == 422
    assert "no other words" in answer["errors"][""][0]
    status, answer = ask(editor, text, **seen, with_mention="on")
    assert status == 200, answer


def test_what_lost_its_place_stands_on_top_and_is_marked_anew(editor: Client, text: Text) -> None:
    client = get_superuser()
    passage = passage_of(text)
    text.body = "Something else entirely. Look at the communities."
    statement_actions.save(text, by=None)
    assert Passage.objects.get().is_lost
    index = client.get("/admin/").content.decode()
    assert "a passage lost its place in the text" in index
    found = client.get("/admin/statements/statement/?needs=lost").content.decode()
    assert str(text.statement) in found
    page = client.get(f"/admin/statements/statement/{text.statement_id}/change/").content.decode()
    assert "Mark passages: 1 lost its place" in page
    shown = client.get(url(text)).content.decode()
    assert "Lost their place" in shown
    assert "widen the definition" in shown
    passage.refresh_from_db()
    seen = {**WHY, "do": "move", "passage": passage.pk, "seen_passage": passage.version}
    status, answer = ask(client, text, **words(text, "Look at the communities"), **seen)
    assert status == 200, answer
    assert "Lost their place" not in answer["above"]
    assert not Passage.objects.lost().exists()
    assert "lost its place" not in client.get("/admin/").content.decode()


# --- rights --------------------------------------------------------------------------------------


def test_each_task_asks_for_its_right(text: Text) -> None:
    passage = passage_of(text)
    demand = make.DemandFactory(state="draft")
    look = ["view_statement", "view_mention"]
    tasks: dict[str, dict[str, Any]] = {
        "add": {**words(text, "Friends"), "demand": demand.reference},
        "edit": {"passage": passage.pk},
        "move": {"passage": passage.pk},
        "remove": {"passage": passage.pk},
        "dismiss": {},
    }
    opened = {
        "add_mention": {"add", "dismiss"},
        "change_mention": {"edit", "move"},
        "delete_mention": {"remove"},
        "view_mention": set(),
    }
    for right, allowed in opened.items():
        client = staff(*look, right)
        for task, sent in tasks.items():
            status, _answer = ask(client, text, **{**sent, "do": task})
            assert (status != 403) == (task in allowed), (right, task)
            plain = client.post(url(text), {**sent, "do": task}).status_code
            assert (plain != 403) == (task in allowed), (right, task)
    for rights in ([], ["view_statement"], ["add_mention", "change_mention"]):
        assert staff(*rights).get(url(text)).status_code == 403
    assert Client().get(url(text)).status_code == 302
    assert Client().post(url(text)).status_code == 302


def test_a_new_demand_needs_the_right_to_add_one(text: Text) -> None:
    client = staff("view_statement", "view_mention", "add_mention")
    given = {"new-title": "Widen", "new-theme": make.ThemeFactory().pk, "new-kind": "demand"}
    status, answer = ask(client, text, **words(text, "Friends"), **given)
    assert status == 422
    assert "right to add a demand" in answer["errors"][""][0]
    assert not Demand.objects.exists()


def test_what_visitors_see_is_moved_and_removed_by_those_who_may_publish(text: Text) -> None:
    passage = passage_of(text)
    assert Passage.objects.public().exists()
    client = staff(*ALL)
    seen = {"do": "remove", "passage": passage.pk, "seen_passage": passage.version}
    status, answer = ask(client, text, **seen)
    assert status == 422
    assert "may publish" in answer["errors"][""][0]
    assert Passage.objects.exists()


def test_a_post_without_the_token_of_the_form_is_refused(text: Text) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(get_superuser_of())
    answer = strict.post(url(text), {"do": "add"}, headers={"Accept": "application/json"})
    assert answer.status_code == 403


# --- looking up ----------------------------------------------------------------------------------


def found(client: Client, text: Text, kind: str, typed: str) -> list[str]:
    address = f"/admin/statements/statement/{text.statement_id}/mark/{kind}/"
    answer = client.get(address, {"q": typed})
    assert answer.status_code == 200
    return [
        one["label"].partition(" ")[0 if kind == "demands" else 2]
        for one in answer.json()["results"]
    ]


def test_demands_are_found_by_title_reference_and_what_was_said(editor: Client, text: Text) -> None:
    widen = make.DemandFactory(title="Widen the definition", title_fr="Élargir la définition")
    hear = make.DemandFactory(title="Hear the communities", title_fr="Écouter", state="draft")
    make.MentionFactory(demand=hear, paraphrase="Nobody asks the villagers.")
    gone = make.DemandFactory(title="Widen the gap")
    statement_actions.take_down(gone, by=None, why="It was none.")
    for typed in ("widen", "DEFINITION", "elargir", "Élargir la", widen.reference, "d1", "1"):
        assert found(editor, text, "demands", typed)[0] == widen.reference, typed
    assert found(editor, text, "demands", "villagers") == [hear.reference]
    for nothing in ("", "   ", "zzz", "widen\x00", "%", "_" * 9, "a" * 5000):
        assert found(editor, text, "demands", nothing) == [], nothing
    for number in range(12):
        make.DemandFactory(title=f"Publish figures {number}")
    assert len(found(editor, text, "demands", "publish")) == 10


def test_speakers_of_the_statement_are_found_first(editor: Client) -> None:
    speaker, other = make.PersonFactory(full_name="Zita Z"), make.PersonFactory(full_name="Abu Z")
    text = make.TextFactory(statement=make.StatementFactory(speakers=[speaker]))
    address = f"/admin/statements/statement/{text.statement_id}/mark/people/"

    def names(typed: str) -> list[str]:
        answer = editor.get(address, {"q": typed}).json()
        return [one["label"] for one in answer["results"]]

    assert names("") == ["Zita Z"]
    assert names("z") == ["Zita Z", "Abu Z"]
    assert names("abu") == [other.full_name]
    assert names("\x00") == []


def test_nothing_is_looked_up_without_the_right_to_look(text: Text) -> None:
    client = staff("view_statement", "view_mention")
    for kind in ("demands", "people"):
        address = f"/admin/statements/statement/{text.statement_id}/mark/{kind}/?q=a"
        assert client.get(address).status_code == 403
        assert Client().get(address).status_code == 302


# --- suggestions ---------------------------------------------------------------------------------


def data_of(client: Client, text: Text) -> Any:
    html = client.get(url(text)).content.decode()
    return json.loads(re.search(r'id="marking-data"[^>]*>(.*?)</script>', html, re.S)[1])  # type: ignore[index]


def test_what_a_paragraph_seems_to_raise_comes_with_the_page_until_it_is_dismissed(
    editor: Client, text: Text
) -> None:
    demand = make.DemandFactory(title="Widen the definition of conflict diamonds")
    make.DemandFactory(title="Publish statistics")
    data = data_of(editor, text)
    hint = data["hints"]["2"]
    assert hint[0][0] == demand.pk
    assert data["demands"][str(demand.pk)].startswith(demand.reference)
    sent = {"do": "dismiss", "demand": demand.pk, "paragraph": 2, "seen_text": text.version}
    assert ask(editor, text, **sent)[0] == 200
    assert ask(editor, text, **sent)[0] == 200
    assert Dismissal.objects.count() == 1
    assert "2" not in data_of(editor, text)["hints"]
    for odd in ({"demand": "x"}, {"paragraph": "9"}, {"paragraph": "x"}, {"seen_text": "9"}):
        assert ask(editor, text, **{**sent, **odd})[0] == 422


# --- without JavaScript --------------------------------------------------------------------------


def plain_form(client: Client, text: Text, more: str = "") -> SentForm:
    return open_form(client, url(text) + more, "mark-form")


def test_without_a_script_a_plain_form_marks_finds_and_asks(editor: Client) -> None:
    text = make.TextFactory(body="We ask you to widen it.\n\nAgain we ask you, to hear us.")
    demands = [make.DemandFactory(title=f"Widen it, way {n}") for n in range(2)]
    form = plain_form(editor, text)
    form.set(words="We ask you\r\nto widen", demand="widen", kind="demanded")
    answer = editor.post(url(text), form.data)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "may be one of these" in html
    form = SentForm(html, "mark-form")
    assert form.data["words"] == ["We ask you\r\nto widen"]
    # A choice is sent after the words that it stands for.
    form.data["demand"] = ["widen", f"{demands[1].reference} Widen it, way 1"]
    answer = editor.post(url(text), form.data)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#p-{Passage.objects.get().number}")
    assert Passage.objects.get().mention.demand == demands[1]
    assert Passage.objects.get().exact == "We ask you to widen"
    # The same form again, as after going back: one mark.
    editor.post(url(text), form.data)
    assert Passage.objects.count() == 1
    # Words that stand at two places.
    form = plain_form(editor, text).set(words="ask you", demand=demands[0].reference)
    html = editor.post(url(text), form.data).content.decode()
    assert "Which of these places?" in html
    assert html.count('type="radio" name="start"') == 2
    second = text.body.rindex("ask you")
    form = SentForm(html, "mark-form")
    form.data["start"] = [*form.data["start"], str(second)]
    assert editor.post(url(text), form.data).status_code == 302
    assert Passage.objects.get(mention__demand=demands[0]).start == second


def test_without_a_script_a_mark_is_edited_moved_and_removed(editor: Client, text: Text) -> None:
    passage = passage_of(text)
    form = plain_form(editor, text, f"&passage={passage.pk}")
    assert form.data["words"] == ["widen the definition"]
    stale = {name: list(values) for name, values in form.data.items()}
    form.set(words="to be heard", kind="welcomed", **WHY)
    assert editor.post(url(text), form.data).status_code == 302
    passage.refresh_from_db()
    assert (passage.exact, passage.mention.kind) == ("to be heard", "welcomed")
    answer = editor.post(url(text), {**stale, "paraphrase": "My words."})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Somebody else saved in the meantime" in html
    assert "My words." in html
    assert "to be heard" in html
    form = plain_form(editor, text, f"&passage={passage.pk}")
    form.set(**WHY)
    form.data["do"] = ["edit", "remove"]
    assert editor.post(url(text), form.data).status_code == 302
    assert not Passage.objects.exists()


def test_a_mention_that_was_entered_before_the_text_gets_its_place(
    editor: Client, text: Text
) -> None:
    mention = make.MentionFactory(statement=text.statement, paraphrase="Ours before the text.")
    html = editor.get(url(text)).content.decode()
    assert "Ours before the text." in html
    form = plain_form(editor, text, f"&mention={mention.pk}")
    assert form.data["mention"] == [str(mention.pk)]
    form.set(words="to be heard")
    assert editor.post(url(text), form.data).status_code == 302
    assert mention.passages.get().exact == "to be heard"
    assert Mention.objects.count() == 1


# --- anything at all -----------------------------------------------------------------------------

ODD = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.sampled_from(["", "\x00", "-1", "9" * 30, "١", "widen the definition", "D-001", "on"]),
)
FIELDS = [
    *("do", "text", "passage", "words", "start", "end", "seen_text", "seen_version"),
    *("seen_passage", "demand", "new-title", "new-title_fr", "new-theme", "new-kind", "new-slug"),
    *("mention", "kind", "speaker", "paraphrase", "paraphrase_fr", "token", "with_mention"),
    "paragraph",
]


class AnyPayload(TestCase):
    """Whatever is sent, the answer is one that the page understands."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_no_payload_breaks_it(self, data: st.DataObject) -> None:
        text = make.TextFactory(body=BODY)
        passage = passage_of(text)
        client = get_superuser()
        near = {
            "text": str(text.pk),
            "passage": str(passage.pk),
            "seen_passage": str(passage.version),
            "seen_version": str(passage.mention.version),
            "demand": passage.mention.demand.reference,
            "mention": str(passage.mention_id),
            "words": "widen the definition",
            "start": "20",
            "end": "40",
            "kind": "demanded",
            "token": str(uuid4()),
        }
        given_fields = data.draw(
            st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=12), label="fields"
        )
        kept = data.draw(st.sets(st.sampled_from(sorted(near))), label="as the page sends them")
        task = data.draw(
            st.sampled_from(["add", "edit", "move", "remove", "dismiss", "x", None]), label="task"
        )
        payload = {**given_fields, **{name: near[name] for name in kept}}
        if task:
            payload["do"] = task
        for headers in ({"Accept": "application/json"}, {}):
            answer = client.post(url(text), payload, headers=headers)
            assert answer.status_code in (200, 302, 400, 403, 404, 409, 422)
        query = data.draw(ODD, label="query")
        for name in ("demands", "people"):
            address = f"/admin/statements/statement/{text.statement_id}/mark/{name}/"
            assert client.get(address, {"q": query}).status_code == 200
        assert Statement.objects.filter(pk=text.statement_id).exists()
