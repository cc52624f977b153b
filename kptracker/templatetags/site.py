"""What stands around every page: the menu, the languages, its permanent address, whom to tell."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kptracker.lib.bilingual import active_language
from kptracker.lib.pages import permalink

register = template.Library()

#: The pages about the record, as they stand in their menu and at the foot of every page.
ABOUT = (
    (gettext_lazy("About this record"), "about"),
    (gettext_lazy("How status is judged"), "about_status"),
    (gettext_lazy("Method"), "about_method"),
    (gettext_lazy("Coverage"), "coverage"),
    (gettext_lazy("Words"), "about_words"),
    (gettext_lazy("Corrections"), "about_corrections"),
    (gettext_lazy("Changes"), "changes"),
    (gettext_lazy("Data to take away"), "data"),
)


register.simple_tag(permalink)


@register.simple_tag(takes_context=True)
def correction_address(context: Any, subject: str = "") -> str:
    """Return the mailto: address for "Something wrong?", '' where the site names none.

    The subject carries the reference, the text the page's address: whoever answers knows at
    once what it is about.
    """
    if not settings.CORRECTIONS_EMAIL:
        return ""
    request = context.get("request")
    page = f"{settings.SITE_URL}{quote(request.path)}" if request else settings.SITE_URL
    fields = {
        "subject": _("Correction: %(subject)s") % {"subject": subject}
        if subject
        else _("Correction"),
        "body": _("About the page %(page)s:") % {"page": page} + "\n\n",
    }
    return f"mailto:{settings.CORRECTIONS_EMAIL}?{urlencode(fields, quote_via=quote)}"


@register.simple_tag(takes_context=True)
def in_other_languages(context: Any) -> list[dict[str, Any]]:
    """Return the page in each language of the site: code, name, address; filters are kept."""
    request = context.get("request")
    here = request.get_full_path() if request else "/"
    current = active_language()
    return [
        {
            "code": code,
            "name": name,
            "url": url,
            "address": f"{settings.SITE_URL}{url}",
            "current": code == current,
        }
        for code, name in settings.LANGUAGES
        for url in [here if code == current else _translated(here, code)]
    ]


def _translated(path: str, language: str) -> str:
    """Return the same page in another language; its home page where there is no such page."""
    address = translate_url(path, language)
    if address != path:
        return address
    with override(language):
        return reverse("home")


@register.simple_tag(takes_context=True)
def main_menu(context: Any) -> list[dict[str, Any]]:
    """Return the entries of the main menu: words, address, and whether the reader is there."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    entries = (
        (_("Demands"), "demands:demands", ("demands:demand",)),
        (_("Statements"), "statements:statements", ("statements:statement",)),
        (_("Meetings"), "statements:meetings", ("statements:meeting",)),
        (_("People"), "statements:people", ("statements:person",)),
        (_("Organisations"), "statements:organisations", ("statements:organisation",)),
        (_("Matrix"), "demands:matrix", ()),
        (_("About"), "about", (*(view for _words, view in ABOUT), "data_table", "api_docs")),
    )
    return _menu(entries, here)


@register.simple_tag(takes_context=True)
def about_menu(context: Any) -> list[dict[str, Any]]:
    """Return the pages about the record: words, address, and whether the reader is there."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    return _menu([(str(words), view, ()) for words, view in ABOUT], here)


@register.simple_tag
def corrections_page() -> str:
    """Return the address of the page of corrections, '' where there is none."""
    try:
        return reverse("about_corrections")
    except NoReverseMatch:
        return ""


def _menu(entries: Iterable[tuple[str, str, tuple[str, ...]]], here: str) -> list[dict[str, Any]]:
    """Return entries of (words, view, the views below it) as a menu.

    One whose view has no address is left out: an error page must stand while the map is broken.
    """
    menu = []
    for words, view, below in entries:
        try:
            url = reverse(view)
        except NoReverseMatch:
            continue
        current = "page" if here == view else "true" if here in below else ""
        menu.append({"words": words, "url": url, "current": current})
    return menu
