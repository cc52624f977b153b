"""Suggestions: which demands a paragraph seems to raise."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from demands import actions, marking
from demands.matching import Index, stem, stems
from demands.models import Mention
from demands.suggesting import ParagraphSuggestions, forget, suggestions
from kptracker.lib.documents.normal import normal_hash
from statements import actions as statement_actions
from statements.models import Text
from tests import factories as make

WIDEN = "Widen the definition of conflict diamonds beyond rebel financing"
ELARGIR = "Élargir la définition des diamants de conflit"
HEAR = "Hear the communities near the mines before decisions are taken"
LAUNDER = "Fight money laundering in the diamond trade"

BODY = (
    "Closing remarks\n\n"
    "We thank the chair for the hospitality shown to all of us during these days. The old "
    "definition of conflict diamonds must be widened, for it sees rebels alone.\n\n"
    "Nobody asked the communities near the mines what they think. They should be heard before "
    "anything is decided about them.\n\n"
    "Thank you."
)


@pytest.fixture(autouse=True)
def _forget() -> None:
    """A test's candidates are not those of the next."""
    forget()


@pytest.fixture
def demands() -> dict[str, int]:
    made = {
        "widen": make.DemandFactory(title=WIDEN, title_fr=ELARGIR, description=""),
        "hear": make.DemandFactory(title=HEAR, description=""),
        "launder": make.DemandFactory(title=LAUNDER, description=""),
    }
    for number in range(6):
        make.DemandFactory(title=f"Publish statistics of exports {number}", description="")
    return {name: row.pk for name, row in made.items()}


def first(found: list[ParagraphSuggestions], number: int) -> list[int]:
    return [one.demand_id for one in found[number - 1].suggestions]


@pytest.mark.django_db
def test_a_paragraph_is_offered_the_demand_it_raises_at_the_sentence_that_raises_it(
    demands: dict[str, int],
) -> None:
    text = make.TextFactory(body=BODY)
    found = suggestions(text)
    assert [one.number for one in found] == [1, 2, 3, 4]
    assert first(found, 2)[0] == demands["widen"]
    assert first(found, 3)[0] == demands["hear"]
    best = found[1].suggestions[0]
    assert text.body[best.start : best.end].startswith("The old definition")
    assert text.body[best.start : best.end].endswith("rebels alone.")
    assert {"definition", "widened"} <= set(best.words)
    # A heading and a thank-you raise nothing.
    assert first(found, 1) == first(found, 4) == []
    assert found[1].sha256 == normal_hash(text.body[found[1].start : found[1].end])


@pytest.mark.django_db
def test_at_most_so_many_and_the_likeliest_first(demands: dict[str, int]) -> None:
    found = suggestions(make.TextFactory(body=BODY), limit=1)
    assert [len(one.suggestions) for one in found] == [0, 1, 1, 0]
    for one in suggestions(make.TextFactory(body=BODY)):
        scores = [hint.score for hint in one.suggestions]
        assert scores == sorted(scores, reverse=True)


@pytest.mark.django_db
def test_a_french_text_is_compared_with_french(demands: dict[str, int]) -> None:
    body = "Nous demandons une fois encore d’élargir la définition des diamants de conflits."
    found = suggestions(make.TextFactory(body=body, language="fr"))
    assert first(found, 1)[0] == demands["widen"]


@pytest.mark.django_db
def test_what_earlier_mentions_said_speaks_for_a_demand_and_may_be_left_out(
    demands: dict[str, int],
) -> None:
    body = "Launderettes of dirty stones are found in every harbour, and nobody looks."
    text = make.TextFactory(body=body)
    assert demands["launder"] not in first(suggestions(text), 1)
    earlier = make.MentionFactory(
        demand_id=demands["launder"],
        paraphrase="Dirty stones pass through launderettes in harbours.",
    )
    assert first(suggestions(text), 1)[0] == demands["launder"]
    left_out = suggestions(text, leave_out=[earlier.statement_id])
    assert demands["launder"] not in first(left_out, 1)


@pytest.mark.django_db
def test_what_is_marked_or_dismissed_is_not_suggested_again(demands: dict[str, int]) -> None:
    text = make.TextFactory(body=BODY)
    hear = make.MentionFactory(statement=text.statement, demand_id=demands["hear"])
    start = text.body.index("They should be heard")
    marking.mark(hear, text, start, start + 20, by=None)
    found = suggestions(text)
    assert demands["hear"] not in first(found, 3)
    widen = make.MentionFactory(demand_id=demands["widen"]).demand
    marking.dismiss(text, widen, found[1].sha256, by=None)
    assert demands["widen"] not in first(suggestions(text), 2)
    # The text around the paragraph changes, and another one loses its words.
    text.refresh_from_db()
    text.body = text.body.replace("Closing remarks", "Remarks, at the close of the plenary")
    statement_actions.save(text, by=None)
    assert demands["widen"] not in first(suggestions(text), 2)
    text.body = text.body.replace("sees rebels alone", "sees rebels only")
    statement_actions.save(text, by=None)
    assert demands["widen"] in first(suggestions(text), 2)


@pytest.mark.django_db
def test_what_changes_is_seen_and_what_does_not_costs_a_few_queries(
    demands: dict[str, int],
) -> None:
    text = make.TextFactory(body=BODY)
    suggestions(text)
    with CaptureQueriesContext(connection) as again:
        suggestions(text)
    assert len(again) <= 10
    demand = make.DemandFactory(title="Thank the chair for hospitality shown", description="")
    assert demand.pk in first(suggestions(text), 2)
    statement_actions.take_down(demand, by=None, why="It was none.")
    assert demand.pk not in first(suggestions(text), 2)


@pytest.mark.django_db
def test_a_demand_known_here_and_not_marked_comes_before_others(demands: dict[str, int]) -> None:
    body = "The definition of conflict diamonds and the communities near the mines: both matter."
    text = make.TextFactory(body=body)
    before = suggestions(text)[0].suggestions
    assert {demands["widen"], demands["hear"]} <= {one.demand_id for one in before}
    last = [one.demand_id for one in before if one.demand_id in demands.values()][-1]
    actions.save_mention(
        Mention(demand_id=last, statement=text.statement, paraphrase="It is asked."), by=None
    )
    assert suggestions(text)[0].suggestions[0].demand_id == last


class AnyText(TestCase):
    """Whatever the text, its paragraphs get answers that lie in them."""

    @settings(max_examples=25, deadline=None)
    @given(st.text(st.sampled_from("abé wi.\n“”😀نص-•"), min_size=1, max_size=300))
    def test_places_lie_in_their_paragraph(self, body: str) -> None:
        make.DemandFactory(title="abé wi wii نص")
        text = Text(statement=make.StatementFactory(), kind="verbatim", language="en", body=body)
        text.pk = 1
        for one in suggestions(text):
            for hint in one.suggestions:
                assert one.start <= hint.start < hint.end <= one.end
                assert body[hint.start : hint.end].strip()


def test_stems_fold_accents_and_leave_common_words_out() -> None:
    assert stems("The widening of definitions", "en") == stems("DEFINITIONS widened", "en")[::-1]
    assert stem("Élargissement", "fr") == stem("elargir", "fr")
    assert stem("the", "en") == stem("les", "fr") == ""


def test_a_rare_word_says_more_than_a_frequent_one() -> None:
    index = Index({1: ["mine", "war"], 2: ["mine", "peace"], 3: ["mine"]})
    assert index.scores(["war"])[1] > index.scores(["mine"])[1]
    assert index.scores(["nothing"]) == {}
    assert Index({}).scores(["war"]) == {}
