"""The sentences of the start page: whole, so that a translation can put the words in its order."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kptracker.start import Start

register = template.Library()


def _link(url: str, words: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, words)


@register.simple_tag
def start_sentence(start: Start) -> SafeString:
    """Write what was asked and what became of it, each figure a link to the rows behind it."""
    if start.first is None or start.last is None:
        return SafeString("")
    demands, statements = reverse("demands:demands"), reverse("statements:statements")
    first, last = start.first.date, start.last.date
    return format_html(
        _(
            "Between {first} and {last} the coalition and its members made {demands} of the "
            "Kimberley Process and others, in {statements} (translations not counted). By what "
            "public sources show, {met} and {partly}; {unjudged}."
        ),
        first=_link(start.first.get_absolute_url(), first.first.year),
        last=_link(start.last.get_absolute_url(), last.last.year),
        demands=_link(demands, ngettext("%d demand", "%d demands", start.demands) % start.demands),
        statements=_link(
            f"{statements}?voice=coalition&voice=member&version=original",
            ngettext("%d statement", "%d statements", start.statements) % start.statements,
        ),
        met=_link(
            f"{demands}?status=met", ngettext("%d is met", "%d are met", start.met) % start.met
        ),
        partly=_link(
            f"{demands}?status=partly_met",
            ngettext("%d partly met", "%d partly met", start.partly_met) % start.partly_met,
        ),
        unjudged=_link(
            f"{demands}?status=not_assessed",
            ngettext("%d could not be judged", "%d could not be judged", start.not_assessed)
            % start.not_assessed,
        ),
    )


@register.simple_tag
def provisional_sentence(start: Start) -> str:
    """Write how many judgements nobody of the coalition has confirmed; '' where all are."""
    if not start.provisional:
        return ""
    if start.provisional == start.judged:
        return _(
            "All judgements are provisional: compiled from public sources, not confirmed by the "
            "coalition. Their signs are hollow."
        )
    return ngettext(
        "%(n)d of %(all)d judgements is provisional: compiled from public sources, not confirmed "
        "by the coalition. Its sign is hollow.",
        "%(n)d of %(all)d judgements are provisional: compiled from public sources, not confirmed "
        "by the coalition. Their signs are hollow.",
        start.provisional,
    ) % {"n": start.provisional, "all": start.judged}
