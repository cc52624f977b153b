"""How people and organisations stand in the rows of lists: short, and only who may be named."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kptracker.lib.bilingual import worded
from kptracker.lib.templatetags.record import in_its_language

from ..models import Person, StatementIssuer, StatementSpeaker
from ..querysets import SHOWN

register = template.Library()


@register.simple_tag
def named(person: Person | None) -> SafeString:
    """Write a person's name as a link; nothing where the name may not be shown."""
    if person is None or not person.is_published or person.public_name != SHOWN:
        return SafeString("")
    return format_html(
        '<a href="{}"><bdi>{}</bdi></a>', person.get_absolute_url(), person.full_name
    )


@register.simple_tag
def by_whom(speakers: Iterable[StatementSpeaker], issuers: Iterable[StatementIssuer]) -> SafeString:
    """Write who speaks in a statement: the speakers, else those who issued it (by acronym)."""
    names = [(named(one.person),) for one in speakers]
    if not names:
        names = [(_short(one.organisation),) for one in issuers if one.organisation.is_published]
    return format_html_join(", ", "{}", names)


def _short(organisation: object) -> SafeString:
    found = worded(organisation, "acronym")
    if not found.text:
        found = worded(organisation, "name")
    return in_its_language(found.text, found.language)
