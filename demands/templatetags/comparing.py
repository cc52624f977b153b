"""How quotes of a demand are written: as they stand, and with what another has not."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from kptracker.lib.bilingual import active_language
from kptracker.lib.templatetags.record import lower_first
from kptracker.lib.vocabularies import label

from ..comparing import Comparison, Piece, count_words
from ..models import Mention
from ..quotes import Quote, first_and_latest, language_to_read, quotes_in
from ..record import DemandRecord
from ..standing import verb
from .asked import HOW_KNOWN
from .reading import QUOTATION_MARKS, in_quotation_marks

register = template.Library()

#: So many signs of a quote stand in the list from which one chooses.
IN_A_CHOICE = 70


@dataclass(frozen=True, slots=True)
class InTheirWords:
    """The first and the latest quote of a demand; ``enough`` where two can be compared."""

    shown: list[Quote]
    enough: bool


@register.simple_tag
def in_their_words(record: DemandRecord) -> InTheirWords:
    """Return the quotes that the page of a demand shows by themselves."""
    quotes = quotes_in(record.mentions)
    language = language_to_read(quotes)
    shown = first_and_latest([quote for quote in quotes if quote.language == language])
    return InTheirWords(shown, len(shown) > 1)


@register.simple_tag
def quoted(quote: Quote) -> SafeString:
    """Write a quote."""
    return in_quotation_marks(quote.words, quote.language)


@register.simple_tag
def compared(comparison: Comparison, quote: Quote) -> SafeString:
    """Write one of two quotes, with the words marked that the other has not."""
    found = comparison.difference
    if found is None:
        return quoted(quote)
    later = quote is comparison.later
    words = _marked(found.later if later else found.earlier, "ins" if later else "del")
    return format_html('<div class="diff">{}</div>', in_quotation_marks(words, quote.language))


def _marked(pieces: Iterable[Piece], tag: str) -> SafeString:
    return format_html_join("", "{}", ((_piece(piece, tag),) for piece in pieces))


def _piece(piece: Piece, tag: str) -> SafeString | str:
    words = piece.text.rstrip()
    if piece.same or not words:
        return piece.text
    # The space behind belongs to no mark.
    space = piece.text[len(words) :]
    name = SafeString(tag)
    return format_html("<{}>{}</{}>{}", name, words, name, space)


@register.simple_tag
def text_known(quote: Quote) -> str:
    """Write what the quote was taken from."""
    if quote.text.kind == "verbatim":
        return _("Word for word, from the whole text as we hold it")
    return _("Word for word, from the part of the text that we hold")


@register.simple_tag
def quote_choice(quote: Quote) -> str:
    """Write a quote in the list from which one chooses: when, how, and its first words."""
    mention = quote.mention
    opens, closes = QUOTATION_MARKS.get(quote.language, ("“", "”"))
    return _("%(date)s, %(how)s: %(words)s") % {
        "date": mention.statement.date.words(),
        "how": verb(mention, mention.demand),
        "words": f"{opens}{Truncator(quote.words).chars(IN_A_CHOICE)}{closes}",
    }


@register.simple_tag
def language_name(code: str) -> str:
    """Write the name of a language as it reads inside a sentence."""
    name = label("language", code)
    return lower_first(name) if active_language() == "fr" else name


@register.filter
def words_in(quote: Quote) -> int:
    """Count the words of a quote."""
    return count_words(quote.words)


@register.simple_tag
def paraphrased(mention: Mention) -> str:
    """Write that a paraphrase is ours, and after what it was written."""
    return str(HOW_KNOWN[mention.statement.text_seen])
