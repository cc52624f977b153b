"""A public table: one definition, from which its page, its files and its feeds are made.

A ``Table`` joins what belongs together: the public rows, the filters, the orders, how a row is
drawn and the columns that leave as CSV. ``asked`` turns the parameters of a request into rows,
or raises ``BadParameterError`` with a sentence per parameter; nothing reads them elsewhere.
"""

import hashlib
import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .bilingual import active_language
from .columns import TableExport
from .conditional import day_of, stamp_of
from .filter_kinds import KeyFilter
from .filtering import ListFilterSet, Option, shown

PAGE_SIZE = 25
#: Parameters of others, which links from elsewhere carry and which mean nothing here.
FOREIGN = re.compile(r"(utm_\w+|fbclid|gclid|mc_\w+)", re.ASCII)
LONGEST_QUERY = 4000
#: How long counts are kept at most, in seconds.
KEPT = 24 * 3600
#: Choices beside which a count is shown as boxes; longer lists become a field to pick from.
BOXES = 8


class BadParameterError(Exception):
    """Parameters of an address that cannot be used; ``problems`` maps each to its sentences."""

    def __init__(self, problems: dict[str, list[str]], status: int = 400) -> None:
        self.problems = problems
        self.status = status
        super().__init__("; ".join(f"{k}: {' '.join(v)}" for k, v in problems.items()))


@dataclass(frozen=True)
class Order:
    """One way to sort a table: its name in the address, its words, its columns."""

    code: str
    words: Any
    columns: tuple[Any, ...]
    french_columns: tuple[Any, ...] = ()

    def by(self, language: str) -> tuple[Any, ...]:
        """Return the columns to sort by in ``language``; titles sort by that language."""
        return self.french_columns if language == "fr" and self.french_columns else self.columns


def row_order(*columns: str) -> tuple[Any, ...]:
    """Return columns to sort by, "-" before one that falls; empty values always come last."""
    return tuple(
        F(name[1:]).desc(nulls_last=True) if name.startswith("-") else F(name).asc(nulls_last=True)
        for name in columns
    )


@dataclass(frozen=True)
class Table:
    """A public table.

    ``rows`` gives the public queryset; ``drawn`` adds to it what ``row_template`` shows of
    each row, ``finish`` to the rows at hand what is found for all of them at once, given them and
    the number of the published record; ``template`` is the page around them.
    ``export`` holds the columns that leave in files. ``url_name`` leads to the page, with
    ``_csv`` behind to the file.
    """

    name: str
    title: Any
    url_name: str
    filters: type[ListFilterSet]
    rows: Callable[[], QuerySet]
    drawn: Callable[[QuerySet], QuerySet]
    orders: Sequence[Order]
    template: str
    row_template: str
    export: Any
    finish: Callable[[Collection[Any], str], object] | None = None


@dataclass(frozen=True)
class Chosen:
    """A choice that is on: how it reads, and the address of the list without it."""

    words: str
    without: str


@dataclass
class Listing:
    """What a visitor asked of a table: filters, order and page, all checked."""

    table: Table
    filters: ListFilterSet
    order: Order
    page: int
    params: QueryDict
    columns: list[str]
    #: The number of the published record, as it was when the request came in.
    stamp: str

    @cached_property
    def language(self) -> str:
        """The reader's language."""
        return active_language()

    @cached_property
    def rows(self) -> QuerySet:
        """The rows that fit, in order."""
        return self.filters.qs.order_by(*self.order.by(self.language))

    @cached_property
    def _kept(self) -> str:
        """The beginning of the keys under which parts of this list are kept in memory.

        They hold until something public changes, or the day does, on which "two years ago"
        depends: the key carries both, so nothing old is ever shown.
        """
        stamp = self.stamp.replace(" ", "T")  # a key holds no spaces
        return f"{self.table.name}:{self.language}:{timezone.localdate()}:{stamp}"

    @cached_property
    def _kept_choice(self) -> str:
        """The key of what all pages and orders of one choice of filters have in common."""
        chosen = [(name, self.filters.chosen(name)) for name in self.filters.filters]
        return f"{self._kept}:{hashlib.blake2b(repr(chosen).encode(), digest_size=16).hexdigest()}"

    @cached_property
    def _counted(self) -> tuple[int, dict[str, list[tuple[str, str, int]]]]:
        counted: Any = cache.get_or_set(self._kept_choice, self.filters.facets, KEPT)
        return counted

    @property
    def total(self) -> int:
        """How many rows fit."""
        return self._counted[0]

    @property
    def pages(self) -> int:
        """How many pages they fill."""
        return max(1, math.ceil(self.total / PAGE_SIZE))

    @cached_property
    def keys(self) -> list[int]:
        """The keys of the rows of this page, in order.

        Raises Http404 for a page behind the last.
        """
        if self.page > self.pages:
            raise Http404(_("There are only %d pages.") % self.pages)
        kept = f"{self._kept_choice}:{self.order.code}:{self.page}"
        return cache.get_or_set(kept, self._find_keys, KEPT) or []

    def _find_keys(self) -> list[int]:
        """Find them, counted from the nearer end of the list."""
        start = (self.page - 1) * PAGE_SIZE
        stop = min(start + PAGE_SIZE, self.total)
        keys = self.rows.values_list("pk", flat=True)
        if start * 2 > self.total:
            return list(keys.reverse()[self.total - stop : self.total - start])[::-1]
        return list(keys[start:stop])

    @cached_property
    def drawn_rows(self) -> SafeString:
        """The rows of this page as HTML, in order; '' where none fits.

        A row looks the same on every page and for every visitor: once drawn it is kept until
        something public changes.
        """
        names = {key: f"{self._kept}:row:{self.filters.moment}:{key}" for key in self.keys}
        drawn = cache.get_many(names.values())
        missing = [key for key, name in names.items() if name not in drawn]
        if missing:
            rows = self.table.drawn(self.filters.queryset.filter(pk__in=missing)).in_bulk()
            self.filters.told_by(rows.values())
            if self.table.finish is not None and not self.filters.moment:
                self.table.finish(rows.values(), self.stamp)
            template = get_template(self.table.row_template)
            new = {names[key]: template.render({"row": row}) for key, row in rows.items()}
            cache.set_many(new, KEPT)
            drawn |= new
        # Each part was escaped when its template was rendered.
        return SafeString("".join(drawn[name] for name in names.values() if name in drawn))

    # --- addresses -----------------------------------------------------------------------

    def query(self, **changes: Any) -> str:
        """Return the address with some parameters set anew; None or [] removes one."""
        return self._query_string(**changes) or reverse(self.table.url_name)

    def _query_string(self, **changes: Any) -> str:
        query = changed_query(self.params, changes)
        return f"?{query}" if query else ""

    @property
    def address(self) -> str:
        """The full address of this list with its filters and order, without the page."""
        return f"{settings.SITE_URL}{reverse(self.table.url_name)}{self.file_query}"

    @property
    def changed_on(self) -> date | None:
        """The day on which the published record last changed; None before anything was."""
        return day_of(self.stamp)

    @property
    def file_query(self) -> str:
        """The query string for the files of exactly these rows."""
        return self._query_string()

    @property
    def file_query_unsorted(self) -> str:
        """The query string for what has an order of its own: a feed, a calendar."""
        return self._query_string(sort=None, **dict.fromkeys(self.filters.moments))

    @property
    def export(self) -> TableExport:
        """The columns that leave in files, and the name of these."""
        return self.filters.leaving(self.table.export)

    @property
    def kept_beside_day(self) -> list[tuple[str, str]]:
        """The parameters that a form for another day keeps: all but the day and the page."""
        return [
            (name, value)
            for name, values in self.params.lists()
            for value in values
            if name != "page" and name not in self.filters.moments and not FOREIGN.fullmatch(name)
        ]

    @property
    def as_of_now(self) -> str:
        """The address of the same list as it is today."""
        return self.query(**dict.fromkeys(self.filters.moments))

    @property
    def feed(self) -> str:
        """The address of the feed of exactly these rows."""
        return f"{reverse(f'{self.table.url_name}_atom')}{self.file_query_unsorted}"

    @property
    def previous_page(self) -> str:
        """The address of the page before, '' on the first."""
        if self.page <= 1:
            return ""
        return self.query(page=self.page - 1 if self.page > 2 else None)

    @property
    def next_page(self) -> str:
        """The address of the page behind, '' on the last."""
        return self.query(page=self.page + 1) if self.page < self.pages else ""

    @property
    def last_page(self) -> str:
        """The address of the last page."""
        return self.query(page=self.pages)

    @property
    def unfiltered(self) -> str:
        """The address of the whole list."""
        return reverse(self.table.url_name)

    @property
    def order_is_default(self) -> bool:
        """Whether the order is the one that a list has by itself."""
        return self.order is self.table.orders[0]

    @property
    def all_orders(self) -> list[dict[str, Any]]:
        """The orders to choose from, each with its address."""
        return [
            {
                "words": order.words,
                "query": self.query(sort=None if order is self.table.orders[0] else order.code),
                "current": order is self.order,
            }
            for order in self.table.orders
        ]

    # --- what is shown, in words -----------------------------------------------------------

    def _labels(self, name: str) -> list[str]:
        one = self.filters.filters[name]
        return one.labels(self.filters.chosen(name), self.filters.known_labels.get(name, {}))

    @cached_property
    def chosen(self) -> list[Chosen]:
        """The choices that are on, one by one, each with the address without it."""
        found = []
        for name, one in self.filters.filters.items():
            values = self.filters.chosen(name)
            if not values or values == self.filters.defaults.get(name):
                continue
            for value, label in zip(values, self._labels(name), strict=True):
                rest = [other for other in values if other != value]
                words = _("%(filter)s: %(choice)s") % {"filter": one.label, "choice": label}
                found.append(Chosen(words, self.query(**{name: rest})))
        return found

    @cached_property
    def sentence(self) -> str:
        """What is shown, in one sentence: "7 blocked demands on Russia, latest first"."""
        adjectives, phrases = [], []
        for name, one in self.filters.filters.items():
            labels = self._labels(name)
            if not labels or self.filters.chosen(name) == self.filters.defaults.get(name):
                continue
            if one.adjective:
                adjectives.append(join_or([label[:1].lower() + label[1:] for label in labels]))
            else:
                phrases.append(str(one.phrase) % {"values": join_or(labels)})
        # French counts nothing as one: "0 revendication".
        single = self.total == 1 or (self.total == 0 and self.language == "fr")
        noun = self.filters.nouns[0 if single else 1]
        if adjectives:
            what = pgettext(
                "adjectives and noun, as in: blocked demands", "%(adjectives)s %(noun)s"
            )
            what = what % {"adjectives": ", ".join(adjectives), "noun": noun}
        else:
            what = str(noun)
        return " ".join([what, *phrases])

    @property
    def in_words(self) -> str:
        """What is shown and in which order, in words, with its number."""
        return f"{self.total} {self.sentence}, {self.order.words}"

    @cached_property
    def filters_html(self) -> SafeString:
        """The filters as HTML, kept like the counts."""

        def draw() -> SafeString:
            return render_to_string("includes/list_facets.html", {"facets": self.facets})

        drawn: Any = cache.get_or_set(f"{self._kept_choice}:html", draw, KEPT)
        return drawn

    @property
    def facets(self) -> list[dict[str, Any]]:
        """The filters to draw, each with its choices and their counts."""
        counted = self._counted[1]
        drawn = []
        for name, one in self.filters.filters.items():
            chosen = self.filters.chosen(name)
            options: list[Option] = []
            if one.shape in ("checks", "pick", "given"):
                found = self.filters.known_labels.get(name, {})
                options = one.options(counted.get(name, []), chosen, found)
            shape = one.shape
            if shape == "pick" and len(options) <= BOXES and isinstance(one, KeyFilter):
                shape = "checks"
            drawn.append(
                {
                    "name": name,
                    "label": one.label,
                    "shape": shape,
                    "options": options,
                    "chosen": [option for option in options if option.chosen],
                    "value": chosen[0] if chosen else "",
                    "active": bool(chosen) and chosen != self.filters.defaults.get(name),
                }
            )
        return drawn


def changed_query(params: QueryDict, changes: dict[str, Any]) -> str:
    """Return parameters as a query string, some set anew; None or [] removes one.

    The page is left out unless it is set: another choice begins at the first page. So are
    parameters of others and those without a value.
    """
    kept: dict[str, list[str]] = {
        name: values
        for name, values in params.lists()
        if name != "page" and not FOREIGN.fullmatch(name)
    }
    for name, value in changes.items():
        kept[name] = value if isinstance(value, list) else [] if value is None else [str(value)]
    return urlencode([(name, value) for name, values in kept.items() for value in values if value])


def join_or(labels: Sequence[str]) -> str:
    """Join labels as a sentence does: "Russia, Zimbabwe or the definition"."""
    if len(labels) < 2:
        return "".join(labels)
    return _("%(first)s or %(last)s") % {"first": ", ".join(labels[:-1]), "last": labels[-1]}


#: Parameters that are no filters, and whether several values make sense.
COMMON = ("sort", "page", "columns")


def refuse_unusable(
    params: QueryDict, filters: dict[str, Any], common: Sequence[str] = COMMON
) -> None:
    """Refuse parameters that nothing here knows, and values that no text can hold.

    ``common`` are those that are no filters. Raises BadParameterError.
    """
    problems: dict[str, list[str]] = {}
    for name, values in params.lists():
        if FOREIGN.fullmatch(name):
            continue
        if name not in filters and name not in common:
            problems[shown(name)] = [
                _("There is no such filter here. There are: %s.") % ", ".join([*filters, *common])
                if filters or common
                else _(
                    "This address takes no parameters: leave out what follows the question mark."
                )
            ]
        elif any("\x00" in one or "�" in one for one in values) or any(
            0xD800 <= ord(sign) < 0xE000 for one in values for sign in one
        ):
            problems[name] = [_("It holds a sign that is no text.")]
        elif len(values) > 1 and (name in common or filters[name].shape not in ("checks", "pick")):
            problems[name] = [_("It is given more than once.")]
    if problems:
        raise BadParameterError(problems)


def refuse_unknown(asked: QueryDict, names: Sequence[str]) -> None:
    """Raise BadParameterError where a request names a parameter that a page has not."""
    problems = {
        shown(name): [_("There is no such choice here. There are: %s.") % ", ".join(names)]
        for name in asked
        if name not in names and not FOREIGN.fullmatch(name)
    }
    if problems:
        raise BadParameterError(problems)


def number_of_page(text: str) -> int:
    """Return the number of a page. Raises BadParameterError for anything else."""
    if not re.fullmatch(r"[0-9]{1,12}", text, re.ASCII) or int(text) < 1:
        raise BadParameterError({"page": [_("Pages are numbered 1, 2, 3 and so on.")]})
    return int(text)


def asked(table: Table, request: HttpRequest, listing: type[Listing] = Listing) -> Listing:
    """Return what a request asks of a table; ``listing`` counts and finds its rows.

    Raises BadParameterError, with a sentence per parameter, for anything that cannot be used:
    an unknown parameter, a bad value, a key that nothing public has.
    """
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
        raise BadParameterError({"": [_("The address is too long.")]}, status=414)
    params = request.GET
    refuse_unusable(params, table.filters.base_filters)
    filters = table.filters(data=params, queryset=table.rows())
    if problems := filters.problems():
        raise BadParameterError(problems)
    orders = {order.code: order for order in table.orders}
    code = params.get("sort") or table.orders[0].code
    if code not in orders:
        raise BadParameterError(
            {
                "sort": [
                    _("“%(value)s” is not an order. There are: %(orders)s.")
                    % {"value": shown(code), "orders": ", ".join(orders)}
                ]
            }
        )
    columns = [name for name in params.get("columns", "").split(",") if name]
    return listing(
        table=table,
        filters=filters,
        order=orders[code],
        page=number_of_page(params.get("page") or "1"),
        params=params,
        columns=columns,
        stamp=stamp_of(request),
    )
