"""How facts of the record are written on a page: texts in two languages, dates, labels.

Tags return ready HTML in which everything that comes from the record is escaped.
"""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kptracker.lib import vocabularies
from kptracker.lib.bilingual import Worded, active_language, worded
from kptracker.lib.pages import latest
from kptracker.lib.partial_dates import PartialDate, in_words
from kptracker.lib.words import Explained

register = template.Library()

#: Languages that are written from right to left.
RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}
NBSP = "\u00a0"


def direction_of(language: str) -> str:
    """Return in which direction a language is written: the ``dir`` of its words."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def in_its_language(text: str, language: str) -> SafeString:
    """Return a text, inside ``lang`` where its language is not that of the page."""
    if not text or not language or language == active_language():
        return conditional_escape(text)
    return format_html('<span lang="{}" dir="{}">{}</span>', language, direction_of(language), text)


@register.filter
def in_english(text: str) -> SafeString:
    """Write a text that the record holds in English alone, marked on pages in French."""
    return in_its_language(text, "en")


def lower_first(text: str) -> str:
    """Return a label as it reads inside a sentence: "press release", but "KP participant"."""
    if len(text) > 1 and text[1:2].isupper():
        return text
    return text[:1].lower() + text[1:]


@register.simple_tag(name="worded")
def worded_tag(row: Any, name: str) -> SafeString:
    """Write a bilingual text of a row: in the page's language, else in the other one, marked."""
    if row is None:
        return SafeString("")
    found = worded(row, name)
    return in_its_language(found.text, found.language)


@register.simple_tag(takes_context=True)
def paragraphs(context: Any, row: Any, name: str) -> SafeString:
    """Write a longer bilingual text of ours as paragraphs, its words explained."""
    return as_paragraphs(worded(row, name), Explained.on(context))


@register.simple_block_tag(takes_context=True)
def term(context: Any, content: SafeString, key: str) -> SafeString:
    """Write a label, as a link to what it means where it first stands on a page."""
    return Explained.on(context).link(key, content)


def as_paragraphs(found: Worded, explained: Explained) -> SafeString:
    """Return a text as paragraphs, inside ``lang`` where it is not in the page's language."""
    if not found.text:
        return SafeString("")
    words = explained.prose(found.text, found.language)
    body = mark_safe(linebreaks(words, autoescape=False))  # noqa: S308 (the words are escaped)
    if not found.language or not found.foreign:
        return body
    return format_html(
        '<div lang="{}" dir="{}">{}</div>', found.language, direction_of(found.language), body
    )


@register.simple_tag
def known(value: PartialDate | None, length: str = "long") -> SafeString:
    """Write a date as far as it is known: 9 November 2017, November 2017 or 2017."""
    if value is None:
        return SafeString("")
    words = value.words(short=length == "short").replace(" ", NBSP)
    return format_html('<time datetime="{}">{}</time>', value, words)


@register.simple_tag
def period(start: PartialDate | None, end: PartialDate | None) -> SafeString:
    """Write from when to when as far as it is known: "2011 to 2013", "from 2011", "until 2013"."""
    if start and end and str(start) == str(end):
        return known(start)
    if start and end:
        return format_html(_("{} to {}"), _short_start(start, end), known(end))
    if start:
        # A day has an article in French, a month and a year have none.
        exact = start.precision == "day"
        return format_html(pgettext("a day", "from {}") if exact else _("from {}"), known(start))
    if end:
        exact = end.precision == "day"
        return format_html(pgettext("a day", "until {}") if exact else _("until {}"), known(end))
    return SafeString("")


def _short_start(start: PartialDate, end: PartialDate) -> SafeString:
    """Return the beginning of a period without what its end says too: "11" to 14 May 2026."""
    if start.precision != "day" or end.precision != "day" or start.first.year != end.first.year:
        return known(start)
    shape = "j" if start.first.month == end.first.month else "j F"
    words = in_words(start.first, shape).replace(" ", NBSP)
    return format_html('<time datetime="{}">{}</time>', start, words)


@register.simple_tag
def day(value: date | datetime | None, length: str = "long") -> SafeString:
    """Write a day of the calendar: 22 November 2026."""
    if value is None:
        return SafeString("")
    plain = value.date() if isinstance(value, datetime) else value
    shape = "j M Y" if length == "short" else "j F Y"
    words = in_words(plain, shape).replace(" ", NBSP)
    return format_html('<time datetime="{}">{}</time>', plain.isoformat(), words)


@register.filter
def grouped(number: int) -> str:
    """Write a number with its thousands apart, as the active language does: 12,345."""
    return number_format(number, use_l10n=True, force_grouping=True)


@register.simple_tag
def label(vocabulary: str, code: str) -> str:
    """Write the label of a coded value."""
    return vocabularies.label(vocabulary, code)


@register.simple_tag
def word(vocabulary: str, code: str) -> str:
    """Write the label of a coded value as it reads inside a sentence."""
    return lower_first(vocabularies.label(vocabulary, code))


@register.simple_tag
def meaning(vocabulary: str, code: str) -> str:
    """Write the definition of a coded value, '' where it has none."""
    term = vocabularies.terms(vocabulary).get(code)
    return term.definition_in() if term else ""


@register.simple_tag
def last_change(*moments: datetime | None) -> datetime | None:
    """Return the latest of several moments."""
    return latest(moments)
