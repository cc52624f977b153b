"""Assessments: dated judgements of where a demand stands, and the evidence they rest on."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Index, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kptracker.lib.append_only import AppendOnlyModel
from kptracker.lib.bilingual import either_language
from kptracker.lib.fields import ReferenceField, SourceField
from kptracker.lib.partial_dates import PartialDateField, date_pair
from kptracker.lib.vocabularies import CodeField, known_code
from statements.models import Meeting, Statement
from statements.models.cast import CONFIDENCE_HELP, SOURCE_HELP

from ..codes import BROUGHT_ABOUT, AssessmentKind, DemandKind, Status
from ..querysets import AssessmentQuerySet, EvidenceQuerySet
from .demands import Demand, reason_fits


class Assessment(AppendOnlyModel):
    """A judgement of where a demand stands since a date, with its reasons.

    ``date`` is the day since which it holds, ``recorded_at`` when it was entered. One that
    ``corrects`` an earlier one takes its place; the earlier one stays and no longer counts.
    A confirmation renews the date of review and is no news. One without a reviewer is
    provisional. Added by ``demands.actions.assess`` alone.
    """

    reference = ReferenceField(prefix="A", editable=False)
    demand = models.ForeignKey(
        Demand, models.PROTECT, related_name="assessments", verbose_name=_("demand")
    )
    kind = CodeField(
        _("changed or confirmed"), vocabulary="assessment_kind", default=AssessmentKind.CHANGED
    )
    date = PartialDateField(_("date"), null=False)
    status = CodeField(_("status"), vocabulary="status")
    reason = CodeField(
        _("reason"),
        vocabulary="reason",
        blank=True,
        help_text=_("Blocked and closed need one; no other status has one."),
    )
    brought_about_by = CodeField(
        _("brought about by"),
        vocabulary="brought_about_by",
        blank=True,
        help_text=_("Met and partly met say who brought it about."),
    )
    rationale = models.TextField(
        _("why"), blank=True, help_text=_("What happened, in our own words; visitors read it.")
    )
    rationale_fr = models.TextField(_("why, in French"), blank=True)
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        verbose_name=_("meeting"),
        help_text=_("The meeting at which it came about, if it was one."),
    )
    confidence = CodeField(
        _("how sure"), vocabulary="confidence", blank=True, help_text=CONFIDENCE_HELP
    )
    assessed_by = models.CharField(_("assessed by"), max_length=200)
    reviewed_by = models.CharField(
        _("reviewed by"),
        max_length=200,
        blank=True,
        help_text=_("Who of the coalition confirms it. Empty: provisional."),
    )
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        verbose_name=_("corrects"),
        help_text=_("The judgement that this one replaces."),
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)

    objects = AssessmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-date_last", "-recorded_at", "-id"]
        default_permissions = ("add", "view")
        constraints = [
            known_code("kind", "assessment_kind"),
            known_code("status", "status", without=[Status.NOT_APPLICABLE]),
            known_code("brought_about_by", "brought_about_by", blank=True),
            known_code("confidence", "confidence", blank=True),
            date_pair("date"),
            models.CheckConstraint(
                condition=reason_fits(),
                name="demands_assessment_reason_fits",
                violation_error_message=_(
                    "Blocked and closed need a reason of their own, other statuses have none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(BROUGHT_ABOUT)) & ~Q(brought_about_by="")
                | ~Q(status__in=list(BROUGHT_ABOUT)) & Q(brought_about_by=""),
                name="demands_assessment_brought_about",
                violation_error_message=_(
                    "Met and partly met say who brought it about; other statuses do not."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.NOT_ASSESSED)
                | Q(corrects__isnull=False, kind=AssessmentKind.CHANGED),
                name="demands_assessment_withdrawn_only",
                violation_error_message=_(
                    "“Not assessed” can only withdraw a judgement: name the one it corrects."
                ),
            ),
            models.CheckConstraint(
                condition=either_language("rationale"),
                name="demands_assessment_reasoned",
                violation_error_message=_("Say why, in English or in French."),
            ),
            models.CheckConstraint(
                condition=~Q(assessed_by=""),
                name="demands_assessment_by_somebody",
                violation_error_message=_("Say who judged."),
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")),
                name="demands_assessment_not_correcting_itself",
            ),
        ]
        indexes = [
            Index(fields=["demand", "-date_last", "-recorded_at", "-id"], name="assess_by_demand"),
            Index(fields=["-date_last", "-recorded_at", "-id"], name="assess_by_day"),
            Index(fields=["-recorded_at", "-id"], name="assess_by_recorded"),
            Index(fields=["status", "-date_last"], name="assess_by_status"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def provisional(self) -> bool:
        """Whether nobody of the coalition has confirmed it."""
        return not self.reviewed_by

    def clean(self) -> None:
        """Refuse a judgement of a position or commitment, and a correction across demands."""
        if self.demand_id and self.demand.kind != DemandKind.DEMAND:
            raise ValidationError({"demand": _("A position or a commitment is not judged.")})
        if self.corrects is not None and self.corrects.demand_id != self.demand_id:
            raise ValidationError({"corrects": _("That is a judgement of another demand.")})


class Evidence(AppendOnlyModel):
    """What a judgement rests on: a page, a statement, or a document held and not public."""

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="evidence", verbose_name=_("assessment")
    )
    kind = CodeField(_("kind of evidence"), vocabulary="evidence_kind")
    stance = CodeField(_("supports or contradicts"), vocabulary="stance", default="supports")
    source_url = SourceField(_("source"), blank=True, help_text=SOURCE_HELP)
    statement = models.ForeignKey(
        Statement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence_for",
        verbose_name=_("statement"),
    )
    held = models.CharField(
        _("document held"),
        max_length=400,
        blank=True,
        help_text=_("What it is and who holds it, where it is not public."),
    )
    archived_url = models.URLField(_("archived copy"), max_length=1000, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("Visitors read it."))
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    objects = EvidenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["position", "id"]
        default_permissions = ("add", "view")
        constraints = [
            known_code("kind", "evidence_kind"),
            known_code("stance", "stance"),
            models.CheckConstraint(
                condition=~Q(source_url="") | Q(statement__isnull=False) | ~Q(held=""),
                name="demands_evidence_somewhere",
                violation_error_message=_(
                    "Give the page, the statement or the document on which it rests."
                ),
            ),
            models.UniqueConstraint(
                fields=["assessment", "position"], name="demands_evidence_order"
            ),
        ]

    def __str__(self) -> str:
        return self.source_url or self.held or str(self.statement)
