"""The pages of one statement, meeting, person or organisation.

What was asked in, at, by or of them is brought in by the templates, through tags of the other
room: this one does not know demands.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Subquery, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kptracker.lib.conditional import public_page
from kptracker.lib.listing import BadParameterError
from kptracker.lib.pages import find, latest, record_page
from kptracker.lib.table_views import refusal, takes_nothing

from .documents import documents_in
from .models import (
    Meeting,
    Organisation,
    Person,
    Role,
    Statement,
    StatementIssuer,
    StatementSpeaker,
)
from .offering import offered_file
from .permalinks import people_taken_down
from .querysets import FUNCTION_ONLY, SHOWN
from .shown_texts import shown_of, without_bodies
from .speaking import role_at, speakers_of

#: How many rows a page shows of what it belongs to; the list has them all.
MOST = 50
#: The row that stands for the office of the Chair, whoever holds it.
KP_CHAIR = "kp-chair"


@public_page
@record_page
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one statement."""
    rows = Statement.objects.public().select_related("meeting__country", "version_of")
    row: Statement = find(rows, slug)
    original = row.version_of if row.version_of and row.version_of.is_published else None
    versions = list(
        Statement.objects.public()
        .filter(version_of=original or row)
        .exclude(pk=row.pk)
        .order_by("language", "slug")
    )
    meeting = row.meeting if row.meeting and row.meeting.is_published else None
    before, after = _neighbours_at(meeting, original or row) if meeting else (None, None)
    relatives = [original, *versions] if original else versions
    prefetch_related_objects([row, *relatives], without_bodies())
    try:
        shown = shown_of(row, relatives, request.GET)
    except BadParameterError as error:
        return refusal(request, error)
    text, beside = shown.text, shown.beside
    # Its relative may be read beside it, and cited.
    other = next((one for one in relatives if beside and one.pk == beside.statement_id), None)
    name_voices([row, other] if other else [row])
    return render(
        request,
        "statements/statement.html",
        {
            "statement": row,
            "meeting": meeting,
            "original": original,
            "versions": versions,
            "speakers": row.spoken_by,  # type: ignore[attr-defined]
            "issuers": row.issued_by,  # type: ignore[attr-defined]
            "addressees": _addressees(row),
            "shown": shown,
            "text": text,
            "file": offered_file(row),
            "before": before,
            "after": after,
            "documents": documents_in([row.source_url]),
            "changed_at": latest(
                [
                    row.changed_at,
                    *(one.changed_at for one in (text, beside, meeting, original) if one),
                ]
            ),
        },
    )


def _addressees(row: Statement) -> list[Organisation]:
    """Return the public organisations to which a statement is addressed, in order."""
    found = row.addressee_links.select_related("organisation").order_by("position")
    return [link.organisation for link in found if link.organisation.is_published]


def _neighbours_at(meeting: Meeting, row: Statement) -> tuple[Statement | None, Statement | None]:
    """Return the statements before and after one at the same meeting."""
    at_meeting = Statement.objects.originals().filter(meeting=meeting)
    rows = list(at_meeting.public().order_by("sort_on", "id"))
    keys = [one.pk for one in rows]
    if row.pk not in keys:
        return None, None
    place = keys.index(row.pk)
    return (
        rows[place - 1] if place else None,
        rows[place + 1] if place + 1 < len(rows) else None,
    )


@public_page
@record_page
@takes_nothing
def meeting(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one meeting: what is known of it, what was said there."""
    row: Meeting = find(
        Meeting.objects.public().select_related("country", "kp_chair_country"), slug
    )
    statements, versions = _with_versions(
        Statement.objects.public().filter(meeting=row).order_by("sort_on", "id")
    )
    return render(
        request,
        "statements/meeting.html",
        {
            "meeting": row,
            "statements": statements,
            "versions": versions,
            # Translations are not counted.
            "originals": sum(1 for one in statements if one.version_of_id is None),
            **_meetings_around(row),
            "coming": row.is_coming(),
            "documents": documents_in([row.source_url]),
            "changed_at": latest([row.changed_at, *(one.changed_at for one in statements)]),
        },
    )


def _with_versions(rows: QuerySet) -> tuple[list[Statement], dict[int, list[Statement]]]:
    """Return statements with their speakers and issuers, and their versions by original.

    A version whose original is not among them stands for itself.
    """
    everything = list(rows.select_related("meeting"))
    keys = {row.pk for row in everything}
    versions: dict[int, list[Statement]] = {}
    for row in everything:
        if row.version_of_id in keys:
            versions.setdefault(row.version_of_id, []).append(row)
    statements = [row for row in everything if row.version_of_id not in keys]
    name_voices(statements)
    return statements, versions


def name_voices(statements: list[Statement]) -> None:
    """Put ``spoken_by`` and ``issued_by`` on statements, as visitors may read them."""
    speakers = speakers_of(statements)
    issuers: dict[int, list[Organisation]] = {}
    links = StatementIssuer.objects.filter(statement__in=[row.pk for row in statements])
    for link in links.select_related("organisation").order_by("statement", "position"):
        if link.organisation.is_published:
            issuers.setdefault(link.statement_id, []).append(link.organisation)
    for row in statements:
        row.spoken_by = speakers[row.pk]  # type: ignore[attr-defined]
        row.issued_by = issuers.get(row.pk, [])  # type: ignore[attr-defined]


def _meetings_around(row: Meeting) -> dict[str, Meeting | None]:
    """Return the meetings before and after one in time, and those of its kind where they differ."""
    earlier = Q(sort_on__lt=row.sort_on) | Q(sort_on=row.sort_on, pk__lt=row.pk)
    later = Q(sort_on__gt=row.sort_on) | Q(sort_on=row.sort_on, pk__gt=row.pk)
    nearest = Q()
    for rows in (Meeting.objects.public(), Meeting.objects.public().filter(kind=row.kind)):
        for side in (rows.filter(earlier), rows.filter(later).reverse()):
            nearest |= Q(pk=Subquery(side.values("pk")[:1]))
    found = list(Meeting.objects.public().filter(nearest).order_by("sort_on", "id"))
    here = (row.sort_on, row.pk)
    before = [one for one in found if (one.sort_on, one.pk) < here]
    after = [one for one in found if (one.sort_on, one.pk) > here]
    like_before = [one for one in before if one.kind == row.kind]
    like_after = [one for one in after if one.kind == row.kind]
    around: dict[str, Meeting | None] = {
        "before": before[-1] if before else None,
        "after": after[0] if after else None,
    }
    around["before_like_it"] = next(
        (one for one in like_before[-1:] if one != around["before"]), None
    )
    around["after_like_it"] = next((one for one in like_after[:1] if one != around["after"]), None)
    return around


@public_page
@record_page
@takes_nothing
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one person who may be named: functions over time, statements spoken."""
    row: Person = find(Person.objects.public(), slug, people_taken_down())
    roles = list(
        Role.objects.public()
        .filter(person=row)
        .select_related("organisation", "country")
        .order_by(F("start_first").asc(nulls_last=True), "id")
    )
    spoken = (
        StatementSpeaker.objects.public()
        .filter(person=row, statement__version_of__isnull=True)
        .select_related("statement__meeting", "role__organisation", "role__country")
        .order_by("-statement__sort_on", "-statement__id")
    )
    links = list(spoken[: MOST + 1])
    total = len(links) if len(links) <= MOST else spoken.count()
    first = links[-1] if len(links) <= MOST and links else spoken.last()
    for link in links:
        # What somebody was when they spoke: they may be something else today.
        link.then = link.role or role_at(roles, link.statement.date)
    return render(
        request,
        "statements/person.html",
        {
            "person": row,
            "roles": roles,
            "variants": [name.strip() for name in row.name_variants.split(";") if name.strip()],
            "spoken": links[:MOST],
            "total": total,
            "first": first.statement if first else None,
            "last": links[0].statement if links else None,
            "documents": documents_in(role.source_url for role in roles),
            "changed_at": latest(
                [
                    row.changed_at,
                    *(role.changed_at for role in roles),
                    *(link.statement.changed_at for link in links),
                ]
            ),
        },
    )


@public_page
@record_page
@takes_nothing
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one organisation: who worked there, what it issued, what it chaired."""
    row: Organisation = find(Organisation.objects.public().select_related("country"), slug)
    roles = list(
        Role.objects.filter(organisation=row, person__state="published")
        .filter(person__public_name__in=[SHOWN, FUNCTION_ONLY])
        .select_related("person", "country")
        .order_by(F("start_first").desc(nulls_last=True), "-id")[: MOST * 4]
    )
    issued = (
        Statement.objects.public()
        .filter(issuer_links__organisation=row, version_of__isnull=True)
        .select_related("meeting")
        .order_by("-sort_on", "-id")
    )
    statements = list(issued[: MOST + 1])
    total = len(statements) if len(statements) <= MOST else issued.count()
    addressed = Statement.objects.public().filter(
        addressee_links__organisation=row, version_of__isnull=True
    )
    context: dict[str, Any] = {
        "organisation": row,
        "roles": [role for role in roles if role.person.public_name == SHOWN],
        "functions": [role for role in roles if role.person.public_name == FUNCTION_ONLY],
        "other_names": [name.strip() for name in row.other_names.split(";") if name.strip()],
        "statements": statements[:MOST],
        "total": total,
        "addressed": addressed.count(),
        "chaired": _chaired_by(row),
        "chairs": _chairs_in_time(row),
        "documents": documents_in([row.source_url]),
        "changed_at": latest(
            [
                row.changed_at,
                *(role.changed_at for role in roles),
                *(one.changed_at for one in statements),
            ]
        ),
    }
    return render(request, "statements/organisation.html", context)


def _chaired_by(row: Organisation) -> list[Meeting]:
    """Return the meetings that a participant's country chaired."""
    if row.kind != "participant" or row.country_id is None:
        return []
    rows = Meeting.objects.public().filter(kp_chair_country=row.country_id)
    return list(rows.order_by("-sort_on", "-id"))


@dataclass(frozen=True)
class Chairing:
    """Who chaired the Kimberley Process in a year, as far as its meetings say."""

    year: int
    organisation: Organisation
    people: list[str]


def _chairs_in_time(row: Organisation) -> list[Chairing]:
    """Return who held the office of the Chair, latest first; nothing for other organisations."""
    if row.slug != KP_CHAIR:
        return []
    found: dict[tuple[int, int], list[str]] = {}
    meetings = Meeting.objects.public().filter(kp_chair_country__isnull=False)
    columns = ("year", "kp_chair_country", "kp_chair_person")
    for year, country, name in meetings.order_by("-year", "sort_on", "id").values_list(*columns):
        people = found.setdefault((year, country), [])
        if name and name not in people:
            people.append(name)
    states = Organisation.objects.public().filter(
        kind="participant", country__in={country for _year, country in found}
    )
    by_country = {one.country_id: one for one in states}
    return [
        Chairing(year, by_country[country], people)
        for (year, country), people in found.items()
        if country in by_country
    ]
