"""Ready citations: what is cited, and the forms in which it leaves: BibTeX and RIS.

The rooms fill a ``Citation`` from what visitors may see; nothing is made up: what is not known
is left out, and the day on which somebody read the page is the reader's own to add.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from .partial_dates import PartialDate

#: LaTeX reads these as commands. Braces are spelt out: BibTeX counts bare ones even after "\".
LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "#$%&_"},
    }
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited, in the reader's language.

    ``key`` names it in the record, ``plain`` is the citation in one line, ``record`` the site
    that holds it. ``date`` is that of what is cited, as far as it is known; ``state_of`` the day
    on which the published record last changed, ``source`` the page on which it was published.
    """

    key: str
    plain: str
    title: str
    record: str
    url: str
    authors: tuple[str, ...] = ()
    date: PartialDate | None = None
    state_of: datetime.date | None = None
    language: str = ""
    source: str = ""
    note: str = ""

    @property
    def when(self) -> PartialDate | None:
        """The date to print: its own, else that of the state of the record."""
        if self.date is None and self.state_of is not None:
            return PartialDate(self.state_of, self.state_of)
        return self.date

    @property
    def notes(self) -> list[str]:
        """What does not belong into any field of its own."""
        notes = [self.note] if self.note else []
        if self.source:
            notes.append(_("Source: %(source)s.") % {"source": self.source})
        if self.date is not None and self.state_of is not None:
            notes.append(_("State of the record: %(date)s.") % {"date": self.state_of.isoformat()})
        return notes


def record_name() -> str:
    """Return the name under which this record is cited."""
    return _("KP Demand Tracker")


def one_line(text: str) -> str:
    """Return a text without line breaks and control characters, blanks single."""
    visible = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text
    )
    return " ".join(visible.split())


# --- BibTeX --------------------------------------------------------------------------------


def bibtex(citation: Citation) -> str:
    """Return the citation as a BibTeX file of one entry, in UTF-8.

    ``date`` is for biblatex, year and month for older styles. Names stand in braces of their
    own: they are bodies, not a first and a last name.
    """
    lines = [f"@misc{{{re.sub(r'[^A-Za-z0-9-]', '-', citation.key)},"]
    lines += [f"  {name} = {value}," for name, value in _fields(citation)]
    return "\n".join(["% Encoding: UTF-8", *lines, "}", ""])


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    if citation.authors:
        yield "author", _braced(" and ".join(_braced(_latex(name)) for name in citation.authors))
    else:
        # By what styles sort an entry without an author.
        yield "key", _braced(_latex(citation.record))
    yield "title", _braced(_braced(_latex(citation.title)))
    yield "howpublished", _braced(_latex(citation.record))
    if (when := citation.when) is not None:
        yield "date", _braced(str(when))
        yield "year", _braced(f"{when.first:%Y}")
        if when.precision != "year":
            yield "month", MONTHS[when.first.month - 1]
    if citation.language:
        yield "language", _braced(_latex(citation.language))
    yield "url", _braced(quote(one_line(citation.url), safe="/:?#[]@!$&'()*+,;=%~"))
    if citation.notes:
        yield "note", _braced(_latex(" ".join(citation.notes)))


def _latex(text: str) -> str:
    return one_line(text).translate(LATEX)


def _braced(text: str) -> str:
    return f"{{{text}}}"


# --- RIS -----------------------------------------------------------------------------------


def ris(citation: Citation) -> str:
    """Return the citation as a RIS file of one entry, of the kind "web page", in UTF-8.

    One line per field: two letters, two blanks, a hyphen, a blank. A date has its three
    strokes even where the day or the month is not known.
    """
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _tagged(citation))


def _tagged(citation: Citation) -> Iterable[tuple[str, str]]:
    yield "TY", "ELEC"
    yield "ID", one_line(citation.key)
    for name in citation.authors:
        # An asterisk is not allowed in a name.
        yield "AU", one_line(name.replace("*", " "))
    yield "TI", one_line(citation.title)
    yield "T2", one_line(citation.record)
    if (when := citation.when) is not None:
        parts = str(when).split("-")
        yield "PY", parts[0]
        yield "DA", "/".join([*parts, "", "", ""][:3]) + "/"
    if citation.language:
        yield "LA", one_line(citation.language)
    yield "UR", one_line(citation.url)
    for note in citation.notes:
        yield "N1", one_line(note)
    yield "ER", ""
