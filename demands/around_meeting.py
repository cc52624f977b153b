"""What a meeting's page says of time: what had been asked before it, what was asked first there,
what was asked and judged since.

"Before" and "since" are said only where no possible day says otherwise: a month outside
meetings lies before a meeting when its last day does. The conditions here are those of the
filters of lists as well, so that each figure and the list behind it agree.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Min, Q

from statements.models import Meeting

from .codes import DemandKind
from .models import Demand, Occasion
from .raising import Asked, AtMeeting

#: How many rows a column of the page shows; the list behind it has them all.
SHOWN = 8


def _elsewhere(meeting: Meeting, prefix: str) -> Q:
    return Q(**{f"{prefix}meeting__isnull": True}) | ~Q(**{f"{prefix}meeting": meeting})


def earlier(meeting: Meeting, prefix: str = "") -> Q:
    """Return the condition that an occasion lies before a meeting; ``prefix`` leads to it."""
    day = {f"{prefix}last_day__lt": meeting.first_possible_day}
    return Q(**day) & _elsewhere(meeting, prefix)


def later(meeting: Meeting, prefix: str = "") -> Q:
    """Return the condition that an occasion lies after a meeting; ``prefix`` leads to it."""
    day = {f"{prefix}first_day__gt": meeting.last_possible_day}
    return Q(**day) & _elsewhere(meeting, prefix)


def _here(meeting: Meeting) -> Q:
    return Q(meeting=meeting, asked__gt=0)


def _demands_of(*conditions: Q) -> Q:
    return Q(pk__in=Occasion.objects.filter(*conditions).values("demand"))


def asked_at(meeting: Meeting) -> Q:
    """Return the condition that a demand was asked at a meeting."""
    return _demands_of(_here(meeting))


def asked_before(meeting: Meeting) -> Q:
    """Return the condition that a demand was asked before a meeting.

    Also where the first time is known to be before it was asked there, in the same month or,
    where only the year of the meeting is known, in the same year.
    """
    return _demands_of(Q(asked__gt=0), earlier(meeting)) | _demands_of(
        _here(meeting), Q(first_day__gt=F("demand__first_asked_last"))
    )


def asked_after(meeting: Meeting) -> Q:
    """Return the condition that a demand was asked after a meeting; see ``asked_before``."""
    return _demands_of(Q(asked__gt=0), later(meeting)) | _demands_of(
        _here(meeting), Q(last_day__lt=F("demand__last_asked_first"))
    )


def first_at(meeting: Meeting) -> Q:
    """Return the condition that a demand was first found at a meeting."""
    return asked_at(meeting) & ~asked_before(meeting)


def criticised_at(meeting: Meeting) -> Q:
    """Return the condition that a demand was criticised at a meeting and not asked."""
    return _demands_of(Q(meeting=meeting, asked=0, criticised__gt=0))


def judged_after(meeting: Meeting) -> Q:
    """Return the condition that a demand was judged, or its judgement renewed, since a meeting."""
    closing = meeting.last_possible_day
    renewed = Q(reviewed_on__gt=F("status_date_last")) & Q(reviewed_on__gt=closing)
    return Q(status_date_first__gt=closing) | renewed


def raised_before(meeting: Meeting) -> Q:
    """Return the condition that a mention was made before a meeting, and not at it."""
    return Q(raised_on__lt=meeting.first_possible_day) & _elsewhere(meeting, "statement__")


@dataclass
class Before:
    """A demand that had been asked earlier: on how many occasions, since which year."""

    demand: Demand
    occasions: int
    year: int | None


@dataclass
class Around:
    """Before, there and since, for the demands asked at one meeting."""

    asked: list[Asked]
    before: list[Before]
    first_here: list[Demand]
    again: list[Demand]
    judged: list[Demand]

    @property
    def demands(self) -> list[Demand]:
        """The demands asked there."""
        return [one.demand for one in self.asked]

    @property
    def before_shown(self) -> list[Before]:
        """Those asked most often before."""
        return self.before[:SHOWN]

    @property
    def first_shown(self) -> list[Demand]:
        """Those first found here, as far as the page shows them."""
        return self.first_here[:SHOWN]

    @property
    def judged_shown(self) -> list[Demand]:
        """Those judged last."""
        return self.judged[:SHOWN]

    @property
    def more_before(self) -> int:
        """How many more had been asked before."""
        return len(self.before) - len(self.before_shown)

    @property
    def more_first(self) -> int:
        """How many more were first found here."""
        return len(self.first_here) - len(self.first_shown)

    @property
    def more_judged(self) -> int:
        """How many more were judged since."""
        return len(self.judged) - len(self.judged_shown)


def around(meeting: Meeting, raised: AtMeeting) -> Around:
    """Return before, there and since of what was asked at a meeting: one query more."""
    asked = [one for _theme, rows in raised.themes for one in rows if one.counted]
    known = _figures(meeting)
    found = Around(asked, [], [], [], [])
    for one in asked:
        demand = one.demand
        figures = known[demand.pk]
        if figures.asked_before(demand):
            found.before.append(Before(demand, figures.earlier, figures.year))
        else:
            found.first_here.append(demand)
        if figures.asked_after(demand):
            found.again.append(demand)
        if judged_since(demand, meeting):
            found.judged.append(demand)
    found.before.sort(key=lambda one: (-one.occasions, one.demand.reference))
    found.first_here.sort(key=lambda demand: (-demand.asked_count, demand.reference))
    found.judged.sort(key=lambda demand: demand.reference)
    found.judged.sort(key=_judged_on, reverse=True)
    return found


def _judged_on(demand: Demand) -> date:
    return demand.reviewed_on or date.min


def judged_since(demand: Demand, meeting: Meeting) -> bool:
    """Whether a demand was judged since a meeting: ``judged_after`` for a row at hand."""
    if demand.status_date is None or demand.reviewed_on is None:
        return False
    closing = meeting.last_possible_day
    renewed = demand.reviewed_on > demand.status_date.last
    return demand.status_date.first > closing or (renewed and demand.reviewed_on > closing)


@dataclass
class _Figures:
    """Of one demand: its occasions before and after a meeting, its days at it."""

    earlier: int
    year: int | None
    later: int
    first: date
    last: date

    def asked_before(self, demand: Demand) -> bool:
        """``asked_before`` for a row at hand."""
        return bool(self.earlier) or self.first > demand.first_asked.last

    def asked_after(self, demand: Demand) -> bool:
        """``asked_after`` for a row at hand."""
        return bool(self.later) or self.last < demand.last_asked.first


def _figures(meeting: Meeting) -> dict[int, _Figures]:
    prefix = "occasions__"
    asked = Q(occasions__asked__gt=0)
    here = Q(occasions__meeting=meeting)
    before = asked & earlier(meeting, prefix)
    rows = (
        Demand.objects.public()
        .filter(asked_at(meeting), kind=DemandKind.DEMAND)
        .order_by()
        .values_list("pk")
        .annotate(
            earlier=Count("occasions", filter=before),
            since=Min("occasions__year", filter=before),
            later=Count("occasions", filter=asked & later(meeting, prefix)),
            first_day=Min("occasions__first_day", filter=here),
            last_day=Max("occasions__last_day", filter=here),
        )
    )
    return {key: _Figures(*rest) for key, *rest in rows}
