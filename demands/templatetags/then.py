"""What forms need that ask for another day."""

from django import template
from django.utils import timezone

register = template.Library()


@register.simple_tag
def today_iso() -> str:
    """Return today as forms write it: the last day that can be asked for."""
    return timezone.localdate().isoformat()
