"""The marking screen: what it shows, and what is marked on it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from demands import marking
from demands.models import Demand, MarkToken, Mention, Passage
from statements import actions as statement_actions
from statements.models import Text
from tests import factories as make
from tests.marking_screen import ALL, BODY, MORE, ask, passage_of, url, words
from tests.site.test_admin_rights import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def text() -> Text:
    return make.TextFactory(body=BODY)


@pytest.fixture
def editor() -> Client:
    return staff(*ALL, *MORE)


# --- the page ------------------------------------------------------------------------------------


def test_a_statement_with_a_text_leads_to_it_and_one_without_does_not(editor: Client) -> None:
    text = make.TextFactory()
    client = staff("view_statement", "change_statement", "view_mention")
    page = f"/admin/statements/statement/{text.statement_id}/change/"
    assert "Mark passages" in client.get(page).content.decode()
    bare = make.StatementFactory()
    page = f"/admin/statements/statement/{bare.pk}/change/"
    assert "Mark passages" not in client.get(page).content.decode()
    answer = editor.get(f"/admin/statements/statement/{bare.pk}/mark/")
    assert answer.status_code == 302
    assert editor.get("/admin/statements/statement/999999/mark/").status_code == 302
    assert editor.get("/admin/statements/statement/x%00/mark/").status_code in (302, 404)


def test_the_page_shows_the_very_text_with_its_marks_and_notes(editor: Client, text: Text) -> None:
    passage = passage_of(text, paraphrase="They want it wider.")
    html = editor.get(url(text)).content.decode()
    shown = [
        (int(start), re.sub("<[^>]+>", "", words))
        for start, words in re.findall(
            r'<p class="par" data-n="\d+" data-start="(\d+)">(.*?)</p>', html
        )
    ]
    assert [text.body[start : start + len(part)] for start, part in shown] == [
        part for _start, part in shown
    ]
    assert "".join(part for _start, part in shown) == text.body.replace("\n", "")
    assert f'<mark data-p="{passage.pk}">widen the definition</mark>' in html
    assert "They want it wider." in html
    assert passage.reference in html


def test_each_text_has_its_page_and_the_one_that_visitors_read_comes_first(
    editor: Client, text: Text
) -> None:
    summary = make.TextFactory(statement=text.statement, kind="summary", body="Ours: widen it.")
    plain = f"/admin/statements/statement/{text.statement_id}/mark/"
    assert "we ask to widen" in editor.get(plain).content.decode()
    for odd in ("0", "x", "999999", "٣", "9" * 40):
        assert editor.get(f"{plain}?text={odd}").status_code == 200
        assert editor.get(f"{url(text)}&passage={odd}&mention={odd}").status_code == 200
    page = editor.get(url(summary)).content.decode()
    assert "Ours: widen it." in page
    assert "never shown as a quotation" in page


def test_the_page_speaks_french(editor: Client, text: Text) -> None:
    passage_of(text)
    answer = editor.get(url(text), headers={"Accept-Language": "fr"})
    assert answer.status_code == 200
    assert '<html lang="fr"' in answer.content.decode()


def test_an_arabic_text_reads_from_right_to_left(editor: Client) -> None:
    text = make.TextFactory(body="نطلب توسيع التعريف الآن.", language="ar")
    assert 'lang="ar" dir="rtl">' in editor.get(url(text)).content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_all_of_a_long_speech_with_thirty_marks_weighs_150_kb_at_most(
    language: str, editor: Client
) -> None:
    sentence = "The participants should widen the definition of conflict diamonds, number {}, now. "
    paragraphs = ["".join(sentence.format(n * 5 + s) for s in range(5)) for n in range(50)]
    text = make.TextFactory(body="\n\n".join(one.strip() for one in paragraphs))
    assert 3_000 <= len(text.body.split()) <= 3_100
    demands = [
        make.DemandFactory(
            title=f"Widen the definition of conflict diamonds for participants, in way {n}",
            title_fr=f"Élargir la définition des diamants de conflit, manière {n}",
        )
        for n in range(60)
    ]
    statement = text.statement
    for number in range(30):
        mention = make.MentionFactory(
            statement=statement,
            demand=demands[number],
            paraphrase="The coalition asks the participants to agree on a definition that is wide "
            "enough for violence of any kind, whoever commits it, at the next plenary.",
        )
        start = text.body.index(f"number {number * 8},")
        marking.mark(mention, text, start - 60, start + 10, by=None)
    html = editor.get(url(text), headers={"Accept-Language": language}).content.decode()
    assert html.count("<mark ") >= 30
    files = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html)
    assert any(name.endswith(".css") for name in files)
    assert any(name.endswith(".js") for name in files)
    sizes = {"the page": len(html.encode())}
    for name in files:
        path = finders.find(name)
        assert path, name
        with open(str(path), "rb") as file:
            sizes[name] = len(file.read())
    assert sum(sizes.values()) <= 150_000, sizes


# --- marking -------------------------------------------------------------------------------------


def test_words_are_marked_for_a_demand_and_come_back_with_their_note(
    editor: Client, text: Text
) -> None:
    demand = make.DemandFactory(title="Widen it")
    person = make.PersonFactory(full_name="Ama Bediako")
    status, answer = ask(
        editor,
        text,
        **{**words(text, "widen the definition"), "kind": "criticised"},
        demand=f"{demand.reference} Widen it",
        speaker="ama bediako",
        paraphrase_fr="Ils le demandent.",
        token=uuid4(),
    )
    assert status == 200, answer
    mention = Mention.objects.get(demand=demand)
    passage = mention.passages.get()
    assert (mention.kind, mention.speaker, mention.paraphrase_fr) == (
        "criticised",
        person,
        "Ils le demandent.",
    )
    assert (passage.exact, passage.text, mention.quote) == ("widen the definition", text) + (
        "widen the definition",
    )
    assert list(answer["blocks"]) == ["2"]
    assert f'<mark data-p="{passage.pk}">' in answer["blocks"]["2"]
    assert passage.reference in answer["blocks"]["2"]
    assert mention.reference in answer["mentions"]
    assert answer["number"] == passage.number
    history = passage.history.get()
    assert history.history_user is not None
    assert mention.history.get().history_user == history.history_user


@pytest.mark.parametrize(
    ("body", "chosen"),
    [
        ("🙂🙂 We ask 🏴‍☠️ to widen it 🙂.", "widen it"),
        ("ne\u0301ant: e\u0301largir la de\u0301finition", "la définition"),
        ("نطلب توسيع 🙂 التعريف الآن.", "التعريف"),
    ],
)
def test_places_count_code_points_of_the_text_in_nfc(
    editor: Client, body: str, chosen: str
) -> None:
    text = make.TextFactory(body=body)
    demand = make.DemandFactory()
    status, answer = ask(editor, text, **words(text, chosen), demand=demand.reference)
    assert status == 200, answer
    assert Passage.objects.get().exact == chosen


def test_blanks_around_words_are_not_marked(editor: Client, text: Text) -> None:
    demand = make.DemandFactory()
    ask(editor, text, **words(text, " widen the "), demand=demand.reference)
    assert Passage.objects.get().exact == "widen the"


def test_passages_overlap_and_one_place_carries_several_demands(editor: Client, text: Text) -> None:
    for chosen in ("widen the definition", "widen the definition", "ask to widen the"):
        status, answer = ask(
            editor, text, **words(text, chosen), demand=make.DemandFactory().reference
        )
        assert status == 200, answer
    html = editor.get(url(text)).content.decode()
    first, second, third = Passage.objects.order_by("pk")
    assert f'<mark data-p="{third.pk} {first.pk} {second.pk}">widen the</mark>' in html


def test_one_mention_has_several_passages(editor: Client, text: Text) -> None:
    passage = passage_of(text)
    given = {"mention": passage.mention_id, "demand": passage.mention.demand.reference}
    status, _answer = ask(editor, text, **words(text, "ask it again"), **given)
    assert status == 200
    assert passage.mention.passages.count() == 2
    assert Mention.objects.count() == 1
    status, answer = ask(editor, text, **words(text, "ask it again"), **given)
    assert status == 422
    assert "already" in answer["errors"]["words"][0]
    other = make.DemandFactory().reference
    status, answer = ask(
        editor, text, **words(text, "Friends"), mention=passage.mention_id, demand=other
    )
    assert (status, list(answer["errors"])) == (422, ["mention"])
    elsewhere = make.MentionFactory()
    status, answer = ask(editor, text, **words(text, "Friends"), mention=elsewhere.pk)
    assert (status, list(answer["errors"])) == (422, ["mention"])


def test_a_new_demand_is_made_without_leaving_and_is_a_draft(editor: Client, text: Text) -> None:
    theme = make.ThemeFactory()
    given = {"new-title_fr": "Élargir", "new-theme": theme.pk, "new-kind": "demand"}
    status, answer = ask(editor, text, **words(text, "widen the definition"), **given)
    assert status == 200, answer
    demand = Demand.objects.get()
    assert (demand.state, demand.title_fr, demand.slug) == ("draft", "Élargir", "elargir")
    assert Passage.objects.get().mention.demand == demand
    # Nobody outside sees anything of it.
    assert not Passage.objects.public().exists()
    page = Client().get(text.statement.get_absolute_url()).content.decode()
    assert "Élargir" not in page
    status, answer = ask(editor, text, **words(text, "Friends"), **{**given, "new-theme": ""})
    assert status == 422
    assert "new-theme" in answer["errors"]
    status, answer = ask(editor, text, **words(text, "Friends"), **given, demand=demand.reference)
    assert (status, list(answer["errors"])) == (422, ["demand"])
    assert Demand.objects.count() == 1


def test_a_summary_needs_our_own_words_and_gives_no_quote(editor: Client) -> None:
    text = make.TextFactory(kind="summary", body="They ask to widen it.")
    demand = make.DemandFactory()
    status, answer = ask(editor, text, **words(text, "widen it"), demand=demand.reference)
    assert (status, list(answer["errors"])) == (422, ["paraphrase"])
    status, answer = ask(
        editor,
        text,
        **words(text, "widen it"),
        demand=demand.reference,
        paraphrase="It should be wider.",
    )
    assert status == 200, answer
    assert Mention.objects.get().quote == ""


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"demand": ""}, "demand"),
        ({"demand": "D-999999"}, "demand"),
        ({"demand": "nothing like this"}, "demand"),
        ({"speaker": "nobody of this name"}, "speaker"),
        ({"kind": "shouted"}, "kind"),
        ({"words": ""}, "words"),
        ({"words": "words that are not there", "start": 3, "end": 9}, "words"),
        ({"token": "no token"}, "token"),
        ({"mention": "x"}, "mention"),
        ({"start": "-1"}, "start"),
        ({"paraphrase": "\x00"}, "paraphrase"),
        ({"paraphrase": "hidden \u202e sign"}, "paraphrase"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(
    given: dict[str, Any], field: str, editor: Client, text: Text
) -> None:
    demand = make.DemandFactory()
    good = {**words(text, "widen the definition"), "demand": demand.reference}
    status, answer = ask(editor, text, **{**good, **given})
    assert status == 422
    assert field in answer["errors"], answer
    assert not Passage.objects.exists()
    assert not Mention.objects.exists()
    assert not MarkToken.objects.exists()


def test_words_that_may_mean_several_are_offered(editor: Client, text: Text) -> None:
    one, other = (make.DemandFactory(title=f"Widen it, way {n}") for n in range(2))
    status, answer = ask(editor, text, **words(text, "widen the definition"), demand="widen")
    assert status == 422
    offered = [label for _value, label in answer["offered"]["demand"]]
    assert offered == [f"{one.reference} Widen it, way 0", f"{other.reference} Widen it, way 1"]
    for _name in range(2):
        make.PersonFactory(full_name="Ama Bediako")
    status, answer = ask(
        editor, text, **words(text, "Friends"), demand=one.reference, speaker="Ama Bediako"
    )
    labels = [label for _value, label in answer["offered"]["speaker"]]
    assert len(set(labels)) == 2
    status, answer = ask(
        editor, text, **words(text, "Friends"), demand=one.reference, speaker=labels[1]
    )
    assert status == 200, answer


# --- sent twice, text corrected ------------------------------------------------------------------


def test_a_mark_that_is_sent_again_is_made_once(editor: Client, text: Text) -> None:
    theme = make.ThemeFactory()
    mark = {
        **words(text, "widen the definition"),
        "new-title": "Widen it",
        "new-theme": theme.pk,
        "new-kind": "demand",
        "token": str(uuid4()),
    }
    _status, first = ask(editor, text, **mark)
    status, again = ask(editor, text, **mark)
    assert (status, again["passage"]) == (200, first["passage"])
    assert "already" in again["said"]
    assert (Passage.objects.count(), Demand.objects.count()) == (1, 1)
    # Also where the line broke off and somebody removed it in the meantime.
    passage = Passage.objects.get()
    marking.remove_mention(passage.mention, by=None)
    status, again = ask(editor, text, **mark)
    assert (status, again["passage"]) == (200, None)
    assert not Passage.objects.exists()


def test_a_mark_that_was_refused_can_be_corrected_with_its_token(
    editor: Client, text: Text
) -> None:
    mark = {**words(text, "widen the definition"), "token": str(uuid4())}
    status, _answer = ask(editor, text, **mark, demand="D-404")
    assert status == 422
    status, _answer = ask(editor, text, **mark, demand=make.DemandFactory().reference)
    assert status == 200


def test_a_place_in_a_text_that_was_corrected_since_is_never_another_one(
    editor: Client, text: Text
) -> None:
    demand = make.DemandFactory()
    marks = {chosen: words(text, chosen) for chosen in ("widen the definition", "ask", "Friends")}
    text.body = f"Dear friends! {text.body.replace('Friends', 'All')}"
    statement_actions.save(text, by=None)
    # Words that stand once are found, wherever they went.
    status, _answer = ask(editor, text, **marks["widen the definition"], demand=demand.reference)
    assert status == 200
    assert Passage.objects.get().exact == "widen the definition"
    # Words that stand at several places, or are gone, are not guessed.
    status, answer = ask(editor, text, **marks["ask"], demand=demand.reference)
    assert (status, len(answer["places"])) == (422, 3)
    status, answer = ask(editor, text, **marks["Friends"], demand=demand.reference)
    assert status == 422
    assert "corrected" in answer["errors"]["words"][0]
    assert Passage.objects.count() == 1
