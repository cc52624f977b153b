"""What the start page says: figures of the whole record, each with the rows behind it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils import timezone

from demands.codes import DemandKind, Status
from demands.models import Demand
from kptracker.lib.models import Stamp
from statements.models import Meeting, Statement
from statements.models.statements import COUNTED_VOICES
from statements.views import name_voices

MOST_ASKED = 8
NEWEST = 5
#: The meetings that everybody waits for.
GREAT_MEETINGS = ("plenary", "special_plenary", "intersessional")


@dataclass(frozen=True)
class Start:
    """The start page's figures and rows."""

    demands: int
    statements: int
    by_status: Counter
    provisional: int
    first: Statement | None
    last: Statement | None
    most_asked: list[Demand]
    newest: list[Statement]
    latest_meeting: Meeting | None
    next_meeting: Meeting | None
    changed_at: datetime | None

    @property
    def judged(self) -> int:
        """How many demands a judgement counts of."""
        return self.demands - self.by_status[Status.NOT_ASSESSED]

    @property
    def met(self) -> int:
        """How many are met."""
        return self.by_status[Status.MET]

    @property
    def partly_met(self) -> int:
        """How many are partly met."""
        return self.by_status[Status.PARTLY_MET]

    @property
    def not_assessed(self) -> int:
        """How many could not be judged."""
        return self.by_status[Status.NOT_ASSESSED]


def start(at: date | None = None) -> Start:
    """Return what the start page says at ``at`` (today), in a fixed number of queries."""
    today = at or timezone.localdate()
    demands = Demand.objects.public().filter(kind=DemandKind.DEMAND)
    by_status: Counter = Counter()
    provisional = 0
    for status, rows, not_confirmed in (
        demands.order_by()
        .values_list("status")
        .annotate(rows=Count("pk"), not_confirmed=Count("pk", filter=Q(provisional=True)))
    ):
        by_status[status] = rows
        provisional += not_confirmed
    originals = Statement.objects.public().filter(version_of__isnull=True)
    counted = originals.filter(voice__in=COUNTED_VOICES)
    newest = list(originals.select_related("meeting").order_by("-sort_on", "-id")[:NEWEST])
    name_voices(newest)
    meetings = Meeting.objects.public().filter(kind__in=GREAT_MEETINGS, cancelled=False)
    meetings = meetings.select_related("country", "kp_chair_country")
    return Start(
        demands=by_status.total(),
        statements=counted.count(),
        by_status=by_status,
        provisional=provisional,
        first=counted.order_by("sort_on", "id").first(),
        last=counted.order_by("-sort_on", "-id").first(),
        most_asked=list(
            demands.select_related("parent", "theme").order_by(
                "-asked_count", "-last_raised_on", "id"
            )[:MOST_ASKED]
        ),
        newest=newest,
        latest_meeting=meetings.filter(sort_on__lte=today).order_by("-sort_on", "-id").first(),
        next_meeting=meetings.filter(sort_on__gt=today).order_by("sort_on", "id").first(),
        changed_at=Stamp.objects.values_list("changed_at", flat=True).first(),
    )
