"""Themes and demands."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Index, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kptracker.lib.bilingual import either_language, worded
from kptracker.lib.fields import FoldedField, KeySlugField, ReferenceField, SourceField
from kptracker.lib.partial_dates import PartialDateField
from kptracker.lib.publishing import (
    PublishedModel,
    VersionedModel,
    constraint_list,
    published_in_english,
)
from kptracker.lib.vocabularies import CodeField, known_code
from statements.models import Organisation
from statements.models.cast import CONFIDENCE_HELP, SOURCE_HELP
from statements.querysets import ListQuerySet

from ..codes import REASONS, DemandKind, Status
from ..querysets import DemandQuerySet

#: Columns written by ``demands.derived`` alone: what follows from mentions and assessments.
DERIVED = (
    "status",
    "reason",
    "brought_about_by",
    "status_date_first",
    "status_date_last",
    "status_since_first",
    "status_since_last",
    "reviewed_on",
    "provisional",
    "judged_count",
    "asked_count",
    "asked_by_members_count",
    "criticised_count",
    "criticised_by_members_count",
    "welcomed_count",
    "first_asked_first",
    "first_asked_last",
    "last_asked_first",
    "last_asked_last",
    "last_raised_first",
    "last_raised_last",
    "last_raised_on",
)


def reason_fits() -> Q:
    """Return the condition that blocked and closed have a reason of theirs, others none."""
    fits = Q(reason="") & ~Q(status__in=list(REASONS))
    for status, reasons in REASONS.items():
        fits |= Q(status=status, reason__in=list(reasons))
    return fits


class Theme(VersionedModel):
    """A field of demands: the definition, transparency, the Central African Republic."""

    slug = KeySlugField()
    name = models.CharField(_("name"), max_length=100)
    name_fr = models.CharField(_("name in French"), max_length=100, blank=True)
    name_key = FoldedField(of=["name"])
    name_fr_key = FoldedField(of=["name_fr", "name"], first_only=True)

    objects = ListQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["name_key", "name_fr_key"])

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["name_key"]

    def __str__(self) -> str:
        return str(worded(self, "name"))

    def get_absolute_url(self) -> str:
        """Return the address of its page in the active language."""
        from django.urls import reverse

        return reverse("demands:theme", args=[self.slug])


class Demand(PublishedModel):
    """What the coalition asks somebody to do; or a position it takes, a commitment it makes.

    A demand may be part of a wider one (``parent``). Where it stands, how often and when it
    was asked follow from assessments and mentions and are never edited.
    """

    reference = ReferenceField(prefix="D", editable=False)
    slug = KeySlugField()
    title = models.CharField(
        _("title"),
        max_length=400,
        blank=True,
        help_text=_("What is asked, beginning with a verb: “Widen the definition”."),
    )
    title_fr = models.CharField(_("title in French"), max_length=400, blank=True)
    theme = models.ForeignKey(
        Theme, models.PROTECT, related_name="demands", verbose_name=_("theme")
    )
    kind = CodeField(_("kind"), vocabulary="demand_kind", default=DemandKind.DEMAND)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    superseded_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name=_("superseded by"),
    )
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("What is asked and why. Never since when or how often: that is computed."),
    )
    description_fr = models.TextField(_("description in French"), blank=True)
    success_test = models.TextField(
        _("what would count as met"), blank=True, help_text=_("A test that somebody else can make.")
    )
    success_test_fr = models.TextField(_("what would count as met, in French"), blank=True)
    addressees = models.ManyToManyField(
        Organisation,
        through="DemandAddressee",
        related_name="demands_addressed",
        verbose_name=_("asked of"),
    )
    addressee_text = models.CharField(
        _("asked of, as the source has it"), max_length=400, blank=True
    )
    condition = models.CharField(_("condition"), max_length=400, blank=True)
    condition_fr = models.CharField(_("condition in French"), max_length=400, blank=True)
    source_url = SourceField(_("source"), blank=True, help_text=SOURCE_HELP)
    confidence = CodeField(
        _("how sure"), vocabulary="confidence", blank=True, help_text=CONFIDENCE_HELP
    )

    status = CodeField(
        _("status"), vocabulary="status", default=Status.NOT_ASSESSED, editable=False
    )
    reason = CodeField(_("reason"), vocabulary="reason", blank=True, editable=False)
    brought_about_by = CodeField(
        _("brought about by"), vocabulary="brought_about_by", blank=True, editable=False
    )
    status_date = PartialDateField(_("status date"))
    status_since = PartialDateField(_("status since"))
    reviewed_on = models.DateField(_("last reviewed"), null=True, editable=False)
    provisional = models.BooleanField(_("provisional"), default=False, editable=False)
    judged_count = models.PositiveIntegerField(_("times judged"), default=0, editable=False)
    asked_count = models.PositiveIntegerField(_("occasions asked"), default=0, editable=False)
    asked_by_members_count = models.PositiveIntegerField(
        _("occasions asked by members alone"), default=0, editable=False
    )
    criticised_count = models.PositiveIntegerField(
        _("occasions criticised"), default=0, editable=False
    )
    criticised_by_members_count = models.PositiveIntegerField(
        _("occasions criticised by members alone"), default=0, editable=False
    )
    welcomed_count = models.PositiveIntegerField(_("occasions welcomed"), default=0, editable=False)
    first_asked = PartialDateField(_("first found"))
    last_asked = PartialDateField(_("last asked"))
    last_raised = PartialDateField(_("last raised"))
    # The day by which lists sort; the first day of the calendar where it was never raised,
    # because the two databases put empty values at different ends.
    last_raised_on = models.DateField(default=date.min, editable=False)

    title_key = FoldedField(of=["title", "title_fr"], first_only=True)
    title_fr_key = FoldedField(of=["title_fr", "title"], first_only=True)
    text_key = FoldedField(of=["reference", "title", "title_fr", "description", "description_fr"])

    DERIVED = DERIVED

    objects = DemandQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=[*DERIVED, "title_key", "title_fr_key", "text_key"])

    class Meta(PublishedModel.Meta):
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        ordering = ["reference"]
        constraints = constraint_list(
            PublishedModel,
            known_code("kind", "demand_kind"),
            known_code("confidence", "confidence", blank=True),
            known_code("status", "status"),
            known_code("brought_about_by", "brought_about_by", blank=True),
            models.CheckConstraint(condition=reason_fits(), name="demands_demand_reason_fits"),
            models.CheckConstraint(
                condition=Q(kind=DemandKind.DEMAND) & ~Q(status=Status.NOT_APPLICABLE)
                | ~Q(kind=DemandKind.DEMAND) & Q(status=Status.NOT_APPLICABLE),
                name="demands_demand_only_demands_are_judged",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[Status.NOT_ASSESSED, Status.NOT_APPLICABLE],
                    status_date_last__isnull=True,
                    reviewed_on__isnull=True,
                )
                | ~Q(status__in=[Status.NOT_ASSESSED, Status.NOT_APPLICABLE])
                & Q(status_date_last__isnull=False, reviewed_on__isnull=False),
                name="demands_demand_status_with_date",
            ),
            published_in_english("title"),
            models.CheckConstraint(
                condition=either_language("title"),
                name="demands_demand_titled",
                violation_error_message=_("Give the title in English or in French."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="demands_demand_not_its_own_part",
                violation_error_message=_("A demand cannot be part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("id")),
                name="demands_demand_not_superseding_itself",
                violation_error_message=_("A demand cannot supersede itself."),
            ),
        )
        indexes = [
            Index(
                fields=["state", "kind", "-asked_count", "-last_raised_on", "id"],
                name="demand_by_asked",
            ),
            Index(fields=["state", "status", "-last_raised_on", "-id"], name="demand_by_status"),
            Index(fields=["state", "theme", "-last_raised_on", "-id"], name="demand_by_theme"),
            Index(fields=["state", "-last_raised_on", "-id"], name="demand_by_raised"),
            Index(fields=["state", "title_key", "id"], name="demand_by_title"),
        ]

    def __str__(self) -> str:
        return str(worded(self, "title"))

    def get_absolute_url(self) -> str:
        """Return the address of its page in the active language."""
        from django.urls import reverse

        return reverse("demands:demand", args=[self.slug])

    def clean(self) -> None:
        """Refuse a circle of parents, or of demands that supersede one another."""
        for name in ("parent", "superseded_by"):
            seen = {self.pk} if self.pk else set()
            above = getattr(self, name)
            while above is not None:
                if above.pk in seen:
                    raise ValidationError(
                        {
                            name: _("This closes a circle: “%(title)s” leads back here.")
                            % {"title": getattr(self, name)}
                        }
                    )
                seen.add(above.pk)
                above = getattr(above, name)


class DemandAddressee(models.Model):
    """An organisation of which a demand is asked; it goes when the demand goes."""

    # A link is no evidence: it says nothing without its demand.
    demand = models.ForeignKey(Demand, models.CASCADE, related_name="addressee_links")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="demand_links")
    position = models.PositiveSmallIntegerField(default=1)
    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "organisation"], name="demands_addressee_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand} → {self.organisation}"
