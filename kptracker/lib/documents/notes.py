"""What cleaning did to a text, kept so that an editor can read it in their own language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: How many examples a sentence shows.
EXAMPLES = 5


@dataclass(frozen=True)
class Note:
    """One kind of change: its code, how often it was made, and examples of it."""

    code: str
    count: int
    examples: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Say what was changed, in the language of the moment."""
        shown = ", ".join(self.examples[:EXAMPLES])
        if len(self.examples) > EXAMPLES:
            shown += " …"
        return _sentence(self.code, self.count) % {"count": self.count, "shown": shown}

    def __str__(self) -> str:
        return self.words


def _sentence(code: str, count: int) -> str:
    """Return the sentence for a kind of change."""
    if code == "invisible":
        return ngettext(
            "%(count)s invisible sign removed: %(shown)s.",
            "%(count)s invisible signs removed: %(shown)s.",
            count,
        )
    if code == "soft_hyphens":
        return ngettext("%(count)s soft hyphen removed.", "%(count)s soft hyphens removed.", count)
    if code == "ligatures":
        return ngettext(
            "%(count)s ligature written as letters: %(shown)s.",
            "%(count)s ligatures written as letters: %(shown)s.",
            count,
        )
    if code == "accents":
        return _("Letters and their accents put together (Unicode NFC).")
    if code == "hyphens_closed":
        return ngettext(
            "%(count)s word joined that a line end had divided: %(shown)s.",
            "%(count)s words joined that line ends had divided: %(shown)s.",
            count,
        )
    if code == "hyphens_kept":
        return ngettext(
            "%(count)s word joined at a line end, its hyphen kept: %(shown)s.",
            "%(count)s words joined at line ends, their hyphens kept: %(shown)s.",
            count,
        )
    if code == "line_breaks":
        return ngettext(
            "%(count)s line break inside a paragraph removed.",
            "%(count)s line breaks inside paragraphs removed.",
            count,
        )
    if code == "unreadable":
        return ngettext(
            "%(count)s sign could not be read and stands as �: correct it by hand.",
            "%(count)s signs could not be read and stand as �: correct them by hand.",
            count,
        )
    return _("%(count)s changes of another kind.")


def merged(notes: list[Note]) -> list[Note]:
    """Return the notes with those of one kind made one, in the order they first came."""
    kinds: dict[str, Note] = {}
    for note in notes:
        before = kinds.get(note.code, Note(note.code, 0))
        kinds[note.code] = Note(
            note.code, before.count + note.count, before.examples + note.examples
        )
    return list(kinds.values())
