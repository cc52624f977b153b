"""The codes to which rules of this room refer.

Labels and definitions stand in ``record/vocabularies.csv`` alone; a test holds this file and
that one together.
"""


class DemandKind:
    """What the coalition does with words: demand, take a position, commit itself."""

    DEMAND = "demand"
    POSITION = "position"
    COMMITMENT = "commitment"


class MentionKind:
    """How a statement raises a demand."""

    DEMANDED = "demanded"
    CRITICISED = "criticised"
    WELCOMED = "welcomed"


class AssessmentKind:
    """Whether a judgement is news or renews an earlier one."""

    CHANGED = "changed"
    CONFIRMED = "confirmed"


class Status:
    """Where a demand stands: a judgement of outcomes, not of effort."""

    NOT_ASSESSED = "not_assessed"
    NOT_APPLICABLE = "not_applicable"
    NO_MOVEMENT = "no_movement"
    UNDER_DISCUSSION = "under_discussion"
    BLOCKED = "blocked"
    PARTLY_MET = "partly_met"
    MET = "met"
    REVERSED = "reversed"
    CLOSED = "closed"


#: The order in which statuses are listed and drawn: from met to not assessed.
STATUS_ORDER = (
    Status.MET,
    Status.PARTLY_MET,
    Status.UNDER_DISCUSSION,
    Status.NO_MOVEMENT,
    Status.BLOCKED,
    Status.REVERSED,
    Status.CLOSED,
    Status.NOT_ASSESSED,
)

#: Statuses with which the asking is at an end, and that of what is not judged at all.
ENDED = (Status.MET, Status.CLOSED, Status.NOT_APPLICABLE)
#: The statuses of open demands, in their order.
OPEN = tuple(status for status in STATUS_ORDER if status not in ENDED)

#: Blocked and closed are never shown without one of these.
REASONS = {
    Status.BLOCKED: ("no_consensus", "not_tabled", "postponed", "refused"),
    Status.CLOSED: ("failed", "lapsed", "overtaken", "superseded", "withdrawn"),
}
FAILED = "failed"

#: Statuses that say who brought the outcome about.
BROUGHT_ABOUT = (Status.MET, Status.PARTLY_MET)
