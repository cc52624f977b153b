"""What holds for every page: no cookie, strict policy, languages, errors, former addresses."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from kptracker import errors
from statements import actions
from tests import factories as f

pytestmark = pytest.mark.django_db


def main_text(answer: Any) -> str:
    """Return what a reader reads of a page's main part, white space single."""
    html = answer.content.decode()
    html = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture
def rows() -> dict[str, Any]:
    """One of each thing, all public and all joined."""
    person = f.PersonFactory(slug="ama")
    body = f.OrganisationFactory(slug="ipis")
    meeting = f.MeetingFactory(slug="plenary-2023")
    statement = f.StatementFactory(
        slug="closing", meeting=meeting, speakers=[person], issuers=[body], addressees=[body]
    )
    demand = f.BlockedDemandFactory(slug="widen", addressees=[body])
    f.MentionFactory(demand=demand, statement=statement, speaker=person)
    f.RoleFactory(person=person, organisation=body)
    return {
        "people/ama": person,
        "organisations/ipis": body,
        "meetings/plenary-2023": meeting,
        "statements/closing": statement,
        "demands/widen": demand,
    }


def test_every_page_stands_in_both_languages(client: Client, rows: dict[str, Any]) -> None:
    for prefix, language, site in (
        ("", "en", "KP Demand Tracker"),
        ("/fr", "fr", "Suivi des revendications au PK"),
    ):
        for path in ("", *rows):
            url = f"{prefix}/{path}/" if path else f"{prefix}/"
            answer = client.get(url)
            html = answer.content.decode()
            assert answer.status_code == 200, url
            assert f'<html lang="{language}" dir="ltr">' in html
            assert html.count("<h1") == 1
            assert html.count("<main") == 1
            assert re.search(rf"<title>[^<·]+ · {site}</title>", html)
            assert 'href="#content"' in html
            assert 'id="content"' in html
            assert 'hreflang="fr"' in html


def test_switching_the_language_keeps_the_page_and_its_question(
    client: Client, rows: dict[str, Any]
) -> None:
    html = client.get("/demands/widen/?order=oldest").content.decode()
    assert 'href="/fr/demands/widen/?order=oldest"' in html
    html = client.get("/fr/demands/widen/?order=oldest").content.decode()
    assert 'href="/demands/widen/?order=oldest"' in html


def test_no_page_sets_a_cookie_or_breaks_the_policy(client: Client, rows: dict[str, Any]) -> None:
    for url in ("/", *(f"/{path}/" for path in rows), "/nothing-here/"):
        answer = client.get(url)
        html = answer.content.decode()
        assert not answer.cookies, url
        assert "style-src 'self'" in answer["Content-Security-Policy"]
        assert not re.search(
            r"<script(?! type=.application/ld\+json.>| src=)|<style|\sstyle=|\son[a-z]+=|"
            r"javascript:",
            html,
            re.I,
        ), url


def test_an_unchanged_page_answers_304_and_a_change_ends_that(
    client: Client, rows: dict[str, Any]
) -> None:
    for path, row in rows.items():
        tag = client.get(f"/{path}/")["ETag"]
        assert client.get(f"/{path}/", headers={"if-none-match": tag}).status_code == 304
        actions.save(row, by=None) if path != "demands/widen" else f.judge(row)
        assert client.get(f"/{path}/", headers={"if-none-match": tag}).status_code == 200


def test_each_page_names_its_permalink_its_last_change_and_whom_to_tell(
    client: Client, rows: dict[str, Any]
) -> None:
    for path, row in rows.items():
        html = client.get(f"/{path}/").content.decode()
        letter = {"people": "p", "organisations": "o", "meetings": "k", "statements": "s"}
        key = f"{letter.get(path.split('/')[0], 'd')}/{getattr(row, 'reference', row.slug)}"
        assert f"http://127.0.0.1:8000/{key}" in html
        assert "last changed" in html
        assert f"mailto:corrections@example.org?subject=Correction%3A%20{key[2:]}" in html
        answer = client.get(f"/{key}")
        assert (answer.status_code, answer["Location"]) == (302, f"/{path}/")


@override_settings(CORRECTIONS_EMAIL="")
def test_without_an_address_nobody_is_asked_to_write(client: Client, rows: dict[str, Any]) -> None:
    for path in rows:
        html = client.get(f"/{path}/").content.decode()
        assert "mailto:" not in html
        assert "Something wrong" not in html


def test_a_former_slug_leads_to_the_present_address_while_the_row_is_public(
    client: Client, rows: dict[str, Any]
) -> None:
    for path, row in rows.items():
        room, slug = path.split("/")
        row.slug = f"{slug}-anew"
        actions.save(row, by=None)
        answer = client.get(f"/{path}/?utm_source=letter")
        assert (answer.status_code, answer["Location"]) == (
            301,
            f"/{room}/{slug}-anew/?utm_source=letter",
        )
        assert client.get(f"/fr/{path}/")["Location"] == f"/fr/{room}/{slug}-anew/"
        client.get("/")  # back to English
        actions.take_down(row, by=None, why="Named somebody in danger.")
        for old in (path, f"{path}-anew"):
            answer = client.get(f"/{old}/")
            assert answer.status_code == 410, old
            assert "Named somebody in danger." in main_text(answer)
            assert str(getattr(row, "title", "") or row.slug) not in main_text(answer)


def test_what_was_never_public_does_not_exist(client: Client) -> None:
    drafts = {
        "statements": f.StatementFactory(state="draft"),
        "meetings": f.MeetingFactory(state="in_review"),
        "people": f.PersonFactory(state="draft"),
        "organisations": f.OrganisationFactory(state="draft"),
        "demands": f.DemandFactory(state="draft"),
    }
    for room, row in drafts.items():
        former = row.slug
        row.slug = f"{former}-anew"
        actions.save(row, by=None)
        assert client.get(f"/{room}/{former}/").status_code == 404
        assert client.get(f"/{room}/{row.slug}/").status_code == 404
        letter = {"people": "p", "organisations": "o", "meetings": "k", "statements": "s"}
        key = getattr(row, "reference", row.slug)
        assert client.get(f"/{letter.get(room, 'd')}/{key}").status_code == 404


def test_permalinks_of_mentions_and_judgements_lead_to_their_place(client: Client) -> None:
    demand = f.JudgedDemandFactory(slug="widen")
    mention = f.MentionFactory(demand=demand)
    judgement = demand.assessments.get()
    assert (
        client.get(f"/m/{mention.reference}")["Location"] == f"/demands/widen/#{mention.reference}"
    )
    assert (
        client.get(f"/a/{judgement.reference}")["Location"]
        == f"/demands/widen/#{judgement.reference}"
    )
    html = client.get("/demands/widen/").content.decode()
    assert f'id="{mention.reference}"' in html
    assert f'id="{judgement.reference}"' in html


@pytest.mark.parametrize("reference", ["D-999", "M-9999", "x" * 300, "%00", "D-001%00", "é"])
def test_a_permalink_of_nothing_is_not_found(client: Client, reference: str) -> None:
    for letter in "dma":
        assert client.get(f"/{letter}/{reference}").status_code == 404


def test_a_mention_of_a_draft_has_no_permalink(client: Client) -> None:
    mention = f.MentionFactory(statement=f.StatementFactory(state="draft"))
    assert client.get(f"/m/{mention.reference}").status_code == 404
    mention = f.MentionFactory(demand=f.DemandFactory(state="draft"))
    assert client.get(f"/m/{mention.reference}").status_code == 404


def test_errors_are_pages_that_ask_the_database_nothing(client: Client, rf: Any) -> None:
    request = rf.get("/somewhere/?q=<script>")
    makers = {
        400: lambda: errors.bad_request(request, ValueError()),
        403: lambda: errors.forbidden(request, PermissionError()),
        404: lambda: errors.not_found(request, ValueError()),
        429: lambda: errors.too_many(request, 30),
        500: lambda: errors.server_error(request),
    }
    for status, make in makers.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = make()
        assert answer.status_code == status
        assert len(queries) == 0
        html = answer.content.decode()
        assert html.count("<h1") == 1
        assert "<script>" not in html
        assert 'action="/search/"' in html  # the search


def test_an_error_page_stands_even_when_no_template_can_be_rendered(
    rf: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> str:
        raise OSError("the disk is gone")

    monkeypatch.setattr(errors.loader, "render_to_string", broken)
    answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert b"Something went wrong" in answer.content


def test_a_missing_page_offers_a_search_in_its_language(client: Client) -> None:
    answer = client.get("/fr/rien/")
    assert answer.status_code == 404
    assert 'action="/fr/search/"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_answered_in_words() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/{'admin'}/login/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "Nothing was saved." in main_text(answer)


def test_machines_find_what_they_ask_for(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content, len(queries)) == (200, b"ok\n", 0)
    assert client.get("/readyz").content == b"ready\n"
    assert client.get("/robots.txt")["Content-Type"].startswith("text/plain")
    assert client.get("/fr/healthz").status_code == 404


def test_not_ready_while_a_migration_waits(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "kptracker.views.MigrationExecutor.migration_plan", lambda self, targets: [("one", False)]
    )
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"1 migrations" in answer.content
