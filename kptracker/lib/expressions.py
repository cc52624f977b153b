"""SQL expressions for exports that SQLite and PostgreSQL understand and answer alike.

Each gives the same text on both databases, evaluates a costly part once, and calls no function
that Django runs in Python on SQLite: over two million rows that would cost more than the rest.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import (
    BinaryField,
    BooleanField,
    Case,
    CharField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)

#: A cell that begins with one of these may run as a formula in a spreadsheet, or, for the
#: apostrophe, would be mistaken for a guarded one.
GUARDED = "=+-@\t\r'"


def without_guard(cell: str) -> str:
    """Return a cell of a CSV file without the apostrophe that keeps it from being a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in GUARDED else cell


def _expression(source: Any) -> Any:
    return F(source) if isinstance(source, str) else source


class Joined(Func):
    """Texts put together with ``||``: NULL where one of them is NULL, unlike Django's Concat."""

    template = "(%(expressions)s)"
    arg_joiner = " || "

    def __init__(self, *parts: Any) -> None:
        super().__init__(*map(_expression, parts), output_field=TextField())


class YesNo(Func):
    """A condition as the word "yes" or "no", the same in every language; NULL stays NULL."""

    def __init__(self, rule: Any) -> None:
        super().__init__(_expression(rule), output_field=CharField())

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **extra: Any
    ) -> Any:
        """Write the condition twice: what is not known is neither."""
        sql, params = compiler.compile(self.get_source_expressions()[0])
        return f"CASE WHEN {sql} THEN 'yes' WHEN NOT ({sql}) THEN 'no' END", [*params, *params]


class NeverNone(Func):
    """Anything as text, '' for NULL: a cell that stands alone in its row."""

    template = "COALESCE(CAST(%(expressions)s AS TEXT), '')"

    def __init__(self, source: Any) -> None:
        super().__init__(_expression(source), output_field=TextField())


class OrElse(Func):
    """A text, or another where it is empty."""

    template = "COALESCE(%(expressions)s)"

    def __init__(self, first: Any, second: Any) -> None:
        super().__init__(NoneIfEmpty(first), _expression(second), output_field=TextField())


class NoneIfEmpty(Func):
    """NULL for '': COPY writes an empty text as two quotation marks, and NULL as nothing."""

    template = "NULLIF(%(expressions)s, '')"

    def __init__(self, source: Any) -> None:
        super().__init__(_expression(source), output_field=TextField())


class Guarded(Func):
    """Text with an apostrophe before it where a spreadsheet would take it for a formula.

    NULL for ''. Nearly every text begins with a letter, so that is asked first. What reads
    other tables is evaluated once: the maximum of a single row is that row, and both databases
    compute the same aggregate once.
    """

    arity = 1
    guard = (
        "CASE WHEN {letter} THEN {text} WHEN {text} = '' THEN NULL"
        " WHEN SUBSTR({text}, 1, 1) IN ({signs}) THEN '''' || {text} ELSE {text} END"
    )
    #: All that is guarded lies before "A". Function or operator, whichever is faster there.
    letter = {"sqlite": "{text} >= 'A'", "postgresql": "ASCII({text}) > 64"}
    signs = {
        "sqlite": ", ".join(f"CHAR({ord(sign)})" for sign in GUARDED),
        "postgresql": ", ".join(f"CHR({ord(sign)})" for sign in GUARDED),
    }

    def __init__(self, source: Any) -> None:
        super().__init__(_expression(source), output_field=TextField())

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **extra: Any
    ) -> Any:
        """Write the guard around the compiled text."""
        (source,) = self.get_source_expressions()
        sql, params = compiler.compile(source)
        if type(source) is Looked:
            # One row at most, so the guard can stand around the lookup's own answer.
            return f"(SELECT {self._around('cell', connection)} FROM {sql} AS one)", params  # noqa: S608
        if any(isinstance(part, Subquery) for part in source.flatten()):
            guard = self._around("MAX(cell)", connection)
            return f"(SELECT {guard} FROM (SELECT {sql} AS cell) AS one)", params  # noqa: S608
        guard = self._around(sql, connection)
        return guard, [*params] * guard.count(sql)

    def _around(self, text: str, connection: Any) -> str:
        return self.guard.format(
            letter=self.letter[connection.vendor].format(text=text),
            signs=self.signs[connection.vendor],
            text=text,
        )


def guarded(source: Any) -> Any:
    """Return a text guarded, its conditions asked once: the guard moves into their outcomes."""
    if not isinstance(source, Case):
        return Guarded(source)
    outcomes = source.copy()
    *cases, default = outcomes.get_source_expressions()
    cases = [case.copy() for case in cases]  # the list of columns keeps its own
    for case in cases:
        case.result = guarded(case.result)
    if not (isinstance(default, Value) and default.value is None):
        default = guarded(default)
    outcomes.set_source_expressions([*cases, default])
    return outcomes


class Line(Func):
    """The cells of a row in one piece, for SQLite: each begun by the byte FF, the row ended by FE.

    Neither byte is ever part of UTF-8, so the cells can be told apart whatever they hold.
    PRINTF writes NULL as nothing, and copies each cell once where ``||`` copies all before it.
    """

    def __init__(self, *cells: Any) -> None:
        super().__init__(*cells, output_field=BinaryField())

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **extra: Any
    ) -> Any:
        """Write the shape of the row in hexadecimal: FF, %s for each cell, and FE."""
        compiled = [compiler.compile(cell) for cell in self.get_source_expressions()]
        shape = "ff2573" * len(compiled) + "fe"
        cells = ", ".join(sql for sql, _params in compiled)
        params = [param for _sql, params in compiled for param in params]
        return f"CAST(PRINTF(CAST(x'{shape}' AS TEXT), {cells}) AS BLOB)", params


class UtcDay(Func):
    """The day, in UTC, of a moment, as text."""

    def __init__(self, moment: Any) -> None:
        super().__init__(_expression(moment), output_field=CharField())

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Take it from the text: moments are stored in UTC."""
        return self.as_sql(compiler, connection, template="SUBSTR(%(expressions)s, 1, 10)")

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Write it in ISO's order, whatever the server's DateStyle."""
        return self.as_sql(
            compiler,
            connection,
            template="TO_CHAR(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
        )


class Iso(Func):
    """A plain date as text: 2017-11-09. SQLite stores it so; PostgreSQL is told to write it so."""

    template = "%(expressions)s"

    def __init__(self, day: Any) -> None:
        super().__init__(_expression(day), output_field=CharField())

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """A cast is four times as fast as TO_CHAR; Django's connections write dates in ISO."""
        return self.as_sql(compiler, connection, template="(%(expressions)s)::text")

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Cast, so that the column has no declared type from which Python would make a date."""
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS TEXT)")


class First(Func):
    """The first signs of a text."""

    template = "SUBSTR(%(expressions)s, 1, %(length)s)"

    def __init__(self, source: Any, length: int) -> None:
        super().__init__(_expression(source), output_field=CharField(), length=int(length))


def date_as_known(name: str) -> Case:
    """Return a stored date as known: 2017, 2017-11 or 2017-11-09; NULL where it is not known.

    ``partial_dates.as_known`` gives the same text; on SQLite it asks Python for the month.
    """
    first, last = Iso(f"{name}_first"), Iso(f"{name}_last")
    same_month = ExpressionWrapper(
        Q(Same(First(first, 7), First(last, 7))), output_field=BooleanField()
    )
    return Case(
        When(**{f"{name}_first": F(f"{name}_last")}, then=first),
        When(same_month, then=First(first, 7)),
        default=First(first, 4),
        output_field=CharField(),
    )


def Same(one: Any, other: Any) -> Any:
    """Return the condition that two expressions are equal."""
    from django.db.models.lookups import Exact

    return Exact(_expression(one), _expression(other))


def only_if(rule: Q, source: Any) -> Case:
    """Return a value where ``rule`` holds, else NULL: what is not public is left out."""
    return Case(When(rule, then=_expression(source)), default=None)


def in_file_language(path: str, language: str) -> Any:
    """Return a bilingual column of a published row: French where there is any, else English.

    A published row has its English, so the English file needs no fallback.
    """
    return OrElse(f"{path}_fr", path) if language == "fr" else F(path)


def condition(rule: Q) -> ExpressionWrapper:
    """Return a condition as a column of yes or no."""
    return ExpressionWrapper(rule, output_field=BooleanField())


def constant(text: str) -> Value:
    """Return a text that is the same in every row."""
    return Value(text, output_field=TextField())


class Cell(Subquery):
    """Several linked values in one cell, ``a; b``, in the order of the query.

    A semicolon inside a value becomes a comma, so that the cell can be taken apart again.
    """

    output_field = TextField()

    def __init__(self, rows: QuerySet, value: Any, order: Sequence[Any]) -> None:
        listed = rows.annotate(cell=WithoutSemicolons(value)).order_by(*order).values("cell")
        super().__init__(listed, output_field=TextField())

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """SQLite aggregates the rows of an ordered subquery in that order."""
        return super().as_sql(
            compiler,
            connection,
            template="(SELECT GROUP_CONCAT(cell, '; ') FROM (%(subquery)s))",
            **extra,
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """An array keeps the order of its query."""
        return super().as_sql(
            compiler,
            connection,
            template="ARRAY_TO_STRING(ARRAY(%(subquery)s), '; ')",
            **extra,
        )


class WithoutSemicolons(Func):
    """Text in which commas stand for semicolons, '' for NULL."""

    template = "REPLACE(COALESCE(%(expressions)s, ''), ';', ',')"

    def __init__(self, source: Any) -> None:
        super().__init__(_expression(source), output_field=TextField())


class Looked(Subquery):
    """One value of the only row, or the first, of a correlated query."""

    def __init__(self, rows: QuerySet, value: Any) -> None:
        looked = rows.annotate(cell=_expression(value)).values("cell")
        super().__init__(looked, output_field=TextField())


class Number(Subquery):
    """How many rows a correlated query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"

    def __init__(self, rows: QuerySet) -> None:
        super().__init__(rows.order_by().values("pk"), output_field=IntegerField())


__all__ = [
    "GUARDED",
    "Cell",
    "Guarded",
    "Iso",
    "Joined",
    "Line",
    "Looked",
    "NeverNone",
    "NoneIfEmpty",
    "Number",
    "OrElse",
    "Same",
    "UtcDay",
    "YesNo",
    "condition",
    "constant",
    "date_as_known",
    "guarded",
    "in_file_language",
    "only_if",
]
