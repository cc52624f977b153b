"""Where the lists of the admin lead to the page on which their table comes back."""

from typing import Any

from django import template

from kptracker.imports.views import bring_url as url_for

register = template.Library()


@register.simple_tag(takes_context=True)
def bring_url(context: Any, label: str) -> str:
    """Return where the table of a model is brought back; '' where the user may not."""
    return url_for(label, context["request"].user)
