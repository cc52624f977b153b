"""The files that make a record: their order, their resources, and which must be there."""

from dataclasses import dataclass
from typing import Any

from kptracker.lib.importing import RecordResource
from kptracker.lib.vocabularies import COLUMNS
from statements.models import (
    Country,
    Meeting,
    Organisation,
    Person,
    Role,
    Statement,
    StatementSpeaker,
    Text,
)
from statements.people_resources import PeopleResource
from statements.resources import (
    CountryResource,
    MeetingResource,
    OrganisationResource,
    SpeakerResource,
    StatementResource,
    TextResource,
)

from .judgement_resources import AssessmentResource, EvidenceResource
from .models import Assessment, Demand, Evidence, Mention, Passage, Theme
from .passage_resources import PassageResource
from .resources import DemandResource, MentionResource, ThemeResource


@dataclass(frozen=True)
class Table:
    """A file of the record. ``name`` is what the memory of loads and the report call it."""

    file: str
    name: str
    model: Any
    resource: type[RecordResource]
    must: bool = True


#: In the order in which they are loaded: what others refer to comes first.
TABLES = (
    Table("countries.csv", "countries", Country, CountryResource),
    Table("themes.csv", "themes", Theme, ThemeResource),
    Table("organisations.csv", "organisations", Organisation, OrganisationResource),
    Table("people.csv", "roles", Role, PeopleResource),
    Table("meetings.csv", "meetings", Meeting, MeetingResource),
    Table("statements.csv", "statements", Statement, StatementResource),
    Table("speakers.csv", "speakers", StatementSpeaker, SpeakerResource, must=False),
    Table("texts.csv", "texts", Text, TextResource, must=False),
    Table("demands.csv", "demands", Demand, DemandResource),
    Table("mentions.csv", "mentions", Mention, MentionResource),
    Table("passages.csv", "passages", Passage, PassageResource, must=False),
    Table("evidence.csv", "evidence", Evidence, EvidenceResource, must=False),
    Table("assessments.csv", "assessments", Assessment, AssessmentResource),
)
#: The people of ``people.csv`` are remembered apart from their roles.
PEOPLE = "people"
PEOPLE_MODEL = Person

VOCABULARIES = "vocabularies.csv"
VOCABULARY_COLUMNS = COLUMNS
FILES = (VOCABULARIES, *(table.file for table in TABLES))
