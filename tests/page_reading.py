"""What tests read of a page: its main part, its words, how many rows a list has."""

import re
from html import unescape

from django.test import Client


def html_of(client: Client, path: str) -> str:
    """Return a page, which must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def article(html: str) -> str:
    """Return what a page about the record says, without what stands around it."""
    return html[html.index("<article") : html.index("</article>")]


def words_of(html: str) -> str:
    """Return the words of a piece of a page, white space single."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def rows_of(client: Client, url: str) -> int:
    """Return how many rows the list at an address says it has."""
    found = re.search(r'<b class="num">([\d,]+)</b>', html_of(client, unescape(url)))
    assert found, url
    return int(found[1].replace(",", ""))
