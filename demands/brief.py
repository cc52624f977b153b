"""The brief of a meeting: every open demand, how it was last worded, and where it stands.

Staff print it and take it into the room. It describes one day: for a meeting to come, today;
for one that has begun, the day before it began, with today's status beside
(docs/adr/0009-brief.md).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, F, Min, Prefetch, Q, QuerySet, Value, When
from django.db.models.expressions import Window
from django.db.models.functions import RowNumber

from kptracker.lib.bilingual import worded
from kptracker.lib.folding import fold
from statements.models import Meeting, StatementIssuer
from statements.models.statements import COUNTED_VOICES

from .around_meeting import earlier
from .codes import ENDED, AssessmentKind, DemandKind, MentionKind
from .derived import current_judgement
from .in_place import with_places
from .models import Assessment, Demand, Evidence, Mention, Occasion, Theme
from .querysets import DemandQuerySet, years_before
from .raising import name_speakers
from .record import Judgement, judgement_among
from .standing import Standing, age_words, not_judged, standing_of, standing_then

#: A demand raised within so many years before the meeting is in its brief.
YEARS = 5
#: How many demands one page holds: with their wordings they fill some 50 kB on the wire.
MOST = 60
WORDINGS = 3
#: Which open demands: those raised lately, those raised before that or never, or all.
RECENT, EARLIER, ALL = "recent", "earlier", "all"
SCOPES = (RECENT, EARLIER, ALL)


@dataclass(frozen=True)
class Day:
    """The day that a brief describes; ``before`` is the first day it does not know, if any."""

    meeting: Meeting
    today: date

    @property
    def coming(self) -> bool:
        """Whether the meeting is still to come: then all that the record holds is told."""
        return self.before is None

    @property
    def before(self) -> date | None:
        """The day on which the meeting began, if it has; of a cancelled one, was to begin."""
        day = self.meeting.first_possible_day
        return None if day > self.today or self.meeting.is_coming(self.today) else day

    @property
    def described(self) -> date:
        """The day itself."""
        return self.today if self.before is None else self.before - timedelta(days=1)

    @property
    def since(self) -> date:
        """The day from which on something counts as raised lately."""
        return years_before(self.before or max(self.meeting.first_possible_day, self.today), YEARS)

    def occasions(self, prefix: str = "") -> Q:
        """Return the condition that an occasion was known on that day."""
        return earlier(self.meeting, prefix) if self.before else Q()

    def knows(self, last: date | None) -> bool:
        """Whether something of which this is the last possible day had happened by then."""
        return last is not None and (self.before is None or last < self.before)


@dataclass(frozen=True)
class Choice:
    """What a reader chose: themes (none: all) and a scope."""

    themes: Sequence[str] = ()
    scope: str = RECENT


@dataclass
class Wording:
    """How a demand was worded on one occasion."""

    mention: Mention

    @property
    def asked(self) -> bool:
        """Whether it was asked there; else it was only criticised that it is not done."""
        return self.mention.kind == MentionKind.DEMANDED


@dataclass
class Item:
    """One open demand of a brief."""

    demand: Demand
    occasions: int
    year: int | None
    standing: Standing
    judgement: Judgement | None
    wordings: list[Wording] = field(default_factory=list)
    judged_since: list[Assessment] = field(default_factory=list)
    criticised_since: int = 0
    welcomed_since: int = 0
    now: Standing | None = None

    @property
    def last_asked(self) -> Any:
        """When it was last asked, as far as known; None where it never was."""
        return next((one.mention.statement.date for one in self.wordings if one.asked), None)

    @property
    def unchanged(self) -> bool:
        """Whether today's judgement is still the one of that day."""
        then, now = self.standing, self.now
        return now is not None and (then.words, then.date) == (now.words, now.date)


@dataclass
class Section:
    """A theme of a brief and its demands, most often asked first; none where not chosen."""

    theme: Theme
    #: How many demands of the scope are on this theme, whether shown or not.
    total: int
    chosen: bool
    items: list[Item] = field(default_factory=list)


@dataclass
class Brief:
    """The brief of one meeting."""

    day: Day
    choice: Choice
    sections: list[Section]
    #: How many open demands there were, by scope.
    totals: Counter
    #: How many the page leaves out because it would be too long.
    cut: int

    @property
    def shown(self) -> list[Section]:
        """The themes of which demands are shown."""
        return [one for one in self.sections if one.items]

    @property
    def count(self) -> int:
        """How many demands are shown."""
        return sum(len(one.items) for one in self.sections)

    @property
    def in_scope(self) -> int:
        """How many there are of the scope, on all themes."""
        return self.totals[self.choice.scope]

    @property
    def on_other_themes(self) -> int:
        """How many of the scope are on themes that were not chosen."""
        return sum(one.total for one in self.sections if not one.chosen)

    @property
    def left_out(self) -> bool:
        """Whether any open demand is left out."""
        return self.count < self.totals[ALL]

    @property
    def items(self) -> list[Item]:
        """All demands shown."""
        return [item for one in self.sections for item in one.items]

    @property
    def sources(self) -> Iterable[str]:
        """Every source that it names."""
        for item in self.items:
            if item.judgement:
                yield from (one.source_url for one in item.judgement.evidence)


@dataclass
class _Line:
    """What is to be known of an open demand before it is chosen."""

    key: int
    theme: int
    reference: str
    occasions: int
    year: int | None
    recent: bool

    @property
    def scope(self) -> str:
        return RECENT if self.recent else EARLIER


def open_lines(day: Day) -> list[_Line]:
    """Return the demands that were open on a day, most often asked first: one or two queries.

    On a day that is past, a demand is there once it was raised, and open unless a judgement
    of that day or before says otherwise.
    """
    demands: DemandQuerySet = Demand.objects.filter(kind=DemandKind.DEMAND)
    if day.coming:
        demands = demands.open()
    raised = Q(occasions__asked__gt=0) | Q(occasions__criticised__gt=0)
    known = day.occasions("occasions__")
    asked = Q(occasions__asked__gt=0) & known
    rows = (
        demands.public()
        .order_by()
        .values_list("pk", "theme_id", "reference")
        .annotate(
            times=Count("occasions", filter=asked),
            since=Min("occasions__year", filter=asked),
            lately=Count(
                "occasions", filter=raised & known & Q(occasions__last_day__gte=day.since)
            ),
            ever=Count("occasions", filter=raised & known),
        )
    )
    lines = [
        _Line(key, theme, reference, occasions, year, bool(recent))
        for key, theme, reference, occasions, year, recent, ever in rows
        if ever or day.coming
    ]
    if not day.coming:
        settled = _settled_by(day)
        lines = [one for one in lines if one.key not in settled]
    lines.sort(key=lambda one: (-one.occasions, one.reference))
    return lines


def _settled_by(day: Day) -> set[int]:
    """Return the keys of the demands that were met or closed on a day that is past."""
    judged: dict[int, list[Assessment]] = defaultdict(list)
    rows = Assessment.objects.public().counting().filter(date_last__lt=day.before).in_order()
    for one in rows.only("demand_id", "kind", "status", "reason"):
        judged[one.demand_id].append(one)
    found = set()
    for key, counting in judged.items():
        current, _renewals = current_judgement(counting)
        if current is not None and current.status in ENDED:
            found.add(key)
    return found


def brief_of(day: Day, choice: Choice, themes: Iterable[Theme]) -> Brief:
    """Return the brief of a meeting, in a fixed number of queries."""
    lines = open_lines(day)
    totals = Counter(one.scope for one in lines)
    totals[ALL] = len(lines)
    lines = [one for one in lines if choice.scope in (one.scope, ALL)]
    per_theme = Counter(one.theme for one in lines)
    wanted = set(choice.themes)
    sections = {
        theme.pk: Section(theme, per_theme[theme.pk], not wanted or theme.slug in wanted)
        for theme in sorted(themes, key=lambda theme: fold(str(worded(theme, "name"))))
        if per_theme[theme.pk] or theme.slug in wanted
    }
    lines = [one for one in lines if sections[one.theme].chosen]
    for item in _items(day, lines[:MOST]):
        sections[item.demand.theme_id].items.append(item)
    return Brief(day, choice, list(sections.values()), totals, max(0, len(lines) - MOST))


def most_urgent(day: Day, number: int) -> tuple[list[Demand], int]:
    """Return the open demands raised lately that were asked most often, and how many there are."""
    lines = [one for one in open_lines(day) if one.recent]
    keys = [one.key for one in lines[:number]]
    found = Demand.objects.public().in_bulk(keys)
    return [found[key] for key in keys if key in found], len(lines)


def _items(day: Day, lines: Sequence[_Line]) -> list[Item]:
    keys = [one.key for one in lines]
    demands = Demand.objects.public().in_bulk(keys)
    wordings = _wordings(day, demands)
    judged = _judged(keys)
    occasions = _unasked(day, keys)
    items = []
    for line in lines:
        demand = demands[line.key]
        known = [one for one in judged[line.key] if day.knows(one.date_last)]  # type: ignore[attr-defined]
        judgement = judgement_among(known)
        item = Item(demand, line.occasions, line.year, not_judged(), judgement)
        item.wordings = wordings[line.key]
        item.standing = _standing(day, item)
        if not day.coming:
            item.now = standing_of(demand, day.today)
        _tell_since(item, known, occasions[line.key])
        items.append(item)
    return items


def _standing(day: Day, item: Item) -> Standing:
    """Return where a demand stood on the day that is described."""
    if day.coming:
        return standing_of(item.demand, day.today)
    if item.judgement is None:
        return not_judged()
    reviewed: date = max(
        one.date_last  # type: ignore[attr-defined]
        for one in [item.judgement.assessment, *item.judgement.renewals]
    )
    return standing_then(
        item.judgement.assessment,
        confirmed=item.judgement.confirmation is not None,
        age=age_words(reviewed, item.last_asked, day.described),
    )


def _tell_since(
    item: Item, known: Sequence[Assessment], occasions: Iterable[tuple[date, int, int]]
) -> None:
    """Put on a demand what happened after it was last asked, where even the first day is later."""
    if item.last_asked is None:
        return
    last: date = item.last_asked.last
    for one in known:
        if one.kind == AssessmentKind.CHANGED and one.date.first > last:
            item.judged_since.append(one)
    for first_day, criticised, welcomed in occasions:
        if first_day > last:
            item.criticised_since += bool(criticised)
            item.welcomed_since += bool(welcomed)


def _wordings(day: Day, demands: dict[int, Demand]) -> dict[int, list[Wording]]:
    """Return the last wordings of these demands, latest first.

    Those that ask; of a demand that was only ever criticised, those that criticise.
    """
    rows: QuerySet = Mention.objects.public().filter(
        demand__in=list(demands),
        statement__voice__in=COUNTED_VOICES,
        kind__in=[MentionKind.DEMANDED, MentionKind.CRITICISED],
    )
    if day.before:
        rows = rows.filter(raised_on__lt=day.before).exclude(statement__meeting=day.meeting)
    unasked = Case(When(kind=MentionKind.DEMANDED, then=Value(0)), default=Value(1))
    rows = rows.annotate(
        place=Window(
            RowNumber(),
            partition_by=[F("demand_id")],
            order_by=[unasked, F("raised_on").desc(), F("id").desc()],
        )
    ).filter(place__lte=WORDINGS)
    mentions = list(
        with_places(rows)
        .select_related("statement__meeting", "speaker")
        .prefetch_related(
            Prefetch(
                "statement__issuer_links",
                StatementIssuer.objects.select_related("organisation").order_by("position"),
            )
        )
        .order_by("demand_id", "place")
    )
    name_speakers(mentions)
    found: dict[int, list[Wording]] = defaultdict(list)
    for row in mentions:
        row.demand = demands[row.demand_id]
        wordings = found[row.demand_id]
        one = Wording(row)
        if not wordings or one.asked == wordings[0].asked:
            wordings.append(one)
    return found


def _judged(keys: Sequence[int]) -> dict[int, list[Assessment]]:
    """Return the counting judgements of these demands, in order, with their evidence."""
    found: dict[int, list[Assessment]] = defaultdict(list)
    evidence = Prefetch("evidence", Evidence.objects.select_related("statement"))
    rows = Assessment.objects.public().counting().filter(demand__in=keys).in_order()
    for one in rows.select_related("meeting").prefetch_related(evidence):
        found[one.demand_id].append(one)
    return found


def _unasked(day: Day, keys: Sequence[int]) -> dict[int, list[tuple[date, int, int]]]:
    """Return the occasions on which these demands were criticised or a step was welcomed."""
    found: dict[int, list[tuple[date, int, int]]] = defaultdict(list)
    rows = Occasion.objects.filter(
        day.occasions(), Q(criticised__gt=0) | Q(welcomed__gt=0), demand__in=keys
    )
    values = rows.values_list("demand_id", "first_day", "criticised", "welcomed")
    for key, first_day, criticised, welcomed in values:
        found[key].append((first_day, criticised, welcomed))
    return found
