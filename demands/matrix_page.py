"""The page of the matrix and its file."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kptracker.lib import vocabularies
from kptracker.lib.bilingual import active_language, worded
from kptracker.lib.columns import UnknownColumnError
from kptracker.lib.conditional import public_page
from kptracker.lib.csv_export import computed_csv_response
from kptracker.lib.filtering import Option
from kptracker.lib.folding import fold
from kptracker.lib.listing import FOREIGN, BadParameterError, Chosen, join_or
from kptracker.lib.table_views import refusal

from .exports.matrix import matrix_rows, matrix_then
from .matrix import Group, Matrix, asked_matrix
from .matrix_filters import BY_STATUS
from .models import Theme


@dataclass
class MatrixPage:
    """What stands around the table: what may be chosen, the pages, the address of the file."""

    matrix: Matrix

    # --- addresses --------------------------------------------------------------------------

    def _query(self, **changes: Any) -> str:
        """Return the parameters with some set anew; an empty list removes one."""
        params = {
            name: [value for value in values if value]
            for name, values in self.matrix.params.lists()
            if name != "page" and not FOREIGN.fullmatch(name)
        }
        params |= changes
        pairs = [(name, value) for name, values in params.items() for value in values]
        return f"?{urlencode(pairs)}" if pairs else ""

    def _address(self, **changes: Any) -> str:
        return self._query(**changes) or reverse("demands:matrix")

    @property
    def csv_url(self) -> str:
        """The address of the file: all pages, the same filters. Its colours are columns."""
        return reverse("demands:matrix_csv") + self._query(colour=[])

    def _pairs(self, *, moments: bool) -> list[tuple[str, str]]:
        return [
            (name, value)
            for name, values in self.matrix.params.lists()
            for value in values
            if name != "page"
            and not FOREIGN.fullmatch(name)
            and (name in self.matrix.filters.moments) is moments
        ]

    @property
    def kept_beside_day(self) -> list[tuple[str, str]]:
        """The parameters that the form for another day keeps."""
        return self._pairs(moments=False)

    @property
    def day_chosen(self) -> list[tuple[str, str]]:
        """The day that the form for everything else keeps."""
        return self._pairs(moments=True)

    @property
    def as_of_now(self) -> str:
        """The address of the same matrix as it is today."""
        return self._address(**{name: [] for name in self.matrix.filters.moments})

    @property
    def unfiltered(self) -> str:
        """The address of the matrix as it opens."""
        return reverse("demands:matrix")

    # --- pages ------------------------------------------------------------------------------

    def _name(self, groups: list[Group]) -> str:
        """Return what a page is called: "Themes 1 to 6 of 18"."""
        first, last, total = groups[0], groups[-1], len(self.matrix.themes)
        if first.number != last.number:
            return _("Themes %(first)d to %(last)d of %(total)d") % {
                "first": first.number,
                "last": last.number,
                "total": total,
            }
        if first.parts > 1:
            return _("Theme %(number)d of %(total)d, part %(part)d of %(parts)d") % {
                "number": first.number,
                "total": total,
                "part": first.part,
                "parts": first.parts,
            }
        return _("Theme %(number)d of %(total)d") % {"number": first.number, "total": total}

    @cached_property
    def pages(self) -> list[dict[str, Any]]:
        """The pages with their names and addresses; none where all fits on one."""
        pages = self.matrix.pages
        if len(pages) < 2:
            return []
        return [
            {
                "name": self._name(groups),
                "url": self._address(page=[str(number)]) if number > 1 else self._address(),
                "current": number == self.matrix.page,
            }
            for number, groups in enumerate(pages, start=1)
        ]

    @property
    def current(self) -> dict[str, Any] | None:
        """This page."""
        return self.pages[self.matrix.page - 1] if self.pages else None

    @property
    def before(self) -> dict[str, Any] | None:
        """The page before, None on the first."""
        return self.pages[self.matrix.page - 2] if self.pages and self.matrix.page > 1 else None

    @property
    def after(self) -> dict[str, Any] | None:
        """The page behind, None on the last."""
        return self.pages[self.matrix.page] if self.matrix.page < len(self.pages) else None

    # --- choices ----------------------------------------------------------------------------

    @cached_property
    def themes(self) -> list[Option]:
        """Every theme, by name."""
        chosen = self.matrix.filters.chosen("theme")
        options = [
            Option(theme.slug, str(worded(theme, "name")), 0, theme.slug in chosen)
            for theme in Theme.objects.public()
        ]
        return sorted(options, key=lambda one: fold(one.label))

    @property
    def kinds(self) -> list[Option]:
        """The kinds of meetings there are, those that are columns marked."""
        there = self.matrix.kinds_there_are
        codes = [*there, *(code for code in self.matrix.kinds if code not in there)]
        return [
            Option(code, vocabularies.label("meeting_kind", code), 0, code in self.matrix.kinds)
            for code in codes
        ]

    @property
    def every_kind(self) -> str:
        """The address with all kinds of meetings as columns."""
        return self._address(meeting_kind=[one.value for one in self.kinds])

    @property
    def all_kinds_shown(self) -> bool:
        """Whether every kind of meeting there is stands as columns."""
        return all(one.chosen for one in self.kinds)

    def _coded(self, name: str) -> list[Option]:
        one, chosen = self.matrix.filters.filters[name], self.matrix.filters.chosen(name)
        labels = one.labels(one.codes, {})
        return [
            Option(code, label, 0, code in chosen)
            for code, label in zip(one.codes, labels, strict=True)
        ]

    @property
    def statuses(self) -> list[Option]:
        """The statuses that demands may have now."""
        return self._coded("status")

    @property
    def demand_kinds(self) -> list[Option]:
        """Demands, positions, commitments."""
        return self._coded("kind")

    @property
    def parts(self) -> list[Option]:
        """Whole demands, or parts of others."""
        chosen = self.matrix.filters.chosen("part")
        flags = self.matrix.filters.filters["part"].flags
        return [Option(code, str(flags[code][0]), 0, chosen == [code]) for code in flags]

    @property
    def first_years(self) -> list[Option]:
        """The years from which the columns may begin."""
        return self._years("year_from")

    @property
    def last_years(self) -> list[Option]:
        """The years with which they may end."""
        return self._years("year_to")

    def _years(self, name: str) -> list[Option]:
        chosen = self.matrix.year(name)
        years = sorted({*self.matrix.years, *([chosen] if chosen else [])})
        return [Option(str(year), str(year), 0, year == chosen) for year in years]

    def _labels(self, name: str) -> list[str]:
        filters = self.matrix.filters
        found = filters.known_labels.get(name, {})
        labels: list[str] = filters.filters[name].labels(filters.chosen(name), found)
        return labels

    @property
    def themes_words(self) -> str:
        """Which themes are shown, in words."""
        return join_or(self._labels("theme")) or _("all")

    @property
    def kinds_words(self) -> str:
        """Which kinds of meetings are shown, in words."""
        return _("all") if self.all_kinds_shown else join_or(self._labels("meeting_kind"))

    @cached_property
    def chosen(self) -> list[Chosen]:
        """The choices that leave rows or columns out, each with the address without it."""
        found = []
        filters = self.matrix.filters
        for name, one in filters.filters.items():
            values = filters.chosen(name)
            if name == "colour" or not values or values == filters.defaults.get(name):
                continue
            for value, label in zip(values, self._labels(name), strict=True):
                words = _("%(filter)s: %(choice)s") % {"filter": one.label, "choice": label}
                rest = [other for other in values if other != value]
                found.append(Chosen(words, self._address(**{name: rest})))
        return found

    @property
    def more_chosen(self) -> bool:
        """Whether one of the choices that are folded away is on."""
        filters = self.matrix.filters
        return any(
            filters.chosen(name) and filters.chosen(name) != filters.defaults.get(name)
            for name in ("status", "kind")
        )

    @property
    def jumps(self) -> list[int]:
        """Years to go to in a wide table: every fifth column of years, and the last."""
        years = [year for year, _meetings in self.matrix.by_year]
        return [*years[:-1:5], years[-1]] if len(years) > 5 else []

    @cached_property
    def empty_columns(self) -> bool:
        """Whether one of the columns has no text in the record."""
        return any(not one.has_text for one in self.matrix.meetings)  # type: ignore[attr-defined]

    @cached_property
    def shown(self) -> set[str]:
        """What the cells of this page show, for the key: kinds, "members", "parts"."""
        found: set[str] = set()
        for group in self.matrix.groups:
            for row in group.rows:
                figures = [*row.at.values(), row.elsewhere_figures]
                found.update(one.kind for one in figures if one.number)
                if any(one.members_alone for one in figures):
                    found.add("members")
                if row.demand.parent is not None and row.demand.parent.is_published:
                    found.add("parts")
        return found


@public_page
def matrix(request: HttpRequest) -> HttpResponse:
    """Show demands by meetings."""
    try:
        asked = asked_matrix(request, "page")
    except BadParameterError as error:
        return refusal(request, error)
    return render(
        request,
        "demands/matrix.html",
        {
            "matrix": asked,
            "page": MatrixPage(asked),
            "groups": asked.groups,
            "by_status": asked.by_status,
            "BY_STATUS": BY_STATUS,
        },
    )


@public_page
def matrix_csv(request: HttpRequest) -> HttpResponseBase:
    """Give the same as a file: a row for each demand and meeting, all pages together."""
    try:
        if "colour" in request.GET:
            raise BadParameterError({"colour": [_("A file has no colours: it has both figures.")]})
        if "page" in request.GET:
            raise BadParameterError({"page": [_("A file holds all rows: it has no pages.")]})
        asked = asked_matrix(request, "columns")
        columns = [name for name in request.GET.get("columns", "").split(",") if name]
        if "columns" in request.GET and not columns:
            raise BadParameterError({"columns": [_("Name one column at least.")]})
        return computed_csv_response(
            matrix_then(asked),
            matrix_rows(asked),
            language=active_language(),
            columns=columns or None,
        )
    except UnknownColumnError as error:
        return refusal(request, BadParameterError({"columns": [str(error)]}), plain=True)
    except BadParameterError as error:
        return refusal(request, error, plain=True)
