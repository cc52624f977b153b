"""The one question to the database: which entries have these tokens, newest first?

Both engines only intersect lists of numbers. All that is about words is settled before.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from django.db import connection

from .asking import Asked, Phrase
from .known import state
from .recent import Years, newest_years

#: So many hits, the newest, are ranked and counted.
MOST_HITS = 1000
#: So many entries with all pairs of a long phrase are looked through for the phrase itself, so
#: many at a time.
MOST_LOOKED_THROUGH, STREAMS = 1_500, 250
SQLITE = """
SELECT rowid FROM lib_searchindex WHERE lib_searchindex MATCH %s
ORDER BY rowid DESC LIMIT {limit}
"""
POSTGRESQL = """
WITH {parts} {united} ORDER BY no DESC LIMIT {limit}
"""
#: A part of the time. It is looked through only where those before it, which are newer, do not
#: fill what is asked for. "no + 0" keeps PostgreSQL from the index of numbers: with that it would
#: read the tokens of each row.
PART = """{name} AS MATERIALIZED (
  SELECT no FROM lib_searchterms
  WHERE {where} ORDER BY no + 0 DESC LIMIT {limit}
)"""
#: One for each word: a part of the time, or a word with many endings, is then passed over faster
#: than within one tsquery.
HAS = "array_to_tsvector(string_to_array(tokens, ' ')) @@ %s::tsquery"
STREAMS_OF = "SELECT no, stems FROM lib_searchstream WHERE no IN ({numbers})"
WITH_PHRASES = "SELECT no FROM lib_searchstream WHERE no IN ({numbers}) AND {tests}"
#: PostgreSQL cannot know what reading the tokens of a row costs, and would start helpers for the
#: parts that it then leaves out.
PLANNED = """
SET LOCAL enable_seqscan = {seqscan}; SET LOCAL max_parallel_workers_per_gather = {helpers}
"""
NUMBER_OF, ALL_OF = "(SELECT count(*) FROM {})", "SELECT no FROM {}"

#: Tokens of which one must be there.
Group = tuple[str, ...]
#: SQL and its parameters.
Query = tuple[str, list[Any]]


@dataclass(frozen=True)
class Condition:
    """What the index is asked: of each group one token must be there, of ``without`` none.

    ``options`` are alternatives of several tokens each (a phrase in each language); ``phrases``
    must then stand as a whole in the stream of stems, ``no_phrases`` must not. ``narrow`` says
    that so few entries are left that the newest need not be looked through first.
    """

    groups: tuple[Group, ...] = ()
    options: tuple[tuple[Group, ...], ...] = ()
    without: Group = ()
    without_options: tuple[tuple[Group, ...], ...] = ()
    phrases: tuple[Phrase, ...] = field(default=())
    no_phrases: tuple[Phrase, ...] = field(default=())
    narrow: bool = False

    @property
    def has_streams(self) -> bool:
        """Whether the streams of stems must be looked through."""
        return bool(self.phrases or self.no_phrases)


def condition_of(asked: Asked, facets: Sequence[Group] = (), *, narrow: bool = False) -> Condition:
    """Return what the index is asked for a query and chosen facets."""
    return Condition(
        groups=(*(word.stems for word in asked.words), *facets),
        options=tuple(_options(one) for one in asked.phrases),
        without=tuple(stem for word in asked.without for stem in word.stems),
        # One with three words is excluded by the stream: its pairs may stand apart.
        without_options=tuple(_options(one) for one in asked.without_phrases if not one.is_long),
        phrases=tuple(one for one in asked.phrases if one.is_long),
        no_phrases=tuple(one for one in asked.without_phrases if one.is_long),
        narrow=narrow,
    )


def _options(phrase: Phrase) -> tuple[Group, ...]:
    return tuple(tuple(dict.fromkeys(phrase.pairs(option))) for option in phrase.options)


@dataclass(frozen=True, slots=True)
class Newest:
    """The numbers of the newest entries that fulfil a condition, the newest first.

    ``whole`` says that all there are were looked through, or as many found as were wanted.
    """

    numbers: list[int]
    whole: bool = True


def newest(
    conditions: Sequence[Condition],
    most: int = MOST_HITS + 1,
    years: Sequence[Years] | None = None,
) -> list[Newest]:
    """Return for each condition the newest entries that fulfil it.

    By default one more than are ranked. ``years`` are those that are looked through first,
    where they are known already.
    """
    if years is None:
        years = newest_years(state())
    # Of those with a long phrase more: it is looked for in them.
    wanted = [MOST_LOOKED_THROUGH + 1 if one.has_streams else most for one in conditions]
    asked = [
        _query(one, limit, () if one.narrow else years)
        for one, limit in zip(conditions, wanted, strict=True)
    ]
    return [
        _looked_through(one, numbers, most) if one.has_streams else Newest(numbers)
        for one, numbers in zip(conditions, _ask(asked), strict=True)
    ]


def _looked_through(condition: Condition, numbers: list[int], most: int) -> Newest:
    looked_through = numbers[:MOST_LOOKED_THROUGH]
    standing: list[int] = []
    for start in range(0, len(looked_through), STREAMS):
        if len(standing) >= most:
            break
        standing += _with_phrases(condition, looked_through[start : start + STREAMS])
    whole = len(standing) >= most or numbers == looked_through
    return Newest(standing[:most], whole)


def plan(condition: Condition) -> str:
    """Return how the database would look for a condition, as it tells it."""
    sql, params = _query(condition, MOST_HITS + 1, newest_years(state()))
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    (lines,) = _ask([(f"{explain} {sql}", params)])
    return "\n".join(map(str, lines))


def _ask(queries: Sequence[Query]) -> list[list[Any]]:
    """Return what the database answers to each query: the last column of its rows."""
    answers: list[list[Any]] = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for sql, params in queries:
                cursor.execute(sql, params)
                answers.append([row[-1] for row in cursor.fetchall()])
            return answers
        # All at once is one transaction, and one journey to the database.
        planned = PLANNED.format(seqscan="off", helpers=0)
        sql = "; ".join([planned, *(sql for sql, _params in queries)])
        cursor.execute(sql, [one for _sql, params in queries for one in params])
        more: bool | None = True
        while more:
            if cursor.description:  # the settings answer nothing
                answers.append([row[-1] for row in cursor.fetchall()])
            more = cursor.nextset()
        if connection.in_atomic_block:
            cursor.execute(PLANNED.format(seqscan="DEFAULT", helpers="DEFAULT"))
    return answers


def _query(condition: Condition, limit: int, years: Sequence[Years]) -> tuple[str, list[Any]]:
    if connection.vendor == "sqlite":
        # FTS5 walks from the newest to the oldest, and stops when it has enough.
        return SQLITE.format(limit=limit), [_for_sqlite(condition)]
    return _in_parts(condition, limit, years)


def _in_parts(
    condition: Condition, limit: int, newest_first: Sequence[Years]
) -> tuple[str, list[Any]]:
    """Return PostgreSQL's query, the newest years first: GIN gives all that has a word, in no
    order, and a common word stands in every other entry.
    """
    parts: list[str] = []
    names: list[str] = []
    params: list[Any] = []
    below: int | None = None
    for tokens, first in [*newest_first, ((), None)]:
        years = [tokens] if tokens else []
        asked = _for_postgresql(replace(condition, groups=(*condition.groups, *years)))
        params += asked
        where = " AND ".join([HAS] * len(asked))
        for bound, sign in ((first, ">="), (below, "<")):
            if bound is not None:
                where += f" AND no + 0 {sign} %s"
                params.append(bound)
        if names:
            where += f" AND {' + '.join(map(NUMBER_OF.format, names))} < {limit}"
        names.append(f"part_{len(names)}")
        parts.append(PART.format(name=names[-1], where=where, limit=limit))
        below = first
    united = " UNION ALL ".join(map(ALL_OF.format, names))
    return POSTGRESQL.format(parts=", ".join(parts), united=united, limit=limit), params


def _with_phrases(condition: Condition, numbers: Sequence[int]) -> list[int]:
    """Return those of these entries in which the long phrases stand, and the excluded do not."""
    wanted = [_in_stream(one) for one in condition.phrases]
    unwanted = [_in_stream(one) for one in condition.no_phrases]
    some = ", ".join(map(str, numbers))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Where the streams would have to travel, the database looks through them itself.
            tests = [*map(_stand_there, wanted), *(f"NOT {_stand_there(one)}" for one in unwanted)]
            sql = WITH_PHRASES.format(numbers=some, tests=" AND ".join(tests))
            cursor.execute(sql, [*chain.from_iterable([*wanted, *unwanted])])
            found = {number for (number,) in cursor.fetchall()}
        else:
            cursor.execute(STREAMS_OF.format(numbers=some))
            rows = cursor.fetchall()
            for one in wanted:
                rows = [row for row in rows if _stand_in(row[1], one)]
            for one in unwanted:
                rows = [row for row in rows if not _stand_in(row[1], one)]
            found = {number for number, _stems in rows}
    return [number for number in numbers if number in found]


def _in_stream(phrase: Phrase) -> tuple[str, ...]:
    """Return what is looked for in a stream of stems: a phrase, in each language of it."""
    return tuple(f" {' '.join(option)} " for option in phrase.options)


def _stand_in(stems: str, options: Iterable[str]) -> bool:
    # A plain loop: it runs for thousands of entries.
    for option in options:  # noqa: SIM110
        if option in stems:
            return True
    return False


def _stand_there(options: Sequence[str]) -> str:
    return f"({' OR '.join(['strpos(stems, %s) > 0'] * len(options))})"


# --- The same condition in two languages ------------------------------------------------------


def _written(condition: Condition, quote: str, both: str, either: str, never: str) -> Iterator[str]:
    """Yield what must be fulfilled, part by part; the first says as well what must not be."""

    def joined(by: str, parts: Iterable[str]) -> str:
        return "(" + by.join(parts) + ")"

    def quoted(tokens: Group) -> Iterator[str]:
        return (f"{quote}{token}{quote}" for token in tokens)

    def options(some: tuple[Group, ...]) -> str:
        return joined(either, (joined(both, quoted(one)) for one in some))

    must = [joined(either, quoted(group)) for group in condition.groups]
    must += [options(one) for one in condition.options]
    unwanted = [*quoted(condition.without), *map(options, condition.without_options)]
    yield must[0] + (never + joined(either, unwanted) if unwanted else "")
    yield from must[1:]


def _for_sqlite(condition: Condition) -> str:
    return " AND ".join(f"({part})" for part in _written(condition, '"', " AND ", " OR ", " NOT "))


def _for_postgresql(condition: Condition) -> list[str]:
    return list(_written(condition, "'", " & ", " | ", " & !"))
