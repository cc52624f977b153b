"""What tests of the matrix share: its figures, where they lead, what a page weighs."""

import gzip
import re
from html import unescape
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils import translation

HEAVIEST = 60_000


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    translation.activate("en")  # a French page leaves its language behind
    return answer.content.decode()


def figures(html: str) -> list[tuple[str, int]]:
    """Return address and number of every figure of the table."""
    table = html[html.index("<tbody>") :]
    links = re.findall(r'<td[^>]*><a[^>]* href="([^"]*)">(\d+)', table)
    return [(unescape(address), int(number)) for address, number in links]


def rows_behind(client: Client, address: str) -> int:
    found = re.search(r'<b class="num">([\d,]+)</b>', page(client, address))
    assert found, address
    return int(found[1].replace(",", ""))


def wire(html: str) -> int:
    """Return what a page weighs on the wire with its style sheet."""
    css = (Path(settings.BASE_DIR) / "static/site.css").read_bytes()
    return len(gzip.compress(html.encode(), 6)) + len(gzip.compress(css, 6))
