"""How statements, speakers, organisations and sources are written on a page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.bilingual import worded
from kptracker.lib.sources import document_name, host
from kptracker.lib.templatetags.record import in_its_language, period

from ..models import Meeting, Organisation, Role, Statement
from ..speaking import Speaker

register = template.Library()

#: A source that the site is asked to link must be a page of the web.
WEB = ("https://", "http://")


def title_of(statement: Statement) -> SafeString:
    """Return a statement's title, marked with its language.

    A title as published is in the statement's own language, whichever column it stands in.
    """
    found = worded(statement, "title")
    language = found.language
    if language == "en" and statement.title_kind == "published" and statement.language:
        language = statement.language
    return in_its_language(found.text, language)


@register.simple_tag
def statement_title(statement: Statement) -> SafeString:
    """Write a statement's title in its own language."""
    return title_of(statement)


@register.simple_tag
def statement_link(statement: Statement, css: str = "") -> SafeString:
    """Write a statement's title as a link to its page."""
    return _link(statement.get_absolute_url(), title_of(statement), css)


@register.simple_tag
def meeting_link(meeting: Meeting | None, css: str = "") -> SafeString:
    """Write a meeting's title, as a link where its page is public."""
    if meeting is None or not meeting.is_published:
        return SafeString("")
    found = worded(meeting, "title")
    return _link(meeting.get_absolute_url(), in_its_language(found.text, found.language), css)


def _link(url: str, words: Any, css: str = "") -> SafeString:
    if css:
        return format_html('<a class="{}" href="{}">{}</a>', css, url, words)
    return format_html('<a href="{}">{}</a>', url, words)


@register.simple_tag
def organisation_link(organisation: Organisation | None) -> SafeString:
    """Write an organisation's name, as a link where its page is public, else nothing."""
    return organisation_shown(organisation)


def organisation_shown(organisation: Organisation | None) -> SafeString:
    """Return an organisation's name as a link; '' where it is not public."""
    if organisation is None or not organisation.is_published:
        return SafeString("")
    found = worded(organisation, "name")
    return _link(organisation.get_absolute_url(), in_its_language(found.text, found.language))


@register.simple_tag
def organisations(rows: Iterable[Organisation]) -> SafeString:
    """Write organisations in a line, each a link."""
    shown = [(organisation_shown(row),) for row in rows if row.is_published]
    return format_html_join(", ", "{}", shown)


@register.simple_tag
def role_words(role: Role | None, dates: str = "") -> SafeString:
    """Write a function with its organisation: "Coordinator, KP CSC"; with its time if wanted."""
    return role_shown(role, dated=bool(dates))


def role_shown(role: Role | None, *, dated: bool = False) -> SafeString:
    """Return a function, its organisation or else its country, and its time if ``dated``."""
    if role is None:
        return SafeString("")
    found = worded(role, "role")
    parts: list[Any] = [in_its_language(found.text, found.language)]
    body = organisation_shown(role.organisation)
    if not body and role.country is not None:
        body = conditional_escape(str(worded(role.country, "name")))
    if body:
        parts.append(body)
    if dated and (when := period(role.start, role.end)):
        parts.append(when)
    return format_html_join(", ", "{}", ((part,) for part in parts))


@register.simple_tag
def speaker_words(speaker: Speaker | None) -> SafeString:
    """Write a speaker: the name as a link, or the function where the name is not shown."""
    return speaker_shown(speaker)


def speaker_shown(speaker: Speaker | None) -> SafeString:
    """Return a speaker as visitors may read it; '' where nothing may be said."""
    if speaker is None:
        return SafeString("")
    if speaker.person is not None:
        return format_html(
            '<a href="{}"><bdi>{}</bdi></a>',
            speaker.person.get_absolute_url(),
            speaker.person.full_name,
        )
    if speaker.role is not None:
        # The function alone: together with the organisation it may name the person.
        found = worded(speaker.role, "role")
        return in_its_language(found.text, found.language)
    return conditional_escape(_("a speaker whose name is not shown"))


@register.simple_tag(takes_context=True)
def source(context: Any, url: str, words: str = "") -> SafeString:
    """Write where a fact comes from.

    A page of the web becomes a link with the name of its site, or with ``words``. A text that
    the coalition holds becomes a link to its statement, where that is public
    (``documents`` in the context, from ``statements.documents``).
    """
    if not url:
        return SafeString("")
    if name := document_name(url):
        documents: Mapping[str, Statement] = context.get("documents") or {}
        held = documents.get(name)
        if held is None:
            return conditional_escape(_("a text held by the coalition, not online"))
        return format_html(
            _("a text held by the coalition: {}"),
            _link(held.get_absolute_url(), title_of(held)),
        )
    if not url.startswith(WEB):
        return conditional_escape(url)
    return format_html('<a href="{}" rel="external">{}</a>', url, words or host(url) or url)


@register.filter
def is_page(url: str) -> bool:
    """Whether a source is a page of the web that everybody can open."""
    return bool(url) and url.startswith(WEB)


#: What stands beside our summary, by how much of the text the compilers saw.
SEEN = {
    "full": gettext_lazy("It was written after the full text."),
    "excerpt": gettext_lazy("Only a part of the text was seen."),
    "press_report": gettext_lazy(
        "The text itself was not seen: it was written after press reports."
    ),
    "mention": gettext_lazy("The text was not seen; it is known to exist."),
}


@register.simple_tag
def seen_words(statement: Statement) -> str:
    """Write after what our summary was written."""
    return str(SEEN[statement.text_seen])
