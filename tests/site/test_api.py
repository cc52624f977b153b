"""/api/v1/: every public table as JSON, as programs read it."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from kptracker import errors
from kptracker.api import parameters
from kptracker.api.resources import RESOURCES
from kptracker.data.tables import TABLES
from kptracker.lib.folding import fold
from statements import actions
from tests import factories as make
from tests.site.test_lists import NAMES, few  # noqa: F401

pytestmark = pytest.mark.django_db
with_few = pytest.mark.usefixtures("few")


def asked(client: Client, path: str, status: int = 200, **headers: str) -> Any:
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, answer.content.decode()[:500]
    return json.loads(answer.content)


def all_rows(client: Client, path: str) -> list[dict[str, Any]]:
    """Follow ``next`` to the end, as a program does."""
    rows, pages = [], 0
    while path:
        page = asked(client, path)
        rows += page["results"]
        address = urlsplit(page["next"] or "")
        path = f"{address.path}?{address.query}" if page["next"] else ""
        pages += 1
        assert pages < 200
    assert len(rows) == page["count"]
    return rows


def as_csv(value: Any) -> str:
    """Return a value of JSON as a CSV file writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)


def file_rows(client: Client, path: str) -> list[dict[str, str]]:
    body = b"".join(client.get(path)).decode("utf-8-sig")  # type: ignore[call-overload]
    return list(csv.DictReader(io.StringIO(body, newline="")))


@with_few
@pytest.mark.parametrize("language", ["", "/fr"])
def test_a_program_rebuilds_each_table_from_the_pages_of_the_api(
    client: Client, language: str
) -> None:
    statement = make.StatementFactory(slug="closing", date="2021-03", version_of=None)
    make.TextFactory(statement=statement, body="The definition is far too narrow, we said.")
    for level in ("shown", "function_only", "function_only"):
        role = make.RoleFactory(person__public_name=level)
        make.SpeakerFactory(statement=statement, person=role.person, role=role, position=1)
    leads: set[str] = set()
    for table in TABLES:
        rows = all_rows(client, f"{language}/api/v1/{table.name}/?limit=2")
        names = [name for name in (rows[0] if rows else {}) if name not in ("url", "links")]
        found = [{name: as_csv(row[name]) for name in names} for row in rows]
        held = file_rows(client, f"{language}/{table.name}.csv")
        order = [sorted(one.items()) for one in held]
        assert sorted(sorted(one.items()) for one in found) == sorted(order), table.name
        assert len({row["url"] for row in rows}) == len(rows), table.name
        leads |= {address for row in rows for address in row["links"].values()}
        if rows:
            assert asked(client, urlsplit(rows[0]["url"]).path) == rows[0]
    for address in leads:
        assert asked(client, urlsplit(address).path)["url"] == address


@with_few
def test_every_answer_is_as_described(client: Client) -> None:
    described = asked(client, "/api/v1/openapi.json")
    assert described["openapi"].startswith("3.1")
    validate_schema(described)
    assert {"400", "404", "429"} <= set(described["paths"]["/api/v1/demands/"]["get"]["responses"])
    for table in TABLES:
        wanted = {"$ref": f"#/components/schemas/{table.name}"} | {
            "components": described["components"]
        }
        validator = jsonschema.Draft202012Validator(wanted)
        rows = asked(client, f"/api/v1/{table.name}/")["results"]
        for row in rows:
            validator.validate(row)
        assert f"/api/v1/{table.name}/{{key}}/" in described["paths"]
    french = asked(client, "/fr/api/v1/openapi.json")
    labels = french["components"]["schemas"]["demands"]["properties"]
    assert list(labels) == list(described["components"]["schemas"]["demands"]["properties"])


@with_few
def test_the_filters_are_those_of_the_list_and_give_as_many_rows(client: Client) -> None:
    for name in NAMES:
        for query in ("", "?status=blocked", "?theme=russia&q=note", "?year=2023"):
            page = client.get(f"/{name}/{query}")
            answer = client.get(f"/api/v1/{name}/{query}")
            assert answer.status_code == page.status_code, (name, query)
            if page.status_code == 200:
                assert json.loads(answer.content)["count"] == page.context["listing"].total
        filters = {one.name for one in RESOURCES[name].filters}
        table: Any = RESOURCES[name].table
        assert filters == set(table.filters.base_filters)


@with_few
def test_chosen_columns_come_in_their_order_with_where_they_lead(client: Client) -> None:
    page = asked(
        client, "/api/v1/demands/?fields=title,theme_slug,asked_count&theme=russia&limit=1"
    )
    (row,) = page["results"]
    assert list(row) == ["url", "title", "theme_slug", "asked_count", "links"]
    assert row["links"] == {"theme_slug": "http://127.0.0.1:8000/api/v1/themes/russia/"}
    assert "fields=title,theme_slug,asked_count&theme=russia&limit=1" in page["next"]
    both = asked(client, "/api/v1/demands/?fields=title&fields=reference&limit=1")
    assert {"title", "reference"} < set(both["results"][0])
    one = asked(client, urlsplit(row["url"]).path + "?fields=permalink")
    assert list(one) == ["url", "permalink", "links"]


@pytest.mark.parametrize(
    ("query", "named", "words"),
    [
        ("fields=title,colour", "fields", "colour"),
        ("fields=", "fields", "not among"),
        ("status=odd", "status", "not among the choices: met"),
        ("colour=red", "colour", "no such parameter here. There are: q, status"),
        ("limit=501", "limit", "from 1 to 500"),
        ("limit=٣", "limit", "whole number"),
        ("limit=1&limit=2", "limit", "more than once"),
        ("cursor=D-001~1", "cursor", "take the address from “next”"),
        ("year=0000", "year", "not a year between 1990 and 2100"),
        ("not_reviewed_since=2023-02-29", "not_reviewed_since", "not a day"),
        ("q=%00", "q", "no letter"),
        ("theme=", "theme", "cannot be a key"),
    ],
)
def test_a_bad_parameter_is_refused_by_its_name(
    client: Client, query: str, named: str, words: str
) -> None:
    answer = client.get(f"/api/v1/demands/?{query}")
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert (answer.status_code, problem["status"]) == (400, 400)
    assert words in " ".join(problem["parameters"][named])
    assert problem["type"].endswith("/api/v1/docs/#problem-400")


def test_what_is_too_long_or_breaks_is_told_in_json(client: Client, rf: Any) -> None:
    problem = asked(client, f"/api/v1/demands/?q={'a' * 4000}", 414)
    assert "too long" in problem["detail"]
    broken = errors.server_error(rf.get("/fr/api/v1/demands/"))
    assert (broken.status_code, json.loads(broken.content)["status"]) == (500, 500)


def test_what_is_not_there_was_taken_down_or_moved_is_told_so(client: Client) -> None:
    demand = make.DemandFactory(slug="widen")
    meeting = make.MeetingFactory(slug="dubai")
    assert "nothing public" in asked(client, "/api/v1/demands/D-999/", 404)["detail"].lower()
    assert asked(client, "/api/v1/demands/D-999~1/", 404)["status"] == 404
    assert asked(client, "/api/v1/none/", 404)["status"] == 404
    problem = asked(client, "/api/v1/demands/?theme=nowhere", 404)
    assert "nowhere" in problem["parameters"]["theme"][0]
    assert asked(client, "/api/v1/demands/widen/")["reference"] == demand.reference
    actions.take_down(demand, by=None, why="Entered twice.")
    for key in ("widen", demand.reference):
        assert asked(client, f"/api/v1/demands/{key}/", 410)["detail"] == "Entered twice."
    meeting.slug = "dubai-2024"
    actions.save(meeting, by=None)
    moved = client.get("/api/v1/meetings/dubai/")
    assert (moved.status_code, urlsplit(moved["Location"]).path) == (
        301,
        "/api/v1/meetings/dubai-2024/",
    )
    assert urlsplit(client.get("/api/v1/meetings?limit=1")["Location"]).query == "limit=1"
    for method in ("post", "put", "delete", "patch"):
        answer = getattr(client, method)("/api/v1/demands/")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert "GET, HEAD or OPTIONS" in json.loads(answer.content)["detail"]


def test_it_is_open_to_scripts_of_any_site_and_sent_once(client: Client) -> None:
    demand = make.DemandFactory()
    for path in ("/api/v1/", "/api/v1/demands/", f"/api/v1/demands/{demand.reference}/"):
        answer = client.get(path, headers={"origin": "https://example.org"})
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer["Access-Control-Expose-Headers"]
        assert "Accept-Encoding" in answer["Vary"]
        assert "Cookie" not in answer["Vary"]
        assert not answer.cookies
        again = client.get(path, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Access-Control-Allow-Origin"] == "*"
        head = client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head["ETag"] == answer["ETag"]
        before = client.options(path, headers={"origin": "https://example.org"})
        assert (before.status_code, before.content) == (204, b"")
        assert before["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert "If-None-Match" in before["Access-Control-Allow-Headers"]
    make.DemandFactory()
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 200


def test_who_asks_too_often_is_told_how_long_to_wait(client: Client, settings: Any) -> None:
    settings.API_PER_MINUTE = 3
    for _again in range(3):
        assert client.get("/api/v1/").status_code == 200
    answer = client.get("/api/v1/demands/")
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in json.loads(answer.content)["detail"]
    page = client.get("/fr/api/v1/docs/")
    assert (page.status_code, page["Retry-After"]) == (429, answer["Retry-After"])
    assert '<p class="eyebrow">429</p>' in page.content.decode()
    # Another reader behind the same proxy has a budget of his own; what he claims has none.
    other = client.get("/api/v1/", headers={"x-forwarded-for": "192.0.2.1, 198.51.100.7"})
    assert other.status_code == 200
    for first in range(3):
        answer = client.get(
            "/api/v1/", headers={"x-forwarded-for": f"192.0.2.{first}, 198.51.100.7"}
        )
    assert answer.status_code == 429


def test_nothing_that_visitors_do_not_see_is_in_it(client: Client) -> None:
    shown = make.DemandFactory(title="Zorblax is out")
    draft = make.DemandFactory(title="A secret", parent=shown, state="draft")
    part = make.DemandFactory(parent=draft)
    role = make.RoleFactory(person=make.PersonFactory(full_name="Kofi X", public_name="withheld"))
    statement = make.StatementFactory(speakers=[role.person])
    make.MentionFactory(demand=draft, statement=statement, paraphrase="A secret plan")
    whole = ""
    for table in TABLES:
        whole += client.get(f"/api/v1/{table.name}/?limit=500").content.decode()
    for secret in ("A secret", "Kofi X", role.person.slug, draft.reference, role.reference):
        assert secret not in whole
    assert "Zorblax" in whole
    assert "parent_reference" not in asked(client, f"/api/v1/demands/{part.reference}/")["links"]
    for path in (f"demands/{draft.reference}", f"people/{role.person.slug}"):
        assert client.get(f"/api/v1/{path}/").status_code == 404


def test_as_many_queries_for_few_rows_as_for_many(client: Client) -> None:
    counts = []
    for more in (2, 9):
        for _again in range(more):
            make.MentionFactory(demand=make.JudgedDemandFactory())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            asked(client, "/api/v1/demands/?kind=demand&limit=500")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example("A-0001~99999")
@example("closing~00000")
@given(st.text(max_size=60) | st.from_regex(r"\A[A-Z]-[0-9]{1,9}\Z"))
def test_any_text_as_a_cursor_gives_a_page_or_a_refusal(client: Client, text: str) -> None:
    for name in ("demands", "speakers", "evidence"):
        answer = client.get(f"/api/v1/{name}/?cursor={quote(text)}")
        assert answer.status_code in (200, 400)
        assert client.get(f"/api/v1/{name}/{quote(text, safe='')}/").status_code in (200, 404)


def test_the_words_that_the_description_takes_are_words_after_folding() -> None:
    """A search whose words vanish without accents would give all rows."""
    words = parameters._matcher(parameters.whole(parameters.WORDS))
    for sign in map(chr, range(1, 0x10000)):
        if not 0xD800 <= ord(sign) < 0xE000 and words.fullmatch(sign):
            assert fold(sign).strip(), hex(ord(sign))


@pytest.mark.parametrize("language", ["", "/fr"])
def test_a_page_says_how_to_use_it(client: Client, language: str) -> None:
    answer = client.get(f"{language}/api/v1/docs/")
    page = answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "<script" not in page
    assert f'<html lang="{language[1:] or "en"}"' in page
    for table in TABLES:
        assert f'href="http://127.0.0.1:8000{language}/api/v1/{table.name}/"' in page
    for one in RESOURCES["demands"].filters:
        assert f"<code>{one.name}</code>" in page
    for status in (400, 404, 429):
        assert f'id="problem-{status}"' in page
    assert f'href="{language}/api/v1/docs/"' in client.get(f"{language}/data/").content.decode()
    assert (
        client.get(
            f"{language}/api/v1/docs/", headers={"if-none-match": answer["ETag"]}
        ).status_code
        == 304
    )


# --- schemathesis: questions made from the description, answers held against it ----------


#: A table of each sort: with filters and without, keys of one part and of several, single rows.
ASKED = ("/", "/demands/", "/people/", "/speakers/", "/mentions/{key}/", "/evidence/{key}/")


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Ask in this thread and its transaction, which the end of a request would else close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@with_few
@pytest.mark.once
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.usefixtures("_one_connection")
def test_the_answers_hold_what_the_description_promises(settings: Any, mode: Any) -> None:
    settings.API_PER_MINUTE = 1_000_000
    api = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for path in ASKED:
        operation = api[f"/api/v1{path}"]["GET"]
        if mode is GenerationMode.NEGATIVE and path == "/":
            continue  # it takes nothing that could be wrong

        @hypothesis_settings(
            max_examples=8,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def hold(case: Any) -> None:
            # schemathesis unpacks nothing that comes by WSGI.
            case.call_and_validate(headers={"Accept-Encoding": "identity"})

        hold()
