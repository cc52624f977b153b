"""The matrix: which demand was put to which meeting.

Rows are demands by theme, columns are meetings by year; what was raised on any other occasion
stands together under "elsewhere". Figures come from the rollup ``Occasion``, statuses from
``standing_on``; the page and its file are made from the same ``Matrix``.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _

from kptracker.lib import vocabularies
from kptracker.lib.folding import fold
from kptracker.lib.listing import LONGEST_QUERY, BadParameterError, number_of_page, refuse_unusable
from statements.gathered import with_text
from statements.models import Meeting

from .at_meetings import NO_MEETING
from .clocks import Clock
from .derived import mentioned, occasions_of
from .matrix_filters import BY_STATUS, MatrixFilters
from .models import Demand, Occasion, Theme
from .standing_on import History, histories
from .then import said, was_public

# What a row costs: the bytes that it adds on the wire after compression, as measured, and for
# each cell as much again and more for a slow phone that has to draw it (docs/adr/0008-matrix.md).
# A page takes whole themes up to the limit: 94 demands at 104 meetings, or some 90 of 500.
PAGE_LIMIT = 36_000
ROW_COST = 60
FIGURE_COST = 10
CELL_COST = 2.5
STATUS_CELL_COST = 5


@dataclass(slots=True)
class Figures:
    """How often a demand was raised on an occasion, or on several together."""

    asked: int = 0
    criticised: int = 0
    welcomed: int = 0
    asked_by_coalition: bool = False
    criticised_by_coalition: bool = False

    def add(self, one: Occasion) -> None:
        """Count an occasion in."""
        self.asked += one.asked
        self.criticised += one.criticised
        self.welcomed += one.welcomed
        self.asked_by_coalition |= one.asked_by_coalition
        self.criticised_by_coalition |= one.criticised_by_coalition

    @property
    def kind(self) -> str:
        """The kind of mention that a cell shows: asked before criticised before welcomed."""
        return "demanded" if self.asked else "criticised" if self.criticised else "welcomed"

    @property
    def number(self) -> int:
        """How many mentions of that kind there are."""
        return self.asked or self.criticised or self.welcomed

    @property
    def members_alone(self) -> bool:
        """Whether no statement in the coalition's name is among them."""
        if self.asked:
            return not self.asked_by_coalition
        return bool(self.criticised) and not self.criticised_by_coalition


@dataclass(slots=True)
class Row:
    """A demand: its figures by meeting, and its occasions elsewhere, oldest first."""

    demand: Demand
    at: dict[int, Figures] = field(default_factory=dict)
    elsewhere: list[Occasion] = field(default_factory=list)

    @property
    def elsewhere_figures(self) -> Figures:
        """All occasions elsewhere together."""
        figures = Figures()
        for one in self.elsewhere:
            figures.add(one)
        return figures


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one theme; ``part`` of ``parts`` where a theme is longer than a page."""

    theme: Theme
    number: int
    rows: list[Row]
    part: int = 1
    parts: int = 1


@dataclass
class Matrix:
    """What a visitor asked of the matrix, all checked, and what the record says to it."""

    filters: MatrixFilters
    params: QueryDict
    page: int = 1

    @property
    def clock(self) -> Clock:
        """Of which day it tells."""
        return self.filters.clock

    @property
    def today(self) -> date:
        """The day by which meetings are to come."""
        return self.clock.day

    # --- what was asked ---------------------------------------------------------------------

    @property
    def by_status(self) -> bool:
        """Whether cells are coloured by the status after the meeting."""
        return self.filters.chosen("colour") == [BY_STATUS]

    @property
    def kinds(self) -> list[str]:
        """The kinds of meetings that are columns."""
        return self.filters.chosen("meeting_kind")

    @property
    def other_kinds(self) -> list[str]:
        """The kinds of meetings that are elsewhere, and "none": outside meetings."""
        kinds = vocabularies.codes("meeting_kind")
        return [*(code for code in kinds if code not in self.kinds), NO_MEETING]

    def year(self, name: str) -> int | None:
        """Return the first ("year_from") or last year asked for, None where none was."""
        return next((int(value) for value in self.filters.chosen(name)), None)

    def _within(self, year: int) -> bool:
        first, last = self.year("year_from"), self.year("year_to")
        return (first is None or year >= first) and (last is None or year <= last)

    # --- columns ----------------------------------------------------------------------------

    @cached_property
    def _all_meetings(self) -> list[Meeting]:
        """Return every public meeting in order of time, each with ``has_text``."""
        rows = Meeting.objects.public().annotate(has_text=with_text()).order_by("id")
        if self.clock.recorded_before is not None:
            rows = rows.filter(was_public(Meeting, "pk", self.clock))
        found = list(rows.defer("note", "note_fr", "text_key"))
        if self.clock.on:
            found = [one for one in found if not self.to_come(one)]
        return sorted(
            found,
            key=lambda one: (one.year, one.sort_on, one.start.first if one.start else one.sort_on),
        )

    @cached_property
    def meetings(self) -> list[Meeting]:
        """The columns: meetings of the chosen kinds and years."""
        return [
            one for one in self._all_meetings if one.kind in self.kinds and self._within(one.year)
        ]

    @property
    def meetings_elsewhere(self) -> dict[int | None, Meeting]:
        """The meetings that are no columns, by key."""
        columns = {one.pk for one in self.meetings}
        return {one.pk: one for one in self._all_meetings if one.pk not in columns}

    @cached_property
    def by_year(self) -> list[tuple[int, list[Meeting]]]:
        """The columns by year."""
        years = groupby(self.meetings, key=lambda one: one.year)
        return [(year, list(meetings)) for year, meetings in years]

    @cached_property
    def years(self) -> list[int]:
        """All years in which there is a public meeting, to choose from."""
        return sorted({one.year for one in self._all_meetings})

    @cached_property
    def kinds_there_are(self) -> list[str]:
        """The kinds of public meetings, in the order of the vocabulary, to choose from."""
        present = {one.kind for one in self._all_meetings}
        return [code for code in vocabularies.codes("meeting_kind") if code in present]

    # --- rows -------------------------------------------------------------------------------

    @property
    def _demands(self) -> QuerySet:
        return self.filters.qs

    @cached_property
    def rows(self) -> list[Row]:
        """Return every demand that fits: theme by theme, the most often asked first.

        Themes come in the order of how often their demands were asked, as far as they fit.
        """
        demands = self._demands.select_related("theme", "parent").defer(
            "description", "description_fr", "success_test", "success_test_fr", "text_key"
        )
        asked: dict[int, int] = defaultdict(int)
        rows = {}
        for demand in demands:
            asked[demand.theme_id] += demand.asked_count
            rows[demand.pk] = Row(demand)
        self._fill(rows)
        return sorted(
            rows.values(),
            key=lambda row: (
                -asked[row.demand.theme_id],
                fold(row.demand.theme.name),
                row.demand.theme_id,
                -row.demand.asked_count,
                row.demand.reference,
            ),
        )

    @cached_property
    def _occasions(self) -> list[Occasion]:
        """The occasions of the demands that fit, as far as they had been by the clock."""
        keys = self._demands.order_by().values("pk")
        if not self.clock:
            rows = Occasion.objects.public().filter(demand__in=keys)
            return list(rows.order_by("last_day", "first_day", "id"))
        mentions = mentioned(said(self.clock).filter(demand__in=keys))
        found = [one for rows in mentions.values() for one in occasions_of(rows).values()]
        return sorted(found, key=lambda one: (one.last_day, one.first_day, one.demand_id))

    def _fill(self, rows: Mapping[int, Row]) -> None:
        """Put the occasions of the chosen years on the rows."""
        columns = {one.pk for one in self.meetings}
        for one in self._occasions:
            row = rows.get(one.demand_id)
            if row is None or not self._within(one.year):
                continue
            if one.meeting_id in columns:
                row.at.setdefault(one.meeting_id, Figures()).add(one)
            else:
                row.elsewhere.append(one)

    @cached_property
    def themes(self) -> list[Theme]:
        """The themes of the rows, in their order."""
        return list({row.demand.theme_id: row.demand.theme for row in self.rows}.values())

    # --- pages ------------------------------------------------------------------------------

    def _cost(self, row: Row) -> float:
        """Return about how much a row adds to its page."""
        cell = STATUS_CELL_COST if self.by_status else CELL_COST
        return ROW_COST + cell * len(self.meetings) + FIGURE_COST * (len(row.at) + 1)

    @cached_property
    def pages(self) -> list[list[Group]]:
        """The rows in pages: whole themes as far as they go; a longer theme is split."""
        pages: list[list[Group]] = [[]]
        used = 0.0
        themes = groupby(self.rows, key=lambda row: row.demand.theme_id)
        for number, (_theme, found) in enumerate(themes, start=1):
            parts = list(self._split(list(found)))
            for part, rows in enumerate(parts, start=1):
                cost = sum(map(self._cost, rows))
                if pages[-1] and used + cost > PAGE_LIMIT:
                    pages.append([])
                    used = 0.0
                pages[-1].append(Group(rows[0].demand.theme, number, rows, part, len(parts)))
                used += cost
        return pages

    def _split(self, rows: Sequence[Row]) -> Iterator[list[Row]]:
        """Yield the rows of a theme in pieces that each fit on a page."""
        piece: list[Row] = []
        used = 0.0
        for row in rows:
            cost = self._cost(row)
            if piece and used + cost > PAGE_LIMIT:
                yield piece
                piece, used = [], 0.0
            piece.append(row)
            used += cost
        yield piece

    @cached_property
    def groups(self) -> list[Group]:
        """The rows of this page by theme. Raises Http404 for a page behind the last."""
        if self.page > len(self.pages):
            raise Http404(_("There are only %d pages.") % len(self.pages))
        return self.pages[self.page - 1]

    @cached_property
    def stood(self) -> dict[int, History]:
        """How the demands of this page stood over time; nothing where no status is shown."""
        if not self.by_status:
            return {}
        return self.histories(self.groups)

    def histories(self, groups: Sequence[Group]) -> dict[int, History]:
        """Return how the demands of some groups stood over time."""
        demands = [row.demand for group in groups for row in group.rows]
        return histories(demands, self.clock, self._occasions)

    def to_come(self, meeting: Meeting) -> bool:
        """Tell whether a meeting is still to come, or under way."""
        return meeting.sort_on > self.today


def asked_matrix(request: HttpRequest, *common: str) -> Matrix:
    """Return what a request asks of the matrix; ``common`` are parameters beside the filters.

    Raises BadParameterError, with a sentence per parameter, for anything that cannot be used.
    """
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
        raise BadParameterError({"": [_("The address is too long.")]}, status=414)
    params = request.GET
    refuse_unusable(params, MatrixFilters.base_filters, common)
    filters = MatrixFilters(data=params, queryset=Demand.objects.public())
    if problems := filters.problems():
        raise BadParameterError(problems)
    return Matrix(filters, params, number_of_page(params.get("page") or "1"))
