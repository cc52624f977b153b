"""The sentences of the start page: whole, so that a translation can put the words in its order."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kptracker.start import Asking, Start
from statements.models.meetings import GREAT_MEETINGS

register = template.Library()


def _link(url: str, words: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, words)


def _demands(query: str, words: Any) -> SafeString:
    url = reverse("demands:demands")
    return _link(f"{url}?{query}" if query else url, words)


@register.simple_tag
def start_sentence(start: Start) -> SafeString:
    """Write what was asked, when and in how many statements, each figure a link to its rows."""
    if start.first is None or start.last is None:
        return SafeString("")
    n = start.demands
    demands = _demands("", ngettext("%d demand", "%d demands", n) % n)
    if 2 * start.of_process > n:
        query = urlencode([("addressee", slug) for slug in start.process])
        asked = format_html(
            _("{demands}, {most}"),
            demands=demands,
            most=_demands(query, _("most of them of the Kimberley Process")),
        )
    else:
        asked = format_html(_("{demands} of the Kimberley Process and others"), demands=demands)
    return format_html(
        _(
            "Between {first} and {last} the coalition and its members made {asked}, in "
            "{statements} (translations not counted)."
        ),
        first=_link(start.first.get_absolute_url(), start.first.date.first.year),
        last=_link(start.last.get_absolute_url(), start.last.date.last.year),
        asked=asked,
        statements=_link(
            f"{reverse('statements:statements')}?voice=coalition&voice=member&version=original",
            ngettext("%d statement", "%d statements", start.statements) % start.statements,
        ),
    )


@register.simple_tag
def outcome_sentence(start: Start) -> SafeString:
    """Write what became of it: met, partly met, provisional, old and not judged, each counted."""
    tally = start.tally
    unjudged = _demands(
        "status=not_assessed",
        ngettext("%d demand could not be judged", "%d demands could not be judged", tally.unjudged)
        % tally.unjudged,
    )
    if not tally.judged:
        return format_html(_("{unjudged}."), unjudged=unjudged)
    met = format_html(
        _("By what public sources show, {met} and {partly}."),
        met=_demands("status=met", ngettext("%d is met", "%d are met", tally.met) % tally.met),
        partly=_demands(
            "status=partly_met",
            ngettext("%d partly met", "%d partly met", tally.partly_met) % tally.partly_met,
        ),
    )
    figures = {
        "provisional": _demands("judgement=provisional", tally.provisional),
        "judged": tally.judged,
        "old": _demands("judgement=provisional&age=old", tally.provisional_old),
        "unjudged": unjudged,
    }
    if tally.provisional == tally.judged:
        sure = ngettext(
            "The {provisional} judgement is provisional, {old} old; {unjudged}.",
            "All {provisional} judgements are provisional, {old} of them old; {unjudged}.",
            tally.judged,
        )
    elif tally.provisional:
        sure = ngettext(
            "{provisional} of {judged} judgements is provisional, {old} of those old; {unjudged}.",
            "{provisional} of {judged} judgements are provisional, {old} of those old; {unjudged}.",
            tally.provisional,
        )
    else:
        sure = _("The coalition confirmed every judgement ({judged}); {unjudged}.")
    return format_html("{} {}", met, format_html(sure, **figures))


@register.simple_tag
def gaps_sentence(start: Start) -> SafeString:
    """Write for how many of the great meetings no text was found; '' while none was held."""
    if not start.meetings_held:
        return SafeString("")
    kinds = [("kind", kind) for kind in GREAT_MEETINGS]
    url = reverse("statements:meetings")
    missing = urlencode([*kinds, ("text", "without")])
    everything = urlencode([*kinds, ("text", "with"), ("text", "without")])
    n, all_held = start.meetings_without_text, start.meetings_held
    return format_html(
        _("It has gaps: for {missing} of {held} no text of a statement was found."),
        missing=_link(f"{url}?{missing}", n),
        held=_link(
            f"{url}?{everything}",
            ngettext("%d plenary or intersessional", "%d plenaries and intersessionals", all_held)
            % all_held,
        ),
    )


@register.simple_tag
def asking_years(asking: Asking) -> str:
    """Write for how long a demand has been asked: "23 years"."""
    if asking.years < 1:
        return _("under a year")
    return ngettext("%d year", "%d years", asking.years) % asking.years
