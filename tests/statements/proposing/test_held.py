"""Whether a document is in the record already, or waits for its text there."""

from types import SimpleNamespace

import pytest

from statements.models import Original, Statement
from tests.factories import StatementFactory, TextFactory
from tests.statements.proposing.asking import proposed

HEAD = "Closing remarks: stones without shame\n\n10 November 2023\n\n"
BODY = " ".join(
    f"In village {number} the people told us that the well was dry and that nobody had come to "
    f"look at it for {number + 3} years."
    for number in range(12)
)


def kinds(found: list) -> list[tuple[str, str]]:  # type: ignore[type-arg]
    return [(one.kind, one.slug) for one in found]


def test_a_statement_without_its_text_is_found_by_the_name_of_its_document(
    cast: SimpleNamespace,
) -> None:
    found = proposed(f"Other words\n\n{BODY}", name="2023-11-10-lakeside-closing.txt")
    assert kinds(found.waiting) == [("described", "closing-2023")]
    assert found.waiting[0].similarity == 1.0
    assert found.duplicates == []


def test_a_folder_before_the_name_changes_nothing(cast: SimpleNamespace) -> None:
    found = proposed(f"Other words\n\n{BODY}", name="in/2023-11-10-lakeside-closing.txt")
    assert kinds(found.waiting) == [("described", "closing-2023")]


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        "CLOSING REMARKS: STONES WITHOUT SHAME\n\n10 November 2023\n\n",
        "Closing remarks – stones without shame\n\nNovember 10, 2023\n\n",
        "Discours de clôture : des pierres sans honte\n\n10 novembre 2023\n\n",
        "Press release\n\n“Closing remarks: stones without any shame”\n\n10 November 2023\n\n",
    ],
)
def test_a_statement_without_its_text_is_found_by_title_and_date(
    cast: SimpleNamespace, head: str
) -> None:
    found = proposed(head + BODY)
    assert kinds(found.waiting)[0] == ("described", "closing-2023")
    assert not found.waiting[0].has_text
    assert "title" in found.waiting[0].reason


@pytest.mark.parametrize(
    "head",
    [
        "Another title altogether\n\n10 November 2023\n\n",
        "Closing remarks: stones without shame\n\n10 November 2009\n\n",
        "",
    ],
)
def test_another_title_or_another_year_is_not_taken_for_it(
    cast: SimpleNamespace, head: str
) -> None:
    found = proposed(head + BODY)
    assert found.waiting == found.duplicates == []


def test_a_statement_with_a_title_by_us_is_found_by_meeting_day_and_kind(
    cast: SimpleNamespace,
) -> None:
    row = StatementFactory(
        slug="by-us",
        title="What the coalition said at the end",
        title_fr="",
        kind="closing_remarks",
        date="2023-11-10",
        meeting=cast.plenary,
    )
    head = "Closing remarks at the 2023 Plenary, Lakeside\n\nCivil Society Coalition"
    text = f"{head}\n\n10 November 2023\n\n{BODY}"
    assert row.slug in [one.slug for one in proposed(text).waiting]
    # As an opening, or at another time, it is another one.
    assert proposed(text.replace("Closing", "Opening")).waiting == []
    assert proposed(text.replace("November", "March")).waiting == []


def test_a_translation_comes_after_the_original(cast: SimpleNamespace) -> None:
    StatementFactory(
        slug="closing-2023-fr",
        title="Closing remarks: stones without shame",
        title_fr="Discours de clôture : des pierres sans honte",
        title_kind="published",
        kind="closing_remarks",
        date="2023-11-10",
        language="fr",
        version_of=cast.statement,
    )
    found = proposed(HEAD + BODY).waiting
    assert [one.slug for one in found] == ["closing-2023", "closing-2023-fr"]
    assert "translation" in found[1].reason


def test_the_same_text_is_found(cast: SimpleNamespace) -> None:
    TextFactory(statement=StatementFactory(slug="in"), body=BODY)
    found = proposed(BODY)
    assert kinds(found.duplicates) == [("same_text", "in")]
    assert found.duplicates[0].similarity == 1.0


def test_a_near_duplicate_is_found_whatever_it_is_called(cast: SimpleNamespace) -> None:
    TextFactory(statement=StatementFactory(slug="in", date="2011-01-01"), body=BODY)
    words = BODY.split()
    words[::15] = ["changed"] * len(words[::15])
    found = proposed("Quite another title\n\n3 May 2019\n\n" + " ".join(words))
    assert kinds(found.duplicates) == [("near", "in")]
    assert 0.8 < found.duplicates[0].similarity < 1


def test_an_excerpt_of_a_text_that_is_in_is_found(cast: SimpleNamespace) -> None:
    TextFactory(statement=StatementFactory(slug="in"), kind="excerpt", body=BODY[:400])
    found = proposed(f"A title\n\n{BODY}")
    assert kinds(found.duplicates) == [("near", "in")]
    assert "shorter" in found.duplicates[0].reason


def test_a_text_with_a_few_phrases_in_common_is_no_duplicate(cast: SimpleNamespace) -> None:
    ours = "The Kimberley Process Civil Society Coalition thanks you all for your kind attention. "
    other = " ".join(f"Word{n} follows word{n + 1} as rain follows cloud{n}." for n in range(60))
    TextFactory(statement=StatementFactory(slug="in"), body=ours + other)
    assert proposed(ours + BODY).duplicates == []


def test_our_summary_is_no_text_of_a_statement(cast: SimpleNamespace) -> None:
    TextFactory(statement=cast.statement, kind="summary", body=BODY)
    found = proposed(HEAD + BODY)
    assert found.duplicates == []
    assert kinds(found.waiting) == [("described", "closing-2023")]


def test_a_statement_with_its_text_waits_for_none(cast: SimpleNamespace) -> None:
    TextFactory(statement=cast.statement, body="Quite other words, entered by hand.")
    found = proposed(HEAD + BODY)
    assert found.waiting == []
    assert kinds(found.duplicates) == [("described", "closing-2023")]


def test_a_draft_counts_as_in(cast: SimpleNamespace) -> None:
    TextFactory(statement=StatementFactory(slug="in", state="draft"), body=BODY)
    assert kinds(proposed(BODY).duplicates) == [("same_text", "in")]


def test_the_same_file_is_found_by_its_hash(cast: SimpleNamespace) -> None:
    sha256 = "ab" * 32
    Original.objects.create(
        statement=cast.statement,
        file="x",
        name="paper.pdf",
        sha256=sha256,
        size=1,
        media_type="pdf",
    )
    found = proposed("Words that were read otherwise this time.", sha256=sha256)
    assert kinds(found.duplicates) == [("same_file", "closing-2023")]
    assert proposed("Words that were read otherwise this time.", sha256="cd" * 32).duplicates == []


def test_a_file_that_was_deleted_for_personal_data_is_told_so(cast: SimpleNamespace) -> None:
    sha256 = "ab" * 32
    Original.objects.create(
        statement=cast.statement,
        file="",
        name="paper.pdf",
        sha256=sha256,
        size=1,
        media_type="pdf",
        removed_at="2026-01-01T00:00:00Z",
    )
    found = proposed("Words.", sha256=sha256).duplicates
    assert kinds(found) == [("same_file", "closing-2023")]
    assert "personal data" in found[0].reason


def test_proposing_writes_nothing(cast: SimpleNamespace) -> None:
    before = list(Statement.objects.values_list("pk", "version")), Statement.history.count()
    proposed(HEAD + BODY, name="2023-11-10-lakeside-closing.txt", sha256="ab" * 32)
    after = list(Statement.objects.values_list("pk", "version")), Statement.history.count()
    assert before == after
