"""Tables that both rooms share: none of them is part of the record."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class Stamp(models.Model):
    """The number of the published record: one row, raised by each change that visitors can see.

    Caches and ETags carry it. A change to a draft does not raise it, or an ETag would tell
    that somebody works on one.
    """

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "stamp of the public record"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="lib_stamp_one_row")]

    def __str__(self) -> str:
        return str(self.number)


class OldSlug(models.Model):
    """A slug that a row once had: its address leads to the row for ever."""

    table = models.CharField(max_length=60)
    slug = models.CharField(max_length=100)
    row_id = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "slug"], name="lib_oldslug_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table}/{self.slug}"


class Counter(models.Model):
    """The last number given out under a prefix of references: none is used again."""

    prefix = models.CharField(max_length=4, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last}"


class LoadedRow(models.Model):
    """What the last load of the record's files wrote in one row, column by column.

    A field that still equals it may be updated by the next load; one that differs was edited
    by staff and is kept. A row named here that is gone was deleted by staff and stays deleted.
    """

    table = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    values = models.JSONField(encoder=DjangoJSONEncoder)
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "key"], name="lib_loadedrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.key}"
