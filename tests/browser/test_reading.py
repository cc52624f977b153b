"""Reading a statement in a browser: passages and notes tied, links to passages, no JavaScript."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site

SLUG = "read-in-a-browser"
ADDRESS = f"/statements/{SLUG}/"
BODY = "\n\n".join(
    [
        "Good morning to you all, whoever you are and wherever you sit.",
        "We ask you to count the stones. We ask you to count them twice, and in daylight.",
        "Nothing else was said for a while. " * 12,
        "Let the people at the river be heard.",
        "Nothing else was said for a while. " * 12,
    ]
)


@pytest.fixture(scope="module")
def numbers(site: Site) -> Iterator[list[int]]:
    """A statement with four passages, two of them overlapping; their numbers."""
    with site.database():
        from demands import marking
        from demands.models import Demand, Mention
        from kptracker.lib.writing import delete
        from statements.models import Statement
        from tests import factories as make

        row = make.StatementFactory(slug=SLUG, title="Read in a browser", summary="Short.")
        text = make.TextFactory(statement=row, body=BODY)
        make.TextFactory(statement=row, kind="summary", body="Ours, in short.")
        passages = []
        demands = Demand.objects.public().order_by("pk")
        for place, words in enumerate(
            ("count the stones. We ask", "We ask you to count them", "the people at the river")
        ):
            mention = make.MentionFactory(statement=row, demand=demands[place])
            start = BODY.index(words)
            passages.append(marking.mark(mention, text, start, start + len(words), by=None))
        # One passage reaches over a paragraph.
        start = BODY.index("in daylight")
        mention = make.MentionFactory(statement=row, demand=demands[3])
        passages.append(marking.mark(mention, text, start, start + 40, by=None))
        found = [one.number for one in passages]
    yield found
    with site.database():
        for passage in passages:
            marking.remove_mention(Mention.objects.get(pk=passage.mention_id), by=None)
        for text in row.texts.all():
            delete(text, by=None)
        Statement.objects.filter(pk=row.pk).delete()


def words(page: Page, number: int) -> Any:
    return page.locator(f"mark[data-p~='{number}']")


def background(page: Page, selector: str) -> str:
    return str(
        page.locator(selector).first.evaluate("one => getComputedStyle(one).backgroundColor")
    )


def test_hover_and_focus_tie_a_passage_and_its_note(page: Page, numbers: list[int]) -> None:
    page.goto(ADDRESS)
    stones, twice, *_more = numbers
    note = page.locator(f"#n-{stones}")
    tied = page.locator(".tied")
    expect(tied).to_have_count(0)
    note.hover()
    # The words of the passage, in as many pieces as others overlap it, and the note.
    expect(tied).to_have_count(3)
    assert "".join(words(page, stones).all_text_contents()) == "count the stones. We ask"
    page.get_by_role("heading", level=1).hover()
    expect(tied).to_have_count(0)
    # Where two overlap, both are meant.
    page.locator(f"mark[data-p='{stones} {twice}']").hover()
    expect(page.locator("li.tied")).to_have_count(2)
    page.get_by_role("heading", level=1).hover()
    page.locator(f"sup a[data-p='{twice}']").focus()
    expect(page.locator(f"li.tied#n-{twice}")).to_have_count(1)
    expect(page.locator("li.tied")).to_have_count(1)


def test_keyboard_alone_leads_to_the_note_and_back(page: Page, numbers: list[int]) -> None:
    page.goto(ADDRESS)
    river = numbers[2]
    page.locator(f"sup a[data-p='{river}']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#n-{river}:target")).to_be_visible()
    page.keyboard.press("Tab")
    back = page.locator(f"#n-{river} a.num")
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#p-{river}:target")).to_be_in_viewport()
    cite = page.locator(f"#n-{river} summary")
    cite.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#n-{river} .cite [dir]").last).to_contain_text("/p/P-")


def test_a_link_to_a_passage_scrolls_to_it_and_lights_all_of_it(
    page: Page, numbers: list[int]
) -> None:
    page.set_viewport_size({"width": 1000, "height": 400})
    over = numbers[3]
    page.goto(f"{ADDRESS}#p-{over}")
    first = page.locator(f"#p-{over}")
    expect(first).to_be_in_viewport()
    expect(page.locator("mark.aimed")).to_have_count(2)
    expect(page.locator(f"li.aimed#n-{over}")).to_have_count(1)
    page.goto(f"{ADDRESS}#p-{numbers[2]}")
    expect(page.locator("mark.aimed")).to_have_count(1)
    expect(page.locator(f"#p-{numbers[2]}")).to_be_in_viewport()


def test_the_link_to_a_passage_is_copied(page: Page, site: Site, numbers: list[int]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(ADDRESS)
    note = page.locator(f"#n-{numbers[0]}")
    button = note.get_by_title("Copy link to this passage")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    expect(page.get_by_role("status")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{site.url}{ADDRESS}#p-{numbers[0]}"
    page.goto(copied)
    expect(page.locator(f"#p-{numbers[0]}:target")).to_be_visible()


def test_without_leave_to_copy_the_address_is_shown(page: Page, numbers: list[int]) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})"
    )
    page.goto(ADDRESS)
    note = page.locator(f"#n-{numbers[0]}")
    note.get_by_title("Copy link to this passage").click()
    expect(page.get_by_role("status")).to_have_text("Now in the address bar")
    assert page.url.endswith(f"#p-{numbers[0]}")


def test_notes_stand_beside_the_text_and_below_it_on_a_phone(
    page: Page, numbers: list[int]
) -> None:
    page.goto(ADDRESS)
    mark, note = page.locator(f"#p-{numbers[0]}"), page.locator(f"#n-{numbers[0]}")
    page.set_viewport_size({"width": 1280, "height": 800})
    wide_mark, wide_note = mark.bounding_box(), note.bounding_box()
    assert wide_mark
    assert wide_note
    assert wide_note["x"] > wide_mark["x"] + 300
    assert abs(wide_note["y"] - wide_mark["y"]) < 60
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        narrow_mark, narrow_note = mark.bounding_box(), note.bounding_box()
        assert narrow_mark
        assert narrow_note
        assert narrow_note["y"] > narrow_mark["y"]
        # Before the next paragraph that has notes of its own.
        following = page.locator(f"#p-{numbers[2]}").bounding_box()
        assert following
        assert narrow_note["y"] < following["y"]


def test_without_javascript_everything_is_there(
    browser: Browser, site: Site, numbers: list[int]
) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(ADDRESS)
    expect(page.locator("main button")).to_have_count(0)
    for number in numbers:
        page.locator(f"sup a[data-p='{number}']").click()
        assert page.url.endswith(f"#n-{number}")
        expect(page.locator(f"#n-{number}")).to_be_in_viewport()
        page.locator(f"#n-{number} a.num").click()
        assert page.url.endswith(f"#p-{number}")
        expect(page.locator(f"#p-{number}")).to_be_in_viewport()
    page.locator(f"#n-{numbers[0]} summary").click()
    expect(page.locator(f"#n-{numbers[0]} .cite [dir]").last).to_be_visible()
    context.close()


def test_on_paper_the_notes_stay_and_the_buttons_go(page: Page, numbers: list[int]) -> None:
    page.goto(ADDRESS)
    note = page.locator(f"#n-{numbers[0]}")
    expect(note.get_by_role("button")).to_be_visible()
    page.emulate_media(media="print")
    expect(note).to_be_visible()
    expect(note.locator("button")).to_be_hidden()
    link = note.locator(".how a").first
    shown = link.evaluate("one => getComputedStyle(one, '::after').content")
    assert "/m/M-" in shown


def test_words_of_theirs_are_marked_and_ours_only_have_dots(
    page: Page, site: Site, numbers: list[int]
) -> None:
    page.goto(ADDRESS)
    assert background(page, "mark") != "rgba(0, 0, 0, 0)"
    page.goto("/statements/2023-11-10-victoria-falls-closing/?text=summary-en")
    ours = page.locator(".touch").first
    expect(ours).to_be_visible()
    expect(page.locator("main mark")).to_have_count(0)
    assert background(page, ".touch") == "rgba(0, 0, 0, 0)"
    assert "dotted" in ours.evaluate("one => getComputedStyle(one).textDecorationStyle")


def test_copied_words_have_no_numbers_in_them(page: Page, numbers: list[int]) -> None:
    page.goto(ADDRESS)
    selected = page.evaluate(
        """() => {
          const text = document.querySelectorAll(".reading .text p")[1];
          getSelection().selectAllChildren(text);
          return getSelection().toString();
        }"""
    )
    assert selected == BODY.split("\n\n")[1]


def test_a_demand_leads_to_its_passage_in_place(page: Page, numbers: list[int]) -> None:
    page.goto(ADDRESS)
    page.locator(f"#n-{numbers[2]} a[href*='/demands/']").click()
    link = page.locator(f"a[href='{ADDRESS}#p-{numbers[2]}']")
    link.and_(page.get_by_role("link", name="read it in place")).click()
    expect(page.locator(f"#p-{numbers[2]}")).to_be_in_viewport()
    expect(page.locator(f"#p-{numbers[2]}")).to_have_text("the people at the river")
