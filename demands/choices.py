"""What a reader may choose on the page of a demand: order, kind of entry, beginning of the picture.

Each choice is a parameter of the address with a few words to choose from; nothing else is taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from kptracker.lib.listing import BadParameterError, refuse_unknown

from .record import ALL, NEWEST, OLDEST, SHOWN

#: From when the picture of time is drawn: from the beginning of the record, or of the demand.
FROM_2000, FROM_FIRST = "2000", "first"

#: The parameters of the page; the first word of each is what it shows by itself.
ON_THE_PAGE: Mapping[str, Sequence[str]] = {
    "order": (NEWEST, OLDEST),
    "show": (ALL, *SHOWN),
    "from": (FROM_2000, FROM_FIRST),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen: the value of each parameter."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def address(self, **changes: str) -> str:
        """Return the query string with some choices made anew; "?" where all are the usual ones."""
        wanted = {**self.values, **changes}
        pairs = {name: value for name, value in wanted.items() if value != ON_THE_PAGE[name][0]}
        return f"?{urlencode(pairs)}"


def chosen(asked: QueryDict) -> Choices:
    """Return what a request chooses.

    Raises BadParameterError, with a sentence per parameter, for a parameter that there is not,
    for another value, and for one that is given twice.
    """
    refuse_unknown(asked, list(ON_THE_PAGE))
    problems: dict[str, list[str]] = {}
    values = {}
    for name, words in ON_THE_PAGE.items():
        given = asked.getlist(name) or [words[0]]
        if len(given) > 1 or given[0] not in words:
            problems[name] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(words)}]
        values[name] = given[0]
    if problems:
        raise BadParameterError(problems)
    return Choices(values)
