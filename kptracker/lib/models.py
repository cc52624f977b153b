"""Tables that both rooms share: what stands beside the record, and what is told of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .append_only import AppendOnlyModel, AppendOnlyQuerySet
from .fields import BytewiseCharField, ReferenceField
from .told import Told, fact_words, told_tables, value_words


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


class CorrectionQuerySet(AppendOnlyQuerySet):
    """Corrections of what is published."""

    def public(self) -> "CorrectionQuerySet":
        """Return those whose row visitors see: nothing is told of any other."""
        shown = Q(pk__in=[])
        for told in told_tables().values():
            shown |= Q(table=told.table, row_id__in=told.public().order_by().values("pk"))
        return self.filter(shown)

    def about(self, row: models.Model) -> "CorrectionQuerySet":
        """Return those of one row, newest first."""
        rows = self.filter(table=row._meta.label_lower, row_id=row.pk)
        return rows.order_by("-recorded_at", "-id")


@dataclass(frozen=True, slots=True)
class CorrectedFact:
    """A fact that was corrected, in words; before and after only where that harms nobody."""

    name: str
    before: str = ""
    after: str = ""


class Correction(AppendOnlyModel):
    """Something published was wrong and was changed: what, why and when, for every visitor.

    It names the facts of a row that changed and keeps what they said only where that cannot
    be personal (docs/adr/0010). It is seen while its row is. Who recorded it is never public.
    """

    reference = ReferenceField(prefix="C", editable=False)
    table = models.CharField(_("table"), max_length=60)
    row_id = models.PositiveBigIntegerField(_("row"))
    #: The names of the facts, in order: "title; date".
    facts = models.CharField(_("what was corrected"), max_length=500)
    #: Of harmless facts: what each said before and says now.
    values = models.JSONField(_("before and after"), default=dict, blank=True)
    why = models.TextField(_("why"), help_text=_("Visitors read it. Do not repeat what was wrong."))
    why_fr = models.TextField(_("why, in French"), blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    objects = CorrectionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-recorded_at", "-id"]
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(
                condition=~Q(why=""),
                name="lib_correction_reasoned",
                violation_error_message=_("Say what was wrong, and why it is changed."),
            ),
            models.CheckConstraint(
                condition=~Q(facts=""),
                name="lib_correction_of_something",
                violation_error_message=_("Say what was corrected."),
            ),
        ]
        indexes = [
            models.Index(fields=["table", "row_id"], name="correction_by_row"),
            models.Index(fields=["-recorded_at", "-id"], name="correction_by_day"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def told(self) -> Told | None:
        """How rows of its table are told of."""
        return told_tables().get(self.table)

    @property
    def row(self) -> Any:
        """The row that was corrected, whether visitors see it or not; None where it is gone."""
        if self.told is None:
            return None
        return self.told.model._base_manager.filter(pk=self.row_id).first()

    @property
    def corrected(self) -> list[CorrectedFact]:
        """The facts that were corrected, in words."""
        found = []
        for fact in self.facts.split("; "):
            values = [value_words(self.table, fact, text) for text in self.values.get(fact, ())]
            found.append(CorrectedFact(fact_words(self.table, fact), *values[:2]))
        return found


class SearchEntry(models.Model):
    """What of one public row search ranks and counts (docs/adr/0011).

    ``no`` is made of day, kind and key: the higher, the newer. ``title`` and ``mention`` are
    stems in their order, ``counts`` those that stand in the text more than once ("diamond:7"),
    each between blanks. Derived: written by ``search.keeping`` alone.
    """

    no = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12)
    row_id = models.PositiveBigIntegerField()
    day = models.DateField(null=True)
    year = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=32)
    meeting = models.PositiveBigIntegerField(null=True)
    #: Keys of people, between blanks.
    speakers = models.TextField()
    status = models.CharField(max_length=32)
    title = models.TextField()
    mention = models.TextField()
    counts = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "row_id"], name="lib_searchentry_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


class SearchTerms(models.Model):
    """What of one public row search looks up: an index stands on ``tokens`` (docs/adr/0011).

    ``words`` are the words as written, folded, each once; one with "!" is of a name.
    """

    no = models.BigIntegerField(primary_key=True)
    words = models.TextField()
    tokens = models.TextField()

    def __str__(self) -> str:
        return str(self.no)


class SearchStream(models.Model):
    """All stems of one public row in their order, in which long phrases are looked for.

    A full stop stands between two texts. In a table of its own, so that a thousand are read
    without what else is known of their rows (docs/adr/0011).
    """

    no = models.BigIntegerField(primary_key=True)
    stems = models.TextField()

    def __str__(self) -> str:
        return str(self.no)


class SearchWord(models.Model):
    """A word that stands in public entries: in how many, and in how many names."""

    word = BytewiseCharField(max_length=40, primary_key=True)
    entries = models.PositiveIntegerField()
    names = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.word


class BroughtFile(models.Model):
    """A table that an editor brought back and has not decided on (docs/adr/0012).

    It is no part of the record: nobody but whoever brought it sees it, and it is deleted when it
    is applied or discarded, and after a day in any case.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    table = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    content: Any = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def forget_old(cls) -> int:
        """Delete what nobody decided on within a day; return how many there were."""
        before = timezone.now() - timedelta(days=1)
        return cls.objects.filter(at__lt=before).delete()[0]
