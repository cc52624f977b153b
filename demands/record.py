"""The record of one demand: mentions and judgements in one column of time, and what holds now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from django.db.models import Prefetch

from kptracker.lib.pages import latest
from kptracker.lib.partial_dates import PartialDate
from statements.models import Organisation, Statement, StatementIssuer

from .clocks import Clock
from .codes import MentionKind, Status
from .derived import beginning, current_judgement
from .in_place import with_places
from .models import Assessment, Demand, Evidence, Mention
from .raising import name_speakers
from .then import counting, said

NEWEST, OLDEST = "newest", "oldest"
#: Which entries of a record are shown: all, mentions of one kind, or judgements.
ALL, JUDGED = "all", "judged"
SHOWN = {
    "asked": MentionKind.DEMANDED,
    "criticised": MentionKind.CRITICISED,
    "welcomed": MentionKind.WELCOMED,
    JUDGED: "",
}
#: A record of more entries than this folds by year, but for the years that come first.
FOLD_BEYOND = 15
OPEN_AT_LEAST = 10


@dataclass
class Entry:
    """One entry of the record: a mention or a judgement, with the day by which it sorts."""

    day: date
    mention: Mention | None = None
    assessment: Assessment | None = None

    @property
    def order(self) -> tuple[date, bool, int]:
        """What it sorts by: on one day, what was said comes before what was judged."""
        row = self.mention or self.assessment
        return (self.day, self.assessment is not None, row.pk if row else 0)

    @property
    def kind(self) -> str:
        """What it is, by the words of ``SHOWN``."""
        if self.mention is None:
            return JUDGED
        return next(name for name, kind in SHOWN.items() if kind == self.mention.kind)


@dataclass
class Year:
    """The entries of one year; ``folded`` where the reader opens it."""

    year: int
    entries: list[Entry]
    folded: bool

    @property
    def word_for_word(self) -> int:
        """How many of them quote the text."""
        return sum(1 for one in self.entries if one.mention and is_anchored(one.mention))


@dataclass
class Judgement:
    """The judgement that holds: since when, its renewals, and what it rests on."""

    assessment: Assessment
    renewals: list[Assessment]
    since: PartialDate
    first_year: int
    evidence: list[Evidence]

    @property
    def held_before(self) -> bool:
        """Whether it repeats what was judged before: then it holds for longer."""
        return self.since != self.assessment.date

    @property
    def confirmation(self) -> Assessment | None:
        """The latest judgement that somebody of the coalition put a name to."""
        named = [one for one in [self.assessment, *self.renewals] if one.reviewed_by]
        return named[-1] if named else None

    @property
    def coalition_alone(self) -> bool:
        """Whether all that supports it is the coalition's own account."""
        kinds = {one.kind for one in self.evidence if one.stance == "supports"}
        return kinds == {"coalition"}


@dataclass
class DemandRecord:
    """All that is known of a demand, as its page shows it."""

    mentions: list[Mention]
    assessments: list[Assessment]
    judgement: Judgement | None
    first: Mention | None

    @property
    def changed_at(self) -> datetime | None:
        """When any of it was last changed or recorded."""
        return latest(
            [
                *(row.changed_at for row in self.mentions),
                *(row.statement.changed_at for row in self.mentions),
                *(row.recorded_at for row in self.assessments),
            ]
        )

    @property
    def sources(self) -> Iterable[str]:
        """Every source that it names."""
        for row in self.mentions:
            yield row.source_url
        for one in self.assessments:
            for item in one.evidence.all():
                yield item.source_url

    @cached_property
    def entries(self) -> list[Entry]:
        """Every mention and judgement, in order of time."""
        entries = [
            Entry(row.raised_on or row.statement.sorts_on, mention=row) for row in self.mentions
        ]
        entries += [
            Entry(one.date_last, assessment=one)  # type: ignore[attr-defined]
            for one in self.assessments
        ]
        return sorted(entries, key=lambda entry: entry.order)

    @property
    def kinds(self) -> list[str]:
        """What kinds of entries there are, by the words of ``SHOWN``."""
        found = {entry.kind for entry in self.entries}
        return [name for name in SHOWN if name in found]

    def years(self, order: str = NEWEST, show: str = ALL) -> list[Year]:
        """Return the entries of one kind or of all by year, in the order that was asked for."""
        entries = [entry for entry in self.entries if show in (ALL, entry.kind)]
        if order == NEWEST:
            entries.reverse()
        years, open_entries = [], 0
        for year, group in groupby(entries, key=lambda entry: entry.day.year):
            found = list(group)
            folded = len(entries) > FOLD_BEYOND and open_entries >= OPEN_AT_LEAST
            open_entries += 0 if folded else len(found)
            years.append(Year(year, found, folded))
        return years


def is_anchored(mention: Mention) -> bool:
    """Whether words of a text are quoted: a summary of ours holds none of theirs."""
    return bool(mention.quote)


def mentions_of(demand: Demand) -> list[Mention]:
    """Return the public mentions of a demand in order of time, with all that is said of them."""
    mentions = list(
        with_places(Mention.objects.public())
        .filter(demand=demand)
        .select_related("statement__meeting", "speaker")
        .prefetch_related(
            Prefetch(
                "statement__issuer_links",
                StatementIssuer.objects.select_related("organisation").order_by("position"),
            )
        )
        .order_by("raised_on", "statement__date_first", "id")
    )
    for row in mentions:
        row.demand = demand
    name_speakers(mentions)
    return mentions


def record_then(demand: Demand, clock: Clock) -> DemandRecord:
    """Return what of a demand's record had been said, judged and published by a clock."""
    keys = set(said(clock).filter(demand=demand).values_list("pk", flat=True))
    mentions = [row for row in mentions_of(demand) if row.pk in keys]
    assessments = list(
        counting(clock)
        .filter(demand=demand)
        .select_related("meeting")
        .prefetch_related(Prefetch("evidence", Evidence.objects.select_related("statement")))
        .in_order()
    )
    asked = (row for row in mentions if row.kind == MentionKind.DEMANDED and row.statement.counted)
    return DemandRecord(mentions, assessments, judgement_among(assessments), next(asked, None))


def record_of(demand: Demand) -> DemandRecord:
    """Return the record of a demand, in eight queries."""
    mentions = mentions_of(demand)
    assessments = list(
        Assessment.objects.public()
        .filter(demand=demand)
        .select_related("meeting", "corrects", "corrected_by")
        .prefetch_related(Prefetch("evidence", Evidence.objects.select_related("statement")))
        .in_order()
    )
    asked = (row for row in mentions if row.kind == MentionKind.DEMANDED and row.statement.counted)
    return DemandRecord(mentions, assessments, judgement_of(assessments), next(asked, None))


def judgement_of(assessments: Sequence[Assessment]) -> Judgement | None:
    """Return the judgement that holds among those of one demand, given in order."""
    return judgement_among([one for one in assessments if not hasattr(one, "corrected_by")])


def judgement_among(counting: Sequence[Assessment]) -> Judgement | None:
    """Return the judgement that holds among those of one demand that count, given in order."""
    current, renewals = current_judgement(counting)
    if current is None:
        return None
    since = beginning(current, counting)
    judged = [one for one in counting if one.status != Status.NOT_ASSESSED]
    evidence = [item for one in [current, *renewals] for item in one.evidence.all()]
    return Judgement(current, renewals, since, judged[0].date.first.year, evidence)


def issuers_of(statement: Statement) -> list[Organisation]:
    """Return the public organisations that issued a statement, from what was prefetched."""
    return [
        link.organisation for link in statement.issuer_links.all() if link.organisation.is_published
    ]
