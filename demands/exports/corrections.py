"""What leaves of corrections: of what, which facts, why and when; never who, never what was."""

from datetime import date

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from kptracker.lib.columns import Column, Kind, both, permalink
from kptracker.lib.expressions import Joined, UtcDay, constant
from kptracker.lib.models import Correction
from kptracker.lib.told import told_tables


def correction_columns(language: str, today: date) -> list[Column]:
    """Return the columns of corrections.csv."""
    tables = told_tables().values()
    keys, links, nouns = [], [], []
    for told in tables:
        noun = told.model._meta.model_name
        nouns.append(When(table=told.table, then=Value(noun)))
        if not told.key:
            continue
        rows = told.public().filter(pk=OuterRef("row_id")).order_by().values(told.key)
        key = Subquery(rows, output_field=TextField())
        keys.append(When(table=told.table, then=key))
        address = constant(f"{settings.SITE_URL}/{told.letter}/")
        links.append(When(table=told.table, then=Joined(address, key)))
    return [
        Column("reference", "reference", _("The permanent key."), Kind.KEY, ours=True),
        Column(
            "entry_kind",
            Case(*nouns, default=Value(""), output_field=CharField()),
            _("What was corrected: a demand, a mention, a statement and so on."),
            Kind.TEXT,
            ours=True,
        ),
        Column(
            "entry",
            Case(*keys, default=Value(None), output_field=TextField()),
            _("The entry, by its reference or its slug."),
            Kind.KEY,
            ours=True,
        ),
        Column(
            "entry_permalink",
            Case(*links, default=Value(None), output_field=TextField()),
            _("The address of the entry, which stays."),
            Kind.URL,
            ours=True,
        ),
        permalink("c", "reference"),
        Column("facts", F("facts"), _("The facts that were corrected, by their names."), Kind.LIST),
        *both("why", _("What was wrong, and why it was changed.")),
        Column("recorded_on", UtcDay("recorded_at"), _("The day, in UTC, of its entry."), Kind.DAY),
    ]


def correction_rows() -> QuerySet:
    """Return the corrections of what visitors see, newest first."""
    return Correction.objects.public().order_by("-recorded_at", "-id")
