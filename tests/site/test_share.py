"""Citing and passing on: ready citations, and what the head of a page says of it."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from kptracker.lib.publishing import State
from statements import actions
from tests import factories as f
from tests.site.test_pages import rows  # noqa: F401

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
Rows = dict[str, Any]


def head(client: Client, url: str) -> dict[str, str]:
    """Return the properties of a page's head, and its canonical address."""
    html = client.get(url).content.decode()
    html = html[: html.index("</head>")]
    found = {
        name: unescape(value)
        for name, value in re.findall(r'property="([^"]+)" content="([^"]*)"', html)
    }
    found |= dict(re.findall(r'rel="(canonical)" href="([^"]+)"', html))
    return found


def data(client: Client, url: str) -> dict[str, dict[str, Any]]:
    """Return the facts for machines, by their type."""
    html = client.get(url).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return {one["@type"]: one for one in map(json.loads, blocks)}


# --- Citing -------------------------------------------------------------------------------


def test_each_page_offers_its_citation_and_the_files_hold_it(client: Client, rows: Rows) -> None:  # noqa: F811
    for path, row in rows.items():
        html = client.get(f"/{path}/").content.decode()
        box = html[html.index('<details class="cite">') :]
        key = getattr(row, "reference", row.slug)
        plain = unescape(re.search(r'<p dir="auto">(.*?)</p>', box)[1])  # type: ignore[index]
        assert plain.endswith(f"/{key}")
        for form, kind in (("bib", "x-bibtex"), ("ris", "x-research-info-systems")):
            address = re.search(rf'href="(/[a-z]/{key}\.{form})"', box)[1]  # type: ignore[index]
            answer = client.get(address)
            assert answer.status_code == 200
            assert answer["Content-Type"] == f"application/{kind}; charset=utf-8"
            assert answer["Content-Disposition"] == f'attachment; filename="{key}.{form}"'
            assert f"{SITE}{address.removesuffix('.' + form)}" in answer.content.decode()
            again = client.get(address, headers={"if-none-match": answer["ETag"]})
            assert again.status_code == 304


def test_a_statement_is_cited_by_who_issued_it_as_far_as_its_date_is_known(client: Client) -> None:
    issuer = f.OrganisationFactory(name="KP Civil Society Coalition", name_fr="Coalition")
    hidden = f.PersonFactory(full_name="Hidden Monitor", public_name="withheld")
    f.StatementFactory(
        slug="closing",
        title="Closing words & more",
        title_fr="Mots de la fin",
        date="2023-11",
        issuers=[issuer],
        speakers=[hidden],
        language="en",
        source_url="https://example.org/closing",
    )
    entry = client.get("/s/closing.bib").content.decode()
    assert "author = {{KP Civil Society Coalition}}" in entry
    assert r"title = {{Closing words \& more}}" in entry
    assert "date = {2023-11}" in entry
    assert "url = {http://127.0.0.1:8000/s/closing}" in entry
    assert "Source: https://example.org/closing." in entry
    assert "In our words, a summary." in entry
    assert "Hidden" not in entry
    french = client.get("/fr/s/closing.ris").content.decode()
    assert "AU  - Coalition\r\n" in french
    assert "TI  - Mots de la fin\r\n" in french
    assert f"UR  - {SITE}/s/closing\r\n" in french


def test_parts_of_a_page_are_cited_as_what_they_are(client: Client) -> None:
    statement = f.StatementFactory(slug="closing", issuers=[f.OrganisationFactory(name="IPIS")])
    demand = f.DemandFactory(title="Widen it")
    text = f.TextFactory(statement=statement)
    mention = f.MentionFactory(
        demand=demand, statement=statement, text=text, quote="widen the definition"
    )
    judgement = f.judge(demand, date="2023-11")
    said = client.get(f"/m/{mention.reference}.ris").content.decode()
    assert "AU  - IPIS" in said
    assert f"{mention.reference}: Widen it ({demand.reference}), demanded." in said or (
        f"{mention.reference}: Widen it ({demand.reference})" in said
    )
    assert "In our words" not in said
    passage = mention.passages.get()
    assert f"UR  - {SITE}/p/{passage.reference}\r\n" in (
        client.get(f"/p/{passage.reference}.ris").content.decode()
    )
    judged = client.get(f"/a/{judgement.reference}.ris").content.decode()
    assert "AU  - the compilers" in judged
    assert "since November 2023" in judged
    assert "Provisional" in judged


def test_no_draft_is_cited_and_what_was_taken_down_says_so(client: Client, rows: Rows) -> None:  # noqa: F811
    mention = rows["demands/widen"].mentions.get()
    files = [f"/m/{mention.reference}", "/k/plenary-2023", "/s/closing"]
    files += [f"/d/{rows['demands/widen'].reference}", "/o/ipis", "/p/ama"]
    for name, row in rows.items():
        type(row).objects.filter(pk=row.pk).update(state=State.DRAFT)
        assert name
    for one in files:
        assert client.get(f"{one}.bib").status_code == 404, one
    for row in rows.values():
        type(row).objects.filter(pk=row.pk).update(
            state=State.TAKEN_DOWN, taken_down_reason="It was wrong."
        )
    for one in files:
        answer = client.get(f"{one}.ris")
        assert answer.status_code == 410, one
        assert "It was wrong." in answer.content.decode()
    for odd in ("/d/D-999.bib", "/d/D%00.bib", "/s/none.ris", "/x/a.bib", "/d/D-001.pdf"):
        assert client.get(odd).status_code == 404, odd


def test_a_former_slug_leads_to_the_present_files(client: Client) -> None:
    meeting = f.MeetingFactory(slug="before")
    meeting.slug = "after"
    actions.save(meeting, by=None)
    for old, new in (
        ("/k/before.bib", "/k/after.bib"),
        ("/fr/cards/k/before.png", "/fr/cards/k/after.png"),
    ):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, new)


# --- The head of a page -------------------------------------------------------------------


def test_a_shared_demand_says_where_it_stands_and_how_sure_that_is(client: Client) -> None:
    demand = f.BlockedDemandFactory(slug="widen", title="Widen <it>", judged_on="2023-11-10")
    f.MentionFactory(demand=demand, statement=f.StatementFactory(date="2012-05-14"))
    said = head(client, "/demands/widen/?order=oldest")
    assert said["og:title"] == "Widen <it>"
    assert said["og:url"] == f"{SITE}/d/{demand.reference}"
    assert said["canonical"] == f"{SITE}/demands/widen/"
    assert said["og:description"].startswith("Blocked: no consensus, 10 November 2023")
    assert "Asked on 1 occasion, first found 14 May 2012." in said["og:description"]
    assert "Provisional" in said["og:description"]
    assert said["og:image"] == f"{SITE}/cards/d/{demand.reference}.png"
    assert said["og:image:alt"].startswith("Widen <it>. Blocked")
    assert (said["og:locale"], said["og:locale:alternate"]) == ("en_GB", "fr_FR")
    french = head(client, "/fr/demands/widen/")
    assert french["og:image"] == f"{SITE}/fr/cards/d/{demand.reference}.png"
    assert french["canonical"] == f"{SITE}/fr/demands/widen/"
    assert (french["og:locale"], french["og:locale:alternate"]) == ("fr_FR", "en_GB")


def test_every_picture_that_a_page_names_is_there(client: Client, rows: Rows) -> None:  # noqa: F811
    for path in ("", *(f"{path}/" for path in rows), "demands/", "statements/?year=2023"):
        for prefix in ("/", "/fr/"):
            said = head(client, f"{prefix}{path}")
            answer = client.get(said["og:image"].removeprefix(SITE))
            assert answer.status_code == 200, said
            assert answer["Content-Type"] == "image/png"
            assert said["og:image:alt"]


def test_the_other_languages_are_named_with_their_full_address(client: Client, rows: Rows) -> None:  # noqa: F811
    html = client.get("/fr/demands/?status=blocked").content.decode()
    for language, address in (
        ("en", "/demands/?status=blocked"),
        ("fr", "/fr/demands/?status=blocked"),
        ("x-default", "/demands/?status=blocked"),
    ):
        assert f'<link rel="alternate" hreflang="{language}" href="{SITE}{address}">' in html


def test_the_first_page_of_a_list_stands_for_it_with_its_filters(client: Client) -> None:
    theme = f.ThemeFactory(slug="reform")
    f.DemandFactory.create_batch(30, theme=theme)
    said = head(client, "/demands/?theme=reform&utm_source=x")
    assert said["canonical"] == f"{SITE}/demands/?theme=reform"
    assert said["og:description"].startswith("30 demands")
    assert "canonical" not in head(client, "/demands/?theme=reform&page=2")


def test_a_draft_is_not_told_in_the_head_of_another_page(client: Client) -> None:
    meeting = f.MeetingFactory(title="Secret meeting", state="draft")
    body = f.OrganisationFactory(name="Secret body", state="draft")
    f.StatementFactory(slug="closing", meeting=meeting, issuers=[body])
    html = client.get("/statements/closing/").content.decode()
    assert "Secret" not in html
    assert "Secret" not in client.get("/s/closing.bib").content.decode()


def test_error_pages_are_not_shared(client: Client, rows: Rows) -> None:  # noqa: F811
    actions.take_down(rows["meetings/plenary-2023"], by=None, why="It was wrong.")
    for url, status in (
        ("/nothing/", 404),
        ("/demands/?status=odd", 400),
        ("/meetings/plenary-2023/", 410),
    ):
        answer = client.get(url)
        assert answer.status_code == status
        assert "og:" not in answer.content.decode()
        assert "canonical" not in answer.content.decode()


# --- Facts for machines -------------------------------------------------------------------


def test_facts_for_machines_say_what_the_page_says(client: Client) -> None:
    body = f.OrganisationFactory(name="IPIS")
    meeting = f.MeetingFactory(
        slug="plenary", title="Plenary", year=2023, start="2023-11-06", end="2023-11-10"
    )
    f.StatementFactory(
        slug="closing",
        title="</script><script>alert(1)</script>",
        date="2023-11",
        language="en",
        issuers=[body],
        meeting=meeting,
        source_url="https://example.org/closing",
    )
    found = data(client, "/statements/closing/")
    work = found["CreativeWork"]
    assert work["name"] == "</script><script>alert(1)</script>"
    assert work["author"] == [{"@type": "Organization", "name": "IPIS"}]
    assert (work["datePublished"], work["inLanguage"]) == ("2023-11", "en")
    assert work["isBasedOn"] == "https://example.org/closing"
    steps = [one["item"] for one in found["BreadcrumbList"]["itemListElement"]]
    assert steps == [f"{SITE}/", f"{SITE}/statements/", f"{SITE}/statements/closing/"]
    event = data(client, "/meetings/plenary/")["Event"]
    assert (event["startDate"], event["endDate"]) == ("2023-11-06", "2023-11-10")
    site = data(client, "/fr/")["WebSite"]
    target = site["potentialAction"]["target"]["urlTemplate"]
    assert target == f"{SITE}/fr/demands/?q={{words}}"


def test_a_meeting_whose_day_is_not_known_is_no_event(client: Client) -> None:
    f.MeetingFactory(slug="some-time", year=2004, start=None, end=None)
    assert "Event" not in data(client, "/meetings/some-time/")


def test_the_head_asks_the_database_for_nothing_more(
    client: Client,
    rows: Rows,  # noqa: F811
    django_assert_max_num_queries: Any,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for path in ("meetings/plenary-2023", "statements/closing"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/{path}/")
        asked = [one["sql"] for one in queries.captured_queries if "demands_mention" in one["sql"]]
        assert len(asked) == len(set(asked)), path
