"""What stands around every page: the menu, the languages, its permanent address, whom to tell."""

from typing import Any
from urllib.parse import quote, urlencode

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.translation import gettext as _
from django.utils.translation import override

from kptracker.lib.bilingual import active_language
from kptracker.lib.pages import permalink

register = template.Library()


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
            "url": here if code == current else _translated(here, code),
            "current": code == current,
        }
        for code, name in settings.LANGUAGES
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
        (_("Demands"), "demands:demands", "demands:demand"),
        (_("Statements"), "statements:statements", "statements:statement"),
        (_("Meetings"), "statements:meetings", "statements:meeting"),
        (_("People"), "statements:people", "statements:person"),
        (_("Organisations"), "statements:organisations", "statements:organisation"),
    )
    menu = []
    for words, view, single in entries:
        try:
            url = reverse(view)
        except NoReverseMatch:  # an error page must stand even while the map is broken
            continue
        current = "page" if here == view else "true" if here == single else ""
        menu.append({"words": words, "url": url, "current": current})
    return menu
