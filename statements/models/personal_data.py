"""What was decided about personal data: it may stay, or it was removed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Index
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kptracker.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from kptracker.lib.publishing import VersionedModel, known_choice

from ..querysets import StaffOnlyQuerySet


class DataKind(models.TextChoices):
    """What kind of personal data: as ``kptracker.lib.personal_data`` finds it, or a name."""

    PHONE = "phone", _("telephone number")
    EMAIL = "email", _("e-mail address")
    MESSENGER = "messenger", _("address in a messenger")
    ACCOUNT = "account", _("bank account")
    IDENTITY = "identity", _("identity document or birthday")
    NAME = "name", _("name that is not to be shown")
    WORDS = "words", _("other words")


class AboutPage(models.Model):
    """Something said about an entry with a page of its own, whatever its table.

    Texts, speakers and mentions belong to the page of their statement, judgements to that of
    their demand; see ``statements.guarding.page_of``.
    """

    table = models.CharField(max_length=60, editable=False)
    row_id = models.PositiveBigIntegerField(editable=False)

    class Meta:
        abstract = True


class Clearance(AboutPage, VersionedModel):
    """Somebody looked at words that were taken for personal data and says they may be published.

    The address of a secretariat, a date that looks like a number, a namesake. It holds for
    these words on this page, wherever they stand there.
    """

    words = models.CharField(_("words"), max_length=500)
    kind = models.CharField(_("kind"), max_length=12, choices=DataKind.choices)
    why = models.CharField(_("why they may be published"), max_length=500)

    objects = StaffOnlyQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("words that may be published")
        verbose_name_plural = _("words that may be published")
        ordering = ["id"]
        default_permissions = ("view",)
        constraints = [
            known_choice("kind", DataKind.values),
            models.UniqueConstraint(
                fields=["table", "row_id", "words"],
                name="statements_clearance_once",
                violation_error_message=_("These words may be published already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(why=""),
                name="statements_clearance_reasoned",
                violation_error_message=_("Say why they may be published."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"


class Redaction(AboutPage, AppendOnlyModel):
    """Personal data were removed: who did it, when, how many characters, why. Not what.

    The one thing that changes a published fact, its history and its copies. Rows are written
    by ``statements.redacting`` alone and are never altered or deleted.
    """

    where = models.TextField(_("where the words stood"))
    characters = models.PositiveIntegerField(_("characters removed"))
    kind = models.CharField(_("kind"), max_length=12, choices=DataKind.choices)
    why = models.CharField(_("why"), max_length=500)
    by_name = models.CharField(_("removed by"), max_length=200)
    by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    #: Of the original files that were deleted with it, one a line.
    original_sha256 = models.TextField(_("SHA-256 of the deleted file"), blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("removal of personal data")
        verbose_name_plural = _("removals of personal data")
        ordering = ["id"]
        default_permissions = ("view",)
        constraints = [
            known_choice("kind", DataKind.values),
            models.CheckConstraint(
                condition=~models.Q(why=""),
                name="statements_redaction_reasoned",
                violation_error_message=_("Say why the words are removed."),
            ),
        ]
        indexes = [Index(fields=["table", "row_id"], name="redaction_by_page")]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}, {self.at:%Y-%m-%d}"
