"""The picture of a demand over time in a browser: its words by mouse, by keyboard, in a table."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site

ADDRESS = "/demands/broaden-definition/"
#: What says the words of a mark, while it is pointed at or focused.
SAID = "svg.timeline .say:visible"


def test_a_mark_says_its_words_when_it_is_pointed_at(page: Page) -> None:
    page.goto(ADDRESS)
    expect(page.locator(SAID)).to_have_count(0)
    page.locator("svg.timeline a.criticised circle").first.hover()
    expect(page.locator(SAID)).to_have_count(1)
    expect(page.locator(SAID)).to_contain_text("criticised, in our words:")


def test_the_keyboard_goes_from_mark_to_mark_and_then_on(page: Page) -> None:
    page.goto(ADDRESS)
    skip = page.locator('a[href="#as-table"]')
    skip.focus()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.locator(SAID)).to_contain_text("14 May 2012: asked")
    page.keyboard.press("ArrowRight")
    expect(page.locator(SAID)).to_contain_text("November 2012: asked")
    page.keyboard.press("ArrowDown")
    expect(page.locator(SAID)).to_contain_text("Under discussion, 14 May 2012 to 30 November 2012")
    page.keyboard.press("ArrowRight")
    expect(page.locator(SAID)).to_contain_text("Blocked: no consensus, 30 November 2012 to")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    expect(page.locator(SAID)).to_contain_text("Intersessional 2026")
    page.keyboard.press("Tab")
    expect(page.locator("#as-table > summary")).to_be_focused()


def test_a_mark_leads_to_its_entry_even_where_the_year_is_folded(page: Page) -> None:
    page.goto(ADDRESS)
    entry = page.locator("li#M-0193")
    expect(entry).not_to_be_visible()
    page.locator('svg.timeline a[href="#M-0193"] circle').click()
    expect(entry).to_be_in_viewport()


def test_without_scripts_every_mark_is_a_stop_and_nothing_is_wider_than_the_screen(
    browser: Browser, site: Site
) -> None:
    context = browser.new_context(
        java_script_enabled=False, base_url=site.url, viewport={"width": 320, "height": 640}
    )
    try:
        page = context.new_page()
        for address in (ADDRESS, f"{ADDRESS}compare/"):
            page.goto(address)
            box = page.locator("main").bounding_box()
            assert box
            assert box["width"] <= 320
            page.mouse.wheel(200, 0)
            expect(page.locator("h1")).to_be_in_viewport(ratio=1)
        page.goto(ADDRESS)
        page.locator('a[href="#as-table"]').focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.locator(SAID)).to_contain_text("November 2012: asked")
    finally:
        context.close()
