"""The filters of demands, mentions and assessments."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kptracker.lib.filter_kinds import (
    AtLeastFilter,
    CodeFilter,
    DayFilter,
    FlagFilter,
    KeyFilter,
    RelatedFilter,
    TextFilter,
    YearBoundFilter,
    YearFilter,
)
from kptracker.lib.filtering import ListFilterSet
from statements.models import Meeting, Organisation, Person, Statement
from statements.querysets import public_person

from . import around_meeting
from .at_meetings import MeetingKindFilter, in_year
from .changes import in_a_load, recorded_between
from .codes import STATUS_ORDER, DemandKind
from .models import Demand, DemandAddressee, Evidence, Mention, Occasion, Theme
from .querysets import (
    JUDGED,
    asked_since_judged,
    dormant,
    judged_long_ago,
    old_judgement,
    recent_judgement,
    still_asked,
)


def _asked() -> QuerySet:
    """Occasions on which something was asked, not only criticised or welcomed."""
    return Occasion.objects.filter(asked__gt=0)


def _criticised() -> QuerySet:
    """Occasions on which something was criticised."""
    return Occasion.objects.filter(criticised__gt=0)


def _voiced() -> QuerySet:
    """Mentions that visitors may see, of speakers who may be named."""
    return Mention.objects.public().filter(public_person("speaker__"))


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


class DemandFilters(ListFilterSet):
    """Demands, unless positions or commitments are asked for."""

    nouns = (_("demand"), _("demands"))
    defaults = {"kind": [DemandKind.DEMAND]}

    q = TextFilter(field_name="text_key", label=_("Words"), phrase=_("with the words %(values)s"))
    status = CodeFilter(
        field_name="status",
        vocabulary="status",
        order=STATUS_ORDER,
        label=_("Where it stands"),
        adjective=True,
    )
    reason = CodeFilter(
        field_name="reason",
        vocabulary="reason",
        label=_("Reason"),
        phrase=_("(reason: %(values)s)"),
    )
    judgement = FlagFilter(
        label=_("Judgement"),
        phrase=_("(%(values)s)"),
        flags={
            "asked_again": (
                _("Asked again since"),
                lambda: JUDGED & asked_since_judged(),
            ),
            "two_years": (
                _("Not judged for two years"),
                lambda: JUDGED & judged_long_ago(),
            ),
            "confirmed": (_("Confirmed"), lambda: JUDGED & Q(provisional=False)),
            "provisional": (_("Provisional"), lambda: JUDGED & Q(provisional=True)),
        },
    )
    age = FlagFilter(
        label=_("Age of the judgement"),
        phrase=_("(%(values)s)"),
        flags={
            "recent": (_("Recent"), lambda: JUDGED & recent_judgement()),
            "old": (_("Old: asked again, or over two years"), lambda: JUDGED & old_judgement()),
        },
    )
    activity = FlagFilter(
        label=_("Activity"),
        phrase=_("(%(values)s)"),
        flags={
            "asked": (_("Not met, asked within three years"), still_asked),
            "dormant": (_("Dormant, not raised for five years"), dormant),
        },
    )
    brought_about_by = CodeFilter(
        field_name="brought_about_by",
        vocabulary="brought_about_by",
        label=_("Brought about by"),
        phrase=_("(brought about by: %(values)s)"),
    )
    part = FlagFilter(
        label=_("Whole or part"),
        phrase=_("(%(values)s)"),
        flags={
            "whole": (_("Whole demands"), lambda: Q(parent__isnull=True)),
            "part": (_("Parts of another"), lambda: Q(parent__isnull=False)),
        },
    )
    kind = CodeFilter(
        field_name="kind",
        vocabulary="demand_kind",
        label=_("Kind"),
        phrase=_("and other entries of the kind %(values)s"),
    )
    theme = KeyFilter(
        path="theme",
        model=Theme,
        name_column="name",
        shape="checks",
        label=_("Theme"),
        phrase=_("on %(values)s"),
    )
    addressee = KeyFilter(
        path="organisation",
        model=Organisation,
        name_column="name",
        through=DemandAddressee.objects.all,
        to_row="demand",
        label=_("Asked of"),
        phrase=_("asked of %(values)s"),
    )
    meeting = KeyFilter(
        path="meeting",
        model=Meeting,
        name_column="title",
        through=_asked,
        to_row="demand",
        label=_("Asked at"),
        phrase=_("asked at %(values)s"),
    )
    year = YearFilter(
        column="year",
        through=_asked,
        to_row="demand",
        label=_("Asked in"),
        phrase=_("asked in %(values)s"),
    )
    criticised_in = YearFilter(
        column="year",
        through=_criticised,
        to_row="demand",
        label=_("Criticised in"),
        phrase=_("criticised in %(values)s"),
    )
    first_found = YearFilter(
        column="first_asked_first",
        of_date=True,
        label=_("First found in"),
        phrase=_("first found in %(values)s"),
    )
    speaker = KeyFilter(
        path="speaker",
        model=Person,
        name_column="full_name",
        bilingual=False,
        through=_voiced,
        to_row="demand",
        label=_("Voiced by"),
        phrase=_("voiced by %(values)s"),
    )
    asked_min = AtLeastFilter(
        field_name="asked_count",
        label=_("Asked on at least … occasions"),
        phrase=_("asked on at least %(values)s occasions"),
    )
    not_reviewed_since = DayFilter(
        label=_("Not reviewed since"),
        phrase=_("not reviewed since %(values)s"),
        on=lambda day: JUDGED & Q(reviewed_on__lt=day),
    )
    # What a meeting's page counts; its figures lead here.
    asked_before = RelatedFilter(
        model=Meeting,
        name_column="title",
        on=around_meeting.asked_before,
        label=_("Asked before"),
        phrase=_("asked before %(values)s"),
    )
    asked_after = RelatedFilter(
        model=Meeting,
        name_column="title",
        on=around_meeting.asked_after,
        label=_("Asked after"),
        phrase=_("asked after %(values)s"),
    )
    first_at = RelatedFilter(
        model=Meeting,
        name_column="title",
        on=around_meeting.first_at,
        label=_("First found at"),
        phrase=_("first found at %(values)s"),
    )
    criticised_at = RelatedFilter(
        model=Meeting,
        name_column="title",
        on=around_meeting.criticised_at,
        label=_("Criticised, not asked, at"),
        phrase=_("criticised and not asked at %(values)s"),
    )
    judged_after = RelatedFilter(
        model=Meeting,
        name_column="title",
        on=around_meeting.judged_after,
        label=_("Judged after"),
        phrase=_("judged after %(values)s"),
    )


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
