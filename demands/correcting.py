"""What visitors are told of when something published of this room is corrected."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib.told import Part, Told, tell

from .models import Demand, DemandAddressee, Mention, Passage, Theme


def _page(row: Any) -> str:
    return str(row.get_absolute_url())


def _place_of(row: Mention) -> str:
    """Return the place of a mention on the page of its demand."""
    return f"{row.demand.get_absolute_url()}#{row.reference}"


def _words_of(row: Mention) -> str:
    return _("%(demand)s, in: %(statement)s") % {"demand": row.demand, "statement": row.statement}


def connect() -> None:
    """Have corrections of this room's tables told."""
    tell(
        Told(
            Demand,
            _page,
            letter="d",
            key="reference",
            parts={DemandAddressee: Part("demand", "addressees", gettext_lazy("asked of"))},
        )
    )
    tell(
        Told(
            Mention,
            _place_of,
            _words_of,
            letter="m",
            key="reference",
            related=("demand", "statement"),
            parts={
                Passage: Part("mention", "passages", gettext_lazy("place in the text"), ("exact",))
            },
            above=Part("demand", "mentions", gettext_lazy("a mention that was removed")),
        )
    )
    tell(Told(Theme, _page, letter="themes", key="slug"))
