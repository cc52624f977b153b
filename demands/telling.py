"""What comes of a text that is taken in: passages that waited for it find their places."""

from django.utils.translation import ngettext

from statements import intake
from statements.models import Text

from .models import Passage


def passages_found(text: Text) -> str:
    """Say how many passages of the record found their places in a new text; '' for none."""
    found = Passage.objects.filter(text=text, start__isnull=False).count()
    waiting = Passage.objects.waiting().filter(mention__statement=text.statement_id).count()
    sentences = []
    if found:
        sentences.append(
            ngettext(
                "%(count)d passage of the record found its place in it.",
                "%(count)d passages of the record found their places in it.",
                found,
            )
            % {"count": found}
        )
    if waiting and text.kind != "summary":
        sentences.append(
            ngettext(
                "%(count)d passage waits for a text that reads otherwise.",
                "%(count)d passages wait for a text that reads otherwise.",
                waiting,
            )
            % {"count": waiting}
        )
    return " ".join(sentences)


def connect() -> None:
    """Have whoever takes a text in be told of its passages."""
    intake.tell_also(passages_found)
