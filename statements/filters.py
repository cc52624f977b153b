"""The filters of statements, meetings, people and organisations."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kptracker.lib.filter_kinds import (
    CodeFilter,
    FlagFilter,
    KeyFilter,
    TextFilter,
    YearFilter,
)
from kptracker.lib.filtering import ListFilterSet

from .gathered import held, with_text
from .models import (
    Country,
    Meeting,
    Organisation,
    Person,
    Role,
    StatementAddressee,
    StatementIssuer,
    StatementSpeaker,
)


def _text() -> TextFilter:
    return TextFilter(
        field_name="text_key", label=_("Words"), phrase=_("with the words %(values)s")
    )


class StatementFilters(ListFilterSet):
    """Speeches, press releases, letters and reports."""

    nouns = (_("statement"), _("statements"))

    q = _text()
    kind = CodeFilter(
        field_name="kind",
        vocabulary="statement_kind",
        label=_("Kind"),
        phrase=_("of the kind %(values)s"),
    )
    voice = CodeFilter(
        field_name="voice",
        vocabulary="voice",
        label=_("Voice"),
        phrase=_("in the voice of: %(values)s"),
    )
    version = FlagFilter(
        label=_("Originals and versions"),
        phrase=_("(%(values)s)"),
        flags={
            "original": (_("Originals only"), lambda: Q(version_of__isnull=True)),
            "version": (
                _("Translations and variants"),
                lambda: Q(version_of__isnull=False),
            ),
        },
    )
    delivered = CodeFilter(
        field_name="delivered",
        vocabulary="delivered",
        label=_("Delivered"),
        phrase=_("(%(values)s)"),
    )
    seen = CodeFilter(
        field_name="text_seen",
        vocabulary="text_seen",
        label=_("What we saw of it"),
        phrase=_("(seen: %(values)s)"),
    )
    language = CodeFilter(
        field_name="language",
        vocabulary="language",
        label=_("Language"),
        phrase=pgettext_lazy("a language", "in %(values)s"),
    )
    year = YearFilter(column="date_first", of_date=True, label=_("Year"), phrase=_("of %(values)s"))
    meeting = KeyFilter(
        path="meeting",
        model=Meeting,
        name_column="title",
        label=_("Meeting"),
        phrase=_("made at %(values)s"),
    )
    speaker = KeyFilter(
        path="person",
        model=Person,
        name_column="full_name",
        bilingual=False,
        through=StatementSpeaker.objects.public,
        to_row="statement",
        label=_("Speaker"),
        phrase=_("with %(values)s speaking, signing or quoted"),
    )
    issuer = KeyFilter(
        path="organisation",
        model=Organisation,
        name_column="name",
        through=StatementIssuer.objects.all,
        to_row="statement",
        label=_("Issued by"),
        phrase=_("issued by %(values)s"),
    )
    addressee = KeyFilter(
        path="organisation",
        model=Organisation,
        name_column="name",
        through=StatementAddressee.objects.all,
        to_row="statement",
        label=_("Addressed to"),
        phrase=_("addressed to %(values)s"),
    )


class MeetingFilters(ListFilterSet):
    """Plenaries, intersessionals and other gatherings."""

    nouns = (_("meeting"), _("meetings"))

    q = _text()
    kind = CodeFilter(
        field_name="kind",
        vocabulary="meeting_kind",
        label=_("Kind"),
        phrase=_("of the kind %(values)s"),
    )
    presence = CodeFilter(
        field_name="csc_presence",
        vocabulary="csc_presence",
        label=_("The coalition’s presence"),
        phrase=_("(the coalition: %(values)s)"),
    )
    text = FlagFilter(
        label=_("What was found of it"),
        phrase=_("(%(values)s)"),
        flags={
            "with": (_("Text of a statement"), lambda: held() & Q(with_text())),
            "without": (_("Held, no text found"), lambda: held() & ~Q(with_text())),
        },
    )
    year = YearFilter(column="year", label=_("Year"), phrase=_("of %(values)s"))
    country = KeyFilter(
        path="country",
        model=Country,
        key="code",
        name_column="name",
        label=_("Country"),
        phrase=pgettext_lazy("a country", "in %(values)s"),
    )


class PersonFilters(ListFilterSet):
    """People who speak for the coalition, a member, a participant or another body."""

    nouns = (_("person"), _("people"))

    q = _text()
    organisation = KeyFilter(
        path="organisation",
        model=Organisation,
        name_column="name",
        through=Role.objects.public,
        to_row="person",
        label=_("Organisation"),
        phrase=_("with a role at %(values)s"),
    )
    country = KeyFilter(
        path="country",
        model=Country,
        key="code",
        name_column="name",
        through=Role.objects.public,
        to_row="person",
        label=_("Country"),
        phrase=_("with a role in %(values)s"),
    )


class OrganisationFilters(ListFilterSet):
    """Bodies of the field: participants, observers, members of the coalition, companies."""

    nouns = (_("organisation"), _("organisations"))

    q = _text()
    kind = CodeFilter(
        field_name="kind",
        vocabulary="organisation_kind",
        label=_("Kind"),
        phrase=_("of the kind %(values)s"),
    )
    country = KeyFilter(
        path="country",
        model=Country,
        key="code",
        name_column="name",
        label=_("Country"),
        phrase=pgettext_lazy("a country", "in %(values)s"),
    )
