"""Columns of this room that follow from other rows: the day by which a statement sorts."""

from collections.abc import Iterable, Sequence

from kptracker.lib.writing import after_write

from .models import Meeting, Statement


def sort_statements(statements: Iterable[Statement]) -> None:
    """Bring ``sort_on`` of these statements in step with their date and their meeting's."""
    for statement in statements:
        day = statement.sorts_on
        if day != statement.sort_on:
            Statement.objects.filter(pk=statement.pk).update(sort_on=day)
            statement.sort_on = day


def follow_statements(rows: Sequence[Statement]) -> None:
    """After statements were written: set the day by which they sort."""
    keys = [row.pk for row in rows]
    sort_statements(Statement.objects.filter(pk__in=keys).select_related("meeting"))


def follow_meetings(rows: Sequence[Meeting]) -> None:
    """After meetings were written: their statements do not sort after them."""
    keys = [row.pk for row in rows]
    sort_statements(Statement.objects.filter(meeting__in=keys).select_related("meeting"))


def connect() -> None:
    """Follow every write of a meeting or a statement."""
    after_write(Meeting, follow_meetings)
    after_write(Statement, follow_statements)
