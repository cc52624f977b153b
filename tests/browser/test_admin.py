"""A staff member enters a meeting, a statement, a demand and a judgement, and publishes them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .conftest import Site

MEETING = "Zwolle Plenary 2024"
STATEMENT = "Zwolle opening remarks"
DEMAND = "Publish the Zwolle minutes within a month"
OLDER = "Zwolle press release"
RATIONALE = "The Zwolle minutes were put on the agenda."


@pytest.fixture
def cleared(site: Site) -> Iterator[None]:
    """Take the rows of this test out again: other tests count those of the shipped record."""
    yield
    from demands.models import Assessment, Demand, Evidence, Mention
    from kptracker.lib.writing import raise_stamp
    from statements.models import Meeting, Statement, StatementSpeaker

    with site.database():
        evidence = Evidence.objects.filter(assessment__demand__title=DEMAND)
        evidence._raw_delete("default")
        Assessment.objects.filter(demand__title=DEMAND)._raw_delete("default")
        Mention.objects.filter(demand__title=DEMAND).delete()
        Demand.objects.filter(title=DEMAND).delete()
        StatementSpeaker.objects.filter(statement__title=STATEMENT).delete()
        Statement.objects.filter(title__in=[STATEMENT, OLDER]).delete()
        Meeting.objects.filter(title=MEETING).delete()
        raise_stamp()


def log_in(page: Page, site: Site) -> None:
    password = site.staff()
    page.goto("/admin/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", password)
    page.click("[type=submit]")
    expect(page.locator("#user-tools")).to_contain_text("editor")


def choose(page: Page, within: Locator, term: str, text: str) -> None:
    """Look something up in an autocomplete, as staff do."""
    within.locator(".select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").last.fill(term)
    page.locator(".select2-results__option", has_text=text).first.click()
    expect(within.locator(".select2-selection")).to_contain_text(text)


def field(page: Page, name: str) -> Locator:
    return page.locator(f".form-row .field-{name}, .form-row.field-{name}").first


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator(".errornote")).to_have_count(0)


def publish(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text("Published")


def pages_that_hold(visitor: Page, words: str, pages: list[str]) -> list[str]:
    """Return the public addresses whose answer holds these words.

    A page that is not there repeats the address that was asked for, and nothing else.
    """
    answers = {page: visitor.request.get(page) for page in pages}
    assert all(answer.status in (200, 404) for answer in answers.values()), answers
    return [page for page, one in answers.items() if one.status == 200 and words in one.text()]


def test_what_staff_enter_is_nowhere_until_it_is_published(
    page: Page, browser: Browser, site: Site, cleared: None
) -> None:
    from demands.models import Theme
    from statements.models import Person

    with site.database():
        theme = Theme.objects.earliest("pk")
        people = list(Person.objects.public().filter(public_name="shown").order_by("pk")[:2])
    log_in(page, site)

    # A meeting.
    page.goto("/admin/statements/meeting/add/")
    page.fill("#id_title", MEETING)
    page.press("#id_title", "Tab")
    expect(page.locator("#id_slug")).to_have_value("zwolle-plenary-2024")
    page.select_option("#id_kind", "plenary")
    page.fill("#id_start", "2024-11-11")
    page.fill("#id_end", "2024-11-15")
    save(page)
    meeting = page.url

    # A statement made there, with two speakers; and one outside meetings.
    page.goto("/admin/statements/statement/add/")
    page.fill("#id_title", STATEMENT)
    page.select_option("#id_kind", "opening_remarks")
    page.fill("#id_date", "2024-11-11")
    page.select_option("#id_language", "en")
    choose(page, field(page, "meeting"), "zwolle", MEETING)
    for place, person in enumerate(people):
        page.get_by_role("button", name="Add another Speaker").or_(
            page.get_by_role("link", name="Add another Speaker")
        ).click()
        row = page.locator(f"#speaker_links-{place}")
        choose(page, row.locator(".fieldBox.field-person"), person.full_name, person.full_name)
    save(page)
    statement = page.url
    expect(page.locator("#speaker_links-group .has_original")).to_have_count(2)
    page.goto("/admin/statements/statement/add/")
    page.fill("#id_title", OLDER)
    page.select_option("#id_kind", "press_release")
    page.fill("#id_date", "2023-05")
    page.select_option("#id_language", "en")
    save(page)
    older = page.url

    # A demand with two mentions.
    page.goto("/admin/demands/demand/add/")
    page.fill("#id_title", DEMAND)
    choose(page, page.locator(".fieldBox.field-theme"), theme.name[:12], theme.name)
    for place, (title, words) in enumerate(
        [(STATEMENT, "They ask for the Zwolle minutes."), (OLDER, "They asked for minutes.")]
    ):
        page.get_by_role("button", name="Add another Mention").or_(
            page.get_by_role("link", name="Add another Mention")
        ).click()
        row = page.locator(f"#mentions-{place}")
        choose(page, row.locator(".field-statement").first, title.lower(), title)
        row.locator(f"#id_mentions-{place}-paraphrase").fill(words)
    save(page)
    demand = page.url

    # A judgement.
    page.get_by_role("link", name="Add a judgement").click()
    page.select_option("#id_status", "under_discussion")
    page.fill("#id_date", "2024-11")
    page.fill("#id_rationale", RATIONALE)
    page.select_option("#id_evidence-0-kind", "press")
    page.fill("#id_evidence-0-source_url", "https://news.example.org/zwolle")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".judgements")).to_contain_text(RATIONALE)
    assert page.url == demand

    # All are drafts: a visitor finds none of them anywhere.
    visitor = browser.new_context(base_url=site.url).new_page()
    own = {
        "meeting": "/meetings/zwolle-plenary-2024/",
        "statement": "/statements/zwolle-opening-remarks/",
        "demand": "/demands/publish-the-zwolle-minutes-within-a-month/",
    }
    files = [f"/{name}.csv" for name in ("meetings", "statements", "demands", "mentions")]
    files += ["/assessments.csv", "/speakers.csv", "/evidence.csv"]
    lists = [
        f"{name}?q=zwolle" for name in ("/meetings/", "/statements/", "/demands/", "/mentions/")
    ]
    lists += ["/assessments/", "/"]
    person_pages = [person.get_absolute_url() for person in people]
    everywhere = [*own.values(), *files, *person_pages]
    assert pages_that_hold(visitor, "wolle", everywhere) == []
    for address in lists:
        html = visitor.request.get(address).text()
        for words in (MEETING, STATEMENT, DEMAND, OLDER, RATIONALE):
            assert words not in html, address
    for address in own.values():
        assert visitor.request.get(address).status == 404

    # Published one after the other; the demand counts what is public by then.
    for address in (meeting, statement, older, demand):
        publish(page, address)
    visitor.goto(own["demand"])
    main = visitor.locator("main")
    expect(visitor.locator("h1")).to_contain_text(DEMAND)
    expect(main).to_contain_text("They ask for the Zwolle minutes.")
    expect(main).to_contain_text("They asked for minutes.")
    expect(main).to_contain_text(RATIONALE)
    visitor.goto(own["statement"])
    for person in people:
        expect(visitor.locator("main")).to_contain_text(person.full_name)
    expect(visitor.locator("main")).to_contain_text(DEMAND)
    visitor.goto(own["meeting"])
    expect(visitor.locator("main")).to_contain_text(DEMAND)
    held = pages_that_hold(visitor, "wolle", everywhere)
    assert set(held) == {*own.values(), *files, *person_pages}
    with site.database():
        from demands.models import Demand

        row = Demand.objects.get(title=DEMAND)
        assert (row.asked_count, row.status) == (2, "under_discussion")
    visitor.context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_the_admin_are_as_wide_as_the_screen(
    width: int, page: Page, site: Site
) -> None:
    from demands.models import Demand
    from statements.models import Statement

    with site.database():
        demand = Demand.objects.order_by("-asked_count").first()
        statement = Statement.objects.order_by("pk").first()
    assert demand is not None
    assert statement is not None
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, site)
    for address in (
        "/admin/",
        "/admin/demands/demand/",
        f"/admin/demands/demand/{demand.pk}/change/",
        f"/admin/statements/statement/{statement.pk}/change/",
        "/admin/statements/statement/add/",
        f"/admin/demands/assessment/add/?demand={demand.pk}",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_autocompletes_have_names(page: Page, site: Site) -> None:
    log_in(page, site)
    page.goto("/admin/statements/statement/add/")
    for name in ("Meeting", "Version of"):
        expect(page.get_by_role("combobox", name=name)).to_be_visible()
    expect(page.get_by_role("textbox", name="Slug")).to_be_visible()
