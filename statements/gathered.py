"""Which meetings were held, and of which of them, and of which years, a text is in the record."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.utils import timezone

from kptracker.lib.publishing import State

from .models import Statement
from .models.statements import COUNTED_VOICES
from .querysets import TEXT_AT_HAND


def held(at: date | None = None) -> Q:
    """Return the condition that a meeting was over by ``at`` (today) and not cancelled."""
    return Q(cancelled=False, sort_on__lte=at or timezone.localdate())


def with_text() -> Exists:
    """Return the condition that words of the coalition or a member at a meeting are at hand.

    A press report, or a mention of a speech that nobody saw, is no text.
    """
    return Exists(
        Statement.objects.public().filter(
            meeting=OuterRef("pk"), voice__in=COUNTED_VOICES, text_seen__in=TEXT_AT_HAND
        )
    )


def statements_by_year() -> QuerySet:
    """Return (year, year of the meeting, state of the meeting, texts) of the public statements.

    Only of the coalition and its members, whose words tell what was asked. ``years_of`` says
    in which years such a row counts; ``texts`` is how many of its statements are at hand.
    """
    return (
        Statement.objects.public()
        .filter(voice__in=COUNTED_VOICES)
        .order_by()
        .values_list(ExtractYear("date_first"), "meeting__year", "meeting__state")
        .annotate(texts=Count("pk", filter=Q(text_seen__in=TEXT_AT_HAND)))
    )


def years_of(year: int, meeting_year: int | None, meeting_state: str | None) -> set[int]:
    """Return in which years a statement counts: its own, and that of its public meeting.

    What is said at a meeting is asked in the meeting's year, whenever it was published.
    """
    if meeting_year is None or meeting_state != State.PUBLISHED:
        return {year}
    return {year, meeting_year}


def years_with_text() -> set[int]:
    """Return the years of which words of the coalition or a member are at hand. One query.

    Of any other year it is not known whether anything was asked.
    """
    return {
        one
        for year, meeting_year, state, texts in statements_by_year()
        if texts
        for one in years_of(year, meeting_year, state)
    }
