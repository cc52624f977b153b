"""A staff member brings a document, corrects what is proposed, and finds the draft."""

import io
from collections.abc import Iterator

import docx
import pytest
from playwright.sync_api import Page, expect

from .conftest import Site
from .test_admin import log_in

NAME = "zwolle-remarks.docx"
TITLE = "Zwolle Gathering: Closing remarks of the coalition"
PARAGRAPHS = (
    TITLE,
    "10 November 2019",
    "Mister Chair, the civil society coalition thanks the town of Zwolle for its welcome, and has "
    "three things to ask of those who buy and sell what the river brings.",
    "We ask every buyer to name the mine, and every seller to say who worked in it and for whom.",
    "Follow us",
)


def document() -> bytes:
    made = docx.Document()
    for one in PARAGRAPHS:
        made.add_paragraph(one)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.fixture
def cleared(site: Site) -> Iterator[None]:
    """Take the rows of this test out again: other tests count those of the shipped record."""
    yield
    from statements.models import Intake, Original, Statement, StatementSpeaker, Text

    with site.database():
        mine = Statement.objects.filter(document=NAME)
        for model in (Text, Original, StatementSpeaker):
            model._base_manager.filter(statement__in=mine).delete()
        mine.delete()
        Intake.objects.all().delete()


def bring(page: Page) -> None:
    """Choose the file and have it read: one choice, one press."""
    page.get_by_role("link", name="Add a statement from a document").first.click()
    page.get_by_label("A file from your computer").set_input_files(
        {"name": NAME, "mimeType": "application/octet-stream", "buffer": document()}
    )
    page.get_by_role("button", name="Read it").click()


@pytest.mark.usefixtures("cleared")
def test_a_document_becomes_a_draft(page: Page, site: Site) -> None:
    log_in(page, site)
    bring(page)
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.get_by_label("Title:", exact=True)).to_have_value(TITLE)
    expect(page.get_by_label("Date:", exact=True)).to_have_value("2019-11-10")
    expect(page.get_by_label("Kind:", exact=True)).to_have_value("closing_remarks")
    expect(page.get_by_role("checkbox", name="Follow us")).to_be_checked()

    # What belongs to a new statement only is shown for one only.
    page.get_by_label("Add the text to another statement").check()
    expect(page.get_by_label("Title:", exact=True)).to_be_hidden()
    page.get_by_label("Make a new statement").check()

    page.get_by_role("button", name="Remove what is ticked").click()
    expect(page.get_by_role("checkbox", name="Follow us")).to_have_count(0)
    text = page.get_by_label("The text:", exact=True)
    expect(text).to_have_value("\n\n".join(PARAGRAPHS[:-1]))

    # Proposals are corrected, and the page that comes back keeps the corrections.
    page.get_by_label("Title:", exact=True).fill("Zwolle remarks, corrected")
    page.get_by_label("Delivered:").select_option("yes")
    page.get_by_label("Voice:").select_option("coalition")
    page.get_by_label("Date:", exact=True).fill("soon")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator(".errornote")).to_contain_text("Nothing was saved")
    expect(page.get_by_label("Title:", exact=True)).to_have_value("Zwolle remarks, corrected")
    page.get_by_label("Date:", exact=True).fill("2019-11")
    page.get_by_role("button", name="Save").first.click()

    expect(page.locator(".messagelist .success")).to_contain_text("entered as a draft")
    expect(page.locator("#state-heading")).to_contain_text("Draft")
    expect(page.locator("#id_title")).to_have_value("Zwolle remarks, corrected")
    expect(page.locator("#id_date")).to_have_value("2019-11")
    assert page.request.get("/statements/").ok
    page.goto("/statements/?q=Zwolle")
    expect(page.get_by_text("Zwolle remarks, corrected")).to_have_count(0)


@pytest.mark.usefixtures("cleared")
def test_the_pages_fit_a_phone_and_the_keyboard_goes_through_them(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, site)
    bring(page)
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    boxes = page.locator("#decisions_form :is(input, select, textarea):visible")
    for number in range(boxes.count()):
        box = boxes.nth(number)
        named = box.evaluate("one => one.labels?.length > 0 || one.type === 'submit'")
        assert named, box.evaluate("one => one.outerHTML")
    page.get_by_role("button", name="Save").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".errornote")).to_be_visible()
