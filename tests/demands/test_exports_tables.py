"""Every table leaves with its public rows, and nothing that is not public."""

import csv
import io

import pytest
from django.utils import timezone

from demands import exports as demand_exports
from kptracker.lib.csv_export import stream
from statements import exports as statement_exports

TABLES = [*statement_exports.TABLES, *demand_exports.TABLES]
pytestmark = pytest.mark.django_db


def read(export, queryset=None, language="en", today=None):
    """Return the rows of a table's file as dictionaries."""
    rows = export.queryset() if queryset is None else queryset
    columns = export.columns(language, today or timezone.localdate())
    text = b"".join(stream(rows, columns)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("export", TABLES, ids=lambda export: export.name)
def test_empty(export, language):
    assert read(export, language=language) == []
