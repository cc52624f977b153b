"""Original files: what a statement came in, kept as it was."""

import uuid
from typing import Any

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kptracker.lib.publishing import VersionedModel, known_choice

from ..querysets import OriginalQuerySet
from .statements import SHA256, Statement


class MediaType(models.TextChoices):
    """The kinds of file that are taken in."""

    TEXT = "text", _("plain text")
    PDF = "pdf", "PDF"
    DOCX = "docx", _("Word (DOCX)")
    ODT = "odt", _("OpenDocument (ODT)")
    HTML = "html", _("web page (HTML)")


#: What the file is called when somebody takes it away, and what the browser is told it is.
#: A web page is handed out as plain text: it must never run in the site's name.
ENDINGS = {
    MediaType.TEXT: (".txt", "text/plain; charset=utf-8"),
    MediaType.PDF: (".pdf", "application/pdf"),
    MediaType.DOCX: (
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    MediaType.ODT: (".odt", "application/vnd.oasis.opendocument.text"),
    MediaType.HTML: (".html", "application/octet-stream"),
}


def originals_storage() -> Storage:
    """Return the private folder of original files: no address serves it."""
    return storages["originals"]


def random_name(instance: Any, filename: str) -> str:
    """Return a name that says nothing of the file and takes nothing from whoever sent it."""
    return uuid.uuid4().hex


class Original(VersionedModel):
    """The file that a statement came in: a PDF, a Word document, a page as it was saved.

    Staff may offer it to visitors. Where personal data were removed from the statement, the
    file is deleted; this row stays, with the SHA-256 of what it was.
    """

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="originals", verbose_name=_("statement")
    )
    file = models.FileField(
        _("file"), storage=originals_storage, upload_to=random_name, blank=True, editable=False
    )
    name = models.CharField(_("name of the file"), max_length=200, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False, validators=[SHA256])
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    media_type = models.CharField(
        _("kind of file"), max_length=8, choices=MediaType.choices, editable=False
    )
    offered = models.BooleanField(
        _("offer to visitors"),
        default=False,
        help_text=_(
            "Visitors can then take the file away. Only its text was searched for personal data: "
            "look at its margins, pictures and properties (the author's name) yourself."
        ),
    )
    removed_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    objects = OriginalQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("original file")
        verbose_name_plural = _("original files")
        ordering = ["id"]
        default_permissions = ("change", "delete", "view")
        constraints = [
            known_choice("media_type", MediaType.values),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=False, file="", offered=False)
                | Q(removed_at__isnull=True) & ~Q(file=""),
                name="statements_original_there_or_removed",
                violation_error_message=_("A file that was deleted cannot be offered."),
            ),
            # One that was deleted may be there again only by somebody's doing: never by itself.
            models.UniqueConstraint(
                fields=["statement", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="statements_original_once",
                violation_error_message=_("The statement has this file already."),
            ),
        ]
        indexes = [Index(fields=["sha256"], name="original_by_sha256")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_there(self) -> bool:
        """Whether the file is still kept."""
        return self.removed_at is None

    @property
    def download_name(self) -> str:
        """The name under which visitors and staff take it away."""
        return f"{self.statement.slug}{ENDINGS[MediaType(self.media_type)][0]}"

    @property
    def content_type(self) -> str:
        """What a browser is told it is."""
        return ENDINGS[MediaType(self.media_type)][1]
