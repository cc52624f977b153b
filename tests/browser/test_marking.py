"""Passages are marked with mouse, keys and fingers, without a line and without a script."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Site
from .test_admin import log_in

TITLE = "Zutphen remarks for marking"
WIDEN, HEAR = "Zutphen: widen the wording of the treaty", "Zutphen: hear the villagers"
BODY = (
    "Remarks 🙂\n\n"
    "🙂🏴‍☠️ Friends, we ask all of you to widen the wording of the treaty. It is far too narrow.\n\n"
    "The villagers of Zutphen must be heard before you decide. Nobody asked the villagers."
)
ARABIC = "أيها الأصدقاء 🙂، نطلب توسيع تعريف الماس الآن."


@pytest.fixture
def made(site: Site) -> Iterator[dict[str, Any]]:
    """A statement with two texts and two demands; all taken out again afterwards."""
    from demands import actions
    from demands.models import Demand, Dismissal, Mention, Passage, Theme
    from kptracker.lib.writing import raise_stamp
    from statements import actions as statement_actions
    from statements.models import Statement, Text

    with site.database():
        statement = statement_actions.save(
            Statement(slug="zutphen-remarks", title=TITLE, kind="speech", date="2024-11-12"),
            by=None,
        )
        texts = [
            statement_actions.save(
                Text(statement=statement, kind="verbatim", language=language, body=body), by=None
            )
            for language, body in (("en", BODY), ("ar", ARABIC))
        ]
        theme = Theme.objects.earliest("pk")
        demands = [
            actions.save_demand(Demand(title=title, slug=slug, theme=theme), by=None)
            for title, slug in ((WIDEN, "zutphen-widen"), (HEAR, "zutphen-hear"))
        ]
    yield {
        "url": f"/admin/statements/statement/{statement.pk}/mark/?text={texts[0].pk}",
        "arabic": f"/admin/statements/statement/{statement.pk}/mark/?text={texts[1].pk}",
        "widen": demands[0],
        "hear": demands[1],
        "statement": statement,
    }
    with site.database():
        Dismissal.objects.filter(text__statement=statement).delete()
        Passage.objects.filter(mention__statement=statement).delete()
        Mention.objects.filter(statement=statement).delete()
        Demand.objects.filter(slug__startswith="zutphen").delete()
        Text.objects.filter(statement=statement).delete()
        Statement.objects.filter(pk=statement.pk).delete()
        raise_stamp()


def passages(site: Site, made: dict[str, Any]) -> list[tuple[str, str]]:
    """The words that are marked, each with the title of its demand."""
    from demands.models import Passage

    with site.database():
        rows = Passage.objects.filter(mention__statement=made["statement"]).order_by("pk")
        for row in rows.select_related("text"):
            assert row.text is not None
            assert row.text.body[row.start : row.end] == row.exact
        return list(rows.values_list("exact", "mention__demand__title"))


def open_screen(page: Page, site: Site, address: str) -> None:
    log_in(page, site)
    page.goto(address)
    expect(page.locator("#marking.on")).to_be_visible()


def select(page: Page, number: int, words: str, button: str = "left") -> None:
    """Drag the mouse from the beginning of words to their end."""
    boxes = page.evaluate(
        """([number, words]) => {
            const par = document.querySelector(`#par-${number} .par`);
            const from = par.textContent.indexOf(words);
            const box = (place) => {
                const at = {first: number, last: number, from: place, to: place + 1};
                const range = marking.rangeOf(at);
                const {left, right, top, height} = range.getBoundingClientRect();
                return {left, right, middle: top + height / 2};
            };
            return [box(from), box(from + words.length - 1)];
        }""",
        [number, words],
    )
    page.mouse.move(boxes[0]["left"] + 1, boxes[0]["middle"])
    page.mouse.down()
    page.mouse.move(boxes[1]["right"] - 1, boxes[1]["middle"], steps=6)
    page.mouse.up()


def saved(page: Page, number: int, text: str) -> None:
    note = page.locator(f"#par-{number} .notes li:not(.waits)", has_text=text)
    expect(note).to_be_visible()


# --- mouse and keys ----------------------------------------------------------------------------


def test_words_are_marked_with_the_mouse(page: Page, site: Site, made: dict[str, Any]) -> None:
    open_screen(page, site, made["url"])
    select(page, 2, "widen the wording")
    expect(page.locator("#mark")).to_be_visible()
    expect(page.locator("#mark .chosen")).to_have_text("widen the wording")
    demand = page.get_by_role("combobox", name="Demand")
    expect(demand).to_be_focused()
    demand.press_sequentially("zutphen: wid")
    expect(page.get_by_role("option", name=WIDEN)).to_be_visible()
    page.keyboard.press("Enter")
    expect(demand).to_have_value(f"{made['widen'].reference} {WIDEN}")
    page.get_by_label("Criticised").check()
    page.get_by_label("Our own words, in English").fill("They find it narrow.")
    page.get_by_role("button", name="Save").click()
    # The mark and its note, without loading the page anew.
    saved(page, 2, "They find it narrow.")
    expect(page.locator("#par-2 mark")).to_have_text("widen the wording")
    expect(page.locator("#mark")).to_be_hidden()
    assert passages(site, made) == [("widen the wording", WIDEN)]
    # Words over which another passage lies: both are there.
    select(page, 2, "ask all of you to widen")
    demand.press_sequentially(made["hear"].reference)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    saved(page, 2, HEAR)
    expect(page.locator("#par-2 mark")).to_have_count(3)
    assert passages(site, made)[1] == ("ask all of you to widen", HEAR)


def test_words_are_marked_by_keys_alone(page: Page, site: Site, made: dict[str, Any]) -> None:
    open_screen(page, site, made["url"])
    page.locator("#par-2 .par").focus()
    keys = page.keyboard
    for _step in range(7):
        keys.press("ArrowRight")
    for _step in range(2):
        keys.press("Shift+ArrowRight")
    assert page.evaluate("getSelection().toString()") == "to widen the"
    keys.press("Shift+ArrowLeft")
    keys.press("Enter")
    expect(page.locator("#mark .chosen")).to_have_text("to widen")
    # Escape closes and leads back; what was chosen can be chosen again.
    keys.press("Escape")
    expect(page.locator("#mark")).to_be_hidden()
    expect(page.locator("#par-2 .par")).to_be_focused()
    keys.press("Home")
    keys.press("Shift+End")
    keys.press("Enter")
    expect(page.locator("#mark .chosen")).to_contain_text("Friends, we ask")
    keys.type(made["widen"].reference)
    keys.press("Tab")
    keys.press("Tab")
    expect(page.get_by_role("combobox", name="Speaker")).to_be_focused()
    keys.press("Tab")
    keys.type("All of it.")
    keys.press("Control+Enter")
    saved(page, 2, "All of it.")
    expect(page.locator("#par-2 .par")).to_be_focused()
    assert passages(site, made) == [
        (BODY.split("\n\n")[1].removesuffix("."), WIDEN),
    ]


def test_a_new_demand_is_made_without_leaving(page: Page, site: Site, made: dict[str, Any]) -> None:
    open_screen(page, site, made["url"])
    page.locator("#par-3 .par").focus()
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    page.keyboard.type("Zutphen: pay the villagers")
    page.get_by_role("option", name="New demand").click()
    title = page.locator("#id_new-title")
    expect(title).to_have_value("Zutphen: pay the villagers")
    expect(title).to_be_focused()
    page.locator("#id_new-theme").select_option(index=1)
    page.get_by_role("button", name="Save").click()
    saved(page, 3, "Zutphen: pay the villagers")
    expect(page.locator("#par-3 .notes .state")).to_have_text("Draft")
    words = "The villagers of Zutphen must be heard before you decide."
    assert passages(site, made) == [(words, "Zutphen: pay the villagers")]


def test_what_is_refused_comes_back_with_all_that_was_typed(
    page: Page, site: Site, made: dict[str, Any]
) -> None:
    open_screen(page, site, made["url"])
    page.locator("#par-3 .par").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("zutphen")
    page.get_by_label("Our own words, in French").fill("En français.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#mark .errorlist")).to_contain_text("may be one of these")
    expect(page.get_by_label("Our own words, in French")).to_have_value("En français.")
    page.get_by_role("radio", name=f"{made['hear'].reference} {HEAR}").check()
    page.get_by_role("button", name="Save").click()
    saved(page, 3, "En français.")
    assert passages(site, made) == [("The", HEAR)]


def test_a_text_from_right_to_left_is_marked_by_keys(
    page: Page, site: Site, made: dict[str, Any]
) -> None:
    open_screen(page, site, made["arabic"])
    page.locator("#par-1 .par").focus()
    # To the left is where the text goes on.
    for _step in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#mark .chosen")).to_have_text("توسيع تعريف")
    page.keyboard.type(made["widen"].reference)
    page.keyboard.press("Control+Enter")
    saved(page, 1, WIDEN)
    assert passages(site, made) == [("توسيع تعريف", WIDEN)]


def test_a_finger_gets_a_button(browser: Browser, site: Site, made: dict[str, Any]) -> None:
    context = browser.new_context(
        base_url=site.url, has_touch=True, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    open_screen(page, site, made["url"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("#par-3 .par").tap()
    # As the handles of a phone do.
    page.evaluate("""() => marking.show({first: 3, last: 3, from: 4, to: 13})""")
    page.get_by_role("button", name="Mark these words").tap()
    expect(page.locator("#mark .chosen")).to_have_text("villagers")
    page.get_by_role("combobox", name="Demand").fill(made["hear"].reference)
    page.get_by_role("button", name="Save").tap()
    saved(page, 3, HEAR)
    assert passages(site, made) == [("villagers", HEAR)]
    context.close()


# --- suggestions --------------------------------------------------------------------------------


def test_a_suggestion_is_accepted_with_one_key_and_dismissed_with_another(
    page: Page, site: Site, made: dict[str, Any]
) -> None:
    open_screen(page, site, made["url"])
    expect(page.locator("#par-2 .hints .yes").first).to_contain_text(WIDEN)
    expect(page.locator("#par-1 .hints")).to_have_count(0)
    page.locator("#par-2 .par").focus()
    page.keyboard.press("a")
    expect(page.locator("#id_demand")).to_have_value(f"{made['widen'].reference} {WIDEN}")
    page.keyboard.press("Enter")
    saved(page, 2, WIDEN)
    expect(page.locator("#par-2 .hints", has_text=WIDEN)).to_have_count(0)
    assert passages(site, made) == [
        ("🙂🏴‍☠️ Friends, we ask all of you to widen the wording of the treaty.", WIDEN)
    ]
    first = page.locator("#par-3 .hints .yes").first
    expect(first).to_contain_text(HEAR)
    page.locator("#par-3 .par").focus()
    page.keyboard.press("h")
    expect(first).to_be_focused()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("x")
    expect(page.locator("#par-3 .hints", has_text=HEAR)).to_have_count(0)
    page.reload()
    expect(page.locator("#marking.on")).to_be_visible()
    expect(page.locator("#par-3 .hints", has_text=HEAR)).to_have_count(0)


# --- the line -------------------------------------------------------------------------------------


def test_what_is_marked_while_the_line_is_down_is_sent_once_when_it_is_back(
    page: Page, context: BrowserContext, site: Site, made: dict[str, Any]
) -> None:
    open_screen(page, site, made["url"])
    # The answer to the first one is lost on its way back: it was made, and is sent again.
    lost = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/mark/**", lose)
    page.locator("#par-2 .par").focus()
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    page.keyboard.type(made["widen"].reference)
    page.keyboard.press("Control+Enter")
    waits = page.locator("#par-2 .notes .waits")
    expect(waits).to_contain_text("waiting for the line")
    assert lost == [200]
    context.set_offline(True)
    page.locator("#par-3 .par").focus()
    page.keyboard.press("Enter")
    page.keyboard.type(made["hear"].reference)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#par-3 .notes .waits")).to_contain_text("waiting for the line")
    expect(page.locator("#bar")).to_contain_text("The line is down")
    expect(page.locator("#bar")).to_contain_text("Waiting marks: 2.")
    assert len(passages(site, made)) == 1
    context.set_offline(False)
    saved(page, 2, WIDEN)
    saved(page, 3, HEAR)
    expect(page.locator(".waits")).to_have_count(0)
    expect(page.locator("#bar")).to_be_hidden()
    assert [title for _words, title in passages(site, made)] == [WIDEN, HEAR]
    kept = page.evaluate("Object.keys(localStorage)")
    assert [key for key in kept if key.startswith("kptracker")] == []


def test_what_waits_survives_that_the_page_is_loaded_anew(
    page: Page, context: BrowserContext, site: Site, made: dict[str, Any]
) -> None:
    open_screen(page, site, made["url"])
    page.route(
        "**/mark/**",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.locator("#par-3 .par").focus()
    page.keyboard.press("Enter")
    page.keyboard.type(made["hear"].reference)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#par-3 .notes .waits")).to_contain_text("waiting for the line")
    page.unroute("**/mark/**")
    page.reload()
    saved(page, 3, HEAR)
    assert passages(site, made) == [("The", HEAR)]


# --- edit, move, remove ---------------------------------------------------------------------------


def test_a_mark_is_edited_moved_and_removed_by_keys_alone(
    page: Page, site: Site, made: dict[str, Any]
) -> None:
    from demands.models import Mention

    open_screen(page, site, made["url"])
    page.locator("#par-2 .par").focus()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    saved(page, 2, WIDEN)
    # From the paragraph Tab leads to its notes.
    page.locator("#par-2 .par").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#par-2 [data-do=edit]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#mark h2")).to_contain_text("Edit P-")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Wider, they say.")
    page.keyboard.press("Control+Enter")
    saved(page, 2, "Wider, they say.")
    with site.database():
        assert Mention.objects.get(statement=made["statement"]).paraphrase == "Wider, they say."
    # Moved: new words are chosen, Enter moves it there.
    page.locator("#par-2 [data-do=move]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#bar")).to_contain_text("Select the new words of P-")
    expect(page.locator("#par-2 .par")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    saved(page, 3, "Wider, they say.")
    assert passages(site, made) == [("The villagers", WIDEN)]
    expect(page.locator("#par-2 mark")).to_have_count(0)
    expect(page.locator("#bar")).to_be_hidden()
    # Removed, with a question before.
    page.locator("#par-3 [data-do=remove]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#par-3 .notes")).to_contain_text("Remove P-")
    page.keyboard.press("Escape")
    expect(page.locator("#par-3 [data-do=remove]")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#par-3 mark")).to_have_count(0)
    expect(page.locator("#par-3 .par")).to_be_focused()
    assert passages(site, made) == []
    # Its mention stays, and waits for other words.
    expect(page.locator(".unmarked")).to_contain_text("1 mention of the statement has no place")


def test_what_visitors_read_is_changed_with_a_line_for_them(
    page: Page, site: Site, made: dict[str, Any]
) -> None:
    from demands import actions, marking
    from demands.models import Mention
    from kptracker.lib.models import Correction
    from statements import actions as statement_actions
    from statements.models import Text

    with site.database():
        for row in (made["statement"], made["widen"]):
            row.refresh_from_db()
            statement_actions.publish(row, by=None)
        mention = actions.save_mention(
            Mention(statement=made["statement"], demand=made["widen"], paraphrase="Wider."), by=None
        )
        text = Text.objects.get(statement=made["statement"], language="en")
        start = BODY.index("widen the")
        marking.mark(mention, text, start, start + len("widen the wording"), by=None)
        before = set(Correction.objects.values_list("pk", flat=True))
    try:
        open_screen(page, site, made["url"])
        page.locator("#par-2 [data-do=edit]").click()
        expect(page.locator("#correction")).to_be_hidden()
        page.locator("#id_paraphrase").fill("Much wider.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#mark [role=alert]")).to_contain_text("Visitors see what you changed")
        why = page.get_by_label("What was wrong, and why is it changed")
        expect(why).to_be_focused()
        page.keyboard.type("It was too weak.")
        page.keyboard.press("Control+Enter")
        saved(page, 2, "Much wider.")
        # Moved, the line is asked for beside the text, empty again.
        page.locator("#par-2 [data-do=move]").click()
        page.keyboard.press("End")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Home")
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Enter")
        expect(page.locator("#bar [role=alert]")).to_contain_text("Visitors see what you changed")
        expect(why).to_be_focused()
        expect(why).to_have_value("")
        assert passages(site, made) == [("widen the wording", WIDEN)]
        page.keyboard.type("It stood at the wrong words.")
        page.locator("#bar").get_by_role("button", name="Send now").click()
        saved(page, 3, "Much wider.")
        expect(page.locator("#correction")).to_be_hidden()
        assert passages(site, made) == [("The villagers", WIDEN)]
        with site.database():
            rows = Correction.objects.exclude(pk__in=before)
            assert {row.why for row in rows} == {"It was too weak.", "It stood at the wrong words."}
    finally:
        with site.database():
            rows = Correction.objects.exclude(pk__in=before)
            rows._raw_delete(rows.db)


def test_an_edit_over_what_somebody_else_saved_shows_both_texts(
    page: Page, site: Site, made: dict[str, Any]
) -> None:
    from demands import actions
    from demands.models import Mention

    open_screen(page, site, made["url"])
    page.locator("#par-2 .par").focus()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    saved(page, 2, WIDEN)
    page.locator("#par-2 [data-do=edit]").click()
    box = page.get_by_label("Our own words, in English")
    expect(box).to_be_visible()
    box.fill("What I typed.")
    with site.database():
        mention = Mention.objects.get(statement=made["statement"])
        mention.paraphrase = "What somebody else saved."
        actions.save_mention(mention, by=None)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#mark .conflicts")).to_contain_text("What somebody else saved.")
    expect(page.locator("#mark .conflicts")).to_contain_text("What I typed.")
    expect(box).to_have_value("What I typed.")
    page.get_by_role("button", name="Save").click()
    saved(page, 2, "What I typed.")


# --- without a script, and for everybody ----------------------------------------------------------


def test_without_a_script_a_plain_form_finds_the_words(
    browser: Browser, site: Site, made: dict[str, Any]
) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    log_in(page, site)
    page.goto(made["url"])
    page.get_by_label("Words of the text").fill("villagers")
    page.get_by_label("Demand:", exact=True).fill(made["hear"].reference)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("group", name="Which of these places?")).to_be_visible()
    page.locator("input[type=radio][name=start]").nth(1).check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#par-3 mark")).to_have_text("villagers")
    expect(page.locator(".messagelist .success")).to_contain_text("is marked")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Welcomed").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#par-3 .notes")).to_contain_text("Welcomed")
    assert passages(site, made) == [("villagers", HEAR)]
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_screen_is_as_wide_as_the_window_and_speaks_french(
    width: int, browser: Browser, site: Site, made: dict[str, Any]
) -> None:
    context = browser.new_context(
        base_url=site.url, locale="fr-FR", viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    password = site.staff()
    page.goto("/admin/login/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", password)
    page.click("[type=submit]")
    page.goto(made["url"])
    expect(page.locator("html[lang=fr] #marking.on")).to_be_visible()
    page.locator("#par-2 .par").focus()
    page.keyboard.press("a")
    expect(page.locator("#mark")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
