"""What was raised in a statement and at a meeting.

These bring demands to the pages of the other room, through template tags. Each asks the
database a fixed number of times, however many rows there are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet

from kptracker.lib.bilingual import worded
from kptracker.lib.folding import fold
from kptracker.lib.pages import latest
from statements.models import Meeting, Role, Statement, StatementIssuer, StatementSpeaker
from statements.querysets import FUNCTION_ONLY
from statements.speaking import Speaker, speaker

from .codes import DemandKind, MentionKind
from .in_place import passages, with_places
from .models import Demand, Mention, Theme

KINDS = (MentionKind.DEMANDED, MentionKind.CRITICISED, MentionKind.WELCOMED)


def told(rows: QuerySet) -> QuerySet:
    """Have mentions bring all that a page says of them: demand, statement, issuers, place."""
    return with_places(
        rows.select_related("demand", "statement__meeting", "speaker").prefetch_related(
            Prefetch(
                "statement__issuer_links",
                StatementIssuer.objects.select_related("organisation").order_by("position"),
            )
        )
    )


def name_speakers(mentions: Sequence[Mention]) -> None:
    """Put ``spoken_by`` on mentions: the speaker as visitors may read it, or None.

    Needs ``statement`` and ``speaker`` at hand. Only where somebody appears by function are
    the functions looked up.
    """
    by_function = {
        row.speaker_id
        for row in mentions
        if row.speaker is not None and row.speaker.public_name == FUNCTION_ONLY
    }
    roles: dict[int, list[Role]] = defaultdict(list)
    given: dict[tuple[int, int], Role] = {}
    if by_function:
        everything = Role.objects.filter(person__in=by_function)
        for role in everything.select_related("organisation", "country"):
            roles[role.person_id].append(role)
        links = StatementSpeaker.objects.filter(
            person__in=by_function,
            role__isnull=False,
            statement__in={row.statement_id for row in mentions},
        ).select_related("role__organisation", "role__country")
        given = {(link.statement_id, link.person_id): link.role for link in links if link.role}
    for row in mentions:
        shown = speaker(row.speaker, roles[row.speaker_id or 0], row.statement.date)
        if shown and not shown.person and (row.statement_id, row.speaker_id) in given:
            shown = Speaker(None, given[row.statement_id, row.speaker_id or 0])
        row.spoken_by = shown  # type: ignore[attr-defined]


@dataclass
class Raised:
    """Mentions in one place, with their counts by kind; ``declared`` are positions."""

    mentions: list[Mention]
    counts: Counter = field(default_factory=Counter)

    @property
    def changed_at(self) -> datetime | None:
        """When one of them, or its demand, was last changed."""
        return latest(
            moment for row in self.mentions for moment in (row.changed_at, row.demand.changed_at)
        )


def _kind(mention: Mention) -> str:
    if mention.demand.kind != DemandKind.DEMAND and mention.kind == MentionKind.DEMANDED:
        return "declared"
    return mention.kind


def raised_in(statement: Statement) -> Raised:
    """Return what a statement raises, in the order of the record, which is that of the text."""
    rows = list(
        Mention.objects.public()
        .filter(statement=statement)
        .select_related("demand", "speaker")
        .prefetch_related(Prefetch("passages", passages(), to_attr="shown_passages"))
        .order_by("reference")
    )
    for row in rows:
        row.statement = statement
    name_speakers(rows)
    counts: Counter = Counter()
    for kind, _demand in {(_kind(row), row.demand_id) for row in rows}:
        counts[kind] += 1
    return Raised(rows, counts)


def counts_by_statement(statements: Iterable[Statement]) -> dict[int, int]:
    """Return how many demands, positions and commitments each statement raises."""
    rows = (
        Mention.objects.public()
        .filter(statement__in=[statement.pk for statement in statements])
        .order_by()
        .values("statement_id")
        .annotate(n=Count("demand_id", distinct=True))
    )
    return {row["statement_id"]: row["n"] for row in rows}


@dataclass
class Asked:
    """One demand and how it was raised in one place: its mentions, oldest first."""

    demand: Demand
    mentions: list[Mention]

    @property
    def kinds(self) -> Counter:
        """How many mentions of each kind there are."""
        return Counter(row.kind for row in self.mentions)

    @property
    def main(self) -> Mention:
        """The mention to show: the first that asks, else criticises; one that counts before all."""
        return min(
            self.mentions, key=lambda row: (not row.statement.counted, KINDS.index(row.kind))
        )

    @property
    def in_statements(self) -> int:
        """In how many statements it was raised."""
        return len({row.statement_id for row in self.mentions})

    @property
    def counted(self) -> bool:
        """Whether it counts as asked, or criticised, here: by an individual alone it does not."""
        return self.main.statement.counted


@dataclass
class AtMeeting:
    """What was raised at a meeting: what was asked, by theme; what else, by kind."""

    themes: list[tuple[Theme, list[Asked]]]
    criticised: list[Asked]
    welcomed: list[Asked]
    declared: list[Asked]
    everything: list[Mention]

    @property
    def asked_count(self) -> int:
        """How many demands were asked there, by the coalition or a member."""
        return sum(1 for _theme, asked in self.themes for one in asked if one.counted)

    @property
    def criticised_count(self) -> int:
        """How many more were criticised there and not asked."""
        return sum(
            1 for one in self.criticised if one.counted and one.demand.kind == DemandKind.DEMAND
        )

    @property
    def changed_at(self) -> datetime | None:
        """When one of them was last changed."""
        return Raised(self.everything).changed_at


def raised_at(meeting: Meeting) -> AtMeeting:
    """Return what was raised at a meeting and where each stands today."""
    rows = list(
        with_places(Mention.objects.public())
        .filter(statement__meeting=meeting)
        .select_related("demand__theme", "demand__parent", "statement", "speaker")
        .order_by("raised_on", "reference")
    )
    name_speakers(rows)
    by_demand: dict[int, list[Mention]] = defaultdict(list)
    for row in rows:
        by_demand[row.demand_id].append(row)
    themes: dict[int, list[Asked]] = defaultdict(list)
    found: dict[str, list[Asked]] = defaultdict(list)
    for mentions in by_demand.values():
        one = Asked(mentions[0].demand, mentions)
        kind = _kind(one.main)
        if kind == MentionKind.DEMANDED:
            themes[one.demand.theme_id].append(one)
        else:
            found[kind].append(one)
    grouped = [(asked[0].demand.theme, asked) for asked in themes.values()]
    grouped.sort(
        key=lambda pair: (-sum(one.counted for one in pair[1]), fold(str(worded(pair[0], "name"))))
    )
    for _theme, asked in grouped:
        asked.sort(key=lambda one: (-one.demand.asked_count, one.demand.reference))
    return AtMeeting(
        grouped,
        found[MentionKind.CRITICISED],
        found[MentionKind.WELCOMED],
        found["declared"],
        rows,
    )
