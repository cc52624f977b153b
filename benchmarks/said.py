"""A record of long statements to search: words as frequent as in a language, names, two languages.

The words are those of the shipped record and others made of their syllables, drawn as often as
their rank says (Zipf); fixed pairs (conflict diamonds) are drawn as one. The same each time.

Usage: python -m benchmarks.said [STATEMENTS]
"""

import csv
import itertools
import os
import random
import re
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

ROOT = Path(__file__).resolve().parent.parent
#: So many different words has each language, and so many words a statement.
DIFFERENT, LENGTH = 30_000, 800
PAIRS = {
    "en": [
        "conflict diamonds",
        "Kimberley Process",
        "civil society",
        "human rights",
        "peer review",
    ],
    "fr": ["diamants de conflit", "Processus de Kimberley", "société civile", "droits humains"],
}
EVERYWHERE = {
    "en": [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "that",
        "is",
        "for",
        "on",
        "it",
        "as",
        "with",
        "be",
        "by",
        "this",
        "are",
        "from",
        "at",
        "or",
        "an",
        "which",
    ],
    "fr": [
        "de",
        "la",
        "le",
        "et",
        "les",
        "des",
        "à",
        "en",
        "un",
        "du",
        "une",
        "que",
        "est",
        "pour",
        "qui",
        "dans",
        "par",
        "sur",
        "il",
        "au",
        "ne",
        "pas",
    ],
}
MENTIONS, DEMANDS, PEOPLE = 20_000, 2_000, 400
BATCH = 1000


class Language:
    """Words of one language, each drawn as often as its rank says."""

    def __init__(self, language: str, maker: random.Random) -> None:
        suffix = "_fr" if language == "fr" else ""
        found: dict[str, int] = {}
        for name, column in (
            ("statements", "summary"),
            ("mentions", "paraphrase"),
            ("demands", "description"),
        ):
            with open(ROOT / "record" / f"{name}.csv", encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    for word in re.findall(r"[^\W\d_]{2,}", row[column + suffix]):
                        found[word] = found.get(word, 0) + 1
        own = sorted(found, key=lambda word: (-found[word], word))
        syllables = sorted({word[:3] for word in own if len(word) > 5})
        made = []
        while len(own) + len(made) < DIFFERENT:
            made.append("".join(maker.choices(syllables, k=maker.choice([2, 2, 3]))).lower())
        self.words = [*EVERYWHERE[language], *PAIRS[language], *own, *dict.fromkeys(made)]
        weights = (1 / (rank + 2.7) for rank in range(1, len(self.words) + 1))
        self.weights = list(itertools.accumulate(weights))
        self.maker = maker

    def text(self, length: int) -> str:
        """Return a text of about so many words, in paragraphs of eighty."""
        drawn = self.maker.choices(self.words, cum_weights=self.weights, k=length)
        return "\n\n".join(
            " ".join(drawn[start : start + 80]).capitalize() + "." for start in range(0, length, 80)
        )

    def title(self) -> str:
        """Return a title: nine words, the most frequent left out."""
        drawn = self.maker.choices(self.words, cum_weights=self.weights, k=14)
        return " ".join([word for word in drawn if len(word) > 3][:9]).capitalize() or "Title"


def build(statements: int, seed: int = 2003) -> None:
    """Fill the empty database, and the index of search."""
    from django.db import connection, transaction

    from benchmarks import synthetic
    from demands.derived import settle
    from kptracker.lib.search import keeping
    from kptracker.lib.writing import raise_stamp

    maker = synthetic.Maker(seed)
    english, french = (Language(one, maker.random) for one in ("en", "fr"))
    with transaction.atomic():
        cast = synthetic._cast(maker)
        _name(cast["people"])
        meetings = synthetic._meetings(maker, cast)
    said: list[Any] = []
    for start in range(0, statements, BATCH):
        with transaction.atomic():
            said += _statements(maker, english, french, cast, meetings, start, BATCH)
    with transaction.atomic():
        asked = synthetic._demands(maker, DEMANDS, cast)
    synthetic._mentions(maker, min(MENTIONS, statements), asked, said)
    settle(row.pk for row in asked)
    raise_stamp()
    print(f"Written, now search: {time.strftime('%X')}", flush=True)
    start_of_search = time.monotonic()
    keeping.rebuild(_tell)
    print(f"Search was filled in {time.monotonic() - start_of_search:.0f} s", flush=True)
    synthetic._analyse()
    if connection.vendor == "sqlite":
        keeping.forget()


def _tell(kind: str, done: int, total: int) -> None:
    if done % 10_000 == 0 or done == total:
        print(f"{time.strftime('%X')} {kind}: {done} of {total}", flush=True)


def _name(people: list[Any]) -> None:
    """Give people names that nobody else has: of the record's syllables."""
    first = ["Ama", "Kofi", "Zoé", "Malik", "Inès", "Tariro", "Élise", "Juma", "Noa", "Brou"]
    parts = ["yo", "mu", "ka", "tse", "bou", "ndi", "ré", "za", "ghe", "lo", "sha", "mti"]
    names = itertools.product(first, itertools.product(parts, repeat=3))
    chosen = itertools.islice(names, 0, None, 37)
    for row, (given, family) in zip(people, chosen, strict=False):
        row.full_name = f"{given} {''.join(family).capitalize()}"
        row.save(update_fields=["full_name", "name_key", "text_key"])


def _statements(
    maker: Any,
    english: Language,
    french: Language,
    cast: dict[str, list[Any]],
    meetings: list[Any],
    start: int,
    count: int,
) -> list[Any]:
    from benchmarks.synthetic import _create
    from statements.models import Statement, StatementIssuer, StatementSpeaker, Text

    rows = []
    for n in range(start, start + count):
        meeting = maker.pick(meetings) if maker.chance(0.5) else None
        day = meeting.start_first if meeting else maker.day()
        row = Statement(
            slug=f"{day}-statement-{n}",
            title=english.title(),
            title_fr=french.title(),
            kind=maker.pick(["press_release", "speech", "opening_remarks", "report"]),
            voice=maker.pick(["coalition"] * 3 + ["member"]),
            meeting=meeting,
            language="fr" if maker.chance(0.3) else "en",
            text_seen="full",
            source_url=maker.url(),
            confidence="high",
            state="published",
        )
        row.date = day.isoformat()
        row.sort_on = row.sorts_on
        rows.append(row)
    rows = _create(Statement, rows)
    texts = [
        Text(
            statement=row,
            kind="verbatim",
            language=row.language,
            body=(french if row.language == "fr" else english).text(LENGTH),
        )
        for row in rows
    ]
    _create(Text, texts)
    roles, organisations = cast["roles"], cast["organisations"]
    _create(
        StatementIssuer,
        [StatementIssuer(statement=row, organisation=maker.pick(organisations)) for row in rows],
    )
    speakers = []
    for row in rows:
        if maker.chance(0.55):
            role = maker.pick(roles)
            speakers.append(StatementSpeaker(statement=row, person_id=role.person_id, role=role))
    _create(StatementSpeaker, speakers)
    spoke = {one.statement_id: one.person_id for one in speakers}
    # What stays in memory of each is what a mention needs.
    for row in rows:
        row.spoke, row.held = spoke.get(row.pk), None
    return rows


def main() -> None:
    """Migrate, and build unless there are statements already."""
    import django

    django.setup()
    from django.core.management import call_command

    from statements.models import Statement

    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    call_command("migrate", verbosity=0)
    found = Statement.objects.count()
    if found == wanted:
        return
    if found:
        raise SystemExit(f"The database holds {found} statements already, not {wanted}.")
    start = time.monotonic()
    build(wanted)
    print(f"Built {wanted:,} statements in {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
