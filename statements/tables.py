"""The public tables of this room: statements, meetings, people, organisations."""

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kptracker.lib.listing import Order, Table
from kptracker.lib.publishing import State

from . import exports
from .filters import MeetingFilters, OrganisationFilters, PersonFilters, StatementFilters
from .models import (
    Meeting,
    Organisation,
    Person,
    Role,
    Statement,
    StatementIssuer,
    StatementSpeaker,
)


def _draw_statements(rows: QuerySet) -> QuerySet:
    return rows.select_related("meeting").prefetch_related(
        Prefetch(
            "speaker_links",
            StatementSpeaker.objects.public().select_related("person"),
            to_attr="shown_speakers",
        ),
        Prefetch(
            "issuer_links",
            StatementIssuer.objects.select_related("organisation"),
            to_attr="shown_issuers",
        ),
    )


def _draw_meetings(rows: QuerySet) -> QuerySet:
    return rows.select_related("country").annotate(
        statement_count=Count(
            "statements",
            filter=Q(statements__state=State.PUBLISHED, statements__version_of__isnull=True),
        )
    )


def _draw_people(rows: QuerySet) -> QuerySet:
    return rows.prefetch_related(
        Prefetch(
            "roles",
            Role.objects.public()
            .select_related("organisation", "country")
            .order_by("-start_last", "-id"),
            to_attr="shown_roles",
        )
    ).annotate(
        statement_count=Count(
            "speaker_links",
            filter=Q(
                speaker_links__statement__state=State.PUBLISHED,
                speaker_links__statement__version_of__isnull=True,
            ),
        )
    )


def _draw_organisations(rows: QuerySet) -> QuerySet:
    return rows.select_related("country")


STATEMENTS = Table(
    name="statements",
    title=_("Statements"),
    url_name="statements:statements",
    filters=StatementFilters,
    rows=Statement.objects.public,
    drawn=_draw_statements,
    orders=[
        Order("newest", _("newest first"), ("-sort_on", "-id")),
        Order("oldest", _("oldest first"), ("sort_on", "id")),
        Order("title", _("by title"), ("title_key", "id"), ("title_fr_key", "id")),
    ],
    template="statements/statement_list.html",
    row_template="statements/rows/statement.html",
    export=exports.STATEMENTS,
)

MEETINGS = Table(
    name="meetings",
    title=_("Meetings"),
    url_name="statements:meetings",
    filters=MeetingFilters,
    rows=Meeting.objects.public,
    drawn=_draw_meetings,
    orders=[
        Order("newest", _("newest first"), ("-sort_on", "-id")),
        Order("oldest", _("oldest first"), ("sort_on", "id")),
        Order("title", _("by title"), ("title_key", "id"), ("title_fr_key", "id")),
    ],
    template="statements/meeting_list.html",
    row_template="statements/rows/meeting.html",
    export=exports.MEETINGS,
)

PEOPLE = Table(
    name="people",
    title=_("People"),
    url_name="statements:people",
    filters=PersonFilters,
    rows=Person.objects.public,
    drawn=_draw_people,
    orders=[Order("name", _("by name"), ("name_key", "id"))],
    template="statements/person_list.html",
    row_template="statements/rows/person.html",
    export=exports.PEOPLE,
)

ORGANISATIONS = Table(
    name="organisations",
    title=_("Organisations"),
    url_name="statements:organisations",
    filters=OrganisationFilters,
    rows=Organisation.objects.public,
    drawn=_draw_organisations,
    orders=[
        Order("name", _("by name"), ("name_key", "id"), ("name_fr_key", "id")),
        Order("kind", _("by kind"), ("kind", "name_key", "id"), ("kind", "name_fr_key", "id")),
    ],
    template="statements/organisation_list.html",
    row_template="statements/rows/organisation.html",
    export=exports.ORGANISATIONS,
)
