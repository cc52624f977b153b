"""The filters of demands."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kptracker.lib.filter_kinds import (
    AtLeastFilter,
    CodeFilter,
    DayFilter,
    FlagFilter,
    KeyFilter,
    RelatedFilter,
    TextFilter,
    YearFilter,
)
from statements.models import Meeting, Organisation, Person
from statements.querysets import public_person

from . import around_meeting
from .clocked import ClockedFilters
from .clocks import NOW, Clock
from .codes import STATUS_ORDER, DemandKind, MentionKind
from .models import DemandAddressee, Theme
from .querysets import (
    JUDGED,
    asked_since_judged,
    dormant,
    judged_long_ago,
    old_judgement,
    recent_judgement,
    still_asked,
)
from .then import occasions, said


def _asked(clock: Clock = NOW) -> QuerySet:
    """Occasions on which something was asked, not only criticised or welcomed."""
    return occasions(MentionKind.DEMANDED, clock)


def _criticised(clock: Clock = NOW) -> QuerySet:
    """Occasions on which something was criticised."""
    return occasions(MentionKind.CRITICISED, clock)


def _voiced(clock: Clock = NOW) -> QuerySet:
    """Mentions that visitors may see, of speakers who may be named."""
    return said(clock).filter(public_person("speaker__"))


def _addressed(clock: Clock = NOW) -> QuerySet:
    """Of whom demands are asked, whatever the day: the record keeps no day of it."""
    return DemandAddressee.objects.all()


class DemandFilters(ClockedFilters):
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
                lambda at=None: JUDGED & asked_since_judged(),
            ),
            "two_years": (
                _("Not judged for two years"),
                lambda at=None: JUDGED & judged_long_ago(at),
            ),
            "confirmed": (_("Confirmed"), lambda at=None: JUDGED & Q(provisional=False)),
            "provisional": (_("Provisional"), lambda at=None: JUDGED & Q(provisional=True)),
        },
    )
    age = FlagFilter(
        label=_("Age of the judgement"),
        phrase=_("(%(values)s)"),
        flags={
            "recent": (_("Recent"), lambda at=None: JUDGED & recent_judgement(at)),
            "old": (
                _("Old: asked again, or over two years"),
                lambda at=None: JUDGED & old_judgement(at),
            ),
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
            "whole": (_("Whole demands"), lambda at=None: Q(parent__isnull=True)),
            "part": (_("Parts of another"), lambda at=None: Q(parent__isnull=False)),
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
        through=_addressed,
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
