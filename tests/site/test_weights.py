"""What a page weighs on its way to a phone: at most 60 kB with all it needs, in six requests."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.public_pages import addresses, public_pages
from tests.record_fixtures import loaded_record, record  # noqa: F401

# The same pages, byte for byte, on every database.
pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.once, pytest.mark.search]

MOST, MOST_HOME, MOST_REQUESTS = 60_000, 14_000, 6
#: What a browser fetches by itself: styles, scripts, pictures; not what only a link leads to.
FETCHED = (
    re.compile(r'<link rel="(?:stylesheet|icon)" href="([^"]+)"'),
    re.compile(r'<script[^>]*\ssrc="([^"]+)"'),
    re.compile(r'<(?:img|iframe|source)[^>]*\ssrc="([^"]+)"'),
)


def weight(client: Client, url: str) -> tuple[int, int, int]:
    """Return the bytes of a page's HTML, of all it needs, and in how many requests they come."""
    plain = client.get(url)
    answer = client.get(url, headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "gzip"), url
    assert "Accept-Encoding" in answer["Vary"]
    html = len(answer.content)
    text = plain.content.decode()
    parts = sorted({part for shape in FETCHED for part in shape.findall(text)})
    total = html
    for part in parts:
        assert part.startswith("/static/"), part
        file = Path(settings.BASE_DIR) / "static" / part.removeprefix("/static/")
        # As collectstatic leaves it for whitenoise to send.
        total += len(gzip.compress(file.read_bytes(), mtime=0))
    return html, total, 1 + len(parts)


def test_no_page_weighs_more_than_a_phone_can_carry(client: Client, record_property: Any) -> None:
    rows = []
    for prefix in ("/", "/fr/"):
        for address in addresses():
            rows.append((f"{prefix}{address}", *weight(client, f"{prefix}{address}")))
    # Printed at the end of the run, whichever process this is.
    lines = ["Pages in bytes as sent: HTML, all that it needs, requests"]
    for url, html, total, requests in sorted(rows, key=lambda row: -row[2]):
        lines.append(f"{html:>8,} {total:>8,} {requests:>3}  {url}")
    record_property("printed", "\n".join(lines))
    heavy = [row for row in rows if row[2] > MOST or row[3] > MOST_REQUESTS]
    assert heavy == []
    assert [row for row in rows if row[0] in ("/", "/fr/") and row[1] > MOST_HOME] == []


def test_every_public_page_has_a_row_to_stand_for_it() -> None:
    # Raises where a new kind of page has none; these are the ones that must be among them.
    assert {"home", "demands:demand", "statements:statement", "statements:meeting"} <= set(
        public_pages()
    )


def test_pages_are_sent_small_and_pictures_as_they_are(client: Client) -> None:
    asked = {"accept-encoding": "gzip"}
    page = client.get("/demands/", headers=asked)
    assert gzip.decompress(page.content).startswith(b"<!doctype html>")
    assert not client.get("/demands/").has_header("Content-Encoding")
    kept = client.get("/demands/", headers={**asked, "if-none-match": page["ETag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    assert "Accept-Encoding" in kept["Vary"]
    picture = client.get("/cards/home.png", headers=asked)
    assert picture.content.startswith(b"\x89PNG")
