"""Where each demand stood on a day, as judged now.

A judgement has an effective date: the day since which it holds. "On a day" goes by that date,
not by when it was recorded, and by what counts today: what was corrected since is read as
corrected. A date known only in part holds from its last possible day.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kptracker.lib.partial_dates import PartialDate

from .clocks import Clock
from .codes import DemandKind, Status
from .derived import current_judgement
from .models import Assessment, Demand, Occasion
from .querysets import YEARS_UNTIL_OLD, years_before
from .standing import SIGNS, Standing, status_words
from .then import counting as counting_then


@dataclass(frozen=True, slots=True)
class Stood:
    """How a demand stood on a day: the judgement then in force, and what renewed it by then."""

    status: str
    reason: str = ""
    dated: PartialDate | None = None
    reference: str = ""
    reviewed_on: date | None = None
    confirmed: bool = False

    @property
    def judged(self) -> bool:
        """Whether a judgement was in force."""
        return self.reviewed_on is not None

    @property
    def provisional(self) -> bool:
        """Whether nobody of the coalition had confirmed it by then."""
        return self.judged and not self.confirmed

    @property
    def sign(self) -> str:
        """The name of its sign, which is also that of its colour."""
        return SIGNS[self.status]

    @property
    def words(self) -> str:
        """The status as it is read, with its reason."""
        return status_words(self.status, self.reason)

    @property
    def standing(self) -> Standing:
        """The same as pages draw it."""
        return Standing(self.status, self.sign, self.words, self.dated, self.judged, self.confirmed)

    def old(self, day: date) -> bool:
        """Tell whether on ``day`` it had not been judged or confirmed for two years."""
        return self.reviewed_on is not None and self.reviewed_on < years_before(
            day, YEARS_UNTIL_OLD
        )


NOT_ASSESSED = Stood(Status.NOT_ASSESSED)
NOT_APPLICABLE = Stood(Status.NOT_APPLICABLE)


class History:
    """How one demand stood over time: ``on`` any day."""

    def __init__(
        self, kind: str, counting: Sequence[Assessment], asked: Sequence[date] = ()
    ) -> None:
        self._days: list[date] = []
        self._asked = sorted(asked)
        self._stood = [NOT_ASSESSED if kind == DemandKind.DEMAND else NOT_APPLICABLE]
        if kind != DemandKind.DEMAND:
            return
        for number, one in enumerate(counting, start=1):
            self._days.append(one.date_last)  # type: ignore[attr-defined]
            self._stood.append(_stood_by(counting[:number]))

    def on(self, day: date) -> Stood:
        """Return how it stood at the end of ``day``."""
        return self._stood[bisect_right(self._days, day)]

    def asked_again(self, day: date) -> bool:
        """Tell whether by ``day`` it had been asked again after it was judged or confirmed."""
        stood = self.on(day)
        if stood.reviewed_on is None:
            return False
        later = self._asked[bisect_right(self._asked, stood.reviewed_on) :]
        return bool(later) and later[0] <= day


def _stood_by(counting: Sequence[Assessment]) -> Stood:
    """Return where these judgements, in order, leave a demand."""
    current, renewals = current_judgement(counting)
    if current is None:
        return NOT_ASSESSED
    in_force = [current, *renewals]
    return Stood(
        status=current.status,
        reason=current.reason,
        dated=current.date,
        reference=current.reference,
        reviewed_on=max(one.date_last for one in in_force),  # type: ignore[attr-defined]
        confirmed=any(one.reviewed_by for one in in_force),
    )


def histories(
    demands: Iterable[Demand], clock: Clock | None = None, occasions: Iterable[Occasion] = ()
) -> dict[int, History]:
    """Return how each of these demands stood over time, by its key; two queries for all.

    Under a ``clock`` only what counted by it does, and the occasions are those given.
    """
    rows = list(demands)
    counting: dict[int, list[Assessment]] = defaultdict(list)
    judgements = counting_then(clock or Clock()).filter(demand__in=rows)
    judgements = judgements.order_by("date_last", "recorded_at", "id")
    for one in judgements.defer("rationale", "rationale_fr"):
        counting[one.demand_id].append(one)
    asked: dict[int, list[date]] = defaultdict(list)
    days = [(one.demand_id, one.first_day) for one in occasions if one.asked]
    if not clock:
        found = Occasion.objects.filter(demand__in=rows, asked__gt=0)
        days = list(found.values_list("demand_id", "first_day"))
    for key, day in days:
        asked[key].append(day)
    return {row.pk: History(row.kind, counting[row.pk], asked[row.pk]) for row in rows}


def standing_on(demands: Iterable[Demand], day: date) -> dict[int, Stood]:
    """Return where each demand stood at the end of ``day``, as judged now, by its key."""
    return {key: history.on(day) for key, history in histories(demands).items()}
