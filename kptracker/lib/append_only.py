"""Rows that are added and then stay as they are."""

from typing import Any

from django.db import models


class AppendOnlyError(Exception):
    """A row that only may be added was to be changed or deleted."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that are added and never altered or deleted."""

    def update(self, **kwargs: Any) -> int:
        """Refuse: raises AppendOnlyError."""
        raise AppendOnlyError(f"{self.model._meta.verbose_name_plural}: added, never altered.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: raises AppendOnlyError."""
        raise AppendOnlyError(f"{self.model._meta.verbose_name_plural}: added, never deleted.")


class AppendOnlyModel(models.Model):
    """A row that is added and then stays as it is."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row. Raises AppendOnlyError when it is already there."""
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.verbose_name_plural}: added, never altered.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: raises AppendOnlyError."""
        raise AppendOnlyError(f"{self._meta.verbose_name_plural}: added, never deleted.")
