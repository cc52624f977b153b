"""A journalist with ten minutes: find the blocked demands, read one, take the table away."""

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

FRAME7 = "Make the sourcing principles (Frame7) part of peer review, with yearly reporting"


def test_from_the_home_page_to_the_blocked_demands_on_the_definition(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Demands").click()
    filters = page.get_by_role("form", name="Filters")
    filters.get_by_label("Blocked").check()
    filters.get_by_label("Definition of conflict diamonds").check()
    filters.get_by_role("button", name="Show").click()
    expect(page.get_by_text("blocked demands on Definition of conflict diamonds")).to_be_visible()
    rows = page.locator("tbody tr")
    count = rows.count()
    assert count >= 1
    for n in range(count):
        expect(rows.nth(n).locator(".status")).to_contain_text("Blocked:")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    taken = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(taken) == count
    assert {row["status"] for row in taken} == {"blocked"}
    shown = rows.locator("a.title").all_inner_texts()
    assert [row["title"] for row in taken] == shown


def test_a_demand_shows_when_it_was_asked_in_whose_words_and_what_came_of_it(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").first.fill("frame7 peer review")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=FRAME7).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(FRAME7)
    expect(page.get_by_text("First found")).to_be_visible()
    expect(page.locator("time[datetime='2023-11-08']").first).to_be_visible()
    first = page.locator("#M-0497")
    expect(first).to_contain_text("In our words")
    first.get_by_role("link", name="ZELA's Deputy Director speech").click()
    expect(page.get_by_text("This is our summary, not the speaker’s words.")).to_be_visible()


def test_what_is_said_of_a_state_is_three_clicks_away(page: Page) -> None:
    """A diplomat: what is said of us, on whose word, how sure, and where do we object?"""
    page.goto("/")
    page.get_by_role("link", name="Named here? Find what is said of you").click()
    box = page.get_by_role("searchbox", name="Name of a state or an organisation")
    box.fill("zimbabwe")
    box.press("Enter")
    page.get_by_role("main").get_by_role("link", name="Zimbabwe", exact=True).click()
    section = page.get_by_role("region", name="What is said of it, on whose word")
    first = section.get_by_role("listitem").first
    expect(first.locator(".how")).to_contain_text(re.compile("sure"))
    expect(first.locator("a[href^='http']").first).to_be_visible()
    wrong = page.get_by_role("main").get_by_role("link", name="Something wrong? Tell us")
    expect(wrong.first).to_be_visible()
    expect(page.get_by_role("link", name="How a reply is published").first).to_be_visible()


def test_a_list_can_be_filtered_and_left_by_keyboard_alone(page: Page) -> None:
    page.goto("/statements/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    box = page.get_by_role("form", name="Filters").get_by_label("Press release")
    box.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("of the kind Press release")).to_be_visible()
    page.get_by_role("link", name="Clear all filters").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/statements/$"))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/demands/",
        "/mentions/",
        "/assessments/",
        "/statements/",
        "/meetings/",
        "/people/",
        "/organisations/",
        "/demands/broaden-definition/",
        "/statements/2023-11-10-victoria-falls-closing/",
        "/meetings/plenary-2023-victoria-falls/",
        "/people/shamiso-mtisi/",
        "/organisations/kp-csc/",
        "/demands/nothing-here/",
    ],
)
def test_no_page_scrolls_sideways(page: Page, path: str) -> None:
    page.goto(path)
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
