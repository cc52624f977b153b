"""Rows below a row, in one form with it: a row that somebody deleted in between is not lost."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _

from .fields import is_key
from .forms import Conflict, last_of

MOST_ROWS = 1_000


class RowFormSet(BaseInlineFormSet):
    """The rows of one kind below a row: speakers, texts, mentions, functions."""

    #: The inline that shows it. Set for each request.
    inline: Any

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        instance: Any = None,
        save_as_new: bool = False,
        prefix: str | None = None,
        queryset: Any = None,
        **kwargs: Any,
    ) -> None:
        #: By the new prefix of a form: the key of the row that is gone.
        self.vanished: dict[str, int] = {}
        if data is not None and instance is not None and instance.pk:
            data = self._with_vanished_as_new(data, prefix or self.get_default_prefix(), instance)
        super().__init__(
            data,
            files,
            instance=instance,
            save_as_new=save_as_new,
            prefix=prefix,
            queryset=queryset,
            **kwargs,
        )

    def _with_vanished_as_new(self, data: Any, prefix: str, instance: Any) -> Any:
        """Return the posted data with rows that are gone moved behind those that are there.

        Django would refuse such a form for ever, and what was typed in it with it.
        """
        total, initial = (
            int(text) if is_key(text := data.get(f"{prefix}-{name}", "")) else 0
            for name in ("TOTAL_FORMS", "INITIAL_FORMS")
        )
        if not 0 < initial <= total <= MOST_ROWS:
            return data
        keys = {place: data.get(f"{prefix}-{place}-id", "") for place in range(initial)}
        wanted = [int(key) for key in keys.values() if is_key(key)]
        rows = self.model._base_manager.filter(**{self.fk.name: instance}, pk__in=wanted)
        there = {str(key) for key in rows.values_list("pk", flat=True)}
        gone = [place for place, key in keys.items() if key not in there]
        if not gone:
            return data
        kept = [place for place in range(initial) if place not in gone]
        order = [*kept, *gone, *range(initial, total)]
        moved = data.copy()
        parts: dict[int, list[tuple[str, list[str]]]] = {place: [] for place in order}
        for name, values in data.lists():
            place, _dash, rest = name.removeprefix(f"{prefix}-").partition("-")
            if name.startswith(f"{prefix}-") and is_key(place) and int(place) in parts:
                parts[int(place)].append((rest, values))
                del moved[name]
        for new, old in enumerate(order):
            for rest, values in parts[old]:
                blank = old in gone and rest in ("id", "seen_version")
                moved.setlist(f"{prefix}-{new}-{rest}", [""] if blank else values)
            if old in gone:
                self.vanished[f"{prefix}-{new}"] = int(keys[old]) if is_key(keys[old]) else 0
        moved[f"{prefix}-INITIAL_FORMS"] = str(len(kept))
        return moved

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        form.parent_field = self.fk.name
        if form.prefix in self.vanished:
            form.vanished = last_of(self.model, self.vanished[form.prefix])
        return form

    def clean(self) -> None:
        """Refuse to delete a row that somebody changed since it was shown."""
        super().clean()
        for form in self.initial_forms:
            if self.can_delete and self._should_delete_form(form) and form.was_stale:
                raise ValidationError(
                    _(
                        "“%(row)s”, which you wanted to delete, was changed in the meantime. "
                        "Nothing was saved; look at it and save again."
                    )
                    % {"row": form.instance}
                )

    def conflicts(self) -> list[Conflict]:
        """Return what others saved in rows of this formset while it was open."""
        return [form.conflict for form in self.forms if getattr(form, "conflict", None)]


class LatestFormSet(RowFormSet):
    """A formset that opens with the latest rows only: hundreds in one form help nobody."""

    most = 25

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.is_bound:
            # What comes back may hold any of them: a newer row must not push one out.
            return rows
        if not hasattr(self, "_latest"):
            self._latest = rows[: self.most]
        return self._latest
