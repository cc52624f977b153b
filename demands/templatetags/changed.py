"""How corrections are written: in lists, and on the page of what was corrected."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kptracker.lib.models import Correction

from ..changes import Change
from ..models import Demand, Mention

register = template.Library()

#: So many corrections stand on the page of a row; the list has them all.
MOST = 3


@register.simple_tag
def corrected_link(change: Change) -> SafeString:
    """Write what was corrected, as a link to it: "Demand: Widen the definition"."""
    told = change.correction.told if change.correction else None
    if told is None or change.row is None:
        return SafeString("")
    return format_html(
        '<span class="small muted">{}</span> <a class="title" href="{}">{}</a>',
        told.noun,
        told.url(change.row),
        told.words(change.row),
    )


@register.simple_tag
def corrections_of(row: Any) -> Sequence[Correction]:
    """Return the latest corrections of a row that visitors look at; of a demand's mentions too."""
    if row is None or row == "":
        return []
    about = Q(table=row._meta.label_lower, row_id=row.pk)
    if isinstance(row, Demand):
        mentions = Mention.objects.public().filter(demand=row).order_by().values("pk")
        about |= Q(table=Mention._meta.label_lower, row_id__in=mentions)
    # The page is that of a public row, and of public mentions.
    return list(Correction.objects.filter(about).order_by("-recorded_at", "-id")[:MOST])
