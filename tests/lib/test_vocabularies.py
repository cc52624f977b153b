"""Code and vocabulary file hold each other."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import translation

from demands import codes
from demands.models import Demand
from kptracker.lib import vocabularies
from kptracker.lib.publishing import State
from kptracker.lib.vocabularies import CodeField
from statements import querysets
from statements.models.statements import COUNTED_VOICES
from tests import factories as make


def constants(holder: type) -> set[str]:
    return {value for name, value in vars(holder).items() if name.isupper()}


@pytest.mark.parametrize(
    ("holder", "vocabulary"),
    [
        (State, "state"),
        (codes.Status, "status"),
        (codes.DemandKind, "demand_kind"),
        (codes.MentionKind, "mention_kind"),
        (codes.AssessmentKind, "assessment_kind"),
    ],
)
def test_the_codes_that_rules_refer_to_are_those_of_the_file(holder: type, vocabulary: str) -> None:
    assert constants(holder) == set(vocabularies.codes(vocabulary))


def test_reasons_belong_to_the_status_that_the_file_says() -> None:
    for status, reasons in codes.REASONS.items():
        label = vocabularies.label("status", status, "en")
        for reason in reasons:
            definition = vocabularies.terms("reason")[reason].definition
            assert definition.startswith(f"{label}:"), (status, reason)
    assert {r for rs in codes.REASONS.values() for r in rs} == set(vocabularies.codes("reason"))
    assert codes.FAILED in codes.REASONS[codes.Status.CLOSED]


def test_the_other_codes_named_in_the_code_are_in_the_file() -> None:
    assert set(codes.STATUS_ORDER) == set(vocabularies.codes("status")) - {"not_applicable"}
    assert set(COUNTED_VOICES) <= set(vocabularies.codes("voice"))
    names = {querysets.SHOWN, querysets.FUNCTION_ONLY, querysets.WITHHELD}
    assert names == set(vocabularies.codes("public_name"))


def test_every_list_of_the_file_is_used_by_a_column_and_every_column_has_its_list() -> None:
    used = {
        field.vocabulary
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, CodeField)
    }
    assert used == set(vocabularies.vocabularies())


def test_every_coded_column_is_held_by_the_database() -> None:
    for app in ("statements", "demands"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__.startswith("Historical"):
                continue
            names = {constraint.name for constraint in model._meta.constraints}
            for field in model._meta.fields:
                if isinstance(field, CodeField) and field.name != "reason":
                    assert f"{app}_{model._meta.model_name}_{field.name}_known" in names


def test_labels_follow_the_language_and_an_unknown_code_is_shown_as_it_is() -> None:
    assert vocabularies.label("status", "met") == "Met"
    with translation.override("fr"):
        assert vocabularies.label("status", "met") == "Satisfait"
    assert vocabularies.label("status", "") == ""
    assert vocabularies.label("status", "vanished") == "vanished"


@pytest.mark.django_db
def test_a_value_outside_the_vocabulary_is_refused_by_name() -> None:
    with pytest.raises(ValidationError) as caught:
        make.StatementFactory(kind="tweet")
    assert "kind" in caught.value.message_dict


@pytest.mark.django_db
def test_the_label_can_be_asked_of_the_database() -> None:
    make.BlockedDemandFactory()
    for language, label in [("en", "Blocked"), ("fr", "Bloqué")]:
        expression = vocabularies.label_expression("status", "status", language)
        assert Demand.objects.annotate(label=expression).get().label == label


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("list,code\nstate,draft\n", "columns"),
        ("list,code,label,label_fr,definition,definition_fr\nstate,,Draft,,,\n", "line 2"),
        (
            "list,code,label,label_fr,definition,definition_fr\n" + "state,draft,Draft,,,\n" * 2,
            "line 3",
        ),
    ],
)
def test_a_broken_file_names_the_line(
    text: str, complaint: str, tmp_path: object, settings: object
) -> None:
    path = tmp_path / "vocabularies.csv"
    path.write_text(text, encoding="utf-8")
    settings.VOCABULARIES = path
    with pytest.raises(ImproperlyConfigured, match=complaint):
        vocabularies.vocabularies.__wrapped__()
