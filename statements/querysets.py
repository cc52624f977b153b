"""What a visitor may see of meetings, organisations, people, roles and statements."""

from django.db import models
from django.db.models import Q

from kptracker.lib.publishing import PublicQuerySet, State

#: A person whose name may be shown and whose page is published.
SHOWN = "shown"
FUNCTION_ONLY = "function_only"
WITHHELD = "withheld"


def public_person(prefix: str = "") -> Q:
    """Return the condition that a person may be named; ``prefix`` leads to the person."""
    return Q(**{f"{prefix}state": State.PUBLISHED, f"{prefix}public_name": SHOWN})


class PersonQuerySet(PublicQuerySet):
    """People; a withheld or function-only name has no page and is in no list."""

    def public(self) -> "PersonQuerySet":
        """Return the people who may be named."""
        return self.filter(public_person())


class RoleQuerySet(models.QuerySet):
    """Functions of people over time."""

    def public(self) -> "RoleQuerySet":
        """Return the roles of people who may be named."""
        return self.filter(public_person("person__"))


class StatementQuerySet(PublicQuerySet):
    """Statements of the coalition, of its members and of others."""

    def originals(self) -> "StatementQuerySet":
        """Return the statements that are no translation or variant of another."""
        return self.filter(version_of__isnull=True)


class StatementPartQuerySet(models.QuerySet):
    """Rows that belong to a statement and are public with it."""

    def public(self) -> "StatementPartQuerySet":
        """Return the rows whose statement is published."""
        return self.filter(statement__state=State.PUBLISHED)


class SpeakerQuerySet(models.QuerySet):
    """Who spoke a statement."""

    def public(self) -> "SpeakerQuerySet":
        """Return the speakers of published statements who may be named."""
        return self.filter(public_person("person__"), statement__state=State.PUBLISHED)

    def by_function(self) -> "SpeakerQuerySet":
        """Return the speakers of published statements of whom only the function is shown."""
        return self.filter(
            statement__state=State.PUBLISHED,
            person__state=State.PUBLISHED,
            person__public_name=FUNCTION_ONLY,
        )


class ListQuerySet(models.QuerySet):
    """A list that is public as a whole: countries, themes."""

    def public(self) -> "ListQuerySet":
        """Return every row."""
        return self.all()
