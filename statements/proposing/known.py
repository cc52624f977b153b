"""What the record knows already, read once for a document: a few queries, however much it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef

from kptracker.lib.bilingual import active_language
from kptracker.lib.partial_dates import PartialDate
from kptracker.lib.vocabularies import label

from ..models import Meeting, Organisation, Person, Role, Statement, Text
from .papers import plain

#: Kinds of organisation in whose name a statement of the record is made.
SPEAKING_KINDS = ("coalition", "coalition_member", "signatory_ngo", "ngo")


def either(english: str, french: str) -> str:
    """Return the one in the reader's language, or the other where it is empty."""
    return (french or english) if active_language() == "fr" else (english or french)


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation of the record and the names it goes by."""

    pk: int
    slug: str
    name: str
    name_fr: str
    acronym: str
    acronym_fr: str
    other_names: str
    kind: str

    @property
    def speaks(self) -> bool:
        """Whether it is the coalition, a member or another NGO."""
        return self.kind in SPEAKING_KINDS

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return either(self.name, self.name_fr)


@dataclass(frozen=True, slots=True)
class KnownRole:
    """A function that somebody held."""

    reference: str
    role: str
    role_fr: str
    organisation: int | None
    start: PartialDate | None
    end: PartialDate | None

    @property
    def label(self) -> str:
        """The function in the reader's language."""
        return either(self.role, self.role_fr)


@dataclass(slots=True)
class KnownPerson:
    """A person of the record, other spellings and functions."""

    slug: str
    full_name: str
    variants: tuple[str, ...]
    public_name: str
    roles: list[KnownRole] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KnownMeeting:
    """A meeting of the record."""

    pk: int
    slug: str
    title: str
    title_fr: str
    kind: str
    year: int
    start: PartialDate | None
    end: PartialDate | None
    cancelled: bool
    city: str
    city_fr: str
    country: str
    country_fr: str

    @property
    def first_day(self) -> date:
        """The first day on which it can have taken place."""
        known = self.start or self.end
        return known.first if known else date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        """The last day on which it can have taken place."""
        known = self.end or self.start
        return known.last if known else date(self.year, 12, 31)

    @property
    def days_known(self) -> bool:
        """Whether its days are known, not its month or year only."""
        return (self.last_day - self.first_day).days <= 14

    @property
    def label(self) -> str:
        """Its title in the reader's language, with place and year where the title has none."""
        title = either(self.title, self.title_fr)
        city = either(self.city, self.city_fr)
        more = [part for part in (city, str(self.year)) if part and plain(part) not in plain(title)]
        return f"{title} ({', '.join(more)})" if more else title


@dataclass(frozen=True, slots=True)
class KnownStatement:
    """A statement of the record, without its text."""

    pk: int
    slug: str
    title: str
    title_fr: str
    title_kind: str
    title_key: str
    title_fr_key: str
    date: PartialDate
    meeting: int | None
    kind: str
    voice: str
    language: str
    document: str
    file_sha256: str
    has_text: bool

    @property
    def label(self) -> str:
        """Its title and date."""
        return f"{either(self.title, self.title_fr)} ({self.date})"


class Known:
    """The rows that a document is compared with; each list is read when it is first asked for."""

    @cached_property
    def organisations(self) -> list[KnownOrganisation]:
        """Every organisation."""
        columns = ("pk", "slug", "name", "name_fr", "acronym", "acronym_fr", "other_names", "kind")
        rows = Organisation.objects.order_by("pk").values_list(*columns)
        return [KnownOrganisation(*row) for row in rows]

    @cached_property
    def people(self) -> list[KnownPerson]:
        """Every person with all functions; also those whose name is not shown: staff read this."""
        people = {
            pk: KnownPerson(slug, name, split_names(variants), public_name)
            for pk, slug, name, variants, public_name in Person.objects.order_by("pk").values_list(
                "pk", "slug", "full_name", "name_variants", "public_name"
            )
        }
        columns = (
            *("person_id", "reference", "role", "role_fr", "organisation_id"),
            *("start_first", "start_last", "end_first", "end_last"),
        )
        for row in Role.objects.order_by("pk").values_list(*columns):
            if row[0] in people:
                dates = PartialDate.of(row[5], row[6]), PartialDate.of(row[7], row[8])
                people[row[0]].roles.append(KnownRole(row[1], row[2], row[3], row[4], *dates))
        return list(people.values())

    @cached_property
    def meetings(self) -> list[KnownMeeting]:
        """Every meeting."""
        columns = (
            *("pk", "slug", "title", "title_fr", "kind", "year"),
            *("start_first", "start_last", "end_first", "end_last"),
            *("cancelled", "city", "city_fr", "country__name", "country__name_fr"),
        )
        return [
            KnownMeeting(
                **dict(zip(columns[:6], row[:6], strict=True)),
                start=PartialDate.of(row[6], row[7]),
                end=PartialDate.of(row[8], row[9]),
                cancelled=row[10],
                city=row[11],
                city_fr=row[12],
                country=row[13] or "",
                country_fr=row[14] or "",
            )
            for row in Meeting.objects.order_by("pk").values_list(*columns)
        ]

    @cached_property
    def statements(self) -> list[KnownStatement]:
        """Every statement, in whatever state: staff must not put in twice what is a draft."""
        held = Text.objects.filter(statement=OuterRef("pk")).exclude(kind="summary")
        columns = (
            *("pk", "slug", "title", "title_fr", "title_kind", "title_key", "title_fr_key"),
            *("kind", "voice", "language", "document", "file_sha256"),
        )
        rows = (
            Statement.objects.annotate(held=Exists(held))
            .order_by("pk")
            .values_list(*columns, "date_first", "date_last", "meeting_id", "held")
        )
        return [
            KnownStatement(
                **dict(zip(columns, row[:12], strict=True)),
                date=PartialDate(row[12], row[13]),
                meeting=row[14],
                has_text=row[15],
            )
            for row in rows
        ]


def split_names(names: str) -> tuple[str, ...]:
    """Return the names that a column separates by semicolons."""
    return tuple(name for part in names.split(";") if (name := part.strip()))


def named(vocabulary: str, code: str) -> str:
    """Return the label of a code in the reader's language."""
    return label(vocabulary, code, active_language())


def listed(words: Iterable[str]) -> str:
    """Return reasons as one line."""
    return "; ".join(word for word in words if word)
