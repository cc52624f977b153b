"""What visitors are not to see is on no page, in no file and in no count of the whole URL map.

Every address is made from the URL map, with the keys of all rows, public and not, so that a page
or file of tomorrow is walked too.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

from demands import actions as demand_actions
from demands.changes import ChangeFilters
from demands.matrix_filters import MatrixFilters
from demands.models import Assessment, Demand, Evidence, Mention, Passage
from kptracker import errors, sharing
from kptracker.api.resources import LISTS
from kptracker.lib.corrections import record
from kptracker.lib.filter_kinds import KeyFilter
from kptracker.lib.models import Correction
from kptracker.lib.table_files import FORMS
from kptracker.search.filters import SearchFilterSet
from statements import actions
from statements.models import (
    Country,
    Meeting,
    Organisation,
    Person,
    Role,
    Statement,
    StatementSpeaker,
)
from statements.withholding import withhold
from tests import factories as make

# Thousands of addresses, and the same questions on every database: once.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

#: Stands in every word of every row that visitors are not to see, whatever its case.
SECRET = "Zorblax"
#: What stands for the other variable parts of addresses.
VALUES = {"year": ["2023"], "form": ["bib", "ris"], "rest": ["nothing/"]}
#: What the keys of the API's tables begin with, where they are no slugs; a table of links has
#: keys of several parts, and its rows are walked in its list.
PREFIXES = {
    "demands": "D-", "mentions": "M-", "passages": "P-", "assessments": "A-",
    "corrections": "C-", "roles": "R-", "demand_addressees": "~", "evidence": "~",
    "speakers": "~", "issuers": "~", "statement_addressees": "~",
}  # fmt: skip
VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>((?:\[[^]]*\]|[^()\[])*)\)")
KINDS = (Demand, Statement, Meeting, Organisation, Person, Mention, Assessment, Passage)


def routes(patterns: Any, before: str = "") -> Iterator[tuple[str, bool]]:
    """Yield every route below the admin's, and whether it exists in French."""
    for one in patterns:
        route = before + str(one.pattern).replace("^", "").replace("$", "").replace("\\.", ".")
        if isinstance(one, URLResolver):
            if isinstance(one.pattern, LocalePrefixPattern):
                yield from ((found, True) for found, _ in routes(one.url_patterns, before))
            elif not route.startswith(settings.ADMIN_PATH):
                yield from routes(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route, False


def values_of(name: str, pattern: str, keys: list[str]) -> list[str]:
    """Return what may stand in a variable part of an address."""
    if name == "letter":
        return list(pattern.strip("[]"))
    if name == "form":
        return pattern.split("|")
    if name in VALUES:
        return VALUES[name]
    # What does not fit the pattern is no address of this kind at all.
    return [key for key in keys if re.fullmatch(pattern, key)] if pattern else keys


def keys_of_rows() -> list[str]:
    """Return slugs and references of all rows, seen or not."""
    found: list[str] = []
    for model in (*KINDS, make.Theme):
        names = {one.name for one in model._meta.concrete_fields}
        for name in {"slug", "reference"} & names:
            found += model._base_manager.values_list(name, flat=True)
    return sorted(set(found))


def addresses() -> Iterator[tuple[str, bool]]:
    """Yield the address of everything that could be asked for, and whether it has a French one."""
    keys = keys_of_rows()
    for route, is_bilingual in routes(get_resolver().url_patterns):
        parts = [(m[1] or m[2], m[3] or "") for m in VARIABLE.finditer(route)]
        fitting = keys
        if table := re.match(r"api/v1/(\w+)/<", route):
            prefix = PREFIXES.get(table[1])
            fitting = [one for one in keys if one.startswith(prefix or one[0].lower())]
        for chosen in product(*(values_of(name, pattern, fitting) for name, pattern in parts)):
            values = iter(chosen)
            yield "/" + VARIABLE.sub(lambda _m, values=values: next(values), route), is_bilingual


def walk(client: Client) -> dict[str, str]:
    """Return what every address says that answers 200, pictures in the words drawn on them."""
    with pytest.MonkeyPatch.context() as patched:
        # Most addresses lead nowhere, and to draw the page that says so takes most of the time.
        patched.setattr(errors, "answer", lambda _r, _t, status, **_c: HttpResponse(status=status))
        return dict(_walk(client))


def is_read(client: Client, words: str) -> bool:
    """Tell whether words stand on any of these addresses: the walk ends at the first."""
    return any(words in text for _path, text in _walk(client))


def _walk(client: Client) -> Iterator[tuple[str, str]]:
    for one in caches:
        caches[one].clear()
    for address, is_bilingual in addresses():
        for path in (address, f"/fr{address}") if is_bilingual else (address,):
            answer = client.get(path)
            assert answer.status_code < 500, path
            assert answer.status_code != 400, path
            if answer.status_code in (404, 410):
                break  # in the other language as well
            if answer.status_code == 302 and client.get(answer["Location"]).status_code == 410:
                continue  # leads to what says that it was taken down, and why
            content: Any = answer.streaming_content if answer.streaming else [answer.content]
            said = in_text(b"".join(content))
            yield path, said + answer.get("Location", "") + answer.get("Content-Disposition", "")


def in_text(content: bytes) -> str:
    """Return what an answer says; of a workbook all its parts but the minute it was made in."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = [name for name in file.namelist() if name != "docProps/core.xml"]
        return "\n".join(file.read(name).decode() for name in names)


def leaks(pages: dict[str, str], words: list[str]) -> list[str]:
    """Return where words stand that nobody is to read."""
    # Without words: what never matches.
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in words) or r"(?!)")
    secret = SECRET.casefold()
    found = []
    for path, text in pages.items():
        at = text.casefold().find(secret)
        if at >= 0 or (match := pattern.search(text)) and (at := match.start()) >= 0:
            found.append(f"{path}: …{text[max(0, at - 60) : at + 60]}…")
    return found


@pytest.fixture(autouse=True)
def _pictures_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a card answered in the words that would be drawn: nothing can read a picture."""

    def in_words(card: Any) -> Any:
        return sharing.HttpResponse(repr(card), content_type="text/plain")

    monkeypatch.setattr(sharing, "_picture", in_words)


def public_world() -> dict[str, Any]:
    """A few rows of each kind that visitors see."""
    theme = make.ThemeFactory(slug="definition")
    issuer, asked = make.OrganisationFactory(), make.OrganisationFactory()
    speaker = make.RoleFactory(organisation=issuer).person
    meetings = [
        make.MeetingFactory(year=year, start=f"{year}-11-06", end=f"{year}-11-10")
        for year in (2019, 2021, 2023)
    ]
    demand = make.JudgedDemandFactory(theme=theme, addressees=[asked])
    other = make.BlockedDemandFactory(theme=theme, parent=demand)
    said = []
    for meeting in meetings:
        statement = make.StatementFactory(
            meeting=meeting,
            date=str(meeting.end),
            issuers=[issuer],
            addressees=[asked],
            speakers=[speaker],
        )
        text = make.TextFactory(statement=statement)
        words = "widen the definition"
        said.append(
            make.MentionFactory(
                demand=demand, statement=statement, speaker=speaker, text=text, quote=words
            )
        )
        make.MentionFactory(demand=other, statement=statement)
    record(demand, ["title"], why="It was mistyped.", by=None)
    return {
        "theme": theme,
        "issuer": issuer,
        "asked": asked,
        "speaker": speaker,
        "meeting": meetings[1],
        "demand": demand,
        "statement": said[1].statement,
    }


def secret_world(seen: dict[str, Any], state: str) -> list[Model]:
    """Rows of each kind, tied to those that visitors see in every way that there is."""
    name = f"{SECRET} {state}"
    slug = f"{SECRET.lower()}-{state.replace('_', '-')}"
    organisation = make.OrganisationFactory(
        slug=f"{slug}-o", name=name, name_fr=name, acronym=SECRET, note=name, state=state
    )
    meeting = make.MeetingFactory(
        slug=f"{slug}-k", title=name, title_fr=name, city=SECRET, city_fr=SECRET, note=name,
        year=2022, start="2022-11-06", end="2022-11-10", state=state,
    )  # fmt: skip
    person = make.PersonFactory(slug=f"{slug}-p", full_name=name, state=state)
    role = make.RoleFactory(person=person, organisation=seen["issuer"], role=SECRET, role_fr=SECRET)
    statement = make.StatementFactory(
        slug=f"{slug}-s", title=name, title_fr=name, summary=name, summary_fr=name, place=SECRET,
        meeting=seen["meeting"], date="2021-11-08", state=state, version_of=None,
        issuers=[seen["issuer"], organisation], addressees=[seen["asked"], organisation],
        speakers=[seen["speaker"], person],
    )  # fmt: skip
    version = make.StatementFactory(
        slug=f"{slug}-v", title=name, title_fr=name, state=state, version_of=seen["statement"]
    )
    text = make.TextFactory(statement=statement, body=f"Widen the definition, {SECRET}.")
    demand = make.DemandFactory(
        slug=f"{slug}-d", title=name, title_fr=name, description=name, description_fr=name,
        theme=seen["theme"], parent=seen["demand"], addressees=[seen["asked"], organisation],
        state=state,
    )  # fmt: skip
    make.judge(
        demand, "blocked", rationale=SECRET,
        evidence=[Evidence(kind="press", source_url=f"https://example.org/{SECRET}", note=SECRET)],
    )  # fmt: skip
    make.MentionFactory(
        demand=demand, statement=seen["statement"], paraphrase=SECRET, paraphrase_fr=SECRET
    )
    make.MentionFactory(
        demand=seen["demand"], statement=statement, paraphrase=SECRET, paraphrase_fr=SECRET,
        speaker=person, text=text, quote=f"Widen the definition, {SECRET}",
    )  # fmt: skip
    return [organisation, meeting, person, role, statement, version, demand]


def secret_keys() -> list[str]:
    """Return the references of what visitors do not see."""
    found: list[str] = []
    for model in (Demand, Mention, Assessment, Passage, Role, Correction):
        manager: Any = model._default_manager
        shown = set(manager.public().values_list("pk", flat=True))
        rows = manager.values_list("pk", "reference")
        found += [reference for key, reference in rows if key not in shown]
    return found


def unlike(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the addresses that say something else than before."""
    return sorted(
        path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    )


def test_drafts_change_no_page_no_file_and_no_count(client: Client) -> None:
    seen = public_world()
    before = walk(client)
    for state in ("draft", "in_review"):
        secret_world(seen, state)
    after = walk(client)
    assert len(after) > 150
    assert leaks(after, secret_keys()) == []
    assert unlike(before, after) == []


def test_what_was_taken_down_is_nowhere(client: Client) -> None:
    seen = public_world()
    before = walk(client)
    rows = secret_world(seen, "published")
    public = [one for one in rows if hasattr(one, "state")]
    for one in public:
        record(one, ["other"], why=f"{SECRET} was wrong.", by=None)
    for mention in Mention.objects.filter(paraphrase=SECRET):
        record(mention, ["paraphrase"], why=f"{SECRET} was wrong.", by=None)
    assert is_read(client, SECRET)
    for one in reversed(public):
        one.refresh_from_db()
        actions.take_down(one, by=None, why="Entered by mistake.")
    after = walk(client)
    assert leaks(after, secret_keys()) == []
    assert unlike(before, after) == []


@pytest.mark.parametrize("level", ["function_only", "withheld"])
def test_a_hidden_name_is_nowhere(client: Client, level: str) -> None:
    seen = public_world()
    person = make.RoleFactory(
        person=make.PersonFactory(slug=f"ama-{SECRET.lower()}", full_name=f"Ama {SECRET}"),
        organisation=seen["issuer"],
    ).person
    make.SpeakerFactory(statement=seen["statement"], person=person, name_as_given=f"A. {SECRET}")
    Mention.objects.filter(statement=seen["statement"]).first().refresh_from_db()
    mention = Mention.objects.filter(statement=seen["statement"]).first()
    assert mention is not None
    mention.speaker = person
    mention.paraphrase = f"Ama {SECRET} asks for it."
    demand_actions.save_mention(mention, by=None)
    meeting = seen["meeting"]
    meeting.refresh_from_db()
    meeting.kp_chair_person = f"Ama {SECRET}"
    actions.save(meeting, by=None)
    record(person, ["role"], why=f"{SECRET} is not the chair.", by=None)
    record(seen["statement"], ["speakers"], why=f"Ama {SECRET} spoke.", by=None)
    record(mention, ["speaker"], why=f"It was Ama {SECRET}.", by=None)
    make.judge(seen["demand"], "blocked", date="2023-11-12", rationale=f"Ama {SECRET} told us.")
    assert is_read(client, SECRET)
    names = [f"Ama {SECRET}", f"A. {SECRET}", SECRET]
    withhold(person, level, by=None, why="They could come to harm.", names=names)
    assert leaks(walk(client), []) == []
    if level == "withheld":
        assert StatementSpeaker.objects.filter(person=person).exists()


def keys_of_lists() -> Iterator[tuple[str, type[Model], str]]:
    """Yield every filter that takes keys of rows: where it stands, of what, and its name."""
    pages = [(f"/{table.name}/", table.filters) for table in LISTS.values()]
    pages += [("/changes/", ChangeFilters), ("/about/corrections/", ChangeFilters)]
    pages += [("/matrix/", MatrixFilters), ("/search/?q=widen", SearchFilterSet)]
    for address, filters in pages:
        for name, one in filters.base_filters.items():
            if isinstance(one, KeyFilter) and one.thing not in (Country, make.Theme):  # all public
                yield address, one.thing, name


def forms_of(address: str) -> list[str]:
    """Return the page, its French, its files, its feed and its API, where it has them."""
    page, _, query = address.partition("?")
    found = [page, f"/fr{page}"]
    if page.strip("/") in LISTS:
        found += [f"{page[:-1]}.{form}" for form in (*FORMS, "atom")] + [f"/api/v1{page}"]
    return [f"{one}?{query}" for one in found]


def test_a_filter_takes_what_is_hidden_for_what_does_not_exist(client: Client) -> None:
    """Each filter of each list that takes keys, with drafts, taken down rows, withheld names."""
    seen = public_world()
    secret_world(seen, "draft")
    for one in (row for row in secret_world(seen, "published") if isinstance(row, KINDS)):
        one.refresh_from_db()
        actions.take_down(one, by=None, why="Entered by mistake.")
    person = make.PersonFactory(slug="ama-hidden", full_name="Ama Hidden")
    make.MentionFactory(demand=seen["demand"], statement=seen["statement"], speaker=person)
    withhold(person, "withheld", by=None, why="They could come to harm.", names=["Ama Hidden"])
    nobody = "qwx-nothing"
    told, asked = [], 0
    for address, model, name in keys_of_lists():
        manager: Any = model._base_manager
        rows = manager.filter(slug__startswith=SECRET.lower())
        hidden = [*rows.values_list("slug", flat=True)]
        assert len(hidden) >= 2, model
        if model is Person:
            hidden += ["ama-hidden", Person.objects.get(pk=person.pk).slug]
        for path in forms_of(address):
            answers = []
            for key in (nobody, *hidden):
                answer = client.get(f"{path}&{name}={key}")
                said = in_text(b"".join(answer) if answer.streaming else answer.content)
                answers.append((answer.status_code, said.replace(key, nobody)))
                asked += 1
            assert answers[0][0] == (404 if "/api/" in path else 400), (path, name)
            told += [(path, name) for one in answers[1:] if one != answers[0]]
    assert told == []
    assert asked > 300


def pages_kept(settings: Any) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept"},
    }


def tells(answer: Any, words: list[str]) -> bool:
    """Tell whether a page or a file holds any of these words."""
    said = in_text(b"".join(answer) if answer.streaming else answer.content)
    return any(re.search(rf"{re.escape(one)}(?!\w)", said) for one in words)


def hide(row: Any) -> None:
    withhold(row, "withheld", by=None, why="They could come to harm.")


def take_down(row: Any) -> None:
    actions.take_down(row, by=None, why="Entered by mistake.")


@pytest.mark.search
@pytest.mark.parametrize(
    ("name", "act"),
    [("speaker", hide), ("statement", take_down), ("meeting", take_down), ("demand", take_down)],
)
def test_no_kept_page_tells_it_a_moment_later(
    client: Client, settings: Any, name: str, act: Callable[[Any], None]
) -> None:
    pages_kept(settings)
    seen = public_world()
    row = seen[name]
    words = [row.full_name] if name == "speaker" else [row.title, row.title_fr]
    own = row.get_absolute_url()
    addresses = ["/", "/changes/", "/matrix/", own, f"/fr{own}", "/corrections.csv"]
    addresses += [seen[one].get_absolute_url() for one in ("statement", "meeting", "demand")]
    addresses += [f"{seen['meeting'].get_absolute_url()}brief/", f"/search/?q={quote(words[0])}"]
    addresses += [f"/{table}.csv" for table in ("demands", "statements", "meetings", "mentions")]
    addresses += ["/people.json", "/speakers.xlsx", "/statements.atom", "/meetings.ics"]
    addresses += [f"{seen['demand'].get_absolute_url()[:-1]}.json", "/api/v1/statements/"]
    tags = {path: client.get(path)["ETag"] for path in addresses}
    told = [path for path in addresses if tells(client.get(path), words)]
    assert {own, f"/fr{own}"} <= {*told}
    assert len(told) > 4
    row.refresh_from_db()
    act(row)
    for path in addresses:
        # With the copy of before in hand, and as the next reader without one.
        for headers in ({"if-none-match": tags[path]}, {}):
            answer = client.get(path, headers=headers)
            expected = (404, 410) if path in (own, f"/fr{own}") else (200, 404, 410)
            assert answer.status_code in expected, (path, answer.status_code)
            if not path.startswith("/search/"):  # repeats what was asked
                assert not tells(answer, words), path
