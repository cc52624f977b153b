"""Titles, kinds and languages: what the head of a document says of it."""

import pytest

from tests.statements.proposing.asking import proposed, shown, values

pytestmark = pytest.mark.django_db

BODY = "We ask the governments to listen to the villages, and we will ask them again and again."
CORPS = "Nous demandons aux gouvernements d'écouter les villages, et nous le demanderons encore."


@pytest.mark.parametrize(
    ("head", "title"),
    [
        # One line, after logo, letterhead, label and date.
        (
            "**KIMBERLEY**\n**PROCESS**\n**CIVIL SOCIETY**\n\n4 March 2020\n\n"
            "Press release Kimberley Process Civil Society Coalition\n\nFor immediate release\n\n"
            "Stones Without Shame",
            "Stones Without Shame",
        ),
        (
            "Kimberley Process Civil Society Coalition\n\nStones without shame",
            "Stones without shame",
        ),
        ("## Stones without shame", "Stones without shame"),
        # In quotation marks of every kind.
        ("Press release\n\n“Stones without any shame”", "Stones without any shame"),
        ('Press release\n\n"Stones without any shame"', "Stones without any shame"),
        ("Communiqué de presse\n\n« Des pierres sans honte »", "Des pierres sans honte"),
        ("‘Don’t look away now’", "Don’t look away now"),
        (
            "“Stones without shame,\nvillages without water”",
            "Stones without shame, villages without water",
        ),
        # Over two lines.
        ("A long road to the\nreform of everything", "A long road to the reform of everything"),
        (
            "Stones without shame,\nvillages without water",
            "Stones without shame, villages without water",
        ),
        (
            "Civil Society Statement\n\nLakeside Plenary Meeting\n\n3 May 2019",
            "Civil Society Statement, Lakeside Plenary Meeting",
        ),
        (
            "2023 Plenary Meeting, Lakeside\n\nCivil society closing remarks.",
            "2023 Plenary Meeting, Lakeside: Civil society closing remarks",
        ),
        # A question, a colon, capitals.
        (
            "More words than deeds: when will they act?",
            "More words than deeds: when will they act?",
        ),
        ("STONES WITHOUT SHAME", "STONES WITHOUT SHAME"),
        ("Members of the coalition meet in Azuria", "Members of the coalition meet in Azuria"),
        # What web pages leave behind is no title.
        ("Stones without shame\n\nU kan dit ook lezen in het: ENG FR", "Stones without shame"),
        ("Home\n\nFollow us\n\nEnglish | Français\n\nStones without shame", "Stones without shame"),
        # A subject line.
        (
            "Lakeside, 3 May 2019\n\nSubject: Our absence in May\n\nDear Chair,",
            "Our absence in May",
        ),
    ],
)
def test_the_title_is_found(cast: object, head: str, title: str) -> None:
    text = f"{head}\n\n{BODY}"
    found = proposed(text)
    assert found.title[0].value == title
    assert values(found.title_kind) == ["published"]
    assert found.title.count(found.title[0]) == 1
    # The words stand where the proposal says.
    assert title.split()[0] in shown(text, found.title[0])


def test_two_headings_that_need_not_belong_together_are_both_offered(cast: object) -> None:
    found = proposed(f"Stones without shame\n\nWhat villages told us\n\n{BODY}")
    assert values(found.title) == ["Stones without shame", "What villages told us"]
    assert not found.title[0].sure


@pytest.mark.parametrize(
    "head",
    [
        "",
        "Kimberley Process Civil Society Coalition\n\n3 May 2019",
        "Press release\n\nLakeside, 3 May 2019",
        "Dear Chair,",
        "Honourable Minister,\n\nLadies and gentlemen,",
        "Awa Traoré and Kofi Mensah-Boateng",
    ],
)
def test_a_letterhead_a_label_or_a_greeting_is_no_title(cast: object, head: str) -> None:
    found = proposed(f"{head}\n\n{BODY}")
    assert found.title == []
    assert values(found.title_kind) == ["descriptive"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Press release\n\nWe ask", "press_release"),
        ("For immediate release\n\nWe ask", "press_release"),
        ("COMMUNIQUÉ DE PRESSE\n\nNous demandons", "press_release"),
        ("Closing remarks of the coalition", "closing_remarks"),
        ("2021 Plenary – Closing Speech by the coalition", "closing_remarks"),
        ("Discours de clôture de la coalition", "closing_remarks"),
        ("Remarques finales", "closing_remarks"),
        ("Opening statement by the coalition", "opening_remarks"),
        ("Discours d’ouverture", "opening_remarks"),
        ("Open letter to the Chair", "open_letter"),
        ("Lettre ouverte à la présidence", "open_letter"),
        ("Letter to the Chair", "open_letter"),
        ("Joint statement by two members", "joint_statement"),
        ("Déclaration finale de l'atelier", "joint_statement"),
        ("A call for action", "call_for_action"),
        ("Appel à l'action", "call_for_action"),
        ("Report on the mines of Azuria", "report"),
        ("Rapport sur les mines", "report"),
        ("Keynote by the coordinator", "speech"),
        ("Statement of the coalition", "statement"),
        ("Déclaration de la coalition", "statement"),
    ],
)
def test_the_kind_is_read_from_the_head(cast: object, head: str, kind: str) -> None:
    found = proposed(f"{head}\n\n{CORPS if 'é' in head else BODY}")
    assert found.kind[0].value == kind
    assert found.kind[0].sure


def test_a_label_says_more_than_a_title(cast: object) -> None:
    text = f"Press release\n\nCoalition gives closing speech to an empty hall\n\n{BODY}"
    assert proposed(text).kind[0].value == "press_release"


@pytest.mark.parametrize(
    "text",
    [
        f"Stones without shame\n\n{BODY}",
        f"Campaigners call for action on stones\n\n{BODY}",
        f"Stones without shame\n\nThey noted a letter and a report; no statement came. {BODY}",
    ],
)
def test_no_kind_is_proposed_where_none_shows(cast: object, text: str) -> None:
    assert proposed(text).kind == []


def test_a_text_that_greets_and_thanks_may_be_a_speech(cast: object) -> None:
    text = f"Honourable Chair,\n\nLadies and gentlemen,\n\n{BODY}\n\nThank you for your attention."
    found = proposed(text)
    assert values(found.kind) == ["speech"]
    assert not found.kind[0].sure


def test_a_text_that_begins_with_dear_may_be_a_letter(cast: object) -> None:
    found = proposed(f"Dear Mr. Salem,\n\n{BODY}\n\nYours sincerely,\n\nKofi Mensah-Boateng")
    assert values(found.kind) == ["open_letter"]
    assert not found.kind[0].sure


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (BODY * 2, "en"),
        (CORPS * 2, "fr"),
        (
            "Wir bitten die Regierungen, auf die Dörfer zu hören, und das ist nicht neu für uns.",
            "de",
        ),
        ("Pedimos a los gobiernos que escuchen a las aldeas, y lo pediremos una y otra vez.", "es"),
        (
            "Wij vragen de regeringen om naar de dorpen te luisteren en dat is niet nieuw.",
            "nl",
        ),
        (
            "Pedimos aos governos que ouçam as aldeias, e não vamos parar com isso.",
            "pt",
        ),
        ("Мы просим правительства услышать деревни.", "ru"),
        ("نطلب من الحكومات أن تستمع إلى القرى القريبة من المناجم.", "ar"),
        ("我们要求各国政府倾听村庄的声音。", "zh"),
    ],
)
def test_the_language_is_told_by_its_words_or_its_script(
    db: None, text: str, language: str
) -> None:
    assert proposed(text).language[0].value == language


@pytest.mark.parametrize("text", ["Ngumbuwa kalawa hetiju mpalewo dusta.", "12 34 56", "Lakeside"])
def test_an_unknown_language_stays_unknown(db: None, text: str) -> None:
    assert proposed(text).language == []


def test_one_line_in_another_language_changes_nothing(db: None) -> None:
    found = proposed(f"U kan dit ook lezen in het Nederlands, en dat is goed.\n\n{BODY * 5}")
    assert values(found.language) == ["en"]


def test_two_languages_are_both_offered(db: None) -> None:
    found = proposed(f"{BODY * 3}\n\n{CORPS * 3}")
    assert set(values(found.language)) == {"en", "fr"}
    assert not any(one.sure for one in found.language)
