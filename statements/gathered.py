"""Which meetings were held, and of which of them a text is in the record."""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

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
