"""The admin of tables of the record: everything is saved through actions, nothing past them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, quote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from ..columns import TableExport
from ..corrections import asked_of, noting
from ..csv_export import csv_response
from ..folding import fold
from ..partial_dates import PartialDate
from ..writing import StaleVersionError, delete, in_one_go
from .corrections import CorrectionLine
from .fields import is_key
from .forms import RowForm, last_of
from .inlines import FieldsMixin, with_version
from .needs import Need
from .refusals import RefusedError, refused_by

EXPORT_LABEL = gettext_lazy("Export as CSV (the public ones among the selected)")
#: Columns of the history that say nothing to a reader.
UNTOLD = ("version", "changed_at")
#: What a form sends besides what somebody typed.
NOT_TYPED = (
    "csrfmiddlewaretoken",
    "seen_version",
    "id",
    "correction-none",
    "_save",
    "_continue",
    "_publish",
)


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page about a row, below its own address: ``view`` gets the admin, request and key."""

    name: str
    view: Callable[[Any, HttpRequest, str], HttpResponse]
    #: What follows the key in the address.
    address: str


class KeysFirstPaginator(Paginator):
    """Pages found by the keys of their rows: deep ones then join no row that they skip."""

    def page(self, number: Any) -> Any:
        found = super().page(number)
        if found.number == 1:
            return found
        keys = list(found.object_list.values_list("pk", flat=True))
        found.object_list = self.object_list.filter(pk__in=keys)  # type: ignore[union-attr]
        return found


class RecordAdmin(FieldsMixin, SimpleHistoryAdmin):
    """The admin of one table of the record."""

    form = RowForm
    change_form_template = "admin/record_change_form.html"
    change_list_template = "admin/record_change_list.html"
    delete_confirmation_template = "admin/record_delete.html"
    object_history_list_template = "admin/record_history_list.html"
    actions = ["export_public_rows"]
    list_per_page = 50
    paginator = KeysFirstPaginator
    show_full_result_count = False
    view_on_site = False
    save_on_top = False
    #: The folded columns that a search looks through.
    search_fields: Sequence[str] = ("text_key",)
    #: From which field the address is filled in while one types.
    slug_source: ClassVar[str] = ""
    #: What an editor should look at before a plenary.
    needs: ClassVar[list[Need]] = []
    #: Links from the page of a row to lists about it: functions of the row that give text and
    #: address, None where there is nothing. Another room may add its own.
    links: ClassVar[list[Callable[[Any], tuple[str, str] | None]]] = []
    #: Pages about a row besides the usual ones. Another room may add its own.
    pages: ClassVar[list[RowPage]] = []
    #: What the label of a choice needs at hand.
    label_related: ClassVar[tuple[str, ...]] = ()
    #: The file that visitors get of this table.
    export: ClassVar[TableExport | None] = None

    def save_row(self, row: Any, *, by: Any) -> None:
        """Save a row through its action."""
        raise NotImplementedError

    def save_links(self, row: Any, form: Any, *, by: Any) -> None:
        """Save ordered links of a row, where it has any."""

    def choice_label(self, row: Any) -> str:
        """Return a row as it stands in a list to choose from."""
        return str(row)

    def list_url(self) -> str:
        """Return the address of the list."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def get_urls(self) -> list[Any]:
        return [
            path(
                f"<path:object_id>/{page.address}/",
                self.admin_site.admin_view(partial(page.view, self)),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{page.name}",
            )
            for page in self.pages
        ] + super().get_urls()

    # --- lists and searches -------------------------------------------------------------------

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Find rows in which every word stands, whatever its accents and capitals."""
        if self.label_related:
            queryset = queryset.select_related(*self.label_related)
        if "\x00" in search_term:
            return queryset.none(), False
        for word in fold(search_term).split()[:20]:
            found = Q()
            for column in self.search_fields:
                # Folded columns hold small letters; a reference is looked up in any case.
                lookup = "contains" if column.endswith("_key") else "icontains"
                found |= Q(**{f"{column}__{lookup}": word})
            queryset = queryset.filter(found)
        return queryset, False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Refuse an address that no text column could be asked about."""
        if any("\x00" in value for values in request.GET.lists() for value in values[1]):
            return HttpResponseRedirect(f"{request.path}?e=1")
        return super().changelist_view(request, extra_context)

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer no bulk delete: what is evidence is looked at one by one."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        if self.export is None:
            actions.pop("export_public_rows", None)
        return actions

    @admin.action(description=EXPORT_LABEL, permissions=["view"])
    def export_public_rows(self, request: HttpRequest, queryset: Any) -> Any:
        """Give the selected rows as the file that a visitor would get: public rows only."""
        assert self.export is not None  # noqa: S101
        rows = self.export.queryset().filter(pk__in=queryset.order_by().values("pk"))
        if not rows.exists():
            messages.warning(
                request, _("None of the selected entries is public: the file holds public ones.")
            )
            return None
        language = "fr" if (get_language() or "en").startswith("fr") else "en"
        return csv_response(self.export, rows, language=language)

    # --- the form -----------------------------------------------------------------------------

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return self.prepare_form(super().get_form(request, obj, change, **kwargs), request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return with_version(fieldsets, self.form)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {"slug": (self.slug_source,)} if self.slug_source and obj is None else {}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Save a form with all that is below it in one go, or show it again with what is wrong."""
        view = super().changeform_view
        if request.method != "POST":
            return view(request, object_id, form_url, extra_context)
        # A refusal undoes everything; the form is then checked again, with the refusal beside
        # the field that it is about. The last round writes nothing.
        line = CorrectionLine.sent_with(request)
        for _round in range(3):
            try:
                with in_one_go(), noting(line.reason) as noted:
                    answer = view(request, object_id, form_url, extra_context)
                    line.settle(request, noted)
                    return answer
            except RefusedError as refused:
                self._note_refusal(request, refused.prefix, refused.error)
            except ValidationError as error:
                self._note_refusal(request, "", error)
            except StaleVersionError:
                # Somebody saved between our look at the version and our write: look again.
                self._note_refusal(request, "", None)
        return view(request, object_id, form_url, extra_context)

    def _note_refusal(self, request: Any, prefix: str, error: ValidationError | None) -> None:
        if error is not None:
            request.refusals = {prefix: error}
        # Nothing was saved, whatever was about to be said.
        messages.get_messages(request)._queued_messages.clear()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row through its action; one that was not touched is left alone."""
        if change and not form.has_changed():
            return
        with refused_by(""):
            self.save_row(obj, by=request.user)
            self.save_links(obj, form, by=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows below through their actions."""
        formset.save(commit=False)
        for one in formset.deleted_forms:
            if one.instance.pk and not one.instance._state.adding:
                with refused_by(one.prefix):
                    formset.inline.delete_row(one.instance, by=request.user)
        for one in formset.saved_forms:
            with refused_by(one.prefix):
                formset.inline.save_row(one.instance, by=request.user)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """Show what somebody else saved in the meantime."""
        form = context["adminform"].form
        conflicts = [form.conflict] if getattr(form, "conflict", None) else []
        for one in context["inline_admin_formsets"]:
            conflicts += one.formset.conflicts() if one.formset.is_bound else []
        context["conflicts"] = conflicts
        if obj is not None and obj.pk and self.has_change_permission(request, obj):
            context["correction_line"] = self._correction_line(request, obj)
        links = [link(obj) for link in self.links] if obj is not None else []
        context["related_links"] = [link for link in links if link is not None]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _correction_line(self, request: HttpRequest, obj: Any) -> CorrectionLine | None:
        """Return the line that is asked for where visitors see the row; None elsewhere."""
        saved = self.model._base_manager.filter(pk=obj.pk).first()
        if saved is None or not asked_of(saved):
            return None
        return CorrectionLine.sent_with(request)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Where a row was deleted while its form was open, give back what was typed."""
        typed = []
        if request.method == "POST":
            typed = [
                (self._typed_label(name), value)
                for name, values in request.POST.lists()
                for value in values
                if value.strip()
                and not name.endswith(("_FORMS", "-id", "-seen_version", "_seen"))
                and name not in NOT_TYPED
            ]
        if not typed:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        who, when = last_of(self.model, object_id) if object_id.isdigit() else ("", "")
        return TemplateResponse(
            request,
            "admin/deleted_meanwhile.html",
            {
                **self.admin_site.each_context(request),
                "title": _("This entry was deleted in the meantime"),
                "opts": opts,
                "who": who,
                "when": when,
                "typed": typed,
            },
            status=409,
        )

    def _typed_label(self, name: str) -> str:
        form = self.form.declared_fields.get(name)  # type: ignore[attr-defined]
        if form is not None and form.label:
            return str(form.label)
        known = {field.name: field for field in self.opts.get_fields()}
        field = known.get(name)
        return str(getattr(field, "verbose_name", name)) if field else name

    # --- deleting -----------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name what rests on a row, rather than the right that nobody has to delete that."""
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return listed, counts, set() if protected else lacking, protected

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with refused_by(""):
            delete(obj, by=request.user)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Delete what nothing rests on; else say what does, and what to do instead."""
        row = self.get_object(request, object_id)
        extra = {**(extra_context or {}), **(self.way_out(request, row) if row else {})}
        if request.method == "POST" and extra.get("was_public"):
            raise PermissionDenied
        line = CorrectionLine.sent_with(request)
        if row is not None and asked_of(row, deleted=True):
            extra["correction_line"] = line
        try:
            with in_one_go(), noting(line.reason) as noted:
                answer = super().delete_view(request, object_id, extra)
                line.settle(request, noted)
                return answer
        except RefusedError as refused:
            self._note_refusal(request, "", None)
            messages.error(request, " ".join(refused.error.messages))
            return HttpResponseRedirect(request.path)

    def way_out(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the page of a delete says besides."""
        state = getattr(row, "state", "")
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_take_down"
        may = state == "published" and self.has_publish_permission(request)  # type: ignore[attr-defined]
        return {
            "was_public": state in ("published", "taken_down"),
            "state_code": state,
            "take_down_url": reverse(name, args=[quote(row.pk)]) if may else "",
        }

    # --- history ------------------------------------------------------------------------------

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> Any:
        """Show what was changed, by whom. What cannot be the key of a row has no history."""
        if not is_key(object_id):
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: Any, object_id: str, version_id: str, extra_context: Any = None
    ) -> Any:
        """Show a former version, to read. Saving it from here would pass by the actions."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        request.reading_history = True
        return super().history_form_view(request, object_id, version_id, extra_context)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        if getattr(request, "reading_history", False):
            names = flatten_fieldsets(super().get_fieldsets(request, obj))
            return [name for name in names if name != "seen_version"]
        return super().get_readonly_fields(request, obj)

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, foreign_keys_are_objs: bool = True
    ) -> None:
        """Say what each version changed, without the counting of versions itself."""
        following = None
        for record in historical_records:
            if following is not None:
                delta = following.diff_against(
                    record, excluded_fields=UNTOLD, foreign_keys_are_objs=foreign_keys_are_objs
                )
                helper = self.get_historical_record_context_helper(request, following)
                following.history_delta_changes = helper.context_for_delta_changes(delta)
            following = record

    # --- shown --------------------------------------------------------------------------------

    @staticmethod
    def words_of(known: PartialDate | None) -> str:
        """Return a date as known, short."""
        return known.words(short=True) if known else "–"
