"""The filters of judgements, one by one."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kptracker.lib.filter_kinds import (
    CodeFilter,
    DayFilter,
    FlagFilter,
    KeyFilter,
    YearFilter,
)
from kptracker.lib.filtering import ListFilterSet

from .changes import in_a_load, recorded_between
from .codes import STATUS_ORDER
from .models import Demand, Evidence, Theme


class AssessmentFilters(ListFilterSet):
    """Judgements of where demands stand, one by one."""

    nouns = (_("judgement"), _("judgements"))

    status = CodeFilter(
        field_name="status",
        vocabulary="status",
        order=STATUS_ORDER,
        label=_("Status"),
        phrase=_("“%(values)s”"),
    )
    reason = CodeFilter(
        field_name="reason",
        vocabulary="reason",
        label=_("Reason"),
        phrase=_("(reason: %(values)s)"),
    )
    kind = CodeFilter(
        field_name="kind",
        vocabulary="assessment_kind",
        label=_("Changed or confirmed"),
        phrase=_("(%(values)s)"),
    )
    review = FlagFilter(
        label=_("Review"),
        phrase=_("(%(values)s)"),
        flags={
            "provisional": (_("Provisional"), lambda: Q(reviewed_by="")),
            "reviewed": (_("Reviewed by the coalition"), lambda: ~Q(reviewed_by="")),
        },
    )
    standing = FlagFilter(
        label=_("Does it count"),
        phrase=_("(%(values)s)"),
        flags={
            "counts": (_("Counts"), lambda: Q(corrected_by__isnull=True)),
            "replaced": (_("Replaced by a later one"), lambda: Q(corrected_by__isnull=False)),
        },
    )
    evidence = CodeFilter(
        field_name="kind",
        through=Evidence.objects.all,
        to_row="assessment",
        vocabulary="evidence_kind",
        label=_("Evidence"),
        phrase=_("resting on: %(values)s"),
    )
    theme = KeyFilter(
        path="demand__theme",
        model=Theme,
        name_column="name",
        shape="checks",
        label=_("Theme"),
        phrase=_("on %(values)s"),
    )
    demand = KeyFilter(
        path="demand",
        model=Demand,
        name_column="title",
        label=_("Demand"),
        phrase=_("of the demand %(values)s"),
    )
    year = YearFilter(column="date_first", of_date=True, label=_("Year"), phrase=_("of %(values)s"))
    recorded = FlagFilter(
        label=_("Recorded"),
        phrase=_("(recorded: %(values)s)"),
        flags={
            "together": (_("Together with others, in a load"), in_a_load),
            "alone": (_("One by one"), lambda: ~in_a_load()),
        },
    )
    recorded_on = DayFilter(
        label=_("Recorded on"),
        phrase=_("recorded on %(values)s"),
        on=lambda day: recorded_between(day, day),
    )
