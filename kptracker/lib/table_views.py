"""The views of a public table: its page and its files, for every table the same."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from .bilingual import active_language
from .columns import TableExport, UnknownColumnError
from .conditional import View, public_page
from .filtering import shown
from .listing import FOREIGN, BadParameterError, Table, asked, refuse_unusable
from .table_files import FORMS, NAMES, Wanted, file_response


def refusal(request: HttpRequest, error: BadParameterError, *, plain: bool = False) -> HttpResponse:
    """Answer a request whose parameters cannot be used: 400 or 414, saying what and why."""
    if plain:
        lines = [
            f"{name}: {' '.join(why)}" if name else " ".join(why)
            for name, why in error.problems.items()
        ]
        return HttpResponse(
            "\n".join([_("These parameters cannot be used."), *lines, ""]),
            status=error.status,
            content_type="text/plain; charset=utf-8",
        )
    return render(request, "400.html", {"problems": error.problems.items()}, status=error.status)


def takes_nothing(view: View) -> View:
    """Refuse parameters of an address that takes none: 400, naming them.

    What a reader adds in the belief that it filters must not be passed over in silence.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            refuse_unusable(request.GET, {}, ())
        except BadParameterError as error:
            return refusal(request, error, plain=not request.path.endswith("/"))
        return view(request, *args, **kwargs)

    return answer


def list_view(table: Table) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the view of a table's page."""

    @public_page
    def view(request: HttpRequest) -> HttpResponseBase:
        try:
            listing = asked(table, request)
            if listing.columns:
                raise BadParameterError({"columns": [_("Columns are chosen for files only.")]})
        except BadParameterError as error:
            return refusal(request, error)
        return render(
            request,
            table.template,
            {
                "listing": listing,
                "table": table,
                "rows": listing.drawn_rows,
                "files": [
                    (NAMES[form], f"{reverse(f'{table.url_name}_{form}')}{listing.file_query}")
                    for form in FORMS
                ],
            },
        )

    return view


def file_view(table: Table, form: str) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the view of a table as a file: the rows of the page with the same parameters."""

    @public_page
    def view(request: HttpRequest) -> HttpResponseBase:
        try:
            listing = asked(table, request)
            if "columns" in request.GET and not listing.columns:
                raise BadParameterError({"columns": [_("Name one column at least.")]})
            if "page" in request.GET:
                raise BadParameterError({"page": [_("A file holds all rows: it has no pages.")]})
            return file_response(
                form,
                Wanted(
                    listing.export,
                    listing.rows,
                    language=listing.language,
                    columns=listing.columns or None,
                    shows=listing.in_words,
                    address=listing.address,
                ),
            )
        except UnknownColumnError as error:
            return refusal(request, BadParameterError({"columns": [str(error)]}), plain=True)
        except BadParameterError as error:
            return refusal(request, error, plain=True)

    return view


def whole_file_view(export: TableExport, form: str) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the view of a table that leaves whole: link tables such as speakers and roles."""

    @public_page
    def view(request: HttpRequest) -> HttpResponseBase:
        columns = [name for name in request.GET.get("columns", "").split(",") if name]
        try:
            unknown = [n for n in request.GET if n != "columns" and not FOREIGN.fullmatch(n)]
            if len(request.GET.getlist("columns")) > 1:
                raise BadParameterError({"columns": [_("It is given more than once.")]})
            if "columns" in request.GET and not columns:
                raise BadParameterError({"columns": [_("Name one column at least.")]})
            if unknown:
                raise BadParameterError(
                    {shown(unknown[0]): [_("This file has no filters, only columns=.")]}
                )
            return file_response(
                form,
                Wanted(
                    export,
                    export.queryset(),
                    language=active_language(),
                    columns=columns or None,
                    shows=_("The whole table."),
                    address=f"{settings.SITE_URL}{request.path}",
                ),
            )
        except UnknownColumnError as error:
            return refusal(request, BadParameterError({"columns": [str(error)]}), plain=True)
        except BadParameterError as error:
            return refusal(request, error, plain=True)

    return view


def list_paths(table: Table) -> list[URLPattern]:
    """Return the addresses of a table: its page, and its file in each form."""
    name = table.name
    files = [
        path(f"{name}.{form}", file_view(table, form), name=f"{name}_{form}") for form in FORMS
    ]
    return [path(f"{name}/", list_view(table), name=name), *files]


def whole_paths(export: TableExport) -> list[URLPattern]:
    """Return the addresses of a table that leaves whole: its file in each form."""
    name = export.name
    return [
        path(f"{name}.{form}", whole_file_view(export, form), name=f"{name}_{form}")
        for form in FORMS
    ]
