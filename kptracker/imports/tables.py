"""Which tables come back, which of their columns are taken, and which rights that needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from demands.actions import set_demand_addressees
from demands.judgement_resources import BroughtAssessmentResource
from demands.models import Demand
from demands.passage_resources import BroughtPassageResource
from demands.resources import BroughtMentionResource, DemandResource, ThemeResource
from kptracker.data.tables import TABLES, key_of
from kptracker.lib.columns import TableExport
from kptracker.lib.importing import RecordResource
from statements.actions import set_addressees, set_issuers, set_speakers
from statements.models import Organisation, Person, Statement
from statements.people_resources import PersonResource, RoleResource
from statements.resources import (
    MeetingResource,
    OrganisationResource,
    SpeakerResource,
    StatementResource,
)


@dataclass(frozen=True, slots=True)
class Links:
    """A table of links: rows that tie others to one row, in an order.

    ``parent`` and ``target`` are the columns, with their models; ``related`` is the relation of
    the parent; ``act`` sets all links of a parent. A link may be added and moved here, never
    taken away.
    """

    parent: str
    parent_model: Any
    target: str
    target_model: Any
    related: str
    attribute: str
    act: Callable[..., bool]


@dataclass(frozen=True)
class ImportTable:
    """A table as it comes back.

    ``resource`` reads its cells and writes its rows. ``renamed`` gives the column of the
    resource where the file calls it otherwise; ``extra`` are columns that a file may have though
    none leaves with them; ``apart`` are columns that the site writes although the resource knows
    them. ``twins`` are columns that name the same row by its reference. ``numbered`` is the
    letter and width of the references that the site gives to new rows. ``parts`` are columns
    that link other rows, with the rights that this needs besides. ``fixed`` are columns that are
    never altered in a row that is there, with what to do instead; ``only_compared`` says it of
    the whole table.
    """

    export: TableExport
    right: str
    resource: type[RecordResource] | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    twins: Mapping[str, str] = field(default_factory=dict)
    numbered: tuple[str, int] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    only_compared: Any = ""
    links: Links | None = None

    @property
    def name(self) -> str:
        """What its file is called."""
        return self.export.name

    @property
    def title(self) -> Any:
        """How the table is called."""
        return self.export.title

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row."""
        if self.links is not None:
            return (self.links.parent, self.links.target)
        if self.resource is not None:
            return self.resource.key_columns
        return key_of(self.name, self.export.columns("en", timezone.localdate()))

    @property
    def numbers_itself(self) -> bool:
        """Whether the site gives new rows their reference."""
        return self.key == ("reference",) and self.resource is not None

    def taken(self) -> dict[str, str]:
        """Return the columns of a file that are taken, each with the resource's own."""
        if self.resource is None:
            return {}
        theirs = set(self.resource.columns())
        ours = [one.name for one in self.export.columns("en", timezone.localdate())]
        found = {
            name: self.renamed.get(name, name)
            for name in ours
            if self.renamed.get(name, name) in theirs and name not in self.apart
        }
        return found | {name: name for name in self.extra}

    def columns(self) -> list[str]:
        """Return all columns that its file may have."""
        return [*(one.name for one in self.export.columns("en", timezone.localdate())), *self.extra]

    def may(self, user: Any, what: str) -> bool:
        """Tell whether somebody may "add" or "change" its rows."""
        app, _dot, model = self.right.partition(".")
        return bool(user.has_perm(f"{app}.{what}_{model}"))

    def may_bring(self, user: Any) -> bool:
        """Tell whether somebody may bring it back at all."""
        return self.may(user, "change") or self.may(user, "add")


SPEAKERS, ISSUERS = "statements.statementspeaker", "statements.statementissuer"
ADDRESSEES, OF_DEMANDS = "statements.statementaddressee", "demands.demandaddressee"
MARKED = _("The words quoted follow from the passage marked in the text: mark it there.")
JUDGED = _(
    "Evidence is never altered or added to later: add a new judgement that corrects the one it "
    "belongs to, in the table of judgements."
)
TOLD = _(
    "Corrections are written by the site when a published fact changes, or with “Add correction” "
    "in the list of corrections; none is altered."
)
_BY_EXPORT: dict[str, dict[str, Any]] = {
    "demands": {
        "right": "demands.demand",
        "resource": DemandResource,
        "renamed": {"superseded_by_slug": "superseded_by"},
        "twins": {
            "parent_reference": "parent_slug",
            "superseded_by_reference": "superseded_by_slug",
        },
        "numbered": ("D", 3),
        "parts": {"addressee_slugs": OF_DEMANDS},
    },
    "demand_addressees": {
        "right": OF_DEMANDS,
        "links": Links(
            "demand_reference",
            Demand,
            "organisation_slug",
            Organisation,
            "addressee_links",
            "organisation",
            set_demand_addressees,
        ),
    },
    "mentions": {
        "right": "demands.mention",
        "resource": BroughtMentionResource,
        "twins": {"demand_reference": "demand_slug"},
        "numbered": ("M", 4),
        "fixed": {"quote": MARKED},
    },
    "passages": {
        "right": "demands.mention",
        "resource": BroughtPassageResource,
        "numbered": ("P", 4),
    },
    "assessments": {
        "right": "demands.assessment",
        "resource": BroughtAssessmentResource,
        "twins": {"demand_reference": "demand_slug"},
        "apart": ("recorded_on", "recorded_at"),
        "extra": ("evidence_kind", "source_url"),
    },
    "evidence": {"right": "demands.assessment", "only_compared": JUDGED},
    "themes": {"right": "demands.theme", "resource": ThemeResource},
    "corrections": {"right": "lib.correction", "only_compared": TOLD},
    "meetings": {"right": "statements.meeting", "resource": MeetingResource},
    "organisations": {"right": "statements.organisation", "resource": OrganisationResource},
    "people": {"right": "statements.person", "resource": PersonResource},
    "roles": {"right": "statements.role", "resource": RoleResource, "numbered": ("R", 3)},
    "statements": {
        "right": "statements.statement",
        "resource": StatementResource,
        "parts": {
            "speaker_slugs": SPEAKERS,
            "issuer_slugs": ISSUERS,
            "addressee_slugs": ADDRESSEES,
        },
    },
    "speakers": {
        "right": SPEAKERS,
        "resource": SpeakerResource,
        "links": Links(
            "statement_slug",
            Statement,
            "person_slug",
            Person,
            "speaker_links",
            "person",
            set_speakers,
        ),
    },
    "issuers": {
        "right": ISSUERS,
        "links": Links(
            "statement_slug",
            Statement,
            "organisation_slug",
            Organisation,
            "issuer_links",
            "organisation",
            set_issuers,
        ),
    },
    "statement_addressees": {
        "right": ADDRESSEES,
        "links": Links(
            "statement_slug",
            Statement,
            "organisation_slug",
            Organisation,
            "addressee_links",
            "organisation",
            set_addressees,
        ),
    },
}
#: All tables that come back: each one that leaves.
IMPORTS: dict[str, ImportTable] = {
    one.name: ImportTable(export=one, **_BY_EXPORT[one.name]) for one in TABLES
}
#: Which table the list of a model leads to, and which others belong to it.
BELONG = {
    "demands.demand": ("demands", "demand_addressees"),
    "demands.mention": ("mentions", "passages"),
    "demands.assessment": ("assessments", "evidence"),
    "demands.theme": ("themes",),
    "lib.correction": ("corrections",),
    "statements.meeting": ("meetings",),
    "statements.organisation": ("organisations",),
    "statements.person": ("people",),
    "statements.role": ("roles",),
    "statements.statement": ("statements", "speakers", "issuers", "statement_addressees"),
}
