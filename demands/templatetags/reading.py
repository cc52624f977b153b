"""A text as it is read: marked passages, numbers, and beside them what they raise.

Built here and not in nested templates: a page holds hundreds of marks and notes.
"""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kptracker.lib.bilingual import active_language, worded
from kptracker.lib.pages import permalink
from kptracker.lib.templatetags.record import direction_of, in_its_language, lower_first
from kptracker.lib.vocabularies import label
from statements.citing import citation
from statements.models import Statement, Text
from statements.shown_texts import Shown
from statements.speaking import Speaker
from statements.templatetags.said import is_page, source, speaker_shown

from ..in_place import place_of
from ..models import Mention
from ..quoting import THEIR_WORDS
from ..raising import Raised
from ..reading import Paragraph, Segment
from ..reading_page import Note, Reading, Row, reading_of
from .asked import demand_link, raised, status

register = template.Library()

#: Quotation marks, by the language of the words; others have those of English.
QUOTATION_MARKS = {"fr": ("«\u00a0", "\u00a0»"), "ar": ("«", "»")}
#: Stands for a reference in an address, and for an address in a citation, until it is known.
ADDRESS = "P-000000000"


@register.simple_tag
def text_read(statement: Statement, raises: Raised, shown: Shown) -> Reading | None:
    """Return the page on which a text of a statement is read, None where none is held."""
    if shown.text is None:
        return None
    return reading_of(statement, raises, shown.text, shown.beside)


@register.simple_tag(takes_context=True)
def text_rows(context: Any, reading: Reading) -> SafeString:
    """Write a text with its marks, and the notes beside the paragraphs they belong to."""
    writer = _Writer(context, reading)
    html = "\n".join(writer.row(row) for row in reading.rows)
    return mark_safe(html)  # noqa: S308 (the writer escapes whatever comes from the record)


@register.simple_tag
def quotation(mention: Mention) -> SafeString:
    """Write the words that a mention quotes, in the quotation marks of their language."""
    language = mention.quote_language or mention.statement.language
    return in_quotation_marks(mention.quote, language)


def in_quotation_marks(words: SafeString | str, language: str) -> SafeString:
    """Return words of theirs as a quotation in the marks of their language."""
    opens, closes = QUOTATION_MARKS.get(language, ("“", "”"))
    return format_html(
        '<blockquote class="theirs" lang="{}" dir="{}"><p>{}{}{}</p></blockquote>',
        language,
        direction_of(language),
        opens,
        words,
        closes,
    )


@register.simple_tag
def in_place(mention: Mention) -> SafeString:
    """Write the link to where a mention stands in its statement; '' where it has no place."""
    found = place_of(mention)
    if not found.url:
        return SafeString("")
    return format_html(' · <a href="{}">{}</a>', found.url, _("read it in place"))


@register.simple_tag
def direction(text: Text) -> str:
    """Write in which direction a text is written."""
    return direction_of(text.language)


class _Writer:
    """Writes the rows of one page as HTML, in which all that comes from the record is escaped.

    Plain strings, and words that stand in every note looked up once: a page of 60 passages is
    written in half the time.
    """

    def __init__(self, context: Any, reading: Reading) -> None:
        self.context = context
        self.reading = reading
        self.notes_name = escape(_("What is raised here"))
        self.note_name = escape(_("Note %(number)s"))
        self.passage_name = escape(_("Passage %(number)s"))
        self.gist = escape(_("Our gist:"))
        self.cite = escape(_("Cite"))
        self.cite_too = escape(_("Our gist, cite"))
        self.mention_address = permalink("mention", ADDRESS)
        self.passage_address = permalink("passage", ADDRESS)
        self.cited: dict[int, str] = {}

    def row(self, row: Row) -> str:
        """Return paragraphs, those beside them, their notes, and what follows without notes."""
        notes = "".join(self.note(note) for note in row.notes)
        if notes:
            notes = f'<ol class="notes" aria-label="{self.notes_name}">{notes}</ol>'
        css = "par" if self.reading.beside is None else "par two"
        first = self.columns(row.paragraphs, row.beside)
        return f'<div class="{css}">{first}{notes}{self.columns(row.more, row.more_beside)}</div>'

    def columns(self, left: Sequence[Paragraph], right: Sequence[Paragraph]) -> str:
        """Return paragraphs of the text, and those of the one beside it."""
        if not left:
            return ""
        columns = self.column(self.reading.text, left)
        if self.reading.beside is not None:
            columns += self.column(self.reading.beside, right)
        return columns

    def column(self, text: Text, paragraphs: Sequence[Paragraph]) -> str:
        """Return paragraphs of one text, in its language and direction."""
        theirs = text.kind in THEIR_WORDS
        # Search leads to a paragraph; those of a text beside have no address of their own.
        name = ' id="t-%d"' if text is self.reading.text else ""
        body = "".join(
            f"<p{name and name % paragraph.number}>"
            f"{''.join(self.words(one, theirs=theirs) for one in paragraph.segments)}</p>"
            for paragraph in paragraphs
        )
        css = "text words" if theirs else "text"
        language = escape(text.language)
        return f'<div class="{css}" lang="{language}" dir="{direction_of(language)}">{body}</div>'

    def words(self, segment: Segment, *, theirs: bool) -> str:
        """Return words with their mark; after the last of a passage, the number of its note."""
        words = escape(segment.text).replace("\n", "<br>")
        if not segment.passages:
            return words
        first, *more = [f' id="p-{one.number}"' for one in segment.begins] or [""]
        for address in more:
            # A place that several passages share has the address of each.
            words = f"<span{address}>{words}</span>"
        tag, css = ("mark", "") if theirs else ("span", "touch")
        if len(segment.passages) > 1:
            css = f"{css} twice".strip()
        name = f' class="{css}"' if css else ""
        numbers = " ".join(str(one.number) for one in segment.passages)
        return f'<{tag}{name}{first} data-p="{numbers}">{words}</{tag}>{self.numbers(segment)}'

    def numbers(self, segment: Segment) -> str:
        """Return the numbers that lead to the notes of passages that end here."""
        links = []
        for passage in segment.ends:
            note = self.reading.note_of[passage.pk]
            name = self.note_name % {"number": note.number}
            links.append(
                f'<a href="#n-{note.passage.number}" aria-label="{name}"'
                f' data-p="{passage.number}">{note.number}</a>'
            )
        return f"<sup>{' '.join(links)}</sup>" if links else ""

    def note(self, note: Note) -> str:
        """Return what one passage raises: how, which demand, where it stands, how to cite it."""
        mention, number = note.mention, note.passage.number
        gist, adds = self.gist_of(note)
        folded = "" if adds else gist
        name = self.passage_name % {"number": note.number}
        return (
            f'<li id="n-{number}" data-p="{" ".join(str(one.number) for one in note.passages)}">'
            f'<a class="num" href="#p-{number}" aria-label="{name}">{note.number}</a>'
            f'<span class="muted">{escape(raised(mention))}</span>'
            f"<div>{demand_link(mention.demand, '')}<br>{status(mention.demand, 'inline')}"
            f'{gist if adds else ""}<div class="how">{self.how(mention)}'
            f'<details class="cite"><summary>{self.cite_too if folded else self.cite}</summary>'
            f'{folded}<p dir="auto">{escape(self.citation(note))}</p></details>'
            "</div></div></li>"
        )

    def gist_of(self, note: Note) -> tuple[str, bool]:
        """Return our gist of the words, and whether it tells this reader more than they do.

        Beside words that the reader can read it is kept folded; a summary is our words already.
        """
        text, found = note.passage.text, worded(note.mention, "paraphrase")
        assert text is not None  # noqa: S101
        if not found.text or text.kind not in THEIR_WORDS:
            return "", False
        words = in_its_language(found.text, found.language)
        return f'<p class="gist">{self.gist} {words}</p>', text.language != active_language()

    def how(self, mention: Mention) -> str:
        """Return what the page does not say of all: who said it, how sure; and its address."""
        statement = mention.statement
        parts: list[str] = []
        spoken: Speaker | None = mention.spoken_by  # type: ignore[attr-defined]
        speakers: list[Speaker] = statement.spoken_by  # type: ignore[attr-defined]
        if spoken and [spoken.person] != [one.person for one in speakers]:
            parts.append(speaker_shown(spoken))
        if mention.confidence and mention.confidence != statement.confidence:
            parts.append(escape(lower_first(label("confidence", mention.confidence))))
        if is_page(mention.source_url) and mention.source_url != statement.source_url:
            link = source(self.context, mention.source_url)
            parts.append(f"{escape(_('source:'))} {link}")
        address = self.mention_address.replace(ADDRESS, mention.reference)
        parts.append(f'<a href="{escape(address)}">{escape(mention.reference)}</a>')
        return "".join(f"<span>{part}</span>" for part in parts)

    def citation(self, note: Note) -> str:
        """Return how a passage is cited; but for the address, the same for all of a text."""
        text, statement = note.passage.text, note.mention.statement
        assert text is not None  # noqa: S101
        if text.pk not in self.cited:
            self.cited[text.pk] = citation(
                statement,
                statement.issued_by,  # type: ignore[attr-defined]
                ADDRESS,
                in_our_words=text.kind not in THEIR_WORDS,
            )
        address = self.passage_address.replace(ADDRESS, note.passage.reference)
        return self.cited[text.pk].replace(ADDRESS, address)
