"""Every kind of public page, read from the URL map, so that a new one cannot be forgotten.

A page's address ends in a stroke; what has an ending (.csv, .png, .atom) is a file. An address
with a slug in it takes a row of the shipped record: ``SAMPLES``, by its first word.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

#: What stands for a variable part of an address, by the word that the address begins with.
SAMPLES = {
    "demands": "broaden-definition",
    "statements": "2023-11-10-victoria-falls-closing",
    "meetings": "plenary-2023-victoria-falls",
    "people": "shamiso-mtisi",
    "organisations": "kp-csc",
    "themes": "definition",
    "years": "2023",
    "data": "demands",
}
#: Addresses that end like a page and hand out a file.
FILES = {"statements:original_file"}
#: Addresses of the API begin so; they end like pages and are JSON, but for the page about them.
API = re.compile(r"api_(?!docs$)")
#: Pages as readers have them before them, beyond one for each address: filtered, empty, other.
MORE = (
    "demands/?status=blocked&sort=title",
    "demands/?q=nothing+fits+this",
    "demands/?on=2017-11-09",
    "demands/broaden-definition/?on=2017-11-09",
    "search/?q=conflict+diamonds",
    "search/?q=yobue",
    "demands/broaden-definition/?order=oldest",
    "statements/2023-11-10-victoria-falls-closing/?text=summary-en",
    "statements/?page=2",
    "meetings/plenary-2004/",
)
#: Addresses that are refused: the status that each answers.
REFUSED = {"nothing/here/": 404, "demands/?status=odd": 400}

VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


class NoSampleError(AssertionError):
    """A page of the URL map has no row of the record to stand for it."""


def _routes(patterns: Any, prefix: str = "", room: str = "") -> Iterator[tuple[str, str]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            space = f"{one.namespace}:" if one.namespace else room
            yield from _routes(one.url_patterns, prefix + str(one.pattern), space)
        elif isinstance(one, URLPattern):
            yield f"{room}{one.name}", prefix + str(one.pattern)


def public_pages() -> dict[str, str]:
    """Return the address of each public page, without a stroke before it, by its name."""
    pages = {}
    for resolver in get_resolver().url_patterns:
        if not isinstance(getattr(resolver, "pattern", None), LocalePrefixPattern):
            continue
        for name, route in _routes(resolver.url_patterns):
            address = route.strip("^$").replace("\\", "")
            if name in FILES or API.match(name) or (address and not address.endswith("/")):
                continue
            variable = VARIABLE.search(address) is not None
            pages[name] = VARIABLE.sub(sample(address), address) if variable else address
    return pages


def sample(address: str) -> str:
    """Return what stands for the variable part of an address."""
    first = address.partition("/")[0]
    if first not in SAMPLES:
        raise NoSampleError(f"Name a row for {address} in tests/public_pages.py: SAMPLES.")
    return SAMPLES[first]


def addresses() -> list[str]:
    """Return the addresses of all kinds of pages that answer 200, and of more states of them."""
    return [*public_pages().values(), *MORE]
