"""What search finds of this room: demands and mentions."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from kptracker.lib.bilingual import active_language, worded
from kptracker.lib.search.entries import Entry, Passage, Said, Shown, register
from kptracker.lib.search.keeping import Entries, depends
from statements.models import Meeting, Organisation, Person, Statement, StatementSpeaker
from statements.querysets import public_person
from statements.searched import NAMES, both, organisation_names, own_words

from .derived import batched
from .in_place import bring_places, place_of
from .models import Assessment, Demand, DemandAddressee, Mention, Theme
from .models import Passage as Marked

#: What a line of hits needs of a mention.
SHOWN_OF_MENTIONS = (
    *("reference", "kind", "paraphrase", "paraphrase_fr", "quote", "quote_language"),
    *(f"demand__{name}" for name in ("slug", "kind", "title", "title_fr")),
    *(f"statement__{name}" for name in ("slug", "title", "title_fr", "title_kind", "language")),
    *("statement__date_first", "statement__date_last"),
)


class Demands:
    """Demands, positions and commitments, with what would count as met and who is asked."""

    kind = "demand"

    def keys(self) -> QuerySet:
        return Demand.objects.public().order_by("last_raised_on", "pk").values_list("pk", flat=True)

    def entries(self, keys: Collection[int]) -> Iterable[Entry]:
        addressees: dict[int, list[Said]] = {}
        links = DemandAddressee.objects.filter(
            demand__in=keys, organisation__in=Organisation.objects.public()
        ).select_related("organisation")
        for link in links:
            addressees.setdefault(link.demand_id, []).extend(organisation_names(link.organisation))
        for row in Demand.objects.public().filter(pk__in=keys).select_related("theme"):
            text = [
                *both(row, "description"),
                *both(row, "success_test"),
                *both(row, "condition"),
                *both(row.theme, "name"),
                *addressees.get(row.pk, ()),
            ]
            if row.addressee_text:
                text.append((row.addressee_text, "en"))
            yield Entry(
                self.kind,
                row.pk,
                day=row.last_raised_on if row.last_raised_on > date.min else None,
                title=[(row.reference, NAMES), *both(row, "title")],
                text=text,
                status=row.status,
            )

    def shown(self, keys: Collection[int]) -> dict[int, Shown]:
        reader = active_language()
        found = {}
        for row in Demand.objects.public().filter(pk__in=keys).defer("text_key"):
            url = row.get_absolute_url()
            passages = [
                passage
                for name in ("description", "success_test", "condition")
                for passage in own_words(row, name, "description", url, reader)
            ]
            found[row.pk] = Shown(row, worded(row, "title", reader), url, row.last_raised, passages)
        return found


class Mentions:
    """Demands raised in statements: our paraphrase, their words, who said it."""

    kind = "mention"

    def keys(self) -> QuerySet:
        return Mention.objects.public().order_by("raised_on", "pk").values_list("pk", flat=True)

    def entries(self, keys: Collection[int]) -> Iterable[Entry]:
        rows = list(
            Mention.objects.public()
            .filter(pk__in=keys)
            .select_related("demand", "statement__meeting", "speaker")
        )
        spoken: dict[int, list[Person]] = {}
        links = StatementSpeaker.objects.public().filter(
            statement__in={row.statement_id for row in rows}
        )
        for link in links.select_related("person").order_by("position", "id"):
            spoken.setdefault(link.statement_id, []).append(link.person)
        named = set(
            Person.objects.filter(public_person())
            .filter(pk__in={row.speaker_id for row in rows if row.speaker_id})
            .values_list("pk", flat=True)
        )
        for row in rows:
            mention = both(row, "paraphrase")
            if row.quote:
                mention.append((row.quote, row.quote_language or row.statement.language))
            # Whoever is named for the mention; where nobody is, who spoke the statement.
            people = spoken.get(row.statement_id, [])
            if row.speaker_id:
                people = [row.speaker] if row.speaker_id in named and row.speaker else []
            meeting = row.statement.meeting
            yield Entry(
                self.kind,
                row.pk,
                day=row.raised_on,
                mention=mention,
                text=[
                    (row.reference, NAMES),
                    *both(row.demand, "title"),
                    *((one.full_name, NAMES) for one in people),
                ],
                language=row.statement.language,
                meeting=meeting.pk if meeting and meeting.is_published else None,
                speakers=[one.pk for one in people],
            )

    def shown(self, keys: Collection[int]) -> dict[int, Shown]:
        rows = list(
            Mention.objects.public()
            .filter(pk__in=keys)
            .select_related("demand", "statement")
            .only(*SHOWN_OF_MENTIONS)
        )
        bring_places([row for row in rows if row.quote])
        reader = active_language()
        found = {}
        for row in rows:
            url = f"{row.demand.get_absolute_url()}#{row.reference}"
            passages = own_words(row, "paraphrase", "paraphrase", url, reader)
            if row.quote:
                language = row.quote_language or row.statement.language
                place = place_of(row).url or url
                passages.insert(0, Passage(row.quote, language, "excerpt", partial(_at, place)))
            found[row.pk] = Shown(
                row, worded(row.demand, "title", reader), url, row.statement.date, passages
            )
        return found


def _at(url: str, start: int, end: int) -> str:
    return url


# --- What follows from a row ------------------------------------------------------------------


def _keys(rows: Sequence[Any]) -> list[int]:
    return [row.pk for row in rows]


def _found(rows: QuerySet, column: str = "pk") -> set[int]:
    return set(rows.order_by().values_list(column, flat=True))


def _of_demands(rows: Sequence[Demand]) -> Iterator[Entries]:
    yield "demand", _keys(rows)
    yield "mention", _found(Mention.objects.filter(demand__in=_keys(rows)))


def _of_mentions(rows: Sequence[Mention]) -> Iterator[Entries]:
    yield "mention", _keys(rows)
    yield "demand", {row.demand_id for row in rows}
    yield "demand", set(chain.from_iterable(getattr(row, "moved_from", ()) for row in rows))


def _of_statements(rows: Sequence[Any]) -> Iterator[Entries]:
    yield from _in_statements(_keys(rows))


def _of_speakers(rows: Sequence[StatementSpeaker]) -> Iterator[Entries]:
    yield from _in_statements([row.statement_id for row in rows])


def _in_statements(keys: Iterable[int]) -> Iterator[Entries]:
    for batch in batched(sorted(set(keys))):
        pairs = list(
            Mention.objects.filter(statement__in=batch).values_list("pk", "demand_id").order_by()
        )
        yield "mention", [mention for mention, _demand in pairs]
        # The day on which a demand was last raised follows from its statements.
        yield "demand", {demand for _mention, demand in pairs}


def _of_meetings(rows: Sequence[Meeting]) -> Iterator[Entries]:
    yield from _in_statements(_found(Statement.objects.filter(meeting__in=_keys(rows))))


def _of_people(rows: Sequence[Person]) -> Iterator[Entries]:
    yield "mention", _found(Mention.objects.filter(speaker__in=_keys(rows)))
    spoken = StatementSpeaker.objects.filter(person__in=_keys(rows))
    yield from _in_statements(_found(spoken, "statement_id"))


def _of_organisations(rows: Sequence[Organisation]) -> Iterator[Entries]:
    links = DemandAddressee.objects.filter(organisation__in=_keys(rows))
    yield "demand", _found(links, "demand_id")


def _of_themes(rows: Sequence[Theme]) -> Iterator[Entries]:
    yield "demand", _found(Demand.objects.filter(theme__in=_keys(rows)))


def _of_assessments(rows: Sequence[Assessment]) -> Iterator[Entries]:
    yield "demand", [row.demand_id for row in rows]


def _of_passages(rows: Sequence[Marked]) -> Iterator[Entries]:
    yield "mention", [row.mention_id for row in rows]


def connect() -> None:
    """Have this room's rows found, and kept in step."""
    register(Demands())
    register(Mentions())
    depends(Demand, _of_demands)
    depends(Mention, _of_mentions)
    depends(Statement, _of_statements)
    depends(StatementSpeaker, _of_speakers)
    depends(Meeting, _of_meetings)
    depends(Person, _of_people)
    depends(Organisation, _of_organisations)
    depends(Theme, _of_themes)
    depends(Assessment, _of_assessments)
    depends(Marked, _of_passages)
