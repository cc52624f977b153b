"""Original files are handed out: to take away, never to be opened in the site's name."""

from typing import Any

from django.core.files.storage import Storage
from django.http import FileResponse, Http404, HttpRequest

from kptracker.lib.conditional import public_page
from kptracker.lib.pages import find, record_page
from kptracker.lib.table_views import takes_nothing

from .models import Original, Statement


def attachment(original: Original) -> FileResponse:
    """Return the file under the name of its statement. Raises Http404 where it is not there."""
    storage: Storage = original.file.storage
    try:
        file = storage.open(str(original.file.name), "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(
        file,
        as_attachment=True,
        filename=original.download_name,
        content_type=original.content_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def offered_file(statement: Statement) -> Original | None:
    """Return the file of a statement that visitors may have: the latest that staff offer."""
    files: Any = Original.objects.public()
    found: Original | None = files.filter(statement=statement).order_by("-pk").first()
    return found


@public_page
@record_page
@takes_nothing
def original_file(request: HttpRequest, slug: str) -> Any:
    """Give the original file of a published statement to a visitor, where staff offer it."""
    original = offered_file(find(Statement.objects.public(), slug))
    if original is None:
        raise Http404
    return attachment(original)
