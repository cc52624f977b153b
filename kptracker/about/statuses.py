"""How status is judged: each status and reason, and how many demands stand there today."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from demands.codes import REASONS, STATUS_ORDER, DemandKind, Status
from demands.models import Assessment, Demand
from demands.standing import SIGNS, Standing, status_words
from kptracker.lib import vocabularies

#: What the definition of a status leaves to be asked.
MORE = {
    Status.MET: _(
        "It says that the thing is there, not that it is there because it was asked; who brought "
        "it about is said beside it."
    ),
    Status.PARTLY_MET: _("The page of the demand says which part, and what is missing."),
    Status.UNDER_DISCUSSION: _("Talk alone, however long, goes no further than this."),
    Status.NO_MOVEMENT: _("Unlike “not assessed”: there is a source by which to judge."),
    Status.BLOCKED: _("It is never shown without its reason."),
    Status.REVERSED: _(
        "What was gained is not forgotten: the earlier judgement stays in the list."
    ),
    Status.CLOSED: _(
        "It is never shown without its reason; one that failed counts as unmet in every total."
    ),
    Status.NOT_ASSESSED: _("This is a gap in what we know, and says nothing of the demand."),
    Status.NOT_APPLICABLE: _("It is left out of every total and of the filters."),
}


@dataclass(frozen=True)
class Entry:
    """A status or a reason: its code, words and meaning, how many stand there, and where."""

    code: str
    words: str
    meaning: str
    more: Any
    rows: int
    url: str
    standing: Standing
    reasons: tuple["Entry", ...] = ()


@dataclass(frozen=True)
class Statuses:
    """The figures of the page."""

    entries: list[Entry]
    demands: int
    judged: int
    confirmed: int
    old: int
    judgements: int
    replaced: int
    kinds: list[vocabularies.Term]
    brought_about: list[vocabularies.Term]


def statuses() -> Statuses:
    """Return every status with its reasons and figures, in three queries."""
    demands: Any = Demand.objects.public().filter(kind=DemandKind.DEMAND)
    by_status: Counter = Counter()
    by_reason: Counter = Counter()
    provisional = 0
    for status, reason, rows, not_confirmed in (
        demands.order_by()
        .values_list("status", "reason")
        .annotate(rows=Count("pk"), not_confirmed=Count("pk", filter=Q(provisional=True)))
    ):
        by_status[status] += rows
        by_reason[status, reason] += rows
        provisional += not_confirmed
    others = Demand.objects.public().exclude(kind=DemandKind.DEMAND)
    judgements = Assessment.objects.public().aggregate(
        rows=Count("pk"), replaced=Count("pk", filter=Q(corrected_by__isnull=False))
    )
    judged = by_status.total() - by_status[Status.NOT_ASSESSED]
    by_status[Status.NOT_APPLICABLE] = others.count()
    return Statuses(
        entries=[
            _entry(status, by_status, by_reason)
            for status in (*STATUS_ORDER, Status.NOT_APPLICABLE)
        ],
        demands=by_status.total() - by_status[Status.NOT_APPLICABLE],
        judged=judged,
        confirmed=judged - provisional,
        old=demands.old().count(),
        judgements=judgements["rows"],
        replaced=judgements["replaced"],
        kinds=_terms("evidence_kind"),
        brought_about=_terms("brought_about_by"),
    )


def _terms(vocabulary: str) -> list[vocabularies.Term]:
    return list(vocabularies.terms(vocabulary).values())


def _entry(status: str, by_status: Counter, by_reason: Counter) -> Entry:
    reasons = tuple(
        Entry(
            reason,
            vocabularies.label("reason", reason),
            _meaning("reason", reason),
            "",
            by_reason[status, reason],
            _list([("status", status), ("reason", reason)]),
            _standing(status, reason),
        )
        for reason in REASONS.get(status, ())
    )
    others = [("kind", kind) for kind in (DemandKind.POSITION, DemandKind.COMMITMENT)]
    wanted = others if status == Status.NOT_APPLICABLE else [("status", status)]
    return Entry(
        status,
        vocabularies.label("status", status),
        _meaning("status", status),
        MORE[status],
        by_status[status],
        _list(wanted),
        _standing(status),
        reasons,
    )


def _standing(status: str, reason: str = "") -> Standing:
    """Return a status as it looks while nobody has confirmed it."""
    return Standing(status, SIGNS[status], status_words(status, reason), None, True, False)


def _meaning(vocabulary: str, code: str) -> str:
    return vocabularies.terms(vocabulary)[code].definition_in()


def _list(wanted: Iterable[tuple[str, str]]) -> str:
    return f"{reverse('demands:demands')}?{urlencode(list(wanted))}"
