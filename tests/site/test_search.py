"""Search: the same hits in the same order on both databases, kept in step, and what is refused."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demands import actions as demand_actions
from kptracker.lib.models import SearchEntry, SearchStream, SearchTerms, SearchWord
from kptracker.lib.search import MOST_HITS, did_you_mean, find, keeping, matching, parse
from kptracker.lib.search.entries import source_of
from statements import actions
from statements.models import Organisation
from statements.withholding import withhold
from tests import factories as make
from tests.dumped import tables_with
from tests.site.test_nothing_private import SECRET, public_world, secret_keys, secret_world

pytestmark = [pytest.mark.django_db, pytest.mark.search]


def titles(query: str) -> list[str]:
    """Return what a query finds, in order, by the words of the titles."""
    return [
        str(source_of(kind).shown([key])[key].title.text) for kind, key in find(parse(query)).keys
    ]


# --- what is found, in which order ---------------------------------------------------------------


def test_words_are_found_whatever_their_endings_accents_and_capitals() -> None:
    make.DemandFactory(title="Widen the définition of CONFLICT diamonds", title_fr="Élargir")
    make.DemandFactory(title="Hear communities")
    for query in (
        "definition", "DÉFINITIONS", "wide", "widening", "conflicts diamond", "élargie", "elarg",
        "diamonds conflict", '"conflict diamond"', '"the definition"', "“definition of conflict”",
        "definition -communities", 'widen -"hear communities"',
    ):  # fmt: skip
        assert titles(query) == ["Widen the définition of CONFLICT diamonds"], query
    for query in (
        "communities definition", '"diamonds conflict"', "definition -conflict", "-conflict",
        'definition -"conflict diamonds"', "the", "w", "", "   ", '""', "-", "undefined",
    ):  # fmt: skip
        assert titles(query) == [], query


def test_the_title_counts_most_then_a_mention_then_the_text_then_the_newest() -> None:
    text = make.StatementFactory(title="A speech", date="2024-05-05")
    make.TextFactory(statement=text, body="The secretariat is far. The secretariat again.")
    once = make.StatementFactory(title="Another speech", date="2025-05-05")
    make.TextFactory(statement=once, body="The secretariat is far.")
    old = make.StatementFactory(title="One more", date="2004-05-05")
    make.TextFactory(statement=old, body="The secretariat is far.")
    mention = make.MentionFactory(
        demand=make.DemandFactory(title="Be permanent"),
        statement=make.StatementFactory(title="Remarks", date="2003-05-05"),
        paraphrase="They ask for a secretariat.",
    )
    make.DemandFactory(title="Set up a secretariat")
    assert titles("secretariat") == [
        "Set up a secretariat", str(mention.demand), "A speech", "Another speech", "One more",
    ]  # fmt: skip


def test_names_that_are_misspelt_are_suggested() -> None:
    make.PersonFactory(full_name="Michel Yoboué")
    make.PersonFactory(full_name="Shamiso Mtisi", name_variants="Shamiso Metsi")
    assert titles("yoboue") == titles("Yoboué") == ["Michel Yoboué"]
    assert titles("Metsi") == ["Shamiso Mtisi"]
    for typed, meant in (("Yobue", "Yoboué"), ("shamisso mtissi", "Shamiso Mtisi")):
        suggestion = did_you_mean(find(parse(typed)))
        assert suggestion, typed
        assert suggestion.text.casefold() == meant.casefold()
        assert suggestion.total == 1
    assert did_you_mean(find(parse("Yoboué"))) is None
    assert did_you_mean(find(parse("xyzzyquux"))) is None


def test_above_a_thousand_hits_the_newest_are_ranked_and_the_page_says_so(client: Client) -> None:
    Organisation.objects.bulk_create(
        Organisation(slug=f"mine-{n}", name=f"Mine {n}", kind="company", state="published")
        for n in range(MOST_HITS + 5)
    )
    keeping.rebuild()
    found = find(parse("mine"))
    assert (found.total, found.more) == (MOST_HITS, True)
    newest = Organisation.objects.order_by("-pk").values_list("pk", flat=True)[:MOST_HITS]
    assert sorted(key for _kind, key in found.keys) == sorted(newest)
    html = client.get("/search/?q=mine").content.decode()
    assert "More than 1,000 hits: the newest 1,000 are ranked here" in html
    assert client.get("/search/?q=mine&page=50").status_code == 200
    assert client.get("/search/?q=mine&page=51").status_code == 404


def test_a_long_phrase_that_was_not_looked_for_everywhere_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make.DemandFactory(title="Peer review of rubies")
    new = make.DemandFactory(title="Review of rubies, then peer review of mines")  # all pairs of it
    said = "Your phrase was looked for in the newest"
    query = {"q": '"peer review of rubies"'}
    assert find(parse(query["q"])).keys == [("demand", old.pk)]
    assert find(parse('rubies -"peer review of rubies"')).keys == [("demand", new.pk)]
    assert said not in page_of(client, query)
    monkeypatch.setattr(matching, "MOST_LOOKED_THROUGH", 1)
    assert find(parse(query["q"])).keys == []
    assert said in page_of(client, {"q": '"peer review  of rubies"'})  # the other page is kept
    assert said not in page_of(client, {"q": "peer review of rubies"})


def page_of(client: Client, query: dict[str, str]) -> str:
    return client.get("/search/", query).content.decode()


# --- in step ---------------------------------------------------------------------------------


def test_what_is_published_changed_and_taken_down_is_found_at_once_and_no_longer() -> None:
    statement = make.StatementFactory(title="Opening remarks", state="draft")
    text = make.TextFactory(statement=statement, body="We speak of sapphires.")
    assert titles("sapphires") == titles("opening") == []
    actions.publish(statement, by=None)
    assert titles("sapphire") == ["Opening remarks"]
    text.refresh_from_db()
    text.body = "We speak of emeralds."
    actions.save(text, by=None)
    assert (titles("sapphire"), titles("emerald")) == ([], ["Opening remarks"])
    mention = make.MentionFactory(statement=statement, paraphrase="They ask about rubies.")
    assert titles("rubies") == [str(mention.demand)]
    statement.refresh_from_db()
    actions.take_down(statement, by=None, why="Entered by mistake.")
    assert titles("emerald") == titles("rubies") == []
    assert not SearchWord.objects.filter(word__in=["emeralds", "rubies", "sapphires"]).exists()
    assert list(keeping.drift()) == []


def test_a_change_that_is_undone_leaves_the_index_as_it_was() -> None:
    demand = make.DemandFactory(title="Hear them")
    with transaction.atomic():
        demand.title = "Hear the villagers"
        demand_actions.save_demand(demand, by=None)
        assert titles("villagers") == ["Hear the villagers"]
        transaction.set_rollback(True)
    assert titles("villagers") == []
    assert titles("hear") == ["Hear them"]


def test_drafts_and_hidden_names_are_nowhere_in_the_index() -> None:
    seen = public_world()
    for state in ("draft", "in_review"):
        secret_world(seen, state)
    rows = secret_world(seen, "published")
    assert find(parse(SECRET)).total > 5
    for row in reversed([one for one in rows if hasattr(one, "state")]):
        row.refresh_from_db()
        actions.take_down(row, by=None, why="Entered by mistake.")
    person = make.PersonFactory(full_name=f"Ama {SECRET}")
    make.SpeakerFactory(statement=seen["statement"], person=person)
    assert find(parse(f"ama {SECRET}")).total > 1
    withhold(person, "withheld", by=None, why="They could come to harm.")
    assert find(parse(SECRET)).total == 0
    assert did_you_mean(find(parse(SECRET[:-1] + "y"))) is None
    assert [name for name in tables_with(SECRET) if name.startswith("lib_search")] == []
    for key in secret_keys():
        assert find(parse(f'"{key}"')).total == 0, key
    assert list(keeping.drift()) == []


def test_a_broken_index_is_noticed_and_built_anew() -> None:
    mention = make.MentionFactory(paraphrase="They ask about rubies.")
    assert keeping.rebuild() == dict.fromkeys(keeping.rebuild(), 0)
    SearchTerms.objects.filter(no=SearchEntry.objects.get(kind="mention").no).delete()
    opals = make.DemandFactory(title="Count the opals well")
    SearchStream.objects.filter(
        no=SearchEntry.objects.get(kind="demand", row_id=opals.pk).no
    ).delete()
    SearchStream.objects.create(no=6, stems=" stray ")
    SearchWord.objects.filter(word="rubies").update(entries=7)
    SearchEntry.objects.create(no=5, kind="demand", row_id=99_999, language="en")
    told = " ".join(keeping.drift())
    assert "search does not find it" in told
    assert "search finds it, and visitors may not see it" in told
    assert "counted wrongly" in told
    changed = keeping.rebuild()
    assert (changed["mention"], changed["demand"]) == (1, 2)
    assert list(keeping.drift()) == []
    assert not SearchStream.objects.filter(no=6).exists()
    assert titles('"count the opals"') == ["Count the opals well"]
    assert titles("rubies") == [str(mention.demand)]


# --- the page --------------------------------------------------------------------------------


def test_the_page_shows_the_words_marked_whose_they_are_and_where(client: Client) -> None:
    statement = make.StatementFactory(title="Closing remarks", language="fr")
    make.TextFactory(
        statement=statement, language="fr", body="Merci.\n\nNous parlons de saphirs <b>ici</b>."
    )
    html = client.get("/search/?q=saphir").content.decode()
    assert 'class="theirs" lang="fr"' in html
    assert "Nous parlons de <mark>saphirs</mark> &lt;b&gt;ici&lt;/b&gt;." in html
    assert f'href="{statement.get_absolute_url()}#t-2"' in html
    assert '<p id="t-2">' in client.get(statement.get_absolute_url()).content.decode()
    assert '<meta name="robots" content="noindex">' in html
    make.DemandFactory(title="Count <rubies>")
    html = client.get("/search/?q=ruby+%3Cscript%3E").content.decode()
    assert "<script>" not in html
    html = client.get("/search/?q=rubies").content.decode()
    assert "Count &lt;<mark>rubies</mark>&gt;" in html


def test_every_box_leads_to_it_and_filters_stay_when_other_words_are_typed(client: Client) -> None:
    make.DemandFactory(title="Count rubies")
    for page in ("/", "/demands/", "/nothing-here/"):
        assert '<form class="search" role="search" action="/search/">' in (
            client.get(page).content.decode()
        )
    html = client.get("/fr/search/?q=rubies&kind=demand").content.decode()
    assert 'action="/fr/search/"' in html
    assert html.count('<input type="hidden" name="kind" value="demand">') == 1
    assert 'hreflang="en" href="http://testserver/search/?q=rubies&amp;kind=demand"' in html or (
        "/search/?q=rubies&amp;kind=demand" in html
    )


def test_bad_parameters_are_refused_by_name(client: Client) -> None:
    make.MeetingFactory(slug="hidden", state="draft")
    for query, said in (
        ("kind=odd", "kind"),
        ("year=23", "year"),
        ("meeting=hidden", "Nothing public has the key"),
        ("meeting=nowhere", "Nothing public has the key"),
        ("speaker=%00", "speaker"),
        ("status=odd", "status"),
        ("language=xx", "language"),
        ("page=0", "page"),
        ("colour=red", "colour"),
        ("q=a&q=b", "q"),
        ("q=%00", "no text"),
    ):
        answer = client.get(f"/search/?{query}")
        assert answer.status_code == 400, query
        assert said in answer.content.decode(), query
    assert client.get("/search/?q=x&page=2").status_code == 404
    assert client.get(f"/search/?q={'x' * 5000}").status_code == 414


def test_odd_queries_get_a_sentence(client: Client) -> None:
    for query, said in (
        ("the of and", "stand in nearly every text"),
        ("a", "A single letter finds nothing"),
        ("-rubies", "cannot only exclude"),
        ("?!", "There is no word"),
        ("+".join(f"word{n}" for n in range(30)), "too many"),
        ("the+" * 200, "stand in nearly every text"),
        ("zzzz", "Nothing is found for"),
    ):
        answer = client.get(f"/search/?q={query.replace(' ', '+')}")
        assert answer.status_code == 200
        assert said in answer.content.decode(), query


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60) | st.text(alphabet="abé\"'«-–_:*|&!()<> \\%.’1", max_size=40))
def test_whatever_is_typed_is_answered(client: Client, typed: str) -> None:
    if not SearchEntry.objects.exists():
        make.MentionFactory(paraphrase="a b é 1")
    answer = client.get("/search/", {"q": typed})
    assert answer.status_code in (200, 400), typed
    if answer.status_code == 400:
        assert "no text" in answer.content.decode()


def test_the_number_of_queries_does_not_grow_with_hits(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/search/?q=rubies&kind=mention&kind=demand").status_code == 200
        return len(queries)

    def more(number: int) -> None:
        for _n in range(number):
            make.MentionFactory(
                paraphrase="They ask about rubies.",
                demand=make.DemandFactory(title="Count rubies"),
                speaker=make.PersonFactory(),
            )

    more(2)
    few = asked()
    more(12)
    assert asked() == few
    assert few < 30
