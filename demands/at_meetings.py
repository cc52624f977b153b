"""At which kind of meeting, and in which year, something was raised: the occasions of mentions.

The rules are those by which ``derived`` makes occasions, so that a list of mentions holds the
very rows that an occasion counts: a meeting that is not public makes no occasion and lends no
year.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.translation import gettext as _

from kptracker.lib.filter_kinds import CodeFilter
from kptracker.lib.publishing import State

#: Beside the codes of ``meeting_kind``: what was said outside meetings.
NO_MEETING = "none"


def in_year(lookup: str, year: int) -> Q:
    """Return the condition that a mention's occasion lies from ("gte") or until ("lte") a year."""
    at_meeting = Q(statement__meeting__state=State.PUBLISHED)
    outside = Q(statement__meeting__isnull=True) | ~at_meeting
    day = date(year, 1, 1) if lookup == "gte" else date(year, 12, 31)
    return at_meeting & Q(**{f"statement__meeting__year__{lookup}": year}) | outside & Q(
        **{f"statement__date_first__{lookup}": day}
    )


class MeetingKindFilter(CodeFilter):
    """Rows of one of the chosen kinds of public meetings, or of none ("none").

    ``path`` leads from the row to the meeting.
    """

    def __init__(self, *, path: str, **kwargs: Any) -> None:
        self.path = path
        super().__init__(vocabulary="meeting_kind", field_name=f"{path}__kind", **kwargs)
        self.codes = [*self.codes, NO_MEETING]

    def condition(self, value: Any) -> Q:
        """One of the kinds, or no meeting that visitors see."""
        public = Q(**{f"{self.path}__state": State.PUBLISHED})
        found = public & Q(**{f"{self.field_name}__in": value})
        if NO_MEETING in value:
            found |= Q(**{f"{self.path}__isnull": True}) | ~public
        return found

    def choices(self) -> Any:
        """Count by kind; of a meeting that is not public nothing is told."""
        return Case(
            When(**{f"{self.path}__state": State.PUBLISHED}, then=F(self.field_name)),
            default=Value(NO_MEETING),
            output_field=CharField(),
        )

    def labels(self, values: Sequence[str], found: dict[str, str]) -> list[str]:
        """Take the labels from the vocabulary; "none" is ours."""
        return [
            _("no meeting") if value == NO_MEETING else label
            for value, label in zip(values, super().labels(values, found), strict=True)
        ]

    def options(self, counted: Any, chosen: Sequence[str], found: dict[str, str]) -> list[Any]:
        """Offer the kinds, and "no meeting" last."""
        return [
            one
            if one.value != NO_MEETING
            else type(one)(one.value, _("No meeting"), one.rows, one.chosen)
            for one in super().options(counted, chosen, found)
        ]
