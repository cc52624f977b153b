"""The parameters of the API: each said once, as JSON Schema, and checked by exactly that.

The filters are those of the lists; what they take is read from them, so that the description
cannot promise another thing than the answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kptracker.lib import filter_kinds as kinds
from kptracker.lib.filtering import MOST_CHOICES, ListFilter, ListFilterSet, shown

#: A year of the record, and a day of one, as a regular expression that knows the months.
YEAR = "(?:199[0-9]|20[0-9]{2}|2100)"
_LONG = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
_SHORT = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
_LEAP = "(?:199[26]|20(?:[02468][048]|[13579][26]))-02-29"
DAY = f"(?:{YEAR}-(?:{_LONG}|{_SHORT}|02-(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP})"
KEY = "[A-Za-z0-9][A-Za-z0-9_-]{0,99}"
#: Text with a letter or a digit in it, of the scripts that names in the record may have.
WORDS = (
    r"[^\u0000\uFFFD]*"
    r"[0-9A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F\u0391-\u03C9\u0400-\u0481\u05D0-\u05EA"
    r"\u0621-\u064A\u0904-\u0939\u3041-\u3096\u30A1-\u30FA\u4E00-\u9FFF\uAC00-\uD7A3]"
    r"[^\u0000\uFFFD]*"
)
WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,5}", re.ASCII)

#: How many rows a page of the API has, unless asked otherwise, and at most.
USUAL, MOST = 100, 500


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, what it means, and which values it takes.

    ``values`` is the JSON Schema of one value; ``several`` says whether it may be given more
    than once ("repeated") or as one list ("commas").
    """

    name: str
    meaning: Any
    values: dict[str, Any]
    several: str = ""
    #: The codes that it takes, in words.
    words: tuple[tuple[str, Any], ...] = ()
    default: Any = None
    #: Whether a value that fits may still be one that nothing has.
    is_key: bool = False

    def refused(self, given: Sequence[str]) -> list[str]:
        """Return why the values cannot be used, [] where they can."""
        if not self.several and len(given) > 1:
            return [_("It is given more than once.")]
        values = given[0].split(",") if self.several == "commas" and len(given) == 1 else given
        if len(values) > MOST_CHOICES and self.several == "repeated":
            return [_("That is too many choices: at most %d.") % MOST_CHOICES]
        return [sentence for one in values if (sentence := self._refused(one))][:1]

    def _refused(self, value: str) -> str:
        if "enum" in self.values and value not in self.values["enum"]:
            return _("“%(value)s” is not among the choices: %(choices)s.") % {
                "value": shown(value),
                "choices": ", ".join(self.values["enum"]),
            }
        if self.values.get("type") == "integer":
            least, most = self.values["minimum"], self.values["maximum"]
            if not WHOLE_NUMBER.fullmatch(value) or not least <= int(value) <= most:
                return _("“%(value)s” is not a whole number from %(least)s to %(most)s.") % {
                    "value": shown(value),
                    "least": least,
                    "most": most,
                }
        if len(value) > self.values.get("maxLength", len(value)):
            return _("It is longer than %d signs.") % self.values["maxLength"]
        if "pattern" in self.values and not _matcher(self.values["pattern"]).fullmatch(value):
            return self._other_than_pattern(value)
        return ""

    def _other_than_pattern(self, value: str) -> str:
        if self.name == "cursor":
            return _("“%s” is no cursor: take the address from “next” as it is.") % shown(value)
        if self.is_key:
            return _("“%s” cannot be a key of the record.") % shown(value)
        if self.values["pattern"] == whole(DAY):
            return _("“%s” is not a day: write it as 2024-05-31.") % shown(value)
        if self.values["pattern"] == whole(YEAR):
            return _("“%(value)s” is not a year between %(first)d and %(last)d.") % {
                "value": shown(value),
                "first": kinds.FIRST_YEAR,
                "last": kinds.LAST_YEAR,
            }
        return _("There is no letter and no digit in it, or a sign that is no text.")

    @property
    def takes(self) -> str:
        """What it takes, for people."""
        if self.is_key:
            return _("the key of a row")
        if self.values.get("type") == "integer":
            return _("a number from %(least)s to %(most)s") % {
                "least": self.values["minimum"],
                "most": self.values["maximum"],
            }
        return {whole(YEAR): _("a year"), whole(DAY): _("a day: 2024-05-31")}.get(
            self.values.get("pattern", ""),
            _("every word must be there; accents and capitals do not matter"),
        )

    def described(self) -> dict[str, Any]:
        """Return it as OpenAPI describes it."""
        schema: dict[str, Any] = dict(self.values)
        style = {}
        if self.several:
            schema = {"type": "array", "items": schema}
            if self.several == "commas":
                schema |= {"minItems": 1, "uniqueItems": True}
            style = {"style": "form", "explode": self.several == "repeated"}
        if self.default is not None:
            schema["default"] = self.default
        words = [str(self.meaning)]
        if self.words:
            words.append("; ".join(f"`{code}`: {label}" for code, label in self.words))
        if self.several == "repeated":
            words.append(_("Several mean “or”; at most %d.") % MOST_CHOICES)
        return {
            "name": self.name,
            "in": "query",
            "description": ". ".join(one.removesuffix(".") for one in words) + ".",
            "schema": schema,
            **style,
        }


@cache
def _matcher(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def whole(pattern: str) -> str:
    """Return a pattern that the whole value must fit, as JSON Schema writes it."""
    return f"^{pattern}$"


@cache
def filters_of(filters: type[ListFilterSet], language: str) -> list[Parameter]:
    """Return the filters of a list as parameters, in words of the active ``language``."""
    return [
        _filter(name, one, filters.defaults.get(name)) for name, one in filters.base_filters.items()
    ]


def _filter(name: str, one: ListFilter, default: list[str] | None) -> Parameter:
    words: tuple[tuple[str, Any], ...] = ()
    several = "repeated" if one.shape in ("checks", "pick") else ""
    values: dict[str, Any]
    is_key = False
    if isinstance(one, kinds.CodeFilter):
        values = {"type": "string", "enum": list(one.codes)}
        words = tuple(zip(one.codes, one.labels(one.codes, {}), strict=True))
    elif isinstance(one, kinds.FlagFilter):
        values = {"type": "string", "enum": list(one.flags)}
        words = tuple((code, label) for code, (label, _rule) in one.flags.items())
    elif isinstance(one, kinds.KeyFilter):
        values, is_key = {"type": "string", "pattern": whole(KEY)}, True
    elif isinstance(one, kinds.YearFilter):
        values = {"type": "string", "pattern": whole(YEAR)}
    elif isinstance(one, kinds.TextFilter):
        values = {"type": "string", "pattern": whole(WORDS), "maxLength": kinds.LONGEST_TEXT}
    elif isinstance(one, kinds.DayFilter):
        values = {"type": "string", "pattern": whole(DAY)}
    elif isinstance(one, kinds.AtLeastFilter):
        values = {"type": "integer", "minimum": 1, "maximum": 100_000}
    elif isinstance(one, kinds.YearBoundFilter):
        values = {"type": "integer", "minimum": kinds.FIRST_YEAR, "maximum": kinds.LAST_YEAR}
    else:
        raise TypeError(f"The API does not know how to describe the filter {name}.")
    return Parameter(name, one.label, values, several, words, default, is_key)


def fields(columns: Sequence[str]) -> Parameter:
    """Return the parameter that chooses columns."""
    return Parameter(
        "fields",
        gettext_lazy("Only these columns, in this order, separated by commas."),
        {"type": "string", "enum": list(columns)},
        several="commas",
    )


def limit() -> Parameter:
    """Return the parameter of how many rows a page has."""
    return Parameter(
        "limit",
        gettext_lazy("How many rows a page has."),
        {"type": "integer", "minimum": 1, "maximum": MOST},
        default=USUAL,
    )


def cursor(pattern: str) -> Parameter:
    """Return the parameter of where a page begins."""
    return Parameter(
        "cursor",
        gettext_lazy("The key of the row after which the page begins; “next” holds it."),
        {"type": "string", "pattern": whole(pattern)},
    )
