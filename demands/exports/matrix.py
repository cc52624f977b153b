"""What leaves of the matrix: a row for each demand and meeting, and each occasion elsewhere.

The file is computed by the functions that draw the page, so that both say the same; where a
demand stood after a meeting follows from rules that SQL would have to repeat.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from kptracker.lib import vocabularies
from kptracker.lib.bilingual import worded
from kptracker.lib.columns import Column, ComputedExport, Kind
from kptracker.lib.partial_dates import PartialDate
from statements.models import Meeting

from ..matrix import Figures, Matrix
from ..models import Demand, Occasion
from ..standing_on import Stood
from .wording import CONFIRMED, PROVISIONAL


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One demand on one occasion: at a meeting that is a column, or elsewhere."""

    demand: Demand
    meeting: Meeting | None
    occasion: Occasion | None
    figures: Figures
    stood: Stood | None
    #: Whether it had been asked again by then, after it was judged.
    again: bool

    @property
    def year(self) -> int:
        """The year of the meeting or of the month."""
        return self.occasion.year if self.meeting is None else self.meeting.year  # type: ignore[union-attr]


def matrix_rows(matrix: Matrix) -> Iterator[MatrixRow]:
    """Yield demand by demand its meetings in order of time, then its occasions elsewhere."""
    # All questions are asked here, before the first byte leaves.
    groups = [group for page in matrix.pages for group in page]
    histories = matrix.histories(groups)
    meetings = matrix.meetings
    elsewhere = matrix.meetings_elsewhere
    return _rows(matrix, groups, histories, meetings, elsewhere)


def _rows(
    matrix: Matrix, groups: Any, histories: Any, meetings: list[Meeting], elsewhere: Any
) -> Iterator[MatrixRow]:
    nothing = Figures()
    for group in groups:
        for row in group.rows:
            history = histories[row.demand.pk]
            for one in meetings:
                stood = None if matrix.to_come(one) else history.on(one.sort_on)
                again = history.asked_again(one.sort_on)
                yield MatrixRow(row.demand, one, None, row.at.get(one.pk, nothing), stood, again)
            for occasion in row.elsewhere:
                figures = Figures()
                figures.add(occasion)
                yield MatrixRow(
                    row.demand,
                    elsewhere.get(occasion.meeting_id),
                    occasion,
                    figures,
                    history.on(occasion.last_day),
                    history.asked_again(occasion.last_day),
                )


def matrix_columns(language: str, today: date) -> list[Column]:
    """Return the columns of matrix.csv; each takes its value from a ``MatrixRow``."""

    def named(row: Any, name: str) -> str:
        return str(worded(row, name, language)) if row is not None else ""

    def of_meeting(value: Callable[[Meeting], Any]) -> Callable[[MatrixRow], Any]:
        return lambda row: value(row.meeting) if row.meeting is not None else None

    def judged(value: Callable[[Stood], Any]) -> Callable[[MatrixRow], Any]:
        return lambda row: value(row.stood) if row.stood is not None and row.stood.judged else None

    def known(value: PartialDate | None) -> str:
        return str(value) if value else ""

    with translation.override(language):
        confirmed, provisional = translate(CONFIRMED), translate(PROVISIONAL)
    site = settings.SITE_URL
    return [
        Column(
            "demand_reference",
            lambda row: row.demand.reference,
            _("The permanent key of the demand."),
            Kind.KEY,
            ours=True,
        ),
        Column(
            "permalink",
            lambda row: f"{site}/d/{row.demand.reference}",
            _("The address of the demand's page, which stays."),
            Kind.URL,
            ours=True,
        ),
        Column("demand_slug", lambda row: row.demand.slug, _("The demand by its slug."), Kind.KEY),
        Column("demand_title", lambda row: row.demand.title, _("What is asked.")),
        Column("demand_title_fr", lambda row: row.demand.title_fr, _("The same in French.")),
        *_coded(
            "kind",
            "demand_kind",
            _("A demand, a position or a commitment."),
            language,
            lambda row: row.demand.kind,
        ),
        Column("theme_slug", lambda row: row.demand.theme.slug, _("The theme."), Kind.KEY),
        Column("theme", lambda row: named(row.demand.theme, "name"), _("The theme by name.")),
        Column(
            "parent_reference",
            lambda row: (
                row.demand.parent.reference
                if row.demand.parent is not None and row.demand.parent.is_published
                else ""
            ),
            _("The wider demand of which it is a part."),
            Kind.KEY,
            ours=True,
        ),
        Column(
            "elsewhere",
            lambda row: row.occasion is not None,
            _("Whether the occasion is none of the meetings chosen: another one, or a month."),
            Kind.YES_NO,
        ),
        Column(
            "meeting_slug",
            of_meeting(lambda meeting: meeting.slug),
            _("The meeting; empty outside meetings."),
            Kind.KEY,
        ),
        Column(
            "meeting_permalink",
            of_meeting(lambda meeting: f"{site}/k/{meeting.slug}"),
            _("The address of the meeting's page, which stays."),
            Kind.URL,
            ours=True,
        ),
        Column(
            "meeting",
            of_meeting(lambda meeting: named(meeting, "title")),
            _("The same meeting by its title."),
        ),
        *_coded(
            "meeting_kind",
            "meeting_kind",
            _("The kind of meeting."),
            language,
            of_meeting(lambda meeting: meeting.kind),
        ),
        Column("year", lambda row: row.year, _("The year of the occasion."), Kind.INTEGER),
        Column(
            "start_date",
            of_meeting(lambda meeting: known(meeting.start)),
            _("The first day of the meeting, as known."),
            Kind.DATE,
        ),
        Column(
            "end_date",
            of_meeting(lambda meeting: known(meeting.end)),
            _("The last day of the meeting, as known."),
            Kind.DATE,
        ),
        Column(
            "month",
            lambda row: row.occasion.key if row.meeting is None and row.occasion else None,
            _("Outside meetings the month, or the year where only that is known."),
            Kind.DATE,
        ),
        Column(
            "cancelled",
            of_meeting(lambda meeting: meeting.cancelled),
            _("Whether the meeting was cancelled."),
            Kind.YES_NO,
        ),
        Column(
            "text_in_record",
            of_meeting(lambda meeting: meeting.has_text),  # type: ignore[attr-defined]
            _("Whether a text from the meeting is in the record; if not, a 0 says nothing."),
            Kind.YES_NO,
        ),
        Column(
            "asked",
            lambda row: row.figures.asked,
            _("How many mentions ask it there, of the coalition or a member."),
            Kind.INTEGER,
        ),
        Column(
            "asked_by_members_alone",
            lambda row: not row.figures.asked_by_coalition if row.figures.asked else None,
            _("Whether members alone asked."),
            Kind.YES_NO,
        ),
        Column(
            "criticised",
            lambda row: row.figures.criticised,
            _("How many mentions criticise its absence there; never added to those that ask."),
            Kind.INTEGER,
        ),
        Column(
            "criticised_by_members_alone",
            lambda row: not row.figures.criticised_by_coalition if row.figures.criticised else None,
            _("Whether members alone criticised."),
            Kind.YES_NO,
        ),
        Column(
            "welcomed",
            lambda row: row.figures.welcomed,
            _("How many mentions welcome a step towards it there."),
            Kind.INTEGER,
        ),
        *_coded(
            "status",
            "status",
            _(
                "Where it stood after the occasion's last day, as judged now or by the day asked "
                "for; empty if to come."
            ),
            language,
            lambda row: row.stood.status if row.stood else None,
        ),
        *_coded(
            "reason",
            "reason",
            _("Why it was blocked or closed."),
            language,
            judged(lambda stood: stood.reason),
        ),
        Column(
            "status_date",
            judged(lambda stood: known(stood.dated)),
            _("The day of the judgement that was in force."),
            Kind.DATE,
        ),
        Column(
            "provisional",
            judged(lambda stood: stood.provisional),
            _("Whether nobody of the coalition had confirmed that judgement by then."),
            Kind.YES_NO,
        ),
        Column(
            "provisional_label",
            judged(lambda stood: provisional if stood.provisional else confirmed),
            _("The column before, in words."),
        ),
        Column(
            "reviewed_on",
            judged(lambda stood: stood.reviewed_on),
            _("The day by which it had last been judged or confirmed."),
            Kind.DAY,
        ),
        Column(
            "asked_again_since",
            lambda row: row.again if row.stood and row.stood.judged else None,
            _("Whether it had been asked again after that, by the occasion's last day."),
            Kind.YES_NO,
        ),
        Column(
            "assessment_reference",
            judged(lambda stood: stood.reference),
            _("The judgement that was in force: its reference in assessments.csv."),
            Kind.KEY,
            ours=True,
        ),
    ]


def _coded(
    name: str, vocabulary: str, meaning: Any, language: str, value: Callable[[MatrixRow], Any]
) -> list[Column]:
    """Return a coded value as two columns: the code, and its label in the file's language."""
    return [
        Column(name, value, meaning, Kind.CODE, vocabulary),
        Column(
            f"{name}_label",
            lambda row: vocabularies.label(vocabulary, value(row) or "", language),
            _("The column before, in words, in the language of the file."),
            Kind.LABEL,
            vocabulary,
        ),
    ]


def matrix_then(matrix: Matrix) -> ComputedExport:
    """Return how a matrix leaves: its file is named by the day of which it tells."""
    if not matrix.clock:
        return MATRIX
    as_of = Column("as_of", lambda row: matrix.clock.name, _("Of which day it tells."), ours=True)

    def columns(language: str, today: date) -> list[Column]:
        first, *rest = matrix_columns(language, matrix.clock.day)
        return [first, as_of, *rest]

    return ComputedExport("matrix", columns, matrix.clock.name)


MATRIX = ComputedExport("matrix", matrix_columns)
__all__ = ["MATRIX", "matrix_then", "MatrixRow", "matrix_columns", "matrix_rows"]
