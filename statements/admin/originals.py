"""Original files on the page of their statement: offered to visitors or not."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.admin import RecordInline, RowForm, RowPage
from kptracker.lib.publishing import State

from .. import actions
from ..models import Original
from ..offering import attachment


class OriginalForm(RowForm):
    """Whether visitors may have a file."""

    errors_belong_to = {"statements_original_there_or_removed": "offered"}


class OriginalInline(RecordInline):
    """The files that a statement came in."""

    model = Original
    form = OriginalForm
    verbose_name = gettext_lazy("original file")
    verbose_name_plural = gettext_lazy("Original files")
    show_change_link = False
    readonly_fields = ("taken_away", "kind_and_size", "sha256")
    fieldsets = [(None, {"fields": [("taken_away", "kind_and_size"), "sha256", "offered"]})]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A file comes in with its text, on the page for documents."""
        return False

    @admin.display(description=gettext_lazy("file"))
    def taken_away(self, row: Original) -> str:
        """The name under which it came, as a link."""
        if not row.is_there:
            return _("%(name)s, deleted on %(day)s with personal data that were removed") % {
                "name": row.name,
                "day": f"{row.removed_at:%Y-%m-%d}",
            }
        return format_html('<a href="../original/?file={}" download>{}</a>', row.pk, row.name)

    @admin.display(description=gettext_lazy("kind and size"))
    def kind_and_size(self, row: Original) -> str:
        """What it is."""
        return f"{row.get_media_type_display()}, {filesizeformat(row.size)}"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The file of a statement that was public stays."""
        was_public = obj is not None and obj.state in (State.PUBLISHED, State.TAKEN_DOWN)
        return not was_public and super().has_delete_permission(request, obj)

    def delete_row(self, row: Any, *, by: Any) -> None:
        actions.drop_original(row, by=by)

    def save_row(self, row: Any, *, by: Any) -> None:
        actions.offer_original(row, row.offered, by=by)


def take_away_view(model_admin: Any, request: HttpRequest, object_id: str) -> Any:
    """Give an original file to somebody of the staff, as an attachment."""
    row, refusal = model_admin._row(request, object_id)
    if refusal is not None:
        return refusal
    if not request.user.has_perm("statements.view_original"):
        raise PermissionDenied
    number = request.GET.get("file", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    original = Original.objects.there().filter(statement=row, pk=int(number)).first()
    if original is None:
        raise Http404
    answer = attachment(original)
    answer["Cache-Control"] = "no-store"
    return answer


ORIGINAL_PAGE = RowPage("original", take_away_view, "original")
