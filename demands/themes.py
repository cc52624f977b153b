"""One theme: its demands and where they stand, when and where it was raised; and all themes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery

from kptracker.lib.bilingual import active_language
from kptracker.lib.pages import latest
from kptracker.lib.partial_dates import PartialDate
from kptracker.lib.publishing import State
from statements.models import Meeting, Statement
from statements.views import name_voices

from .codes import DemandKind, MentionKind
from .models import Assessment, Demand, Mention, Occasion, Theme

#: How many demands a page of a theme shows; the list has them all.
MOST = 100
#: How many meetings, statements and judgements.
SOME = 6
IS_DEMAND = {"demand__kind": DemandKind.DEMAND, "demand__state": State.PUBLISHED}


@dataclass
class RaisedAt:
    """A meeting at which a theme was raised: in how many mentions, how many demands asked."""

    meeting: Meeting
    mentions: int
    asked: int


@dataclass
class ThemePage:
    """What a theme's page shows; the totals are those of the lists that it leads to."""

    #: All its demands, for the tally; and those that the page shows.
    rows: QuerySet
    demands: list[Demand]
    total: int
    declared: list[Demand]
    mentions: dict[str, int]
    first_found: PartialDate | None
    last_raised: PartialDate | None
    meetings: list[RaisedAt]
    statements: list[Statement]
    judgements: list[Assessment]
    judged: int
    before: Theme | None
    after: Theme | None

    @property
    def mention_count(self) -> int:
        """In how many mentions it was raised."""
        return sum(self.mentions.values())

    @property
    def changed_at(self) -> datetime | None:
        """When something of it was last changed or recorded."""
        return latest(
            [
                *(row.changed_at for row in (*self.demands, *self.declared)),
                *(row.changed_at for row in self.statements),
                *(row.recorded_at for row in self.judgements),
            ]
        )


def theme_page(theme: Theme) -> ThemePage:
    """Return what is known of a theme, in a fixed number of queries."""
    everything = Demand.objects.public().filter(theme=theme)
    rows = everything.select_related("parent").order_by("-asked_count", "-last_raised_on", "id")
    demands = rows.filter(kind=DemandKind.DEMAND)
    shown = list(demands[: MOST + 1])
    judgements = (
        Assessment.objects.public()
        .counting()
        .filter(demand__theme=theme)
        .select_related("demand")
        .order_by("-date_last", "-recorded_at", "-id")
    )
    before, after = themes_around(theme)
    mentions = Mention.objects.public().filter(demand__theme=theme).order_by()
    return ThemePage(
        rows=demands,
        demands=shown[:MOST],
        total=len(shown) if len(shown) <= MOST else demands.count(),
        declared=list(rows.exclude(kind=DemandKind.DEMAND)[:MOST]),
        mentions=dict(mentions.values_list("kind").annotate(n=Count("pk"))),
        first_found=_first_found(everything),
        last_raised=_last_raised(everything),
        meetings=_meetings(theme),
        statements=_statements(theme),
        judgements=list(judgements[:SOME]),
        judged=judgements.count(),
        before=before,
        after=after,
    )


def _first_found(demands: QuerySet) -> PartialDate | None:
    """Return the date of the first asking: the one that may be earliest."""
    row = (
        demands.filter(kind=DemandKind.DEMAND, first_asked_first__isnull=False)
        .order_by("first_asked_last", "first_asked_first", "id")
        .first()
    )
    return row.first_asked if row else None


def _last_raised(demands: QuerySet) -> PartialDate | None:
    row = (
        demands.filter(kind=DemandKind.DEMAND, last_raised_first__isnull=False)
        .order_by("-last_raised_on", "-id")
        .first()
    )
    return row.last_raised if row else None


def _meetings(theme: Theme) -> list[RaisedAt]:
    """Return the meetings at which a theme was most raised."""
    counts = (
        Mention.objects.public()
        .filter(demand__theme=theme, statement__meeting__state=State.PUBLISHED)
        .order_by()
        .values("statement__meeting")
        .annotate(n=Count("pk"), day=Max("statement__meeting__sort_on"))
        .order_by("-n", "-day", "-statement__meeting")
    )
    found = [(row["statement__meeting"], row["n"]) for row in counts[:SOME]]
    keys = [key for key, _n in found]
    asked = dict(
        Occasion.objects.public()
        .filter(meeting__in=keys, asked__gt=0, demand__theme=theme, **IS_DEMAND)
        .order_by()
        .values_list("meeting")
        .annotate(n=Count("demand", distinct=True))
    )
    meetings = Meeting.objects.public().select_related("country").in_bulk(keys)
    return [RaisedAt(meetings[key], n, asked.get(key, 0)) for key, n in found]


def _statements(theme: Theme) -> list[Statement]:
    """Return the latest statements on a theme, each with how often it is raised there."""
    counts = (
        Mention.objects.public()
        .filter(demand__theme=theme)
        .order_by()
        .values("statement")
        .annotate(n=Count("pk"), day=Max("raised_on"))
        .order_by("-day", "-statement")
    )
    found = {row["statement"]: row["n"] for row in counts[:SOME]}
    rows = Statement.objects.public().select_related("meeting").filter(pk__in=list(found))
    statements = sorted(rows, key=lambda row: list(found).index(row.pk))
    name_voices(statements)
    for row in statements:
        row.mentions_here = found[row.pk]
    return statements


def by_name() -> QuerySet:
    """Return all themes by name in the reader's language."""
    key = "name_fr_key" if active_language() == "fr" else "name_key"
    return Theme.objects.public().order_by(key, "id")


def themes_around(theme: Theme) -> tuple[Theme | None, Theme | None]:
    """Return the themes before and after one by name."""
    rows = list(by_name())
    place = rows.index(theme)
    return (
        rows[place - 1] if place else None,
        rows[place + 1] if place + 1 < len(rows) else None,
    )


def all_themes() -> Iterable[Theme]:
    """Return all themes by name with their figures, each that of the list it leads to."""
    public = Q(demands__state=State.PUBLISHED, demands__kind=DemandKind.DEMAND)
    mentions = (
        Mention.objects.public()
        .filter(demand__theme=OuterRef("pk"))
        .order_by()
        .values("demand__theme")
        .annotate(n=Count("pk"))
    )
    asked = mentions.filter(kind=MentionKind.DEMANDED).values("n")
    criticised = mentions.filter(kind=MentionKind.CRITICISED).values("n")
    return by_name().annotate(
        demand_count=Count("demands", filter=public),
        first_year=Min("demands__first_asked_first__year", filter=public),
        last_year=Max("demands__last_raised_last__year", filter=public),
        asked_mentions=Subquery(asked),
        criticised_mentions=Subquery(criticised),
    )
