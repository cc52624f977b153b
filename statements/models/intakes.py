"""A document on its way in: read, and waiting for an editor's decisions."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .originals import MediaType
from .statements import Statement

#: A document that nobody finished is forgotten after so many days.
DAYS_KEPT = 3


class Intake(models.Model):
    """A document that an editor put in and has not saved yet.

    It is no part of the record: nobody but whoever put it in sees it, it is deleted when it is
    saved or discarded, and after some days in any case.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    #: '' for text that was pasted.
    name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=8, choices=MediaType.choices, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    content: Any = models.BinaryField()
    #: As it was read: raw blocks, form feeds between pages.
    text = models.TextField()
    #: What was noted while it was read.
    found = models.JSONField(default=dict)
    #: The statement made of the first part of the file, where this is the second.
    after = models.ForeignKey(Statement, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("document on its way in")
        verbose_name_plural = _("documents on their way in")
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name or str(_("pasted text"))

    @classmethod
    def forget_old(cls) -> int:
        """Delete what nobody finished; return how many there were."""
        before = timezone.now() - timedelta(days=DAYS_KEPT)
        return cls.objects.filter(at__lt=before).delete()[0]
