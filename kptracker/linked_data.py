"""Facts of a page in the words of schema.org, for machines: few, and only what the page says."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from demands.models import Demand
from kptracker.lib.bilingual import active_language, worded
from kptracker.lib.citing import record_name
from kptracker.lib.pages import permalink
from statements.citing import WEB
from statements.models import Meeting, Statement

#: Inside a script element nothing may look like its end, or like a comment.
ESCAPES = str.maketrans(
    {sign: f"\\u{ord(sign):04x}" for sign in ("<", ">", "&", "\u2028", "\u2029")}
)
#: How one attends, by our codes.
ATTENDANCE = {"in_person": "Offline", "hybrid": "Mixed", "virtual": "Online"}


def as_script(data: dict[str, Any]) -> SafeString:
    """Return a script element that holds data; browsers do not run it, so the policy lets it be."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    return mark_safe(  # noqa: S308 (escaped just here)
        f'<script type="application/ld+json">{text.translate(ESCAPES)}</script>'
    )


def _without_gaps(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}


def _record() -> dict[str, Any]:
    return {"@type": "WebSite", "name": record_name(), "url": f"{settings.SITE_URL}/"}


def site() -> dict[str, Any]:
    """Return the record as a site that can be searched."""
    search = f"{settings.SITE_URL}{reverse('demands:demands')}?q={{words}}"
    return {
        **_record(),
        "url": f"{settings.SITE_URL}{reverse('home')}",
        "inLanguage": active_language(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=words",
        },
    }


def crumbs(room: tuple[str, str], title: str, path: str) -> dict[str, Any]:
    """Return where a page stands: start page, list (``room``: its name, its view), itself."""
    steps = [
        (_("Start page"), reverse("home")),
        (room[0], reverse(room[1])),
        (title, path),
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": n,
                "name": name,
                "item": f"{settings.SITE_URL}{address}",
            }
            for n, (name, address) in enumerate(steps, start=1)
        ],
    }


def demand(row: Demand) -> dict[str, Any]:
    """Return the page of a demand as a work of this record."""
    found = worded(row, "title")
    return {
        "@type": "CreativeWork",
        "identifier": row.reference,
        "name": found.text,
        "inLanguage": found.language,
        "about": str(worded(row.theme, "name")),
        "url": permalink("demand", row.reference),
        "isPartOf": _record(),
    }


def statement(row: Statement) -> dict[str, Any]:
    """Return a statement as a work of those who issued it; ``issued_by`` must be at hand."""
    issuers: list[Any] = row.issued_by  # type: ignore[attr-defined]
    return _without_gaps(
        {
            "@type": "CreativeWork",
            "name": str(worded(row, "title")),
            "author": [
                {"@type": "Organization", "name": str(worded(one, "name"))} for one in issuers
            ],
            "datePublished": str(row.date),
            "inLanguage": row.language,
            "isBasedOn": row.source_url if row.source_url.startswith(WEB) else "",
            "url": permalink("statement", row.slug),
            "isPartOf": _record(),
        }
    )


def meeting(row: Meeting) -> dict[str, Any]:
    """Return a meeting as an event; its start must be known."""
    place = _without_gaps(
        {
            "addressLocality": str(worded(row, "city")),
            "addressCountry": str(worded(row.country, "name")) if row.country else "",
        }
    )
    attendance = ATTENDANCE.get(row.format)
    status = "EventCancelled" if row.cancelled else "EventScheduled"
    return _without_gaps(
        {
            "@type": "Event",
            "name": str(worded(row, "title")),
            "startDate": str(row.start),
            "endDate": str(row.end) if row.end else "",
            "eventStatus": f"https://schema.org/{status}",
            "eventAttendanceMode": (
                f"https://schema.org/{attendance}EventAttendanceMode" if attendance else ""
            ),
            "location": (
                {"@type": "Place", "address": {"@type": "PostalAddress", **place}} if place else ""
            ),
            "url": permalink("meeting", row.slug),
        }
    )
