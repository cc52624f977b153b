"""Passages: the places in texts at which a demand is raised."""

from django.db import models
from django.db.models import F, Index, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kptracker.lib.fields import ReferenceField
from kptracker.lib.publishing import VersionedModel
from statements.models import Text

from ..querysets import DismissalQuerySet, PassageQuerySet
from .demands import Demand
from .mentions import Mention


class Passage(VersionedModel):
    """A place in a text of a statement where a mention stands: the very words, or our summary's.

    Start and end count Unicode code points of the text in NFC (W3C TextPositionSelector), the
    exact words and those around them tell the place from others (TextQuoteSelector). A passage
    without a place has lost it: the text was corrected, and its words are not in it any more.
    One without a text waits for it: its place is then counted in the text with single white
    space, the SHA-256 of which is ``sha256``.
    """

    reference = ReferenceField(prefix="P", editable=False)
    mention = models.ForeignKey(
        Mention, models.PROTECT, related_name="passages", verbose_name=_("mention")
    )
    text = models.ForeignKey(
        Text,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="passages",
        verbose_name=_("text"),
    )
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, editable=False)
    exact = models.TextField(_("words"), blank=True, editable=False)
    start = models.PositiveIntegerField(_("start"), null=True, editable=False)
    end = models.PositiveIntegerField(_("end"), null=True, editable=False)
    prefix = models.CharField(_("words before"), max_length=64, blank=True, editable=False)
    suffix = models.CharField(_("words after"), max_length=64, blank=True, editable=False)

    #: Who moves or removes a public passage needs the right to publish demands.
    PUBLISHED_WITH = "demands.publish_demand"

    objects = PassageQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["text", "start", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__isnull=False, end__gt=F("start")),
                name="demands_passage_place_whole",
                violation_error_message=_("A passage ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(text__isnull=True, exact="", start__isnull=False)
                | Q(text__isnull=False) & ~Q(exact=""),
                name="demands_passage_words_of_text",
                violation_error_message=_("A passage has the words of its text, or waits for it."),
            ),
            models.UniqueConstraint(
                fields=["mention", "sha256", "start", "end"],
                name="demands_passage_once",
                violation_error_message=_("This passage is marked for the mention already."),
            ),
        ]
        indexes = [
            Index(fields=["text", "start", "id"], name="passage_in_text"),
            Index(fields=["mention", "text"], name="passage_of_mention"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def number(self) -> int:
        """The number in its address on the page: 12 of P-0012."""
        return int(self.reference.rpartition("-")[2])

    @property
    def is_placed(self) -> bool:
        """Whether it has its place in a text."""
        return self.text_id is not None and self.start is not None

    @property
    def is_lost(self) -> bool:
        """Whether its text was corrected and its words are not found in it any more."""
        return self.text_id is not None and self.start is None


class Dismissal(models.Model):
    """Somebody looked at a suggestion and said no: this paragraph does not raise that demand.

    The paragraph is named by the SHA-256 of its words, so that it stays dismissed when the text
    around it changes.
    """

    text = models.ForeignKey(Text, models.CASCADE, related_name="dismissals")
    demand = models.ForeignKey(Demand, models.CASCADE, related_name="dismissals")
    sha256 = models.CharField(max_length=64)
    changed_at = models.DateTimeField(auto_now=True)

    objects = DismissalQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("dismissed suggestion")
        verbose_name_plural = _("dismissed suggestions")
        constraints = [
            models.UniqueConstraint(
                fields=["text", "demand", "sha256"], name="demands_dismissal_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} / {self.text_id}"


class MarkToken(models.Model):
    """A mark that a browser sent, by the token that it made for it.

    A line that breaks off leaves the browser without an answer: it sends the mark again, and
    gets the passage that was made the first time. Without a passage: it was removed since.
    """

    token = models.UUIDField(unique=True)
    passage = models.ForeignKey(Passage, models.SET_NULL, null=True, related_name="tokens")

    def __str__(self) -> str:
        return str(self.token)
