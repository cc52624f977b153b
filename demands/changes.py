"""What changed in the record, by the day on which it was recorded: judgements and corrections.

The keys of all entries are found by one query (a UNION in the order of time), then the rows of
the page: lists and feeds stand on the same ``Changes``. Judgements that a load wrote at one
moment are one entry; one that corrects another always stands alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models import Value as Constant
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kptracker.lib.filter_kinds import CodeFilter, DayFilter, FlagFilter, KeyFilter, YearFilter
from kptracker.lib.filtering import ListFilterSet
from kptracker.lib.models import Correction
from kptracker.lib.told import told_tables

from .codes import STATUS_ORDER, AssessmentKind
from .models import Assessment, Demand, Mention, Theme

JUDGED, REPLACED, CONFIRMED, FACTS, LOADED = "judged", "replaced", "confirmed", "facts", "loaded"
KINDS = (JUDGED, REPLACED, FACTS, CONFIRMED, LOADED)
#: More judgements than these at one moment were written by a load.
TOGETHER = 10

OF_KIND = {
    JUDGED: Q(kind=AssessmentKind.CHANGED, corrects__isnull=True),
    REPLACED: Q(corrects__isnull=False),
    CONFIRMED: Q(kind=AssessmentKind.CONFIRMED, corrects__isnull=True),
}


def load_moments() -> QuerySet:
    """Return the moments at which loads wrote judgements."""
    groups = Assessment.objects.order_by().values("recorded_at")
    return groups.annotate(n=Count("pk")).filter(n__gt=TOGETHER).values("recorded_at")


def in_a_load() -> Q:
    """Return the condition that a judgement was written together with many others."""
    return Q(recorded_at__in=load_moments(), corrects__isnull=True)


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins, in UTC."""
    return datetime.combine(day, time.min, UTC)


def recorded_between(since: date, until: date) -> Q:
    """Return the condition that something was recorded on one of these days."""
    return Q(recorded_at__gte=start_of(since), recorded_at__lt=start_of(until + timedelta(days=1)))


class RecordedInFilter(YearFilter):
    """What was recorded in one of the chosen years."""

    def condition(self, value: Any) -> Q:
        """In one of the years, in UTC."""
        wanted = Q()
        for year in map(int, value):
            wanted |= recorded_between(date(year, 1, 1), date(year, 12, 31))
        return wanted


class ChangeFilters(ListFilterSet):
    """Changes of the record. The kind is told apart by ``Changes``."""

    nouns = (_("change"), _("changes"))

    kind = FlagFilter(
        label=_("Kind of change"),
        phrase=_("(%(values)s)"),
        flags={
            JUDGED: (_("Judgements"), Q),
            REPLACED: (_("Corrections of judgements"), Q),
            FACTS: (_("Corrections of facts"), Q),
            CONFIRMED: (_("Confirmations"), Q),
            LOADED: (_("Loads of the record"), Q),
        },
    )
    theme = KeyFilter(
        path="demand__theme",
        model=Theme,
        name_column="name",
        label=_("Theme"),
        phrase=_("on %(values)s"),
    )
    status = CodeFilter(
        field_name="status",
        vocabulary="status",
        order=STATUS_ORDER,
        label=_("Status since"),
        phrase=_("to “%(values)s”"),
    )
    demand = KeyFilter(
        path="demand",
        model=Demand,
        name_column="title",
        label=_("Demand"),
        phrase=_("of the demand %(values)s"),
    )
    year = RecordedInFilter(
        column="recorded_at", label=_("Recorded in"), phrase=_("recorded in %(values)s")
    )
    since = DayFilter(
        label=_("Recorded from"),
        phrase=_("recorded from %(values)s"),
        on=lambda day: Q(recorded_at__gte=start_of(day)),
    )
    until = DayFilter(
        label=_("Recorded until"),
        phrase=_("recorded until %(values)s"),
        on=lambda day: Q(recorded_at__lt=start_of(day + timedelta(days=1))),
    )


@dataclass
class Change:
    """One entry: a judgement, a correction, or a load of many judgements."""

    kind: str
    at: datetime
    assessment: Assessment | None = None
    #: The judgement that held before it.
    before: Assessment | None = None
    correction: Correction | None = None
    #: The row that was corrected.
    row: Any = None
    #: Of a load: how many judgements of how many demands, and where they stand in full.
    judgements: int = 0
    demands: int = 0
    url: str = ""

    @property
    def day(self) -> date:
        """The day on which it was recorded, in UTC."""
        return self.at.astimezone(UTC).date()


class Changes:
    """The changes that fit a choice of filters, newest first."""

    def __init__(self, filters: ChangeFilters | None = None, kinds: Sequence[str] = ()) -> None:
        self.filters = filters or ChangeFilters(data={}, queryset=Assessment.objects.public())
        self.kinds = [*kinds] or self.filters.chosen("kind") or [*KINDS]

    # --- what fits --------------------------------------------------------------------------

    @cached_property
    def assessments(self) -> QuerySet:
        """The judgements that fit, of every kind."""
        return self.filters.narrowed(without="kind").order_by()

    @cached_property
    def corrections(self) -> QuerySet:
        """The corrections of facts that fit: a filter by status leaves none."""
        filters = self.filters
        rows = Correction.objects.public().order_by()
        if filters.chosen("status"):
            return rows.none()
        for name in ("year", "since", "until"):
            rows = filters.filters[name].filter(rows, filters.form.cleaned_data.get(name))
        demands = Demand.objects.public().order_by()
        for name, path in (("theme", "theme__slug__in"), ("demand", "slug__in")):
            if chosen := filters.chosen(name):
                wanted = demands.filter(**{path: chosen}).values("pk")
                mentions = Mention.objects.filter(demand__in=wanted).order_by().values("pk")
                rows = rows.filter(
                    Q(table=Demand._meta.label_lower, row_id__in=wanted)
                    | Q(table=Mention._meta.label_lower, row_id__in=mentions)
                )
        return rows

    @cached_property
    def _in_a_load(self) -> Q:
        """The condition that a judgement was written by a load: the moments asked for once."""
        moments = list(load_moments().values_list("recorded_at", flat=True))
        return Q(recorded_at__in=moments, corrects__isnull=True)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many entries there are of each kind, whatever kinds are chosen: three queries."""
        together = self._in_a_load
        found: dict[str, int] = self.assessments.aggregate(
            **{JUDGED: Count("pk", filter=OF_KIND[JUDGED] & ~together)},
            **{CONFIRMED: Count("pk", filter=OF_KIND[CONFIRMED] & ~together)},
            **{REPLACED: Count("pk", filter=OF_KIND[REPLACED])},
            **{LOADED: Count("recorded_at", filter=together, distinct=True)},
        )
        found[FACTS] = self.corrections.count()
        return {kind: found[kind] for kind in KINDS}

    @property
    def total(self) -> int:
        """How many entries fit."""
        return sum(self.counts[kind] for kind in self.kinds)

    def _keys(self, start: int, stop: int) -> list[tuple[str, datetime, int, int]]:
        """Return (what, moment, key, more) of some entries, in order; '' is a judgement."""

        def entries(rows: QuerySet, kind: str, key: Any, more: Any) -> QuerySet:
            return rows.annotate(
                entry=Constant(kind, output_field=CharField()),
                entry_key=Cast(key, IntegerField()),
                entry_more=Cast(more, IntegerField()),
            ).values_list("entry", "recorded_at", "entry_key", "entry_more")

        parts = []
        if wanted := [kind for kind in OF_KIND if kind in self.kinds]:
            fitting = Q()
            for kind in wanted:
                fitting |= OF_KIND[kind]
            rows = self.assessments.filter(fitting).exclude(self._in_a_load)
            parts.append(entries(rows, "", F("pk"), Constant(0)))
        if FACTS in self.kinds:
            parts.append(entries(self.corrections, FACTS, F("pk"), Constant(0)))
        if LOADED in self.kinds:
            loads = self.assessments.filter(self._in_a_load).values("recorded_at")
            parts.append(entries(loads, LOADED, Count("pk"), Count("demand", distinct=True)))
        first, *rest = parts
        everything = first.union(*rest, all=True) if rest else first
        ordered = everything.order_by("-recorded_at", "entry", "-entry_key")
        return list(ordered[start:stop])

    def before(self, one: Correction) -> int:
        """Return how many entries stand before a correction of a fact, in the order of ``page``."""
        count: int = self.corrections.filter(
            Q(recorded_at__gt=one.recorded_at) | Q(recorded_at=one.recorded_at, pk__gt=one.pk)
        ).count()
        fitting = Q(pk__in=[])
        for kind in OF_KIND:
            if kind in self.kinds:
                fitting |= OF_KIND[kind]
        judged = self.assessments.filter(fitting, recorded_at__gte=one.recorded_at)
        return count + judged.exclude(self._in_a_load).count()

    # --- the rows of a page -----------------------------------------------------------------

    def page(self, start: int, stop: int) -> list[Change]:
        """Return entries, counted from the newest, with all that is shown of them.

        The number of queries depends on the kinds of rows among them, not on how many.
        """
        keys = self._keys(start, stop)
        judged = [key for what, _at, key, _more in keys if not what]
        assessments = with_before(judged) if judged else {}
        facts = [key for what, _at, key, _more in keys if what == FACTS]
        corrections = Correction.objects.public().in_bulk(facts) if facts else {}
        rows = rows_of(list(corrections.values()))
        found = []
        for what, at, key, more in keys:
            if not what:
                row, before = assessments[key]
                found.append(Change(kind_of(row), at, assessment=row, before=before))
            elif what == FACTS:
                one = corrections[key]
                found.append(Change(what, at, correction=one, row=rows[one.table, one.row_id]))
            else:
                url = self._url_of_load(at)
                found.append(Change(what, at, judgements=key, demands=more, url=url))
        return found

    def _url_of_load(self, at: datetime) -> str:
        """Return the list of the judgements that one load wrote, by the same filters."""
        chosen = [("recorded", "together"), ("recorded_on", at.astimezone(UTC).date().isoformat())]
        for name in ("theme", "status", "demand"):
            chosen += [(name, value) for value in self.filters.chosen(name)]
        return f"{reverse('demands:assessments')}?{urlencode(chosen)}"


def kind_of(assessment: Assessment) -> str:
    """Return what kind of change a judgement is."""
    if assessment.corrects_id:
        return REPLACED
    return CONFIRMED if assessment.kind == AssessmentKind.CONFIRMED else JUDGED


def with_before(keys: Sequence[int]) -> dict[int, tuple[Assessment, Assessment | None]]:
    """Return judgements by their keys, each with the one that held before it."""
    earlier = (
        Assessment.objects.counting()
        .filter(demand=OuterRef("demand"), kind=AssessmentKind.CHANGED)
        .filter(
            Q(date_last__lt=OuterRef("date_last"))
            | Q(date_last=OuterRef("date_last"), recorded_at__lt=OuterRef("recorded_at"))
            | Q(
                date_last=OuterRef("date_last"),
                recorded_at=OuterRef("recorded_at"),
                pk__lt=OuterRef("pk"),
            )
        )
        .order_by("-date_last", "-recorded_at", "-id")
        .values("pk")[:1]
    )
    rows: dict[int, Any] = (
        Assessment.objects.public()
        .filter(pk__in=keys)
        .select_related("demand", "corrects")
        .annotate(before_key=Subquery(earlier))
        .in_bulk()
    )
    wanted = {row.before_key for row in rows.values()} - {None}
    before: dict[int, Any] = Assessment.objects.public().in_bulk(wanted)
    return {key: (row, row.corrects or before.get(row.before_key)) for key, row in rows.items()}


def rows_of(corrections: Sequence[Correction]) -> dict[tuple[str, int], Any]:
    """Return the rows that corrections are about, by table and key: a query for each table."""
    found: dict[tuple[str, int], Any] = {}
    for table, told in told_tables().items():
        keys = {one.row_id for one in corrections if one.table == table}
        if keys:
            rows = told.public().select_related(*told.related).in_bulk(keys)
            found |= {(table, key): row for key, row in rows.items()}
    return found


def first_recorded() -> date | None:
    """Return the day on which the first judgement or correction was recorded."""
    moments = [
        rows.order_by("recorded_at").values_list("recorded_at", flat=True).first()
        for rows in (Assessment.objects.public(), Correction.objects.public())
    ]
    return min((one.astimezone(UTC).date() for one in moments if one), default=None)
