"""The strip of a demand: one cell a year of the record, in which a row shows its history.

In each cell a dark bar for the occasions on which it was asked and a lighter one beside it for
criticism, never added; below them how it stood that year as judged since. A year of which no
text is in the record is hatched: it is not known whether anything was asked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, Count, Max, PositiveSmallIntegerField, Q, Value
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _

from kptracker.lib.listing import KEPT
from kptracker.lib.templatetags.record import lower_first
from statements.gathered import statements_by_year, years_of

from .codes import DemandKind, Status
from .derived import current_judgement
from .models import Assessment, Demand, Occasion
from .querysets import YEARS_UNTIL_OLD, years_before
from .standing import SIGNS, status_words

#: A cell is ten units wide and twenty high, one occasion a quarter of its height.
CELL = 10
OCCASION = 5
FULL = 4
#: Marks a year of a judgement among those of statements.
_JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class Years:
    """The years that the record covers, and those among them of which it holds no text."""

    first: int
    last: int
    untold: frozenset[int] = frozenset()

    @property
    def all(self) -> range:
        """Every year, in order."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Line:
    """How a demand stood, as it is drawn: all cells of one look."""

    css: str
    sign: str
    path: str


@dataclass(frozen=True, slots=True)
class Stood:
    """How a demand stood at the end of one year, as judged since."""

    status: str
    reason: str
    judged: bool
    old: bool

    @property
    def css(self) -> str:
        """The look of its cell: thick where it was judged, broken where that is old."""
        return "judged" if self.judged else "kept old" if self.old else "kept"


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip of one demand: by year, the occasions it was asked and criticised on, its status.

    ``kind`` is that of the demand: positions are declared, and nothing is judged.
    """

    years: Years
    asked: dict[int, int]
    criticised: dict[int, int]
    stood: dict[int, Stood]
    kind: str = DemandKind.DEMAND

    @property
    def width(self) -> int:
        """The width of all cells, in units."""
        return CELL * len(self.years.all)

    def _left(self, year: int) -> int:
        return CELL * (year - self.years.first)

    def _bars(self, counts: dict[int, int], at: int) -> str:
        return "".join(
            f"M{self._left(year) + at} 20v-{OCCASION * min(n, FULL)}"
            for year, n in sorted(counts.items())
        )

    @property
    def asked_path(self) -> str:
        """The bars of asking: strokes from the floor of each cell."""
        return self._bars(self.asked, 3)

    @property
    def criticised_path(self) -> str:
        """The bars of criticism, at the side of those of asking."""
        return self._bars(self.criticised, 7)

    @property
    def untold_path(self) -> str:
        """The cells of years without text."""
        return "".join(f"M{self._left(year)} 0h9v20h-9z" for year in sorted(self.years.untold))

    @property
    def lines(self) -> list[Line]:
        """How it stood: one line for each look, its cells joined where they touch."""
        paths: dict[tuple[str, str], str] = defaultdict(str)
        for first, last, one in self._runs():
            start, length = self._left(first), CELL * (last - first + 1)
            # A thin line begins where the cell before it ends.
            path = f"M{start} 25h9" if one.judged else f"M{start - 1} 25h{length}"
            paths[one.css, SIGNS[one.status]] += path
        return [Line(css, sign, path) for (css, sign), path in paths.items()]

    def _runs(self) -> Iterable[tuple[int, int, Stood]]:
        """Yield (first year, last year, how it stood): years without a judgement as one."""
        run: tuple[int, int, Stood] | None = None
        for year, one in sorted(self.stood.items()):
            if run and not one.judged and run[1] == year - 1 and run[2] == one:
                run = (run[0], year, one)
                continue
            if run:
                yield run
            run = (year, year, one)
        if run:
            yield run

    @property
    def words(self) -> str:
        """What the strip shows, in sentences of the active language."""
        said = []
        if self.asked:
            words = (
                _("Asked in %(years)s.")
                if self.kind == DemandKind.DEMAND
                else _("Declared in %(years)s.")
            )
            said.append(words % {"years": _in_years(self.asked)})
        if self.criticised:
            said.append(_("Criticised in %(years)s.") % {"years": _in_years(self.criticised)})
        if not said:
            said.append(_("Never raised, as far as the record shows."))
        if turns := self._turns():
            said.append(_("Judged %(turns)s.") % {"turns": ", ".join(turns)})
        if self.years.untold:
            years = ", ".join(str(year) for year in sorted(self.years.untold))
            said.append(_("No text in the record: %(years)s.") % {"years": years})
        return " ".join(said)

    def _turns(self) -> list[str]:
        """Return how it stood from which year, where that changed: "blocked: refused from 2012"."""
        turns: list[str] = []
        before = None
        for year, one in sorted(self.stood.items()):
            now = (one.status, one.reason)
            if now != before:
                words = lower_first(status_words(one.status, one.reason))
                turns.append(_("%(status)s from %(year)s") % {"status": words, "year": year})
            before = now
        return turns


def _in_years(counts: dict[int, int]) -> str:
    """Return years with their occasions: "2009, 2011 (2 ×)"."""
    return ", ".join(
        str(year) if n == 1 else _("%(year)s (%(n)d ×)") % {"year": year, "n": n}
        for year, n in sorted(counts.items())
    )


def years_of_record() -> Years | None:
    """Return the years that the record covers; None while nothing is published. One query.

    They reach from the first statement of the coalition or a member to the last one, or to the
    last judgement where that is later.
    """
    judged = (
        Assessment.objects.public()
        .counting()
        .order_by()
        .values_list(
            ExtractYear("date_last"),
            Value(None, output_field=PositiveSmallIntegerField()),
            Value(_JUDGED, output_field=CharField()),
            Value(0),
        )
    )
    seen: set[int] = set()
    told: set[int] = set()
    last_judged = 0
    for year, meeting_year, state, texts in statements_by_year().union(judged):
        if state == _JUDGED:
            last_judged = max(last_judged, year)
            continue
        found = years_of(year, meeting_year, state)
        seen |= found
        told |= found if texts else set()
    if not seen:
        return None
    first, last = min(seen), max(max(seen), last_judged)
    return Years(first, last, frozenset(range(first, last + 1)) - told)


def kept_years(stamp: str) -> Years | None:
    """Return the years of the record, asked for once until something public changes.

    ``stamp`` is the number of the published record (``conditional.stamp_of``).
    """
    key = f"strip-years:{stamp.replace(' ', 'T')}"
    years: Years | None = cache.get_or_set(key, years_of_record, KEPT)
    return years


def strips_of(
    demands: Collection[Demand], at: date | None = None, years: Years | None = None
) -> dict[int, Strip]:
    """Return the strips of these demands by key, in three queries however many they are.

    Args:
        demands: the rows to draw.
        at: the day on which judgements are old or not, by default today.
        years: those of the record, where they are at hand.

    Returns:
        A strip for each demand; nothing while the record holds no statement.
    """
    keys = [demand.pk for demand in demands]
    if not keys:
        return {}
    years = years or years_of_record()
    asked: dict[int, dict[int, int]] = defaultdict(dict)
    criticised: dict[int, dict[int, int]] = defaultdict(dict)
    asked_on: dict[int, dict[int, date]] = defaultdict(dict)
    occasions = Occasion.objects.filter(demand__in=keys)
    for key, year, times, blamed, first_day in (
        occasions.order_by()
        .values_list("demand_id", "year")
        .annotate(
            times=Count("pk", filter=Q(asked__gt=0)),
            blamed=Count("pk", filter=Q(criticised__gt=0)),
            first_day=Max("first_day", filter=Q(asked__gt=0)),
        )
    ):
        if times:
            asked[key][year] = times
            asked_on[key][year] = first_day
        if blamed:
            criticised[key][year] = blamed
    counting: dict[int, list[Assessment]] = defaultdict(list)
    rows = Assessment.objects.counting().filter(demand__in=keys).in_order()
    for one in rows.defer("rationale", "rationale_fr"):
        counting[one.demand_id].append(one)
    if years is None:
        return {}
    today = at or timezone.localdate()
    return {
        demand.pk: Strip(
            years,
            asked[demand.pk],
            criticised[demand.pk],
            _stood(counting[demand.pk], asked_on[demand.pk], years, today)
            if demand.kind == DemandKind.DEMAND
            else {},
            demand.kind,
        )
        for demand in demands
    }


def _stood(
    counting: Sequence[Assessment], asked_on: dict[int, date], years: Years, today: date
) -> dict[int, Stood]:
    """Return how a demand stood at the end of each year, where a judgement held.

    ``counting`` are its counting assessments in order; ``asked_on`` the last first possible day
    of an occasion on which it was asked, by year.
    """
    stood: dict[int, Stood] = {}
    seen = 0
    current: Assessment | None = None
    reviewed = last_asked = date.min
    for year in years.all:
        until = seen
        while until < len(counting) and _day(counting[until]).year <= year:
            until += 1
        new = counting[seen:until]
        if new:
            seen = until
            current, renewals = current_judgement(counting[:seen])
            reviewed = max((_day(one) for one in [current, *renewals] if one), default=date.min)
        last_asked = max(last_asked, asked_on.get(year, date.min))
        if current is None:
            continue
        end = min(date(year, 12, 31), today)
        old = last_asked > reviewed or reviewed < years_before(end, YEARS_UNTIL_OLD)
        judged = any(one.status != Status.NOT_ASSESSED for one in new if _day(one).year == year)
        stood[year] = Stood(current.status, current.reason, judged, old)
    return stood


def _day(one: Assessment) -> date:
    day: date = one.date_last  # type: ignore[attr-defined]
    return day


def with_strips(
    demands: Iterable[Demand], at: date | None = None, years: Years | None = None
) -> Years | None:
    """Put its ``strip`` on each of these demands, None where there is none to draw.

    ``years`` are those of the record, where they are at hand. Returns the years of the strips.
    """
    rows: list[Any] = list(demands)
    strips = strips_of(rows, at, years)
    for row in rows:
        row.strip = strips.get(row.pk)
    return next((strip.years for strip in strips.values()), None)
