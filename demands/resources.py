"""The files of this room's tables of what was asked: themes, demands, mentions.

``Meta.fields`` are the columns of the file, in its order. The columns named in ``optional``
are written only where a row needs them.
"""

from collections.abc import Sequence
from typing import Any

from kptracker.lib.columns_of_files import (
    KeyCell,
    LinksField,
    RecordField,
    SlugCell,
)
from kptracker.lib.importing import RecordResource
from statements.models import Organisation, Person, Statement
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


class QuoteField(RecordField):
    """The words quoted, where there are no others; elsewhere they follow from the passages."""

    def get_value(self, instance: Any) -> Any:
        return "" if instance.paraphrase or instance.paraphrase_fr else instance.quote

    def put(self, instance: Any, value: Any) -> None:
        if instance._state.adding:
            instance.quote = value


class MentionResource(RecordResource):
    """``mentions.csv``. Where the only words are quoted ones they stand there as well."""

    key_columns = ("reference",)
    optional = {"quote": ""}
    identity = ("demand_slug", "statement_slug")
    blame = {"worded": "paraphrase"}

    demand_slug = RecordField("demand", "demand_slug", KeyCell(Demand, required=True))
    statement_slug = RecordField("statement", "statement_slug", KeyCell(Statement, required=True))
    speaker_slug = RecordField("speaker", "speaker_slug", KeyCell(Person))
    quote = QuoteField("quote", "quote")

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
            "quote",
        )
        import_id_fields = ("reference",)

    def act(self, instance: Any, *, by: Any) -> Any:
        return actions.save_mention(instance, by=by)


class BroughtMentionResource(MentionResource):
    """``mentions.csv`` as an editor brings it back: the words quoted must stand in a text."""

    class Meta(MentionResource.Meta):
        pass

    def act(self, instance: Any, *, by: Any) -> Any:
        words = instance.quote if instance._state.adding else ""
        if not words:
            return super().act(instance, by=by)
        instance.quote = ""
        return actions.save_mention(instance, by=by, words=words)
