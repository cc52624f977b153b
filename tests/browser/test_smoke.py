"""The site as a browser sees it: it loads, keeps its own policy, and leaves no cookie."""

from playwright.sync_api import BrowserContext, Page, expect

from .conftest import Site


def test_the_home_page_loads_without_a_cookie(page: Page, context: BrowserContext) -> None:
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_count(1)
    assert context.cookies() == []


def test_staff_log_in_and_open_a_form_under_the_strict_policy(page: Page, site: Site) -> None:
    password = site.staff()
    page.goto("/admin/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", password)
    page.click("[type=submit]")
    expect(page.locator("#user-tools")).to_contain_text("editor")
    # The date picker and the inlines are the parts of the stock admin that need scripts.
    answer = page.goto("/admin/statements/meeting/add/")
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("#content h1")).to_be_visible()
