"""Filters of demands that tell of another day than today: ``?on=`` and ``?known_on=``."""

from collections.abc import Iterable
from functools import cached_property, partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.columns import TableExport
from kptracker.lib.filter_kinds import FlagFilter, RelatedFilter
from kptracker.lib.filtering import ListFilter, ListFilterSet

from .clocks import KNOWN_ON, ON, Clock, ClockFilter
from .then import export_then, then


class ClockedFilters(ListFilterSet):
    """Filters of demands. Under a clock the rows tell of its day, and the choices go by it.

    A rule of a flag takes the day, and a ``through`` the clock; both may be left out for now.
    """

    moments = (ON, KNOWN_ON)
    queryset: Any

    on = ClockFilter(
        label=gettext_lazy("As it stood on"), phrase=gettext_lazy("as they stood on %(values)s")
    )
    known_on = ClockFilter(
        label=gettext_lazy("What this site said on"),
        phrase=gettext_lazy("as this site told it on %(values)s"),
    )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Put the days last: "7 blocked demands on Russia as they stood on 9 November 2017"."""
        super().__init_subclass__(**kwargs)
        for name in cls.moments:
            cls.declared_filters[name] = cls.declared_filters.pop(name)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.clock:
            return
        self.queryset = then(self.queryset, self.clock)
        for one in self.filters.values():
            self._set(one)

    @cached_property
    def clock(self) -> Clock:
        """The days asked for."""
        return Clock(**{name: self.form.cleaned_data.get(name) for name in self.moments})

    def _set(self, one: ListFilter) -> None:
        """Let a filter go by the clock; each request has a copy of its own of it."""
        if isinstance(one, FlagFilter):
            one.flags = {
                code: (label, partial(rule, self.clock.day))  # "two years ago" goes by the day
                for code, (label, rule) in one.flags.items()
            }
        if one.through is not None:
            one.through = partial(one.through, self.clock)

    def unusable(self) -> dict[str, list[str]]:
        """Return what cannot be used; days that no answer can be given for as well."""
        return super().unusable() or self.clock.problems() or self._beside_the_clock()

    def _beside_the_clock(self) -> dict[str, list[str]]:
        """Return which choices cannot be answered for another day than today."""
        if not self.clock:
            return {}
        sentence = _("This is told as of today only: leave it out, or leave the day out.")
        return {
            name: [sentence]
            for name, one in self.filters.items()
            if isinstance(one, RelatedFilter) and self.chosen(name)
        }

    @property
    def moment(self) -> str:
        """The day of which the rows tell, for the names of files."""
        return self.clock.name

    @property
    def moment_words(self) -> str:
        """The same as a sentence."""
        return self.clock.words

    def told_by(self, rows: Iterable[Any]) -> None:
        """Tell rows at hand of which day they tell: their age goes by it."""
        for row in rows if self.clock else ():
            row.as_of, row.then_query = self.clock.day, self.clock.query

    def leaving(self, export: TableExport) -> TableExport:
        """Return how demands leave of that day."""
        return export_then(export, self.clock) if self.clock else export
