"""Hits of a search: their titles and passages, with the words that were asked for marked."""

from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from demands.templatetags.reading import in_quotation_marks
from kptracker.lib.bilingual import active_language
from kptracker.lib.search import Hit, Piece, Snippet
from kptracker.lib.templatetags.record import direction_of

register = template.Library()

#: What a hit is, by its kind.
KINDS = {
    "demand": gettext_lazy("Demand"),
    "statement": gettext_lazy("Statement"),
    "mention": gettext_lazy("Mention"),
    "meeting": gettext_lazy("Meeting"),
    "person": gettext_lazy("Person"),
    "organisation": gettext_lazy("Organisation"),
}
#: Whose words a passage shows, by the text that it is of.
WHOSE = {
    "verbatim": gettext_lazy("Word for word, from the text we hold"),
    "excerpt": gettext_lazy("Word for word, from the text we hold"),
    "summary": gettext_lazy("From our summary"),
    "paraphrase": gettext_lazy("In our words"),
    "description": gettext_lazy("From our description"),
    "note": gettext_lazy("From our notes"),
}


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """Write pieces of a text, in <mark> what was asked for."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", piece.text) if piece.marked else piece.text,)
            for piece in pieces
        ),
    )


@register.simple_tag
def hit_kind(hit: Hit) -> str:
    """Write what a hit is."""
    return str(KINDS[hit.kind])


@register.simple_tag
def hit_title(hit: Hit) -> SafeString:
    """Write the title of a hit as a link to it, in its language."""
    words = marked(hit.title)
    if hit.language and hit.language != active_language():
        words = format_html(
            '<span lang="{}" dir="{}">{}</span>', hit.language, direction_of(hit.language), words
        )
    return format_html('<a class="title" href="{}">{}</a>', hit.url, words)


@register.simple_tag
def passage_found(snippet: Snippet) -> SafeString:
    """Write the passage of a hit: theirs as a quotation, ours as our words."""
    words = format_html(
        "{}{}{}",
        "… " if snippet.before else "",
        marked(snippet.pieces),
        " …" if snippet.after else "",
    )
    if snippet.theirs:
        return in_quotation_marks(words, snippet.language)
    if snippet.language == active_language():
        return format_html('<p class="ours">{}</p>', words)
    return format_html(
        '<p class="ours" lang="{}" dir="{}">{}</p>',
        snippet.language,
        direction_of(snippet.language),
        words,
    )


@register.simple_tag
def whose(snippet: Snippet) -> SafeString:
    """Write whose words a passage shows."""
    return conditional_escape(WHOSE[snippet.kind])
