"""The files of this room's tables of what was asked: themes, demands, mentions.

``Meta.fields`` are the columns of the file, in its order. The columns named in ``optional``
are written only where a row needs them.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kptracker.lib.columns_of_files import (
    CodeCell,
    KeyCell,
    LinksField,
    RecordField,
    SlugCell,
    TextCell,
    follows,
)
from kptracker.lib.importing import RecordResource
from statements.models import Organisation, Person, Statement, Text
from statements.resources import STATE

from . import actions
from .models import Demand, Mention, Theme


class ThemeResource(RecordResource):
    """``themes.csv``."""

    slug = RecordField("slug", "slug", SlugCell(Theme))

    class Meta(RecordResource.Meta):
        model = Theme
        fields = ("slug", "name", "name_fr")
        import_id_fields = ("slug",)

    def act(self, instance: Any, *, by: Any) -> Any:
        return actions.save(instance, by=by)


class DemandResource(RecordResource):
    """``demands.csv``."""

    key_columns = ("reference",)
    optional = STATE
    later = ("parent_slug", "superseded_by")
    identity = ("slug",)
    blame = {
        "title_in_english": "title",
        "titled": "title",
        "not_its_own_part": "parent_slug",
        "not_superseding_itself": "superseded_by",
    }

    theme_slug = RecordField("theme", "theme_slug", KeyCell(Theme, required=True))
    parent_slug = RecordField("parent", "parent_slug", KeyCell(Demand))
    superseded_by = RecordField("superseded_by", "superseded_by", KeyCell(Demand))
    addressee_slugs = LinksField("addressee_links", "organisation", Organisation)

    class Meta(RecordResource.Meta):
        model = Demand
        fields = (
            "reference",
            "slug",
            "title",
            "title_fr",
            "theme_slug",
            "kind",
            "parent_slug",
            "superseded_by",
            "description",
            "description_fr",
            "success_test",
            "success_test_fr",
            "addressee_slugs",
            "addressee_text",
            "condition",
            "condition_fr",
            "source_url",
            "confidence",
            "state",
            "taken_down_reason",
        )
        import_id_fields = ("reference",)

    def act(self, instance: Any, *, by: Any) -> Any:
        return actions.save_demand(instance, by=by)

    def write_links(self, instance: Any, column: str, keys: Sequence[int], *, by: Any) -> None:
        actions.set_demand_addressees(instance, [Organisation(pk=key) for key in keys], by=by)

    def get_queryset(self) -> Any:
        """Return the demands with their addressees."""
        return super().get_queryset().prefetch_related("addressee_links")


class QuoteCell(TextCell):
    """The quoted words, in Unicode NFC as the text in which they stand."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return unicodedata.normalize("NFC", value)


class TextPart(RecordField):
    """A column by which a mention names the text it quotes."""

    def put(self, instance: Any, value: Any) -> None:
        instance.__dict__.setdefault("text_names", {})[self.column_name] = value


class MentionResource(RecordResource):
    """``mentions.csv``; where words are quoted, also the text and the place in it."""

    key_columns = ("reference",)
    optional = dict.fromkeys(("text_kind", "text_language", "quote", "start", "end"), "")
    together = (("statement_slug", "text_kind", "text_language", "quote", "start", "end"),)
    identity = ("demand_slug", "statement_slug")
    blame = {"worded": "paraphrase", "anchor_whole": "quote"}
    attributes = {"text": "text_kind"}

    demand_slug = RecordField("demand", "demand_slug", KeyCell(Demand, required=True))
    statement_slug = RecordField("statement", "statement_slug", KeyCell(Statement, required=True))
    speaker_slug = RecordField("speaker", "speaker_slug", KeyCell(Person))
    text_kind = TextPart("text__kind", "text_kind", CodeCell("text_kind"))
    text_language = TextPart("text__language", "text_language", CodeCell("language"))
    quote = RecordField("quote", "quote", QuoteCell())

    class Meta(RecordResource.Meta):
        model = Mention
        fields = (
            "reference",
            "demand_slug",
            "statement_slug",
            "kind",
            "speaker_slug",
            "paraphrase",
            "paraphrase_fr",
            "source_url",
            "confidence",
            "text_kind",
            "text_language",
            "quote",
            "start",
            "end",
        )
        import_id_fields = ("reference",)

    def act(self, instance: Any, *, by: Any) -> Any:
        self._find_text(instance)
        if instance.quote and instance.text and self.remembered is not None:
            body = instance.text.body
            if instance.start is None or body[instance.start : instance.end] != instance.quote:
                raise ValidationError({"quote": _("These words do not stand at this place.")})
        return actions.save_mention(instance, by=by)

    def _find_text(self, instance: Any) -> None:
        """Set the text that is quoted, from its kind and its language."""
        names = instance.__dict__.pop("text_names", {})
        if not names:
            return
        text = instance.text
        kind = names.get("text_kind", text.kind if text else "")
        language = names.get("text_language", text.language if text else "")
        instance.text = Text.objects.filter(
            statement=instance.statement_id, kind=kind, language=language
        ).first()
        if (kind or language) and instance.text is None:
            slug = self.known.name(Statement, instance.statement_id)
            if self.known.is_refused(Text, f"{slug}/{kind}/{language}"):
                raise follows()
            raise ValidationError(
                {"text": _("The statement has no text of this kind and language.")}
            )

    def get_queryset(self) -> Any:
        """Return the mentions with the texts they quote."""
        return super().get_queryset().select_related("text")
