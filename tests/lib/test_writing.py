"""Every change is checked, signed, kept, and visible in the stamp only if visitors can see it."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from demands import actions as demand_actions
from demands import marking
from demands.models import Mention
from kptracker.lib.models import OldSlug
from kptracker.lib.writing import (
    EvidenceError,
    StaleVersionError,
    delete,
    in_one_go,
    take_reference,
)
from statements import actions
from statements.models import Person, Statement, StatementIssuer
from tests import factories as make
from tests.stamps import current_stamp

pytestmark = pytest.mark.django_db


def test_a_stale_version_is_refused_and_nothing_of_it_is_written() -> None:
    row = make.StatementFactory()
    mine, theirs = Statement.objects.get(pk=row.pk), Statement.objects.get(pk=row.pk)
    theirs.title = "Their title"
    actions.save(theirs, by=None)
    mine.summary = "My summary"
    with pytest.raises(StaleVersionError) as caught:
        actions.save(mine, by=None)
    assert caught.value.current.title == "Their title"
    row.refresh_from_db()
    assert (row.title, row.version) == ("Their title", 2)
    assert row.summary != "My summary"


def test_every_version_has_its_author_and_reason() -> None:
    editor = get_user_model().objects.create(username="editor")
    row = make.StatementFactory(by=editor)
    row.title = "Better"
    actions.save(row, by=editor, why="A slip in the title.")
    newest, first = row.history.all()
    assert (newest.history_user, newest.history_change_reason) == (editor, "A slip in the title.")
    assert (first.history_user, first.title) == (editor, "Statement " + row.slug.split("-")[1])


def test_the_stamp_moves_for_what_visitors_see_and_for_nothing_else() -> None:
    draft = make.StatementFactory(state="draft")
    before = current_stamp()
    draft.title = "Not yet"
    actions.save(draft, by=None)
    actions.set_issuers(draft, [make.OrganisationFactory(state="draft")], by=None)
    make.MentionFactory(statement=draft, demand=make.DemandFactory(state="draft"))
    assert current_stamp() == before + 1  # the theme alone is public
    actions.publish(draft, by=None)
    assert current_stamp() > before + 1


def test_a_take_down_moves_the_stamp_too() -> None:
    row = make.StatementFactory()
    before = current_stamp()
    actions.take_down(row, by=None, why="A duplicate.")
    assert current_stamp() > before


def test_an_old_slug_leads_to_its_row_for_ever() -> None:
    row = make.StatementFactory(slug="first")
    row.slug = "second"
    actions.save(row, by=None)
    assert OldSlug.objects.get(slug="first").row_id == row.pk
    row.slug = "first"
    actions.save(row, by=None)
    assert list(OldSlug.objects.values_list("slug", flat=True)) == ["second"]
    other = make.StatementFactory(slug="third")
    other.slug = "second"
    with pytest.raises(ValidationError, match="keeps leading there"):
        actions.save(other, by=None)
    with pytest.raises(ValidationError, match="keeps leading there"):
        make.StatementFactory(slug="second", state="draft")
    assert OldSlug.objects.get(slug="second").row_id == row.pk


def test_a_row_that_is_evidence_cannot_be_deleted_and_says_for_what() -> None:
    mention = make.MentionFactory()
    with pytest.raises(EvidenceError) as caught:
        delete(mention.statement, by=None)
    assert caught.value.holders == [mention]
    assert Statement.objects.filter(pk=mention.statement_id).exists()


def test_what_nothing_rests_on_can_be_deleted_and_its_history_stays() -> None:
    row = make.StatementFactory(issuers=[make.OrganisationFactory()])
    key = row.pk
    delete(row, by=None, why="Entered twice.")
    assert not Statement.objects.exists()
    assert not StatementIssuer.objects.exists()
    assert Statement.history.filter(id=key).first().history_type == "-"


def test_deleting_a_mention_lowers_the_count() -> None:
    mention = make.MentionFactory()
    demand = mention.demand
    delete(mention, by=None)
    demand.refresh_from_db()
    assert demand.asked_count == 0


def test_a_row_that_breaks_a_rule_is_refused_by_field() -> None:
    with pytest.raises(ValidationError) as caught:
        make.StatementFactory(source_url="ftp://x", slug="Not a slug", title="a" * 401)
    assert {"source_url", "slug", "title"} <= set(caught.value.message_dict)
    assert not Statement.objects.exists()


def test_links_keep_their_order_and_their_history() -> None:
    row = make.StatementFactory()
    a, b, c = (make.OrganisationFactory() for _ in range(3))
    assert actions.set_issuers(row, [a, b], by=None)
    assert not actions.set_issuers(row, [a, b], by=None)
    assert actions.set_issuers(row, [c, a], by=None)
    assert [link.organisation for link in row.issuer_links.all()] == [c, a]
    assert StatementIssuer.history.filter(history_type="-").get().organisation == b
    with pytest.raises(ValidationError, match="twice"):
        actions.set_issuers(row, [a, a], by=None)


def test_what_was_public_cannot_become_a_draft_again() -> None:
    row = make.StatementFactory()
    with pytest.raises(ValidationError, match="has been public"):
        actions.set_state(row, "draft", by=None)
    with pytest.raises(ValidationError, match="reason"):
        actions.take_down(row, by=None, why="  ")
    assert row.state == "published"
    actions.take_down(row, by=None, why="A duplicate.")
    assert (row.state, row.taken_down_reason) == ("taken_down", "A duplicate.")
    actions.publish(row, by=None)
    assert (row.state, row.taken_down_reason) == ("published", "")


def test_a_row_without_english_stays_a_draft() -> None:
    row = make.StatementFactory(state="draft", title="", title_fr="Seulement en français")
    with pytest.raises(ValidationError, match="English"):
        actions.publish(row, by=None)
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_batch_settles_once_and_a_failure_takes_all_of_it_back() -> None:
    demand = make.DemandFactory()

    def fail_midway() -> None:
        with in_one_go():
            make.MentionFactory(demand=demand)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert not Mention.objects.exists()
    with in_one_go():
        for _ in range(3):
            make.MentionFactory(demand=demand)
        assert type(demand).objects.get(pk=demand.pk).asked_count == 0
    assert type(demand).objects.get(pk=demand.pk).asked_count == 1


def test_references_are_given_out_once() -> None:
    assert [take_reference("Q", 3) for _ in range(3)] == ["Q-001", "Q-002", "Q-003"]


def test_a_withheld_or_function_only_person_is_not_public() -> None:
    for shown in ("withheld", "function_only"):
        make.RoleFactory(person=make.PersonFactory(public_name=shown))
    assert not Person.objects.public().exists()
    from statements.models import Role

    assert not Role.objects.public().exists()


def test_a_quote_must_stand_in_its_text_and_is_found_there() -> None:
    text = make.TextFactory(body="Été: we ask 🙏 for it.\n\nAgain we ask for it.")
    mention = make.MentionFactory(statement=text.statement, text=text, quote="🙏 for it.")
    passage = mention.passages.get()
    assert text.body[passage.start : passage.end] == passage.exact == mention.quote == "🙏 for it."
    assert passage.prefix == "Été: we ask "
    assert passage.suffix.startswith("\n\nAgain")
    with pytest.raises(ValidationError, match="do not stand in the text"):
        demand_actions.save_mention(mention, by=None, words="we never said this")


def test_a_quote_belongs_to_a_text_of_the_same_statement() -> None:
    text = make.TextFactory()
    with pytest.raises(ValidationError) as caught:
        make.MentionFactory(text=text, quote="widen the definition")
    assert "quote" in caught.value.message_dict
    mention = make.MentionFactory()
    with pytest.raises(ValidationError) as caught:
        marking.mark(mention, text, 0, 5, by=None)
    assert "text" in caught.value.message_dict


def test_a_circle_of_parents_is_refused() -> None:
    top = make.DemandFactory()
    middle = make.DemandFactory(parent=top)
    bottom = make.DemandFactory(parent=middle)
    top.parent = bottom
    with pytest.raises(ValidationError, match="circle"):
        demand_actions.save_demand(top, by=None)


def test_a_version_leads_to_an_original_and_not_to_another_version() -> None:
    original = make.StatementFactory()
    version = make.StatementFactory(version_of=original)
    with pytest.raises(ValidationError, match="itself a version"):
        make.StatementFactory(version_of=version)
    original.version_of = make.StatementFactory()
    with pytest.raises(ValidationError, match="versions of its own"):
        actions.save(original, by=None)
