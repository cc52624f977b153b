"""Citations as files: whatever a title holds, programs that keep references read it back."""

import re
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kptracker.lib.citing import LATEX, Citation, bibtex, one_line, ris
from kptracker.lib.partial_dates import PartialDate

WORDS = st.text(min_size=1, max_size=40).filter(lambda text: bool(one_line(text)))


def cited(**parts: Any) -> Citation:
    values: dict[str, Any] = {
        "key": "D-001",
        "plain": "",
        "title": "Widen it",
        "record": "KP Demand Tracker",
        "url": "http://127.0.0.1:8000/d/D-001",
        **parts,
    }
    return Citation(**values)


def read_bibtex(text: str) -> dict[str, str]:
    """Read one entry as BibTeX does: it counts braces, and a backslash does not hide one."""
    start = text.index("@misc{") + len("@misc{")
    depth, fields, part = 1, [], ""
    for sign in text[start:]:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            break
        if sign == "," and depth == 1:
            fields.append(part)
            part = ""
        else:
            part += sign
    assert depth == 0
    assert not part.strip()
    found = {}
    for one in fields[1:]:
        name, value = one.split(" = ", 1)
        found[name.strip()] = value.removeprefix("{").removesuffix("}")
    return found


def unlatex(text: str) -> str:
    back = {spelt: chr(sign) for sign, spelt in LATEX.items()}
    return re.sub("|".join(map(re.escape, back)), lambda match: back[match[0]], text)


@given(title=WORDS, authors=st.lists(WORDS, min_size=1, max_size=3), note=WORDS)
def test_bibtex_gives_back_whatever_words_there_are(
    title: str, authors: list[str], note: str
) -> None:
    fields = read_bibtex(bibtex(cited(title=title, authors=tuple(authors), note=note)))
    assert unlatex(fields["title"][1:-1]) == one_line(title)
    assert unlatex(fields["note"]) == one_line(note)
    # Names are bodies: each in braces of its own, which "and" between them does not enter.
    assert fields["author"] == " and ".join(
        f"{{{one_line(name).translate(LATEX)}}}" for name in authors
    )
    # Nothing is left that LaTeX would take for a command of the text's own.
    assert not re.search(r"(?<!\\)[#$%&_]|[~^]", fields["title"])


@given(title=WORDS, authors=st.lists(WORDS, max_size=3), note=WORDS, key=WORDS)
def test_ris_has_one_line_for_each_field_whatever_words_there_are(
    title: str, authors: list[str], note: str, key: str
) -> None:
    text = ris(cited(title=title, authors=tuple(authors), note=note, key=key))
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines)
    tags = [line[:2] for line in lines]
    assert (tags[0], tags[-1]) == ("TY", "ER")
    assert tags.count("AU") == len(authors)
    assert f"TI  - {one_line(title)}" in lines


def test_a_date_is_written_as_far_as_it_is_known() -> None:
    for known, bib, ris_date in (
        ("2017-11-09", ["date = {2017-11-09}", "year = {2017}", "month = nov"], "2017/11/09/"),
        ("2017-11", ["date = {2017-11}", "year = {2017}", "month = nov"], "2017/11//"),
        ("2017", ["date = {2017}", "year = {2017}"], "2017///"),
    ):
        citation = cited(date=PartialDate.parse(known), state_of=date(2026, 11, 22))
        entry = bibtex(citation)
        assert all(field in entry for field in bib)
        assert ("month" in entry) is (known != "2017")
        assert f"DA  - {ris_date}\r\n" in ris(citation)
        assert "N1  - State of the record: 2026-11-22." in ris(citation)


def test_what_is_not_known_is_left_out() -> None:
    entry, lines = bibtex(cited()), ris(cited())
    for name in ("author", "date", "year", "month", "language", "note", "urldate"):
        assert f"  {name} = " not in entry
    for tag in ("AU", "PY", "DA", "LA", "N1", "Y2"):
        assert f"\n{tag}  - " not in lines
    # A page of the record has the date of its state, and sorts by the record's name.
    dated = bibtex(cited(state_of=date(2026, 11, 22)))
    assert "date = {2026-11-22}" in dated
    assert "key = {KP Demand Tracker}" in dated


def test_accents_stay_as_they_are() -> None:
    citation = cited(title="Société civile : élargir « la définition »")
    assert "Société civile : élargir « la définition »" in bibtex(citation)
    assert bibtex(citation).startswith("% Encoding: UTF-8\n")
