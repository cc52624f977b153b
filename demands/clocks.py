"""Two clocks: on which day a demand stood so, and on which day this site said so (ADR 13).

``on`` is the day in the world: a judgement holds from its effective date, as judged now.
``known_on`` is the day of this site: only what was recorded and public by its end counts.
Both together: where it stood on the one day, by what the site said on the other.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from kptracker.lib.filter_kinds import DayField, DayFilter
from kptracker.lib.listing import BadParameterError
from kptracker.lib.partial_dates import in_words
from kptracker.lib.publishing import State

from .models import Demand

#: The parameters.
ON, KNOWN_ON = "on", "known_on"


def in_full(day: date) -> str:
    """Return a day as a reader says it: "9 November 2017"."""
    return in_words(day, "j F Y")


@dataclass(frozen=True)
class Clock:
    """The days asked for; without any it is now."""

    on: date | None = None
    known_on: date | None = None

    def __bool__(self) -> bool:
        return self.on is not None or self.known_on is not None

    @property
    def day(self) -> date:
        """The day by which ages are told: "not judged for two years"."""
        return self.on or self.known_on or timezone.localdate()

    @property
    def recorded_before(self) -> datetime | None:
        """The moment before which things must have been recorded to count; None: any."""
        if self.known_on is None:
            return None
        return datetime.combine(self.known_on + timedelta(days=1), time.min, UTC)

    @property
    def name(self) -> str:
        """Both days, for the names of files: "on-2017-11-09"; '' for now."""
        parts = [("on", self.on), ("known-on", self.known_on)]
        return "-".join(f"{word}-{day.isoformat()}" for word, day in parts if day)

    @property
    def query(self) -> str:
        """The parameters of an address: "?on=2017-11-09"; '' for now."""
        days = [(ON, self.on), (KNOWN_ON, self.known_on)]
        pairs = [(name, day.isoformat()) for name, day in days if day]
        return f"?{urlencode(pairs)}" if pairs else ""

    @cached_property
    def words(self) -> str:
        """Which clock and which day, as a sentence."""
        if self.on and self.known_on:
            return _("As it stood on %(on)s, by what this site said on %(known_on)s.") % {
                "on": in_full(self.on),
                "known_on": in_full(self.known_on),
            }
        if self.on:
            return _("As it stood on %(day)s, as judged now.") % {"day": in_full(self.on)}
        if self.known_on:
            return _("As this site said on %(day)s.") % {"day": in_full(self.known_on)}
        return ""

    def problems(self) -> dict[str, list[str]]:
        """Return why these days cannot be answered, by parameter; {} where they can."""
        today = timezone.localdate()
        for name, day in ((ON, self.on), (KNOWN_ON, self.known_on)):
            if day and day > today:
                sentence = _("%(day)s is still to come: write a day until today, %(today)s.")
                return {name: [sentence % {"day": day.isoformat(), "today": today.isoformat()}]}
        if self.known_on is None:
            return {}
        if self.on and self.on > self.known_on:
            sentence = _(
                "On %(known_on)s nobody could say how it would stand on %(on)s: write a day "
                "until %(known_on)s, or leave known_on out."
            )
            days = {"on": self.on.isoformat(), "known_on": self.known_on.isoformat()}
            return {ON: [sentence % days]}
        since = published_since()
        if since is None or self.known_on < since:
            sentence = _(
                "This site has published since %(since)s and said nothing on %(day)s: write "
                "%(since)s or a later day. on=%(day)s tells how it stood then, as judged now."
            )
            days = {"since": (since or today).isoformat(), "day": self.known_on.isoformat()}
            return {KNOWN_ON: [sentence % days]}
        return {}


#: No other day: as it is now.
NOW = Clock()


def published_since() -> date | None:
    """Return the day on which the first of today's public demands was published here."""
    shown = Demand.history.filter(
        state=State.PUBLISHED, id__in=Demand.objects.public().values("pk")
    )
    first = shown.order_by("history_date").values_list("history_date", flat=True).first()
    return first.astimezone(UTC).date() if first else None


def clock_of(params: QueryDict) -> Clock:
    """Return the clock that a page's parameters ask for. Raises BadParameterError."""
    problems: dict[str, list[str]] = {}
    days: dict[str, date | None] = {}
    for name in (ON, KNOWN_ON):
        if len(params.getlist(name)) > 1:
            problems[name] = [_("It is given more than once.")]
            continue
        try:
            days[name] = DayField(required=False).clean(params.get(name) or None)
        except ValidationError as error:
            problems[name] = list(error.messages)
    clock = Clock(**days)
    if problems or (problems := clock.problems()):
        raise BadParameterError(problems)
    return clock


class ClockFilter(DayFilter):
    """A day of which the rows tell: no row is left out by it. It has a form of its own."""

    shape = "moment"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(on=lambda day: Q(), **kwargs)

    def filter(self, qs: Any, value: Any) -> Any:
        """Leave the rows as they are: ``ListFilterSet.queryset`` tells of the day already."""
        return qs

    def labels(self, values: Any, found: dict[str, str]) -> list[str]:
        """Write the day as a reader says it."""
        return [in_full(date.fromisoformat(value)) for value in values]
