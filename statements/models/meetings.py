"""Meetings: plenaries, intersessionals and all other occasions at which statements are made."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Index, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kptracker.lib.bilingual import either_language, worded
from kptracker.lib.fields import FoldedField, KeySlugField, SourceField
from kptracker.lib.partial_dates import EARLIEST, LATEST, PartialDateField, date_pair, in_order
from kptracker.lib.publishing import (
    PublicQuerySet,
    PublishedModel,
    constraint_list,
    published_in_english,
)
from kptracker.lib.vocabularies import CodeField, known_code

from .cast import CONFIDENCE_HELP, SOURCE_HELP, Country

#: The two regular meetings of the KP, and plenaries that were called between them.
GREAT_MEETINGS = ("plenary", "special_plenary", "intersessional")
FOLDED = ("title_key", "title_fr_key", "text_key")


class LastDayField(models.DateField):
    """The day by which a meeting sorts: the last on which it can have taken place."""

    def pre_save(self, model_instance: Any, add: bool) -> date:
        """Compute it from the meeting's end, its start or its year."""
        value: date = model_instance.last_possible_day
        setattr(model_instance, self.attname, value)
        return value


class Meeting(PublishedModel):
    """A plenary, intersessional, UN resolution, meeting of the coalition or other gathering."""

    slug = KeySlugField()
    title = models.CharField(_("title"), max_length=400, blank=True)
    title_fr = models.CharField(_("title in French"), max_length=400, blank=True)
    kind = CodeField(_("kind"), vocabulary="meeting_kind")
    year = models.PositiveSmallIntegerField(_("year"))
    start = PartialDateField(_("start"))
    end = PartialDateField(_("end"))
    cancelled = models.BooleanField(_("cancelled"), default=False)
    city = models.CharField(_("city"), max_length=100, blank=True)
    city_fr = models.CharField(_("city in French"), max_length=100, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, verbose_name=_("country")
    )
    format = CodeField(_("format"), vocabulary="format", blank=True)
    kp_chair_country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="chaired_meetings",
        verbose_name=_("KP Chair: country"),
    )
    kp_chair_person = models.CharField(_("KP Chair: person"), max_length=200, blank=True)
    csc_presence = CodeField(_("the coalition's presence"), vocabulary="csc_presence", blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("Visitors read it."))
    note_fr = models.TextField(_("note in French"), blank=True)
    source_url = SourceField(_("source"), blank=True, help_text=SOURCE_HELP)
    confidence = CodeField(
        _("how sure"), vocabulary="confidence", blank=True, help_text=CONFIDENCE_HELP
    )
    sort_on = LastDayField(editable=False)
    title_key = FoldedField(of=["title", "title_fr"], first_only=True)
    title_fr_key = FoldedField(of=["title_fr", "title"], first_only=True)
    text_key = FoldedField(of=["title", "title_fr", "city", "city_fr", "note", "note_fr"])

    objects = PublicQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["sort_on", *FOLDED])

    class Meta(PublishedModel.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-sort_on", "-id"]
        constraints = constraint_list(
            PublishedModel,
            known_code("kind", "meeting_kind"),
            known_code("format", "format", blank=True),
            known_code("csc_presence", "csc_presence", blank=True),
            known_code("confidence", "confidence", blank=True),
            date_pair("start"),
            date_pair("end"),
            in_order("start", "end"),
            published_in_english("title"),
            models.CheckConstraint(
                condition=either_language("title"),
                name="statements_meeting_titled",
                violation_error_message=_("Give the title in English or in French."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=EARLIEST, year__lte=LATEST),
                name="statements_meeting_year_sane",
                violation_error_message=_("This is not a year of the record."),
            ),
        )
        indexes = [
            Index(fields=["state", "-sort_on", "-id"], name="meeting_by_day"),
            Index(fields=["state", "kind", "-sort_on"], name="meeting_by_kind"),
            Index(fields=["year"], name="meeting_by_year"),
        ]

    def __str__(self) -> str:
        return str(worded(self, "title"))

    def get_absolute_url(self) -> str:
        """Return the address of its page in the active language."""
        from django.urls import reverse

        return reverse("statements:meeting", args=[self.slug])

    @property
    def last_possible_day(self) -> date:
        """The last day on which the meeting can have taken place."""
        return self.end_last or self.start_last or date(self.year or EARLIEST, 12, 31)  # type: ignore[attr-defined]

    @property
    def first_possible_day(self) -> date:
        """The first day on which the meeting can have begun."""
        return self.start_first or date(self.year or EARLIEST, 1, 1)  # type: ignore[attr-defined]

    def is_coming(self, at: date | None = None) -> bool:
        """Whether it is still to come at ``at`` (today), as far as its days are known."""
        today = at or timezone.localdate()
        if self.cancelled:
            return False
        if self.start_first:  # type: ignore[attr-defined]
            return self.first_possible_day > today
        return self.last_possible_day > today

    def clean(self) -> None:
        """Refuse days that lie outside the meeting's year."""
        for name in ("start", "end"):
            known = getattr(self, name)
            if known and self.year and not known.first.year <= self.year <= known.last.year:
                if name == "end" and known.first.year == self.year + 1:
                    continue  # a meeting may run into January
                raise ValidationError(
                    {
                        "year": _("The year %(year)s and the date %(date)s disagree.")
                        % {"year": self.year, "date": known}
                    }
                )
