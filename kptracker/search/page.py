"""What a visitor asked of search, checked, and what is shown of the answer."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kptracker.lib.filter_kinds import KeyFilter
from kptracker.lib.filtering import Option
from kptracker.lib.listing import (
    BOXES,
    LONGEST_QUERY,
    BadParameterError,
    Chosen,
    changed_query,
    number_of_page,
    refuse_unusable,
)
from kptracker.lib.search import Asked, Found, Hit, Suggestion, did_you_mean, find, parse

from .filters import SearchFilterSet, asked_of_index, filters_of, offered

COMMON = ("q", "page")


@dataclass
class SearchPage:
    """A search: the words, the filters and the page of hits, all checked."""

    asked: Asked
    filters: SearchFilterSet
    page: int
    params: QueryDict

    @cached_property
    def found(self) -> Found:
        """What was found."""
        return find(self.asked, asked_of_index(self.filters))

    @property
    def total(self) -> int:
        """How many hits are shown on all pages."""
        return self.found.total

    @property
    def pages(self) -> int:
        """How many pages they fill."""
        return max(1, self.found.pages)

    @cached_property
    def hits(self) -> list[Hit]:
        """The hits of this page. Raises Http404 for a page behind the last."""
        if self.page > self.pages:
            raise Http404(_("There are only %d pages.") % self.pages)
        return self.found.page(self.page)

    @cached_property
    def suggestion(self) -> Suggestion | None:
        """What the reader may have meant where nothing is found."""
        return did_you_mean(self.found)

    @property
    def suggested(self) -> str:
        """The address of the search that the reader may have meant."""
        return f"{self.whole}?{urlencode({'q': self.suggestion.text})}" if self.suggestion else ""

    # --- addresses -----------------------------------------------------------------------

    @property
    def whole(self) -> str:
        """The address of search without anything asked."""
        return reverse("search")

    def query(self, **changes: Any) -> str:
        """Return the address with some parameters set anew; None or [] removes one."""
        return f"{self.whole}?{changed_query(self.params, changes)}"

    @property
    def unfiltered(self) -> str:
        """The address of the same words without filters."""
        return f"{self.whole}?{urlencode({'q': self.asked.typed})}"

    @property
    def previous_page(self) -> str:
        """The address of the page before, '' on the first."""
        if self.page <= 1:
            return ""
        return self.query(page=self.page - 1 if self.page > 2 else None)

    @property
    def next_page(self) -> str:
        """The address of the page behind, '' on the last."""
        return self.query(page=self.page + 1) if self.page < self.pages else ""

    @property
    def last_page(self) -> str:
        """The address of the last page."""
        return self.query(page=self.pages)

    # --- the filters -----------------------------------------------------------------------

    @cached_property
    def offered(self) -> dict[str, list[Option]]:
        """The choices of each filter, with the number of hits that each would give."""
        return offered(self.filters, self.found.counts)

    @cached_property
    def chosen(self) -> list[Chosen]:
        """The choices that are on, each with the address without it."""
        found = []
        for name, one in self.filters.filters.items():
            values = self.filters.chosen(name)
            labels = one.labels(values, self.filters.known_labels.get(name, {}))
            for value, label in zip(values, labels, strict=True):
                words = _("%(filter)s: %(choice)s") % {"filter": one.label, "choice": label}
                rest = [other for other in values if other != value]
                found.append(Chosen(words, self.query(**{name: rest})))
        return found

    @property
    def facets(self) -> list[dict[str, Any]]:
        """The filters to draw, each with its choices and their counts."""
        drawn = []
        for name, one in self.filters.filters.items():
            options = self.offered[name]
            few = isinstance(one, KeyFilter) and len(options) <= BOXES
            drawn.append(
                {
                    "name": name,
                    "label": one.label,
                    "shape": "checks" if few else one.shape,
                    "options": options,
                    "chosen": [option for option in options if option.chosen],
                }
            )
        return drawn

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The filters as (name, value): they stay when other words are typed."""
        return [
            (name, value) for name in self.filters.filters for value in self.filters.chosen(name)
        ]


def asked_of_search(request: HttpRequest) -> SearchPage:
    """Return what a request asks of search.

    Raises BadParameterError, with a sentence per parameter, for anything that cannot be used.
    Words never are: whatever is typed is looked for as far as it holds words.
    """
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
        raise BadParameterError({"": [_("The address is too long.")]}, status=414)
    params = request.GET
    refuse_unusable(params, SearchFilterSet.base_filters, COMMON)
    filters = filters_of(params)
    if problems := filters.problems():
        raise BadParameterError(problems)
    return SearchPage(
        asked=parse(params.get("q", "")),
        filters=filters,
        page=number_of_page(params.get("page") or "1"),
        params=params,
    )
