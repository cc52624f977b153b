"""Words that a page explains where they first stand: each once a page a link to its sentence.

Only our own prose is looked through, before it becomes HTML: descriptions, rationales and
summaries, through the tag that writes our paragraphs. Labels are linked where a template says
``{% term "key" %}…{% endterm %}``. What a page has linked is kept in the root of the
template's render context, which all its includes share.
"""

import re
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from .glossary import OF_THE_PROCESS

_KEY = "explained_words"


@cache
def _pattern(language: str) -> re.Pattern[str]:
    """Return what finds every form of every word; the name of a group is the word's number."""
    forms = [
        (number, word.french if language == "fr" else word.english)
        for number, word in enumerate(OF_THE_PROCESS)
    ]
    either = "|".join(f"(?P<w{number}>{form})" for number, form in forms if form)
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)


class Explained:
    """The words that one page has linked so far."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        try:
            self.page = reverse("about_words")
        except NoReverseMatch:  # then there is nothing to lead to
            self.page = ""

    @classmethod
    def on(cls, context: Any) -> "Explained":
        """Return those of the page that is being written."""
        root: dict[str, Any] = context.render_context.dicts[0]
        found: Explained = root.setdefault(_KEY, None) or cls()
        root[_KEY] = found
        return found

    def link(self, key: str, words: str) -> SafeString:
        """Return words as a link to what ``key`` means, or as they are if that is linked already.

        Words that are not safe are escaped.
        """
        if not self.page or key in self.keys:
            return format_html("{}", words)
        self.keys.add(key)
        return format_html('<a class="term" href="{}#{}">{}</a>', self.page, key, words)

    def prose(self, text: str, language: str) -> SafeString:
        """Return a plain text of ours, escaped, each of its words linked that no text before had.

        But for the links it reads exactly as it did.
        """
        parts, end = [], 0
        for match in _pattern(language).finditer(text) if self.page else ():
            key = OF_THE_PROCESS[int((match.lastgroup or "w0")[1:])].key
            if key in self.keys:
                continue
            parts += [escape(text[end : match.start()]), self.link(key, match[0])]
            end = match.end()
        parts.append(escape(text[end:]))
        return mark_safe("".join(parts))  # noqa: S308 (every part was escaped just here)
