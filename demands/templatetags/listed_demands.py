"""What stands below a demand's title in the rows of lists."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kptracker.lib.bilingual import worded
from kptracker.lib.templatetags.record import in_its_language

from ..models import Demand
from .asked import title_of

register = template.Library()


@register.simple_tag
def under_title(demand: Demand) -> SafeString:
    """Write of which demand it is a part, else of whom it is asked."""
    if demand.parent is not None and demand.parent.is_published:
        return format_html(
            '<span class="part">{}</span>',
            format_html(_("part of: {}"), title_of(demand.parent)),
        )
    names = []
    for link in demand.shown_addressees:  # type: ignore[attr-defined]
        if link.organisation.is_published:
            found = worded(link.organisation, "name")
            names.append((in_its_language(found.text, found.language),))
    if not names:
        return SafeString("")
    return format_html(
        '<span class="sub">{}</span>',
        format_html(_("asked of {}"), format_html_join(", ", "{}", names)),
    )
