"""A statement from a document, as a browser without JavaScript sends it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from statements.models import Clearance, Intake, Original, Redaction, Statement, Text
from tests import factories as make
from tests.lib.documents import papers
from tests.lib.documents.test_bad_input import PNG, XXE, bomb, many
from tests.sent_forms import SentForm, open_form
from tests.site.test_admin_rights import staff

pytestmark = pytest.mark.django_db

START = reverse("admin:statements_statement_from_document")
PHONE = "+263 77 123 4567"
PARAGRAPHS = (
    "Zwolle Plenary 2024: Closing remarks of the River Coalition",
    "10 November 2024",
    "Mister Chair, the River Coalition thanks the town of Zwolle for its welcome, and has three "
    "things to ask of those who buy and sell what the river brings.",
    "We ask every buyer to name the mine, and every seller to say who worked in it and for whom.",
    "The people of the river have waited long enough for what was promised to them in writing.",
)
TEXT = "\n\n".join(PARAGRAPHS)


@pytest.fixture
def editor(admin_client: Client) -> Client:
    return admin_client


@pytest.fixture
def coalition() -> Any:
    make.OrganisationFactory(name="River Coalition", slug="river-coalition", kind="coalition")
    return make.MeetingFactory(
        title="Zwolle Plenary", year=2024, start="2024-11-06", end="2024-11-10", city="Zwolle"
    )


def send(client: Client, name: str = "", content: bytes = b"", pasted: str = "") -> Any:
    file = SimpleUploadedFile(name, content) if name else ""
    return client.post(START, {"file": file, "pasted": pasted})


def page_of(client: Client, answer: Any) -> str:
    """Return the address of the page of decisions that follows."""
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"]


def decisions(client: Client, address: str) -> SentForm:
    return open_form(client, address, "decisions_form")


def written() -> tuple[int, ...]:
    return tuple(table._base_manager.count() for table in (Statement, Text, Original, Intake))


# --- The usual way ------------------------------------------------------------------------------


def test_a_document_becomes_a_draft_with_what_was_proposed(editor: Client, coalition: Any) -> None:
    address = page_of(editor, send(editor, "zwolle.docx", papers.word(*PARAGRAPHS)))
    form = decisions(editor, address)
    assert form.data["title"] == [PARAGRAPHS[0]]
    assert form.data["kind"] == ["closing_remarks"]
    assert form.data["date"] == ["2024-11-10"]
    assert form.data["meeting"] == [coalition.slug]
    assert form.data["issuers"] == ["river-coalition"]
    assert form.data["target"] == ["new"]
    answer = editor.post(address, form.set(delivered="yes").press(), follow=True)
    row = Statement.objects.get()
    assert answer.redirect_chain[-1][0] == reverse(
        "admin:statements_statement_change", args=[row.pk]
    )
    assert "is entered as a draft" in answer.content.decode()
    assert (row.title, row.state, row.document) == (PARAGRAPHS[0], "draft", "zwolle.docx")
    assert (str(row.date), row.meeting, row.delivered) == ("2024-11-10", coalition, "yes")
    assert [one.slug for one in row.issuers.all()] == ["river-coalition"]
    assert row.texts.get().body == TEXT
    assert row.originals.get().media_type == "docx"
    assert not Intake.objects.exists()


def test_a_statement_of_the_record_gets_its_text_by_two_presses(editor: Client) -> None:
    row = make.StatementFactory(document="zwolle.txt", title="As the record has it")
    address = page_of(editor, send(editor, "zwolle.txt", TEXT.encode()))
    form = decisions(editor, address)
    assert form.data["target"] == [row.slug]
    answer = editor.post(address, form.press(), follow=True)
    assert "visitors read it now" in answer.content.decode()
    row.refresh_from_db()
    assert row.title == "As the record has it"
    assert row.texts.get().body == TEXT
    assert Statement.objects.count() == 1


def test_pasted_text_comes_in_without_a_file(editor: Client, coalition: Any) -> None:
    address = page_of(editor, send(editor, pasted=TEXT.replace("\n", "\r\n")))
    form = decisions(editor, address).set(delivered="yes")
    editor.post(address, form.press())
    row = Statement.objects.get()
    assert (row.document, row.originals.count(), row.texts.get().body) == ("", 0, TEXT)


def test_another_statement_is_named_by_its_address(editor: Client) -> None:
    row = make.StatementFactory(slug="some-remarks")
    address = page_of(editor, send(editor, pasted=TEXT))
    form = decisions(editor, address).set(target="other")
    answer = editor.post(address, form.set(other="nowhere").press())
    assert "No statement of the record has this address." in answer.content.decode()
    editor.post(address, form.set(other="https://x.example/fr/statements/some-remarks/").press())
    assert row.texts.get().body == TEXT


def test_what_is_typed_wins_over_what_is_proposed(editor: Client, coalition: Any) -> None:
    person = make.PersonFactory(full_name="Ama Speaker")
    issuer = make.OrganisationFactory()
    address = page_of(editor, send(editor, pasted=TEXT))
    form = decisions(editor, address).set(
        title="", title_fr="Zwolle", date="2024-11", meeting="", kind="speech", delivered="partly",
        issuers=None, more_issuer=issuer.slug, more_speaker=person.slug, place="",
        source_url="https://river.example/remarks", addressee_text="the buyers",
    )  # fmt: skip
    editor.post(address, form.press())
    row = Statement.objects.get()
    assert (row.title, row.title_fr, str(row.date), row.meeting) == ("", "Zwolle", "2024-11", None)
    assert (row.kind, row.delivered, row.place) == ("speech", "partly", "")
    assert (row.source_url, row.addressee_text) == (
        "https://river.example/remarks",
        "the buyers",
    )
    assert list(row.issuers.all()) == [issuer]
    assert [link.person for link in row.speaker_links.all()] == [person]


def test_a_speaker_has_function_and_name_as_given(editor: Client, coalition: Any) -> None:
    role = make.RoleFactory(person__full_name="Ama Speaker", person__slug="ama-speaker")
    signed = f"{TEXT}\n\nAma SPEAKER, Coordinator"
    address = page_of(editor, send(editor, pasted=signed))
    form = decisions(editor, address).set(delivered="yes", speakers="ama-speaker")
    assert form.data["role_ama-speaker"] == [role.reference]
    assert form.data["given_ama-speaker"] == ["Ama SPEAKER"]
    editor.post(address, form.press())
    link = Statement.objects.get().speaker_links.get()
    assert (link.person, link.role, link.name_as_given) == (role.person, role, "Ama SPEAKER")


# --- The text -----------------------------------------------------------------------------------


def test_what_is_ticked_goes_at_once_or_when_it_is_saved(editor: Client) -> None:
    address = page_of(editor, send(editor, pasted=f"{TEXT}\n\nFollow us"))
    form = decisions(editor, address)
    assert "Follow us" in form.data["text"][0]
    assert len(form.data["remove"]) == 1
    page = editor.post(address, form.set(title="Mine").press("_apply")).content.decode()
    applied = SentForm(page, "decisions_form")
    assert applied.data["text"] == [TEXT.replace("\n", "\r\n")]
    assert "remove" not in applied.data
    assert applied.data["title"] == ["Mine"]
    again = SentForm(
        editor.post(address, applied.press("_again")).content.decode(), "decisions_form"
    )
    assert again.data["text"][0].endswith("Follow us")
    assert not Text.objects.exists()
    editor.post(address, form.set(kind="speech", delivered="yes", date="2024",
                                  voice="coalition").press())  # fmt: skip
    assert Text.objects.get().body == TEXT


def test_what_is_not_ticked_stays(editor: Client, coalition: Any) -> None:
    address = page_of(editor, send(editor, pasted=f"{TEXT}\n\nFollow us"))
    form = decisions(editor, address).set(remove=None, delivered="yes")
    editor.post(address, form.press())
    assert Text.objects.get().body.endswith("Follow us")


def test_two_texts_in_one_file_become_two_statements(editor: Client, coalition: Any) -> None:
    spoken = " ".join(["We leave this room, and we say why we leave it."] * 6)
    both = f"{PARAGRAPHS[0]}\n\n{spoken}\n\nHere are the remarks prepared in writing:\n\n{TEXT}"
    address = page_of(editor, send(editor, "both.txt", both.encode()))
    form = decisions(editor, address).set(delivered="yes", title="Words on leaving")
    page = editor.get(address).content.decode()
    assert "Two statements: the second begins with" in page
    key = page.split('name="split" value="')[2].split('"')[0]
    answer = editor.post(address, form.set(split=key).press(), follow=True)
    assert "Now the second text of the file." in answer.content.decode()
    second = answer.redirect_chain[-1][0]
    form = SentForm(answer.content.decode(), "decisions_form")
    editor.post(second, form.set(title="Prepared remarks", kind="speech", delivered="no").press())
    first, other = Statement.objects.order_by("pk")
    assert (first.title, other.title) == ("Words on leaving", "Prepared remarks")
    # What the second text does not say is taken from the first.
    assert (other.date, other.meeting, other.voice) == (first.date, coalition, "coalition")
    assert list(other.issuers.all()) == list(first.issuers.all())
    assert spoken in first.texts.get().body
    assert other.texts.get().body.startswith("Here are the remarks")
    assert {one.statement for one in Original.objects.all()} == {first, other}
    assert not Intake.objects.exists()


def test_what_is_left_out_of_the_first_text_takes_the_file_along(
    editor: Client, coalition: Any
) -> None:
    spoken = " ".join(["We leave this room, and we say why we leave it."] * 6)
    both = f"{spoken} Ask us: {PHONE}.\n\nHere are the remarks prepared in writing:\n\n{TEXT}"
    address = page_of(editor, send(editor, "both.txt", both.encode()))
    page = editor.get(address).content.decode()
    cut = page.split('name="split" value="')[2].split('"')[0]
    key = page.split('name="personal_')[1].split('"')[0]
    form = decisions(editor, address).set(
        title="On leaving",
        kind="speech",
        date="2024",
        voice="coalition",
        delivered="yes",
        split=cut,
    )
    answer = editor.post(address, form.set(**{f"personal_{key}": "leave_out"}).press(), follow=True)
    waiting = Intake.objects.get()
    assert PHONE not in waiting.text
    assert bytes(waiting.content) == b""
    form = SentForm(answer.content.decode(), "decisions_form")
    form.set(title="Prepared remarks", delivered="no", kind="speech")
    editor.post(answer.redirect_chain[-1][0], form.press())
    assert Text.objects.count() == 2
    assert not Text.objects.filter(body__contains=PHONE).exists()
    assert not Original.objects.get().is_there


# --- In already ---------------------------------------------------------------------------------


def test_the_same_document_is_refused_with_a_link(editor: Client, coalition: Any) -> None:
    row = make.StatementFactory()
    make.TextFactory(statement=row, body=TEXT)
    address = page_of(editor, send(editor, "copy.txt", TEXT.replace("\n\n", "\n\n\n").encode()))
    form = decisions(editor, address).set(target="new", delivered="yes")
    before = written()
    page = editor.post(address, form.press()).content.decode()
    assert "It is in the record already" in page
    assert reverse("admin:statements_statement_change", args=[row.pk]) in page
    assert written() == before


def test_a_text_much_like_another_needs_a_tick(editor: Client, coalition: Any) -> None:
    other = make.StatementFactory()
    make.TextFactory(statement=other, body=TEXT.replace("three", "four"))
    address = page_of(editor, send(editor, pasted=TEXT))
    form = decisions(editor, address).set(target="new", delivered="yes")
    page = editor.post(address, form.press()).content.decode()
    assert "The record has a text much like it" in page
    assert Statement.objects.count() == 1
    editor.post(address, form.set(another="on").press())
    assert Statement.objects.count() == 2


def test_two_presses_of_the_button_make_one_statement(editor: Client, coalition: Any) -> None:
    address = page_of(editor, send(editor, pasted=TEXT))
    sent = decisions(editor, address).set(delivered="yes").press()
    editor.post(address, sent)
    answer = editor.post(address, sent, follow=True)
    assert "does not wait any more" in answer.content.decode()
    assert Statement.objects.count() == 1


# --- Personal data ------------------------------------------------------------------------------


def decide_phone(editor: Client, state: str, **decided: Any) -> Any:
    make.StatementFactory(document="zwolle.txt", state=state)
    content = f"{TEXT}\n\nQuestions: {PHONE}".encode()
    address = page_of(editor, send(editor, "zwolle.txt", content))
    form = decisions(editor, address)
    key = next(name for name in form.data if name.startswith("personal_")).removeprefix("personal_")
    form.set(**{f"{name}_{key}": value for name, value in decided.items()})
    return editor.post(address, form.press(), follow=True)


def test_a_draft_may_wait_for_the_decision(editor: Client) -> None:
    page = decide_phone(editor, "draft").content.decode()
    assert "The text was added" in page
    assert "#personal-data-heading" in page
    assert 'id="personal-data-heading"' in page
    assert PHONE in Text.objects.get().body


def test_a_public_statement_has_it_left_out_unless_decided_otherwise(editor: Client) -> None:
    page = decide_phone(editor, "published").content.decode()
    assert "left out in 1 place" in page
    assert PHONE not in Text.objects.get().body
    assert not Original.objects.get().is_there
    assert Redaction.objects.count() == 1


def test_a_public_statement_does_not_wait_for_the_decision(editor: Client) -> None:
    page = decide_phone(editor, "published", personal="later").content.decode()
    assert "visitors would read this at once" in page
    assert not Text.objects.exists()


def test_what_may_be_published_needs_a_reason(editor: Client) -> None:
    page = decide_phone(editor, "published", personal="publish").content.decode()
    assert "Say why it may be published." in page
    assert not Text.objects.exists()
    Statement.objects.all().delete()
    Intake.objects.all().delete()
    decide_phone(editor, "published", personal="publish", why="It is an office.")
    assert PHONE in Text.objects.get().body
    assert Clearance.objects.get().why == "It is an office."


# --- What cannot be taken -----------------------------------------------------------------------

BAD: list[tuple[str, Callable[[], bytes], str]] = [
    ("nothing.txt", lambda: b"", "is empty"),
    ("cut.pdf", lambda: papers.pdf([(700, "The river mines")])[:150], "damaged"),
    ("locked.pdf", lambda: papers.locked_pdf("secret"), "locked with a password"),
    ("scan.pdf", lambda: papers.pdf("q Q", "q Q"), "no text layer"),
    ("long.pdf", lambda: papers.pdf(*[[(700, "The river mines")]] * 500), "500 pages"),
    ("bomb.docx", bomb, "unpacks to"),
    ("many.docx", many, "files inside"),
    ("xxe.docx", lambda: papers.changed(
        papers.word("x"), **{"word/document.xml": f"{XXE}<x>&e;</x>"}), "lie outside it"),
    ("huge.txt", lambda: b"word " * 10_000_000, "20 MB"),
    ("nul.txt", lambda: b"The river\x00 mines", "NUL"),
    ("half.txt", lambda: b"\xff\xfeodd", "encoding"),
    ("photo.png", lambda: PNG, "picture"),
    ("blank.html", lambda: b"<html><body><script>x()</script></body></html>", "no words"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make_it", "words"), BAD, ids=[one[0] for one in BAD])
def test_a_bad_file_is_refused_at_its_field_and_nothing_is_kept(
    editor: Client, name: str, make_it: Callable[[], bytes], words: str
) -> None:
    answer = send(editor, name, make_it())
    assert answer.status_code == 200
    (error,) = answer.context["form"].errors["file"]
    assert words in error
    assert name in error
    assert written() == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "file"),
        ({"pasted": " \n "}, "file"),
        ({"pasted": "a\x00b"}, "pasted"),
        ({"pasted": "?!"}, "pasted"),
        ({"pasted": "x" * 2_000_001}, "pasted"),
        ({"name": "a.txt", "content": b"Words.", "pasted": "Words."}, "pasted"),
    ],
)
def test_what_is_no_text_is_refused(editor: Client, sent: Any, field: str) -> None:
    answer = send(editor, **sent)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert written() == (0, 0, 0, 0)


def test_more_than_a_request_may_hold_is_answered_in_words(editor: Client) -> None:
    answer = send(editor, pasted="word " * 2_000_000)
    assert answer.status_code == 400
    assert "Too much was sent at once" in answer.content.decode()


def test_a_name_with_folders_loses_them_and_scripts_are_no_text(
    editor: Client, coalition: Any
) -> None:
    page = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    page = f"<html><body><script>alert(1)</script>{page}</body></html>"
    address = page_of(editor, send(editor, "../../etc/page.html", page.encode()))
    form = decisions(editor, address).set(delivered="yes")
    editor.post(address, form.press())
    row = Statement.objects.get()
    assert row.document == "page.html"
    assert "alert" not in row.texts.get().body


def test_words_of_a_document_are_words_on_the_page(editor: Client) -> None:
    evil = "Remarks </textarea><script>alert(1)</script> of <b>ours</b>\n\n" + TEXT
    page = editor.get(page_of(editor, send(editor, pasted=evil))).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", "next Friday"), ("date", "2024-02-31"), ("date", "\x00"), ("kind", "sermon"),
        ("meeting", "nowhere"), ("language", "xx"), ("title", ""), ("date", ""), ("kind", ""),
        ("target", "no-such-statement"), ("split", "0"), ("source_url", "javascript:alert(1)"),
        ("title", "x" * 401), ("text", " "), ("text", "a\x00b"), ("more_issuer", "nobody"),
        ("more_speaker", "nobody"), ("voice", ""), ("delivered", ""), ("text_kind", "song"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named_at_its_field_and_nothing_is_saved(
    editor: Client, coalition: Any, field: str, value: str
) -> None:
    address = page_of(editor, send(editor, pasted=TEXT))
    form = decisions(editor, address).set(delivered="yes").set(**{field: value})
    answer = editor.post(address, form.press())
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Statement.objects.exists()
    assert Intake.objects.count() == 1


def test_ticks_of_proposals_that_are_gone_mean_nothing(editor: Client, coalition: Any) -> None:
    address = page_of(editor, send(editor, pasted=TEXT))
    form = decisions(editor, address).set(delivered="yes")
    form.set(remove=["0", "\x00"], speakers=["nobody", "\x00"], issuers=["nobody"])
    editor.post(address, form.press())
    row = Statement.objects.get()
    assert (row.issuers.count(), row.speaker_links.count()) == (0, 0)


# --- Who may, and what waits --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rights", "status"),
    [
        ((), 403),
        (("view_statement", "change_statement"), 403),
        (("add_statement",), 403),
        (("add_text",), 403),
        (("add_statement", "add_text"), 200),
    ],
)
def test_it_takes_the_right_to_add_statements_and_texts(
    rights: tuple[str, ...], status: int
) -> None:
    client = staff(*rights)
    assert client.get(START).status_code == status
    assert send(client, pasted=TEXT).status_code == (302 if status == 200 else 403)
    listed = staff("view_statement", *rights).get(reverse("admin:statements_statement_changelist"))
    assert (START in listed.content.decode()) == (status == 200)
    assert (START in client.get(reverse("admin:index")).content.decode()) == (status == 200)


def test_a_visitor_is_asked_to_log_in(client: Client) -> None:
    for address in (START, f"{START}1/"):
        assert "/login/" in client.get(address)["Location"]


def test_who_may_only_add_makes_drafts_and_changes_no_statement(coalition: Any) -> None:
    row = make.StatementFactory(document="zwolle.txt", state="draft")
    client = staff("add_statement", "add_text")
    address = page_of(client, send(client, "zwolle.txt", TEXT.encode()))
    form = decisions(client, address).set(delivered="yes")
    assert form.data["target"] == ["new"]
    page = client.post(address, form.set(target=row.slug).press()).content.decode()
    assert "not change what is in the record" in page
    answer = client.post(address, form.set(target="new").press())
    assert answer["Location"] == reverse("admin:index")
    assert Statement.objects.exclude(pk=row.pk).get().state == "draft"


def test_who_may_not_remove_personal_data_is_not_offered_it() -> None:
    client = staff("add_statement", "add_text", "change_statement")
    page = client.get(page_of(client, send(client, pasted=f"{TEXT}\n\n{PHONE}"))).content.decode()
    assert "decide later" in page
    assert "leave it out" not in page


def test_nobody_else_sees_what_waits(editor: Client) -> None:
    address = page_of(editor, send(editor, "secret-name.txt", TEXT.encode()))
    assert "secret-name.txt" in editor.get(START).content.decode()
    other = staff("add_statement", "add_text")
    assert "secret-name.txt" not in other.get(START).content.decode()
    for answer in (other.get(address), other.post(address, {"_discard": "1"})):
        assert answer["Location"] == START
    assert Intake.objects.count() == 1
    assert editor.get(f"{START}{10**30}/")["Location"] == START


def test_what_is_discarded_is_gone_and_what_is_old_is_forgotten(editor: Client) -> None:
    address = page_of(editor, send(editor, pasted=TEXT))
    editor.post(address, decisions(editor, address).press("_discard"))
    assert written() == (0, 0, 0, 0)
    send(editor, pasted=TEXT)
    Intake.objects.update(at=timezone.now() - timedelta(days=4))
    send(editor, pasted=TEXT)
    assert Intake.objects.count() == 1


def test_the_pages_obey_the_policy_and_speak_french(editor: Client) -> None:
    address = page_of(editor, send(editor, pasted=f"{TEXT}\n\nFollow us\n\n{PHONE}"))
    for one in (START, address):
        page = editor.get(one, headers={"accept-language": "fr"}).content.decode()
        assert " style=" not in page.split('id="content"')[1]
        assert " onclick=" not in page
        assert '<html lang="fr"' in page
