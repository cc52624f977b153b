"""The files of judgements: assessments and the evidence on which they rest.

``Meta.fields`` are the columns of the file, in its order. The columns named in ``optional``
are written only where a row needs them.
"""

from datetime import UTC, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kptracker.lib.columns_of_files import (
    CodeCell,
    DateCell,
    KeyCell,
    Known,
    RecordField,
    SourceCell,
    TextCell,
)
from kptracker.lib.importing import RecordResource
from kptracker.lib.partial_dates import PartialDate
from kptracker.lib.sources import document_name
from statements.models import Meeting, Statement

from . import actions
from .codes import AssessmentKind, Status
from .models import Assessment, Demand, Evidence


class RecordedOnCell(TextCell):
    """The day on which a judgement was entered: midnight UTC where no time is given."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime:
        known = PartialDate.parse(value) if value else None
        if known is None or known.precision != "day":
            raise ValueError(_("Write the day: 2026-11-22."))
        return datetime(known.first.year, known.first.month, known.first.day, tzinfo=UTC)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.astimezone(UTC).date().isoformat() if value else ""


class RecordedAtCell(TextCell):
    """The moment at which a judgement was entered, where it is known."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime | None:
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise ValueError(_("Write the moment with its zone: 2026-11-22T09:30:00+00:00."))
        if row and moment.astimezone(UTC).date().isoformat() != row.get("recorded_on"):
            raise ValueError(_("This is not the day of recorded_on."))
        return moment

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        moment = value.astimezone(UTC) if value else None
        return "" if moment is None or moment.time() == time.min else moment.isoformat()


class RecordedField(RecordField):
    """A column of the moment at which a judgement was entered."""

    def put(self, instance: Any, value: Any) -> None:
        if value is not None:
            instance.recorded_at = value


def pieces(assessment: Assessment, known: Known) -> list[Evidence]:
    """Return the evidence of a judgement, in order.

    For visitors only what still leads anywhere when links to hidden rows are left out.
    """
    rows = list(assessment.evidence.all())
    if not known.public:
        return rows
    return [
        one
        for one in rows
        if one.held
        or known.name(Statement, one.statement_id)
        or (one.source_url and document_name(one.source_url) not in known.hidden_documents)
    ]


class FirstEvidence(RecordField):
    """A column of the first piece of evidence; the others stand in ``evidence.csv``."""

    def get_value(self, instance: Any) -> Any:
        rows = [] if instance.pk is None else pieces(instance, self.widget.known)
        return getattr(rows[0], self.attribute or "") if rows else ""

    def put(self, instance: Any, value: Any) -> None:
        instance.__dict__.setdefault("first_evidence", {})[self.attribute] = value


class EvidenceResource(RecordResource):
    """``evidence.csv``: evidence beyond what ``assessments.csv`` says of the first piece."""

    key_columns = ("assessment_reference", "position")

    assessment_reference = RecordField(
        "assessment", "assessment_reference", KeyCell(Assessment, required=True)
    )
    statement_slug = RecordField("statement", "statement_slug", KeyCell(Statement))

    class Meta(RecordResource.Meta):
        model = Evidence
        fields = (
            "assessment_reference",
            "position",
            "kind",
            "stance",
            "source_url",
            "statement_slug",
            "held",
            "archived_url",
            "note",
        )
        import_id_fields = ("assessment_reference", "position")

    def cells_there(self, reference: str, position: int) -> dict[str, str] | None:
        """Return the cells of a piece of evidence in the database, None where there is none."""
        item = Evidence.objects.filter(assessment__reference=reference, position=position).first()
        return self.texts(item) if item else None

    @staticmethod
    def says_more(cells: dict[str, str]) -> bool:
        """Tell whether a first piece says more than ``assessments.csv`` has columns for."""
        more = ("statement_slug", "held", "archived_url", "note")
        return (
            not cells["source_url"]
            or cells["stance"] != "supports"
            or any(cells[name] for name in more)
        )

    def unsaved(self, row: dict[str, str]) -> Evidence:
        """Return the piece of evidence that a row describes. Raises ValidationError, by column."""
        item = Evidence()
        errors: dict[str, Any] = {}
        for name, one in self.by_column.items():
            if name == "assessment_reference":
                continue
            try:
                one.put(item, one.widget.clean(row[name], row=row))
            except ValidationError as error:
                errors[name] = error
            except ValueError as error:
                errors[name] = ValidationError(str(error))
        if errors:
            raise ValidationError(errors)
        try:
            item.clean_fields(exclude=["assessment"])
        except ValidationError as error:
            raise ValidationError(self.errors_by_column(error)) from error
        if not (item.source_url or item.statement_id or item.held):
            raise ValidationError(
                {"source_url": _("Give the page, the statement or the document.")}
            )
        return item


class AssessmentResource(RecordResource):
    """``assessments.csv``: judgements are added, never altered.

    ``evidence`` are the pieces of evidence that ``evidence.csv`` gives, by the reference of
    their assessment, in order.
    """

    key_columns = ("reference",)
    optional = {
        "kind": AssessmentKind.CHANGED,
        "meeting_slug": "",
        "corrects": "",
        "recorded_at": "",
    }
    blame = {
        "reason_fits": "reason",
        "brought_about": "brought_about_by",
        "withdrawn_only": "status",
        "reasoned": "rationale",
        "by_somebody": "assessed_by",
    }
    attributes = {"evidence": "evidence_kind"}

    demand_slug = RecordField("demand", "demand_slug", KeyCell(Demand, required=True))
    date = RecordField("date", "date", DateCell(required=True))
    status = RecordField("status", "status", CodeCell("status", [Status.NOT_APPLICABLE]))
    evidence_kind = FirstEvidence("kind", "evidence_kind", CodeCell("evidence_kind"))
    source_url = FirstEvidence("source_url", "source_url", SourceCell())
    recorded_on = RecordedField("recorded_at", "recorded_on", RecordedOnCell())
    recorded_at = RecordedField("recorded_at", "recorded_at", RecordedAtCell())
    meeting_slug = RecordField("meeting", "meeting_slug", KeyCell(Meeting))
    corrects = RecordField("corrects", "corrects", KeyCell(Assessment))

    class Meta(RecordResource.Meta):
        model = Assessment
        fields = (
            "reference",
            "demand_slug",
            "date",
            "status",
            "reason",
            "brought_about_by",
            "rationale",
            "rationale_fr",
            "evidence_kind",
            "source_url",
            "confidence",
            "assessed_by",
            "reviewed_by",
            "recorded_on",
            "kind",
            "meeting_slug",
            "corrects",
            "recorded_at",
        )
        import_id_fields = ("reference",)

    def get_queryset(self) -> Any:
        """Return the judgements with their evidence."""
        return super().get_queryset().prefetch_related("evidence")

    def __init__(self, *, evidence: dict[str, list[Evidence]] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.evidence = evidence or {}
        self._corrected: set[str] = set()

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Note which judgements are corrected: those may differ from the file."""
        super().before_import(dataset, **kwargs)
        self._corrected = {str(row.get("corrects") or "") for row in dataset.dict}

    def _choose(self, present: dict[str, str], texts: dict[str, str]) -> None:
        """Refuse a row that differs from what was judged, unless it is corrected since."""
        differing = [name for name in texts if texts[name] != present[name]]
        if differing and self._outcome.key not in self._corrected:
            raise ValidationError(
                {
                    name: _(
                        "A judgement is never altered: it says “%(present)s” here. Leave the row "
                        "as it was and add a new one that corrects %(reference)s."
                    )
                    % {"present": present[name][:100], "reference": self._outcome.key}
                    for name in differing
                }
            )
        self._changed = []
        self._outcome.kept = differing
        self._outcome.texts = {name: present[name] for name in texts}

    def write_row(self, instance: Any, *, by: Any, only_links: bool) -> None:
        row = actions.assess(
            instance.demand,
            by=by,
            date=instance.date,
            status=instance.status,
            reason=instance.reason,
            brought_about_by=instance.brought_about_by,
            rationale=instance.rationale,
            rationale_fr=instance.rationale_fr,
            meeting=instance.meeting,
            confidence=instance.confidence,
            assessed_by=instance.assessed_by,
            reviewed_by=instance.reviewed_by,
            corrects=instance.corrects,
            kind=instance.kind,
            reference=instance.reference,
            recorded_at=instance.recorded_at,
            evidence=self._evidence(instance),
        )
        instance.__dict__.update(row.__dict__)

    def _evidence(self, instance: Any) -> list[Evidence]:
        first = instance.__dict__.pop("first_evidence", {})
        given = self.evidence.get(instance.reference, [])
        if given and given[0].position == 1:
            for name, column in (("kind", "evidence_kind"), ("source_url", "source_url")):
                if getattr(given[0], name) != first.get(name, ""):
                    raise ValidationError(
                        {column: _("The first piece of evidence says something else.")}
                    )
            return given
        if not any(first.values()):
            return given
        if not first.get("kind"):
            raise ValidationError({"evidence_kind": _("Say what kind of evidence it is.")})
        if not first.get("source_url"):
            raise ValidationError({"source_url": _("Give the page on which it rests.")})
        item = Evidence(**first)
        item.clean_fields(exclude=["assessment"])
        return [item, *given]


class BroughtAssessmentResource(AssessmentResource):
    """``assessments.csv`` as an editor brings it back: a confirmation confirms what holds."""

    class Meta(AssessmentResource.Meta):
        pass

    def write_row(self, instance: Any, *, by: Any, only_links: bool) -> None:
        if instance.kind != AssessmentKind.CONFIRMED:
            super().write_row(instance, by=by, only_links=only_links)
            return
        if instance.date.precision != "day":
            raise ValidationError({"date": _("Write the day: 2026-11-22.")})
        row = actions.confirm(
            instance.demand,
            by=by,
            on=instance.date.first,
            rationale=instance.rationale,
            rationale_fr=instance.rationale_fr,
            reviewed_by=instance.reviewed_by,
            evidence=self._evidence(instance),
        )
        if row.status != instance.status:
            raise ValidationError(
                {
                    "status": _("A confirmation leaves the status as it is: “%(status)s”.")
                    % {"status": row.status}
                }
            )
        instance.__dict__.update(row.__dict__)
