"""The tally: where many demands stand, in one bar, with what must be said beside each number.

Solid is confirmed by the coalition, tinted is provisional, hatched is old as well: asked again
since it was judged, or judged over two years ago. Positions and commitments are not in it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from kptracker.lib import vocabularies
from kptracker.lib.templatetags.record import lower_first

from .codes import BROUGHT_ABOUT, FAILED, STATUS_ORDER, DemandKind, Status
from .models import Demand
from .querysets import old_judgement
from .standing import SIGNS, is_old


class Look(NamedTuple):
    """What a number of demands have in common in the tally."""

    status: str
    reason: str
    brought_about_by: str
    confirmed: bool
    old: bool


@dataclass(frozen=True, slots=True)
class Note:
    """What is said with a number: its words, and the filters that give the rows behind it."""

    words: str
    query: str


@dataclass(frozen=True, slots=True)
class Bit:
    """A piece of the bar: demands of one status that are confirmed or not, old or not."""

    count: int
    confirmed: bool
    old: bool
    start: str
    width: str


@dataclass(frozen=True, slots=True)
class Part:
    """The demands of one status: sign, words, number, what is said with it, pieces of the bar."""

    status: str
    sign: str
    words: str
    count: int
    end: str
    bits: list[Bit]
    notes: list[Note]

    @property
    def query(self) -> str:
        """The filters of the list of demands that give these rows."""
        return f"status={self.status}"

    @property
    def judged(self) -> bool:
        """Whether its demands were judged at all."""
        return self.status != Status.NOT_ASSESSED

    @property
    def confirmed(self) -> bool:
        """Whether all its judgements are confirmed: else its sign is hollow."""
        return all(bit.confirmed for bit in self.bits)


@dataclass
class Tally:
    """Where a number of demands stand; ``counts`` holds how many there are of each look."""

    counts: Mapping[Look, int] = field(default_factory=dict)

    def count(
        self,
        status: str | None = None,
        *,
        confirmed: bool | None = None,
        old: bool | None = None,
        reason: str | None = None,
        by: str | None = None,
    ) -> int:
        """Return how many demands fit; what is not named does not matter."""
        return sum(
            n
            for look, n in self.counts.items()
            if status in (None, look.status)
            and confirmed in (None, look.confirmed)
            and old in (None, look.old)
            and reason in (None, look.reason)
            and by in (None, look.brought_about_by)
        )

    @cached_property
    def total(self) -> int:
        """How many demands there are."""
        return self.count()

    @cached_property
    def unjudged(self) -> int:
        """How many could not be judged."""
        return self.count(Status.NOT_ASSESSED)

    @property
    def judged(self) -> int:
        """Of how many a judgement counts."""
        return self.total - self.unjudged

    @property
    def met(self) -> int:
        """How many are met, whoever brought it about."""
        return self.count(Status.MET)

    @property
    def partly_met(self) -> int:
        """How many are partly met."""
        return self.count(Status.PARTLY_MET)

    @property
    def confirmed(self) -> int:
        """How many judgements somebody of the coalition confirmed."""
        return self.count(confirmed=True)

    @property
    def confirmed_old(self) -> int:
        """How many of them are old."""
        return self.count(confirmed=True, old=True)

    @property
    def provisional(self) -> int:
        """How many judgements nobody of the coalition confirmed."""
        return self.judged - self.confirmed

    @property
    def provisional_recent(self) -> int:
        """How many of them are not old."""
        return self.provisional - self.provisional_old

    @property
    def provisional_old(self) -> int:
        """How many of them are old."""
        return self.old - self.confirmed_old

    @property
    def old(self) -> int:
        """How many judgements are old, confirmed or not."""
        return self.count(old=True)

    @cached_property
    def parts(self) -> list[Part]:
        """The statuses that occur, in their order, each with its pieces of the bar."""
        parts, done = [], 0
        for status in STATUS_ORDER:
            bits = []
            for confirmed, old in ((True, False), (True, True), (False, False), (False, True)):
                n = self.count(status, confirmed=confirmed, old=old)
                if n:
                    width = self._share(n)
                    bits.append(Bit(n, confirmed, old, self._share(done), width))
                    done += n
            if bits:
                count = sum(bit.count for bit in bits)
                words = vocabularies.label("status", status)
                end = self._share(done)
                parts.append(
                    Part(status, SIGNS[status], words, count, end, bits, self._notes(status))
                )
        return parts

    def _share(self, n: int) -> str:
        return f"{100 * n / self.total:.2f}%"

    def _notes(self, status: str) -> list[Note]:
        """Return what is said with a status: its reasons, or who brought it about."""
        reasons: Counter[str] = Counter()
        by: Counter[str] = Counter()
        for look, n in self.counts.items():
            if look.status == status and look.reason:
                reasons[look.reason] += n
            if look.status == status and look.brought_about_by:
                by[look.brought_about_by] += n
        notes = []
        for reason, n in reasons.most_common():
            words = _("%(reason)s %(n)d") % {
                "reason": lower_first(vocabularies.label("reason", reason)),
                "n": n,
            }
            if reason == FAILED:
                words = _("%(closed)s (unmet)") % {"closed": words}
            notes.append(Note(words, f"status={status}&reason={reason}"))
        if status in BROUGHT_ABOUT and set(by) != {"addressee"}:
            for whom, n in by.most_common():
                words = _("%(n)d by %(whom)s") % {
                    "n": n,
                    "whom": lower_first(vocabularies.label("brought_about_by", whom)),
                }
                notes.append(Note(words, f"status={status}&brought_about_by={whom}"))
        return notes


def tally_of(rows: "QuerySet[Demand] | Iterable[Demand]", at: date | None = None) -> Tally:
    """Count where demands stand.

    Args:
        rows: a queryset of public demands, counted in one query; or the demands themselves.
        at: the day on which judgements are old or not, by default today.
    """
    counts: Counter[Look] = Counter()
    if isinstance(rows, QuerySet):
        # By their keys: what the queryset joins or orders by must not count a row twice.
        keys: QuerySet[Any] = rows.order_by().values("pk")
        demands = Demand.objects.filter(pk__in=keys, kind=DemandKind.DEMAND)
        groups = demands.order_by().values_list(
            "status", "reason", "brought_about_by", "provisional"
        )
        for status, reason, by, provisional, n, old in groups.annotate(
            n=Count("pk"), old=Count("pk", filter=old_judgement(at))
        ):
            confirmed = not provisional and status != Status.NOT_ASSESSED
            counts[Look(status, reason, by, confirmed, True)] += old
            counts[Look(status, reason, by, confirmed, False)] += n - old
    else:
        for row in rows:
            if row.kind == DemandKind.DEMAND:
                confirmed = not row.provisional and row.status != Status.NOT_ASSESSED
                look = Look(
                    row.status, row.reason, row.brought_about_by, confirmed, is_old(row, at)
                )
                counts[look] += 1
    return Tally({look: n for look, n in counts.items() if n})
