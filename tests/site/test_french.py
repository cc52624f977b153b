"""The French interface: every word is translated, and no page under /fr/ is half English."""

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from kptracker.lib.partial_dates import PartialDate
from kptracker.lib.templatetags import record
from statements import actions
from tests import factories as f

# Words of the interface, the same on every database.
pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
PO = ROOT / "locale/fr/LC_MESSAGES/django.po"
NBSP = "\u00a0"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")


@dataclass
class Entry:
    """One entry of a .po file."""

    context: str = ""
    msgid: str = ""
    plural: str = ""
    words: dict[int, str] = field(default_factory=dict)
    flags: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.context, self.msgid, self.plural


def entries(path: Path) -> Iterator[Entry]:
    """Read a .po file, without its head and without what is no longer used."""
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        entry, texts = Entry(), {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#,"):
                entry.flags += line[2:]
            elif line.startswith("#") or not line:
                continue
            elif line.startswith('"'):
                texts[name] += ast.literal_eval(line)
            else:
                name, _, text = line.partition(" ")
                texts[name] = ast.literal_eval(text)
        entry.context = texts.get("msgctxt", "")
        entry.msgid = texts.get("msgid", "")
        entry.plural = texts.get("msgid_plural", "")
        for name, text in texts.items():
            if name.startswith("msgstr"):
                entry.words[int(name[7:-1] or 0) if "[" in name else 0] = text
        if entry.msgid:
            yield entry


@pytest.fixture(scope="module")
def french() -> list[Entry]:
    return list(entries(PO))


# --- The file of translations ---------------------------------------------------------------


def test_nothing_is_untranslated_or_fuzzy(french: list[Entry]) -> None:
    assert len(french) > 900
    assert [one.msgid for one in french if "fuzzy" in one.flags] == []
    for one in french:
        assert set(one.words) == ({0, 1} if one.plural else {0}), one.msgid
        assert all(text.strip() for text in one.words.values()), one.msgid


def test_placeholders_and_tags_are_those_of_the_english(french: list[Entry]) -> None:
    for one in french:
        expected = sorted(PLACEHOLDER.findall(one.plural or one.msgid))
        for number, text in one.words.items():
            found = sorted(PLACEHOLDER.findall(text))
            if one.plural and number == 0:  # "one", which French also says of none
                assert set(found) <= set(expected), one.msgid
            else:
                assert found == expected, one.msgid


def test_it_is_set_as_french_is(french: list[Entry]) -> None:
    for one in french:
        for text in one.words.values():
            assert not re.search(r" [;:!?»]|« |'", text), text
            assert not re.search(rf"«(?!{NBSP})|(?<!{NBSP})»", text), text
            # A colon after a word has its space; names of parameters and times have none.
            assert not re.search(r"[^\W\d]: |[^\W\d][;!?](?: |$)", text), text


def test_the_compiled_file_is_in_step(french: list[Entry]) -> None:
    with PO.with_suffix(".mo").open("rb") as file:
        compiled: dict[Any, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    expected: dict[Any, str] = {}
    for one in french:
        name = f"{one.context}\x04{one.msgid}" if one.context else one.msgid
        if one.plural:
            expected.update({(name, number): text for number, text in one.words.items()})
        else:
            expected[name] = one.words[0]
    assert {key: text for key, text in compiled.items() if key} == expected, "run: make messages"


@pytest.mark.once
def test_every_string_of_the_code_is_in_it(french: list[Entry], tmp_path: Path) -> None:
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is not installed here")
    for room in ("kptracker", "statements", "demands", "templates"):
        shutil.copytree(
            ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "migrations")
        )
    (tmp_path / "locale").mkdir()
    surroundings = {**os.environ, "LC_ALL": "C.UTF-8"}
    surroundings.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "fr", "--no-location"],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    # A string with a plural and without one is looked up in two places, and found in one.
    assert "without plural and with plural" not in done.stdout + done.stderr
    found = {one.key for one in entries(tmp_path / "locale/fr/LC_MESSAGES/django.po")}
    known = {one.key for one in french}
    assert found - known == set(), "run: make messages, and translate these"
    assert known - found == set(), "run: make messages; nothing says these any more"


# --- The pages ------------------------------------------------------------------------------


def texts_of(html: str) -> set[str]:
    """Return what a reader reads or hears of a page, piece by piece.

    What is marked as being in another language is left out, and so is the head.
    """
    html = html[html.index("<body") :]
    html = re.sub(r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', " ", html, flags=re.S)
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.S)
    spoken = re.findall(r'(?:aria-label|placeholder|data-label|title|alt)="([^"]+)"', html)
    pieces = [*re.split(r"<[^>]+>", html), *spoken]
    return {" ".join(unescape(piece).split()).strip(" ·,.():;×–") for piece in pieces} - {""}


@pytest.fixture
def pages(db: None) -> list[str]:
    """Rows of each kind, in many states, and the addresses that show them."""
    country = f.CountryFactory()
    body = f.OrganisationFactory(slug="ipis", country=country, start="2011")
    person = f.PersonFactory(slug="ama")
    role = f.RoleFactory(person=person, organisation=body, start="2011", end="2013-05")
    f.RoleFactory(person=person, organisation=body, start="2014-05-01")
    f.RoleFactory(person=person, organisation=body, end="2010-05-01")
    meeting = f.MeetingFactory(
        slug="plenary", country=country, kp_chair_country=country, csc_presence="spoke"
    )
    f.MeetingFactory(slug="before", year=2022, start="2022-05", end="", kind="intersessional")
    f.MeetingFactory(slug="after", year=2030, start="", end="", cancelled=True)
    statement = f.StatementFactory(
        slug="closing", meeting=meeting, voice="member", issuers=[body], addressees=[body]
    )
    f.SpeakerFactory(statement=statement, person=person, role=role, name_as_given="A. P.")
    f.TextFactory(statement=statement)
    f.StatementFactory(slug="copy", version_of=statement, meeting=meeting, language="de")
    theme = f.ThemeFactory(slug="reform", name_fr="Réforme")
    whole = f.DemandFactory(slug="whole", theme=theme)
    part = f.BlockedDemandFactory(slug="part", theme=theme, parent=whole, addressees=[body])
    f.judge(part, "partly_met", date="2023-05-01", brought_about_by="another_body")
    f.judge(whole, "closed", date="2015", reason="failed", reviewed_by="Ama", confidence="high")
    position = f.PositionFactory(slug="position", theme=theme)
    f.DemandFactory(slug="silent", theme=theme, superseded_by=whole)
    for kind in ("demanded", "criticised", "welcomed"):
        for demand in (whole, part, position):
            f.MentionFactory(demand=demand, statement=statement, speaker=person, kind=kind)
    actions.take_down(f.StatementFactory(slug="gone"), by=None, why="Le nom de quelqu’un y était.")
    lists = ("demands", "mentions", "assessments", "statements", "meetings", "people")
    return [
        "",
        *(f"{name}/" for name in (*lists, "organisations")),
        *(f"{name}/?q=nothing" for name in ("demands", "mentions", "statements", "meetings")),
        "demands/?status=blocked&status=no_movement&theme=reform&asked_min=2&year=2023",
        "mentions/?kind=criticised&demand=part&meeting=plenary&speaker=ama&voice=member",
        "assessments/?status=blocked&review=provisional&standing=counts",
        "statements/?kind=speech&voice=member&issuer=ipis&version=original&sort=oldest",
        "demands/?status=wrong&none=1",
        "meetings/?page=2",
        "nothing-here/",
        *(f"demands/{slug}/" for slug in ("whole", "part", "position", "silent")),
        *(f"statements/{slug}/" for slug in ("closing", "copy", "gone")),
        *(f"meetings/{slug}/" for slug in ("plenary", "before", "after")),
        "people/ama/",
        "organisations/ipis/",
    ]


def test_no_page_says_in_english_what_french_has_words_for(
    client: Client, pages: list[str], french: list[Entry]
) -> None:
    english = {
        words
        for one in french
        for words in (one.msgid, one.plural)
        if words and words not in one.words.values() and not PLACEHOLDER.search(words)
    }
    for page in pages:
        html = client.get(f"/fr/{page}").content.decode()
        read = texts_of(html)
        # Words that both languages share, each with another meaning here.
        assert read & english <= {"Date"}, page
        whole = " ".join(sorted(read))
        for words in ("Where it stands", "Asked on", "Newest first", "Filters", "Show", " since "):
            assert words not in whole, (page, words)


#: What both languages write alike.
ALIKE = {
    "CSV",
    "Corrections",
    "Date",
    "Format",
    "Français",
    "Mentions",
    "Note",
    "Organisation",
    "Organisations",
}
ALIKE |= {"Excel", "JSON", "JSON Lines"}
ALIKE |= {"BibTeX", "Corrections", "Position", "RIS", "Source", "Versions"}


def test_nothing_but_names_reads_the_same_in_both_languages(
    client: Client, pages: list[str]
) -> None:
    for page in pages:
        read = {
            language: texts_of(client.get(f"/{prefix}{page}").content.decode())
            for language, prefix in (("en", ""), ("fr", "fr/"))
        }
        same = {piece for piece in read["en"] & read["fr"] if re.search(r"[^\W\d_]{3}", piece)}
        # Names, addresses, references and the names of parameters.
        names = r"[0-9a-f]{64}|Ama Person\d+|http://\S+|\S+\.example\.org|Position D-\d+|none"
        assert {piece for piece in same - ALIKE if not re.fullmatch(names, piece)} == set(), page


def sentence(client: Client, address: str) -> str:
    html = client.get(f"/fr/{address}").content.decode()
    found = re.search(r'<p>(<b class="num">.*?) <a class="tofilter"', html)
    assert found
    return unescape(re.sub(r"<[^>]+>", "", found[1])).replace(NBSP, " ")


def test_the_sentence_above_a_list_reads_well(client: Client, pages: list[str]) -> None:
    for address, words in {
        "demands/?status=reversed&status=no_movement": (
            "0 revendication (annulé ou aucun progrès), les plus souvent demandées d’abord"
        ),
        "demands/?status=closed&theme=reform&year=2023": (
            "1 revendication (clos) sur le thème « Réforme » avec demande en 2023, "
            "les plus souvent demandées d’abord"
        ),
        "mentions/?kind=criticised&wording=paraphrase&sort=oldest": (
            "3 mentions (critiqué) (Avec nos mots), du plus ancien au plus récent"
        ),
        "statements/?language=en&voice=member&year=2023": (
            "1 déclaration (voix : Un membre seul) (langue : Anglais) de 2023, "
            "du plus récent au plus ancien"
        ),
        "people/": "1 personne, par nom",
    }.items():
        assert sentence(client, address) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2011", "2013", "2011 – 2013"),
        ("2026-05-01", "2026-05-14", "1er – 14 mai 2026"),
        ("2011-10", "", "depuis octobre 2011"),
        ("2011-10-01", "", "depuis le 1er octobre 2011"),
        ("", "2013", "jusqu’en 2013"),
        ("", "2013-05-09", "jusqu’au 9 mai 2013"),
    ],
)
def test_periods_have_the_article_that_a_day_needs(start: str, end: str, words: str) -> None:
    known = [PartialDate.parse(text) if text else None for text in (start, end)]
    with translation.override("fr"):
        written = re.sub(r"<[^>]+>", "", record.period(*known))
    assert written.replace(NBSP, " ") == words


def test_thousands_stand_apart() -> None:
    assert record.grouped(1234567) == "1,234,567"
    with translation.override("fr"):
        assert record.grouped(1234567) == f"1{NBSP}234{NBSP}567"
        assert record.grouped(999) == "999"


# --- The admin ------------------------------------------------------------------------------


def test_the_admin_speaks_the_language_of_the_browser(
    admin_client: Client, pages: list[str], french: list[Entry]
) -> None:
    english = {
        one.msgid
        for one in french
        if one.msgid not in one.words.values() and not PLACEHOLDER.search(one.msgid)
    }
    for page in ("", "demands/demand/", "statements/statement/add/", "demands/assessment/"):
        url = f"/admin/{page}"
        assert '<html lang="en"' in admin_client.get(url).content.decode()
        answer = admin_client.get(url, headers={"accept-language": "fr-CA,fr;q=0.9,en;q=0.5"})
        html = answer.content.decode()
        assert '<html lang="fr"' in html
        assert "Les acteurs" in html
        assert texts_of(html) & english == set(), page
    # What comes next is not told in French for that.
    assert '<html lang="en"' in admin_client.get("/").content.decode()
