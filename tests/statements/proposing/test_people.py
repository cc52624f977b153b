"""Who speaks, who is only named, and in whose name a document speaks."""

from types import SimpleNamespace

import pytest

from statements.models import Role
from tests.factories import OrganisationFactory, PersonFactory, RoleFactory
from tests.statements.proposing.asking import proposed, shown, values

HEAD = "Press release\n\n3 May 2019\n\n"
FILL = "The villages near the mines wait for water, and we wait with them for an answer."


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}“We wait,” said Awa Traoré. {FILL}",
        f"{HEAD}“We wait”, explains Dr. Awa Traoré, coordinator of the coalition. {FILL}",
        f"{HEAD}“Who listens?” questioned Ms Awa TRAORE. {FILL}",
        f"{HEAD}The coordinator, Awa Traore, pressed the chair to listen. {FILL}",
        f"{HEAD}Awa Traoré, coordinator of the coalition in Azuria, added that “we wait”. {FILL}",
        f"{HEAD}According to Awa Traoré, nobody listens. {FILL}",
        f"{HEAD}« Nous attendons », a déclaré Mme Awa Traoré. {FILL}",
        f"{HEAD}Selon Awa Traoré, rien ne bouge. {FILL}",
        f"{HEAD}{FILL} Nobody listens“- Awa Traoré, on behalf of the coalition.",
        f"{HEAD}{FILL}\n\nDr. Awa TRAORE\nCoordinator",
        f"{HEAD}{FILL}\n\nTRAORÉ Awa\nCoordinatrice",
        f"{HEAD}{FILL}\n\nYours sincerely,\n\nAwa Traoré",
        f"Closing remarks by Awa Traoré\n\n3 May 2019\n\n{FILL}",
        f"Discours prononcé par Mme Awa Traoré\n\n3 mai 2019\n\n{FILL}",
        f"{HEAD}My name is Awa Traoré and I come from Azuria. {FILL}",
        f"{HEAD}Awa Traoré spoke first. {FILL} “We wait”, stressed Ms. Traoré.",
    ],
)
def test_a_speaker_is_found(cast: SimpleNamespace, text: str) -> None:
    found = proposed(text)
    assert values(found.speakers) == ["awa-traore"]
    assert found.named == []
    assert "tra" in shown(text, found.speakers[0]).lower()


@pytest.mark.parametrize(
    "text",
    [
        f"Dear Dr. Traoré,\n\nDear Awa Traoré,\n\n{FILL}",
        f"Honourable Chair,\n\nMs Awa Traoré, Coordinator;\n\nLadies and gentlemen,\n\n{FILL}",
        f"Your Excellency Awa Traoré,\n\n{FILL}",
        f"{HEAD}{FILL} We would like to thank Ms Awa Traoré for her years with us.",
        f"{HEAD}{FILL} Nous remercions Awa Traoré de son accueil.",
        f"{HEAD}{FILL} Our work passes to my colleague Awa Traoré from Azuria.",
        f"{HEAD}{FILL} The police questioned Awa Traoré. They warned Awa Traoré, too.",
        f"{HEAD}{FILL}\n\nMore information:\n\nAwa Traoré, coordinator, +263 7 000 000 00",
        f"{HEAD}{FILL}\n\nContact\n\nAwa Traoré\nCoordinator",
        f"{HEAD}{FILL}\n\nPour plus d’informations : Awa Traoré, River Watch",
        f"Lakeside, 3 May 2019\n\nTo: Ms Awa Traoré, Coordinator\n\nDear coordinator,\n\n{FILL}",
    ],
)
def test_one_who_is_addressed_thanked_or_mentioned_is_no_speaker(
    cast: SimpleNamespace, text: str
) -> None:
    found = proposed(text)
    assert found.speakers == []
    assert values(found.named) == ["awa-traore"]


def test_names_in_a_list_speak_together(cast: SimpleNamespace) -> None:
    text = f"{HEAD}“We wait,” said Awa Traoré and Kofi Mensah-Boateng of River Watch. {FILL}"
    assert values(proposed(text).speakers) == ["awa-traore", "kofi-mensah-boateng"]


def test_speakers_stand_in_the_order_in_which_they_speak(cast: SimpleNamespace) -> None:
    text = f"{HEAD}“We wait,” said Kofi Mensah-Boateng. {FILL} “Still,” said Awa Traoré."
    assert values(proposed(text).speakers) == ["kofi-mensah-boateng", "awa-traore"]


def test_one_of_another_body_is_quoted_and_no_speaker(cast: SimpleNamespace) -> None:
    text = f"Press release\n\n3 May 2023\n\n“All is well,” said Ibrahim Ould Salem. {FILL}"
    found = proposed(text)
    assert found.speakers == []
    assert values(found.named) == ["ibrahim-ould-salem"]
    assert "another body" in found.named[0].reason


def test_the_function_is_that_of_the_day(cast: SimpleNamespace) -> None:
    quoted = f"“We wait,” said Awa Traoré, coordinator. {FILL}"
    then = proposed(f"Press release\n\n3 May 2019\n\n{quoted}").speakers[0]
    before = proposed(f"Press release\n\n3 May 2012\n\n{quoted}").speakers[0]
    assert then.role == cast.coordinator.reference
    assert Role.objects.get(reference=before.role).role == "Local focal point"


def test_the_function_named_beside_the_name_wins(cast: SimpleNamespace) -> None:
    local = RoleFactory(
        person=cast.awa, organisation=cast.coalition, role="Treasurer", start="2018-02"
    )
    text = f"{HEAD}“We wait,” said Awa Traoré, treasurer of the coalition. {FILL}"
    assert proposed(text).speakers[0].role == local.reference


def test_the_name_is_kept_as_the_text_gives_it(cast: SimpleNamespace) -> None:
    found = proposed(f"{HEAD}{FILL}\n\nDr. Awa TRAORE\nCoordinator")
    assert found.speakers[0].name_as_given == "Awa TRAORE"


@pytest.mark.parametrize("written", ["Awa Traorre", "Awwa Traoré", "Awa Traoree"])
def test_a_misspelt_name_is_found_and_never_sure(cast: SimpleNamespace, written: str) -> None:
    found = proposed(f"{HEAD}“We wait,” said {written}. {FILL}")
    assert values(found.speakers) == ["awa-traore"]
    assert not found.speakers[0].sure
    assert written in found.speakers[0].reason


@pytest.mark.parametrize("written", ["Awa Traumann", "Ada Lovelace", "Kofi Annan", "Eva Trauer"])
def test_another_name_is_not_taken_for_one_of_the_record(
    cast: SimpleNamespace, written: str
) -> None:
    found = proposed(f"{HEAD}“We wait,” said {written}. {FILL}")
    assert found.speakers == found.named == []
    assert [one.label for one in found.unknown] == [written]
    assert values(found.unknown) == [""]


def test_a_surname_alone_names_nobody(cast: SimpleNamespace) -> None:
    found = proposed(f"{HEAD}“We wait,” said Mr. Traoré. {FILL}")
    assert found.speakers == found.named == []


def test_two_people_of_one_name_are_both_offered(cast: SimpleNamespace) -> None:
    PersonFactory(slug="awa-traore-2", full_name="Awa Traoré")
    found = proposed(f"{HEAD}“We wait,” said Awa Traoré. {FILL}")
    assert set(values(found.speakers)) == {"awa-traore", "awa-traore-2"}
    assert not any(one.sure for one in found.speakers)


def test_a_withheld_name_is_told_to_be_withheld(cast: SimpleNamespace) -> None:
    found = proposed(f"{HEAD}“We wait,” said Zara Dieng. {FILL}")
    assert values(found.speakers) == ["zara-dieng"]
    assert "visitors" in found.speakers[0].reason


@pytest.mark.parametrize(
    ("text", "issuers", "voice"),
    [
        (
            f"**KIMBERLEY**\n**PROCESS**\n**CIVIL SOCIETY**\n**COALITION**\n\nA title\n\n{FILL}",
            ["kp-csc"],
            "coalition",
        ),
        (
            f"Kimberley Process Civil Society Coalition\n\nA title\n\n{FILL}",
            ["kp-csc"],
            "coalition",
        ),
        (f"Coalition de la société civile du PK\n\nUn titre\n\n{FILL}", ["kp-csc"], "coalition"),
        (
            f"A title\n\nThe KP civil society coalition (KP CSC) called for water. {FILL}",
            ["kp-csc"],
            "coalition",
        ),
        (f"Closing speech by the Civil Society Coalition\n\n{FILL}", ["kp-csc"], "coalition"),
        (f"RIVER WATCH\n\nA title\n\n{FILL}", ["river-watch"], "member"),
        (
            f"A title\n\nRiver Watch today calls on the industry to act. {FILL}",
            ["river-watch"],
            "member",
        ),
        (f"A title\n\n{FILL}\n\nKofi Mensah-Boateng\nRiver Watch", ["river-watch"], "member"),
        (
            f"Joint statement by River Watch and ECHO\n\n{FILL}",
            ["river-watch", "echo"],
            "coalition",
        ),
    ],
)
def test_issuers_and_voice(
    cast: SimpleNamespace, text: str, issuers: list[str], voice: str
) -> None:
    found = proposed(text)
    assert values(found.issuers) == issuers
    assert values(found.voice) == [voice]


@pytest.mark.parametrize(
    "text",
    [
        # In the running text, in brackets behind a name, as a word, as a short acronym.
        f"A title\n\n{FILL} River Watch and the CSC were there, as ever, with many others.",
        f"A title\n\n{FILL}\n\nMore information:\n\nKofi Mensah-Boateng (River Watch), +263 7 000",
        f"The echo of the mines\n\n{FILL} We hear an echo of old words. {FILL}",
        f"A title\n\n{FILL}\n\nKofi Mensah-Boateng (RW)",
        f"To: River Watch\n\nSubject: A title\n\nDear all,\n\n{FILL}",
        # Bodies that make no statement of the record.
        f"United Nations\n\nA title\n\n{FILL}",
        f"Azuria\n\nA title\n\n{FILL}",
    ],
)
def test_who_is_only_named_issues_nothing(cast: SimpleNamespace, text: str) -> None:
    found = proposed(text)
    assert found.issuers == []
    assert found.voice == []


def test_a_name_that_another_body_once_had_is_that_bodys_own_first(cast: SimpleNamespace) -> None:
    assert values(proposed(f"ECHO\n\nA title\n\n{FILL}").issuers) == ["echo"]
    assert values(proposed(f"Old Echo\n\nA title\n\n{FILL}").issuers) == ["old-echo"]


def test_a_person_may_have_the_name_of_a_place_or_a_body(cast: SimpleNamespace) -> None:
    OrganisationFactory(slug="green-traore", name="Awa Traoré Foundation", kind="ngo")
    found = proposed(f"{HEAD}{FILL} The Awa Traoré Foundation paid for the well.")
    assert found.speakers == []


def test_a_title_about_a_member_does_not_make_it_the_issuer_for_sure(cast: SimpleNamespace) -> None:
    found = proposed(f"The coalition after the departure of River Watch\n\n{FILL}")
    assert not any(one.sure for one in found.issuers)
    head = "Kimberley Process Civil Society Coalition\n\nRiver Watch leaves the talks"
    found = proposed(f"{head}\n\n{FILL}")
    assert [one.value for one in found.issuers if one.sure] == ["kp-csc"]


def test_a_heading_about_contacts_ends_no_text(cast: SimpleNamespace) -> None:
    text = f"A title\n\n{FILL}\n\nContact with the villages\n\n{FILL}\n\nAwa Traoré\nCoordinator"
    assert values(proposed(text).speakers) == ["awa-traore"]
