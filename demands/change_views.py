"""The pages of what changed: /changes/, and the corrections of what was published."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.conditional import public_page
from kptracker.lib.filtering import Option
from kptracker.lib.listing import (
    KEPT,
    PAGE_SIZE,
    BadParameterError,
    Listing,
    Order,
    Table,
    asked,
)
from kptracker.lib.table_views import refusal

from .changes import FACTS, REPLACED, Change, ChangeFilters, Changes, first_recorded
from .models import Assessment, Theme


def _table(name: str, title: Any) -> Table:
    """Return the table of a page: its filters and address; ``Changes`` finds its rows."""
    return Table(
        name=name,
        title=title,
        url_name=name,
        filters=ChangeFilters,
        rows=Assessment.objects.public,
        drawn=lambda rows: rows,
        orders=[Order("recorded", gettext_lazy("last recorded first"), ("-recorded_at", "-id"))],
        template="",
        row_template="",
        export=None,
    )


CHANGES = _table("changes", gettext_lazy("Changes"))
CORRECTIONS = _table("about_corrections", gettext_lazy("Corrections"))


class ChangeListing(Listing):
    """What a visitor asked of the changes: filters and page, all checked."""

    #: Only these kinds, whatever is asked.
    kinds: ClassVar[Sequence[str]] = ()

    @cached_property
    def changes(self) -> Changes:
        """The changes that fit; how many of each kind is kept like the counts of any list."""
        found = Changes(self.filters, self.kinds)
        key = f"{self._kept_choice}:changes"
        counts: Any = cache.get_or_set(key, lambda: Changes(self.filters).counts, KEPT)
        found.counts = counts
        return found

    @property
    def total(self) -> int:
        """How many entries fit."""
        return self.changes.total

    @cached_property
    def entries(self) -> list[Change]:
        """The entries of this page. Raises Http404 for a page behind the last."""
        if self.page > self.pages:
            raise Http404(_("There are only %d pages.") % self.pages)
        start = (self.page - 1) * PAGE_SIZE
        return self.changes.page(start, start + PAGE_SIZE)

    @cached_property
    def kind_options(self) -> list[Option]:
        """The kinds to choose from, each with its count."""
        chosen = self.filters.chosen("kind")
        labels = self.filters.filters["kind"].labels(list(self.changes.counts), {})
        return [
            Option(kind, label, rows, kind in chosen)
            for (kind, rows), label in zip(self.changes.counts.items(), labels, strict=True)
        ]

    def _options(self, name: str, choices: Sequence[tuple[str, str]]) -> dict[str, Any]:
        chosen = self.filters.chosen(name)
        options = [Option(value, label, 0, value in chosen) for value, label in choices]
        return {"name": name, "label": self.filters.filters[name].label, "options": options}

    @cached_property
    def picks(self) -> list[dict[str, Any]]:
        """The filters of which one value is picked."""
        status: Any = self.filters.filters["status"]
        first = first_recorded()
        last = timezone.localdate().year
        years = [str(year) for year in range(last, first.year - 1, -1)] if first else []
        themes = [(theme.slug, str(theme)) for theme in Theme.objects.public()]
        return [
            self._options("theme", themes),
            self._options(
                "status", list(zip(status.codes, status.labels(status.codes, {}), strict=True))
            ),
            self._options("year", [(year, year) for year in years]),
        ]

    @property
    def chosen_demands(self) -> list[str]:
        """The demands to which the list is held; they are chosen on their pages."""
        return self.filters.chosen("demand")

    @property
    def days(self) -> list[dict[str, Any]]:
        """The filters by day."""
        names = ("since", "until")
        return [
            {
                "name": name,
                "label": self.filters.filters[name].label,
                "value": "".join(self.filters.chosen(name)),
            }
            for name in names
        ]


class CorrectionListing(ChangeListing):
    """The corrections: of judgements and of facts, every one by itself."""

    kinds = (REPLACED, FACTS)


@public_page
def changes(request: HttpRequest) -> HttpResponse:
    """Show what changed, newest first."""
    return _show(request, CHANGES, ChangeListing, "kptracker/changes.html")


@public_page
def corrections(request: HttpRequest) -> HttpResponse:
    """Show what was corrected, whom to tell of a mistake, and what then happens."""
    return _show(
        request,
        CORRECTIONS,
        CorrectionListing,
        "kptracker/about/corrections.html",
        {
            "email": settings.CORRECTIONS_EMAIL,
            "answered_by": settings.CORRECTIONS_ANSWERED_BY,
            "days": settings.CORRECTIONS_DAYS,
        },
    )


def _show(
    request: HttpRequest,
    table: Table,
    kind: type[ChangeListing],
    template: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    try:
        listing = asked(table, request, kind)
        if listing.columns:
            raise BadParameterError({"columns": [_("Columns are chosen for files only.")]})
        if kind.kinds and listing.filters.chosen("kind"):
            raise BadParameterError({"kind": [_("This page shows corrections only.")]})
    except BadParameterError as error:
        return refusal(request, error)
    return render(request, template, {"listing": listing, "table": table, **(more or {})})
