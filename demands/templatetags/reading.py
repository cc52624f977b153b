"""A text as it is read: marked passages, numbers, and beside them what they raise.

Built here and not in nested templates: a page holds hundreds of marks and notes.
"""

from typing import Any

from django import template
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kptracker.lib.bilingual import worded
from kptracker.lib.pages import permalink
from kptracker.lib.templatetags.record import direction_of, in_its_language, lower_first
from kptracker.lib.vocabularies import label
from statements.citing import citation
from statements.models import Statement, Text
from statements.shown_texts import Shown
from statements.templatetags.said import source, speaker_shown

from ..in_place import place_of
from ..models import Mention
from ..quoting import THEIR_WORDS
from ..raising import Raised
from ..reading import Paragraph, Segment
from ..reading_page import Note, Reading, reading_of
from .asked import demand_link, raised, status

register = template.Library()

#: Quotation marks, by the language of the words; others have those of English.
QUOTATION_MARKS = {"fr": ("«\u00a0", "\u00a0»"), "ar": ("«", "»")}


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
    return format_html_join("\n", "{}", ((writer.row(row),) for row in reading.rows))


@register.simple_tag
def quotation(mention: Mention) -> SafeString:
    """Write the words that a mention quotes, in the quotation marks of their language."""
    language = mention.quote_language or mention.statement.language
    opens, closes = QUOTATION_MARKS.get(language, ("“", "”"))
    return format_html(
        '<blockquote class="theirs" lang="{}" dir="{}"><p>{}{}{}</p></blockquote>',
        language,
        direction_of(language),
        opens,
        mention.quote,
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
def ready_citation(statement: Statement, text: Text | None = None) -> str:
    """Write how a statement is cited: its issuers must be at hand (``issued_by``)."""
    return citation(
        statement,
        statement.issued_by,  # type: ignore[attr-defined]
        permalink("statement", statement.slug),
        in_our_words=text is None or text.kind not in THEIR_WORDS,
    )


@register.simple_tag
def direction(text: Text) -> str:
    """Write in which direction a text is written."""
    return direction_of(text.language)


class _Writer:
    """Writes the rows of one page; words that stand in every note are looked up once."""

    def __init__(self, context: Any, reading: Reading) -> None:
        self.context = context
        self.reading = reading
        self.notes_name = _("What is raised here")
        self.note_name = _("Note %(number)s")
        self.passage_name = _("Passage %(number)s")
        self.gist = _("Our gist:")
        self.cite = _("Cite this passage")

    def row(self, row: Any) -> SafeString:
        """Return paragraphs, those beside them, and their notes."""
        texts = [self.column(self.reading.text, row.paragraphs)]
        if self.reading.beside is not None:
            texts.append(self.column(self.reading.beside, row.beside))
        notes = format_html_join("", "{}", ((self.note(note),) for note in row.notes))
        if notes:
            notes = format_html('<ol class="notes" aria-label="{}">{}</ol>', self.notes_name, notes)
        return format_html(
            '<div class="{}">{}{}</div>',
            "par" if len(texts) == 1 else "par two",
            SafeString("".join(texts)),
            notes,
        )

    def column(self, text: Text, paragraphs: list[Paragraph]) -> SafeString:
        """Return paragraphs of one text, in its language and direction."""
        theirs = text.kind in THEIR_WORDS
        body = "".join(
            f"<p>{''.join(self.words(one, theirs=theirs) for one in paragraph.segments)}</p>"
            for paragraph in paragraphs
        )
        return format_html(
            '<div class="{}" lang="{}" dir="{}">{}</div>',
            "text words" if theirs else "text",
            text.language,
            direction_of(text.language),
            mark_safe(body),  # noqa: S308 (every word was escaped)
        )

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
            name = escape(self.note_name % {"number": note.number})
            links.append(
                f'<a href="#n-{note.passage.number}" aria-label="{name}"'
                f' data-p="{passage.number}">{note.number}</a>'
            )
        return f"<sup>{' '.join(links)}</sup>" if links else ""

    def note(self, note: Note) -> SafeString:
        """Return what one passage raises: how, which demand, where it stands, how to cite it."""
        mention, number = note.mention, note.passage.number
        return format_html(
            '<li id="n-{}" data-p="{}"><a class="num" href="#p-{}" aria-label="{}">{}</a>'
            '<span class="muted">{}</span><div>{}<br>{}{}<p class="how">{}</p>'
            '<details class="cite"><summary>{}</summary><p dir="auto">{}</p></details></div></li>',
            number,
            " ".join(str(one.number) for one in note.passages),
            number,
            self.passage_name % {"number": note.number},
            note.number,
            raised(mention),
            demand_link(mention.demand, ""),
            status(mention.demand, "inline"),
            self.paraphrase(note),
            self.how(mention),
            self.cite,
            self.citation(note),
        )

    def paraphrase(self, note: Note) -> SafeString:
        """Return our gist of their words; beside a summary of ours it would say it twice."""
        assert note.passage.text is not None  # noqa: S101
        found = worded(note.mention, "paraphrase")
        if not found.text or note.passage.text.kind not in THEIR_WORDS:
            return SafeString("")
        words = in_its_language(found.text, found.language)
        return format_html('<p class="gist">{} {}</p>', self.gist, words)

    def how(self, mention: Mention) -> SafeString:
        """Return who said it, how sure that is, its source, and its permanent address."""
        statement = mention.statement
        parts: list[Any] = [speaker_shown(mention.spoken_by)]  # type: ignore[attr-defined]
        if mention.confidence:
            parts.append(lower_first(label("confidence", mention.confidence)))
        if mention.source_url and mention.source_url != statement.source_url:
            parts.append(
                format_html("{} {}", _("source:"), source(self.context, mention.source_url))
            )
        address = permalink("mention", mention.reference)
        parts.append(format_html('<a href="{}">{}</a>', address, mention.reference))
        return format_html_join(" · ", "{}", ((part,) for part in parts if part))

    def citation(self, note: Note) -> SafeString:
        """Return how a passage is cited."""
        passage, statement = note.passage, note.mention.statement
        assert passage.text is not None  # noqa: S101
        ready = citation(
            statement,
            getattr(statement, "issued_by", ()),
            permalink("passage", passage.reference),
            in_our_words=passage.text.kind not in THEIR_WORDS,
        )
        return conditional_escape(ready)
