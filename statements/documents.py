"""``document:NAME`` sources: the public statements whose texts the coalition holds."""

from collections.abc import Iterable

from kptracker.lib.sources import document_name

from .models import Statement


def documents_in(sources: Iterable[str]) -> dict[str, Statement]:
    """Return the public statements that ``document:`` sources name, by the document's name."""
    names = {name for source in sources if (name := document_name(source or ""))}
    if not names:
        return {}
    rows = Statement.objects.public().filter(document__in=names)
    return {
        row.document: row
        for row in rows.only("slug", "title", "title_fr", "title_kind", "language", "document")
    }
