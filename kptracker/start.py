"""What the start page says: figures of the whole record, each with the rows behind it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from demands.changes import in_a_load
from demands.codes import AssessmentKind, DemandKind
from demands.models import Assessment, Demand, DemandAddressee, Occasion
from demands.querysets import dormant, still_asked
from demands.strips import Years, with_strips
from demands.tallying import Tally, tally_of
from kptracker.lib.models import Stamp
from kptracker.lib.publishing import State
from statements.gathered import held, with_text
from statements.models import Meeting, Statement
from statements.models.meetings import GREAT_MEETINGS
from statements.models.statements import COUNTED_VOICES
from statements.views import name_voices

MOST_ASKED = 7
LONGEST = 6
CHANGES = 6
NEWEST = 4
#: What speaks for the Kimberley Process as a whole: it, its bodies, its participants together.
PROCESS_KINDS = ("process", "working_body")
PROCESS_GROUPS = ("kp-participants", "kp-chair")


@dataclass(frozen=True)
class Changes:
    """Judgements recorded on one day, one by one or by a load: that is one piece of news.

    Not all are shown; ``total`` says how many there are.
    """

    day: date
    load: bool
    judgements: list[Assessment]
    total: int
    demands: int

    @property
    def query(self) -> str:
        """The filters of the list of judgements that give these rows."""
        how = "together" if self.load else "alone"
        return (
            f"recorded_on={self.day.isoformat()}&recorded={how}"
            f"&kind={AssessmentKind.CHANGED}&standing=counts"
        )


@dataclass(frozen=True)
class Asking:
    """A demand still being asked, and for how many full years at least."""

    demand: Demand
    years: int


@dataclass(frozen=True)
class Start:
    """The start page's figures and rows."""

    tally: Tally
    #: Demands that are no part of another; demands still asked; dormant ones.
    whole: int
    still_asked: int
    dormant: int
    #: How many are addressed to the Kimberley Process, and to which of its bodies.
    of_process: int
    process: list[str]
    statements: int
    first: Statement | None
    last: Statement | None
    #: Plenaries and intersessionals that were held, and those without text among them.
    meetings_held: int
    meetings_without_text: int
    most_asked: list[Demand]
    #: The years of their strips.
    years: Years | None
    longest: list[Asking]
    changes: list[Changes]
    newest: list[Statement]
    latest_meeting: Meeting | None
    asked_at_latest: int
    next_meeting: Meeting | None
    changed_at: datetime | None

    @property
    def demands(self) -> int:
        """How many demands there are, parts of others included."""
        return self.tally.total


def start(at: date | None = None) -> Start:
    """Return what the start page says at ``at`` (today), in a fixed number of queries."""
    today = at or timezone.localdate()
    demands = Demand.objects.public().filter(kind=DemandKind.DEMAND)
    counts = demands.aggregate(
        whole=Count("pk", filter=Q(parent__isnull=True)),
        asked=Count("pk", filter=still_asked(today)),
        dormant=Count("pk", filter=dormant(today)),
    )
    of_process, process = _asked_of_the_process(demands)
    originals = Statement.objects.public().filter(version_of__isnull=True)
    counted = originals.filter(voice__in=COUNTED_VOICES)
    newest = list(originals.select_related("meeting").order_by("-sort_on", "-id")[:NEWEST])
    name_voices(newest)
    most_asked = list(
        demands.filter(asked_count__gt=0)
        .select_related("parent")
        .order_by("-asked_count", "-last_raised_on", "id")[:MOST_ASKED]
    )
    years = with_strips(most_asked, today)
    longest = (
        demands.filter(still_asked(today))
        .select_related("parent")
        .order_by("first_asked_last", "id")[:LONGEST]
    )
    meetings = Meeting.objects.public().filter(kind__in=GREAT_MEETINGS)
    gathered = meetings.filter(held(today)).aggregate(
        held=Count("pk"), without=Count("pk", filter=~with_text())
    )
    placed = meetings.filter(cancelled=False).select_related("country", "kp_chair_country")
    latest = placed.filter(sort_on__lte=today).order_by("-sort_on", "-id").first()
    return Start(
        tally=tally_of(demands, today),
        whole=counts["whole"],
        still_asked=counts["asked"],
        dormant=counts["dormant"],
        of_process=of_process,
        process=process,
        statements=counted.count(),
        first=counted.order_by("sort_on", "id").first(),
        last=counted.order_by("-sort_on", "-id").first(),
        meetings_held=gathered["held"],
        meetings_without_text=gathered["without"],
        most_asked=most_asked,
        years=years,
        longest=[Asking(row, full_years(row, today)) for row in longest],
        changes=latest_changes(),
        newest=newest,
        latest_meeting=latest,
        asked_at_latest=_asked_at(latest),
        next_meeting=placed.filter(sort_on__gt=today).order_by("sort_on", "id").first(),
        changed_at=Stamp.objects.values_list("changed_at", flat=True).first(),
    )


def _asked_of_the_process(demands: QuerySet) -> tuple[int, list[str]]:
    """Return how many demands are addressed to the KP or its bodies, and the bodies' keys."""
    links = DemandAddressee.objects.filter(
        Q(organisation__kind__in=PROCESS_KINDS) | Q(organisation__slug__in=PROCESS_GROUPS),
        demand__in=demands,
        organisation__state=State.PUBLISHED,
    ).order_by()
    asked = links.aggregate(n=Count("demand", distinct=True))["n"]
    slugs = links.values_list("organisation__slug", flat=True).distinct()
    return asked, sorted(slugs)


def _asked_at(meeting: Meeting | None) -> int:
    """Return how many demands were asked at a meeting."""
    rows = Occasion.objects.filter(
        meeting=meeting, meeting__isnull=False, asked__gt=0, demand__kind=DemandKind.DEMAND
    )
    return rows.count()


def full_years(demand: Demand, today: date) -> int:
    """Return for how many full years at least a demand has been asked, as far as is found."""
    first = demand.first_asked.last
    return today.year - first.year - ((today.month, today.day) < (first.month, first.day))


def latest_changes() -> list[Changes]:
    """Return the newest judgements by the day they were recorded, in two queries.

    Confirmations are no news. The loads of a day are one entry with a few of their judgements,
    newest first, after those recorded one by one.
    """
    rows = Assessment.objects.public().counting().filter(kind=AssessmentKind.CHANGED)
    rows = rows.annotate(
        day=TruncDate("recorded_at"), load=ExpressionWrapper(in_a_load(), BooleanField())
    )
    counted = (
        rows.order_by()
        .values_list("day", "load")
        .annotate(total=Count("pk"), demands=Count("demand", distinct=True))
        .order_by("-day", "load")[:CHANGES]
    )
    entries = {(day, load): figures for day, load, *figures in counted}
    shown: dict[tuple[date, bool], list[Assessment]] = defaultdict(list)
    if entries:
        found = (
            rows.filter(day__gte=min(day for day, _load in entries))
            .select_related("demand")
            .defer("rationale", "rationale_fr")
            .order_by("-day", "load", "-date_last", "-recorded_at", "-id")
        )
        for row in found[:CHANGES]:
            shown[row.day, row.load].append(row)
    return [Changes(*one, shown[one], *entries[one]) for one in entries if shown[one]]
