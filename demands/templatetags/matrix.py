"""The table of the matrix, written cell by cell: a template would take ten times as long."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kptracker.lib.bilingual import worded
from kptracker.lib.templatetags.record import in_its_language
from statements.models import Meeting
from statements.models.statements import COUNTED_VOICES

from ..codes import STATUS_ORDER, Status
from ..matrix import Figures, Group, Matrix, Row
from ..models import Demand
from ..standing import SIGNS, status_words
from ..standing_on import Stood
from .asked import title_of

register = template.Library()

#: Darker where it was asked more often: from so many on.
SHADES = ((3, "k3"), (2, "k2"))
#: How a cell is drawn that asks nothing.
ONLY = {"criticised": "cr", "welcomed": "we"}


@register.simple_tag
def matrix_table(matrix: Matrix, groups: list[Group]) -> SafeString:
    """Write the head and the rows of this page's part of the matrix."""
    writer = _Writer(matrix)
    html = writer.head() + "".join(writer.group(group) for group in groups)
    return mark_safe(html)  # noqa: S308 (the writer escapes whatever comes from the record)


@register.simple_tag
def status_key() -> list[dict[str, str]]:
    """Return the statuses for the key: sign and words, from met to closed."""
    judged = [code for code in STATUS_ORDER if code != Status.NOT_ASSESSED]
    return [{"sign": SIGNS[code], "words": status_words(code)} for code in judged]


class _Writer:
    """Writes the cells of one page as HTML, in which all that comes from the record is escaped."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.by_status = matrix.by_status
        self.mentions = escape(reverse("demands:mentions"))
        self.criticised = escape(_("criticised"))
        self.welcomed = escape(_("welcomed"))
        self.members = escape(_("by members alone"))
        self.said: dict[Stood, tuple[str, str]] = {}
        #: What does not change from row to row: for each meeting its key, class and last day.
        self.columns = [
            (one, self.column_class(one), matrix.to_come(one), urlencode({"meeting": one.slug}))
            for one in matrix.meetings
        ]
        years = {meetings[0].pk for _year, meetings in matrix.by_year}
        self.first_of_year = [one.pk in years for one in matrix.meetings]
        self.elsewhere = self._elsewhere_query()

    def column_class(self, meeting: Meeting) -> str:
        """Return how a meeting's cells are drawn: hatched where no text of it is held."""
        return "" if meeting.has_text else "h"  # type: ignore[attr-defined]

    def _elsewhere_query(self) -> str:
        pairs = [("meeting_kind", code) for code in self.matrix.other_kinds]
        for name in ("year_from", "year_to"):
            year = self.matrix.year(name)
            if year is not None:
                pairs.append((name, str(year)))
        return urlencode(pairs)

    # --- head -------------------------------------------------------------------------------

    def head(self) -> str:
        """Return the years, and below them the meetings by their place."""
        years = "".join(
            f'<th scope="colgroup" class="yr" id="y{year}" colspan="{len(meetings)}">{year}</th>'
            for year, meetings in self.matrix.by_year
        )
        spans = "".join(
            f'<colgroup span="{len(meetings)}">' for _year, meetings in self.matrix.by_year
        )
        places = "".join(self.place(one) for one in self.matrix.meetings)
        elsewhere = (
            f'<th scope="col" rowspan="2" class="place"><span>{escape(_("elsewhere"))}</span>'
        )
        return (
            f"<colgroup>{spans}<colgroup><thead>"
            f'<tr><th scope="col" rowspan="2">{escape(_("Demand"))}</th>{years}'
            f"{elsewhere}</th></tr>"
            f"<tr>{places}</tr></thead>"
        )

    def place(self, meeting: Meeting) -> str:
        """Return the head of a meeting's column: its place, and its whole title for listeners."""
        css = "place pl" if meeting.kind in ("plenary", "special_plenary") else "place"
        if not meeting.has_text:  # type: ignore[attr-defined]
            css += " h"
        title = worded(meeting, "title")
        notes = [in_its_language(title.text, title.language)]
        if not meeting.has_text:  # type: ignore[attr-defined]
            notes.append(conditional_escape(_("no text in the record")))
        return (
            f'<th scope="col" class="{css}"><a href="{escape(meeting.get_absolute_url())}"'
            f' title="{escape(title.text)}">{self.place_name(meeting)}'
            f'<span class="vh"> · {", ".join(notes)}</span></a></th>'
        )

    def place_name(self, meeting: Meeting) -> SafeString:
        """Return where a meeting was, in a word or two: the city before any comma."""
        if meeting.cancelled:
            return conditional_escape(_("cancelled"))
        city = worded(meeting, "city")
        if city.text:
            return in_its_language(city.text.partition(",")[0], city.language)
        if self.matrix.to_come(meeting):
            return conditional_escape(_("to come"))
        if meeting.format == "virtual":
            return conditional_escape(_("online"))
        return conditional_escape(_("not known"))

    # --- rows -------------------------------------------------------------------------------

    def group(self, group: Group) -> str:
        """Return the rows of a theme below its name."""
        name = worded(group.theme, "name")
        words = in_its_language(name.text, name.language)
        if group.parts > 1:
            part = _("part %(part)d of %(parts)d") % {"part": group.part, "parts": group.parts}
            words = SafeString(f"{words} ({escape(part)})")
        rows = "".join(self.row(row) for row in group.rows)
        return (
            f'<tbody><tr class="theme"><th scope="rowgroup" colspan="{len(self.columns) + 2}">'
            f"<span>{words}</span></th></tr>{rows}</tbody>"
        )

    def row(self, row: Row) -> str:
        """Return a demand and its cells."""
        demand = row.demand
        part = demand.parent is not None and demand.parent.is_published
        css = ' class="pt"' if part else ""
        history = self.matrix.stood.get(demand.pk)
        cells = []
        before: Stood | None = None
        for (meeting, hatched, to_come, query), begins in zip(
            self.columns, self.first_of_year, strict=True
        ):
            figures = row.at.get(meeting.pk)
            inner = self.figure(demand, figures, query) if figures else ""
            classes = f"{hatched} y" if begins else hatched
            title = ""
            if history is not None and not to_come:
                stood = history.on(meeting.sort_on)
                if stood.judged:
                    again = history.asked_again(meeting.sort_on)
                    drawn, title, glyph = self.status(stood, meeting, stood != before, again)
                    classes = f"{classes} {drawn}"
                    inner += glyph
                before = stood
            classes = classes.strip()
            name = f' class="{classes}"' if classes else ""
            cells.append(f"<td{name}{title}>{inner}</td>")
        figures = row.elsewhere_figures
        inner = self.figure(demand, figures, self.elsewhere) if figures.number else ""
        return (
            f'<tr><th scope="row"{css}><a href="{escape(demand.get_absolute_url())}">'
            f'{title_of(demand)}</a></th>{"".join(cells)}<td class="els">{inner}</td></tr>'
        )

    def figure(self, demand: Demand, figures: Figures, query: str) -> str:
        """Return how often it was asked there, as a link to those very mentions."""
        kind, number = figures.kind, figures.number
        hidden = {"criticised": self.criticised, "welcomed": self.welcomed}.get(kind, "")
        css = ONLY.get(kind) or next((shade for least, shade in SHADES if number >= least), "")
        if figures.members_alone:
            css = f"{css} m".strip()
            hidden = f"{hidden} {self.members}".strip()
        pairs: list[tuple[str, Any]] = [("kind", kind)]
        pairs += [("voice", voice) for voice in COUNTED_VOICES]
        pairs.append(("demand", demand.slug))
        address = f"{self.mentions}?{escape(urlencode(pairs))}&amp;{escape(query)}"
        name = f' class="{css}"' if css else ""
        words = f'<span class="vh"> {hidden}</span>' if hidden else ""
        return f'<a{name} href="{address}">{number}{words}</a>'

    def status(
        self, stood: Stood, meeting: Meeting, changed: bool, again: bool
    ) -> tuple[str, str, str]:
        """Return class, title and sign of how a demand stood after a meeting.

        ``again``: it had been asked again since it was judged. The sign stands in each cell;
        the date of the judgement where it begins.
        """
        css = f"s-{stood.sign} tint"
        if stood.confirmed:
            css += " sure"
        if again or stood.old(meeting.sort_on):
            css += " old"
        if changed:
            css += " new"
        if stood not in self.said:
            self.said[stood] = self._said(stood)
        words, dated = self.said[stood]
        full = " full" if stood.confirmed else ""
        glyph = (
            f'<svg class="g{full}" aria-hidden="true"><use href="#{stood.sign}"/></svg>'
            f'<span class="vh"> {dated if changed else words}{self.again if again else ""}</span>'
        )
        return css, f' title="{dated}"' if changed else "", glyph

    @cached_property
    def again(self) -> str:
        """What is said where a demand had been asked again since it was judged."""
        return f", {escape(_('asked again since'))}"

    def _said(self, stood: Stood) -> tuple[str, str]:
        """Return a status in words, and with its date and whether somebody confirmed it."""
        confirmed = _("confirmed") if stood.confirmed else _("provisional")
        date = stood.dated.words(short=True) if stood.dated else ""
        return escape(stood.words), escape(f"{stood.words}, {date}, {confirmed}")
