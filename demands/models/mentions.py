"""Mentions: a demand raised in a statement; and the occasions on which that happened."""

import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Index, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kptracker.lib.bilingual import either_language
from kptracker.lib.fields import FoldedField, ReferenceField, SourceField
from kptracker.lib.publishing import VersionedModel
from kptracker.lib.vocabularies import CodeField, known_code
from statements.models import Meeting, Person, Statement, Text
from statements.models.cast import CONFIDENCE_HELP, SOURCE_HELP

from ..codes import MentionKind
from ..querysets import MentionQuerySet, OccasionQuerySet
from .demands import Demand

#: So many characters before and after a quote are kept, to tell its place from others.
AROUND = 32


class Mention(VersionedModel):
    """One demand raised in one statement: demanded, criticised or welcomed.

    The paraphrase is ours. Where the coalition holds the text, an anchor leads to the very
    words: the text, the quote and its place (W3C TextQuoteSelector and TextPositionSelector;
    offsets count Unicode code points of the text in NFC).
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
    text = models.ForeignKey(
        Text,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mentions",
        verbose_name=_("text"),
        help_text=_("The text in which the quoted words stand."),
    )
    quote = models.TextField(
        _("quote"), blank=True, help_text=_("The very words, copied from the text.")
    )
    start = models.PositiveIntegerField(_("start"), null=True, blank=True, editable=False)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True, editable=False)
    prefix = models.CharField(_("words before"), max_length=64, blank=True, editable=False)
    suffix = models.CharField(_("words after"), max_length=64, blank=True, editable=False)
    raised_on = models.DateField(null=True, editable=False)
    text_key = FoldedField(of=["reference", "paraphrase", "paraphrase_fr", "quote"])

    #: Written by ``demands.derived`` alone: the day by which its statement sorts.
    DERIVED = ("raised_on",)
    #: Who moves or removes a public mention needs the right to publish demands.
    PUBLISHED_WITH = "demands.publish_demand"

    objects = MentionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["raised_on", "text_key"])

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
            models.CheckConstraint(
                condition=Q(text__isnull=True, quote="", start__isnull=True, end__isnull=True)
                | Q(
                    text__isnull=False,
                    start__isnull=False,
                    end__isnull=False,
                    end__gt=F("start"),
                )
                & ~Q(quote=""),
                name="demands_mention_anchor_whole",
                violation_error_message=_("A quote needs its text and its place in it."),
            ),
        ]
        indexes = [
            Index(fields=["demand", "-raised_on", "-id"], name="mention_by_demand"),
            Index(fields=["-raised_on", "-id"], name="mention_by_day"),
            Index(fields=["kind", "-raised_on", "-id"], name="mention_by_kind"),
            Index(fields=["speaker", "-raised_on", "-id"], name="mention_by_speaker"),
        ]

    def __str__(self) -> str:
        return self.reference

    def clean(self) -> None:
        """Find the quote in its text, and refuse one that is not there."""
        if not self.quote:
            self.text, self.start, self.end, self.prefix, self.suffix = None, None, None, "", ""
            return
        if self.text is None or self.text.statement_id != self.statement_id:
            raise ValidationError({"text": _("Choose the text of this statement that is quoted.")})
        self.quote = unicodedata.normalize("NFC", self.quote)
        body = self.text.body
        if self.start is None or body[self.start : self.end] != self.quote:
            self.start = body.find(self.quote)
        if self.start < 0:
            self.start = None
            raise ValidationError({"quote": _("These words do not stand in the text.")})
        self.end = self.start + len(self.quote)
        self.prefix = body[max(0, self.start - AROUND) : self.start]
        self.suffix = body[self.end : self.end + AROUND]


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
