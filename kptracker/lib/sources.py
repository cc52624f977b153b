"""Where a fact comes from, as a reader sees it: a link, or a text that the coalition holds."""

from urllib.parse import urlsplit

from .fields import DOCUMENT


def document_name(source: str) -> str:
    """Return NAME of ``document:NAME``, '' for a web address."""
    return source.removeprefix(DOCUMENT) if source.startswith(DOCUMENT) else ""


def host(source: str) -> str:
    """Return the site of a web address as a reader says it: "ipisresearch.be"."""
    return (urlsplit(source).hostname or "").removeprefix("www.")
