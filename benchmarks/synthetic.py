"""A synthetic record of any size, the same each time, shaped like the real one.

Lengths of texts, shares of empty cells and of speakers follow ``record/``. The rows are written
past the actions, in bulk, and the derived columns settled at the end by their own function.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from demands.derived import settle
from demands.models import Assessment, Demand, DemandAddressee, Evidence, Mention, Theme
from kptracker.lib.writing import raise_stamp
from statements.models import (
    Country,
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

ENGLISH_TEXT = (
    "the coalition asks Kimberley Process to widen definition of conflict diamonds so that it "
    "covers violence by state forces, private security and armed groups alike; participants "
    "should publish figures on production, export and seizures each year — mining communities "
    "must be heard before a decision is taken, and «peer review» needs teeth (see annex, p. 3)"
)
FRENCH_TEXT = (
    "la coalition demande au Processus de Kimberley d’élargir la définition des diamants de "
    "conflit aux violences des forces de l’État, des sociétés de sécurité et des groupes armés ; "
    "les participants devraient publier chaque année leurs chiffres de production, d’exportation "
    "et de saisie — les communautés minières doivent être entendues avant toute décision"
)
WORDS, FRENCH = ENGLISH_TEXT.split(), FRENCH_TEXT.split()
STATUSES = (
    ("no_movement", "", ""),
    ("under_discussion", "", ""),
    ("blocked", "no_consensus", ""),
    ("blocked", "not_tabled", ""),
    ("partly_met", "", "addressee"),
    ("met", "", "another_body"),
    ("closed", "lapsed", ""),
)
FIRST_DAY = date(2000, 5, 1)
BATCH = 1000
#: So many mentions are settled; more are for exports alone, which read no derived count.
SETTLED_AT_MOST = 200_000


class Maker:
    """Makes texts, dates and choices from one seed."""

    def __init__(self, seed: int = 2003) -> None:
        self.random = random.Random(seed)

    def text(self, length: int, words: list[str] = WORDS) -> str:
        """Return about ``length`` characters, a line break or a quotation mark now and then."""
        count = max(2, int(self.random.gauss(length, length / 4)) // 7)
        start = self.random.randrange(len(words))
        picked = [words[(start + step) % len(words)] for step in range(count)]
        chance = self.random.random()
        if chance < 0.02:
            picked.insert(count // 2, "\n\n")
        elif chance < 0.06:
            picked[0] = f'"{picked[0]}"'
        elif chance < 0.065:
            picked[0] = f"- {picked[0]}"
        return " ".join(picked)[: length * 2]

    def day(self) -> date:
        """Return a day of the years of the record."""
        return FIRST_DAY + timedelta(days=self.random.randrange(9500))

    def chance(self, share: float) -> bool:
        """Return True in about ``share`` of all calls."""
        return self.random.random() < share

    def pick(self, rows: Any) -> Any:
        """Return one of ``rows``."""
        return rows[int(self.random.random() * len(rows))]

    def url(self) -> str:
        """Return an address as long as those of the record."""
        return f"https://www.example.org/archive/{self.random.getrandbits(64):x}/" + "a-page-" * 9


def build(
    *, statements: int = 5_000, demands: int = 2_000, mentions: int = 100_000, seed: int = 2003
) -> None:
    """Fill the empty database with a published record of this size."""
    maker = Maker(seed)
    with transaction.atomic():
        cast = _cast(maker)
        meetings = _meetings(maker, cast)
        said = _statements(maker, statements, cast, meetings)
        asked = _demands(maker, demands, cast)
    _mentions(maker, mentions, asked, said)
    with transaction.atomic():
        _assessments(maker, asked, meetings)
    if mentions <= SETTLED_AT_MOST:
        settle(row.pk for row in asked)
    raise_stamp()
    _analyse()


def _create(model: Any, rows: list[Any]) -> list[Any]:
    return list(model._base_manager.bulk_create(rows, batch_size=200))


def _cast(maker: Maker) -> dict[str, list[Any]]:
    countries = _create(
        Country,
        [
            Country(code=f"{chr(65 + n // 26)}{chr(65 + n % 26)}", name=f"Country {n}")
            for n in range(70)
        ],
    )
    organisations = _create(
        Organisation,
        [
            Organisation(
                slug=f"organisation-{n}",
                name=f"{maker.text(24)} {n}",
                name_fr=f"{maker.text(28, FRENCH)} {n}",
                kind=maker.pick(["participant", "coalition_member", "observer", "company"]),
                country=maker.pick(countries),
                source_url=maker.url(),
                confidence="high",
                state="published",
            )
            for n in range(300)
        ],
    )
    people = _create(
        Person,
        [
            Person(
                slug=f"person-{n}",
                full_name=f"Ama Person{n}",
                public_name=maker.pick(["shown"] * 18 + ["function_only", "withheld"]),
                state="published",
            )
            for n in range(400)
        ],
    )
    roles = _create(
        Role,
        [
            Role(
                reference=f"R-{n:03}",
                person=person,
                role=maker.text(25),
                role_fr=maker.text(33, FRENCH),
                organisation=maker.pick(organisations),
            )
            for n, person in enumerate(people, start=1)
        ],
    )
    return {
        "countries": countries,
        "organisations": organisations,
        "people": people,
        "roles": roles,
    }


def _meetings(maker: Maker, cast: dict[str, list[Any]]) -> list[Meeting]:
    rows = []
    for n in range(150):
        start = maker.day()
        row = Meeting(
            slug=f"meeting-{n}",
            title=f"{maker.text(30)} {n}",
            title_fr=f"{maker.text(40, FRENCH)} {n}",
            kind=maker.pick(["plenary", "intersessional", "un_resolution", "forum"]),
            year=start.year,
            city=f"City {n}",
            country=maker.pick(cast["countries"]),
            csc_presence=maker.pick(["attended", "spoke", ""]),
            note=maker.text(74),
            note_fr=maker.text(93, FRENCH),
            source_url=maker.url(),
            confidence="high",
            state="published",
        )
        row.start = start.isoformat()
        row.end = (start + timedelta(days=3)).isoformat()
        rows.append(row)
    return _create(Meeting, rows)


def _statements(
    maker: Maker, count: int, cast: dict[str, list[Any]], meetings: list[Meeting]
) -> list[Statement]:
    rows = []
    for n in range(count):
        meeting = maker.pick(meetings) if maker.chance(0.7) else None
        day = meeting.start_first if meeting else maker.day()
        row = Statement(
            slug=f"{day}-statement-{n}",
            title=f"{maker.text(85)} {n}",
            title_fr=f"{maker.text(99, FRENCH)} {n}",
            kind=maker.pick(["press_release", "speech", "opening_remarks", "report"]),
            voice=maker.pick(["coalition"] * 3 + ["member"]),
            meeting=meeting,
            language="en",
            summary=maker.text(367),
            summary_fr=maker.text(419, FRENCH),
            text_seen=maker.pick(["full", "excerpt", "press_report"]),
            source_url=maker.url(),
            confidence="high",
            state="published",
        )
        row.date = day.isoformat() if maker.chance(0.9) else day.isoformat()[:7]
        row.sort_on = row.sorts_on
        rows.append(row)
    rows = _create(Statement, rows)
    organisations, roles = cast["organisations"], cast["roles"]
    for link in (StatementIssuer, StatementAddressee):
        _create(
            link,
            [link(statement=row, organisation=maker.pick(organisations)) for row in rows],
        )
    speakers = []
    for row in rows:
        if maker.chance(0.55):
            role = maker.pick(roles)
            speakers.append(StatementSpeaker(statement=row, person_id=role.person_id, role=role))
    _create(StatementSpeaker, speakers)
    spoke = {one.statement_id: one.person_id for one in speakers}
    texts = _create(
        Text,
        [
            Text(statement=row, kind="verbatim", language="en", body=maker.text(3000))
            for row in rows
            if maker.chance(0.1)
        ],
    )
    held = {text.statement_id: text for text in texts}
    for row in rows:
        row.spoke, row.held = spoke.get(row.pk), held.get(row.pk)
    return rows


def _demands(maker: Maker, count: int, cast: dict[str, list[Any]]) -> list[Demand]:
    themes = _create(Theme, [Theme(slug=f"theme-{n}", name=f"Theme {n}") for n in range(19)])
    rows = []
    for n in range(1, count + 1):
        kind = "position" if n % 30 == 0 else "demand"
        rows.append(
            Demand(
                reference=f"D-{n:03}",
                slug=f"demand-{n}",
                title=f"{maker.text(64)} {n}",
                title_fr=f"{maker.text(72, FRENCH)} {n}",
                theme=maker.pick(themes),
                kind=kind,
                status="not_assessed" if kind == "demand" else "not_applicable",
                description=maker.text(316),
                description_fr=maker.text(365, FRENCH),
                success_test=maker.text(104),
                success_test_fr=maker.text(124, FRENCH),
                source_url=maker.url(),
                confidence="high",
                state="published",
            )
        )
    rows = _create(Demand, rows)
    _create(
        DemandAddressee,
        [
            DemandAddressee(demand=row, organisation=organisation, position=place)
            for row in rows
            for place, organisation in enumerate(
                maker.random.sample(cast["organisations"][:40], maker.pick([1, 1, 2])), start=1
            )
        ],
    )
    return rows


MENTION_COLUMNS = (
    "id",
    "reference",
    "demand_id",
    "statement_id",
    "kind",
    "speaker_id",
    "paraphrase",
    "paraphrase_fr",
    "source_url",
    "confidence",
    "quote",
    "quote_language",
    "raised_on",
    "text_key",
    "version",
    "changed_at",
)


def _mention_rows(
    maker: Maker, count: int, asked: list[Demand], said: list[Statement]
) -> Iterator[tuple[Any, ...]]:
    now = timezone.now()
    if connection.vendor == "sqlite":
        now = now.replace(tzinfo=None).isoformat(" ")
    pool = [(maker.text(154), maker.text(175, FRENCH), maker.url()) for _ in range(5000)]
    kinds = ["demanded"] * 7 + ["criticised"] * 2 + ["welcomed"]
    # Some demands are asked far more often than others, as in the record.
    often = [row.pk for row in asked for _ in range(1 + (row.pk % 50 == 0) * 40)]
    for n in range(1, count + 1):
        statement = maker.pick(said)
        words, french, url = maker.pick(pool)
        words = f"{words} [{n}]"
        quote, language = "", ""
        if statement.held and maker.chance(0.5):
            quote, language = statement.held.body[10:130], statement.held.language
        yield (
            n,
            f"M-{n:04}",
            maker.pick(often),
            statement.pk,
            maker.pick(kinds),
            statement.spoke if maker.chance(0.75) else None,
            words,
            french,
            url,
            "high",
            quote,
            language,
            statement.sort_on.isoformat(),
            words.lower(),
            1,
            now,
        )


def _mentions(maker: Maker, count: int, asked: list[Demand], said: list[Statement]) -> None:
    """Write the mentions as fast as each database takes them."""
    table = Mention._meta.db_table
    columns = ", ".join(f'"{name}"' for name in MENTION_COLUMNS)
    rows = _mention_rows(maker, count, asked, said)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {max(count, 1)})"
            )
        else:
            # The indexes are filled out of order: in a small cache that writes each page often.
            cursor.execute("PRAGMA cache_size = -2000000")
            marks = ", ".join(["?"] * len(MENTION_COLUMNS))
            cursor.cursor.connection.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows
            )


def _assessments(maker: Maker, asked: list[Demand], meetings: list[Meeting]) -> None:
    rows = []
    for demand in asked:
        if demand.kind != "demand" or maker.chance(0.25):
            continue
        for _n in range(maker.pick([1, 2])):
            status, reason, by = maker.pick(STATUSES)
            row = Assessment(
                reference=f"A-{len(rows) + 1:04}",
                demand=demand,
                status=status,
                reason=reason,
                brought_about_by=by,
                rationale=maker.text(150),
                rationale_fr=maker.text(170, FRENCH),
                meeting=maker.pick(meetings) if maker.chance(0.5) else None,
                assessed_by="compilers of the record",
                reviewed_by="A reviewer" if maker.chance(0.1) else "",
                confidence="medium",
            )
            row.date = maker.day().isoformat()
            rows.append(row)
    rows = _create(Assessment, rows)
    _create(
        Evidence,
        [
            Evidence(assessment=row, kind="press", source_url=maker.url(), position=place)
            for row in rows
            for place in range(1, maker.pick([2, 3]))
        ],
    )


def _analyse() -> None:
    """Let the database look at its rows, as it does by itself on a site that has run a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
