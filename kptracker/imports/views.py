"""The admin's pages on which tables come back: choose a file, look at what it changes, apply it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kptracker.data.views import addresses
from kptracker.lib.admin import RefusedError
from kptracker.lib.admin.corrections import CorrectionLine
from kptracker.lib.models import BroughtFile
from kptracker.lib.spreadsheets import MOST_BYTES, MOST_ROWS, UnreadableError, read_sheet, too_large

from .planning import ChangedMeanwhileError, Plan, bring_back, preview
from .tables import BELONG, IMPORTS, ImportTable

#: So many changed rows are shown one by one; all of them are applied.
MOST_SHOWN = 500


class TableForm(forms.Form):
    """A table that an editor brings back. Once it is valid, ``content`` are its bytes."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )

    content = b""

    def __init__(self, *args: Any, table: ImportTable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.fields["file"].help_text = _(
            "CSV or Excel (.xlsx), up to %(megabytes)d MB and %(rows)d rows."
        ) % {"megabytes": MOST_BYTES // 1_000_000, "rows": MOST_ROWS}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(too_large())  # not even fetched into the memory
        self.content = file.read()
        try:
            read_sheet(self.content, self.table.columns(), self.table.name)
        except UnreadableError as error:
            raise forms.ValidationError(str(error)) from error
        return file


class Bringing:
    """The pages, for one admin site."""

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def urls(self) -> list[Any]:
        """Return their addresses."""
        view = self.site.admin_view
        return [
            path("bring-back/", view(self.index), name="bring"),
            path("bring-back/<slug:name>/", view(self.upload), name="bring_table"),
            path("bring-back/<slug:name>/<int:key>/", view(self.decide), name="bring_preview"),
        ]

    def index(self, request: HttpRequest) -> HttpResponse:
        """List the tables that the user may bring back."""
        tables = [table for table in IMPORTS.values() if table.may_bring(request.user)]
        if not tables:
            raise PermissionDenied
        return self._page(
            request,
            "admin/bring_index.html",
            {"title": _("Import tables"), "tables": [(one, _urls(one)) for one in tables]},
        )

    def upload(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask for a file of one table."""
        table = self._table(request, name)
        sent = request.method == "POST"
        form = TableForm(request.POST, request.FILES, table=table) if sent else None
        BroughtFile.forget_old()
        if form is not None and form.is_valid():
            brought = BroughtFile.objects.create(
                by=request.user,  # type: ignore[misc]
                table=table.name,
                name=form.cleaned_data["file"].name[:200].replace("\0", ""),
                content=form.content,
            )
            return HttpResponseRedirect(_preview_url(brought))
        return self._page(
            request,
            "admin/bring_table.html",
            {
                "title": _("Import: %(table)s") % {"table": table.title},
                "table": table,
                "form": form or TableForm(table=table),
                "urls": _urls(table),
                "taken": sorted(table.taken(), key=table.columns().index),
                "waiting": [
                    (one, _preview_url(one))
                    for one in BroughtFile.objects.filter(
                        by=request.user,  # type: ignore[misc]
                        table=table.name,
                    ).defer("content")[:5]
                ],
            },
        )

    def decide(self, request: HttpRequest, name: str, key: int) -> HttpResponse:
        """Show what a file changes, and apply or discard it."""
        table = self._table(request, name)
        mine = BroughtFile.objects.filter(by=request.user, table=table.name)  # type: ignore[misc]
        try:
            brought = mine.get(pk=key)
        except (BroughtFile.DoesNotExist, OverflowError):
            messages.info(
                request, _("This file was applied or discarded: it does not wait any more.")
            )
            return HttpResponseRedirect(reverse("admin:bring_table", args=[table.name]))
        line = CorrectionLine.sent_with(request)
        if request.method == "POST" and "_discard" in request.POST:
            brought.delete()
            messages.success(
                request, _("“%(name)s” was discarded. Nothing changed.") % {"name": brought}
            )
            return HttpResponseRedirect(reverse("admin:bring_table", args=[table.name]))
        if request.method == "POST":
            answer = self._apply(request, table, brought, line)
            if answer is not None:
                return answer
        plan = preview(table, _sheet(table, brought), by=request.user)
        return self._page(
            request,
            "admin/bring_preview.html",
            {
                "title": _("What this file changes"),
                "table": table,
                "brought": brought,
                "plan": plan,
                "shown": plan.changes[:MOST_SHOWN],
                "more": max(0, len(plan.changes) - MOST_SHOWN),
                "line": line if plan.corrects else None,
                "urls": _urls(table),
                "form": TableForm(table=table),
            },
        )

    def _apply(
        self, request: HttpRequest, table: ImportTable, brought: BroughtFile, line: CorrectionLine
    ) -> HttpResponse | None:
        """Write what the preview showed. None where nothing was written, and it is said why."""
        reason = line.reason or _("Imported: %(name)s") % {"name": brought.name[:60]}
        try:
            with transaction.atomic():
                # Two clicks on the button: the second finds nothing left to apply.
                waits = BroughtFile.objects.select_for_update().filter(pk=brought.pk)
                if not waits.first():
                    return HttpResponseRedirect(_preview_url(brought))
                plan = bring_back(
                    table,
                    _sheet(table, brought),
                    by=request.user,
                    digest=request.POST.get("digest", ""),
                    reason=reason,
                    settle=lambda noted: line.settle(request, noted),
                )
                waits.delete()
        except RefusedError as refused:
            for message in refused.error.messages:
                messages.error(request, message)
            return None
        except ChangedMeanwhileError:
            messages.error(
                request,
                _(
                    "The record changed since this page was shown, so nothing was written. Below "
                    "is what the file changes now: look at it again."
                ),
            )
            return None
        messages.success(request, format_html('{} <a href="{}">{}</a>', *_told(table, plan)))
        return HttpResponseRedirect(reverse("admin:bring_table", args=[table.name]))

    def _table(self, request: HttpRequest, name: str) -> ImportTable:
        table = IMPORTS.get(name)
        if table is None:
            raise Http404
        if not table.may_bring(request.user):
            raise PermissionDenied
        return table

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, template, {**self.site.each_context(request), **context})


def _sheet(table: ImportTable, brought: BroughtFile) -> Any:
    return read_sheet(bytes(brought.content), table.columns(), table.name)


def _preview_url(brought: BroughtFile) -> str:
    return reverse("admin:bring_preview", args=[brought.table, brought.pk])


def _urls(table: ImportTable) -> dict[str, str]:
    """Return where a table is taken away, brought back, and listed for staff."""
    return {
        "bring": reverse("admin:bring_table", args=[table.name]),
        "list": _list_url(table),
        **addresses(table.name, ("csv", "xlsx")),
    }


def _list_url(table: ImportTable) -> str:
    app, _dot, model = next(
        name for name, tables in BELONG.items() if table.name in tables
    ).partition(".")
    return reverse(f"admin:{app}_{model}_changelist")


def _told(table: ImportTable, plan: Plan) -> tuple[str, str, str]:
    """Return the sentence about what was written, and the list where it is seen."""
    changed, new = len(plan.changed), len(plan.new)
    parts = []
    if changed:
        parts.append(
            ngettext("%(count)d entry was changed.", "%(count)d entries were changed.", changed)
            % {"count": changed}
        )
    if new:
        parts.append(
            ngettext("%(count)d entry was added.", "%(count)d entries were added.", new)
            % {"count": new}
        )
    return (
        " ".join(parts) or _("There was nothing to change."),
        _list_url(table),
        _("See the list"),
    )


def bring_url(label: str, user: Any) -> str:
    """Return where the table of a model ("demands.demand") is brought back; '' for nobody else."""
    names = BELONG.get(label, ())
    if not names or not IMPORTS[names[0]].may_bring(user):
        return ""
    return reverse("admin:bring_table", args=[names[0]])
