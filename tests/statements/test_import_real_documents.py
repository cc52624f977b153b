"""The coalition's five papers come in by the command and find their statements.

Runs where the papers lie beside the repository; not one of their sentences is written here.
"""

import io

import pytest
from django.core.management import call_command

from kptracker.lib.personal_data import find_personal_data
from statements.models import Original, Redaction, Statement, Text
from tests.conftest import DOCUMENTS
from tests.record_fixtures import loaded_record, record  # noqa: F401

pytestmark = [pytest.mark.usefixtures("record"), pytest.mark.needs_documents]

SLUGS = [
    "2011-06-23-kinshasa-statement",
    "2018-06-antwerp-statement",
    "2020-03-04-un-complacency",
    "2021-11-12-moscow-closing",
    "2023-11-10-victoria-falls-closing",
]
#: Those that end with the number or the address of somebody.
PERSONAL = ["2020-03-04-un-complacency", "2023-11-10-victoria-falls-closing"]


def run(**options: bool) -> str:
    out = io.StringIO()
    call_command("import_documents", str(DOCUMENTS), stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_the_five_papers_are_the_texts_of_their_statements() -> None:
    statements = Statement.objects.count()
    found = {
        slug: find_personal_data((DOCUMENTS / f"{slug}.txt").read_text(encoding="utf-8"))
        for slug in SLUGS
    }
    assert [slug for slug in SLUGS if found[slug]] == PERSONAL
    printed = run(accept=True)
    assert "5 taken in, 0 in already, 0 not taken in." in printed
    assert Statement.objects.count() == statements
    for slug in SLUGS:
        row = Statement.objects.get(slug=slug)
        assert f"-> text of: {slug}" in printed
        text = row.texts.get(kind="verbatim", language="en")
        assert row.originals.get().sha256
        assert row.originals.get().is_there == (slug not in PERSONAL)
        assert find_personal_data(text.body) == []
        for one in found[slug]:
            assert one.words not in printed
            assert one.words not in text.body
    assert "personal data: telephone number +2…" in printed
    assert "personal data: e-mail address " in printed
    assert Redaction.objects.count() == len(PERSONAL)
    assert "two texts in one file?" in printed
    assert "0 taken in, 5 in already, 0 not taken in." in run(accept=True)


def test_a_trial_of_them_writes_nothing() -> None:
    before = Text.objects.count()
    assert "5 would be taken in" in run(accept=True, dry_run=True)
    assert (Text.objects.count(), Original.objects.count()) == (before, 0)
