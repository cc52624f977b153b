"""What may be chosen of the matrix: rows as in the list of demands, columns, colours."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.filter_kinds import CodeFilter, FlagFilter, KeyFilter, YearBoundFilter
from kptracker.lib.filtering import ListFilter, shown
from statements.models.meetings import GREAT_MEETINGS

from .clocked import ClockedFilters
from .codes import STATUS_ORDER, DemandKind
from .models import Theme

#: Colours by how often it was asked (no parameter), or by the status after the meeting.
BY_STATUS = "status"


class MeetingsShownFilter(CodeFilter):
    """The kinds of meetings that are columns: no demand is left out by it."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Leave the rows as they are."""
        return qs


class YearShownFilter(YearBoundFilter):
    """The first or the last year of the columns: no demand is left out by it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(on=lambda year: Q(), **kwargs)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Leave the rows as they are."""
        return qs


class ColourFilter(ListFilter):
    """By what the cells are coloured."""

    shape = "one"

    def make_field(self) -> forms.Field:
        """Accept "status", or nothing."""
        return forms.CharField(required=False, validators=[_is_a_colour])

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Leave the rows as they are."""
        return qs


def _is_a_colour(value: str) -> None:
    if value != BY_STATUS:
        raise ValidationError(
            _("“%(value)s” is not among the choices: %(choices)s.")
            % {"value": shown(value), "choices": BY_STATUS}
        )


class MatrixFilters(ClockedFilters):
    """Demands, unless positions or commitments are asked for, and the meetings beside them."""

    nouns = (gettext_lazy("demand"), gettext_lazy("demands"))
    #: It opens on the great meetings; all others are "elsewhere".
    defaults = {"kind": [DemandKind.DEMAND], "meeting_kind": [*GREAT_MEETINGS]}

    theme = KeyFilter(
        path="theme",
        model=Theme,
        name_column="name",
        shape="checks",
        label=gettext_lazy("Themes"),
    )
    meeting_kind = MeetingsShownFilter(
        field_name="kind", vocabulary="meeting_kind", label=gettext_lazy("Meetings")
    )
    year_from = YearShownFilter(label=gettext_lazy("From"))
    year_to = YearShownFilter(label=gettext_lazy("To"))
    part = FlagFilter(
        label=gettext_lazy("Whole or part"),
        flags={
            "whole": (gettext_lazy("Whole demands"), lambda at=None: Q(parent__isnull=True)),
            "part": (gettext_lazy("Parts of another"), lambda at=None: Q(parent__isnull=False)),
        },
    )
    status = CodeFilter(
        field_name="status",
        vocabulary="status",
        order=STATUS_ORDER,
        label=gettext_lazy("Where it stands"),
    )
    kind = CodeFilter(field_name="kind", vocabulary="demand_kind", label=gettext_lazy("Kind"))
    colour = ColourFilter(label=gettext_lazy("Coloured by"))
