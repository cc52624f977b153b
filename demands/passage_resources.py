"""``passages.csv``: where in which texts the mentions stand.

A place is counted in the text with its white space made single, which the SHA-256 names. So
the record can hold places in texts that are not part of it.
"""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kptracker.lib.columns_of_files import (
    CodeCell,
    KeyCell,
    NumberCell,
    RecordField,
    TextCell,
)
from kptracker.lib.documents.normal import NormalForm, normal_hash
from kptracker.lib.importing import RecordResource
from statements.models import Text

from . import marking
from .models import Mention, Passage
from .quoting import body_before, place_in, put, stands


class HashCell(TextCell):
    """A SHA-256 in hexadecimal digits."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        if not re.fullmatch(r"[0-9a-f]{64}", value or ""):
            raise ValueError(_("A SHA-256 has 64 digits from 0 to f."))
        return str(value)


class PlaceField(RecordField):
    """A part of the place as the file counts it; the row is given its place when it is saved."""

    def put(self, instance: Any, value: Any) -> None:
        instance.__dict__.setdefault("place_wanted", {})[self.column_name] = value


class PassageResource(RecordResource):
    """``passages.csv``."""

    key_columns = ("reference",)
    optional = {"exact": ""}
    together = (("mention_reference", "start", "end", "sha256", "exact"),)
    identity = ("mention_reference",)
    blame = {"place_whole": "end", "once": "start", "words_of_text": "exact"}

    mention_reference = RecordField("mention", "mention_reference", KeyCell(Mention, required=True))
    start = PlaceField("start", "start", NumberCell())
    end = PlaceField("end", "end", NumberCell())
    sha256 = PlaceField("sha256", "sha256", HashCell())
    exact = PlaceField("exact", "exact", TextCell())

    class Meta(RecordResource.Meta):
        model = Passage
        fields = ("reference", "mention_reference", "start", "end", "sha256", "exact")
        import_id_fields = ("reference",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._forms: dict[int, NormalForm] = {}

    def get_queryset(self) -> Any:
        """Return the passages with their texts."""
        return super().get_queryset().select_related("text")

    def texts(self, instance: Any) -> dict[str, str]:
        """Return the cells of a passage: its place in the normal form of its text."""
        cells = super().texts(instance) | {"exact": ""}
        if instance.is_placed:
            form = self._form_of(instance)
            last = form.to_normal(instance.end - 1) + 1
            cells |= {"start": str(form.to_normal(instance.start)), "end": str(last)}
        elif instance.is_lost:
            # Without a place the words themselves say which they were.
            cells |= {"start": "", "end": "", "exact": instance.exact}
        return cells

    def _form_of(self, instance: Any) -> NormalForm:
        """Return the form of the text in which a passage stands.

        In a load the text may have been written already, and its passages follow at the end:
        until then they are where they were in the text before.
        """
        body = instance.text.body
        if not stands(instance, body):
            body = body_before(instance, instance.text) or body
        return self._form(instance.text) if body == instance.text.body else NormalForm(body)

    def _form(self, text: Text) -> NormalForm:
        if text.pk not in self._forms:
            self._forms = {text.pk: NormalForm(text.body)}  # passages come text by text
        return self._forms[text.pk]

    def act(self, instance: Any, *, by: Any) -> Any:
        wanted = instance.__dict__.pop("place_wanted", {})
        if wanted or instance._state.adding:
            present = {} if instance._state.adding else self.texts(instance)
            start = wanted.get("start", NumberCell().clean(present.get("start", "")))
            end = wanted.get("end", NumberCell().clean(present.get("end", "")))
            sha256 = wanted.get("sha256", instance.sha256)
            self._place(instance, start, end, sha256, wanted.get("exact", ""))
        return marking.save_passage(instance, by=by)

    def _place(
        self, instance: Any, start: int | None, end: int | None, sha256: str, exact: str
    ) -> None:
        """Give a passage its place, or have it wait for its text."""
        if (start is None) != (end is None) or (start is None and not exact):
            raise ValidationError({"start": _("A passage has a start and an end.")})
        if start is not None and end is not None and end <= start:
            raise ValidationError({"end": _("A passage ends after it begins.")})
        instance.sha256, instance.start, instance.end = sha256, start, end
        text = next((one for one in self._texts(instance) if normal_hash(one.body) == sha256), None)
        if start is None:
            instance.text, instance.exact = text, exact
            if text is None:
                raise ValidationError({"exact": _("The text of these words is not held.")})
            return
        if text is None:
            instance.text, instance.exact, instance.prefix, instance.suffix = None, "", "", ""
            return
        place = place_in(self._form(text), start, end)
        if place is None:
            raise ValidationError({"start": _("The text has no words at this place.")})
        put(instance, text, place)

    @staticmethod
    def _texts(instance: Any) -> Any:
        return Text.objects.filter(statement=instance.mention.statement_id).order_by("pk")


class BroughtPassageResource(RecordResource):
    """``passages.csv`` as it leaves, and as an editor brings it back.

    Its places are counted in the text itself, in code points from 0; ``exact`` are the words
    there and are checked, never written.
    """

    key_columns = ("reference",)
    blame = {"place_whole": "end", "once": "start", "words_of_text": "exact"}

    mention_reference = RecordField("mention", "mention_reference", KeyCell(Mention, required=True))
    text_kind = PlaceField("text__kind", "text_kind", CodeCell("text_kind"))
    text_language = PlaceField("text__language", "text_language", CodeCell("language"))
    start = PlaceField("start", "start", NumberCell())
    end = PlaceField("end", "end", NumberCell())
    exact = PlaceField("exact", "exact", TextCell())

    class Meta(RecordResource.Meta):
        model = Passage
        fields = (
            "reference",
            "mention_reference",
            "text_kind",
            "text_language",
            "start",
            "end",
            "exact",
        )
        import_id_fields = ("reference",)

    #: Whether the file has the words of the passages.
    _has_words = False

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Note whether the file has the words of the passages, which are then checked."""
        super().before_import(dataset, **kwargs)
        self._has_words = "exact" in (dataset.headers or ())

    def get_queryset(self) -> Any:
        """Return the passages with their texts."""
        return super().get_queryset().select_related("text", "mention")

    def act(self, instance: Any, *, by: Any) -> Any:
        """Mark the place, or move it. Raises ValidationError, by column."""
        wanted = instance.__dict__.pop("place_wanted", {})
        adding = instance._state.adding
        if not adding and "mention_reference" in self._changed:
            raise ValidationError(
                {"mention_reference": _("A passage stays with its mention: mark a new one.")}
            )
        text = self._text(instance, wanted)
        start = wanted.get("start", instance.start)
        end = wanted.get("end", instance.end)
        if start is None or end is None or end <= start:
            raise ValidationError({"end": _("A passage ends after it begins.")})
        # A file that moves a passage and leaves its words as they were says two things.
        words = wanted.get("exact", instance.exact if self._has_words else "")
        if words and words != text.body[start:end]:
            raise ValidationError(
                {
                    "exact": _("At this place the text says “%(words)s”.")
                    % {"words": text.body[start:end][:100]}
                }
            )
        if not adding:
            return marking.move(instance, start, end, by=by, text=text)
        row = marking.mark(instance.mention, text, start, end, by=by)
        instance.__dict__.update(row.__dict__)
        return row

    @staticmethod
    def _text(instance: Any, wanted: dict[str, Any]) -> Text:
        present = instance.text
        kind = wanted.get("text_kind", present.kind if present else "")
        language = wanted.get("text_language", present.language if present else "")
        text = Text.objects.filter(
            statement=instance.mention.statement_id, kind=kind, language=language
        ).first()
        if text is None:
            raise ValidationError({"text_kind": _("The statement has no such text here.")})
        return text
