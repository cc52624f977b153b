"""How long a demand stood how: its judgements as stretches of time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kptracker.lib.partial_dates import PartialDate

from .codes import AssessmentKind, Status
from .models import Assessment
from .querysets import YEARS_UNTIL_OLD, years_before
from .standing import SIGNS, Standing, status_words


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time in which a demand stood the same, by the judgements that count.

    ``since`` is the first day of the unbroken run, which began earlier where the same was
    confirmed only later. ``until`` is None while it lasts.
    """

    judgement: Assessment
    standing: Standing
    since: PartialDate
    start: PartialDate
    until: PartialDate | None = None
    #: The days by which it was judged or confirmed, in order.
    reviews: tuple[date, ...] = ()

    @property
    def later_in_run(self) -> bool:
        """Whether the same held before, not confirmed."""
        return self.since != self.start


def stretches_of(assessments: Iterable[Assessment]) -> list[Stretch]:
    """Return how a demand stood, stretch by stretch, by its judgements in order.

    Those that a later one replaced do not count. A judgement that repeats the one before goes
    on with its stretch; one by which the coalition confirms it begins a new one of the same run.
    """
    found: list[Stretch] = []
    before: Assessment | None = None
    for one, confirmed, reviews in judgements(assessments):
        if one.status == Status.NOT_ASSESSED:
            found = _ended(found, one)
            before = None
            continue
        same = before is not None and _says(before) == _says(one)
        before = one
        if same and found[-1].standing.confirmed == confirmed:
            found[-1] = replace(found[-1], reviews=(*found[-1].reviews, *reviews))
            continue
        since = found[-1].since if same else one.date
        standing = standing_by(one, confirmed)
        stretch = Stretch(one, standing, since, one.date, reviews=reviews)
        found = [*_ended(found, one), stretch]
    return found


def judgements(
    assessments: Iterable[Assessment],
) -> list[tuple[Assessment, bool, tuple[date, ...]]]:
    """Return the changes that count, and whether the coalition put its name to each, or after.

    With each go the days by which it was judged and confirmed: a judgement that only confirms
    belongs to the change before it.
    """
    found: list[tuple[Assessment, bool, tuple[date, ...]]] = []
    for one in assessments:
        if hasattr(one, "corrected_by"):
            continue
        if one.kind != AssessmentKind.CONFIRMED:
            found.append((one, bool(one.reviewed_by), (one.date.last,)))
        elif found and (one.status, one.reason) == (found[-1][0].status, found[-1][0].reason):
            change, named, days = found[-1]
            found[-1] = change, named or bool(one.reviewed_by), (*days, one.date.last)
    return found


def _says(one: Assessment) -> tuple[str, str, str]:
    return one.status, one.reason, one.brought_about_by


def standing_by(one: Assessment, confirmed: bool) -> Standing:
    """Return where a demand stood by a judgement, which may have been confirmed after it."""
    words = status_words(one.status, one.reason)
    return Standing(one.status, SIGNS[one.status], words, one.date, True, confirmed)


def _ended(found: list[Stretch], by: Assessment) -> list[Stretch]:
    """Return the stretches, the last of which ends with a judgement, unless it ended before."""
    if not found or found[-1].until is not None:
        return found
    return [*found[:-1], replace(found[-1], until=by.date)]


def old_times(stretch: Stretch, asked: Iterable[date], today: date) -> list[tuple[date, date]]:
    """Return the times within a stretch in which its judgement was old: from a day to another.

    Old from the day on which the demand was asked again, or two years after the judgement,
    until it was confirmed; the rule of ``standing.age_words``, day by day.
    """
    ends = stretch.until.first if stretch.until else today + timedelta(days=1)
    found = []
    for place, reviewed in enumerate(stretch.reviews):
        until = min([*stretch.reviews[place + 1 : place + 2], ends])
        again = min((day for day in asked if day > reviewed), default=ends)
        from_day = min(again, years_before(reviewed, -YEARS_UNTIL_OLD) + timedelta(days=1))
        if from_day < until:
            found.append((from_day, until))
    return found
