"""What search finds of this room: statements, meetings, people and organisations."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import Prefetch, QuerySet

from kptracker.lib.bilingual import Worded, active_language, worded
from kptracker.lib.partial_dates import PartialDate
from kptracker.lib.search.entries import Entry, Passage, Said, Shown, register
from kptracker.lib.search.keeping import Entries, depends

from .models import (
    Country,
    Meeting,
    Organisation,
    Person,
    Role,
    Statement,
    StatementIssuer,
    StatementSpeaker,
    Text,
)
from .shown_texts import address_of, in_order, place_in

#: The language of names: their words are not stemmed.
NAMES = ""


def both(row: Any, name: str) -> list[Said]:
    """Return a bilingual attribute of a row in the languages it has."""
    said = [(getattr(row, name), "en"), (getattr(row, f"{name}_fr"), "fr")]
    return [one for one in said if one[0]]


def organisation_names(row: Organisation) -> list[Said]:
    """Return all names of an organisation."""
    said = [(row.acronym, NAMES), (row.acronym_fr, NAMES), (row.other_names, "en")]
    return [*both(row, "name"), *(one for one in said if one[0])]


def own_words(row: Any, name: str, kind: str, url: str, reader: str) -> list[Passage]:
    """Return a bilingual text of ours as passages, in the reader's language first."""
    languages = ("fr", "en") if reader == "fr" else ("en", "fr")
    texts = ((getattr(row, name if one == "en" else f"{name}_fr"), one) for one in languages)
    return [
        Passage(text, language, kind, partial(_anywhere, url)) for text, language in texts if text
    ]


def _anywhere(url: str, start: int, end: int) -> str:
    return url


#: What a line of hits needs of a statement.
SHOWN_OF_STATEMENTS = (
    *("slug", "kind", "language", "text_seen", "date_first", "date_last"),
    *("title", "title_fr", "summary", "summary_fr"),
    *(f"meeting__{name}" for name in ("slug", "state", "title", "title_fr")),
)


class Statements:
    """Statements with their texts, the names of who spoke and issued them, and their meeting."""

    kind = "statement"

    def keys(self) -> QuerySet:
        return Statement.objects.public().order_by("sort_on", "pk").values_list("pk", flat=True)

    def entries(self, keys: Collection[int]) -> Iterable[Entry]:
        rows = list(Statement.objects.public().filter(pk__in=keys).select_related("meeting"))
        found = [row.pk for row in rows]
        bodies = _by_statement(Text.objects.filter(statement__in=found))
        speakers = _by_statement(
            StatementSpeaker.objects.public()
            .filter(statement__in=found)
            .select_related("person")
            .order_by("position", "id")
        )
        issuers = _by_statement(
            StatementIssuer.objects.filter(
                statement__in=found, organisation__in=Organisation.objects.public()
            ).select_related("organisation")
        )
        for row in rows:
            meeting = row.meeting if row.meeting and row.meeting.is_published else None
            text = [*both(row, "summary"), *((one.body, one.language) for one in bodies[row.pk])]
            for speaker in speakers[row.pk]:
                text.append((speaker.person.full_name, NAMES))
                text.append((speaker.name_as_given, NAMES))
            for link in issuers[row.pk]:
                text += organisation_names(link.organisation)
            text.append((row.issuer_text, row.language or "en"))
            text.append((row.place, NAMES))
            if meeting:
                text += [*both(meeting, "title"), *both(meeting, "city")]
            yield Entry(
                self.kind,
                row.pk,
                day=row.sort_on,
                title=both(row, "title"),
                text=[one for one in text if one[0]],
                language=row.language,
                meeting=meeting.pk if meeting else None,
                speakers=[speaker.person_id for speaker in speakers[row.pk]],
            )

    def shown(self, keys: Collection[int]) -> dict[int, Shown]:
        rows = (
            Statement.objects.public()
            .filter(pk__in=keys)
            .select_related("meeting")
            .only(*SHOWN_OF_STATEMENTS)
            .prefetch_related("texts")
        )
        reader = active_language()
        found = {}
        for row in rows:
            page, texts = row.get_absolute_url(), in_order(row)
            passages = [
                Passage(
                    text.body,
                    text.language,
                    text.kind,
                    partial(_in_text, address_of(row, text, page=page, first=texts[0]), text.body),
                )
                for text in texts
            ]
            passages += own_words(row, "summary", "summary", page, reader)
            found[row.pk] = Shown(row, worded(row, "title", reader), page, row.date, passages)
        return found


def _in_text(address: str, body: str, start: int, end: int) -> str:
    return place_in(address, body, start)


def _by_statement(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.statement_id].append(row)
    return found


class Meetings:
    """Meetings with their place and what we note of them."""

    kind = "meeting"

    def keys(self) -> QuerySet:
        return Meeting.objects.public().order_by("sort_on", "pk").values_list("pk", flat=True)

    def entries(self, keys: Collection[int]) -> Iterable[Entry]:
        for row in Meeting.objects.public().filter(pk__in=keys).select_related("country"):
            text = [*both(row, "city"), *both(row, "note")]
            if row.country:
                text += both(row.country, "name")
            if row.kp_chair_person:
                text.append((row.kp_chair_person, NAMES))
            yield Entry(
                self.kind,
                row.pk,
                day=row.sort_on,
                title=both(row, "title"),
                text=text,
                meeting=row.pk,
            )

    def shown(self, keys: Collection[int]) -> dict[int, Shown]:
        reader = active_language()
        rows = Meeting.objects.public().filter(pk__in=keys).select_related("country")
        return {
            row.pk: Shown(
                row,
                worded(row, "title", reader),
                row.get_absolute_url(),
                row.start or PartialDate.parse(str(row.year)),
                own_words(row, "note", "note", row.get_absolute_url(), reader),
            )
            for row in rows
        }


class People:
    """People who may be named, with all spellings and their functions."""

    kind = "person"

    def keys(self) -> QuerySet:
        return Person.objects.public().order_by("pk").values_list("pk", flat=True)

    def _rows(self, keys: Collection[int]) -> QuerySet:
        roles = Role.objects.public().select_related("organisation", "country").order_by("pk")
        return (
            Person.objects.public()
            .filter(pk__in=keys)
            .prefetch_related(Prefetch("roles", roles, to_attr="shown_roles"))
        )

    def entries(self, keys: Collection[int]) -> Iterable[Entry]:
        for row in self._rows(keys):
            text: list[Said] = []
            for role in row.shown_roles:
                text += both(role, "role")
                if role.organisation and role.organisation.is_published:
                    text += organisation_names(role.organisation)
                if role.country:
                    text += both(role.country, "name")
            names = [row.full_name, *row.name_variants.split(";")]
            yield Entry(
                self.kind,
                row.pk,
                names=True,
                title=[(name, NAMES) for name in names if name.strip()],
                text=text,
                speakers=[row.pk],
            )

    def shown(self, keys: Collection[int]) -> dict[int, Shown]:
        reader = active_language()
        return {
            row.pk: Shown(
                row,
                Worded(row.full_name, reader),
                row.get_absolute_url(),
                None,
                [
                    one
                    for role in row.shown_roles
                    for one in own_words(
                        role, "role", "note", f"{row.get_absolute_url()}#{role.reference}", reader
                    )[:1]
                ],
            )
            for row in self._rows(keys)
        }


class Organisations:
    """Organisations with all their names and what we note of them."""

    kind = "organisation"

    def keys(self) -> QuerySet:
        return Organisation.objects.public().order_by("pk").values_list("pk", flat=True)

    def entries(self, keys: Collection[int]) -> Iterable[Entry]:
        for row in Organisation.objects.public().filter(pk__in=keys).select_related("country"):
            text: list[Said] = [(row.note, "en")] if row.note else []
            if row.country:
                text += both(row.country, "name")
            yield Entry(
                self.kind,
                row.pk,
                names=True,
                title=organisation_names(row),
                text=text,
            )

    def shown(self, keys: Collection[int]) -> dict[int, Shown]:
        reader = active_language()
        rows = Organisation.objects.public().filter(pk__in=keys).select_related("country")
        return {
            row.pk: Shown(
                row,
                worded(row, "name", reader),
                row.get_absolute_url(),
                None,
                [
                    Passage(text, "en", "note", partial(_anywhere, row.get_absolute_url()))
                    for text in (row.note, row.other_names)
                    if text
                ],
            )
            for row in rows
        }


# --- What follows from a row ------------------------------------------------------------------


def _keys(rows: Sequence[Any]) -> list[int]:
    return [row.pk for row in rows]


def _of_statements(rows: Sequence[Statement]) -> Iterator[Entries]:
    yield "statement", _keys(rows)


def _of_parts(rows: Sequence[Any]) -> Iterator[Entries]:
    yield "statement", [row.statement_id for row in rows]


def _of_meetings(rows: Sequence[Meeting]) -> Iterator[Entries]:
    yield "meeting", _keys(rows)
    yield "statement", _found(Statement.objects.filter(meeting__in=_keys(rows)))


def _of_people(rows: Sequence[Person]) -> Iterator[Entries]:
    yield "person", _keys(rows)
    yield "statement", _found(Statement.objects.filter(speaker_links__person__in=_keys(rows)))


def _of_roles(rows: Sequence[Role]) -> Iterator[Entries]:
    yield "person", [row.person_id for row in rows]


def _of_organisations(rows: Sequence[Organisation]) -> Iterator[Entries]:
    yield "organisation", _keys(rows)
    yield "person", _found(Person.objects.filter(roles__organisation__in=_keys(rows)))
    yield "statement", _found(Statement.objects.filter(issuers__in=_keys(rows)))


def _of_countries(rows: Sequence[Country]) -> Iterator[Entries]:
    yield "organisation", _found(Organisation.objects.filter(country__in=_keys(rows)))
    yield "meeting", _found(Meeting.objects.filter(country__in=_keys(rows)))
    yield "person", _found(Person.objects.filter(roles__country__in=_keys(rows)))


def _found(rows: QuerySet) -> list[int]:
    return list(rows.order_by().values_list("pk", flat=True).distinct())


def connect() -> None:
    """Have this room's rows found, and kept in step."""
    for source in (Statements(), Meetings(), People(), Organisations()):
        register(source)
    depends(Statement, _of_statements)
    depends(Text, _of_parts)
    depends(StatementSpeaker, _of_parts)
    depends(Meeting, _of_meetings)
    depends(Person, _of_people)
    depends(Role, _of_roles)
    depends(Organisation, _of_organisations)
    depends(Country, _of_countries)
