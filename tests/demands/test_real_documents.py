"""The five statements whose texts the coalition holds: our summaries, and the places in both.

``inventory.csv`` says what stands on which lines of the five texts: kind (D demand, C criticism,
W welcome or thanks, P position, X commitment, F fact), who speaks, and which demands it raises.
The tests that read the texts themselves run where these lie beside the repository.
"""

import csv
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from demands.loading import load
from demands.models import Mention, Passage
from demands.writing_record import write_record
from kptracker.lib.documents.cleaning import clean, without
from kptracker.lib.documents.normal import NormalForm, normalise
from kptracker.lib.documents.reading import read_document
from kptracker.lib.personal_data import find_personal_data
from statements.models import Text
from tests.conftest import DOCUMENTS
from tests.record_fixtures import loaded_record, record  # noqa: F401

pytestmark = pytest.mark.usefixtures("record")

INVENTORY = [
    row | {"demand_slugs": row["demand_slugs"].split(";") if row["demand_slugs"] else []}
    for row in csv.DictReader(
        (Path(__file__).parent / "inventory.csv").read_text(encoding="utf-8").splitlines()
    )
]
SLUGS = sorted({row["statement_slug"] for row in INVENTORY})
MAPPED = [row for row in INVENTORY if row["demand_slugs"]]
#: What a mention of each kind of row is. A fact may stand with any mention of its demand.
KINDS = {
    "D": {"demanded"},
    "C": {"criticised"},
    "W": {"welcomed"},
    "X": {"demanded"},
    "P": {"demanded", "criticised"},
    "F": {"demanded", "criticised", "welcomed"},
}
#: So many words in a row are a copy.
RUN = 6


def kinds_of(row: dict[str, Any]) -> set[str]:
    return set().union(*(KINDS[letter] for letter in row["kind"].split("/")))


def name_of(row: dict[str, Any]) -> str:
    return f"{row['statement_slug'][:4]}-{row['row']}"


def mentions_of(slug: str) -> set[str]:
    rows = Mention.objects.filter(statement__slug=slug)
    return set(rows.values_list("reference", flat=True))


# --- What is shipped ------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("slug", SLUGS)
def test_every_mention_has_its_place_in_our_summary(slug: str, language: str) -> None:
    text = Text.objects.get(statement__slug=slug, kind="summary", language=language)
    passages = list(Passage.objects.filter(text=text).select_related("mention"))
    assert {one.mention.reference for one in passages} == mentions_of(slug)
    for one in passages:
        assert one.start is not None
        assert one.end is not None
        assert one.exact == text.body[one.start : one.end]
        assert "\n" not in one.exact, one.reference
        around = text.body[max(0, one.start - 1) : one.start], text.body[one.end : one.end + 1]
        assert not any(sign.isalnum() for sign in around), f"{one.reference} cuts a word"
        assert one.exact[0].isalnum(), one.reference


@pytest.mark.parametrize("slug", SLUGS)
def test_every_mention_waits_for_the_text_itself(slug: str) -> None:
    waiting = Passage.objects.waiting().filter(mention__statement__slug=slug)
    assert {one.mention.reference for one in waiting.select_related("mention")} == mentions_of(slug)
    assert len(set(waiting.values_list("sha256", flat=True))) == 1


def test_nothing_is_lost_and_nothing_else_has_a_place() -> None:
    assert not Passage.objects.filter(start=None).exists()
    assert set(Passage.objects.values_list("mention__statement__slug", flat=True)) == set(SLUGS)
    assert set(Text.objects.values_list("kind", flat=True)) == {"summary"}


def test_our_words_are_never_a_quotation() -> None:
    assert not Mention.objects.filter(statement__slug__in=SLUGS).exclude(quote="").exists()


@pytest.mark.parametrize("row", MAPPED, ids=name_of)
def test_what_the_inventory_maps_is_a_mention_of_that_kind(row: dict[str, Any]) -> None:
    for slug in row["demand_slugs"]:
        found = Mention.objects.filter(
            statement__slug=row["statement_slug"],
            demand__slug=slug,
            kind__in=kinds_of(row),
            speaker__slug=row["speaker_slug"] or None,
        )
        assert found.exists(), slug
        if row["kind"] in ("D", "C", "C/D", "W"):
            # No position is asked for; that is what positions are.
            assert found.filter(demand__kind="demand").exists(), slug
        if row["kind"] == "X":
            assert found.filter(demand__kind="commitment").exists(), slug


def test_confidence_was_withdrawn_twice_and_doubted_once() -> None:
    rows = Mention.objects.filter(demand__slug="no-confidence", statement__slug__in=SLUGS)
    assert {row.statement.slug[:4]: row.kind for row in rows} == {
        "2011": "demanded",
        "2020": "criticised",
        "2023": "demanded",
    }
    assert set(rows.values_list("demand__kind", flat=True)) == {"position"}


def test_what_staff_read_in_the_notes_is_what_is_there(record: Path) -> None:  # noqa: F811
    ours = Passage.objects.filter(text__isnull=False).count()
    theirs = Passage.objects.waiting().count()
    readme, sources = ((record / name).read_text() for name in ("README.md", "SOURCES.md"))
    assert f"{ours} in these summaries, {theirs} in the five texts" in readme
    assert f"{ours} places in the summaries, and {theirs} in the five texts" in sources


# --- The texts themselves, where they are ------------------------------------------------------


@cache
def paper(slug: str) -> str:
    """Return the words of a held text as an editor leaves them who removes all residue."""
    name = f"{slug}.txt"
    cleaned = clean(read_document(name, (DOCUMENTS / name).read_bytes()).text)
    return without(cleaned, range(len(cleaned.residue)))


@cache
def form_of(slug: str) -> NormalForm:
    return NormalForm(paper(slug))


def enter(slug: str) -> Text:
    """Take a held text in as staff do, without what is personal: its statement is public."""
    out = io.StringIO()
    file = str(DOCUMENTS / f"{slug}.txt")
    call_command("import_documents", file, accept=True, stdout=out, stderr=io.StringIO())
    assert "1 taken in" in out.getvalue()
    return Text.objects.get(statement__slug=slug, kind="verbatim", language="en")


@cache
def places_of_lines(slug: str, lines: str) -> tuple[int, int]:
    """Return where lines of a file, counted from 1, stand in the normal form of its words."""
    first, _, last = lines.partition("-")
    raw = (DOCUMENTS / f"{slug}.txt").read_text(encoding="utf-8").split("\n")
    words = " ".join(raw[int(first) - 1 : int(last or first)])
    words = normalise(re.sub(r"\[(.+?)\]\(#\)", r"\1", words.replace("**", "")))
    whole = form_of(slug).text
    assert words
    assert whole.count(words) == 1
    start = whole.index(words)
    return start, start + len(words)


def within(passage: Passage, row: dict[str, Any]) -> bool:
    form = form_of(row["statement_slug"])
    start, end = places_of_lines(row["statement_slug"], row["lines"])
    assert passage.start is not None
    assert passage.end is not None
    return start <= form.to_normal(passage.start) and form.to_normal(passage.end - 1) < end


def meets(passage: Passage, row: dict[str, Any]) -> bool:
    mention = passage.mention
    speaker = mention.speaker.slug if mention.speaker else ""
    return (
        mention.demand.slug in row["demand_slugs"]
        and mention.kind in kinds_of(row)
        and speaker == row["speaker_slug"]
        and within(passage, row)
    )


@pytest.mark.needs_documents
@pytest.mark.parametrize("slug", SLUGS)
def test_each_passage_finds_its_words_when_the_text_comes_in(slug: str) -> None:
    text = enter(slug)
    assert not Passage.objects.waiting().filter(mention__statement__slug=slug).exists()
    assert not Passage.objects.lost().filter(mention__statement__slug=slug).exists()
    passages = list(
        Passage.objects.filter(text=text).select_related("mention__demand", "mention__speaker")
    )
    assert {one.mention.reference for one in passages} == mentions_of(slug)

    rows = [row for row in MAPPED if row["statement_slug"] == slug]
    for row in rows:
        for demand in row["demand_slugs"]:
            assert any(one.mention.demand.slug == demand and meets(one, row) for one in passages), (
                f"line {row['lines']}, row {row['row']}: {demand}"
            )
    for one in passages:
        assert one.exact == text.body[one.start : one.end]
        assert any(meets(one, row) for row in rows), one.reference
        around = text.body[max(0, one.start - 1) : one.start], text.body[one.end : one.end + 1]
        assert not any(sign.isalnum() for sign in around), f"{one.reference} cuts a word"
    quotes = Mention.objects.filter(statement__slug=slug)
    assert not quotes.exclude(quote_language="en").exists()
    print(f"{slug}: {len(passages)} passages found their words in the real text.")


@pytest.mark.needs_documents
@pytest.mark.parametrize("slug", SLUGS)
def test_thanks_and_headings_and_letterheads_are_marked_as_nothing(slug: str) -> None:
    text = enter(slug)
    idle = [row for row in INVENTORY if row["statement_slug"] == slug and not row["demand_slugs"]]
    used = {row["lines"] for row in MAPPED if row["statement_slug"] == slug}
    passages = list(Passage.objects.filter(text=text))
    for row in idle:
        if row["lines"] not in used:
            assert not any(within(one, row) for one in passages), row
    body = text.body
    for start, end in ((m.start(), m.end()) for m in re.finditer(r"[^\n]+", body)):
        line = body[start:end]
        if not line.startswith("- ") and len(line.split()) < 12 and line[-1] not in ".?”":
            heading = [one for one in passages if one.start < end and start < one.end]
            assert not heading, line
    assert not [one for one in passages if re.search(r"\bthank", one.exact, re.I)]


@pytest.mark.needs_documents
def test_a_later_load_leaves_the_places_and_they_leave_as_they_came(
    record: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    personal = {slug for slug in SLUGS if find_personal_data(paper(slug))}
    for slug in SLUGS:
        enter(slug)
    places = list(Passage.objects.order_by("pk").values_list("pk", "text", "start", "end", "exact"))
    for tally in load(record):
        assert tally.count("created") == tally.count("updated") == 0, tally.name
    assert places == list(
        Passage.objects.order_by("pk").values_list("pk", "text", "start", "end", "exact")
    )
    assert not Passage.objects.filter(text=None).exists()

    write_record(tmp_path / "written")
    of = dict(Passage.objects.values_list("reference", "mention__statement__slug"))
    with open(record / "passages.csv", encoding="utf-8", newline="") as file:
        came = list(csv.DictReader(file))
    with open(tmp_path / "written" / "passages.csv", encoding="utf-8", newline="") as file:
        left = list(csv.DictReader(file))
    for row, other in zip(left, came, strict=True):
        if row["sha256"] != other["sha256"]:
            # Something personal was cut from the text, which is another one since.
            assert of[row["reference"]] in personal
            row["sha256"] = other["sha256"]
        assert row == other


def runs_of(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+(?:['-]\w+)*", text.lower().replace("’", "'"))
    return (tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1))


@pytest.mark.needs_documents
def test_not_a_sentence_of_the_texts_is_shipped() -> None:
    theirs = {run for slug in SLUGS for run in runs_of(paper(slug))}
    ours = [(str(text), text.body) for text in Text.objects.filter(kind="summary")]
    for row in Mention.objects.filter(statement__slug__in=SLUGS):
        ours += [(row.reference, row.paraphrase), (row.reference, row.paraphrase_fr)]
    copied = {
        (name, " ".join(run)) for name, text in ours for run in runs_of(text) if run in theirs
    }
    assert not copied


@pytest.mark.needs_documents
def test_the_facts_of_these_tests_are_those_of_the_inventory() -> None:
    inventory = (DOCUMENTS.parent / "record" / "INVENTORY.md").read_text(encoding="utf-8")
    there = []
    slug = ""
    for line in inventory.splitlines():
        if match := re.match(r"## (?:\d\. `(.+?)\.txt`)?", line):
            slug = match[1] or ""
        elif slug and re.match(r"\| \d", line):
            number, lines, *middle, kind, _content, maps = line.strip("| ").split(" | ")
            assert len(middle) == (slug == "2020-03-04-un-complacency"), line
            letters = re.match(r"[A-Z](?:/[A-Z])?", kind)
            assert letters, line
            there.append((slug, number, lines, letters[0], re.findall(r"`([a-z0-9-]+)`", maps)))
    columns = ("statement_slug", "row", "lines", "kind", "demand_slugs")
    assert there == [tuple(row[column] for column in columns) for row in INVENTORY]


@pytest.mark.needs_documents
def test_the_record_has_the_rows_that_it_was_given_and_those_of_its_notes(
    record: Path,  # noqa: F811
) -> None:
    given = (DOCUMENTS.parent / "record" / "README.md").read_text(encoding="utf-8")
    notes = (record / "SOURCES.md").read_text(encoding="utf-8")
    added = notes.partition("### Rows added")[2].partition("\n## ")[0]
    for name in ("meetings", "people", "statements", "demands", "mentions", "assessments"):
        count = re.search(rf"\| `{name}\.csv` \| (\d+) \|", given)
        assert count, name
        with open(record / f"{name}.csv", encoding="utf-8", newline="") as file:
            shipped = len(list(csv.DictReader(file)))
        assert shipped == int(count[1]) + added.count(f"| {name}.csv |"), name
