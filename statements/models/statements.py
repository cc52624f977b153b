"""Statements: who said what to whom, when and where, and the texts of it that are held."""

import datetime
import hashlib
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kptracker.lib.bilingual import either_language, worded
from kptracker.lib.fields import FoldedField, KeySlugField, SourceField
from kptracker.lib.partial_dates import PartialDateField, date_pair
from kptracker.lib.publishing import (
    PublishedModel,
    VersionedModel,
    constraint_list,
    published_in_english,
)
from kptracker.lib.vocabularies import CodeField, known_code

from ..querysets import SpeakerQuerySet, StatementPartQuerySet, StatementQuerySet
from .cast import CONFIDENCE_HELP, SOURCE_HELP, Organisation, Person, Role
from .meetings import FOLDED, Meeting

#: Voices whose statements count: the coalition's own and those of a member alone.
COUNTED_VOICES = ("coalition", "member")
SHA256 = RegexValidator(r"^[0-9a-f]{64}\Z", _("A SHA-256 has 64 hexadecimal digits."))


class Statement(PublishedModel):
    """A speech, press release, letter or report of the coalition, of a member or of others.

    ``version_of`` leads to the original of a translation or variant. ``document`` is the name
    of the text that the coalition holds, ``text_seen`` how much of it the compilers saw.
    """

    slug = KeySlugField()
    title = models.CharField(_("title"), max_length=400, blank=True)
    title_fr = models.CharField(_("title in French"), max_length=400, blank=True)
    title_kind = CodeField(_("whose title"), vocabulary="title_kind", default="descriptive")
    kind = CodeField(_("kind"), vocabulary="statement_kind")
    voice = CodeField(_("voice"), vocabulary="voice", default="coalition")
    date = PartialDateField(_("date"), null=False)
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("meeting"),
        help_text=_("Empty for a statement made outside meetings."),
    )
    place = models.CharField(_("place"), max_length=100, blank=True)
    language = CodeField(_("language"), vocabulary="language", blank=True)
    speakers = models.ManyToManyField(
        Person, through="StatementSpeaker", related_name="statements", verbose_name=_("speakers")
    )
    issuers = models.ManyToManyField(
        Organisation, through="StatementIssuer", related_name="issued", verbose_name=_("issuers")
    )
    issuer_text = models.CharField(_("issuers, as the source has it"), max_length=400, blank=True)
    addressees = models.ManyToManyField(
        Organisation,
        through="StatementAddressee",
        related_name="addressed",
        verbose_name=_("addressees"),
    )
    addressee_text = models.CharField(
        _("addressees, as the source has it"), max_length=400, blank=True
    )
    delivered = CodeField(_("delivered"), vocabulary="delivered", default="published")
    text_seen = CodeField(
        _("how much of the text was seen"), vocabulary="text_seen", default="full"
    )
    version_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        verbose_name=_("version of"),
        help_text=_("The original, where this is a translation or a variant of it."),
    )
    summary = models.TextField(_("summary"), blank=True, help_text=_("In our own words."))
    summary_fr = models.TextField(_("summary in French"), blank=True)
    document = models.CharField(
        _("document"),
        max_length=200,
        blank=True,
        help_text=_("The name of the text that the coalition holds, without a folder."),
    )
    source_url = SourceField(_("source"), blank=True, help_text=SOURCE_HELP)
    archived_url = models.URLField(_("archived copy"), max_length=1000, blank=True)
    file = models.FileField(_("file"), upload_to="statements", blank=True, editable=False)
    file_sha256 = models.CharField(
        _("SHA-256 of the file"), max_length=64, blank=True, editable=False, validators=[SHA256]
    )
    confidence = CodeField(
        _("how sure"), vocabulary="confidence", blank=True, help_text=CONFIDENCE_HELP
    )
    sort_on = models.DateField(editable=False, null=True)
    title_key = FoldedField(of=["title", "title_fr"], first_only=True)
    title_fr_key = FoldedField(of=["title_fr", "title"], first_only=True)
    text_key = FoldedField(of=["title", "title_fr", "summary", "summary_fr"])

    #: Written by ``statements.derived`` alone.
    DERIVED = ("sort_on",)

    objects = StatementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["sort_on", *FOLDED])

    class Meta(PublishedModel.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        permissions = [("redact_statement", _("Can remove personal data everywhere"))]
        ordering = ["-sort_on", "-id"]
        constraints = constraint_list(
            PublishedModel,
            known_code("title_kind", "title_kind"),
            known_code("kind", "statement_kind"),
            known_code("voice", "voice"),
            known_code("language", "language", blank=True),
            known_code("delivered", "delivered"),
            known_code("text_seen", "text_seen"),
            known_code("confidence", "confidence", blank=True),
            date_pair("date"),
            published_in_english("title"),
            models.CheckConstraint(
                condition=either_language("title"),
                name="statements_statement_titled",
                violation_error_message=_("Give the title in English or in French."),
            ),
            models.CheckConstraint(
                condition=Q(version_of__isnull=True) | ~Q(version_of=models.F("id")),
                name="statements_statement_not_of_itself",
                violation_error_message=_("A statement cannot be a version of itself."),
            ),
            models.CheckConstraint(
                condition=Q(file="", file_sha256="") | (~Q(file="") & ~Q(file_sha256="")),
                name="statements_statement_file_with_hash",
                violation_error_message=_("A file is kept together with its SHA-256."),
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=~Q(document=""),
                name="statements_statement_document_once",
                violation_error_message=_("Another statement already names this document."),
            ),
        )
        indexes = [
            Index(fields=["state", "-sort_on", "-id"], name="statement_by_day"),
            Index(fields=["state", "kind", "-sort_on"], name="statement_by_kind"),
            Index(fields=["state", "voice", "-sort_on"], name="statement_by_voice"),
            Index(fields=["state", "title_key", "id"], name="statement_by_title"),
        ]

    def __str__(self) -> str:
        return str(worded(self, "title"))

    def get_absolute_url(self) -> str:
        """Return the address of its page in the active language."""
        from django.urls import reverse

        return reverse("statements:statement", args=[self.slug])

    @property
    def counted(self) -> bool:
        """Whether its demands count: it speaks for the coalition or for a member."""
        return self.voice in COUNTED_VOICES

    @property
    def sorts_on(self) -> datetime.date:
        """The day by which it sorts: its last possible day, not after its meeting's.

        The record's first possible day wins where it is known to lie after the meeting.
        """
        last: datetime.date = self.date_last  # type: ignore[attr-defined]
        if self.meeting is None or not self.meeting.is_published:
            return last  # a meeting that nobody sees moves nothing
        first: datetime.date = self.date_first  # type: ignore[attr-defined]
        return max(first, min(last, self.meeting.last_possible_day))

    def clean(self) -> None:
        """Refuse a chain of versions: a version leads to the original itself."""
        if self.version_of_id and self.version_of.version_of_id:  # type: ignore[union-attr]
            raise ValidationError(
                {"version_of": _("That one is itself a version: name its original.")}
            )
        if self.version_of_id and self.pk and self.versions.exists():
            raise ValidationError(
                {"version_of": _("This one has versions of its own: it must stay an original.")}
            )


class StatementLink(models.Model):
    """An ordered link of a statement to an organisation; it goes when the statement goes."""

    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        abstract = True
        ordering = ["position"]


class StatementIssuer(StatementLink):
    """An organisation that issued a statement."""

    # A link is no evidence: it says nothing without its statement.
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="issuer_links")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="issuer_links")
    history = HistoricalRecords()

    class Meta(StatementLink.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "organisation"], name="statements_issuer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement} ← {self.organisation}"


class StatementAddressee(StatementLink):
    """An organisation to which a statement is addressed."""

    # A link is no evidence: it says nothing without its statement.
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="addressee_links")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="addressee_links")
    history = HistoricalRecords()

    class Meta(StatementLink.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "organisation"], name="statements_addressee_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement} → {self.organisation}"


class StatementSpeaker(VersionedModel):
    """Somebody who spoke a statement, in the function held at the time."""

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="speaker_links", verbose_name=_("statement")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="speaker_links", verbose_name=_("person")
    )
    role = models.ForeignKey(
        Role,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="speaker_links",
        verbose_name=_("role at the time"),
    )
    name_as_given = models.CharField(_("name as the source gives it"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    objects = SpeakerQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "person"],
                name="statements_speaker_once",
                violation_error_message=_("This person is already named as a speaker."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}"

    def clean(self) -> None:
        """Refuse a role that somebody else held."""
        if self.role_id and self.person_id and self.role.person_id != self.person_id:  # type: ignore[union-attr]
            raise ValidationError({"role": _("This is a role of somebody else.")})


def text_hash(body: str) -> str:
    """Return the SHA-256, in hexadecimal, of a text in Unicode NFC and UTF-8."""
    return hashlib.sha256(unicodedata.normalize("NFC", body).encode()).hexdigest()


def as_held(text: str) -> str:
    """Return a text in the form in which it is held: Unicode NFC, plain line feeds."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")


class BodyField(models.TextField):
    """A text in Unicode NFC with plain line feeds: places in it are counted in code points."""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        """Normalise before writing."""
        value = as_held(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


class HashField(models.CharField):
    """The SHA-256 of the body beside it."""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        """Compute it from the body."""
        value = text_hash(model_instance.body.replace("\r\n", "\n").replace("\r", "\n"))
        setattr(model_instance, self.attname, value)
        return value


class Text(VersionedModel):
    """A text of a statement: its very words, an excerpt of them, or a summary of ours."""

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="texts", verbose_name=_("statement")
    )
    kind = CodeField(
        _("kind"),
        vocabulary="text_kind",
        help_text=_("Our summary is never shown as a quotation."),
    )
    language = CodeField(_("language"), vocabulary="language")
    body = BodyField(_("text"))
    sha256 = HashField(_("SHA-256"), max_length=64, editable=False)

    objects = StatementPartQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["statement", "id"]
        constraints = [
            known_code("kind", "text_kind"),
            known_code("language", "language"),
            models.UniqueConstraint(
                fields=["statement", "kind", "language"],
                name="statements_text_once",
                violation_error_message=_("The statement has a text of this kind already."),
            ),
            models.CheckConstraint(
                condition=~Q(body=""),
                name="statements_text_not_empty",
                violation_error_message=_("The text is empty."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement} ({self.kind}, {self.language})"
