"""Quotes stay true to their texts: where a text is changed, their places in it follow."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kptracker.lib.writing import after_write
from statements.models import Text

from .models import Mention
from .models.mentions import AROUND


def follow_texts(texts: Sequence[Text]) -> None:
    """Find the quotes from these texts again.

    Raises ValidationError, naming the mention, where a text no longer holds what is quoted
    from it; the change of the text is then undone.
    """
    for mention in Mention.objects.filter(text__in=[text.pk for text in texts]).select_related(
        "text"
    ):
        assert mention.text is not None  # noqa: S101
        start = nearest(mention.text.body, mention.quote, mention.start or 0)
        if start < 0:
            raise ValidationError(
                {
                    "body": _(
                        "%(mention)s quotes “%(quote)s” from this text, and it would not stand "
                        "in it any more. Change the quote there first."
                    )
                    % {"mention": mention.reference, "quote": mention.quote}
                }
            )
        end = start + len(mention.quote)
        place = {
            "start": start,
            "end": end,
            "prefix": mention.text.body[max(0, start - AROUND) : start],
            "suffix": mention.text.body[end : end + AROUND],
        }
        if any(getattr(mention, name) != value for name, value in place.items()):
            Mention.objects.filter(pk=mention.pk).update(**place)


def nearest(body: str, quote: str, near: int) -> int:
    """Return where a quote stands in a text, nearest to its former place; -1 where nowhere."""
    before, after = body.rfind(quote, 0, near + len(quote)), body.find(quote, near)
    found = [place for place in (before, after) if place >= 0]
    return min(found, key=lambda place: abs(place - near), default=-1)


def connect() -> None:
    """Have quotes follow whenever a text is written."""
    after_write(Text, follow_texts)
