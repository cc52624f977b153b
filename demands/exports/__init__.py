"""What leaves of demands, mentions, passages, assessments, evidence, themes and corrections.

Each table is a list of columns (``kptracker.lib.columns``) and its public rows. A status never
leaves without its date, its reason and whether somebody of the coalition confirmed it; a
mention never without whether its words are the speaker's or ours.
"""

from kptracker.lib.columns import TableExport

from .corrections import correction_columns, correction_rows
from .demands import demand_columns, demand_rows, theme_columns, theme_rows
from .judgements import assessment_columns, assessment_rows, evidence_columns, evidence_rows
from .mentions import mention_columns, mention_rows, passage_columns, passage_rows

DEMANDS = TableExport("demands", demand_columns, demand_rows)
MENTIONS = TableExport("mentions", mention_columns, mention_rows)
PASSAGES = TableExport("passages", passage_columns, passage_rows)
ASSESSMENTS = TableExport("assessments", assessment_columns, assessment_rows)
EVIDENCE = TableExport("evidence", evidence_columns, evidence_rows)
THEMES = TableExport("themes", theme_columns, theme_rows)
CORRECTIONS = TableExport("corrections", correction_columns, correction_rows)

TABLES = (DEMANDS, MENTIONS, PASSAGES, ASSESSMENTS, EVIDENCE, THEMES, CORRECTIONS)
