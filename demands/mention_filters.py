"""The filters of demands raised in statements, one by one."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kptracker.lib.filter_kinds import (
    CodeFilter,
    FlagFilter,
    KeyFilter,
    RelatedFilter,
    TextFilter,
    YearBoundFilter,
    YearFilter,
)
from kptracker.lib.filtering import ListFilterSet
from statements.models import Meeting, Organisation, Person, Statement

from . import around_meeting
from .at_meetings import MeetingKindFilter, in_year
from .models import Demand, DemandAddressee, Theme


class AskedOfFilter(KeyFilter):
    """Mentions of demands that are addressed to one of the chosen organisations."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            path="organisation",
            model=Organisation,
            name_column="name",
            through=DemandAddressee.objects.all,
            to_row="demand__mentions",
            **kwargs,
        )

    def grouped(self, rows: QuerySet) -> QuerySet:
        """Count from the mentions: a demand names an organisation once, so nothing doubles."""
        choice = F("demand__addressee_links__organisation")
        groups = rows.order_by().values(choice=choice).annotate(rows=Count("pk"))
        return groups.values_list("choice", "rows")


class MentionFilters(ListFilterSet):
    """Demands raised in statements, one by one."""

    nouns = (_("mention"), _("mentions"))

    q = TextFilter(field_name="text_key", label=_("Words"), phrase=_("with the words %(values)s"))
    kind = CodeFilter(
        field_name="kind", vocabulary="mention_kind", label=_("How raised"), adjective=True
    )
    voice = CodeFilter(
        field_name="statement__voice",
        vocabulary="voice",
        label=_("Voice"),
        phrase=_("in the voice of: %(values)s"),
    )
    wording = FlagFilter(
        label=_("Wording"),
        phrase=_("(%(values)s)"),
        flags={
            "verbatim": (
                _("Word for word"),
                lambda: ~Q(quote=""),
            ),
            "paraphrase": (
                _("In our words"),
                lambda: Q(quote=""),
            ),
        },
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
    addressee = AskedOfFilter(label=_("Asked of"), phrase=_("of what is asked of %(values)s"))
    statement = KeyFilter(
        path="statement",
        model=Statement,
        name_column="title",
        label=_("Statement"),
        phrase=pgettext_lazy("a statement", "in %(values)s"),
    )
    meeting = KeyFilter(
        path="statement__meeting",
        model=Meeting,
        name_column="title",
        label=_("Meeting"),
        phrase=_("at %(values)s"),
    )
    meeting_kind = MeetingKindFilter(
        path="statement__meeting",
        label=_("Kind of meeting"),
        phrase=_("(kind of meeting: %(values)s)"),
    )
    year = YearFilter(
        column="statement__date_first", of_date=True, label=_("Year"), phrase=_("of %(values)s")
    )
    year_from = YearBoundFilter(
        on=lambda year: in_year("gte", year),
        label=_("Occasions from the year"),
        phrase=_("on occasions from %(values)s on"),
    )
    year_to = YearBoundFilter(
        on=lambda year: in_year("lte", year),
        label=_("Occasions until the year"),
        phrase=_("on occasions until %(values)s"),
    )
    speaker = KeyFilter(
        path="speaker",
        model=Person,
        name_column="full_name",
        bilingual=False,
        label=_("Speaker"),
        phrase=_("voiced by %(values)s"),
    )
    before = RelatedFilter(
        model=Meeting,
        name_column="title",
        on=around_meeting.raised_before,
        label=_("Raised before"),
        phrase=_("before %(values)s"),
    )
