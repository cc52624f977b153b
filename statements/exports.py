"""What leaves of meetings, organisations, people, roles, statements and speakers.

Each table is a list of columns (``kptracker.lib.columns``) and its public rows. Links to rows
that are not public are left out. Of a person whose name is not shown only the function leaves,
and of one who is withheld nothing does.
"""

from datetime import date
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from kptracker.lib.columns import Column, Kind, TableExport, both, coded, permalink
from kptracker.lib.expressions import (
    Cell,
    Number,
    OrElse,
    UtcDay,
    condition,
    date_as_known,
    in_file_language,
    only_if,
)
from kptracker.lib.fields import DOCUMENT
from kptracker.lib.publishing import State

from .models import (
    Meeting,
    Organisation,
    Person,
    Role,
    Statement,
    StatementAddressee,
    StatementIssuer,
    StatementSpeaker,
    Text,
)
from .models.statements import COUNTED_VOICES
from .querysets import public_person

SOURCE = _("The public page that shows it, or document:NAME for a text the coalition holds.")
CONFIDENCE = _("How sure we are of the facts of this entry.")
LINK_ORDER = ("position", "id")


def published(path: str) -> Q:
    """Return the condition that a linked row is published."""
    return Q(**{f"{path}__state": State.PUBLISHED})


def source(meaning: Any) -> Column:
    """Return the column of a source; of a document it names only one that a public row names."""
    public = Statement.objects.public().filter(
        document=Substr(OuterRef("source_url"), len(DOCUMENT) + 1)
    )
    named = Case(
        When(~Q(source_url__startswith=DOCUMENT), then=F("source_url")),
        When(Exists(public.order_by()), then=F("source_url")),
        default=Value(DOCUMENT),
        output_field=CharField(),
    )
    return Column("source_url", named, meaning, Kind.URL)


def source_and_confidence(language: str) -> list[Column]:
    """Return the two columns in which most tables end: where it comes from, how sure we are."""
    return [
        source(SOURCE),
        *coded("confidence", "confidence", CONFIDENCE, language),
    ]


def changed_on() -> Column:
    """Return the day on which the entry last changed."""
    return Column(
        "changed_on", UtcDay("changed_at"), _("The day, in UTC, of its last change."), Kind.DAY
    )


def country(path: str, language: str, name: str = "country") -> list[Column]:
    """Return code and name of a linked country."""
    return [
        Column(f"{name}_code", f"{path}__code", _("ISO 3166 code, or EU."), Kind.KEY),
        Column(name, in_file_language(f"{path}__name", language), _("The country by name.")),
    ]


def organisation_names(language: str) -> OrElse | F:
    """Return the name of a linked organisation, for links to ``organisation``."""
    name: OrElse | F = in_file_language("organisation__name", language)
    return name


# --- Meetings ---------------------------------------------------------------------------


def meeting_columns(language: str, today: date) -> list[Column]:
    """Return the columns of meetings.csv."""
    statements = Statement.objects.public().filter(meeting=OuterRef("pk"))
    return [
        Column("slug", "slug", _("The permanent key of the meeting."), Kind.KEY),
        permalink("k", "slug"),
        *both("title", _("The title of the meeting.")),
        *coded("kind", "meeting_kind", _("The kind of meeting."), language),
        Column("year", "year", _("The year of the meeting."), Kind.INTEGER),
        Column("start_date", date_as_known("start"), _("Its first day, as known."), Kind.DATE),
        Column("end_date", date_as_known("end"), _("Its last day, as known."), Kind.DATE),
        Column("cancelled", "cancelled", _("Whether it was cancelled."), Kind.YES_NO),
        *both("city", _("The city.")),
        *country("country", language),
        *coded("format", "format", _("In person, online or both."), language),
        *country("kp_chair_country", language, "kp_chair_country"),
        Column("kp_chair_person", "kp_chair_person", _("Who chaired the KP at the time.")),
        *coded("csc_presence", "csc_presence", _("The coalition's presence."), language),
        Column(
            "statement_count", Number(statements), _("How many statements we hold."), Kind.INTEGER
        ),
        *both("note", _("Remarks, also where sources disagree.")),
        *source_and_confidence(language),
        changed_on(),
    ]


def meeting_rows() -> QuerySet:
    """Return the published meetings, newest first."""
    return Meeting.objects.public().order_by("-sort_on", "-id")


# --- Organisations ----------------------------------------------------------------------


def organisation_columns(language: str, today: date) -> list[Column]:
    """Return the columns of organisations.csv."""
    issued = StatementIssuer.objects.filter(published("statement"), organisation=OuterRef("pk"))
    return [
        Column("slug", "slug", _("The permanent key of the organisation."), Kind.KEY),
        permalink("o", "slug"),
        *both("name", _("The name.")),
        *both("acronym", _("The acronym.")),
        Column("other_names", "other_names", _("Other names, separated by a semicolon.")),
        *coded("kind", "organisation_kind", _("What it is in the field."), language),
        *country("country", language),
        Column("from", date_as_known("start"), _("Since when, as known."), Kind.DATE),
        Column("to", date_as_known("end"), _("Until when, as known."), Kind.DATE),
        Column(
            "statement_count",
            Number(issued),
            _("How many statements it issued, alone or with others."),
            Kind.INTEGER,
        ),
        Column("note", "note", _("Remarks.")),
        *source_and_confidence(language),
        changed_on(),
    ]


def organisation_rows() -> QuerySet:
    """Return the published organisations by name."""
    return Organisation.objects.public().order_by("name_key", "id")


# --- People and their roles -------------------------------------------------------------


def _role_text(path: str, language: str) -> OrElse:
    """Return the text of a role, which may be given in one language only."""
    french, english = f"{path}role_fr", f"{path}role"
    return OrElse(french, english) if language == "fr" else OrElse(english, french)


def person_columns(language: str, today: date) -> list[Column]:
    """Return the columns of people.csv: one row for each person who may be named."""
    roles = Role.objects.public().filter(person=OuterRef("pk"))
    in_time = (F("start_last").asc(nulls_first=True), "id")
    spoken = StatementSpeaker.objects.public().filter(person=OuterRef("pk"))
    return [
        Column("slug", "slug", _("The permanent key of the person."), Kind.KEY),
        permalink("p", "slug"),
        Column("full_name", "full_name", _("The name.")),
        Column(
            "name_variants",
            "name_variants",
            _("The name as sources write it, separated by a semicolon."),
        ),
        Column(
            "role_references",
            Cell(roles, "reference", in_time),
            _("The functions over time: references of roles.csv."),
            Kind.LIST,
        ),
        Column(
            "roles",
            Cell(roles, _role_text("", language), in_time),
            _("The same functions in words, in the same order."),
            Kind.LIST,
        ),
        Column(
            "statement_count",
            Number(spoken),
            _("In how many statements they speak, sign or are quoted."),
            Kind.INTEGER,
        ),
        changed_on(),
    ]


def person_rows() -> QuerySet:
    """Return the people who may be named, by name."""
    return Person.objects.public().order_by("name_key", "id")


def role_columns(language: str, today: date) -> list[Column]:
    """Return the columns of roles.csv: the functions of people who may be named."""
    shown = published("organisation")
    return [
        Column("reference", "reference", _("The permanent key."), Kind.KEY, ours=True),
        permalink("p", "person__slug"),
        Column("person_slug", "person__slug", _("Whose function it is."), Kind.KEY),
        Column("person", "person__full_name", _("The same person by name.")),
        *both("role", _("The function.")),
        Column(
            "organisation_slug",
            only_if(shown, "organisation__slug"),
            _("The organisation."),
            Kind.KEY,
        ),
        Column(
            "organisation",
            only_if(shown, organisation_names(language)),
            _("The same organisation by name."),
        ),
        *country("country", language),
        Column("from", date_as_known("start"), _("Since when, as known."), Kind.DATE),
        Column("to", date_as_known("end"), _("Until when, as known."), Kind.DATE),
        Column("note", "note", _("Remarks.")),
        *source_and_confidence(language),
    ]


def role_rows() -> QuerySet:
    """Return the functions of people who may be named."""
    return Role.objects.public().order_by("reference", "id")


# --- Statements and who spoke them ------------------------------------------------------


def _linked(link: type, value: str, language: str) -> Cell:
    """Return the published organisations of a statement in one cell: slugs, or names."""
    rows = link.objects.filter(  # type: ignore[attr-defined]
        published("organisation"), statement=OuterRef("pk")
    )
    path = "organisation__slug" if value == "slug" else organisation_names(language)
    return Cell(rows, path, LINK_ORDER)


def statement_columns(language: str, today: date) -> list[Column]:
    """Return the columns of statements.csv."""
    speakers = StatementSpeaker.objects.public().filter(statement=OuterRef("pk"))
    unnamed = StatementSpeaker.objects.by_function().filter(statement=OuterRef("pk"))
    texts = Text.objects.filter(statement=OuterRef("pk"))
    lists = [
        ("speaker_slugs", Cell(speakers, "person__slug", LINK_ORDER), _("Who spoke, in order.")),
        (
            "speakers",
            Cell(speakers, "person__full_name", LINK_ORDER),
            _("The same people by name, in the same order."),
        ),
        (
            "speakers_by_function",
            Cell(unnamed, _role_text("role__", language), LINK_ORDER),
            _("The functions of speakers whose names are not shown."),
        ),
        ("issuer_slugs", _linked(StatementIssuer, "slug", language), _("Who issued it, in order.")),
        (
            "issuers",
            _linked(StatementIssuer, "name", language),
            _("The same organisations by name, in the same order."),
        ),
    ]
    addressees = [
        (
            "addressee_slugs",
            _linked(StatementAddressee, "slug", language),
            _("To whom it is addressed, in order."),
        ),
        (
            "addressees",
            _linked(StatementAddressee, "name", language),
            _("The same organisations by name, in the same order."),
        ),
    ]
    return [
        Column("slug", "slug", _("The permanent key of the statement."), Kind.KEY),
        permalink("s", "slug"),
        *both("title", _("The title.")),
        *coded("title_kind", "title_kind", _("Whose title it is: the issuer's or ours."), language),
        *coded("kind", "statement_kind", _("The kind of statement."), language),
        *coded("voice", "voice", _("In whose name it speaks."), language),
        Column(
            "counted",
            condition(Q(voice__in=COUNTED_VOICES)),
            _("Whether what it asks for is counted."),
            Kind.YES_NO,
        ),
        Column("date", date_as_known("date"), _("The date, as known."), Kind.DATE),
        *meeting("meeting", language),
        Column("place", "place", _("Where it was made.")),
        *coded("language", "language", _("The language of the original."), language),
        *(Column(name, cell, meaning, Kind.LIST) for name, cell, meaning in lists),
        Column("issuer_text", "issuer_text", _("The issuers, as the source has it.")),
        *(Column(name, cell, meaning, Kind.LIST) for name, cell, meaning in addressees),
        Column("addressee_text", "addressee_text", _("The addressees, as the source has it.")),
        *coded("delivered", "delivered", _("Whether it was spoken."), language),
        *coded("text_seen", "text_seen", _("How much of the text was seen."), language),
        Column(
            "text_kinds",
            Cell(texts, "kind", ("id",)),
            _("The texts of it that can be read here: verbatim, excerpt or our summary."),
            Kind.LIST,
        ),
        Column(
            "version_of",
            only_if(published("version_of"), "version_of__slug"),
            _("The original, where this is a translation or a variant of it."),
            Kind.KEY,
        ),
        *both("summary", _("What it says, in our own words.")),
        Column("document", "document", _("The name of the text that the coalition holds.")),
        Column("archived_url", "archived_url", _("An archived copy."), Kind.URL),
        *source_and_confidence(language),
        changed_on(),
    ]


def meeting(path: str, language: str) -> list[Column]:
    """Return key and title of a linked meeting, if it is public."""
    return [
        Column(
            "meeting_slug",
            only_if(published(path), f"{path}__slug"),
            _("The meeting."),
            Kind.KEY,
        ),
        Column(
            "meeting",
            only_if(published(path), in_file_language(f"{path}__title", language)),
            _("The same meeting by its title."),
        ),
    ]


def statement_rows() -> QuerySet:
    """Return the published statements, newest first."""
    return Statement.objects.public().order_by("-sort_on", "-id")


def speaker_columns(language: str, today: date) -> list[Column]:
    """Return the columns of speakers.csv; of a person by function only, the function leaves."""
    named = public_person("person__")
    employer = named & published("role__organisation")
    return [
        Column("statement_slug", "statement__slug", _("The statement."), Kind.KEY),
        Column("position", "position", _("The place in the order of speakers."), Kind.INTEGER),
        permalink("s", "statement__slug"),
        *both("statement_title", _("The statement by its title."), "statement__title"),
        Column("date", date_as_known("statement__date"), _("Its date, as known."), Kind.DATE),
        Column(
            "person_slug",
            only_if(named, "person__slug"),
            _("Who spoke; empty where the name is not shown."),
            Kind.KEY,
        ),
        Column("person", only_if(named, "person__full_name"), _("The same person by name.")),
        Column(
            "name_as_given",
            only_if(named, "name_as_given"),
            _("The name as the source gives it."),
        ),
        Column(
            "role_reference",
            only_if(named, "role__reference"),
            _("The function at the time: its reference in roles.csv."),
            Kind.KEY,
        ),
        *both("role", _("The function at the time."), "role__role"),
        Column(
            "organisation_slug",
            only_if(employer, "role__organisation__slug"),
            _("The organisation of that function."),
            Kind.KEY,
        ),
        Column(
            "organisation",
            only_if(employer, in_file_language("role__organisation__name", language)),
            _("The same organisation by name."),
        ),
    ]


def speaker_rows() -> QuerySet:
    """Return the speakers of published statements who may be named at least by function."""
    rows = StatementSpeaker.objects
    return (rows.public() | rows.by_function()).order_by(
        "statement__sort_on", "statement__slug", "position", "id"
    )


MEETINGS = TableExport(
    "meetings",
    meeting_columns,
    meeting_rows,
    _("Meetings"),
    _("One plenary, intersessional, meeting of the coalition, UN session or other occasion."),
)
ORGANISATIONS = TableExport(
    "organisations",
    organisation_columns,
    organisation_rows,
    _("Organisations"),
    _("One participant, observer, member of the coalition, company or other body."),
)
PEOPLE = TableExport(
    "people",
    person_columns,
    person_rows,
    _("People"),
    _("One person who is named in public; functions stand in the table of roles."),
)
ROLES = TableExport(
    "roles",
    role_columns,
    role_rows,
    _("Functions of people"),
    _("One function that a person held, with its organisation and its dates."),
)
STATEMENTS = TableExport(
    "statements",
    statement_columns,
    statement_rows,
    _("Statements"),
    _("One speech, press release, letter or report; translations are rows of their own."),
)
SPEAKERS = TableExport(
    "speakers",
    speaker_columns,
    speaker_rows,
    _("Speakers of statements"),
    _("One person who speaks in a statement, signs it or is quoted in it."),
)

TABLES = (MEETINGS, ORGANISATIONS, PEOPLE, ROLES, STATEMENTS, SPEAKERS)
