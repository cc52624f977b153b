"""All tables that leave, and how their rows hang together."""

from demands import exports as demand_exports
from kptracker.lib.columns import Column, Kind, TableExport
from statements import exports as statement_exports
from statements import link_exports

TABLES: tuple[TableExport, ...] = (
    *demand_exports.TABLES,
    *statement_exports.TABLES,
    *link_exports.TABLES,
)

#: The columns that make a row of a table, where it is not its first.
KEYS = {
    "speakers": ("statement_slug", "person_slug", "position"),
    "demand_addressees": ("demand_reference", "organisation_slug"),
    "issuers": ("statement_slug", "organisation_slug"),
    "statement_addressees": ("statement_slug", "organisation_slug"),
    "evidence": ("assessment_reference", "position"),
}
#: To which column of which table a column leads that holds a key of another row.
LINKS = {
    "assessment_reference": ("assessments", "reference"),
    "corrected_by": ("assessments", "reference"),
    "corrects": ("assessments", "reference"),
    "demand_reference": ("demands", "reference"),
    "demand_slug": ("demands", "slug"),
    "meeting_slug": ("meetings", "slug"),
    "mention_reference": ("mentions", "reference"),
    "organisation_slug": ("organisations", "slug"),
    "parent_reference": ("demands", "reference"),
    "parent_slug": ("demands", "slug"),
    "person_slug": ("people", "slug"),
    "role_reference": ("roles", "reference"),
    "speaker_slug": ("people", "slug"),
    "statement_slug": ("statements", "slug"),
    "superseded_by_reference": ("demands", "reference"),
    "superseded_by_slug": ("demands", "slug"),
    "theme_slug": ("themes", "slug"),
    "version_of": ("statements", "slug"),
}
#: Keys that lead to no table here: a country is a code of ISO 3166, an entry lies in any table.
NO_LINKS = {"country_code", "kp_chair_country_code", "entry"}


def key_of(name: str, columns: list[Column]) -> tuple[str, ...]:
    """Return the columns that make a row of a table, '()' where none do."""
    if name in KEYS:
        return KEYS[name]
    first = columns[0]
    return (first.name,) if first.kind == Kind.KEY else ()
