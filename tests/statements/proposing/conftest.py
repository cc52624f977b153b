"""A small invented record that documents are compared with."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from tests.factories import (
    CountryFactory,
    MeetingFactory,
    OrganisationFactory,
    PersonFactory,
    RoleFactory,
    StatementFactory,
)


@pytest.fixture(scope="module")
def cast_of_the_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """Hold the rows in one transaction around all tests of a module."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        try:
            rows = _cast()
        except BaseException:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
            raise
    yield rows
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def cast(cast_of_the_module: SimpleNamespace, db: None) -> SimpleNamespace:
    """The coalition, two members, others; their people; meetings in invented places."""
    return cast_of_the_module


def _cast() -> SimpleNamespace:
    organisation = OrganisationFactory
    coalition = organisation(
        slug="kp-csc",
        name="Kimberley Process Civil Society Coalition",
        name_fr="Coalition de la société civile du Processus de Kimberley",
        acronym="KP CSC",
        acronym_fr="CSC PK",
        other_names="CSC",
        kind="coalition",
    )
    river = organisation(
        slug="river-watch", name="River Watch", acronym="RW", kind="coalition_member"
    )
    echo = organisation(slug="echo", name="ECHO", kind="coalition_member", other_names="Old Echo")
    old_echo = organisation(
        slug="old-echo", name="Old Echo", acronym="OEC", kind="coalition_member", other_names="ECHO"
    )
    bourse = organisation(
        slug="bourse", name="Lakeside World Stone Centre", acronym="LWSC", kind="industry_body"
    )
    organisation(slug="un", name="United Nations", acronym="UN", kind="international_body")
    awa = PersonFactory(slug="awa-traore", full_name="Awa Traoré", name_variants="Dr. Awa TRAORE")
    RoleFactory(person=awa, organisation=None, role="Local focal point", start="2010")
    coordinator = RoleFactory(
        person=awa, organisation=coalition, role="Coordinator", start="2018-02", end="2024-01"
    )
    kofi = PersonFactory(slug="kofi-mensah-boateng", full_name="Kofi Mensah-Boateng")
    researcher = RoleFactory(person=kofi, organisation=river, role="Researcher", start="2015")
    salem = PersonFactory(slug="ibrahim-ould-salem", full_name="Ibrahim Ould Salem")
    RoleFactory(person=salem, organisation=None, role="KP Chair", start="2023", end="2023")
    zara = PersonFactory(slug="zara-dieng", full_name="Zara Dieng", public_name="withheld")
    RoleFactory(person=zara, organisation=river, role="Monitor")
    azuria = CountryFactory(code="XA", name="Azuria", name_fr="Azurie")
    america = CountryFactory(code="US", name="United States", name_fr="États-Unis")
    places = {"city": "Lakeside", "city_fr": "Lac-Rive", "country": azuria}
    plenary = MeetingFactory(
        slug="plenary-2023",
        title="Annual Plenary 2023",
        title_fr="Plénière annuelle 2023",
        **places,
    )
    MeetingFactory(
        slug="intersessional-2023",
        title="Intersessional 2023",
        kind="intersessional",
        start="2023-05-22",
        end="2023-05-25",
        **places,
    )
    MeetingFactory(
        slug="plenary-2019",
        title="Annual Plenary 2019",
        year=2019,
        start="2019-11-18",
        end="2019-11-22",
        city="Port Azul",
        city_fr="Port-Azur",
        country=azuria,
    )
    MeetingFactory(
        slug="unga-2023",
        title="UN General Assembly resolution 2023",
        kind="un_resolution",
        start="2023-03-29",
        end="2023-03-29",
        city="New York",
        city_fr="New York",
        country=america,
    )
    MeetingFactory(
        slug="intersessional-2013",
        title="Intersessional 2013",
        kind="intersessional",
        year=2013,
        start="2013-06-04",
        end="2013-06-07",
        city="Kimberley",
        city_fr="Kimberley",
        country=azuria,
    )
    MeetingFactory(
        slug="webinar-2021",
        title="Coalition webinar: villages want answers about water",
        kind="webinar",
        year=2021,
        start="2021-03-16",
        end="2021-03-16",
    )
    statement = StatementFactory(
        slug="closing-2023",
        title="Closing remarks: stones without shame",
        title_fr="Discours de clôture : des pierres sans honte",
        title_kind="published",
        kind="closing_remarks",
        date="2023-11-10",
        meeting=plenary,
        document="2023-11-10-lakeside-closing.txt",
        delivered="partly",
        issuers=[coalition],
    )
    return SimpleNamespace(
        coalition=coalition,
        river=river,
        echo=echo,
        old_echo=old_echo,
        bourse=bourse,
        awa=awa,
        kofi=kofi,
        coordinator=coordinator,
        researcher=researcher,
        plenary=plenary,
        statement=statement,
    )
