"""What is public: one set of states, one base model, one queryset method.

A row is a draft, in review, published or taken down. A row that was taken down answers 410
with the reason; everything else that is not published answers as if it did not exist.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .vocabularies import CodeField, known_code


class State:
    """The codes of the vocabulary list ``state`` that the code itself refers to."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    TAKEN_DOWN = "taken_down"


class PublicQuerySet(models.QuerySet):
    """Rows of a published model; ``public()`` is what a visitor may see."""

    def public(self) -> "PublicQuerySet":
        """Return the published rows."""
        return self.filter(state=State.PUBLISHED)

    def taken_down(self) -> "PublicQuerySet":
        """Return the rows that were public and were taken down, each with its reason."""
        return self.filter(state=State.TAKEN_DOWN)


class VersionedModel(models.Model):
    """A row that editors change: it counts its versions, so that no edit overwrites another.

    The number is raised by ``writing.write`` alone.
    """

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    changed_at = models.DateTimeField(_("last change"), default=timezone.now, editable=False)

    class Meta:
        abstract = True


class PublishedModel(VersionedModel):
    """A row that is drafted, reviewed, published and, if it must be, taken down."""

    state = CodeField(
        _("state"), vocabulary="state", default=State.DRAFT, editable=False, db_index=True
    )
    taken_down_reason = models.CharField(
        _("why it was taken down"), max_length=500, blank=True, editable=False
    )

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "publish")
        constraints = [
            known_code("state", "state"),
            models.CheckConstraint(
                condition=~models.Q(state=State.TAKEN_DOWN) | ~models.Q(taken_down_reason=""),
                name="%(app_label)s_%(class)s_taken_down_with_reason",
                violation_error_message=_("Say why it is taken down: visitors read the reason."),
            ),
        ]

    @property
    def is_published(self) -> bool:
        """Whether the row itself is published (what it belongs to may still hide it)."""
        return bool(self.state == State.PUBLISHED)


def published_in_english(name: str) -> models.CheckConstraint:
    """Return the constraint that a published row has its ``name`` in English."""
    return models.CheckConstraint(
        condition=~models.Q(state=State.PUBLISHED) | ~models.Q(**{name: ""}),
        name=f"%(app_label)s_%(class)s_{name}_in_english",
        violation_error_message=_("A published row needs its English text."),
    )


def known_choice(field: str, values: Sequence[str]) -> models.CheckConstraint:
    """Return the constraint by which the database refuses a value that is no choice of ours."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": list(values)}),
        name=f"%(app_label)s_%(class)s_{field}_known",
        violation_error_message=f"{field}: this value is not known.",
    )


def constraint_list(model: Any, *more: models.BaseConstraint) -> list[models.BaseConstraint]:
    """Return the constraints of an abstract parent together with a model's own."""
    return [*model._meta.constraints, *more]
