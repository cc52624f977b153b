"""The files of this room's tables: countries, organisations, people, meetings, statements.

``Meta.fields`` are the columns of the file, in its order. The columns named in ``optional``
are written only where a row needs them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kptracker.lib.columns_of_files import (
    DateCell,
    KeyCell,
    LinksField,
    RecordField,
    SlugCell,
    TextCell,
)
from kptracker.lib.importing import RecordResource

from . import actions
from .models import (
    Country,
    Meeting,
    Organisation,
    Person,
    Role,
    Statement,
    StatementSpeaker,
    Text,
)
from .models.statements import as_held

STATE = {"state": "published", "taken_down_reason": ""}


class StatementsResource(RecordResource):
    """A table of this room."""

    class Meta(RecordResource.Meta):
        abstract = True

    def act(self, instance: Any, *, by: Any) -> Any:
        return actions.save(instance, by=by)


class CountryResource(StatementsResource):
    """``countries.csv``."""

    key_columns = ("code",)

    class Meta(StatementsResource.Meta):
        model = Country
        fields = ("code", "name", "name_fr")
        import_id_fields = ("code",)


class OrganisationResource(StatementsResource):
    """``organisations.csv``."""

    optional = STATE
    together = (("from", "to"),)
    blame = {"start_end_order": "to", "name_in_english": "name", "named": "name"}

    slug = RecordField("slug", "slug", SlugCell(Organisation))
    country_code = RecordField("country", "country_code", KeyCell(Country))
    start = RecordField("start", "from", DateCell())
    end = RecordField("end", "to", DateCell())

    class Meta(StatementsResource.Meta):
        model = Organisation
        fields = (
            "slug",
            "name",
            "name_fr",
            "acronym",
            "acronym_fr",
            "other_names",
            "kind",
            "country_code",
            "from",
            "to",
            "note",
            "source_url",
            "confidence",
            "state",
            "taken_down_reason",
        )
        import_id_fields = ("slug",)


class MeetingResource(StatementsResource):
    """``meetings.csv``."""

    optional = STATE
    together = (("year", "start_date", "end_date"),)
    blame = {
        "start_end_order": "end_date",
        "title_in_english": "title",
        "titled": "title",
        "year_sane": "year",
    }

    slug = RecordField("slug", "slug", SlugCell(Meeting))
    start_date = RecordField("start", "start_date", DateCell())
    end_date = RecordField("end", "end_date", DateCell())
    country_code = RecordField("country", "country_code", KeyCell(Country))
    kp_chair_country_code = RecordField(
        "kp_chair_country", "kp_chair_country_code", KeyCell(Country)
    )

    class Meta(StatementsResource.Meta):
        model = Meeting
        fields = (
            "slug",
            "title",
            "title_fr",
            "kind",
            "year",
            "start_date",
            "end_date",
            "cancelled",
            "city",
            "city_fr",
            "country_code",
            "format",
            "kp_chair_country_code",
            "kp_chair_person",
            "csc_presence",
            "note",
            "note_fr",
            "source_url",
            "confidence",
            "state",
            "taken_down_reason",
        )
        import_id_fields = ("slug",)


class StatementResource(StatementsResource):
    """``statements.csv``, with speakers, issuers and addressees in their order."""

    optional = {"archived_url": "", **STATE}
    later = ("version_of",)
    blame = {
        "title_in_english": "title",
        "titled": "title",
        "document_once": "document",
        "not_of_itself": "version_of",
    }

    slug = RecordField("slug", "slug", SlugCell(Statement))
    date = RecordField("date", "date", DateCell(required=True))
    meeting_slug = RecordField("meeting", "meeting_slug", KeyCell(Meeting))
    speaker_slugs = LinksField("speaker_links", "person", Person)
    issuer_slugs = LinksField("issuer_links", "organisation", Organisation)
    addressee_slugs = LinksField("addressee_links", "organisation", Organisation)
    version_of = RecordField("version_of", "version_of", KeyCell(Statement))

    class Meta(StatementsResource.Meta):
        model = Statement
        fields = (
            "slug",
            "title",
            "title_fr",
            "title_kind",
            "kind",
            "voice",
            "date",
            "meeting_slug",
            "place",
            "language",
            "speaker_slugs",
            "issuer_slugs",
            "issuer_text",
            "addressee_slugs",
            "addressee_text",
            "delivered",
            "text_seen",
            "version_of",
            "summary",
            "summary_fr",
            "document",
            "source_url",
            "confidence",
            "archived_url",
            "state",
            "taken_down_reason",
        )
        import_id_fields = ("slug",)

    def _waits(self, name: str, cell: str, present: dict[str, str] | None) -> bool:
        """Let a version of a version wait too: it is the one to be refused."""
        return super()._waits(name, cell, present) or cell in {key for _n, key, _r in self.waiting}

    def write_links(self, instance: Any, column: str, keys: Sequence[int], *, by: Any) -> None:
        if column == "speaker_slugs":
            actions.set_speakers(instance, [Person(pk=key) for key in keys], by=by)
        else:
            act = actions.set_issuers if column == "issuer_slugs" else actions.set_addressees
            act(instance, [Organisation(pk=key) for key in keys], by=by)

    def get_queryset(self) -> Any:
        """Return the statements with their links."""
        links = ("speaker_links", "issuer_links", "addressee_links")
        return super().get_queryset().prefetch_related(*links)


class SpeakerResource(StatementsResource):
    """``speakers.csv``: the role and the name as given of speakers, where they are known.

    Who speaks, and in which order, stands in ``statements.csv``: ``named`` are the keys of
    those whom that file names.
    """

    key_columns = ("statement_slug", "person_slug")
    unremembered_is_empty = True

    statement_slug = RecordField("statement", "statement_slug", KeyCell(Statement, required=True))
    person_slug = RecordField("person", "person_slug", KeyCell(Person, required=True))
    role_reference = RecordField("role", "role_reference", KeyCell(Role))

    class Meta(StatementsResource.Meta):
        model = StatementSpeaker
        fields = ("statement_slug", "person_slug", "role_reference", "name_as_given")
        import_id_fields = ("statement_slug", "person_slug")

    def __init__(self, *, named: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.named = set(named)

    def import_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        """Refuse somebody whom ``statements.csv`` does not name as a speaker."""
        super().import_instance(instance, row, **kwargs)
        if not instance._state.adding or self._outcome.what != "unchanged":
            return
        if self._outcome.key not in self.named:
            raise ValidationError(
                {"person_slug": _("This person is not among the speakers of the statement.")}
            )
        # Staff took the speaker out of the statement, and that is kept.
        self._outcome.what, self._changed = "left_out", []


class BodyCell(TextCell):
    """A text as it is held: in Unicode NFC, with plain line feeds."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return as_held(value)


class TextResource(StatementsResource):
    """``texts.csv``: the texts of statements that are held."""

    key_columns = ("statement_slug", "kind", "language")
    blame = {"text_not_empty": "body"}

    statement_slug = RecordField("statement", "statement_slug", KeyCell(Statement, required=True))
    body = RecordField("body", "body", BodyCell())

    class Meta(StatementsResource.Meta):
        model = Text
        fields = ("statement_slug", "kind", "language", "body")
        import_id_fields = ("statement_slug", "kind", "language")
