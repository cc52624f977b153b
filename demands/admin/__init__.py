"""The admin of what was asked, and what it adds to the pages of statements."""

from .assessments import AssessmentAdmin
from .demands import DemandAdmin, ThemeAdmin
from .mentions import MentionAdmin

__all__ = ["AssessmentAdmin", "DemandAdmin", "MentionAdmin", "ThemeAdmin"]
