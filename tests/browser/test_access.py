"""Everybody can use it: axe on every kind of page, the keyboard alone, a narrow screen.

The pages come from the URL map (tests/public_pages.py): a new one is looked at without being
named here. Each is loaded twice, in English and in French; dark, right to left and 320 pixels
wide are put on in the open page.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.public_pages import REFUSED, addresses

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: What changes with the colours; it takes axe as long as all the rest.
COLOURS = ["color-contrast", "link-in-text-block"]
SLUG, GONE = "read-by-everybody", "no-longer-there"
BODY = "\n\n".join(["نطالب بتوسيع تعريف الماس المتصل بالصراعات."] * 3)


@pytest.fixture(scope="module")
def odd_pages(site: Site) -> Iterator[list[str]]:
    """Pages that the shipped record has none of: a text read beside its notes, and one gone.

    The text is Arabic, the title 300 characters long.
    """
    with site.database():
        from demands import marking
        from demands.models import Demand
        from kptracker.lib.writing import delete
        from statements import actions
        from statements.models import Statement
        from tests import factories as make

        row = make.StatementFactory(slug=SLUG, title="Widen it, " * 30, language="ar")
        text = make.TextFactory(statement=row, body=BODY, language="ar")
        demand = Demand.objects.public().order_by("pk").first()
        mention = make.MentionFactory(statement=row, demand=demand)
        marking.mark(mention, text, 0, 20, by=None)
        gone = actions.take_down(make.StatementFactory(slug=GONE), by=None, why="It was wrong.")
    yield [f"statements/{SLUG}/", f"statements/{GONE}/"]
    with site.database():
        marking.remove_mention(mention, by=None)
        delete(text, by=None)
        Statement.objects.filter(pk__in=[row.pk, gone.pk]).delete()


def faults(page: Page, where: str, **options: Any) -> list[str]:
    """Return what axe finds wrong with the page as it is now."""
    chosen = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], **options}
    result = page.evaluate("options => axe.run(document, options)", chosen)
    return [
        f"{where}: {one['id']}: {node['target']} {node['failureSummary']}"
        for one in result["violations"]
        for node in one["nodes"][:3]
    ]


def thin_out(page: Page) -> None:
    """Keep six of each kind of row: those behind them are made the same way, by the same templates.

    To look at the colours of some hundred rows of one kind takes minutes.
    """
    page.evaluate(
        """() => {
          const rest = "main :is(ol, ul, tbody) > :nth-child(n + 7), main tr > :nth-child(n + 9)";
          document.querySelectorAll(rest).forEach((one) => one.remove());
          document.querySelectorAll("details").forEach((one) => { one.open = true; });
        }"""
    )


def width_faults(page: Page, where: str) -> list[str]:
    """Return that the page scrolls sideways on a screen of 320 pixels: 1280 at 400%."""
    page.set_viewport_size({"width": 320, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    small = [] if width <= 320 else [f"{where}: {width} pixels wide on a screen of 320"]
    page.set_viewport_size({"width": 1280, "height": 800})
    return small


def looked_at(page: Page, address: str, status: int = 200) -> list[str]:
    """Return all that is wrong with a page, in English and French, light, dark, right to left."""
    wrong: list[str] = []
    without_colours = {"rules": {name: {"enabled": False} for name in COLOURS}}
    for prefix in ("/", "/fr/"):
        answer = page.goto(f"{prefix}{address}", wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{prefix}{address} answers {answer.status}"
        page.evaluate(AXE_SCRIPT)
        where = f"{prefix}{address}"
        wrong += width_faults(page, where)
        thin_out(page)
        if prefix == "/fr/":
            wrong += faults(page, where, **without_colours)
            continue
        wrong += faults(page, where)
        page.emulate_media(color_scheme="dark")
        only = {"runOnly": {"type": "rule", "values": COLOURS}}
        wrong += faults(page, f"{where} dark", **only)
        page.emulate_media(color_scheme="light")
        page.evaluate("document.documentElement.dir = 'rtl'; document.documentElement.lang = 'ar'")
        wrong += faults(page, f"{where} right to left", **without_colours)
        wrong += width_faults(page, f"{where} right to left")
    return wrong


@pytest.mark.parametrize("address", addresses())
def test_axe_finds_nothing_on_any_kind_of_page(page: Page, address: str) -> None:
    assert looked_at(page, address) == []


@pytest.mark.parametrize(("address", "status"), [*REFUSED.items(), (f"statements/{GONE}/", 410)])
def test_axe_finds_nothing_on_pages_of_refusal(
    page: Page, odd_pages: list[str], address: str, status: int
) -> None:
    assert looked_at(page, address, status) == []


def test_axe_finds_nothing_where_a_text_is_read(page: Page, odd_pages: list[str]) -> None:
    assert looked_at(page, odd_pages[0]) == []


# --- The keyboard alone -------------------------------------------------------------------

#: Whether the focused element is seen, and seen to be focused.
FOCUS = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    name: (one.getAttribute("aria-label") || one.innerText || one.value || "").trim(),
    // In a chart the words of the mark are shown in place of an outline.
    outlined: one instanceof SVGElement
      || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


def tab_to(page: Page, locator: Any, most: int = 250) -> None:
    """Press Tab until an element has the focus, and see the focus at each stop."""
    wanted = locator.element_handle()
    for _n in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        assert found["outlined"], found
        assert found["seen"], found
        if page.evaluate("one => document.activeElement === one", wanted):
            return
    raise AssertionError(f"Tab does not reach {locator}")


def test_the_keyboard_alone_finds_filters_reads_and_takes_away(page: Page) -> None:
    # Where the page glides to what has the focus, it is not seen at once.
    page.emulate_media(reduced_motion="reduce")
    page.goto("/")
    tab_to(page, page.get_by_role("searchbox").first)
    page.keyboard.type("definition")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=definition**")
    assert page.locator("ol.hits > li").count() >= 1
    tab_to(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Demands"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/demands/")
    tab_to(page, page.get_by_role("form", name="Filters").get_by_label("Words"))
    page.keyboard.type("definition")
    filters = page.get_by_role("form", name="Filters")
    tab_to(page, filters.get_by_label("Blocked"))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**status=blocked**")
    rows = page.locator("tbody tr")
    count = rows.count()
    assert count >= 1
    link = page.get_by_role("link", name="CSV").first
    tab_to(page, link)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    taken = download.value.path().read_text(encoding="utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(taken, newline="")))) == count
    title = rows.first.locator("a.title")
    wanted = title.inner_text()
    tab_to(page, title)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(wanted)
    cite = page.get_by_text("Cite this page")
    tab_to(page, cite)
    page.keyboard.press("Enter")
    expect(page.locator(".cite[open]").last).to_contain_text("/d/D-")


def test_nothing_moves_for_those_who_asked_for_stillness(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    for address in ("/", "/demands/", "/demands/broaden-definition/"):
        page.goto(address)
        page.keyboard.press("Tab")
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter((one) => {
              const style = getComputedStyle(one);
              return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0
                || style.scrollBehavior === "smooth";
            }).map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert moving == []


def test_the_facts_for_machines_break_no_policy(page: Page, context: BrowserContext) -> None:
    # The page fixture fails on any complaint that the browser logs.
    page.goto("/demands/broaden-definition/")
    assert page.locator("script[type='application/ld+json']").count() == 2
    refused = page.evaluate(
        """() => new Promise((done) => {
          const seen = [];
          document.addEventListener("securitypolicyviolation", (one) => seen.push(one.blockedURI));
          setTimeout(() => done(seen), 200);
        })"""
    )
    assert refused == []
