"""What was asked and what became of it."""

from .assessments import Assessment, Evidence
from .demands import Demand, DemandAddressee, Theme
from .mentions import Mention, Occasion
from .passages import Dismissal, MarkToken, Passage

__all__ = [
    "Assessment",
    "Demand",
    "DemandAddressee",
    "Dismissal",
    "Evidence",
    "MarkToken",
    "Mention",
    "Occasion",
    "Passage",
    "Theme",
]
