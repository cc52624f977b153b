"""Demands as they stood on a day, in SQL: the derived columns anew, under their own names.

``then`` puts an expression in the place of each derived column of ``Demand``. Django looks a
name up among the expressions of a query before it looks among the columns of the table, so
filters, orders, counts, files and rows at hand all read the day's value without knowing of it.
The same rules as ``derived.settle``, which works them out for today; the tests compare the two.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from kptracker.lib.columns import Column, TableExport
from kptracker.lib.expressions import Looked, constant, only_if
from kptracker.lib.publishing import State
from statements.models import Statement
from statements.models.statements import COUNTED_VOICES

from .clocks import Clock
from .codes import AssessmentKind, DemandKind, MentionKind, Status
from .models import Assessment, Demand, Mention, Occasion
from .querysets import JUDGED, AssessmentQuerySet

NEWEST_FIRST = ("-date_last", "-recorded_at", "-id")
OLDEST_FIRST = ("date_last", "recorded_at", "id")
RAISED = (MentionKind.DEMANDED, MentionKind.CRITICISED)


def counting(clock: Clock) -> AssessmentQuerySet:
    """Return the judgements that counted by the clock: none that was corrected by then."""
    rows = Assessment.objects.public()
    if clock.recorded_before is None:
        rows = rows.counting()
    else:
        before = _recorded(clock)
        rows = rows.filter(before).exclude(
            Exists(Assessment.objects.filter(before, corrects=OuterRef("pk")))
        )
    return rows.filter(date_last__lte=clock.on) if clock.on else rows


def _recorded(clock: Clock) -> Q:
    """Return the condition that a judgement was recorded, and stood on this site, by the clock.

    A load may bring a judgement that was recorded elsewhere before: the later day counts.
    """
    stored = _added(Assessment, clock)
    return Q(recorded_at__lt=clock.recorded_before) & Q(Exists(stored))


def _added(model: Any, clock: Clock) -> QuerySet:
    """Return the adding of the row asked about, where it came before the clock."""
    before = {"history_type": "+", "history_date__lt": clock.recorded_before}
    rows: QuerySet = model.history.filter(id=OuterRef("pk"), **before)
    return rows


def said(clock: Clock) -> QuerySet:
    """Return the public mentions that had been made, and were on this site, by the clock."""
    rows: QuerySet = Mention.objects.public()
    if clock.on:
        rows = rows.filter(statement__date_first__lte=clock.on)
    if clock.recorded_before is not None:
        rows = rows.filter(
            Exists(_added(Mention, clock)), was_public(Statement, "statement", clock)
        )
    return rows


def occasions(kind: str, clock: Clock) -> QuerySet:
    """Return the occasions on which demands were raised in this way, by the clock."""
    counted = "asked" if kind == MentionKind.DEMANDED else "criticised"
    rows: QuerySet = Occasion.objects.filter(**{f"{counted}__gt": 0})
    if not clock:
        return rows
    there = Q(statement__meeting=OuterRef("meeting"))
    days = Q(
        statement__date_first__gte=OuterRef("first_day"),
        statement__sort_on__lte=OuterRef("last_day"),
    )
    made = said(clock).filter(there | days, demand=OuterRef("demand"), kind=kind)
    return rows.filter(Exists(made.filter(statement__voice__in=COUNTED_VOICES)))


def was_public(model: Any, key: str, clock: Clock) -> Any:
    """Return the condition that a row was public at the end of the day the clock knows of."""
    last = model.history.filter(id=OuterRef(key), history_date__lt=clock.recorded_before)
    state = Subquery(last.order_by("-history_date", "-history_id").values("state")[:1])
    return Exact(state, Value(State.PUBLISHED))


def then(rows: QuerySet, clock: Clock) -> QuerySet:
    """Return public demands with their derived columns as they were by the clock.

    What this site had not published by then is left out.
    """
    if clock.recorded_before is not None:
        rows = rows.filter(was_public(Demand, "pk", clock))
    rows = rows.all()
    for name, expression in {**_judged_columns(clock), **_raised_columns(clock)}.items():
        # ``annotate`` refuses the names of columns; to stand in their place is the purpose here.
        rows.query.add_annotation(expression, name)
    return rows


def _later(row: QuerySet) -> QuerySet:
    """Return those of ``row`` that come after the judgement asked about, in order of time."""
    same_day = Q(date_last=OuterRef("date_last"))
    same_moment = same_day & Q(recorded_at=OuterRef("recorded_at"))
    after = (
        Q(date_last__gt=OuterRef("date_last"))
        | same_day & Q(recorded_at__gt=OuterRef("recorded_at"))
        | same_moment & Q(id__gt=OuterRef("id"))
    )
    found: QuerySet = row.filter(after, demand=OuterRef("demand"))
    return found


def _renewals(clock: Clock) -> QuerySet:
    """Return the confirmations of what holds: no change comes after them, and they repeat it."""
    changes = counting(clock).filter(kind=AssessmentKind.CHANGED)
    newest = changes.filter(demand=OuterRef("demand")).order_by(*NEWEST_FIRST)
    return (
        counting(clock)
        .filter(demand=OuterRef("pk"), kind=AssessmentKind.CONFIRMED)
        # Asked of the judgements themselves: naming the columns made here would put their whole
        # expressions in this place, and a query of eighty thousand signs takes long to write.
        .filter(status=Subquery(newest.values("status")[:1]))
        .filter(reason=Subquery(newest.values("reason")[:1]))
        .exclude(Exists(_later(changes)))
    )


def _current(clock: Clock) -> QuerySet:
    """Return the changes of a demand's status, the one that holds first."""
    changes = counting(clock).filter(demand=OuterRef("pk"), kind=AssessmentKind.CHANGED)
    return changes.order_by(*NEWEST_FIRST)


def _judged_columns(clock: Clock) -> dict[str, Any]:
    """Return where demands stand; each expression may name those before it."""
    text, day = CharField(), DateField()
    current = _current(clock)
    changes = counting(clock).filter(kind=AssessmentKind.CHANGED)
    differs = (
        ~Q(status=OuterRef("status"))
        | ~Q(reason=OuterRef("reason"))
        | ~Q(brought_about_by=OuterRef("brought_about_by"))
    )
    # The run that holds now: changes after which nothing else was judged.
    run = (
        changes.filter(demand=OuterRef("pk"))
        .exclude(Exists(_later(changes).filter(differs)))
        .order_by(*OLDEST_FIRST)
    )
    renewals = _renewals(clock)
    sure = Case(
        When(JUDGED & Q(reviewed_by=""), then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )

    def of(rows: QuerySet, name: str) -> Any:
        known = Case(When(JUDGED, then=F(name)), output_field=day)
        return Subquery(rows.values(known=known)[:1], output_field=day)

    return {
        "status": Case(
            When(
                kind=DemandKind.DEMAND,
                then=Coalesce(Subquery(current.values("status")[:1]), Value(Status.NOT_ASSESSED)),
            ),
            default=Value(Status.NOT_APPLICABLE),
            output_field=text,
        ),
        "reason": _words(current, "reason"),
        "brought_about_by": _words(current, "brought_about_by"),
        "status_date_first": of(current, "date_first"),
        "status_date_last": of(current, "date_last"),
        "status_since_first": of(run, "date_first"),
        "status_since_last": of(run, "date_last"),
        "reviewed_on": Coalesce(
            of(renewals.order_by("-date_last"), "date_last"), of(current, "date_last")
        ),
        "provisional": Case(
            When(
                Q(Exact(Subquery(current.values(sure=sure)[:1]), Value(False)))
                & ~Q(Exists(renewals.exclude(reviewed_by=""))),
                then=Value(True),
            ),
            default=Value(False),
            output_field=BooleanField(),
        ),
        "judged_count": _number(
            counting(clock).filter(demand=OuterRef("pk")).exclude(status=Status.NOT_ASSESSED),
            Count("pk"),
        ),
    }


def _words(current: QuerySet, name: str) -> Any:
    return Case(
        When(
            kind=DemandKind.DEMAND,
            then=Coalesce(Subquery(current.values(name)[:1]), Value("")),
        ),
        default=Value(""),
        output_field=CharField(),
    )


def _number(rows: QuerySet, count: Count) -> Any:
    """Return how many of a demand's rows there are, 0 where there is none."""
    counted = rows.order_by().values("demand").annotate(n=count).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _occasion() -> Any:
    """Return the number of a mention's occasion: its meeting, else its month or year.

    As ``derived.occasion_key``; meetings are negative, so that none is taken for a month.
    """
    first, last = "statement__date_first", "statement__date_last"
    year = ExtractYear(first) * Value(100)
    return Case(
        When(statement__meeting__state=State.PUBLISHED, then=Value(0) - F("statement__meeting_id")),
        When(Exact(ExtractMonth(first), ExtractMonth(last)), then=year + ExtractMonth(first)),
        default=year,
        output_field=BigIntegerField(),
    )


def _raised_columns(clock: Clock) -> dict[str, Any]:
    """Return how often and when demands were raised by the clock."""
    mentions = said(clock).filter(demand=OuterRef("pk"), statement__voice__in=COUNTED_VOICES)
    upwards = ("statement__sort_on", "statement__date_first", "id")
    downwards = tuple(f"-{name}" for name in upwards)
    asked = mentions.filter(kind=MentionKind.DEMANDED)
    occasions = Count(_occasion(), distinct=True)

    def occasions_of(kind: str) -> Any:
        return _number(mentions.filter(kind=kind), occasions)

    def by_members(kind: str) -> Any:
        own = mentions.filter(kind=kind, statement__voice="coalition")
        return occasions_of(kind) - _number(own, occasions)

    columns: dict[str, Any] = {
        "asked_count": occasions_of(MentionKind.DEMANDED),
        "asked_by_members_count": by_members(MentionKind.DEMANDED),
        "criticised_count": occasions_of(MentionKind.CRITICISED),
        "criticised_by_members_count": by_members(MentionKind.CRITICISED),
        "welcomed_count": occasions_of(MentionKind.WELCOMED),
    }
    for name, rows in (
        ("first_asked", asked.order_by(*upwards)),
        ("last_asked", asked.order_by(*downwards)),
        ("last_raised", mentions.filter(kind__in=RAISED).order_by(*downwards)),
    ):
        for end in ("first", "last"):
            columns[f"{name}_{end}"] = Subquery(rows.values(f"statement__date_{end}")[:1])
    newest = mentions.filter(kind__in=RAISED).order_by(*downwards)
    columns["last_raised_on"] = Coalesce(
        Subquery(newest.values("statement__sort_on")[:1]),
        Value(date.min),
        output_field=DateField(),
    )
    return columns


def export_then(export: TableExport, clock: Clock) -> TableExport:
    """Return how demands leave as of a day: files named by it, a column that says it."""

    def columns(language: str, today: date) -> list[Column]:
        found = [_column_then(one, clock) for one in export.columns(language, clock.day)]
        as_of = Column("as_of", constant(clock.name), _("Of which day the row tells."), ours=True)
        return [found[0], as_of, *found[1:]]

    return replace(export, moment=clock.name, columns=columns)


def _column_then(column: Column, clock: Clock) -> Column:
    """Return a column; those that look judgements up do so by the clock."""
    current = _current(clock)
    if column.name == "assessment_reference":
        found = only_if(JUDGED, Subquery(current.values("reference")[:1]))
        return replace(column, expression=found)
    if column.name == "reviewed_by":
        named = (
            counting(clock)
            .filter(demand=OuterRef("pk"), status=OuterRef("status"), reason=OuterRef("reason"))
            .filter(date_last__gte=OuterRef("status_date_last"))
            .exclude(reviewed_by="")
            .order_by(*NEWEST_FIRST)[:1]
        )
        found = only_if(JUDGED & Q(provisional=False), Looked(named, "reviewed_by"))
        return replace(column, expression=found)
    return column
