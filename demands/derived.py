"""What follows from mentions and assessments: counts, dates, occasions and status of demands.

``settle`` is the one function that writes the derived columns of ``Demand`` and the rollup
``Occasion``. It runs in the transaction of the change that made it necessary, passes by the
history (a counter is no edit), and can be run at any time: it only repeats what the rows say.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from kptracker.lib.partial_dates import PartialDate
from kptracker.lib.publishing import State
from kptracker.lib.writing import after_write, raise_stamp
from statements.models import Meeting, Statement
from statements.models.statements import COUNTED_VOICES

from .codes import AssessmentKind, DemandKind, MentionKind, Status
from .models import Assessment, Demand, Mention, Occasion
from .models.demands import DERIVED

#: SQLite takes a limited number of parameters in one statement.
BATCH = 500


@dataclass
class Figures:
    """The derived columns of one demand, as computed from its mentions and assessments."""

    columns: dict[str, Any]
    occasions: list[Occasion] = field(default_factory=list)


def batched(values: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Yield ``values`` in lists of at most ``size``."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


def occasion_key(meeting_id: int | None, known: PartialDate) -> str:
    """Return what makes two statements one occasion.

    Their meeting ("meeting-12"); outside meetings the month ("2021-05"), or the year where
    only that is known.
    """
    if meeting_id:
        return f"meeting-{meeting_id}"
    return str(known)[:7]


#: What occasions are made of, of each mention.
MENTIONED = (
    "demand_id",
    "kind",
    "statement__meeting_id",
    "statement__meeting__year",
    "statement__meeting__state",
    "statement__date_first",
    "statement__date_last",
    "statement__sort_on",
    "statement__voice",
)


def mentioned(mentions: QuerySet) -> dict[int, list[dict[str, Any]]]:
    """Return those of some public mentions that count, by demand and in order of time."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = mentions.filter(statement__voice__in=COUNTED_VOICES)
    rows = rows.order_by("statement__sort_on", "statement__date_first", "id")
    for row in rows.values(*MENTIONED):
        if row["statement__meeting__state"] != State.PUBLISHED:
            # A meeting that nobody sees makes no occasion and lends no year.
            row["statement__meeting_id"] = row["statement__meeting__year"] = None
        found[row["demand_id"]].append(row)
    return found


def occasions_of(mentions: Iterable[dict[str, Any]]) -> dict[str, Occasion]:
    """Return the occasions that the mentions of one demand make, by key; they are not stored."""
    found: dict[str, Occasion] = {}
    for row in mentions:
        known = PartialDate(row["statement__date_first"], row["statement__date_last"])
        key = occasion_key(row["statement__meeting_id"], known)
        occasion = found.get(key)
        if occasion is None:
            occasion = found[key] = Occasion(
                demand_id=row["demand_id"],
                meeting_id=row["statement__meeting_id"],
                key=key,
                year=row["statement__meeting__year"] or known.first.year,
                first_day=known.first,
                last_day=row["statement__sort_on"],
            )
        occasion.first_day = min(occasion.first_day, known.first)
        occasion.last_day = max(occasion.last_day, row["statement__sort_on"])
        if row["kind"] == MentionKind.DEMANDED:
            occasion.asked += 1
            occasion.asked_by_coalition |= row["statement__voice"] == "coalition"
        elif row["kind"] == MentionKind.CRITICISED:
            occasion.criticised += 1
            occasion.criticised_by_coalition |= row["statement__voice"] == "coalition"
        else:
            occasion.welcomed += 1
    return found


def _raised(mentions: Sequence[dict[str, Any]], *kinds: str) -> tuple[Any, Any]:
    """Return the first and the last mention of these kinds, by the day they sort on."""
    rows = [row for row in mentions if row["kind"] in kinds]
    return (rows[0], rows[-1]) if rows else (None, None)


def _date_columns(name: str, row: dict[str, Any] | None) -> dict[str, date | None]:
    return {
        f"{name}_first": row["statement__date_first"] if row else None,
        f"{name}_last": row["statement__date_last"] if row else None,
    }


def _mention_columns(
    mentions: Sequence[dict[str, Any]], occasions: Iterable[Occasion]
) -> dict[str, Any]:
    """Return counts and dates; ``mentions`` are the counted ones in order of time."""
    first_asked, last_asked = _raised(mentions, MentionKind.DEMANDED)
    last_raised = _raised(mentions, MentionKind.DEMANDED, MentionKind.CRITICISED)[1]
    found = list(occasions)
    return {
        "asked_count": sum(1 for one in found if one.asked),
        "asked_by_members_count": sum(
            1 for one in found if one.asked and not one.asked_by_coalition
        ),
        "criticised_count": sum(1 for one in found if one.criticised),
        "criticised_by_members_count": sum(
            1 for one in found if one.criticised and not one.criticised_by_coalition
        ),
        "welcomed_count": sum(1 for one in found if one.welcomed),
        **_date_columns("first_asked", first_asked),
        **_date_columns("last_asked", last_asked),
        **_date_columns("last_raised", last_raised),
        "last_raised_on": last_raised["statement__sort_on"] if last_raised else date.min,
    }


def _status_columns(kind: str, counting: Sequence[Assessment]) -> dict[str, Any]:
    """Return where a demand stands; ``counting`` are its assessments in order."""
    columns: dict[str, Any] = {
        "status": (Status.NOT_ASSESSED if kind == DemandKind.DEMAND else Status.NOT_APPLICABLE),
        "reason": "",
        "brought_about_by": "",
        "status_date_first": None,
        "status_date_last": None,
        "status_since_first": None,
        "status_since_last": None,
        "reviewed_on": None,
        "provisional": False,
        "judged_count": sum(1 for one in counting if one.status != Status.NOT_ASSESSED),
    }
    current, renewals = current_judgement(counting)
    if current is None or kind != DemandKind.DEMAND:
        return columns
    since = beginning(current, counting)
    columns |= {
        "status": current.status,
        "reason": current.reason,
        "brought_about_by": current.brought_about_by,
        "status_date_first": current.date_first,  # type: ignore[attr-defined]
        "status_date_last": current.date_last,  # type: ignore[attr-defined]
        "status_since_first": since.first,
        "status_since_last": since.last,
        "reviewed_on": max(one.date_last for one in [current, *renewals]),  # type: ignore[attr-defined]
        "provisional": not any(one.reviewed_by for one in [current, *renewals]),
    }
    return columns


def beginning(current: Assessment, counting: Sequence[Assessment]) -> PartialDate:
    """Return since when the judgement that holds has held without a break.

    A judgement may repeat the one before it: then it has held since the first of the run.
    """
    since: PartialDate = current.date
    changes = [one for one in counting if one.kind == AssessmentKind.CHANGED]
    said = (current.status, current.reason, current.brought_about_by)
    for earlier in reversed(changes[: changes.index(current)]):
        if (earlier.status, earlier.reason, earlier.brought_about_by) != said:
            break
        since = earlier.date
    return since


def current_judgement(
    counting: Sequence[Assessment],
) -> tuple[Assessment | None, list[Assessment]]:
    """Return the judgement that holds, and the confirmations that renewed it since.

    ``counting`` are the counting assessments of one demand in order. None where there is
    none, or where the last one withdrew an earlier judgement.
    """
    current: Assessment | None = None
    renewals: list[Assessment] = []
    for one in counting:
        if one.kind == AssessmentKind.CONFIRMED:
            # It renews what it confirmed, not a correction that came in between.
            if current and (one.status, one.reason) == (current.status, current.reason):
                renewals.append(one)
        else:
            current, renewals = one, []
    if current is None or current.status == Status.NOT_ASSESSED:
        return None, []
    return current, renewals


def figures(keys: Sequence[int]) -> Iterator[tuple[int, Figures]]:
    """Compute the derived columns and occasions of these demands from the rows themselves."""
    kinds = dict(Demand.objects.filter(pk__in=keys).values_list("pk", "kind"))
    mentions = mentioned(Mention.objects.public().filter(demand__in=keys))
    assessments: dict[int, list[Assessment]] = defaultdict(list)
    for one in Assessment.objects.counting().filter(demand__in=keys).in_order():
        assessments[one.demand_id].append(one)
    for key, kind in kinds.items():
        occasions = occasions_of(mentions[key])
        columns = _mention_columns(mentions[key], occasions.values())
        columns |= _status_columns(kind, assessments[key])
        yield key, Figures(columns, list(occasions.values()))


@transaction.atomic
def settle(keys: Iterable[int]) -> int:
    """Bring the derived columns and occasions of these demands in step; return how many changed.

    Raises the stamp of the public record where anything did.
    """
    changed = 0
    for batch in batched(sorted(set(keys))):
        before = {
            row["pk"]: row for row in Demand.objects.filter(pk__in=batch).values("pk", *DERIVED)
        }
        stored = _stored_occasions(batch)
        for key, found in figures(batch):
            drifted = False
            if any(before[key][name] != value for name, value in found.columns.items()):
                Demand.objects.filter(pk=key).update(**found.columns)
                drifted = True
            if stored[key] != {_as_tuple(one) for one in found.occasions}:
                Occasion.objects.filter(demand=key).delete()
                Occasion.objects.bulk_create(found.occasions, batch_size=BATCH)
                drifted = True
            changed += drifted
    if changed:
        raise_stamp()
    return changed


def _as_tuple(one: Occasion) -> tuple[Any, ...]:
    return (
        one.key,
        one.meeting_id,
        one.year,
        one.first_day,
        one.last_day,
        one.asked,
        one.criticised,
        one.welcomed,
        one.asked_by_coalition,
        one.criticised_by_coalition,
    )


def _stored_occasions(keys: Sequence[int]) -> dict[int, set[tuple[Any, ...]]]:
    stored: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    for one in Occasion.objects.filter(demand__in=keys):
        stored[one.demand_id].add(_as_tuple(one))
    return stored


def drift() -> Iterator[str]:
    """Yield a sentence for each derived value that differs from what the rows say."""
    keys = Demand.objects.order_by("pk").values_list("pk", flat=True)
    for batch in batched(keys.iterator()):
        before = {
            row["pk"]: row
            for row in Demand.objects.filter(pk__in=batch).values("pk", "reference", *DERIVED)
        }
        stored = _stored_occasions(batch)
        for key, found in figures(batch):
            for name, value in found.columns.items():
                if before[key][name] != value:
                    yield (
                        f"{before[key]['reference']}: {name} is {before[key][name]!r}, "
                        f"the rows say {value!r}"
                    )
            if stored[key] != {_as_tuple(one) for one in found.occasions}:
                yield f"{before[key]['reference']}: its occasions differ from its mentions"
    for mention in Mention.objects.exclude(raised_on=F("statement__sort_on")).values_list(
        "reference", flat=True
    ):
        yield f"{mention}: its day is not the day of its statement"


def _follow_demands(rows: Sequence[Demand]) -> None:
    settle(row.pk for row in rows)


def _follow_mentions(rows: Sequence[Mention]) -> None:
    for batch in batched(row.pk for row in rows):
        mentions = Mention.objects.filter(pk__in=batch)
        for key, day in mentions.values_list("pk", "statement__sort_on"):
            Mention.objects.filter(pk=key).update(raised_on=day)
    settle(_demands_of(rows))


def _demands_of(rows: Iterable[Mention]) -> set[int]:
    """Return the demands of these mentions, and those they were moved away from."""
    touched: set[int] = set()
    for row in rows:
        touched.add(row.demand_id)
        touched.update(getattr(row, "moved_from", ()))
    return touched


def _follow_statements(rows: Sequence[Statement]) -> None:
    touched: set[int] = set()
    for batch in batched([row.pk for row in rows]):
        mentions = Mention.objects.filter(statement__in=batch)
        for key, day, demand in mentions.values_list("pk", "statement__sort_on", "demand_id"):
            Mention.objects.filter(pk=key).update(raised_on=day)
            touched.add(demand)
    settle(touched)


def _follow_meetings(rows: Sequence[Meeting]) -> None:
    statements: list[Statement] = []
    for batch in batched([row.pk for row in rows]):
        statements.extend(Statement.objects.filter(meeting__in=batch).only("pk"))
    _follow_statements(statements)


def _follow_assessments(rows: Sequence[Assessment]) -> None:
    settle(row.demand_id for row in rows)


def connect() -> None:
    """Follow every write of a meeting, statement, demand, mention or assessment."""
    after_write(Meeting, _follow_meetings)
    after_write(Statement, _follow_statements)
    after_write(Demand, _follow_demands)
    after_write(Mention, _follow_mentions)
    after_write(Assessment, _follow_assessments)
