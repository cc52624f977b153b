"""Which text of a statement visitors read, and which one they may lay beside it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.http import QueryDict
from django.utils.translation import gettext as _

from kptracker.lib import vocabularies
from kptracker.lib.bilingual import active_language
from kptracker.lib.listing import BadParameterError, refuse_unknown

from .models import Statement, Text

#: The text that is shown of several: the very words before a part of them, before our summary.
TEXT_ORDER = ("verbatim", "excerpt", "summary")


def without_bodies(path: str = "texts") -> Prefetch:
    """Return what fetches the texts of statements along with them, but for their words."""
    return Prefetch(path, Text.objects.defer("body"))


def in_order(statement: Statement) -> list[Text]:
    """Return the texts of a statement, that which is shown first: word for word before ours.

    Their words come first in the statement's language, ours in the reader's.
    """
    texts = [text for text in statement.texts.all() if text.kind in TEXT_ORDER]
    if len(texts) < 2:
        return texts
    ours, theirs = active_language(), statement.language

    def order(text: Text) -> tuple[int, bool, int]:
        wanted = ours if text.kind == "summary" else theirs
        return TEXT_ORDER.index(text.kind), text.language != wanted, text.pk

    return sorted(texts, key=order)


def code_of(text: Text) -> str:
    """Return the name of a text in the address of its statement's page: verbatim-fr."""
    return f"{text.kind}-{text.language}"


def name_of(text: Text) -> str:
    """Return what a text is called where one chooses among several: "Verbatim, French"."""
    kind = vocabularies.label("text_kind", text.kind)
    return f"{kind}, {vocabularies.label('language', text.language)}"


def address_of(
    statement: Statement,
    text: Text,
    beside: str = "",
    *,
    page: str = "",
    first: Text | None = None,
) -> str:
    """Return the address of the page on which a text is read; the first needs no parameter.

    ``page`` is the address of the statement and ``first`` the first text, where they are known.
    """
    asked = {}
    first = first or in_order(statement)[0]
    if text.pk != first.pk:
        asked["text"] = code_of(text)
    if beside:
        asked["beside"] = beside
    page = page or statement.get_absolute_url()
    return f"{page}?{urlencode(asked)}" if asked else page


def blocks_of(body: str) -> Iterator[tuple[int, int]]:
    """Yield where paragraphs begin and end: runs of lines between lines without words."""
    place = 0
    start: int | None = None
    end = 0
    for line in body.split("\n"):
        words = line.strip()
        if words:
            begins = place + line.index(words[0])
            start = begins if start is None else start
            end = begins + len(words)
        elif start is not None:
            yield start, end
            start = None
        place += len(line) + 1
    if start is not None:
        yield start, end


def place_in(address: str, body: str, place: int) -> str:
    """Return the address of the paragraph in which a place of a text lies."""
    number = sum(1 for start, _end in blocks_of(body) if start <= place)
    return f"{address}#t-{max(number, 1)}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A text that one may choose: where it is read, what it is called, whether it is shown."""

    text: Text
    code: str
    url: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a statement's texts a page shows, and the choices it offers."""

    text: Text | None
    beside: Text | None
    texts: list[Choice]
    others: list[Choice]

    @property
    def alone(self) -> str:
        """The address at which the text stands alone, '' where there is none."""
        return next((one.url for one in self.texts if one.chosen), "")

    @property
    def full(self) -> Choice | None:
        """The whole text word for word, where it is held."""
        return next((one for one in self.texts if one.text.kind == "verbatim"), None)


def shown_of(statement: Statement, relatives: Sequence[Statement], asked: QueryDict) -> Shown:
    """Return what a page of a statement shows for the parameters ``text`` and ``beside``.

    ``relatives`` are its public original and versions. All must have their texts at hand; the
    words of those that are shown are fetched here. Raises BadParameterError for a text that
    there is not.
    """
    refuse_unknown(asked, ("text", "beside"))
    own = in_order(statement)
    text = _asked("text", asked, {code_of(one): one for one in own}) or (own[0] if own else None)
    others = {} if text is None else _others(text, own, relatives)
    beside = _asked("beside", asked, others)
    _fetch_bodies(one for one in (text, beside) if one is not None)
    keep = _code_in(others, beside)
    return Shown(
        text,
        beside,
        [
            Choice(one, code_of(one), address_of(statement, one), name_of(one), one is text)
            for one in own
        ],
        [
            Choice(
                one, code, address_of(statement, text, code), _name_beside(one, text), code == keep
            )
            for code, one in others.items()
            if text is not None
        ],
    )


def _others(text: Text, own: Sequence[Text], relatives: Sequence[Statement]) -> dict[str, Text]:
    """Return the texts that may stand beside one, by what they are called in the address."""
    found = {code_of(one): one for one in own if one.language != text.language}
    for relative in relatives:
        texts = in_order(relative)
        # Another statement is named by its slug: the text that its own page shows first.
        if texts and relative.slug not in found:
            found[relative.slug] = texts[0]
    return found


def _name_beside(other: Text, text: Text | None) -> str:
    language = vocabularies.label("language", other.language)
    if text is not None and other.language != text.language and other.kind == text.kind:
        return language
    return name_of(other)


def _asked(name: str, asked: QueryDict, choices: dict[str, Text]) -> Text | None:
    values = asked.getlist(name)
    if not values or values == [""]:
        return None
    if len(values) > 1 or values[0] not in choices:
        raise BadParameterError(
            {
                name: [
                    _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)}
                    if choices
                    else _("There is no other text to choose.")
                ]
            }
        )
    return choices[values[0]]


def _code_in(choices: dict[str, Text], text: Text | None) -> str:
    return next((code for code, one in choices.items() if one is text), "")


def _fetch_bodies(texts: Iterable[Text]) -> None:
    """Fetch the words of texts, all at once."""
    by_key = {text.pk: text for text in texts}
    rows = Text.objects.filter(pk__in=by_key).values_list("pk", "body")
    for key, body in rows if by_key else ():
        by_key[key].body = body
