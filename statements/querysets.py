"""What a visitor may see of meetings, organisations, people, roles and statements."""

from django.db import models
from django.db.models import Q

from kptracker.lib.publishing import PublicQuerySet, State

#: A person whose name may be shown and whose page is published.
SHOWN = "shown"
FUNCTION_ONLY = "function_only"
WITHHELD = "withheld"
#: How much of a statement was seen where its own words are at hand, wholly or in part.
TEXT_AT_HAND = ("full", "excerpt")


def public_person(prefix: str = "") -> Q:
    """Return the condition that a person may be named; ``prefix`` leads to the person."""
    return Q(**{f"{prefix}state": State.PUBLISHED, f"{prefix}public_name": SHOWN})


class PersonQuerySet(PublicQuerySet):
    """People; a withheld or function-only name has no page and is in no list."""

    def public(self) -> "PersonQuerySet":
        """Return the people who may be named."""
        return self.filter(public_person())

    def seen(self) -> "PersonQuerySet":
        """Return the people of whom visitors read anything: the name, or the function."""
        return self.filter(state=State.PUBLISHED).exclude(public_name=WITHHELD)


class RoleQuerySet(models.QuerySet):
    """Functions of people over time."""

    def public(self) -> "RoleQuerySet":
        """Return the roles of people who may be named."""
        return self.filter(public_person("person__"))

    def seen(self) -> "RoleQuerySet":
        """Return the roles that visitors read, with a name or without."""
        return self.filter(person__state=State.PUBLISHED).exclude(person__public_name=WITHHELD)


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

    def seen(self) -> "SpeakerQuerySet":
        """Return the speakers of published statements of whom visitors read anything."""
        return self.filter(statement__state=State.PUBLISHED, person__state=State.PUBLISHED).exclude(
            person__public_name=WITHHELD
        )

    def by_function(self) -> "SpeakerQuerySet":
        """Return the speakers of published statements of whom only the function is shown."""
        return self.filter(
            statement__state=State.PUBLISHED,
            person__state=State.PUBLISHED,
            person__public_name=FUNCTION_ONLY,
        )


class OriginalQuerySet(models.QuerySet):
    """Original files of statements."""

    def there(self) -> "OriginalQuerySet":
        """Return the files that are still kept."""
        return self.filter(removed_at__isnull=True)

    def public(self) -> "OriginalQuerySet":
        """Return the files of published statements that visitors are offered."""
        return self.there().filter(offered=True, statement__state=State.PUBLISHED)


class StaffOnlyQuerySet(models.QuerySet):
    """Rows that visitors never see."""

    def public(self) -> "StaffOnlyQuerySet":
        """Return no row."""
        return self.none()


class ListQuerySet(models.QuerySet):
    """A list that is public as a whole: countries, themes."""

    def public(self) -> "ListQuerySet":
        """Return every row."""
        return self.all()
