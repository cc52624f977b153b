"""Who spoke, as visitors may read it: by name, by function, or not at all.

Whatever shows a speaker asks here. Somebody who is withheld, or whose page is not published,
never leaves this module; of somebody who appears by function, only the function does.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from kptracker.lib.partial_dates import PartialDate

from .models import Person, Role, Statement, StatementSpeaker
from .querysets import FUNCTION_ONLY, SHOWN


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker as visitors read it; ``person`` is None where only the function is shown."""

    person: Person | None
    role: Role | None
    name_as_given: str = ""

    @property
    def name(self) -> str:
        """The name, '' where it is not shown."""
        return self.person.full_name if self.person else ""


def role_at(roles: Iterable[Role], when: PartialDate) -> Role | None:
    """Return the function that somebody held at a date, as far as the record knows.

    A function whose end is not known counts where no other fits: the page then says from when
    it was held, and does not claim that it lasted.
    """
    sure, open_ended, undated = [], [], []
    for role in roles:
        if role.start is None and role.end is None:
            undated.append(role)
        elif role.start is not None and role.start.first > when.last:
            continue
        elif role.end is None:
            open_ended.append(role)
        elif role.end.last >= when.first:
            sure.append(role)
    fitting = sure or open_ended or undated
    if not fitting:
        return None
    return max(fitting, key=lambda role: (role.start.first if role.start else when.first, role.pk))


def speakers_of(statements: Iterable[Statement]) -> dict[int, list[Speaker]]:
    """Return the speakers of these statements, in order, by the statement's key: two queries."""
    by_key = {statement.pk: statement for statement in statements}
    found: dict[int, list[Speaker]] = defaultdict(list)
    links = (
        StatementSpeaker.objects.filter(statement__in=list(by_key))
        .filter(
            Q(pk__in=StatementSpeaker.objects.public())
            | Q(pk__in=StatementSpeaker.objects.by_function())
        )
        .select_related("person", "role__organisation", "role__country")
        .prefetch_related(
            Prefetch(
                "person__roles",
                Role.objects.select_related("organisation", "country").order_by("start_last", "id"),
            )
        )
        .order_by("statement", "position", "id")
    )
    for link in links:
        found[link.statement_id].append(_shown(link, by_key[link.statement_id]))
    return found


def _shown(link: StatementSpeaker, statement: Statement) -> Speaker:
    role = link.role or role_at(link.person.roles.all(), statement.date)
    if link.person.public_name == SHOWN:
        return Speaker(link.person, role, link.name_as_given)
    return Speaker(None, role)


def speaker(person: Person | None, spoken: Iterable[Role], when: PartialDate) -> Speaker | None:
    """Return one speaker as visitors may read it, None where nothing may be said.

    ``spoken`` are the person's functions; they are needed only where the name is not shown.
    """
    if person is None or not person.is_published:
        return None
    if person.public_name == SHOWN:
        return Speaker(person, None)
    if person.public_name == FUNCTION_ONLY:
        return Speaker(None, role_at(spoken, when))
    return None
