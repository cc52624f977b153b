"""Rows for tests, made as staff make them: through the actions.

Every factory publishes by default; pass ``state="draft"`` for what nobody may see. Dates are
given as known: ``date="2017-11"``.
"""

from typing import Any

import factory

from demands import actions as demand_actions
from demands import marking
from demands.codes import AssessmentKind, DemandKind, MentionKind, Status
from demands.models import Assessment, Demand, Evidence, Mention, Theme
from kptracker.lib.partial_dates import PartialDate
from statements import actions as statement_actions
from statements.models import (
    Country,
    Meeting,
    Organisation,
    Person,
    Role,
    Statement,
    StatementSpeaker,
    Text,
)


class Acted(factory.django.DjangoModelFactory):
    """Create through an action instead of the manager."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        by = kwargs.pop("by", None)
        row = cls.act(model_class(*args, **kwargs), by)
        row.refresh_from_db()  # derived columns
        return row

    @classmethod
    def act(cls, row: Any, by: Any) -> Any:
        return statement_actions.save(row, by=by)


class CountryFactory(Acted):
    class Meta:
        model = Country
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"{chr(65 + n // 26 % 26)}{chr(65 + n % 26)}")
    name = factory.Sequence(lambda n: f"Country {n}")
    name_fr = factory.Sequence(lambda n: f"Pays {n}")


class OrganisationFactory(Acted):
    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.Sequence(lambda n: f"Organisation {n}")
    name_fr = factory.Sequence(lambda n: f"Organisation {n} (fr)")
    kind = "participant"
    state = "published"


class PersonFactory(Acted):
    class Meta:
        model = Person

    slug = factory.Sequence(lambda n: f"person-{n}")
    full_name = factory.Sequence(lambda n: f"Ama Person{n}")
    state = "published"


class RoleFactory(Acted):
    class Meta:
        model = Role

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = "Coordinator"
    role_fr = "Coordonnatrice"

    @classmethod
    def act(cls, row: Any, by: Any) -> Any:
        return statement_actions.save_role(row, by=by)


class MeetingFactory(Acted):
    class Meta:
        model = Meeting

    slug = factory.Sequence(lambda n: f"meeting-{n}")
    title = factory.Sequence(lambda n: f"Plenary {n}")
    title_fr = factory.Sequence(lambda n: f"Plénière {n}")
    kind = "plenary"
    year = 2023
    start = "2023-11-06"
    end = "2023-11-10"
    state = "published"


class StatementFactory(Acted):
    """A press release of November 2023; ``issuers`` and ``speakers`` are lists, in order."""

    class Meta:
        model = Statement

    slug = factory.Sequence(lambda n: f"statement-{n}")
    title = factory.Sequence(lambda n: f"Statement {n}")
    title_fr = factory.Sequence(lambda n: f"Déclaration {n}")
    kind = "press_release"
    voice = "coalition"
    date = "2023-11-10"
    language = "en"
    summary = "What it says, in our words."
    summary_fr = "Ce qu’elle dit, avec nos mots."
    state = "published"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        issuers = kwargs.pop("issuers", [])
        addressees = kwargs.pop("addressees", [])
        speakers = kwargs.pop("speakers", [])
        row = super()._create(model_class, *args, **kwargs)
        statement_actions.set_issuers(row, issuers, by=None)
        statement_actions.set_addressees(row, addressees, by=None)
        statement_actions.set_speakers(row, speakers, by=None)
        return row


class SpeakerFactory(Acted):
    class Meta:
        model = StatementSpeaker

    statement = factory.SubFactory(StatementFactory)
    person = factory.SubFactory(PersonFactory)


class TextFactory(Acted):
    class Meta:
        model = Text

    statement = factory.SubFactory(StatementFactory)
    kind = "verbatim"
    language = "en"
    body = "We ask you to widen the definition.\n\nNothing less will do."


class ThemeFactory(Acted):
    class Meta:
        model = Theme

    slug = factory.Sequence(lambda n: f"theme-{n}")
    name = factory.Sequence(lambda n: f"Theme {n}")
    name_fr = factory.Sequence(lambda n: f"Thème {n}")


class DemandFactory(Acted):
    """A demand nobody has raised or judged yet; ``addressees`` is a list, in order."""

    class Meta:
        model = Demand

    slug = factory.Sequence(lambda n: f"demand-{n}")
    title = factory.Sequence(lambda n: f"Do thing {n}")
    title_fr = factory.Sequence(lambda n: f"Faire chose {n}")
    theme = factory.SubFactory(ThemeFactory)
    description = "What is asked and why."
    description_fr = "Ce qui est demandé et pourquoi."
    success_test = "It is done."
    state = "published"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        addressees = kwargs.pop("addressees", [])
        row = super()._create(model_class, *args, **kwargs)
        demand_actions.set_demand_addressees(row, addressees, by=None)
        return row

    @classmethod
    def act(cls, row: Any, by: Any) -> Any:
        return demand_actions.save_demand(row, by=by)


class PositionFactory(DemandFactory):
    """A stand that the coalition takes: it is declared, not judged."""

    kind = DemandKind.POSITION
    success_test = ""


class MentionFactory(Acted):
    """The demand is asked in a statement."""

    class Meta:
        model = Mention

    demand = factory.SubFactory(DemandFactory)
    statement = factory.SubFactory(StatementFactory)
    kind = MentionKind.DEMANDED
    paraphrase = factory.Sequence(lambda n: f"The coalition asks for it ({n}).")
    paraphrase_fr = factory.Sequence(lambda n: f"La coalition le demande ({n}).")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        # Words of a text of ours, which are no quote, are marked there.
        text, words = kwargs.pop("text", None), kwargs.pop("quote", None)
        cls.words = words if words and text and text.kind != "summary" else None
        row = super()._create(model_class, *args, **kwargs)
        if words and text and text.kind == "summary":
            start = text.body.index(words)
            marking.mark(row, text, start, start + len(words), by=None)
        return row

    @classmethod
    def act(cls, row: Any, by: Any) -> Any:
        row = demand_actions.save_mention(row, by=by, words=cls.words)
        row.demand.refresh_from_db()
        return row


def judge(demand: Demand, status: str = Status.NO_MOVEMENT, **kwargs: Any) -> Assessment:
    """Judge a demand; ``date`` is text as known, ``evidence`` a list of unsaved rows."""
    values: dict[str, Any] = {
        "by": None,
        "date": "2023-11-10",
        "assessed_by": "the compilers",
        "rationale": "Nothing was adopted.",
        "reason": {"blocked": "no_consensus", "closed": "lapsed"}.get(status, ""),
        "brought_about_by": "addressee" if status in ("met", "partly_met") else "",
        "evidence": [Evidence(kind="press", source_url="https://news.example.org/plenary")],
        **kwargs,
    }
    values["date"] = PartialDate.parse(str(values["date"]))
    return demand_actions.assess(demand, status=status, **values)


class JudgedDemandFactory(DemandFactory):
    """A demand with one judgement, provisional; ``status`` says which."""

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        status = kwargs.pop("status", Status.NO_MOVEMENT)
        judged = {
            name: kwargs.pop(name)
            for name in ("judged_on", "reviewed_by", "reason", "rationale", "evidence")
            if name in kwargs
        }
        if "judged_on" in judged:
            judged["date"] = judged.pop("judged_on")
        row = super()._create(model_class, *args, **kwargs)
        judge(row, status, **judged)
        row.refresh_from_db()
        return row


class BlockedDemandFactory(JudgedDemandFactory):
    """A demand that was put forward and stopped for want of consensus."""

    status = Status.BLOCKED


__all__ = [name for name in dir() if name.endswith("Factory")] + ["AssessmentKind", "judge"]
