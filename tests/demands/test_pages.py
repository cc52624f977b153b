"""The page of one demand: its facts, where it stands, and the record in one column of time."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demands import actions
from demands.models import Evidence
from statements import actions as statement_actions
from tests import factories as f

pytestmark = pytest.mark.django_db


def page(client: Client, url: str = "/demands/widen/") -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def text(html: str) -> str:
    """Return what a reader reads of the main part, white space single."""
    html = html[html.index("<main") : html.index("</main>")]
    words = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")
    return re.sub(r" ([.,:;)])", r"\1", " ".join(words.split()))


# --- Facts --------------------------------------------------------------------------------


def test_a_demand_never_raised_and_never_judged_says_so(client: Client) -> None:
    f.DemandFactory(slug="widen", success_test="A plenary adopts it.")
    said = text(page(client))
    assert "never, as far as the record shows" in said
    assert "Not assessed" in said
    assert "Nothing citable was found" in said
    assert "No statement that raises it is in the record." in said
    assert "A plenary adopts it." in said
    assert "First found" not in said
    assert "since" not in said


def test_facts_count_occasions_and_set_members_alone_apart(client: Client) -> None:
    demand = f.DemandFactory(slug="widen", addressee_text="all governments", condition="if funded")
    for day, voice, kind in (
        ("2012-05-14", "coalition", "demanded"),
        ("2019-03", "member", "demanded"),
        ("2025", "coalition", "demanded"),
        ("2026-05-11", "coalition", "criticised"),
        ("2026-06", "individual", "demanded"),
        ("2020-01", "coalition", "welcomed"),
    ):
        statement = f.StatementFactory(date=day, voice=voice)
        f.MentionFactory(demand=demand, statement=statement, kind=kind)
    said = text(page(client))
    assert "Asked on 3 occasions 1 of them by members alone" in said
    assert "First found 14 May 2012" in said
    assert "Criticised on 1 occasion counted apart" in said
    assert "Last asked 2025 day not known last raised 11 May 2026" in said
    assert "A step welcomed on 1 occasion not counted as asked" in said
    assert "as the source has it: all governments" in said
    assert "On condition if funded" in said
    assert "An individual" in said
    assert "not counted" in said


def test_dates_are_printed_as_known_and_never_with_an_invented_day(client: Client) -> None:
    demand = f.JudgedDemandFactory(slug="widen", judged_on="2017-11")
    f.MentionFactory(demand=demand, statement=f.StatementFactory(date="2016-02"))
    html = page(client)
    assert '<time datetime="2017-11">November\u00a02017</time>' in html
    assert '<time datetime="2016-02">February\u00a02016</time>' in html
    assert "1 November 2017" not in text(html)
    assert "since November 2017" in text(html)


def test_a_position_is_declared_and_has_no_status(client: Client) -> None:
    demand = f.PositionFactory(slug="widen")
    f.MentionFactory(demand=demand)
    said = text(page(client))
    assert "A position" in said
    assert "Declared on 1 occasion" in said
    assert re.search(r"10 November 2023 declared M-\d+", said)
    assert "Not assessed" not in said
    assert "Provisional" not in said


def test_parts_parent_and_successor_are_shown_with_their_status_while_public(
    client: Client,
) -> None:
    parent = f.DemandFactory(title="The whole")
    later = f.DemandFactory(title="The later one")
    demand = f.DemandFactory(slug="widen", parent=parent, superseded_by=later)
    f.BlockedDemandFactory(title="A narrower one", parent=demand)
    f.DemandFactory(title="A draft part", parent=demand, state="draft")
    f.DemandFactory(title="An earlier one", superseded_by=demand)
    html = page(client)
    said = text(html)
    assert "Part of The whole Not assessed" in said
    assert "Superseded by The later one" in said
    assert "Supersedes An earlier one" in said
    assert "1 narrower demand" in said
    assert "A narrower one 0 Blocked: no consensus" in said
    assert "draft part" not in html
    statement_actions.take_down(parent, by=None, why="Entered twice.")
    statement_actions.take_down(later, by=None, why="Entered twice.")
    html = page(client)
    assert "The whole" not in html
    assert "The later one" not in html


# --- Where it stands ----------------------------------------------------------------------


def test_a_provisional_judgement_is_hollow_and_says_so(client: Client) -> None:
    f.BlockedDemandFactory(slug="widen", judged_on="2025-11-21", rationale="A few said no.")
    html = page(client)
    said = text(html)
    assert "Blocked: no consensus since 21 November 2025 A few said no." in said
    assert "Evidence: press, news.example.org" in said
    assert "judged once, in 2025" in said
    assert "Provisional: compiled from public sources, not confirmed by the coalition." in said
    assert 'class="g"' in html
    assert 'class="g full"' not in html
    assert "It was put forward and stopped." in said  # the definition, a click away


def test_a_confirmed_judgement_is_filled_and_names_who_confirmed(client: Client) -> None:
    demand = f.JudgedDemandFactory(slug="widen", judged_on="2023-11-10")
    from datetime import date

    actions.confirm(
        demand,
        by=None,
        rationale="Looked again.",
        reviewed_by="The council",
        on=date(2026, 3, 2),
    )
    html = page(client)
    said = text(html)
    assert "No movement since 10 November 2023" in said
    assert "Confirmed by The council, 2 March 2026." in said
    assert "Provisional" not in said
    assert 'class="g full"' in html
    assert re.search(r"2 March 2026 confirmed A-\d+", said)
    assert "it renews the date of review and is no news" in said


def test_met_says_who_brought_it_about(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    f.judge(demand, "met", brought_about_by="another_body")
    assert "Brought about by: another body" in text(page(client))


def test_a_judgement_overtaken_by_a_later_asking_says_so(client: Client) -> None:
    demand = f.JudgedDemandFactory(slug="widen", judged_on="2023-11-10")
    f.MentionFactory(demand=demand, statement=f.StatementFactory(date="2024-11-12"))
    said = text(page(client))
    assert "asked again since (last asked 12 November 2024)" in said


def test_asked_in_the_same_month_is_not_said_to_be_asked_again(client: Client) -> None:
    first = timezone.localdate().replace(day=1).isoformat()
    demand = f.JudgedDemandFactory(slug="widen", judged_on=first)
    f.MentionFactory(demand=demand, statement=f.StatementFactory(date=first[:7]))
    assert "asked again since" not in text(page(client))


def test_a_status_judged_again_unchanged_holds_since_it_was_first_judged_so(
    client: Client,
) -> None:
    demand = f.DemandFactory(slug="widen")
    f.judge(demand, "under_discussion", date="2018")
    f.judge(demand, "blocked", date="2019-11-22")
    f.judge(demand, "blocked", date="2021-11-12")
    said = text(page(client))
    assert "Blocked: no consensus since 22 November 2019" in said
    assert "Judged anew, unchanged, as of 12 November 2021" in said
    assert "judged 3 times since 2018" in said


def test_the_coalitions_own_account_alone_is_named(client: Client) -> None:
    own = Evidence(kind="coalition", source_url="https://kpcivilsociety.org/a")
    other = Evidence(kind="press", source_url="https://news.example.org/b", stance="contradicts")
    f.JudgedDemandFactory(slug="widen", evidence=[own, other])
    said = text(page(client))
    assert "Rests on the coalition’s own account alone." in said
    assert "press, contradicts" in said


def test_evidence_may_be_a_statement_a_held_document_or_a_copy(client: Client) -> None:
    public = f.StatementFactory(title="The minutes")
    draft = f.StatementFactory(title="Draft minutes", state="draft")
    evidence = [
        Evidence(kind="kp_document", statement=public, note="Page 4."),
        Evidence(kind="kp_document", statement=draft),
        Evidence(kind="government", held="A letter in the coalition’s files"),
        Evidence(
            kind="press",
            source_url="https://news.example.org/x",
            archived_url="https://archive.example.org/x",
        ),
    ]
    f.JudgedDemandFactory(slug="widen", evidence=evidence)
    html = page(client)
    assert "The minutes" in html
    assert "Page 4." in html
    assert "Draft minutes" not in html
    assert "A letter in the coalition’s files" in html
    assert '<a href="https://archive.example.org/x" rel="external">archived copy</a>' in html


def test_a_corrected_judgement_stays_struck_through_with_a_link_to_what_replaced_it(
    client: Client,
) -> None:
    demand = f.DemandFactory(slug="widen")
    wrong = f.judge(demand, "met", rationale="It was met, we thought.")
    right = f.judge(demand, "no_movement", corrects=wrong, rationale="It was not.")
    html = page(client)
    assert f'Replaced by <a href="#{right.reference}">' in html
    assert f'In place of <a href="#{wrong.reference}">' in html
    assert '<div class="replaced">' in html
    assert "No movement since" in text(html)
    withdrawn = f.judge(demand, "not_assessed", corrects=right, rationale="We cannot tell.")
    said = text(page(client))
    assert "An earlier judgement was withdrawn" in said
    assert withdrawn.reference in said


# --- The record ---------------------------------------------------------------------------


def test_mentions_and_judgements_stand_in_one_column_of_time(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    early = f.MentionFactory(demand=demand, statement=f.StatementFactory(date="2012-05-14"))
    f.judge(demand, date="2018", rationale="Nothing yet.")
    late = f.MentionFactory(demand=demand, statement=f.StatementFactory(date="2023-11-10"))
    judged = f.judge(demand, date="2023-11-10")
    order = re.findall(r'<li id="([AM]-\d+)"', page(client))
    assert order == [judged.reference, late.reference, "A-0001", early.reference]
    assert (
        re.findall(r'<li id="([AM]-\d+)"', page(client, "/demands/widen/?order=oldest"))
        == (order[::-1])
    )


@pytest.mark.parametrize(
    "query",
    ["order=sideways", "order=", "order=newest&order=oldest", "order=%00", "order=__class__"],
)
def test_an_order_that_there_is_not_is_refused(client: Client, query: str) -> None:
    f.DemandFactory(slug="widen")
    answer = client.get(f"/demands/widen/?{query}")
    assert answer.status_code == 400
    assert "newest, oldest" in answer.content.decode()


def test_a_paraphrase_never_looks_like_a_quotation(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    for seen, how in (
        ("full", "In our words, after the full text · fairly sure"),
        ("excerpt", "In our words, after part of the text · fairly sure"),
        ("press_report", "In our words, after a press report · fairly sure"),
        ("mention", "In our words; the text was not seen · fairly sure"),
    ):
        statement = f.StatementFactory(text_seen=seen)
        f.MentionFactory(demand=demand, statement=statement, confidence="medium")
        assert how in text(page(client))
    html = page(client)
    assert "<blockquote" not in html
    assert "“" not in text(html)


def test_words_anchored_in_a_text_are_quoted_in_their_language(client: Client) -> None:
    held = f.TextFactory(body="Nous demandons une définition plus large.", language="fr")
    f.MentionFactory(
        demand=f.DemandFactory(slug="widen"),
        statement=held.statement,
        text=held,
        quote="une définition plus large",
        paraphrase="A wider definition is asked for.",
    )
    html = page(client)
    marked = '<blockquote class="theirs" lang="fr" dir="ltr"><p>'
    assert f"{marked}«\u00a0une définition plus large\u00a0»</p>" in html
    said = text(html)
    assert "Word for word, from the text we hold" in said
    assert "Our gist: A wider definition is asked for." in said


def test_words_of_our_own_summary_are_not_quoted(client: Client) -> None:
    ours = f.TextFactory(body="They ask for more.", kind="summary")
    f.MentionFactory(
        demand=f.DemandFactory(slug="widen"),
        statement=ours.statement,
        text=ours,
        quote="ask for more",
    )
    assert "<blockquote" not in page(client)


def test_voices_and_speakers_are_named_as_far_as_they_may_be(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    ngo = f.OrganisationFactory(name="IPIS")
    shown = f.PersonFactory(full_name="Jaff Bamenjo")
    hidden = f.PersonFactory(full_name="Hidden Name", public_name="withheld")
    function = f.PersonFactory(full_name="Veiled Name", public_name="function_only")
    f.RoleFactory(person=function, role="Field monitor", organisation=None, start="2020")
    f.RoleFactory(person=hidden, role="Secret function", organisation=None, start="2020")
    f.MentionFactory(demand=demand)
    f.MentionFactory(demand=demand, speaker=shown)
    for speaker in (hidden, function):
        f.MentionFactory(
            demand=demand, speaker=speaker, statement=f.StatementFactory(speakers=[speaker])
        )
    f.MentionFactory(demand=demand, statement=f.StatementFactory(voice="member", issuers=[ngo]))
    html = page(client)
    said = text(html)
    assert "Jaff Bamenjo for the coalition, in" in said
    assert "The coalition, in" in said
    assert "A member alone: IPIS, in" in said
    assert "Field monitor for the coalition, in" in said
    for secret in ("Hidden", "Veiled", "Secret function", hidden.slug, function.slug):
        assert secret not in html


def test_a_mention_in_a_draft_or_a_taken_down_statement_is_absent(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    f.MentionFactory(
        demand=demand,
        statement=f.StatementFactory(state="draft", title="Draft speech"),
        paraphrase="Said in a draft.",
    )
    gone = f.StatementFactory(title="Old speech")
    f.MentionFactory(demand=demand, statement=gone, paraphrase="Said and gone.")
    assert "Said and gone." in page(client)
    statement_actions.take_down(gone, by=None, why="A copy of another.")
    html = page(client)
    for secret in ("Draft speech", "Said in a draft.", "Said and gone.", "Old speech"):
        assert secret not in html


def test_a_held_document_leads_to_its_statement_while_that_is_public(client: Client) -> None:
    held = f.StatementFactory(title="Kinshasa speech", document="kinshasa.txt")
    demand = f.DemandFactory(slug="widen", source_url="document:kinshasa.txt")
    f.MentionFactory(demand=demand, statement=f.StatementFactory(), source_url="document:other.txt")
    html = page(client)
    assert f'<a href="{held.get_absolute_url()}">Kinshasa speech</a>' in html
    assert "a text held by the coalition, not online" in text(html)
    assert "document:" not in html
    statement_actions.take_down(held, by=None, why="A copy.")
    assert "Kinshasa speech" not in page(client)


def test_a_long_record_folds_its_older_years_and_leaves_nothing_out(client: Client) -> None:
    demand = f.DemandFactory(slug="widen")
    for year in range(2001, 2026):
        f.MentionFactory(demand=demand, statement=f.StatementFactory(date=str(year)))
    html = page(client)
    assert len(re.findall(r'<li id="M-\d+"', html)) == 25
    folded = re.findall(r"<summary><b>(\d{4})</b>", html)
    assert folded == [str(year) for year in range(2015, 2000, -1)]
    html = page(client, "/demands/widen/?order=oldest")
    assert re.findall(r"<summary><b>(\d{4})</b>", html)[0] == "2011"


def test_the_page_asks_the_same_number_of_questions_for_five_mentions_and_for_many(
    client: Client,
) -> None:
    demand = f.DemandFactory(slug="widen", source_url="document:a.txt")

    def more(number: int) -> None:
        for n in range(number):
            veiled = f.PersonFactory(public_name="function_only")
            f.RoleFactory(person=veiled, start="2020")
            statement = f.StatementFactory(
                issuers=[f.OrganisationFactory()], meeting=f.MeetingFactory(), speakers=[veiled]
            )
            f.MentionFactory(demand=demand, statement=statement, speaker=veiled)
            f.judge(demand, date=f"20{n % 20 + 1:02d}")

    more(2)
    f.DemandFactory(parent=demand)
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    more(20)
    f.DemandFactory(parent=demand)
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(few) == len(many)
    assert len(many) <= 16


# --- Languages and odd states -------------------------------------------------------------


def test_text_without_french_shows_in_english_and_is_marked(client: Client) -> None:
    f.DemandFactory(slug="widen", title="Widen it", title_fr="", description_fr="")
    html = page(client, "/fr/demands/widen/")
    assert '<span lang="en" dir="ltr">Widen it</span></h1>' in html
    assert '<div lang="en" dir="ltr"><p>What is asked and why.</p></div>' in html
    assert '<span lang="en"' not in page(client)


def test_what_comes_from_the_record_is_escaped(client: Client) -> None:
    evil = "<script>alert('x')</script> \"><img src=x onerror=alert(1)>"
    demand = f.JudgedDemandFactory(
        slug="widen",
        title=evil,
        title_fr=evil,
        description=evil,
        rationale=evil,
        addressee_text=evil,
        condition=evil,
        success_test=evil,
    )
    statement = f.StatementFactory(title=evil, title_fr=evil)
    held = f.TextFactory(statement=statement, body=evil)
    f.MentionFactory(demand=demand, statement=statement, paraphrase=evil, text=held, quote=evil)
    for url in ("/demands/widen/", "/fr/demands/widen/"):
        html = page(client, url)
        assert "<script>" not in html
        assert "<img" not in html


def test_a_title_of_300_characters_keeps_its_place(client: Client) -> None:
    long_title = "Widen " + "the definition of conflict diamonds " * 8
    f.DemandFactory(slug="widen", title=long_title[:300])
    assert '<h1 class="long">' in page(client)
