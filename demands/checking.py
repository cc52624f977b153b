"""What is wrong with the record: derived columns that drifted, rules that no database can hold.

Each finding names the row, says what is wrong and what to do. ``mend`` brings derived columns
in step, and changes nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from kptracker.lib.columns_of_files import key_name
from kptracker.lib.fields import DOCUMENT, FoldedField, ReferenceField, SourceField
from kptracker.lib.models import Counter, OldSlug
from kptracker.lib.personal_data import NAME
from kptracker.lib.publishing import State
from kptracker.lib.search import keeping
from kptracker.lib.writing import raise_stamp
from statements.derived import sort_statements
from statements.guarding import public_findings
from statements.models import Meeting, Person, Role, Statement, StatementSpeaker, Text
from statements.models.statements import text_hash
from statements.querysets import SHOWN

from .codes import AssessmentKind
from .derived import batched, drift, settle
from .models import Assessment, Demand, Evidence, Mention, Passage
from .quoting import quotes_of, settle_quotes

ROOMS = ("statements", "demands")
MEND = "Run check_record --mend."


@dataclass(frozen=True)
class Finding:
    """What is wrong with one row, and the way out. A note is worth a look, and no fault."""

    row: str
    what: str
    way_out: str
    note: bool = False

    def __str__(self) -> str:
        return f"{'note: ' if self.note else ''}{self.row}: {self.what}. {self.way_out}"


def named(row: Any) -> str:
    """Return how a line of the report calls a row: its reference, or table and slug."""
    if hasattr(row, "reference"):
        return str(row.reference)
    column = key_name(type(row), default="pk")
    return f"{type(row)._meta.verbose_name} {getattr(row, column)}"


def _tables() -> Iterator[type[models.Model]]:
    """Yield the tables of the record, without those of the history."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if not model.__name__.startswith("Historical"):
                yield model


def findings() -> Iterator[Finding]:
    """Yield everything that is wrong, derived columns first."""
    yield from derived()
    yield from search()
    yield from rules()
    yield from versions()
    yield from anchors()
    yield from judgements()
    yield from documents()
    yield from hidden_parents()
    yield from speakers()
    yield from counters()
    yield from old_slugs()
    yield from personal_data()


# --- Derived columns -------------------------------------------------------------------


def derived() -> Iterator[Finding]:
    """Find derived columns that differ from what the rows say."""
    for sentence in drift():
        reference, _colon, what = sentence.partition(": ")
        yield Finding(reference, what, MEND)
    for statement in Statement.objects.select_related("meeting").iterator():
        if statement.sort_on != statement.sorts_on:
            yield Finding(named(statement), "it sorts by another day than its date gives", MEND)
    for row, column, _value in _folded():
        yield Finding(named(row), f"{column} is not what its text folds to", MEND)
    for text in Text.objects.select_related("statement").iterator():
        if text.sha256 != text_hash(text.body):
            yield Finding(
                f"text {text.pk} of {text.statement.slug}",
                "its SHA-256 is not that of its body",
                "Compare it with the source, then save it again.",
            )


def search() -> Iterator[Finding]:
    """Find entries of search that differ from what the rows say."""
    for sentence in keeping.drift():
        entry, _colon, what = sentence.partition(": ")
        yield Finding(entry, what, "Run rebuild_search, or check_record --mend.")


def _folded() -> Iterator[tuple[Any, str, Any]]:
    """Yield the rows whose computed columns differ: row, column, what it should be."""
    for model in _tables():
        columns = [
            one
            for one in model._meta.concrete_fields
            if isinstance(one, FoldedField) or (model is Meeting and one.name == "sort_on")
        ]
        if not columns:
            continue
        for row in model._default_manager.iterator(chunk_size=2000):
            for one in columns:
                before = getattr(row, one.attname)
                value = one.pre_save(row, False)
                if value != before:
                    yield row, one.name, value


@transaction.atomic
def mend() -> int:
    """Bring every derived column in step; return how many rows changed. The history has no part."""
    touched: set[tuple[str, int]] = set()
    for row, column, value in list(_folded()):
        type(row)._default_manager.filter(pk=row.pk).update(**{column: value})
        touched.add((row._meta.label, row.pk))
    before = dict(Statement.objects.values_list("pk", "sort_on"))
    sort_statements(Statement.objects.select_related("meeting"))
    after = dict(Statement.objects.values_list("pk", "sort_on"))
    touched |= {(Statement._meta.label, key) for key in after if before[key] != after[key]}
    astray = Mention.objects.exclude(raised_on=F("statement__sort_on"))
    for key, day in list(astray.values_list("pk", "statement__sort_on")):
        Mention.objects.filter(pk=key).update(raised_on=day)
        touched.add((Mention._meta.label, key))
    quotes = settle_quotes(Mention.objects.values_list("pk", flat=True))
    if touched or quotes:
        raise_stamp()
    settled = settle(Demand.objects.values_list("pk", flat=True))
    return len(touched) + quotes + settled + sum(keeping.rebuild().values())


# --- Rules ---------------------------------------------------------------------------


def rules() -> Iterator[Finding]:
    """Find rows that a form would refuse: circles, years that disagree, roles of somebody else."""
    for model in (Meeting, StatementSpeaker, Demand, Assessment):
        for row in model._default_manager.iterator(chunk_size=2000):
            try:
                row.clean()
            except ValidationError as error:
                for message in error.messages:
                    yield Finding(named(row), message.rstrip("."), "Edit it.")


def versions() -> Iterator[Finding]:
    """Find versions of versions."""
    for slug, original in Statement.objects.filter(
        version_of__version_of__isnull=False
    ).values_list("slug", "version_of__version_of__slug"):
        yield Finding(
            f"statement {slug}",
            "it is a version of a version",
            f"Name its original, {original}.",
        )


def anchors() -> Iterator[Finding]:
    """Find passages that do not stand at their place, and quotes that are no passage's."""
    passages = Passage.objects.placed().select_related("text", "mention")
    for one in passages.iterator(chunk_size=500):
        text = one.text
        if text is None:
            continue
        if text.statement_id != one.mention.statement_id:
            yield Finding(named(one), "it is in the text of another statement", "Mark it anew.")
        elif text.body[one.start : one.end] != one.exact:
            yield Finding(named(one), "its words do not stand at its place", "Mark it anew.")
    for one in Passage.objects.lost().order_by("pk").iterator():
        yield Finding(named(one), "it lost its place in the text", "Mark it anew.")
    keys = Mention.objects.order_by("pk").values_list("pk", flat=True)
    for batch in batched(keys.iterator()):
        quotes = quotes_of(batch)
        for mention in Mention.objects.filter(pk__in=batch).defer("text_key"):
            words = quotes.get(mention.pk, ("", ""))
            only = not (mention.paraphrase or mention.paraphrase_fr)
            if (mention.quote, mention.quote_language) != words and not (only and not words[0]):
                yield Finding(named(mention), "its quote is not that of its passages", MEND)


def judgements() -> Iterator[Finding]:
    """Find confirmations of nothing, and judgements without evidence."""
    standing: dict[int, str] = {}
    counting = Assessment.objects.counting()
    for one in counting.order_by("demand_id", "date_last", "recorded_at", "id").iterator():
        if one.kind != AssessmentKind.CONFIRMED:
            standing[one.demand_id] = one.status
        elif one.demand_id not in standing:
            yield Finding(
                one.reference,
                "it confirms a judgement that comes later or is not there",
                "Add a judgement that corrects it.",
            )
        elif standing[one.demand_id] != one.status:
            yield Finding(
                one.reference,
                f"it confirms “{one.status}”, but “{standing[one.demand_id]}” held by then",
                "Look at both; a judgement that corrects one of them settles it.",
                note=True,
            )
    bare = Assessment.objects.filter(kind=AssessmentKind.CHANGED, evidence__isnull=True)
    for reference in bare.values_list("reference", flat=True):
        yield Finding(
            reference, "it rests on no evidence", "Add a judgement with evidence that corrects it."
        )


def documents() -> Iterator[Finding]:
    """Find ``document:NAME`` sources that no statement has."""
    there = set(Statement.objects.exclude(document="").values_list("document", flat=True))
    for model in _tables():
        for one in model._meta.concrete_fields:
            if not isinstance(one, SourceField):
                continue
            rows = model._default_manager.filter(**{f"{one.name}__startswith": DOCUMENT})
            for row in rows.iterator():
                name = getattr(row, one.name).removeprefix(DOCUMENT)
                if name not in there:
                    where = row.assessment.reference if isinstance(row, Evidence) else named(row)
                    yield Finding(
                        where,
                        f"its source is the document {name}, which no statement has",
                        "Put the document's name on its statement, or give another source.",
                    )


def hidden_parents() -> Iterator[Finding]:
    """Find public rows that belong to hidden ones."""
    parts = Demand.objects.public().filter(parent__isnull=False)
    for reference, parent in parts.exclude(parent__state=State.PUBLISHED).values_list(
        "reference", "parent__reference"
    ):
        yield Finding(
            reference,
            f"it is public, but {parent}, of which it is a part, is not",
            f"Publish {parent}, or take the part out of it.",
        )
    rows = Statement.objects.public().filter(version_of__isnull=False)
    for slug, original in rows.exclude(version_of__state=State.PUBLISHED).values_list(
        "slug", "version_of__slug"
    ):
        yield Finding(
            f"statement {slug}",
            f"it is public, but its original {original} is not",
            "Publish the original, or make this one an original.",
        )


def speakers() -> Iterator[Finding]:
    """Note mentions whose speaker is none of the statement's."""
    named_ones = Mention.objects.filter(speaker__isnull=False)
    strange = named_ones.exclude(
        Q(statement__speaker_links__person=F("speaker")),
    )
    for reference, speaker, statement in strange.values_list(
        "reference", "speaker__slug", "statement__slug"
    ):
        yield Finding(
            reference,
            f"its speaker {speaker} is not among the speakers of {statement}",
            "Name the speaker there too, if that is who spoke.",
            note=True,
        )


def counters() -> Iterator[Finding]:
    """Find references that the next number given out would repeat."""
    given = dict(Counter.objects.values_list("prefix", "last"))
    for model in (Role, Demand, Mention, Assessment):
        one = model._meta.get_field("reference")
        prefix = one.prefix if isinstance(one, ReferenceField) else ""
        references = model._default_manager.values_list("reference", flat=True).order_by()
        last = max(references, key=lambda reference: (len(reference), reference), default="")
        if last and int(last.partition("-")[2]) > given.get(prefix, 0):
            yield Finding(
                last,
                f"the counter of {prefix} stands at {given.get(prefix, 0)}",
                "Save the row once more: the counter follows.",
            )


def old_slugs() -> Iterator[Finding]:
    """Find old addresses that lead nowhere, or that a present one hides."""
    tables = {model._meta.label_lower: model for model in _tables()}
    for one in OldSlug.objects.order_by("table", "slug"):
        model = tables.get(one.table)
        rows = model._default_manager.all() if model else None
        if rows is None or not rows.filter(pk=one.row_id).exists():
            yield Finding(
                str(one),
                "this old address leads to a row that is gone",
                "Delete it, or give its row back.",
            )
        elif rows.filter(slug=one.slug).exists():
            yield Finding(
                str(one),
                "this old address is the present one of another row",
                "Change the slug of that row.",
            )


def hidden_people() -> Iterator[str]:
    """Yield the names and slugs of people of whom visitors read the function only, or nothing."""
    hidden = Person.objects.exclude(public_name=SHOWN)
    for slug, name, variants in hidden.values_list("slug", "full_name", "name_variants"):
        yield from (slug, name, *variants.split(";"))


def personal_data() -> Iterator[Finding]:
    """Find personal data, and names that are not to be shown, in what visitors read."""
    for one in public_findings():
        where = one.row.assessment.reference if isinstance(one.row, Evidence) else named(one.row)
        if one.found.kind == NAME:
            what = f"{one.column} gives a name that is not to be shown"
        else:
            what = f"{one.column} holds personal data ({one.found.kind})"
        yield Finding(where, what, "Remove it on the page of its entry, or say that it may stay.")
