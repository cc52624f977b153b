"""What was asked of an organisation, and all that was said of it on that account.

For whoever is named in the record: what is said, on whose word, how sure, from which source.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from kptracker.lib.bilingual import worded
from kptracker.lib.folding import fold
from kptracker.lib.pages import latest
from kptracker.lib.publishing import State
from statements.models import Meeting, Organisation
from statements.views import KP_CHAIR

from .codes import DemandKind, MentionKind
from .mention_filters import MentionFilters
from .models import Demand, Mention, Theme
from .raising import name_speakers, told

#: How many demands a page of an organisation shows; the list has them all.
MOST = 100
#: How many mentions of each kind it shows, the newest; the list has them all.
NEWEST = 15
#: Criticism comes first: it is what somebody who is named looks for.
ORDER = (MentionKind.CRITICISED, MentionKind.DEMANDED, MentionKind.WELCOMED)
#: Shorter names are parts of other words ("Mali" of "formality"): a search would mislead.
SHORTEST_NAME = 5
#: The row that stands for all participants, whom texts address together.
KP_PARTICIPANTS = "kp-participants"
#: An address of a list holds no more choices of one filter than this.
MOST_MEETINGS = 40


@dataclass
class Said:
    """Mentions of one kind, newest first; ``total`` of them, of which the page shows some."""

    kind: str
    mentions: list[Mention]
    total: int


@dataclass(frozen=True)
class Named:
    """A name and in how many mentions a search finds it."""

    name: str
    rows: int


@dataclass
class AskedOf:
    """What was asked of an organisation: demands, most often asked first; ``total`` of them.

    ``declared`` are positions and commitments addressed to it, ``said`` the mentions of all of
    these by kind. ``named`` and ``themes`` lead a participant to what is asked of others and
    concerns it; ``as_chair`` counts what was asked of the Chair at meetings under its chair.
    """

    #: All its demands, for the tally; and those that the page shows.
    rows: QuerySet
    demands: list[Demand]
    total: int
    declared: list[Demand]
    said: list[Said]
    named: list[Named]
    themes: list[Theme]
    together: list[Organisation]
    as_chair: int
    as_chair_query: str

    @property
    def mention_count(self) -> int:
        """How many mentions of demands addressed to it there are."""
        return sum(one.total for one in self.said)

    @property
    def counts(self) -> dict[str, int]:
        """How many mentions there are of each kind."""
        return {one.kind: one.total for one in self.said}

    @property
    def mentions(self) -> Iterable[Mention]:
        """The mentions that the page shows."""
        return (row for one in self.said for row in one.mentions)

    @property
    def changed_at(self) -> datetime | None:
        """When one of them was last changed."""
        return latest(
            [
                *(row.changed_at for row in (*self.demands, *self.declared)),
                *(row.changed_at for row in self.mentions),
            ]
        )


def asked_of(organisation: Organisation) -> AskedOf:
    """Return what was asked of an organisation, where it stands, and what was said of it."""
    addressed = (
        Demand.objects.public()
        .filter(addressee_links__organisation=organisation)
        .select_related("parent")
        .order_by("-asked_count", "-last_raised_on", "id")
    )
    demands = addressed.filter(kind=DemandKind.DEMAND)
    shown = list(demands[: MOST + 1])
    state = organisation.kind == "participant"
    themes = _themes_named_in(organisation) if state else []
    as_chair, as_chair_query = _as_chair(organisation) if state else (0, "")
    return AskedOf(
        rows=demands,
        demands=shown[:MOST],
        total=len(shown) if len(shown) <= MOST else demands.count(),
        declared=list(addressed.exclude(kind=DemandKind.DEMAND)[:MOST]),
        said=said_of(organisation),
        named=_named(organisation, themes) if state else [],
        themes=themes,
        together=_together() if state else [],
        as_chair=as_chair,
        as_chair_query=as_chair_query,
    )


def _addressed_to(organisation: Organisation) -> QuerySet:
    return Mention.objects.public().filter(demand__addressee_links__organisation=organisation)


def said_of(organisation: Organisation) -> list[Said]:
    """Return the mentions of demands addressed to an organisation, criticism first."""
    rows = _addressed_to(organisation)
    totals = dict(
        rows.order_by().values_list("kind").annotate(n=Count("pk")).values_list("kind", "n")
    )
    placed = rows.annotate(
        place=Window(
            RowNumber(), partition_by="kind", order_by=[F("raised_on").desc(), F("pk").desc()]
        )
    )
    keys = list(placed.filter(place__lte=NEWEST).values_list("pk", flat=True))
    found = list(told(Mention.objects.public()).filter(pk__in=keys).order_by("-raised_on", "-id"))
    name_speakers(found)
    return [
        Said(kind, [row for row in found if row.kind == kind], totals[kind])
        for kind in ORDER
        if totals.get(kind)
    ]


def _themes_named_in(organisation: Organisation) -> list[Theme]:
    """Return the themes that bear a state's name: "Russia", of the Russian Federation."""
    name = fold(organisation.name)
    rows = Theme.objects.public().filter(demands__state=State.PUBLISHED).distinct()
    return [row for row in rows.order_by("name_key") if row.name_key and row.name_key in name]


def _named(organisation: Organisation, themes: Iterable[Theme]) -> list[Named]:
    """Return a state's names, each with the number of mentions that a search for it finds."""
    names = [str(worded(organisation, "name")), *organisation.other_names.split(";")]
    names += [str(worded(theme, "name")) for theme in themes]
    by_key = {fold(name): name.strip() for name in names}
    wanted = {key: name for key, name in by_key.items() if len(key) >= SHORTEST_NAME}
    words = MentionFilters.base_filters["q"]
    counts = Mention.objects.public().aggregate(
        **{
            f"n{n}": Count("pk", filter=words.condition(name))
            for n, name in enumerate(wanted.values())
        }
    )
    found = [Named(name, counts[f"n{n}"]) for n, name in enumerate(wanted.values())]
    return [one for one in found if one.rows]


def _together() -> list[Organisation]:
    """Return the rows for all participants and for the Chair, of whom much is asked together."""
    rows = Organisation.objects.public().filter(slug__in=[KP_PARTICIPANTS, KP_CHAIR])
    return list(rows.order_by("-slug"))


def _as_chair(organisation: Organisation) -> tuple[int, str]:
    """Return how many mentions of demands on the Chair fall to a state, and their address."""
    if organisation.country_id is None:
        return 0, ""
    meetings = Meeting.objects.public().filter(kp_chair_country=organisation.country_id)
    keys = dict(meetings.order_by("-sort_on").values_list("pk", "slug")[:MOST_MEETINGS])
    rows = Mention.objects.public().filter(
        statement__meeting__in=list(keys), demand__addressee_links__organisation__slug=KP_CHAIR
    )
    pairs = [("addressee", KP_CHAIR), *(("meeting", slug) for slug in keys.values())]
    return rows.count(), urlencode(pairs)
