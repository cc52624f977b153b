"""What somebody who wants to find an error in the record, or to hide one, has tried."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.test import Client

from demands import actions
from demands.models import Demand, Evidence, Occasion
from statements import actions as statement_actions
from tests import factories as make

pytestmark = pytest.mark.django_db


def rows(client: Client, address: str) -> list[dict[str, str]]:
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def staff(*rights: str) -> Client:
    user = get_user_model().objects.create_user("clerk", password="x", is_staff=True)
    for right in rights:
        app, code = right.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=code)
        )
    client = Client()
    client.force_login(user)
    return client


def test_a_meeting_that_nobody_sees_makes_no_occasion_and_lends_no_year(client: Client) -> None:
    demand = make.DemandFactory()
    hidden = make.MeetingFactory(state="draft", year=2031, start="2031", end="2031")
    for day in ("2018-01-05", "2018-06-05"):
        statement = make.StatementFactory(date=day, meeting=hidden)
        make.MentionFactory(demand=demand, statement=statement)
    demand.refresh_from_db()
    assert demand.asked_count == 2
    assert set(Occasion.objects.values_list("year", "meeting")) == {(2018, None)}
    assert "2031" not in client.get("/demands/").content.decode()
    statement_actions.publish(hidden, by=None)
    demand.refresh_from_db()
    assert demand.asked_count == 1
    statement_actions.take_down(hidden, by=None, why="It did not take place.")
    demand.refresh_from_db()
    assert demand.asked_count == 2


def test_a_meeting_that_nobody_sees_moves_no_statement() -> None:
    hidden = make.MeetingFactory(state="draft", start="2023-11-06", end="2023-11-08")
    statement = make.StatementFactory(date="2023-11", meeting=hidden)
    assert statement.sort_on.isoformat() == "2023-11-30"
    statement_actions.publish(hidden, by=None)
    statement.refresh_from_db()
    assert statement.sort_on.isoformat() == "2023-11-08"


def test_files_do_not_name_documents_of_statements_that_nobody_sees(client: Client) -> None:
    make.StatementFactory(state="draft", document="SECRET-2031.txt")
    make.StatementFactory(document="known.txt")
    make.DemandFactory(source_url="document:SECRET-2031.txt")
    make.DemandFactory(source_url="document:known.txt")
    make.DemandFactory(source_url="https://news.example.org/document:SECRET")
    assert [row["source_url"] for row in rows(client, "/demands.csv?sort=reference")] == [
        "document:",
        "document:known.txt",
        "https://news.example.org/document:SECRET",
    ]
    demand = Demand.objects.first()
    make.judge(demand, evidence=[Evidence(kind="coalition", source_url="document:SECRET-2031.txt")])
    assert [row["source_url"] for row in rows(client, "/evidence.csv")] == ["document:"]


def test_page_and_file_say_alike_since_when_it_stands_so(client: Client) -> None:
    demand = make.DemandFactory()
    make.judge(demand, "no_movement", date="2001")
    make.judge(demand, "blocked", date="2003-10-31")
    make.judge(demand, "blocked", date="2007-11-08")
    row = rows(client, "/demands.csv")[0]
    assert (row["status_since"], row["status_date"]) == ("2003-10-31", "2007-11-08")
    page = client.get(demand.get_absolute_url()).content.decode()
    assert "since 31 October 2003" in page
    make.judge(demand, "blocked", date="2008", reason="refused")
    demand.refresh_from_db()
    assert str(demand.status_since) == "2008"


def test_a_year_that_is_not_over_is_no_date_of_a_judgement() -> None:
    from datetime import date

    demand = make.DemandFactory()
    for known in ("2026", "2026-11"):
        with pytest.raises(ValidationError, match="not over"):
            make.judge(demand, date=known, today=date(2026, 11, 25))
    make.judge(demand, date="2026-10", today=date(2026, 11, 25))


def test_blanks_confirm_nothing_and_prove_nothing() -> None:
    demand = make.DemandFactory()
    make.judge(demand, reviewed_by="  ")
    demand.refresh_from_db()
    assert demand.provisional
    with pytest.raises(ValidationError):
        make.judge(demand, assessed_by=" ")
    with pytest.raises(ValidationError):
        make.judge(demand, rationale=" \n ")
    with pytest.raises(ValidationError):
        make.judge(demand, evidence=[Evidence(kind="press", held="   ")])


@pytest.mark.parametrize("year", [1999, 2999])
def test_a_judgement_is_recorded_neither_before_it_holds_nor_in_the_future(year: int) -> None:
    with pytest.raises(ValidationError) as caught:
        make.judge(make.DemandFactory(), recorded_at=datetime(year, 1, 1, tzinfo=UTC))
    assert "recorded_at" in caught.value.message_dict


def test_accounts_are_switched_off_not_deleted(admin_client: Client) -> None:
    editor = get_user_model().objects.create_user("editor", password="x", is_staff=True)
    make.StatementFactory(by=editor)
    address = f"/admin/auth/user/{editor.pk}/delete/"
    assert admin_client.post(address, {"post": "yes"}).status_code == 403
    admin_client.post(
        "/admin/auth/user/",
        {"action": "delete_selected", "_selected_action": editor.pk, "post": "yes"},
    )
    assert get_user_model().objects.filter(pk=editor.pk).exists()


def test_only_who_may_publish_makes_a_public_mention_vanish() -> None:
    mention = make.MentionFactory()
    draft = make.DemandFactory(state="draft")
    clerk = staff("demands.change_mention", "demands.delete_mention")
    user = get_user_model().objects.get(username="clerk")
    mention.demand = draft
    with pytest.raises(ValidationError, match="may publish"):
        actions.save_mention(mention, by=user)
    mention.refresh_from_db()
    clerk.post(f"/admin/demands/mention/{mention.pk}/delete/", {"post": "yes"})
    mention.refresh_from_db()
    assert mention.demand != draft
    user.user_permissions.add(Permission.objects.get(codename="publish_demand"))
    user = get_user_model().objects.get(pk=user.pk)
    mention.demand = draft
    actions.save_mention(mention, by=user)
    assert not LogEntry.objects.exists()


def test_what_was_taken_down_is_not_published_again_by_the_dozen(admin_client: Client) -> None:
    taken, draft = make.DemandFactory(), make.DemandFactory(state="draft")
    statement_actions.take_down(taken, by=None, why="It was somebody else’s.")
    admin_client.post(
        "/admin/demands/demand/",
        {"action": "publish_selected", "_selected_action": [taken.pk, draft.pk]},
    )
    taken.refresh_from_db()
    draft.refresh_from_db()
    assert (taken.state, draft.state) == ("taken_down", "published")
    assert taken.taken_down_reason == "It was somebody else’s."


@pytest.mark.parametrize("words", ["%CC%81", "%C2%A0%CC%81", "%CC%81%20%CC%80"])
def test_words_of_which_nothing_is_left_do_not_fit_every_row(client: Client, words: str) -> None:
    make.DemandFactory(title="Anything")
    assert client.get(f"/demands/?q={words}").status_code == 400


def test_a_quote_from_a_summary_of_ours_is_never_shown_as_theirs(client: Client) -> None:
    text = make.TextFactory(kind="summary", body="In short they ask for it.")
    mention = make.MentionFactory(
        statement=text.statement, text=text, quote="ask for it", paraphrase="They want it."
    )
    page = client.get(mention.demand.get_absolute_url()).content.decode()
    assert "theirs" not in page
    assert "They want it." in page
    row = rows(client, "/mentions.csv")[0]
    assert (row["wording"], row["quote"]) == ("paraphrase", "")


def test_criticism_by_members_alone_is_marked(client: Client) -> None:
    demand = make.DemandFactory()
    for voice, day in (("member", "2020-01"), ("coalition", "2020-02")):
        statement = make.StatementFactory(voice=voice, date=day)
        make.MentionFactory(demand=demand, kind="criticised", statement=statement)
    assert rows(client, "/demands.csv")[0]["criticised_by_members_count"] == "1"
    assert "1 by a member alone" in client.get("/demands/").content.decode()
    assert "1 by a member alone" in client.get(demand.get_absolute_url()).content.decode()


def test_each_row_of_mentions_says_how_we_know_it(client: Client) -> None:
    make.MentionFactory(statement=make.StatementFactory(text_seen="press_report"))
    assert "after a press report" in client.get("/mentions/").content.decode()


def test_of_a_speaker_by_function_only_the_organisation_is_not_told(client: Client) -> None:
    role = make.RoleFactory(
        person=make.PersonFactory(public_name="function_only"),
        organisation=make.OrganisationFactory(name="TELLTALE"),
        role="Researcher",
    )
    statement = make.StatementFactory(speakers=[role.person])
    page = client.get(statement.get_absolute_url()).content.decode()
    assert "Researcher" in page
    assert "TELLTALE" not in page


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "trace"])
@pytest.mark.parametrize("address", ["/demands/", "/demands.csv", "/speakers.csv"])
def test_public_pages_are_only_read(address: str, method: str) -> None:
    answer: Any = getattr(Client(), method)(address)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


def test_errors_are_not_kept(client: Client) -> None:
    demand = make.DemandFactory()
    statement_actions.take_down(demand, by=None, why="Merged.")
    for address, status in ((demand.get_absolute_url(), 410), ("/demands/?page=x", 400)):
        answer = client.get(address)
        assert answer.status_code == status
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("query", ["columns=", "columns=,", "columns=,,"])
def test_no_column_is_not_every_column(client: Client, query: str) -> None:
    for name in ("demands", "speakers"):
        assert client.get(f"/{name}.csv?{query}").status_code == 400
    assert client.get("/speakers.csv?columns=date&columns=person").status_code == 400


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x1b", "\x00"])
def test_signs_that_nobody_sees_are_refused_by_field(sign: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make.StatementFactory(title=f"Open{sign}letter")
    assert "title" in caught.value.message_dict


@pytest.mark.parametrize("slug", ["-x", "UPPER", "a_b", "a b", "é"])
def test_a_slug_is_small_letters_digits_and_hyphens(slug: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make.StatementFactory(slug=slug)
    assert "slug" in caught.value.message_dict
