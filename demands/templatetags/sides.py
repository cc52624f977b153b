"""The same story from its sides: of a person, an organisation, a theme, a year."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from statements.documents import documents_in
from statements.models import Organisation, Person, Statement

from ..addressing import AskedOf, asked_of
from ..codes import DemandKind, MentionKind
from ..models import Demand, Mention
from ..voicing import Voiced, voiced_by
from ..years import YearPage

register = template.Library()


@register.simple_tag
def raised_by_person(person: Person) -> Voiced:
    """Return what a person voiced."""
    return voiced_by(person)


@register.simple_tag
def asked_of_organisation(organisation: Organisation) -> AskedOf:
    """Return what was asked of an organisation, and what was said of it."""
    return asked_of(organisation)


@register.simple_tag
def with_documents(
    documents: Mapping[str, Statement], mentions: Iterable[Mention]
) -> dict[str, Statement]:
    """Return ``documents`` with those that mentions name as their sources."""
    return {**documents, **documents_in(source_of(row) for row in mentions)}


@register.filter
def source_of(mention: Mention) -> str:
    """Return where a mention comes from: its own source, else that of its statement."""
    return mention.source_url or mention.statement.source_url


#: In how many mentions something was raised, by kind.
IN_MENTIONS = {
    MentionKind.DEMANDED: ngettext_lazy("asked in %d mention", "asked in %d mentions"),
    MentionKind.CRITICISED: ngettext_lazy("criticised in %d mention", "criticised in %d mentions"),
    MentionKind.WELCOMED: ngettext_lazy("welcomed in %d mention", "welcomed in %d mentions"),
}
DECLARED = ngettext_lazy("declared in %d mention", "declared in %d mentions")


@register.simple_tag
def mention_counts(
    counts: Mapping[str, int], query: str, demand: Demand | None = None
) -> SafeString:
    """Write in how many mentions something was raised, by kind, each a link to these mentions.

    ``query`` narrows the list of mentions to what is counted: "speaker=ama"; with ``demand``
    the counts are those of one demand.
    """
    rows = reverse("demands:mentions")
    parts = []
    for kind, words in IN_MENTIONS.items():
        n = counts.get(kind, 0)
        if not n:
            continue
        pairs = [("demand", demand.slug)] if demand else []
        if demand and demand.kind != DemandKind.DEMAND and kind == MentionKind.DEMANDED:
            words = DECLARED
        address = f"{rows}?{query}&{urlencode([*pairs, ('kind', kind)])}"
        parts.append((address, words % n))
    return format_html_join(", ", '<a href="{}">{}</a>', parts)


def _link(url: str, words: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, words)


@register.simple_tag
def voiced_sentence(
    person: Person, voiced: Voiced, spoken: int, first: Statement | None, last: Statement | None
) -> SafeString:
    """Write how much a person voiced and when, each figure a link to the rows behind it."""
    demands, statements = reverse("demands:demands"), reverse("statements:statements")
    figures = {
        "statements": _link(
            f"{statements}?speaker={person.slug}&version=original",
            ngettext("%d statement", "%d statements", spoken) % spoken,
        ),
        "demands": _link(
            f"{demands}?speaker={person.slug}",
            ngettext("%d demand", "%d demands", voiced.total) % voiced.total,
        ),
    }
    if first is None or last is None:
        return format_html(_("Voiced {demands}."), **figures) if voiced.total else SafeString("")
    figures["first"] = _link(first.get_absolute_url(), first.date.first.year)
    figures["last"] = _link(last.get_absolute_url(), last.date.first.year)
    if first.date.first.year == last.date.first.year:
        spoke = _("Spoke, signed or was quoted in {statements} of {first}")
    else:
        spoke = _("Spoke, signed or was quoted in {statements} between {first} and {last}")
    # Not inside an f-string, where words to translate are not collected.
    voiced_too = _("{spoke}; voiced {demands}.")
    said = voiced_too.replace("{spoke}", spoke) if voiced.total else f"{spoke}."
    return format_html(said, **figures)


@register.simple_tag
def year_sentence(page: YearPage) -> SafeString:
    """Write what a year brought, each figure a link to the rows behind it."""
    demands, statements = reverse("demands:demands"), reverse("statements:statements")
    if page.silent:
        return conditional_escape(
            _("No text in the record: of %(year)d no statement was found.") % {"year": page.year}
        )
    asked = ngettext("%d demand was asked", "%d demands were asked", page.asked_count)
    criticised = ngettext("%d was criticised", "%d were criticised", page.criticised_count)
    said = ngettext("%d statement", "%d statements", page.statement_count)
    figures = {
        "asked": _link(f"{demands}?year={page.year}", asked % page.asked_count),
        "criticised": _link(
            f"{demands}?criticised_in={page.year}", criticised % page.criticised_count
        ),
        "statements": _link(
            f"{statements}?year={page.year}&version=original", said % page.statement_count
        ),
    }
    if not page.statement_count:
        return _without_statements(page, figures)
    if page.asked_count and page.criticised_count:
        return format_html(_("{asked} and {criticised}, in {statements}."), **figures)
    if page.asked_count:
        return format_html(_("{asked}, in {statements}."), **figures)
    if page.criticised_count:
        return format_html(_("No demand was asked; {criticised}, in {statements}."), **figures)
    return format_html(_("No demand is recorded from {statements} of this year."), **figures)


def _without_statements(page: YearPage, figures: dict[str, SafeString]) -> SafeString:
    """Write of a year whose meetings are told of in statements that carry another date."""
    if page.asked_count and page.criticised_count:
        words = _("{asked} and {criticised}, in statements that are dated in another year.")
    elif page.asked_count:
        words = _("{asked}, in statements that are dated in another year.")
    elif page.criticised_count:
        words = _("No demand was asked; {criticised}, in statements dated in another year.")
    else:
        words = _("No demand is recorded of this year.")
    return format_html(words, **figures)


@register.simple_tag(takes_context=True)
def page_address(context: Any) -> str:
    """Return the full address of the page."""
    request = context.get("request")
    return f"{settings.SITE_URL}{request.path}" if request else settings.SITE_URL
