"""One year: its meetings and statements, what was asked, criticised, first found and judged."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import ExtractYear

from kptracker.lib.pages import latest
from statements.gathered import years_with_text
from statements.models import Meeting, Statement
from statements.querysets import TEXT_AT_HAND
from statements.tables import MEETINGS
from statements.views import name_voices

from .codes import DemandKind
from .models import Assessment, Demand, Occasion

#: How many of each a page of a year shows; the lists have them all.
MOST = 12
MOST_STATEMENTS = 50


@dataclass(frozen=True)
class InYear:
    """A demand and on how many occasions of a year it was asked and criticised."""

    demand: Demand
    asked: int
    criticised: int


@dataclass
class YearPage:
    """What a year's page shows; the totals are those of the lists that it leads to."""

    year: int
    meetings: list[Meeting]
    statements: list[Statement]
    statement_count: int
    asked_demands: list[Demand]
    asked: list[InYear]
    asked_count: int
    criticised: list[InYear]
    criticised_count: int
    declared: list[Demand]
    first_found: list[Demand]
    judgements: list[Assessment]
    judged: int
    before: int | None
    after: int | None
    #: Whether words of the coalition or a member are at hand, as in the strips.
    told: bool

    @property
    def silent(self) -> bool:
        """Whether no text of the year is in the record, nor anything said at its meetings."""
        return not (self.told or self.statements or self.asked or self.criticised)

    @property
    def untold(self) -> bool:
        """Whether no text of its statements was seen: only reports or mentions of them."""
        # The words of somebody else do not make a year told, but they are at hand.
        at_hand = self.told or any(row.text_seen in TEXT_AT_HAND for row in self.statements)
        return bool(self.statements) and not at_hand

    @property
    def changed_at(self) -> datetime | None:
        """When something of it was last changed or recorded."""
        return latest(
            [
                *(row.changed_at for row in (*self.meetings, *self.statements)),
                *(one.demand.changed_at for one in (*self.asked, *self.criticised)),
                *(row.changed_at for row in (*self.declared, *self.first_found)),
                *(row.recorded_at for row in self.judgements),
            ]
        )


def span() -> range:
    """Return the years of the record, from its first meeting, text or judgement to its last."""
    years: list[int] = []
    for rows, column in (
        (Meeting.objects.public(), "year"),
        (Statement.objects.public(), "date_first"),
        (Assessment.objects.public(), "date_first"),
    ):
        found = rows.aggregate(first=Min(column), last=Max(column))
        years += [
            value.year if isinstance(value, date) else value
            for value in found.values()
            if value is not None
        ]
    return range(min(years), max(years) + 1) if years else range(0)


def _days(column: str, year: int) -> Q:
    """Return the condition that a date begins in a year, as the lists' year filter has it."""
    return Q(**{f"{column}__range": (date(year, 1, 1), date(year, 12, 31))})


def year_page(year: int, years: range) -> YearPage:
    """Return what is known of a year among the ``years`` of the record."""
    asked, criticised = _raised(year)
    demands = Demand.objects.public()
    everything = demands.in_bulk([*asked, *criticised])

    def ranked(counts: Counter) -> list[InYear]:
        rows = [everything[key] for key in counts if everything[key].kind == DemandKind.DEMAND]
        rows.sort(key=lambda row: (-counts[row.pk], -row.asked_count, row.reference))
        return [InYear(row, asked[row.pk], criticised[row.pk]) for row in rows]

    most_asked, most_criticised = ranked(asked), ranked(criticised)
    declared = [everything[key] for key in asked if everything[key].kind != DemandKind.DEMAND]
    statements = Statement.objects.originals().public().filter(_days("date_first", year))
    shown = list(
        statements.select_related("meeting").order_by("sort_on", "id")[: MOST_STATEMENTS + 1]
    )
    name_voices(shown)
    meetings = MEETINGS.drawn(Meeting.objects.public().filter(year=year))
    judgements = Assessment.objects.public().filter(_days("date_first", year))
    first_found = demands.filter(_days("first_asked_first", year), kind=DemandKind.DEMAND)
    return YearPage(
        year=year,
        meetings=list(meetings.order_by("sort_on", "id")),
        statements=shown[:MOST_STATEMENTS],
        statement_count=len(shown) if len(shown) <= MOST_STATEMENTS else statements.count(),
        asked_demands=[one.demand for one in most_asked],
        asked=most_asked[:MOST],
        asked_count=len(most_asked),
        criticised=most_criticised[:MOST],
        criticised_count=len(most_criticised),
        declared=sorted(declared, key=lambda row: row.reference),
        first_found=list(first_found.order_by("first_asked_last", "first_asked_first", "id")),
        judgements=list(
            judgements.select_related("demand", "corrected_by").order_by(
                "-date_last", "-recorded_at", "-id"
            )[:MOST]
        ),
        judged=judgements.count(),
        before=year - 1 if year - 1 in years else None,
        after=year + 1 if year + 1 in years else None,
        told=year in years_with_text(),
    )


def _raised(year: int) -> tuple[Counter, Counter]:
    """Return on how many occasions of a year each demand was asked, and criticised."""
    asked: Counter = Counter()
    criticised: Counter = Counter()
    rows = Occasion.objects.public().filter(year=year).order_by().values_list("demand")
    for key, n, m in rows.annotate(
        n=Count("pk", filter=Q(asked__gt=0)), m=Count("pk", filter=Q(criticised__gt=0))
    ):
        if n:
            asked[key] = n
        if m:
            criticised[key] = m
    return asked, criticised


@dataclass
class YearRow:
    """The figures of one year, each that of the list it leads to."""

    year: int
    meetings: int = 0
    statements: int = 0
    #: Whether words of the coalition or a member are at hand, as in the strips.
    told: bool = False
    asked: int = 0
    criticised: int = 0
    first_found: int = 0
    judged: int = 0


def all_years() -> Iterable[YearRow]:
    """Return the years of the record, newest first, with their figures."""
    rows = {year: YearRow(year) for year in span()}

    def put(name: str, counts: Iterable[tuple[int, int]]) -> None:
        for year, n in counts:
            if year in rows:
                setattr(rows[year], name, n)

    is_demand = {"demand__kind": DemandKind.DEMAND}
    occasions = Occasion.objects.public().filter(**is_demand).order_by()
    different = Count("demand", distinct=True)
    put("meetings", _by_year(Meeting.objects.public(), None))
    put("statements", _by_year(Statement.objects.originals().public(), "date_first"))
    for year in years_with_text() & rows.keys():
        rows[year].told = True
    put("asked", occasions.filter(asked__gt=0).values_list("year").annotate(n=different))
    put("criticised", occasions.filter(criticised__gt=0).values_list("year").annotate(n=different))
    found = Demand.objects.public().filter(kind=DemandKind.DEMAND)
    put("first_found", _by_year(found, "first_asked_first"))
    put("judged", _by_year(Assessment.objects.public(), "date_first"))
    return [rows[year] for year in sorted(rows, reverse=True)]


def _by_year(rows: QuerySet, column: str | None) -> Iterable[tuple[int, int]]:
    """Return (year, rows): by a column of days, or by the column ``year``."""
    rows = rows.order_by()
    if column is None:
        return rows.values_list("year").annotate(n=Count("pk"))
    dated = rows.filter(**{f"{column}__isnull": False})
    return dated.values_list(ExtractYear(column)).annotate(n=Count("pk"))
