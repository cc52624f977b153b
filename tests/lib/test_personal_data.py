"""Telephone numbers and the like are found however they are written; dates and the like are not."""

import csv
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kptracker.lib.personal_data import find_personal_data, masked, pattern_of, places_of
from tests.conftest import DOCUMENTS

#: No database has a part in it.
pytestmark = pytest.mark.once

COUNTRIES = ["1", "7", "20", "27", "32", "33", "41", "44", "226", "232", "233", "243", "263", "971"]
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
SCRIPTS = [str, lambda text: text.translate(ARABIC), lambda text: text.translate(PERSIAN)]
#: What stands before and after; none of it belongs to the number.
AROUND = st.sampled_from(
    [("", ""), ("Contact Jane Doe, ", "."), ("(Press: ", ")"), ("Harare\n", "\nEnd"), ("« ", " »")]
)


@st.composite
def grouped(draw: Any, digits: str, separators: list[str]) -> str:
    """Digits in blocks, with one separator between them all, or several."""
    separator = draw(st.sampled_from(separators))
    blocks, rest = [], digits
    while rest:
        size = draw(st.integers(min_value=1 if blocks else 2, max_value=4))
        blocks.append(rest[:size])
        rest = rest[size:]
    return separator.join(blocks)


def subscriber(low: int, high: int) -> Any:
    """The digits of a number; its last is no 0, for "+170 000 000" is taken for a sum."""
    return st.integers(low, high).flatmap(
        lambda size: st.text("0123456789", min_size=size - 2, max_size=size - 2).map("7{}6".format)
    )


SEPARATORS = ["", " ", ".", "-", "\u00a0", "\u2009", "–", "/", " - ", "‑"]


@st.composite
def international(draw: Any) -> str:
    country, number = draw(st.sampled_from(COUNTRIES)), draw(subscriber(8, 10))
    number = draw(grouped(number, SEPARATORS))
    between = draw(st.sampled_from([" ", "", "-", ".", " (0)", "(0) ", " (0) "]))
    before = draw(st.sampled_from(["+", "00", "+ ", "00 ", "(+", "＋"]))
    bracket = ")" if before == "(+" else ""
    return draw(st.sampled_from(SCRIPTS))(f"{before}{country}{bracket}{between}{number}")


@st.composite
def introduced(draw: Any) -> tuple[str, str]:
    words = ["Tel", "Tel.", "Tél. :", "Phone:", "phone number", "Mob.", "Mobile:", "Cell", "Fax:"]
    words += ["WhatsApp", "WhatsApp:", "Tel/Fax:", "Phone (office):", "هاتف:", "جوال", "GSM"]
    number = draw(grouped(draw(subscriber(7, 10)), ["", " ", "-", "\u00a0", " - "]))
    number = draw(st.sampled_from(["", "0", "(0)", "(011) "])) + number
    return draw(st.sampled_from(words)), draw(st.sampled_from(SCRIPTS))(number)


def whole(text: str, number: str) -> bool:
    """Whether one find covers the number, and is what stands at its place."""
    start = text.index(number)
    last = start + len(number)
    found = find_personal_data(text)
    assert all(text[one.start : one.end] == one.words for one in found)
    return any(one.start <= start + 1 and one.end >= last for one in found)


@settings(max_examples=400, deadline=None)
@given(international(), AROUND)
def test_a_number_with_its_country_is_found_however_written(number: str, around: Any) -> None:
    text = f"{around[0]}{number}{around[1]}"
    assert whole(text, number), find_personal_data(text)


@settings(max_examples=300, deadline=None)
@given(introduced(), AROUND)
def test_a_number_that_a_word_introduces_is_found(parts: tuple[str, str], around: Any) -> None:
    text = f"{around[0]}{parts[0]} {parts[1]}{around[1]}"
    assert whole(text, parts[1]), find_personal_data(text)


LABEL = st.from_regex(r"\A[a-z][a-z0-9]{1,8}\Z")


@settings(max_examples=200, deadline=None)
@given(
    LABEL,
    LABEL,
    st.sampled_from(["org", "net", "co.zw", "int", "africa"]),
    st.sampled_from(["@", " @ ", "[at]", " [at] ", "(at)", " (at) ", "{at}", " (arobase) ", "＠"]),
    st.sampled_from([".", " dot ", "[dot]", " [dot] ", "(point)"]),
    AROUND,
)
def test_an_e_mail_address_is_found_however_hidden(
    name: str, host: str, top: str, at: str, dot: str, around: Any
) -> None:
    address = f"{name}.x{at}{host}{dot}{top}"
    text = f"{around[0]}{address}{around[1]}"
    assert whole(text, address), find_personal_data(text)


DAYS = st.integers(0, 9_500).map(lambda days: date(2000, 1, 1) + timedelta(days=days))
FORMS = [
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%d.%m.%y",
    "%d %B %Y",
    "%Y/%m",
]
FORMS += ["%B %d, %Y", "%d. %m. %Y", "%Y-%m-%dT%H:%M:%S+02:00", "%d.%m.%Y, 10:30", "%Y%m%d"]


@settings(max_examples=400, deadline=None)
@given(
    DAYS,
    DAYS,
    st.sampled_from(FORMS),
    st.sampled_from([" - ", "-", " – ", " to ", " / ", ", ", " and ", "\n", " "]),
    st.sampled_from(SCRIPTS),
    AROUND,
)
def test_dates_are_no_numbers(
    one: date, two: date, form: str, between: str, script: Any, around: Any
) -> None:
    written = script(f"{one.strftime(form)}{between}{two.strftime(form)}")
    assert find_personal_data(f"{around[0]}{written}{around[1]}") == []


NUMBER = st.integers(1, 2999)


@settings(max_examples=400, deadline=None)
@given(
    NUMBER,
    NUMBER,
    st.integers(2000, 2027),
    st.sampled_from(
        [
            "A/RES/{0}/{1}", "S/RES/{0} ({2})", "{0}/{1}", "S/{2}/{0}", "A/C.1/{0}/L.{1}",
            "D-{0:03}", "M-{0:04}, M-{1:04}", "KP-{2}-{0:03}", "KP/{2}/{0}", "AD {0:02}-{2}",
            "2018-{2}", "{2}/{0:02}", "p. {0:06}", "pp. {0}-{1}", "No. 00{0:09}", "#0{0:09}",
            "resolutions {0} ({2}), {1} ({2})", "{0},{1:03},000", "{0}.{1:03}.000 $", "{0} 000 000",
            "US$ {0},{1:03},{1:03}", "+{0}%", "{0}.{1} %", "+{0} 000 000 carats", "€0{0} 123 456",
            "10.{0:04}/0{1:09}", "doi: 10.{0:04}/s{1:010}", "https://x.org/0{0:09}/{1}",
            "ISBN 978-3-16-{0:06}-0", "ISBN 0-306-{0:05}-2", "10:{0}", "from {2} to {2}",
            "contact {2}-{2}", "call {0} {2}", "at {0} {1} {2}", "{0}\n{1}\n{2}", "UTC+2 {2}-11-10",
            "article {0}, paragraph {1}", "{0} people in {2}", "+1.{0} million", "{0} x {1} = {2}",
        ]
    ),
    AROUND,
)  # fmt: skip
def test_references_resolutions_and_sums_are_no_numbers(
    one: int, two: int, year: int, form: str, around: Any
) -> None:
    text = f"{around[0]}{form.format(one, two, year)}{around[1]}"
    assert find_personal_data(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Jane Doe, +263 7 742 169 56", "phone", "+263 7 742 169 56"),
        ("Tél. 01 42 34 56 78", "phone", "01 42 34 56 78"),
        ("01.42.34.56.78 or 01.42.34.56.79", "phone", "01.42.34.56.78"),
        ("(202) 555-0143", "phone", "(202) 555-0143"),
        ("Mob. 772 123 456", "phone", "772 123 456"),
        ("call 0772123456", "phone", "0772123456"),
        ("Skype: jane.doe12", "messenger", "jane.doe12"),
        ("Telegram: @jane_doe", "messenger", "@jane_doe"),
        ("Signal: jane.42", "messenger", "jane.42"),
        ("https://wa.me/263772123456", "messenger", "https://wa.me/263772123456"),
        ("IBAN GB82 WEST 1234 5698 7654 32", "account", "GB82 WEST 1234 5698 7654 32"),
        ("bank account no. 012345678901", "account", "012345678901"),
        ("Passport No: CN123456", "identity", "CN123456"),
        ("date of birth: 12 March 1970", "identity", "12 March 1970"),
        ("mail jane at host dot org", "email", "jane at host dot org"),
    ],
)
def test_what_is_found(text: str, kind: str, words: str) -> None:
    found = find_personal_data(text)[0]
    assert (found.kind, found.words) == (kind, words)


@pytest.mark.parametrize(
    "text",
    [
        "a clear signal: no more violence",
        "GB82 WEST 1234 5698 7654 33",  # its check digits are wrong
        "the account of 2003-2004",
        "they met at the point of entry",
        "@kpcsc on social media",
        "the identity of 1,234,567 miners",
        "Phone interviews were made in 2018-2022",
        "by fax 10.11.2023",
        "Plot 14, 22 Samora Machel Avenue",  # addresses of streets are left to the reader
    ],
)
def test_what_is_not(text: str) -> None:
    assert find_personal_data(text) == []


def test_both_numbers_of_two_are_found() -> None:
    for between in (" / ", "/", ", ", " or ", "; ", " ", "\n", " +263 ", "\nMob: "):
        text = f"Tel: 0772 123 456{between}0773 456 789."
        cut = "".join(
            sign
            for place, sign in enumerate(text)
            if not any(one.start <= place < one.end for one in find_personal_data(text))
        )
        assert not any(sign.isdigit() for sign in cut), (text, cut)


def test_unseen_signs_hide_nothing_and_places_count_in_the_text_itself() -> None:
    text = "É\u200f: \u202a+263\u200b 77\u00ad2 123 456\u202c fin"
    found = find_personal_data(text)
    assert [text[one.start : one.end] for one in found] == ["+263\u200b 77\u00ad2 123 456"]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_looked_at_and_places_are_true(text: str) -> None:
    end = 0
    for one in find_personal_data(text):
        assert one.start >= end
        assert text[one.start : one.end] == one.words
        end = one.end


@settings(max_examples=200, deadline=None)
@given(subscriber(9, 12), st.data())
def test_the_same_number_is_found_in_another_spelling(digits: str, data: Any) -> None:
    one, two = (data.draw(grouped(digits, SEPARATORS)) for _ in range(2))
    pattern = pattern_of([f"+{one}"])
    assert pattern is not None
    text = f"Tel. 00{two}, ask for her"
    places = places_of(pattern, text)
    assert [text[start:end] for start, end in places] == [f"00{two}"]
    assert places_of(pattern, f"9{digits}") == []


def test_a_name_is_found_with_other_accents_and_capitals() -> None:
    pattern = pattern_of(["Zoé  N’Diaye"])
    assert pattern is not None
    for text in ("zoe n'diaye said", "ZOÉ N’DIAYE said", "Zoe\u0301\nN’Diaye said"):
        ((start, end),) = places_of(pattern, text)
        assert text[end:] == " said"
        assert start == 0
    assert places_of(pattern, "Zoé N’Diayes") == []


def test_messages_give_two_signs_at_either_end() -> None:
    assert masked("+263 772 123 456") == "+2…56"
    assert masked("12345") == "1…"


@pytest.mark.parametrize(
    "text",
    ["1 " * 60_000, "0" * 120_000, "+1-" * 40_000, "a." * 60_000, "a@" * 60_000, "tel " * 30_000,
     "skype: " * 20_000, "0772 123 456 " * 10_000, "IBAN GB82 " * 12_000, "at dot " * 20_000],
)  # fmt: skip
def test_a_text_made_to_take_long_does_not(text: str) -> None:
    began = time.process_time()
    find_personal_data(text)
    assert time.process_time() - began < 5


@pytest.mark.needs_documents
def test_in_the_coalition_s_papers_one_number_and_one_address_are_found() -> None:
    found = {
        path.name[:4]: [one.kind for one in find_personal_data(path.read_text(encoding="utf-8"))]
        for path in DOCUMENTS.glob("*.txt")
    }
    expected = {"2011": [], "2018": [], "2020": ["phone"], "2021": [], "2023": ["email"]}
    assert found == expected


@pytest.mark.once
def test_nothing_in_the_record_is_taken_for_personal_data() -> None:
    for path in sorted((Path(__file__).resolve().parents[2] / "record").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for name, value in row.items():
                    if not name.endswith("_url"):
                        assert find_personal_data(value or "") == [], (path.name, row)
