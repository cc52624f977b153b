"""The cast: countries, organisations, people and the functions they held."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from kptracker.lib.bilingual import either_language, worded
from kptracker.lib.fields import (
    BytewiseMixin,
    FoldedField,
    KeySlugField,
    ReferenceField,
    SourceField,
)
from kptracker.lib.partial_dates import PartialDateField, date_pair, in_order
from kptracker.lib.publishing import (
    PublicQuerySet,
    PublishedModel,
    VersionedModel,
    constraint_list,
    published_in_english,
)
from kptracker.lib.vocabularies import CodeField, known_code

from ..querysets import ListQuerySet, PersonQuerySet, RoleQuerySet

CONFIDENCE_HELP = _("How sure we are of the facts of this entry.")
SOURCE_HELP = _("The public page that shows it, or document:NAME for a text the coalition holds.")
FOLDED = ("name_key", "name_fr_key", "text_key")


class CountryCodeField(BytewiseMixin, models.CharField):
    """The two-letter code of a country (ISO 3166-1 alpha-2), or EU."""


class Country(VersionedModel):
    """A country or the European Union, as meetings, organisations and roles name it."""

    code = CountryCodeField(
        _("code"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters, as in ISO 3166."))],
    )
    name = models.CharField(_("name"), max_length=100)
    name_fr = models.CharField(_("name in French"), max_length=100, blank=True)
    name_key = FoldedField(of=["name"])
    name_fr_key = FoldedField(of=["name_fr", "name"], first_only=True)

    objects = ListQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["name_key", "name_fr_key"])

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["name_key"]

    def __str__(self) -> str:
        return str(worded(self, "name"))


class Organisation(PublishedModel):
    """A body of the field: a participant, an observer, a member of the coalition, a company.

    Three rows of the kind ``addressee_group`` stand for those a text addresses together: the
    participants, the Chair, the industry.
    """

    slug = KeySlugField()
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    acronym_fr = models.CharField(_("acronym in French"), max_length=30, blank=True)
    other_names = models.CharField(
        _("other names"), max_length=500, blank=True, help_text=_("Separated by a semicolon.")
    )
    kind = CodeField(_("kind"), vocabulary="organisation_kind")
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, verbose_name=_("country")
    )
    start = PartialDateField(_("from"))
    end = PartialDateField(_("to"))
    note = models.TextField(_("note"), blank=True, help_text=_("Visitors read it."))
    source_url = SourceField(_("source"), blank=True, help_text=SOURCE_HELP)
    confidence = CodeField(
        _("how sure"), vocabulary="confidence", blank=True, help_text=CONFIDENCE_HELP
    )
    name_key = FoldedField(of=["name", "name_fr"], first_only=True)
    name_fr_key = FoldedField(of=["name_fr", "name"], first_only=True)
    text_key = FoldedField(of=["name", "name_fr", "acronym", "acronym_fr", "other_names"])

    objects = PublicQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=list(FOLDED))

    class Meta(PublishedModel.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name_key", "id"]
        constraints = constraint_list(
            PublishedModel,
            known_code("kind", "organisation_kind"),
            known_code("confidence", "confidence", blank=True),
            date_pair("start"),
            date_pair("end"),
            in_order("start", "end"),
            published_in_english("name"),
            models.CheckConstraint(
                condition=either_language("name"),
                name="statements_organisation_named",
                violation_error_message=_("Give the name in English or in French."),
            ),
        )
        indexes = [
            Index(fields=["state", "name_key", "id"], name="org_by_name"),
            Index(fields=["kind", "name_key"], name="org_by_kind"),
        ]

    def __str__(self) -> str:
        return str(worded(self, "name"))

    def get_absolute_url(self) -> str:
        """Return the address of its page in the active language."""
        from django.urls import reverse

        return reverse("statements:organisation", args=[self.slug])


class Person(PublishedModel):
    """Somebody who speaks for the coalition, a member, a participant or another body.

    ``public_name`` says whether visitors read the name, the function only, or neither:
    monitors have been jailed. A name that is not shown is absent from every public surface.
    """

    slug = KeySlugField()
    full_name = models.CharField(_("name"), max_length=200)
    name_variants = models.CharField(
        _("other spellings"),
        max_length=500,
        blank=True,
        help_text=_("As sources write the name; separated by a semicolon."),
    )
    public_name = CodeField(
        _("what visitors read"),
        vocabulary="public_name",
        default="shown",
        help_text=_("Choose “withheld” for somebody whom the name could put in danger."),
    )
    name_key = FoldedField(of=["full_name"])
    text_key = FoldedField(of=["full_name", "name_variants"])

    #: That what visitors read of somebody was changed is told to nobody.
    UNTOLD = ("public_name",)

    objects = PersonQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["name_key", "text_key"])

    class Meta(PublishedModel.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_key", "id"]
        constraints = constraint_list(
            PublishedModel,
            known_code("public_name", "public_name"),
            models.CheckConstraint(
                condition=~Q(full_name=""),
                name="statements_person_named",
                violation_error_message=_("Give the name."),
            ),
        )
        indexes = [Index(fields=["state", "public_name", "name_key"], name="person_by_name")]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        """Return the address of the person's page in the active language."""
        from django.urls import reverse

        return reverse("statements:person", args=[self.slug])


class Role(VersionedModel):
    """A function that a person held, with the organisation, the country and the time."""

    reference = ReferenceField(prefix="R", editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="roles", verbose_name=_("person")
    )
    role = models.CharField(_("function"), max_length=200, blank=True)
    role_fr = models.CharField(_("function in French"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="roles",
        verbose_name=_("organisation"),
    )
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, verbose_name=_("country")
    )
    start = PartialDateField(_("from"))
    end = PartialDateField(_("to"))
    note = models.TextField(_("note"), blank=True, help_text=_("Visitors read it."))
    source_url = SourceField(_("source"), blank=True, help_text=SOURCE_HELP)
    confidence = CodeField(
        _("how sure"), vocabulary="confidence", blank=True, help_text=CONFIDENCE_HELP
    )

    objects = RoleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["person", "start_last", "id"]
        constraints = [
            known_code("confidence", "confidence", blank=True),
            date_pair("start"),
            date_pair("end"),
            in_order("start", "end"),
            models.CheckConstraint(
                condition=either_language("role"),
                name="statements_role_named",
                violation_error_message=_("Name the function in English or in French."),
            ),
        ]

    def __str__(self) -> str:
        return str(worded(self, "role"))
