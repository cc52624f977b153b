"""What pages offer to those who pass them on: a citation, and the head of a shared link."""

from datetime import date
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from kptracker.citing import Offer, offered
from kptracker.linked_data import as_script
from kptracker.sharing import Shared, shared_of

register = template.Library()


@register.simple_tag(takes_context=True)
def share(context: Any) -> Shared:
    """Return what the head of this page says of it."""
    return shared_of(context)


@register.simple_tag
def linked_data(shared: Shared) -> SafeString:
    """Write the facts of a page for machines."""
    return mark_safe("\n".join(as_script(one) for one in shared.data))  # noqa: S308 (escaped there)


@register.simple_tag(takes_context=True)
def cite_page(context: Any, name: str, key: str) -> Offer | None:
    """Return how this page is cited; None on one that shows no single thing."""
    row = context.get(name)
    if not hasattr(row, "_meta") or "request" not in context:
        return None
    return offered(name, key, row, context["request"], context.get("text"))


@register.simple_tag
def today() -> date:
    """Return the day on which the page is made; a page is made anew each day."""
    return timezone.localdate()


@register.simple_tag(takes_context=True)
def address_here(context: Any) -> str:
    """Return the full address of this page, as it was asked for."""
    request = context.get("request")
    return f"{settings.SITE_URL}{request.get_full_path()}" if request else settings.SITE_URL
