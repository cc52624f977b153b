"""The pages of the shipped record: every page stands, every fact of the rows can be found."""

import csv
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import override

from demands.models import Demand, Mention
from kptracker.lib import vocabularies
from kptracker.lib.partial_dates import PartialDate
from statements import actions
from statements.models import Meeting, Organisation, Person, Statement
from tests.public_pages import public_pages
from tests.record_fixtures import loaded_record, record  # noqa: F401

pytestmark = pytest.mark.usefixtures("record")

#: Columns that name other rows: what must stand on the page is the other row's title.
DATES = {"date", "start_date", "end_date", "from", "to", "recorded_on"}
CODES = {
    "assessments": {
        "status": "status",
        "reason": "reason",
        "brought_about_by": "brought_about_by",
        "evidence_kind": "evidence_kind",
        "confidence": "confidence",
    },
    "demands": {"kind": "demand_kind", "confidence": "confidence"},
    "meetings": {
        "kind": "meeting_kind",
        "format": "format",
        "csc_presence": "csc_presence",
        "confidence": "confidence",
    },
    "mentions": {"kind": "mention_kind", "confidence": "confidence"},
    "organisations": {"kind": "organisation_kind", "confidence": "confidence"},
    "people": {"confidence": "confidence"},
    "statements": {
        "title_kind": "title_kind",
        "kind": "statement_kind",
        "voice": "voice",
        "language": "language",
        "delivered": "delivered",
        "text_seen": "text_seen",
        "confidence": "confidence",
    },
}
#: Columns that lead to another row: the page of that row is linked.
LINKS = {
    "theme_slug": "/themes/{}/",
    "parent_slug": "/demands/{}/",
    "superseded_by": "/demands/{}/",
    "demand_slug": "",
    "statement_slug": "/statements/{}/",
    "meeting_slug": "/meetings/{}/",
    "version_of": "/statements/{}/",
    "speaker_slug": "/people/{}/",
    "speaker_slugs": "/people/{}/",
    "organisation_slug": "/organisations/{}/",
    "issuer_slugs": "/organisations/{}/",
    "addressee_slugs": "/organisations/{}/",
}
COUNTRIES = {"country_code", "kp_chair_country_code"}


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sample(rows: list[dict[str, str]], number: int = 12) -> list[dict[str, str]]:
    """Return rows spread over the file, and for each column the first row that fills it."""
    chosen = {id(row): row for row in rows[:: max(1, len(rows) // number)]}
    for column in rows[0]:
        for row in rows:
            if row[column]:
                chosen[id(row)] = row
                break
    return list(chosen.values())


def words(html: str) -> str:
    html = re.sub(r"<(script|svg).*?</\1>", " ", html, flags=re.S)
    # A word may be explained in the middle of another: l'examen par les pairs.
    html = re.sub(r'<a class="term"[^>]*>|</a>', "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").split())


def squeezed(text: str) -> str:
    """Return a text as it is compared: case and white space aside."""
    return re.sub(r"\s+", " ", re.sub(r" ([.,:;)])", r"\1", text)).casefold().strip()


def day_words(text: str) -> set[str]:
    """Return how a date may be printed: whole, or short before the end of its period."""
    full = PartialDate.parse(text).words()
    if len(text) < 10:
        return {full}
    return {full, full.rsplit(" ", 1)[0], f"{full.split(' ', 1)[0]} to"}


def expected(
    table: str, column: str, cell: str, countries: dict[str, dict[str, str]]
) -> Iterator[tuple[str, set[str]]]:
    """Yield (where, any of these) for a cell: "text", "link" or "fr" where it is French."""
    if column in DATES:
        yield "text", day_words(cell)
    elif column in CODES.get(table, {}):
        label = vocabularies.label(CODES[table][column], cell)
        yield "text", {"declared", label} if column == "kind" and table == "mentions" else {label}
    elif column in LINKS:
        for slug in cell.split(";"):
            yield "link", {LINKS[column].format(slug)}
    elif column in COUNTRIES:
        yield "text", {countries[cell]["name"]}
        yield "fr", {countries[cell]["name_fr"]}
    elif column == "source_url":
        if cell.startswith("document:"):
            yield "text", {"held by the coalition"}
        else:
            yield "link", {cell}
    elif column in ("name_variants", "other_names"):
        for name in cell.split(";"):
            yield "text", {name.strip()}
    elif column == "cancelled":
        yield "text", {"It was cancelled."}
    elif column.endswith("_fr"):
        yield "fr", {cell}
    elif column not in ("slug",):
        yield "text", {cell}


def check(
    client: Client, table: str, row: dict[str, str], path: str, countries: dict[str, Any]
) -> list[str]:
    """Return what of a row is missing from its page."""
    english = client.get(path).content.decode()
    french = client.get(f"/fr{path}").content.decode()
    translation.activate("en")  # the request before left French
    read = {
        "text": squeezed(words(english)),
        "fr": squeezed(words(french)),
        "link": unescape(english),
    }
    missing = []
    for column, cell in row.items():
        if not cell:
            continue
        for where, any_of in expected(table, column, cell, countries):
            found = read[where]
            if not any((one if where == "link" else squeezed(one)) in found for one in any_of):
                missing.append(f"{path}: {column} {any_of}")
    return missing


PAGES = {
    "demands": "/demands/{slug}/",
    "meetings": "/meetings/{slug}/",
    "organisations": "/organisations/{slug}/",
    "people": "/people/{slug}/",
    "statements": "/statements/{slug}/",
    "mentions": "/demands/{demand_slug}/",
    "assessments": "/demands/{demand_slug}/",
}


@pytest.mark.parametrize("table", list(PAGES))
def test_every_filled_cell_of_a_row_is_found_on_its_page(
    client: Client,
    record: Path,  # noqa: F811
    table: str,
) -> None:
    countries = {row["code"]: row for row in rows_of(record, "countries")}
    rows = sample(rows_of(record, table))
    missing = [
        line
        for row in rows
        for line in check(client, table, row, PAGES[table].format(**row), countries)
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.once
def test_every_page_of_the_record_stands(client: Client) -> None:
    """Once, on SQLite: 1,000 pages. A page is small, and names no code of ours."""
    codes = re.compile(r"\b(not_assessed|no_consensus|press_report|coalition_member|kp_document)\b")
    for model in (Demand, Statement, Meeting, Person, Organisation):
        for row in model.objects.public():
            with override("en"):  # the language of the address before stays active
                url = row.get_absolute_url()
            answer = client.get(url)
            assert answer.status_code == 200, url
            html = answer.content.decode()
            assert len(re.findall(r"<h1", html)) == 1, url
            assert "document:" not in html, url
            assert not codes.search(words(html[html.index("<main") : html.index("</main>")])), url


def test_an_identity_stands_once_on_a_page(client: Client) -> None:
    for path in (
        "/",
        "/demands/broaden-definition/",
        "/meetings/plenary-2023-victoria-falls/",
        "/statements/2023-11-10-victoria-falls-closing/",
        "/people/jaff-bamenjo/",
    ):
        html = client.get(path).content.decode()
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), path
        for target in re.findall(r'href="#([^"]+)"', html):
            assert target in ids, (path, target)


def test_a_bare_month_is_never_given_a_day(client: Client) -> None:
    for row in Statement.objects.public().exclude(date_first__day=2)[:400]:
        if row.date.precision == "month":
            html = client.get(f"/statements/{row.slug}/").content.decode()
            assert f"1\u00a0{row.date.words()}" not in html.replace(" ", "\u00a0"), row.slug


def test_a_name_that_is_withheld_leaves_every_page(client: Client) -> None:
    person = Person.objects.get(slug="jaff-bamenjo")
    touched = {
        "/",
        *(f"/statements/{slug}/" for slug in person.statements.values_list("slug", flat=True)),
        *(
            f"/demands/{slug}/"
            for slug in Mention.objects.filter(speaker=person).values_list(
                "demand__slug", flat=True
            )
        ),
        *(
            f"/organisations/{slug}/"
            for slug in person.roles.values_list("organisation__slug", flat=True)
            if slug
        ),
        *(
            f"/meetings/{slug}/"
            for slug in person.statements.values_list("meeting__slug", flat=True)
            if slug
        ),
    }
    assert any("jaff-bamenjo" in client.get(url).content.decode() for url in touched)
    actions.withhold(
        person, "withheld", by=None, why="For his safety.", names=["Jaff Bamenjo", "Bamenjo"]
    )
    for url in touched:
        html = client.get(url).content.decode()
        assert "bamenjo" not in html.lower(), url


def test_what_a_draft_holds_is_on_no_page(client: Client) -> None:
    statement = Statement.objects.get(slug="2023-11-10-victoria-falls-closing")
    references = [
        (row.reference, row.demand.slug)
        for row in statement.mentions.select_related("demand")  # type: ignore[attr-defined]
    ]
    # As if it had never been published.
    Statement.objects.filter(pk=statement.pk).update(state="draft")
    from demands.derived import settle

    settle(Demand.objects.values_list("pk", flat=True))
    urls = {f"/demands/{slug}/" for _reference, slug in references}
    for url in {
        *urls,
        "/",
        "/meetings/plenary-2023-victoria-falls/",
        "/people/michel-yoboue/",
        "/people/jaff-bamenjo/",
        "/organisations/kp-csc/",
        "/organisations/zimbabwe/",
    }:
        html = client.get(url).content.decode()
        assert statement.slug not in html, url
        assert statement.title not in html, url
        for reference, _slug in references:
            assert f'id="{reference}"' not in html, url


def test_the_page_of_the_demand_raised_most_often_is_light(client: Client) -> None:
    """Its HTML compressed, with all else that it loads, within 60 kB."""
    import gzip

    from django.conf import settings
    from django.db.models import Count

    demand = Demand.objects.annotate(n=Count("mentions")).latest("n")
    for prefix in ("", "/fr"):
        html = client.get(f"{prefix}{demand.get_absolute_url()}").content
        static = Path(settings.BASE_DIR) / "static"
        files = [(static / name).read_bytes() for name in ("site.css", "timeline.js", "icon.svg")]
        weight = sum(len(gzip.compress(part, 6)) for part in (html, *files))
        assert weight < 60_000, (prefix, weight)


FILES = (
    "demands.csv", "demands.xlsx", "roles.json", "demands.atom", "changes.atom", "meetings.ics",
    "demands/broaden-definition.json", "demands/broaden-definition.atom", "matrix.csv",
    "d/D-001.bib", "cards/home.png", "cards/d/D-001.png",
)  # fmt: skip


def test_what_an_address_does_not_know_is_refused_and_what_others_add_is_not(
    client: Client,
) -> None:
    for address in (*public_pages().values(), *FILES):
        refused = client.get(f"/{address}?colour=red")
        assert refused.status_code == 400, address
        assert "colour" in refused.content.decode(), address
        assert client.get(f"/{address}?utm_source=letter").status_code == 200, address
