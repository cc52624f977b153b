"""Mentions: a demand raised in a statement; and the occasions on which that happened."""

from datetime import date

from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kptracker.lib.bilingual import either_language
from kptracker.lib.fields import FoldedField, ReferenceField, SourceField
from kptracker.lib.publishing import VersionedModel
from kptracker.lib.vocabularies import CodeField, known_code
from statements.models import Meeting, Person, Statement
from statements.models.cast import CONFIDENCE_HELP, SOURCE_HELP

from ..codes import MentionKind
from ..querysets import MentionQuerySet, OccasionQuerySet
from .demands import Demand


class Mention(VersionedModel):
    """One demand raised in one statement: demanded, criticised or welcomed.

    The paraphrase is ours. Where the coalition holds the text, passages lead to the very words
    (``Passage``); the quote holds the words of the first.
    """

    reference = ReferenceField(prefix="M", editable=False)
    demand = models.ForeignKey(
        Demand, models.PROTECT, related_name="mentions", verbose_name=_("demand")
    )
    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="mentions", verbose_name=_("statement")
    )
    kind = CodeField(_("kind"), vocabulary="mention_kind", default=MentionKind.DEMANDED)
    speaker = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mentions",
        verbose_name=_("speaker"),
        help_text=_("Who said it, where one is named. Empty: the coalition as a body."),
    )
    paraphrase = models.TextField(
        _("paraphrase"), blank=True, help_text=_("In our own words, never a quotation.")
    )
    paraphrase_fr = models.TextField(_("paraphrase in French"), blank=True)
    source_url = SourceField(_("source"), blank=True, help_text=SOURCE_HELP)
    confidence = CodeField(
        _("how sure"), vocabulary="confidence", blank=True, help_text=CONFIDENCE_HELP
    )
    quote = models.TextField(_("quote"), blank=True, editable=False)
    quote_language = CodeField(
        _("language of the quote"), vocabulary="language", blank=True, editable=False
    )
    raised_on = models.DateField(null=True, editable=False)
    text_key = FoldedField(of=["reference", "paraphrase", "paraphrase_fr", "quote"])

    #: Written by ``demands.derived`` and ``demands.quoting`` alone: the day by which its
    #: statement sorts, and the words of its first passage in a text of theirs.
    DERIVED = ("raised_on", "quote", "quote_language")
    #: Who moves or removes a public mention needs the right to publish demands.
    PUBLISHED_WITH = "demands.publish_demand"

    objects = MentionQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["raised_on", "text_key", "quote", "quote_language"]
    )

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["-raised_on", "-id"]
        constraints = [
            known_code("kind", "mention_kind"),
            known_code("confidence", "confidence", blank=True),
            models.CheckConstraint(
                condition=either_language("paraphrase") | ~Q(quote=""),
                name="demands_mention_worded",
                violation_error_message=_(
                    "Say in your own words what was said, or quote it from the text."
                ),
            ),
            known_code("quote_language", "language", blank=True),
        ]
        indexes = [
            Index(fields=["demand", "-raised_on", "-id"], name="mention_by_demand"),
            Index(fields=["-raised_on", "-id"], name="mention_by_day"),
            Index(fields=["kind", "-raised_on", "-id"], name="mention_by_kind"),
            Index(fields=["speaker", "-raised_on", "-id"], name="mention_by_speaker"),
        ]

    def __str__(self) -> str:
        return self.reference


class Occasion(models.Model):
    """An occasion on which a demand was raised: a meeting, or a month outside meetings.

    Derived from the public mentions (``demands.derived``): statements in the voice of the
    coalition or of a member alone count. Where only the year of a statement is known, the
    year is the occasion.
    """

    # Derived rows go with what they are derived from.
    demand = models.ForeignKey(Demand, models.CASCADE, related_name="occasions")
    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, related_name="occasions")
    key = models.CharField(max_length=24)
    year = models.PositiveSmallIntegerField()
    first_day = models.DateField()
    last_day = models.DateField(default=date.min)
    asked = models.PositiveIntegerField(default=0)
    criticised = models.PositiveIntegerField(default=0)
    welcomed = models.PositiveIntegerField(default=0)
    asked_by_coalition = models.BooleanField(default=False)
    criticised_by_coalition = models.BooleanField(default=False)

    objects = OccasionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["demand", "key"], name="demands_occasion_once")
        ]
        indexes = [
            Index(fields=["meeting", "demand"], name="occasion_by_meeting"),
            Index(fields=["year", "demand"], name="occasion_by_year"),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} @ {self.key}"
