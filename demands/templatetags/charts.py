"""Drawings of many demands: the strip in each row, and the tally of where they all stand.

Both are SVG in templates, without script or inline style. How to use them on a page::

    {% load charts %}
    {% with_strips demands %}                 the rows get their strips, three queries for all
    {% for demand in demands %}{% include "demands/includes/demand_row.html" %}{% endfor %}
    {% include "demands/includes/strip_legend.html" %}

    {% tally demands "theme=russia" %}        rows, a queryset or a Tally; and the filters of
                                              /demands/ that give the same rows
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kptracker.lib.conditional import stamp_of

from ..models import Demand
from ..strips import Years, kept_years
from ..strips import with_strips as put_strips
from ..tallying import Tally, tally_of

register = template.Library()

#: How long the years of the record are kept at most, in seconds; their key carries the stamp.
KEPT = 24 * 3600


@register.simple_tag(takes_context=True)
def with_strips(context: Any, demands: Iterable[Demand]) -> str:
    """Put its strip on each of these rows, for ``demands/includes/demand_row.html``."""
    context["strip_years"] = put_strips(demands)
    return ""


@register.simple_tag(takes_context=True)
def strip_ends(context: Any, years: Years | None = None) -> SafeString:
    """Write the first and the last year of the strips, for the head of their column.

    ``years`` are those of the rows; else those that ``with_strips`` found, else the record's.
    """
    years = years or context.get("strip_years")
    request = context.get("request")
    if years is None and request is not None:
        years = kept_years(stamp_of(request))
    if years is None:
        return SafeString("")
    return format_html(
        '<span class="ends"><span><span class="vh">{}</span> {}</span><span>{}</span></span>',
        _("Year by year:"),
        years.first,
        years.last,
    )


@register.inclusion_tag("demands/includes/tally.html")
def tally(rows: Any, base_query: str | None = "") -> dict[str, Any]:
    """Draw where many demands stand: one bar, each part a link to the demands behind it.

    Args:
        rows: a queryset of public demands, demands at hand, or a Tally.
        base_query: the filters of /demands/ that give the same rows ("theme=russia"), ''
            where they are all demands; None where no filters give them: then nothing is linked.
    """
    base = None
    if base_query is not None:
        base = f"{reverse('demands:demands')}?{base_query}{'&' if base_query else ''}"
    return {"tally": rows if isinstance(rows, Tally) else tally_of(rows), "base": base}
