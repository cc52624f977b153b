"""The page of a meeting's brief."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kptracker.lib.conditional import public_page, stamp_of
from kptracker.lib.filter_kinds import SLUG
from kptracker.lib.filtering import MOST_CHOICES, shown
from kptracker.lib.listing import FOREIGN, LONGEST_QUERY, BadParameterError
from kptracker.lib.pages import MovedError, find, record_page
from kptracker.lib.table_views import refusal
from statements.documents import documents_in
from statements.models import Meeting

from .brief import ALL, EARLIER, RECENT, SCOPES, Choice, Day, brief_of
from .codes import OPEN
from .models import Theme

PARAMETERS = ("theme", "raised")


def chosen(request: HttpRequest, themes: dict[str, Theme]) -> Choice:
    """Return what a request asks of a brief.

    Raises BadParameterError, with a sentence per parameter, for anything that cannot be used.
    """
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
        raise BadParameterError({"": [_("The address is too long.")]}, status=414)
    params = request.GET
    problems = {
        shown(name): [_("A brief has no such choice. There are: %s.") % ", ".join(PARAMETERS)]
        for name in params
        if name not in PARAMETERS and not FOREIGN.fullmatch(name)
    }
    slugs = list(dict.fromkeys(one for one in params.getlist("theme") if one))
    unknown = next((one for one in slugs if not SLUG.fullmatch(one) or one not in themes), None)
    if len(slugs) > MOST_CHOICES:
        problems["theme"] = [_("That is too many choices: at most %d.") % MOST_CHOICES]
    elif unknown is not None:
        problems["theme"] = [_("Nothing public has the key “%s”.") % shown(unknown)]
    scopes = [one for one in params.getlist("raised") if one] or [RECENT]
    if len(scopes) > 1:
        problems["raised"] = [_("It is given more than once.")]
    elif scopes[0] not in SCOPES:
        problems["raised"] = [
            _("“%(value)s” is not among the choices: %(choices)s.")
            % {"value": shown(scopes[0]), "choices": ", ".join(SCOPES)}
        ]
    if problems:
        raise BadParameterError(problems)
    return Choice(slugs, scopes[0])


def query_of(choice: Choice, *, scope: str | None = None, themes: bool = True) -> str:
    """Return the query of a choice, in one shape whatever the reader typed."""
    pairs = [("theme", slug) for slug in choice.themes] if themes else []
    scope = scope or choice.scope
    if scope != RECENT:
        pairs.append(("raised", scope))
    return f"?{urlencode(pairs)}" if pairs else ""


@public_page
@record_page
def brief(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the brief of a meeting."""
    try:
        meeting: Meeting = find(
            Meeting.objects.public().select_related("country", "kp_chair_country"), slug
        )
    except MovedError as moved:
        raise MovedError(f"{moved.url}brief/") from None
    themes = {theme.slug: theme for theme in Theme.objects.public()}
    try:
        choice = chosen(request, themes)
    except BadParameterError as error:
        return refusal(request, error)
    day = Day(meeting, timezone.localdate())
    found = brief_of(day, choice, themes.values())
    here = reverse("demands:meeting_brief", args=[meeting.slug])
    changed = stamp_of(request).partition(" ")[2][:10]
    return render(
        request,
        "demands/brief.html",
        {
            "meeting": meeting,
            "brief": found,
            "day": day,
            "here": here,
            "address": f"{settings.SITE_URL}{here}{query_of(choice)}",
            "scope": choice.scope,
            "recent": f"{here}{query_of(choice, scope=RECENT)}",
            "earlier": f"{here}{query_of(choice, scope=EARLIER)}",
            "everything": f"{here}{query_of(choice, scope=ALL)}",
            "all_themes": f"{here}{query_of(choice, themes=False)}",
            "open_list": "?" + urlencode([("status", code) for code in OPEN]),
            "documents": documents_in(found.sources),
            "changed_on": date.fromisoformat(changed) if changed else None,
        },
    )
