"""By what a search is narrowed: the parameters of its address, checked like those of lists."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kptracker.lib.bilingual import active_language
from kptracker.lib.filter_kinds import CodeFilter, FlagFilter, KeyFilter, YearFilter
from kptracker.lib.filtering import ListFilterSet, Option
from kptracker.lib.models import SearchEntry
from kptracker.lib.search import KINDS, SearchFilters
from statements.models import Meeting, Person

#: What each kind of hit is called, several of them.
KIND_LABELS = {
    "demand": _("Demands"),
    "statement": _("Statements"),
    "mention": _("Mentions"),
    "meeting": _("Meetings"),
    "person": _("People"),
    "organisation": _("Organisations"),
}


class KindFilter(FlagFilter):
    """Hits of one of the chosen kinds."""

    def options(
        self, counted: Iterable[tuple[str, str, int]], chosen: Sequence[str], found: dict[str, str]
    ) -> list[Option]:
        """Offer the kinds of which something was found."""
        offered = super().options(counted, chosen, found)
        return [one for one in offered if one.rows or one.chosen]


class SearchFilterSet(ListFilterSet):
    """The filters of search. Their rows are found and counted by the index of search."""

    nouns = (_("hit"), _("hits"))

    kind = KindFilter(
        label=_("What was found"), flags={kind: (KIND_LABELS[kind], Q) for kind in KINDS}
    )
    status = CodeFilter(field_name="status", vocabulary="status", label=_("Status of the demand"))
    language = CodeFilter(
        field_name="language", vocabulary="language", label=_("Language of the statement")
    )
    year = YearFilter(column="year", label=_("Year"))
    meeting = KeyFilter(path="meeting", model=Meeting, name_column="title", label=_("Meeting"))
    speaker = KeyFilter(
        path="speakers",
        model=Person,
        name_column="full_name",
        bilingual=False,
        label=_("Speaker"),
    )


def filters_of(params: Any) -> SearchFilterSet:
    """Return the filters with the parameters of a request."""
    return SearchFilterSet(data=params, queryset=SearchEntry.objects.none())


def asked_of_index(filters: SearchFilterSet) -> SearchFilters:
    """Return what the index is asked for: keys of rows instead of their slugs.

    The filters were checked: each slug is that of a public row.
    """
    return SearchFilters(
        kind=tuple(filters.chosen("kind")),
        year=tuple(int(year) for year in filters.chosen("year")),
        language=tuple(filters.chosen("language")),
        status=tuple(filters.chosen("status")),
        meeting=_keys(filters, "meeting"),
        speaker=_keys(filters, "speaker"),
    )


def _keys(filters: SearchFilterSet, name: str) -> tuple[int, ...]:
    slugs = filters.chosen(name)
    if not slugs:
        return ()
    things = filters.filters[name].things(active_language())
    return tuple(sorted(things.filter(slug__in=slugs).values_list("pk", flat=True)))


def offered(
    filters: SearchFilterSet, counts: dict[str, list[tuple[Any, int]]]
) -> dict[str, list[Option]]:
    """Return the choices of each filter with their numbers of hits, labelled."""
    found = {}
    for name, one in filters.filters.items():
        counted = counts.get(name, [])
        things = one.things(active_language()) if isinstance(one, KeyFilter) else None
        if things is None:
            rows = [(str(value), "", number) for value, number in counted]
        else:
            numbers = dict(counted)
            rows = [
                (slug, wording, numbers[key])
                for key, slug, wording in things.filter(pk__in=list(numbers))
            ]
        known = filters.known_labels.get(name, {})
        found[name] = one.options(rows, filters.chosen(name), known)
    return found
