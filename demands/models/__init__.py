"""What was asked and what became of it."""

from .assessments import Assessment, Evidence
from .demands import Demand, DemandAddressee, Theme
from .mentions import Mention, Occasion

__all__ = [
    "Assessment",
    "Demand",
    "DemandAddressee",
    "Evidence",
    "Mention",
    "Occasion",
    "Theme",
]
