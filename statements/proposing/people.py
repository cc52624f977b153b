"""The people of a document: who speaks in which function, and who is only named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from kptracker.lib.partial_dates import PartialDate

from .answers import PersonProposal
from .issuing import joined
from .known import Known, KnownOrganisation, KnownPerson, KnownRole, listed
from .names import names_like, surnames
from .papers import WORD, Paper, plain, word_set
from .phrases import Hit
from .speaking import Mention, doubted, mention_of

#: How clearly somebody who is not in the record must speak to be told of.
LEAST_OF_STRANGERS = 6
#: Words in the names of functions that say nothing of what somebody does.
_NO_FUNCTION = word_set(
    "civil society societe civile coalition kimberley process processus organisation member "
    "membre pour from with dans"
)


@dataclass(frozen=True, slots=True)
class People:
    """Who speaks, who is only named, and who seems to speak and is not in the record."""

    speakers: list[PersonProposal]
    named: list[PersonProposal]
    unknown: list[PersonProposal]


def propose_people(
    paper: Paper,
    known: Known,
    *,
    hits: list[Hit],
    organisations: list[Hit],
    issuers: Iterable[str],
    when: PartialDate | None,
) -> People:
    """Propose speakers and others named, in the order in which they speak or are named.

    ``hits`` are names of people of the record in the text, ``organisations`` those of bodies,
    which are no people; ``issuers`` the slugs of those who issue it; ``when`` the date at which
    functions are asked for.
    """
    by_pk = {one.pk: one for one in known.organisations}
    issuing = {one.pk for one in known.organisations if one.slug in set(issuers)}
    taken = [*hits, *organisations]
    mentions: dict[str, list[Mention]] = {}
    people = {person.slug: person for person in known.people}
    for hit, mention in _in_lists(paper, [*hits, *surnames(paper, hits)]):
        for person in hit.owners:
            if len(hit.owners) > 1:
                shared = doubted(mention, _("two people of the record have this name"))
                mentions.setdefault(person.slug, []).append(shared)
            else:
                mentions.setdefault(person.slug, []).append(mention)
    unknown = _others(paper, known, taken, mentions)
    speakers: list[PersonProposal] = []
    others: list[PersonProposal] = []
    for slug, found in mentions.items():
        person = people[slug]
        best = max(found, key=lambda one: (one.speaks, one.weight, one.sure, -one.hit.start))
        # The name as given is the full one, wherever the surname alone shows that they speak.
        given = max((one.hit for one in found), key=lambda hit: (hit.end - hit.start, -hit.start))
        proposal = _proposal(paper, person, best, given, by_pk, issuing, when)
        (speakers if proposal.field == "speakers" else others).append(proposal)

    def order(proposal: PersonProposal) -> tuple[int, int]:
        return proposal.evidence or (0, 0)

    return People(sorted(speakers, key=order), sorted(others, key=order), unknown)


def _in_lists(paper: Paper, hits: list[Hit]) -> list[tuple[Hit, Mention]]:
    """Return what each place says; of names in a list the one that says most speaks for all."""
    in_order = sorted(hits, key=lambda hit: hit.start)
    mentions = [mention_of(paper, hit) for hit in in_order]
    pairs = [(n, n + 1) for n in range(len(in_order) - 1)]
    for one, other in [*pairs, *((b, a) for a, b in reversed(pairs))]:
        first, second = sorted((one, other))
        if not joined(paper, in_order[first], in_order[second]):
            continue
        if mentions[one].speaks and not mentions[other].speaks and mentions[other].weight <= 1:
            mentions[other] = replace(mentions[one], hit=in_order[other])
    return list(zip(in_order, mentions, strict=True))


def _proposal(
    paper: Paper,
    person: KnownPerson,
    best: Mention,
    full: Hit,
    organisations: dict[int, KnownOrganisation],
    issuing: set[int],
    when: PartialDate | None,
) -> PersonProposal:
    """Make the proposal of what was found of somebody."""
    role = _role(paper, person, full, issuing, when)
    field, sure, reasons = ("speakers" if best.speaks else "named"), best.sure, [best.reason]
    if best.speaks and not _speaks_for_us(person, organisations, when):
        field, sure = "named", False
        reasons.append(_("speaks for another body than the coalition or a member"))
    if person.public_name != "shown":
        reasons.append(_("visitors do not read this name"))
    given = " ".join(paper.text[full.start : full.end].split())
    label = person.full_name + (f" ({role.label})" if role else "")
    return PersonProposal(
        *(field, person.slug, label, listed(reasons), (best.hit.start, best.hit.end), sure),
        name_as_given=given,
        role=role.reference if role else "",
        role_label=role.label if role else "",
    )


def _speaks_for_us(
    person: KnownPerson, organisations: dict[int, KnownOrganisation], when: PartialDate | None
) -> bool:
    """Whether somebody holds, or held then, a function of civil society; or none that is known."""
    if not person.roles:
        return True
    then = [role for role in person.roles if when is None or _fits(role, when)]
    # A function without an organisation (a minister's, a focal point's) says nothing by itself.
    held = [role for role in then if role.organisation is not None] or person.roles
    return any(
        role.organisation is not None
        and role.organisation in organisations
        and organisations[role.organisation].speaks
        for role in held
    )


def _fits(role: KnownRole, when: PartialDate) -> bool:
    """Whether a function can have been held at a date."""
    begun = role.start is None or role.start.first <= when.last
    return begun and (role.end is None or role.end.last >= when.first)


def _role(
    paper: Paper, person: KnownPerson, hit: Hit, issuing: set[int], when: PartialDate | None
) -> KnownRole | None:
    """Return the function held then that the words beside the name fit best, None without one."""
    held = [role for role in person.roles if when is None or _fits(role, when)]
    if not held:
        return None
    line = paper.line_at(hit.start)
    # The function stands before the name or after it, in the same sentence or on the next line.
    before = re.split(r"[.!?\"]", paper.plain[max(line.start, hit.start - 80) : hit.start])[-1]
    after = re.split(r"[.!?\"]", paper.plain[hit.end : hit.end + 120])[0]
    near = {word for word in WORD.findall(f"{before} {after}") if len(word) > 3} - _NO_FUNCTION

    def weight(role: KnownRole) -> tuple[int, bool, bool, str]:
        words = set(WORD.findall(plain(f"{role.role} {role.role_fr}")))
        start = str(role.start.first) if role.start else ""
        # A function that ended later than the day is surer than one of which no end is known.
        return len(words & near), role.organisation in issuing, role.end is not None, start

    return max(held, key=weight)


def _others(
    paper: Paper, known: Known, taken: list[Hit], mentions: dict[str, list[Mention]]
) -> list[PersonProposal]:
    """Add misspelt names of the record to ``mentions``; return the strangers who speak."""
    unknown: dict[str, PersonProposal] = {}
    for hit, person in names_like(paper, known.people, known.organisations, taken):
        given = " ".join(paper.text[hit.start : hit.end].split())
        mention = mention_of(paper, hit)
        if person:
            doubt = _("written “%(given)s”") % {"given": given}
            mentions.setdefault(person.slug, []).append(doubted(mention, doubt))
        elif mention.speaks and mention.weight >= LEAST_OF_STRANGERS:
            reason = listed([mention.reason, _("is not in the record")])
            place = (hit.start, hit.end)
            unknown.setdefault(
                given, PersonProposal("unknown", "", given, reason, place, name_as_given=given)
            )
    return list(unknown.values())
