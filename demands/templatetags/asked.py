"""How demands, where they stand and what was asked are written on a page."""

from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib import vocabularies
from kptracker.lib.bilingual import worded
from kptracker.lib.templatetags.record import in_its_language, known
from statements.templatetags.said import organisation_shown, speaker_shown

from ..codes import Status
from ..in_place import place_of
from ..models import Assessment, Demand, Mention
from ..record import is_anchored, issuers_of
from ..standing import (
    SIGNS,
    Standing,
    is_dormant,
    standing_of,
    standing_then,
    status_words,
    verb,
)

register = template.Library()


def glyph(standing: Standing) -> SafeString:
    """Return the sign of a status: hollow while provisional, filled once confirmed."""
    full = " full" if standing.confirmed else ""
    return mark_safe(  # noqa: S308 (both parts come from the table of signs)
        f'<svg class="g{full}" viewBox="0 0 16 16" aria-hidden="true">'
        f'<use href="#{standing.sign}"/></svg>'
    )


def badge(standing: Standing) -> SafeString:
    """Return sign, word and colour of a status, with its reason."""
    return format_html(
        '<span class="status s-{}">{}{}</span>', standing.sign, glyph(standing), standing.words
    )


@register.simple_tag
def status(demand: Demand, way: str = "") -> SafeString:
    """Write where a demand stands: sign, word, colour, and since when.

    ``way`` "inline" keeps it on one line, "bare" leaves the date to the page.
    """
    standing = standing_of(demand)
    if way == "bare":
        return badge(standing)
    date = known(standing.date, "short") if standing.date else ""
    notes: list[SafeString] = [conditional_escape(note) for note in standing.notes]
    if standing.judged:
        said = _("confirmed") if standing.confirmed else _("provisional")
        if standing.confirmed:
            notes.append(conditional_escape(said))
        else:
            notes.append(format_html('<span class="vh">{}</span>', said))
    rest = [part for part in (date, *notes) if part]
    when = SafeString("")
    for part in rest:
        # The last may be hidden: it needs no dot before it that anybody sees.
        dot = " · " if when and "vh" not in part else " " if when else ""
        when = SafeString(when + SafeString(dot) + part)
    if not when:
        return badge(standing)
    body = format_html('{} <span class="when">{}</span>', badge(standing), when)
    return format_html('<span class="inl">{}</span>', body) if way == "inline" else body


@register.simple_tag
def sign(standing: Standing) -> SafeString:
    """Write a status by itself: sign, word and colour."""
    return badge(standing)


@register.simple_tag
def judged(assessment: Assessment) -> SafeString:
    """Write what a judgement says: sign, word and colour."""
    return badge(standing_then(assessment))


@register.simple_tag
def judged_words(assessment: Assessment | None) -> str:
    """Write what a judgement says in words alone; not assessed where there was none."""
    if assessment is None:
        return status_words(Status.NOT_ASSESSED)
    return status_words(assessment.status, assessment.reason)


@register.simple_tag
def standing_before(assessment: Assessment | None) -> SafeString:
    """Write where a demand stood before a judgement; not assessed where there was none."""
    if assessment is None:
        words = status_words(Status.NOT_ASSESSED)
        return badge(
            Standing(Status.NOT_ASSESSED, SIGNS[Status.NOT_ASSESSED], words, None, False, False)
        )
    return badge(standing_then(assessment))


@register.simple_tag
def standing(demand: Demand) -> Standing:
    """Return where a demand stands, for a page that says more than a badge."""
    return standing_of(demand)


@register.filter
def dormant(demand: Demand) -> bool:
    """Whether a demand is neither met nor closed and nobody raised it for five years."""
    return is_dormant(demand)


@register.simple_tag
def raised(mention: Mention) -> str:
    """Write how a demand was raised: asked, criticised, welcomed, or declared."""
    return verb(mention, mention.demand)


@register.simple_tag
def demand_title(demand: Demand) -> SafeString:
    """Write a demand's title in the page's language, or marked with its own."""
    return title_of(demand)


def title_of(demand: Demand) -> SafeString:
    """Return a demand's title."""
    found = worded(demand, "title")
    return in_its_language(found.text, found.language)


@register.simple_tag
def demand_link(demand: Demand, css: str = "title") -> SafeString:
    """Write a demand's title as a link to its page, of the day of which it tells."""
    url = f"{demand.get_absolute_url()}{getattr(demand, 'then_query', '')}"
    return format_html('<a class="{}" href="{}">{}</a>', css, url, title_of(demand))


@register.filter
def lookup(table: Any, key: Any) -> Any:
    """Return what a table holds under a key, None where it holds nothing."""
    return table.get(key) if table else None


@register.filter
def anchored(mention: Mention) -> bool:
    """Whether a mention quotes the text word for word."""
    return is_anchored(mention)


#: How we know what a statement says, by how much of its text the compilers saw.
HOW_KNOWN = {
    "full": gettext_lazy("In our words, after the full text"),
    "excerpt": gettext_lazy("In our words, after part of the text"),
    "press_report": gettext_lazy("In our words, after a press report"),
    "mention": gettext_lazy("In our words; the text was not seen"),
}


@register.simple_tag
def how_known(mention: Mention) -> str:
    """Write that a paraphrase is ours, and after what it was written; or that it is none."""
    if is_anchored(mention):
        if place_of(mention).lost:
            return _("Word for word, quoted from an earlier state of the text")
        return _("Word for word, from the text we hold")
    return str(HOW_KNOWN[mention.statement.text_seen])


@register.simple_tag
def voice_of(mention: Mention) -> SafeString:
    """Write in whose voice something was said: the coalition, a member alone, and by whom."""
    row = mention.statement
    spoken = speaker_shown(getattr(mention, "spoken_by", None))
    if row.voice == "coalition":
        if spoken:
            return format_html(_("{} for the coalition"), spoken)
        return conditional_escape(_("The coalition"))
    voice = vocabularies.label("voice", row.voice)
    names = [spoken, *(organisation_shown(body) for body in issuers_of(row))]
    joined = format_html_join(", ", "{}", ((name,) for name in names if name))
    return format_html(_("{}: {}"), voice, joined) if joined else conditional_escape(voice)
