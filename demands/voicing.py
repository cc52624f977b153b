"""What a person voiced: demands, how often and in which way, and the latest words of each."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from kptracker.lib.pages import latest
from statements.models import Person

from .codes import DemandKind
from .models import Demand, Mention
from .raising import KINDS, name_speakers, told

#: How many demands a page of a person shows; the list has them all.
MOST = 100
#: So many are open at once; the others are folded, for the reader to open.
OPEN = 12


@dataclass
class VoicedDemand:
    """One demand as a person voiced it: mentions by kind, and the latest of them."""

    demand: Demand
    counts: Counter
    latest: Mention


@dataclass
class Voiced:
    """What a person voiced, most often first.

    ``total`` counts the demands, ``declared`` positions and commitments; ``mentions`` the
    mentions by kind.
    """

    everything: list[VoicedDemand]
    total: int
    declared: int
    mentions: Counter

    @property
    def open(self) -> list[VoicedDemand]:
        """What the page shows at once."""
        return self.everything[:OPEN]

    @property
    def folded(self) -> list[VoicedDemand]:
        """What the reader opens."""
        return self.everything[OPEN:]

    @property
    def left(self) -> int:
        """How many more the list has than the page."""
        return self.total + self.declared - len(self.everything)

    @property
    def rows(self) -> Iterable[Mention]:
        """The mentions whose words the page shows."""
        return (one.latest for one in self.everything)

    @property
    def changed_at(self) -> datetime | None:
        """When one of them was last changed."""
        return latest(
            moment
            for one in self.everything
            for moment in (one.demand.changed_at, one.latest.changed_at)
        )


def voiced_by(person: Person) -> Voiced:
    """Return the demands that a person raised by name, each with its latest wording."""
    rows = Mention.objects.public().filter(speaker=person)
    counts: dict[int, Counter] = defaultdict(Counter)
    mentions: Counter = Counter()
    kinds: dict[int, str] = {}
    for key, of_what, kind, n in (
        rows.order_by()
        .values_list("demand", "demand__kind", "kind")
        .annotate(n=Count("pk"))
        .values_list("demand", "demand__kind", "kind", "n")
    ):
        kinds[key] = of_what
        counts[key][kind] += n
        mentions[kind] += n
    ranked = sorted(counts, key=lambda key: (-counts[key].total(), key))[:MOST]
    placed = rows.filter(demand__in=ranked).annotate(
        place=Window(
            RowNumber(), partition_by="demand", order_by=[F("raised_on").desc(), F("pk").desc()]
        )
    )
    keys = list(placed.filter(place=1).values_list("pk", flat=True))
    words = list(told(Mention.objects.public()).filter(pk__in=keys))
    name_speakers(words)
    found = {row.demand_id: row for row in words}
    demands = sum(1 for kind in kinds.values() if kind == DemandKind.DEMAND)
    return Voiced(
        [VoicedDemand(found[key].demand, counts[key], found[key]) for key in ranked],
        demands,
        len(kinds) - demands,
        Counter({kind: mentions[kind] for kind in KINDS if mentions[kind]}),
    )
