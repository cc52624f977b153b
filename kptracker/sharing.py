"""What the head of a page says to those who show links to it: its card, its place, its facts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.bilingual import active_language, worded
from kptracker.lib.citing import record_name
from kptracker.lib.conditional import public_page
from kptracker.lib.pages import MovedError, find, permalink, record_page
from kptracker.lib.table_views import takes_nothing
from statements.models import Meeting, Statement
from statements.views import name_voices

from . import linked_data
from .cards.card import Card
from .citing import find_demand
from .start import start
from .telling import demand_card, home_card, home_title, meeting_card, statement_card

LOCALES = {"en": "en_GB", "fr": "fr_FR"}


@dataclass
class Shared:
    """What the head of a page says; '' and None where there is nothing true to say."""

    image: str
    image_words: str
    title: str = ""
    description: str = ""
    url: str = ""
    canonical: str = ""
    kind: str = "website"
    data: list[dict[str, Any]] = field(default_factory=list)

    @property
    def site(self) -> str:
        """The name of the record."""
        return record_name()

    @property
    def locale(self) -> str:
        """The language of the page, with its country."""
        return LOCALES[active_language()]

    @property
    def other_locales(self) -> list[str]:
        """The languages in which it stands as well."""
        return [code for code in LOCALES.values() if code != self.locale]


def full(path: str) -> str:
    """Return the full address of a path on this site."""
    return f"{settings.SITE_URL}{path}"


def _alone() -> Shared:
    return Shared(full(reverse("home_card")), f"{record_name()}. {home_title()}")


def _of_card(card: Card, image: str, url: str, canonical: str, **more: Any) -> Shared:
    return Shared(
        image=full(image),
        image_words=f"{card.title}. {card.description}",
        title=card.title,
        description=card.description,
        url=url,
        canonical=canonical,
        **more,
    )


def _home(context: Any, path: str) -> Shared:
    card = home_card(context["start"])
    return _of_card(card, reverse("home_card"), full(path), full(path), data=[linked_data.site()])


def _demand(context: Any, path: str) -> Shared:
    row = context["demand"]
    return _of_card(
        demand_card(row),
        reverse("card", args=["d", row.reference]),
        permalink("demand", row.reference),
        full(path),
        kind="article",
        data=[
            linked_data.demand(row),
            linked_data.crumbs((_("Demands"), "demands:demands"), str(worded(row, "title")), path),
        ],
    )


def _statement(context: Any, path: str) -> Shared:
    row = context["statement"]
    title = str(worded(row, "title"))
    return _of_card(
        statement_card(row),
        reverse("card", args=["s", row.slug]),
        permalink("statement", row.slug),
        full(path),
        kind="article",
        data=[
            linked_data.statement(row),
            linked_data.crumbs((_("Statements"), "statements:statements"), title, path),
        ],
    )


def _meeting(context: Any, path: str) -> Shared:
    row = context["meeting"]
    data = [
        linked_data.crumbs((_("Meetings"), "statements:meetings"), str(worded(row, "title")), path),
    ]
    if row.start:
        data.insert(0, linked_data.meeting(row))
    return _of_card(
        meeting_card(row),
        reverse("card", args=["k", row.slug]),
        permalink("meeting", row.slug),
        full(path),
        kind="article",
        data=data,
    )


def _person(context: Any, path: str) -> Shared:
    row = context["person"]
    shared = _alone()
    shared.title, shared.kind = row.full_name, "profile"
    shared.description = _("Functions over time, statements, and the demands voiced in them.")
    shared.url, shared.canonical = permalink("person", row.slug), full(path)
    shared.data = [linked_data.crumbs((_("People"), "statements:people"), row.full_name, path)]
    return shared


def _organisation(context: Any, path: str) -> Shared:
    row = context["organisation"]
    name = str(worded(row, "name"))
    shared = _alone()
    shared.title = name
    shared.description = _("What was asked of it and where that stands; what it issued.")
    shared.url, shared.canonical = permalink("organisation", row.slug), full(path)
    shared.data = [linked_data.crumbs((_("Organisations"), "statements:organisations"), name, path)]
    return shared


def _list(context: Any, path: str) -> Shared:
    listing = context["listing"]
    shared = _alone()
    shared.title = str(listing.table.title)
    shared.description = f"{listing.total} {listing.sentence}"
    shared.url = listing.address
    # Each page of a list has rows of its own: only the first stands for the whole.
    shared.canonical = listing.address if listing.page == 1 else ""
    return shared


def _plain(
    title: Callable[[Any], str], description: Callable[[Any], str] = lambda row: ""
) -> Callable[[Any, str], Shared]:
    """Return what a page says that has a title and no card of its own."""

    def told(context: Any, path: str) -> Shared:
        shared = _alone()
        shared.title, shared.description = title(context), description(context)
        shared.url = shared.canonical = full(path)
        if context["request"].GET:
            # With filters it is another page, which does not stand for the whole.
            shared.canonical = ""
        return shared

    return told


def _titled(words: Any) -> Callable[[Any, str], Shared]:
    return _plain(lambda context: str(words))


#: What a page is about, by its view: the name it has among what the page is made of.
PAGES: dict[str, tuple[str, Callable[[Any, str], Shared]]] = {
    "home": ("start", _home),
    "demands:demand": ("demand", _demand),
    "statements:statement": ("statement", _statement),
    "statements:meeting": ("meeting", _meeting),
    "statements:person": ("person", _person),
    "statements:organisation": ("organisation", _organisation),
    "demands:compare": (
        "demand",
        _plain(lambda page: _("The wording compared: %s") % worded(page["demand"], "title")),
    ),
    "demands:meeting_brief": (
        "meeting",
        _plain(lambda page: _("Brief: %s") % worded(page["meeting"], "title")),
    ),
    "demands:theme": ("theme", _plain(lambda page: str(worded(page["theme"], "name")))),
    "demands:year": ("page", _plain(lambda page: str(page["page"].year))),
    "demands:themes": ("request", _titled(gettext_lazy("Themes"))),
    "demands:years": ("request", _titled(gettext_lazy("Years"))),
    "demands:matrix": (
        "request",
        _plain(
            lambda page: _("Demands by meeting"),
            lambda page: _("Which demand was put to which meeting, and how often."),
        ),
    ),
    "changes": ("request", _titled(gettext_lazy("Changes"))),
    "about": ("request", _titled(gettext_lazy("About this record"))),
    "about_status": ("request", _titled(gettext_lazy("How status is judged"))),
    "about_method": ("request", _titled(gettext_lazy("How the record is made"))),
    "coverage": ("request", _titled(gettext_lazy("What was found, and what was not"))),
    "about_words": ("request", _titled(gettext_lazy("What the words mean"))),
    "about_corrections": ("request", _titled(gettext_lazy("Corrections"))),
}


def shared_of(context: Any) -> Shared:
    """Return what the head of a page says of it.

    Asks the database for nothing that the page itself does not show.
    """
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    path = request.path if request else "/"
    name, tell = PAGES.get(match.view_name if match else "", ("listing", _list))
    if context.get(name) is None:
        return _alone()
    return tell(context, path)


# --- The pictures --------------------------------------------------------------------------


def _picture(card: Card) -> HttpResponse:
    # Pillow takes memory: only workers that draw need it.
    from .cards.drawing import png

    return HttpResponse(png(card), content_type="image/png")


@public_page
@takes_nothing
def home_picture(request: HttpRequest) -> HttpResponse:
    """Send the card of the whole record."""
    return _picture(home_card(start()))


@public_page
@record_page
@takes_nothing
def picture(request: HttpRequest, letter: str, key: str) -> HttpResponse:
    """Send the card of a demand, a statement or a meeting."""
    try:
        return _picture(_found(letter, key))
    except MovedError as moved:
        return HttpResponsePermanentRedirect(reverse("card", args=[letter, moved.slug]))


def _found(letter: str, key: str) -> Card:
    if letter == "d":
        return demand_card(find_demand(key))
    if letter == "k":
        return meeting_card(find(Meeting.objects.public().select_related("country"), key))
    row: Statement = find(Statement.objects.public().select_related("meeting"), key)
    name_voices([row])
    return statement_card(row)
