"""What leaves of demands, mentions, passages, assessments, evidence, themes and corrections.

Each table is a list of columns (``kptracker.lib.columns``) and its public rows. A status never
leaves without its date, its reason and whether somebody of the coalition confirmed it; a
mention never without whether its words are the speaker's or ours.
"""

from django.utils.translation import gettext_lazy as _

from kptracker.lib.columns import TableExport

from .corrections import correction_columns, correction_rows
from .demands import (
    addressee_columns,
    addressee_rows,
    demand_columns,
    demand_rows,
    theme_columns,
    theme_rows,
)
from .judgements import assessment_columns, assessment_rows, evidence_columns, evidence_rows
from .mentions import mention_columns, mention_rows, passage_columns, passage_rows

DEMANDS = TableExport(
    "demands",
    demand_columns,
    demand_rows,
    _("Demands"),
    _("One demand, position or commitment, with where it stands and how often it was asked."),
)
DEMAND_ADDRESSEES = TableExport(
    "demand_addressees",
    addressee_columns,
    addressee_rows,
    _("Addressees of demands"),
    _("One organisation of which a demand is asked."),
)
MENTIONS = TableExport(
    "mentions",
    mention_columns,
    mention_rows,
    _("Mentions"),
    _("One demand in one statement: asked, criticised, welcomed or declared."),
)
PASSAGES = TableExport(
    "passages",
    passage_columns,
    passage_rows,
    _("Passages"),
    _("One place in a text that we hold at which a mention stands."),
)
ASSESSMENTS = TableExport(
    "assessments",
    assessment_columns,
    assessment_rows,
    _("Judgements"),
    _("One judgement of where a demand stands since a day; a later one never alters it."),
)
EVIDENCE = TableExport(
    "evidence",
    evidence_columns,
    evidence_rows,
    _("Evidence"),
    _("One page or document on which a judgement rests, or that speaks against it."),
)
THEMES = TableExport(
    "themes",
    theme_columns,
    theme_rows,
    _("Themes"),
    _("One theme by which demands are grouped."),
)
CORRECTIONS = TableExport(
    "corrections",
    correction_columns,
    correction_rows,
    _("Corrections"),
    _("One correction of a published fact: what, when and why."),
)

TABLES = (
    DEMANDS,
    DEMAND_ADDRESSEES,
    MENTIONS,
    PASSAGES,
    ASSESSMENTS,
    EVIDENCE,
    THEMES,
    CORRECTIONS,
)
