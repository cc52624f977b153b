"""How the record was made: the figures that stand in its description."""

from dataclasses import dataclass

from django.db.models import Count, Q

from demands.codes import DemandKind
from demands.models import Demand, Mention
from kptracker.lib import vocabularies
from statements.models import Statement


@dataclass(frozen=True)
class Counted:
    """A coded value, its meaning, how many rows have it, and the parameter of their list."""

    code: str
    words: str
    meaning: str
    rows: int


@dataclass(frozen=True)
class Method:
    """The figures of the page."""

    statements: int
    versions: int
    voices: list[Counted]
    kinds: list[Counted]
    raised: list[Counted]
    mentions: int
    word_for_word: int
    parts: int


def method() -> Method:
    """Return the figures, in three queries."""
    statements = Statement.objects.public()
    voices = vocabularies.codes("voice")
    said = statements.aggregate(
        rows=Count("pk"),
        versions=Count("pk", filter=Q(version_of__isnull=False)),
        **{f"voice_{code}": Count("pk", filter=Q(voice=code)) for code in voices},
    )
    kinds = vocabularies.codes("demand_kind")
    asked = Demand.objects.public().aggregate(
        parts=Count("pk", filter=Q(kind=DemandKind.DEMAND, parent__isnull=False)),
        **{f"kind_{code}": Count("pk", filter=Q(kind=code)) for code in kinds},
    )
    ways = vocabularies.codes("mention_kind")
    raised = Mention.objects.public().aggregate(
        rows=Count("pk"),
        quoted=Count("pk", filter=~Q(quote="")),
        **{f"way_{code}": Count("pk", filter=Q(kind=code)) for code in ways},
    )
    return Method(
        statements=said["rows"],
        versions=said["versions"],
        voices=[_counted("voice", code, said[f"voice_{code}"]) for code in voices],
        kinds=[_counted("demand_kind", code, asked[f"kind_{code}"]) for code in kinds],
        raised=[_counted("mention_kind", code, raised[f"way_{code}"]) for code in ways],
        mentions=raised["rows"],
        word_for_word=raised["quoted"],
        parts=asked["parts"],
    )


def _counted(vocabulary: str, code: str, rows: int) -> Counted:
    term = vocabularies.terms(vocabulary)[code]
    return Counted(code, term.in_language(), term.definition_in(), rows)
