"""What is said to the editor about a document: why it is not read, and what was done to it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Why a document is not read, by the worker's code. Each says what is wrong and what to do.
REFUSALS: Mapping[str, Callable[[], str]] = {
    "empty": lambda: _("“%(name)s” is empty: choose the file again, or paste its text."),
    "no_words": lambda: _("“%(name)s” holds no words: choose another file, or paste the text."),
    "corrupt": lambda: _(
        "“%(name)s” is damaged and cannot be read: open it in the program that made it and save it "
        "again, or paste its text."
    ),
    "locked": lambda: _(
        "“%(name)s” is locked with a password: save a copy without one and bring that."
    ),
    "no_text_layer": lambda: _(
        "“%(name)s” has pages but no text layer, only pictures of text: run text recognition (OCR) "
        "over it first, or paste the text."
    ),
    "too_many_pages": lambda: _(
        "“%(name)s” has %(pages)s pages, and documents of %(most)s or more are not read: save the "
        "pages of the statement as a file of their own."
    ),
    "too_many_members": lambda: _(
        "“%(name)s” holds %(members)s files inside, more than the %(most)s of any real document: "
        "open it in a word processor, copy the text and paste it."
    ),
    "unpacks_too_large": lambda: _(
        "“%(name)s” unpacks to %(megabytes)s MB, more than the %(most)s MB allowed: take the "
        "pictures out of it, or paste its text."
    ),
    "foreign_parts": lambda: _(
        "“%(name)s” refers to parts that lie outside it, which are never opened: open it in a word "
        "processor and save it again, or paste its text."
    ),
    "nul": lambda: _(
        "“%(name)s” has NUL bytes in its text, as damaged files have: save it again as UTF-8 text, "
        "or paste the text."
    ),
    "binary": lambda: _(
        "“%(name)s” is not text inside: bring the document as .docx, .odt, .pdf, .html or .txt, or "
        "paste its text."
    ),
    "encoding": lambda: _(
        "The encoding of “%(name)s” cannot be told: save it again as UTF-8 text, or paste the text."
    ),
    "old_word": lambda: _(
        "“%(name)s” is in the old format of Word (.doc), which is not read: open it in Word or "
        "LibreOffice and save it as .docx."
    ),
    "rtf": lambda: _(
        "“%(name)s” is in Rich Text Format (.rtf), which is not read: open it in a word processor "
        "and save it as .docx or .odt."
    ),
    "picture": lambda: _(
        "“%(name)s” is a picture, not text: run text recognition (OCR) over it, or type the text "
        "and paste it."
    ),
    "archive": lambda: _(
        "“%(name)s” is an archive: unpack it and bring the documents in it one by one."
    ),
    "no_document": lambda: _(
        "“%(name)s” is a table, a set of slides or a drawing and not a text document: copy the "
        "text and paste it."
    ),
    "not_what_it_says": lambda: _(
        "“%(name)s” is called .%(kind)s but is no such file inside: it may be damaged, or a web "
        "page saved under that name. Fetch it again, or paste its text."
    ),
    "unknown_kind": lambda: _(
        "“%(name)s” is of a kind that is not read: bring it as .docx, .odt, .pdf, .html or .txt, "
        "or paste its text."
    ),
    "too_large": lambda: _(
        "“%(name)s” has %(megabytes)s MB, more than the %(most)s MB allowed: take the pictures out "
        "of it, or paste its text."
    ),
    "too_much_text": lambda: _(
        "“%(name)s” holds %(signs)s signs of text, more than the %(most)s allowed: bring only the "
        "pages of the statement."
    ),
    "time": lambda: _(
        "Reading “%(name)s” took more than %(seconds)s seconds and was stopped: save it in another "
        "format, or paste its text."
    ),
    "memory": lambda: _(
        "Reading “%(name)s” took more than %(memory)s MB of memory and was stopped: save it in "
        "another format, or paste its text."
    ),
}


def refusal(code: str, name: str, details: Mapping[str, Any]) -> str:
    """Return the sentence that says why a document is not read and what to do about it."""
    sentence = REFUSALS.get(code, REFUSALS["corrupt"])()
    return sentence % {"name": name, **details}


def reading_notes(notes: Mapping[str, Any]) -> list[str]:
    """Return in words what the reader of a document left out or decided."""
    sentences = []
    if bare := notes.get("pages_without_text"):
        sentences.append(
            ngettext(
                "One page has no text, perhaps a picture of text: %(pages)s.",
                "%(count)s pages have no text, perhaps pictures of text: %(pages)s.",
                len(bare),
            )
            % {"count": len(bare), "pages": ", ".join(map(str, bare))}
        )
    if notes.get("right_to_left"):
        sentences.append(
            _("The PDF holds text that runs from right to left: check the order of its words.")
        )
    if notes.get("tracked_changes"):
        sentences.append(_("The document has tracked changes: they are read as if accepted."))
    if count := notes.get("footnotes_at_end"):
        sentences.append(
            ngettext(
                "One footnote stands at the end of the text.",
                "%(count)s footnotes stand at the end of the text.",
                count,
            )
            % {"count": count}
        )
    if notes.get("frame_left_out"):
        sentences.append(_("Only the article of the web page is read; what frames it is left out."))
    return sentences
