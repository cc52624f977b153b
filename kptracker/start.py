"""What the start page says: figures of the whole record, each with the rows behind it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

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
#: More judgements than this on one day are a load of the record: one piece of news, not many.
LOAD = 20
#: What speaks for the Kimberley Process as a whole: it, its bodies, its participants together.
PROCESS_KINDS = ("process", "working_body")
PROCESS_GROUPS = ("kp-participants", "kp-chair")


@dataclass(frozen=True)
class Changes:
    """Judgements recorded on one day; those of a load only in part, ``total`` says how many."""

    day: date
    judgements: list[Assessment]
    total: int
    demands: int

    @property
    def load(self) -> bool:
        """Whether they came in all at once."""
        return self.total > LOAD

    @property
    def query(self) -> str:
        """The filters of the list of judgements that give these rows."""
        return f"recorded_on={self.day.isoformat()}&kind={AssessmentKind.CHANGED}&standing=counts"


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

    Confirmations are no news. A load of the record is one entry with a few of its judgements,
    newest first.
    """
    rows = Assessment.objects.public().counting().filter(kind=AssessmentKind.CHANGED)
    by_day = (
        rows.order_by()
        .values(day=TruncDate("recorded_at"))
        .annotate(total=Count("pk"), demands=Count("demand", distinct=True))
        .order_by("-day")[:CHANGES]
    )
    days = {row["day"]: (row["total"], row["demands"]) for row in by_day}
    shown: dict[date, list[Assessment]] = defaultdict(list)
    if days:
        found = (
            rows.annotate(day=TruncDate("recorded_at"))
            .filter(day__gte=min(days))
            .select_related("demand")
            .defer("rationale", "rationale_fr")
            .order_by("-day", "-date_last", "-recorded_at", "-id")
        )
        for row in found[:CHANGES]:
            shown[row.day].append(row)
    return [Changes(day, shown[day], *days[day]) for day in days if shown[day]]
