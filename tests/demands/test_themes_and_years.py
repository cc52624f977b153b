"""The pages of themes and years: what was asked, where it stands, and what is not known."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from demands.strips import years_of_record
from demands.years import all_years
from tests import factories as f
from tests.site.test_side_pages import figures_agree, page, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def reform() -> dict[str, object]:
    """A theme asked and criticised at one meeting of 2021, judged in 2022; and two others."""
    theme = f.ThemeFactory(slug="reform", name="Reform", name_fr="Réforme")
    f.ThemeFactory(slug="car", name="Central Africa", name_fr="Zone centrale")
    f.ThemeFactory(slug="zimbabwe", name="Zimbabwe", name_fr="Zimbabwe")
    meeting = f.MeetingFactory(
        slug="p", title="Plenary 2021", year=2021, start="2021-11-08", end="2021-11-12"
    )
    often = f.JudgedDemandFactory(title="Widen it", theme=theme, judged_on="2022-06")
    seldom = f.DemandFactory(title="Fund it", theme=theme)
    early = f.StatementFactory(title="Early words", date="2019-05")
    for statement, demand, kind in (
        (early, often, "demanded"),
        (
            f.StatementFactory(title="Opening", meeting=meeting, date="2021-11-08"),
            often,
            "demanded",
        ),
        (
            f.StatementFactory(title="Closing", meeting=meeting, date="2021-11-12"),
            often,
            "criticised",
        ),
        (f.StatementFactory(title="Press", meeting=meeting, date="2021-11-12"), seldom, "demanded"),
    ):
        f.MentionFactory(statement=statement, demand=demand, kind=kind)
    f.MentionFactory(
        demand=f.PositionFactory(title="No confidence", theme=theme),
        statement=f.StatementFactory(date="2021-12"),
    )
    f.MentionFactory(
        demand=f.DemandFactory(title="Secret", theme=theme, state="draft"), statement=early
    )
    return {"theme": theme, "often": often}


# --- Themes ---------------------------------------------------------------------------------


def test_a_theme_tells_what_is_asked_where_and_when_and_its_figures_agree(
    client: Client, reform: dict[str, object]
) -> None:
    html = page(client, "/themes/reform/")
    said = text(html)
    assert "2 demands on this theme." in said
    assert "In all: asked in 4 mentions, criticised in 1 mention." in said
    assert "First found May 2019 Last raised 12 November 2021" in said
    assert said.index("Widen it") < said.index("Fund it")
    assert "Plenary 2021 3 mentions · 2 demands asked" in said
    assert said.index("December 2021") < said.index("Early words")
    assert "June 2022 new judgement Widen it No movement" in said
    assert "Positions and commitments No confidence" in said
    assert "Theme before Central Africa Theme after Zimbabwe" in said
    assert "Secret" not in html
    assert figures_agree(client, html) >= 8


def test_themes_follow_each_other_by_name_in_the_readers_language(
    client: Client, reform: dict[str, object]
) -> None:
    html = page(client, "/fr/themes/reform/")
    assert "<h1>Réforme</h1>" in html
    turn = html[html.index('<nav class="turn"') :]
    assert "Zimbabwe" in turn  # before "Zone centrale"
    assert "Zone centrale" not in turn[: turn.index("</nav>")]
    names = re.findall(r'<a class="title" href="/themes/([a-z]+)/"', page(client, "/themes/"))
    assert names == ["car", "reform", "zimbabwe"]


def test_a_demand_leads_to_its_theme_and_the_list_of_themes_agrees(
    client: Client, reform: dict[str, object]
) -> None:
    demand = reform["often"]
    assert 'href="/themes/reform/"' in page(client, demand.get_absolute_url())  # type: ignore[attr-defined]
    html = page(client, "/themes/")
    assert "Reform 2019 to 2021 2 4 1" in text(html)
    assert figures_agree(client, html) == 3


def test_a_theme_without_a_public_demand_says_so_and_an_unknown_one_is_missing(
    client: Client,
) -> None:
    theme = f.ThemeFactory(slug="empty", name="Empty")
    f.DemandFactory(theme=theme, state="draft", title="Secret")
    html = page(client, "/themes/empty/")
    assert "No demand on this theme is in the record so far." in text(html)
    assert "Secret" not in html
    assert client.get("/themes/no-such-theme/").status_code == 404
    assert client.get("/fr/themes/no-such-theme/").status_code == 404


# --- Years ----------------------------------------------------------------------------------


def test_a_year_tells_what_was_asked_criticised_first_found_and_judged(
    client: Client, reform: dict[str, object]
) -> None:
    f.MentionFactory(
        demand=reform["often"], statement=f.StatementFactory(date="2021-03", voice="member")
    )
    html = page(client, "/years/2021/")
    said = text(html)
    assert "2 demands were asked and 1 was criticised, in 5 statements." in said
    assert said.index("Widen it 2") < said.index("Fund it 1")
    assert "Criticised, most often first all 1 Widen it 1" in said
    assert "Declared No confidence" in said
    assert "Plenary 2021" in said
    assert "First found in this year all 1 Fund it 12 November 2021" in said
    assert "Year before 2020 Year after 2022" in said
    assert "Secret" not in html
    assert figures_agree(client, html) >= 6
    judged = page(client, "/years/2022/")
    assert "What was judged of this year all 1 June 2022 Widen it No movement" in text(judged)
    assert figures_agree(client, judged) == 1


def test_a_year_without_a_text_says_so_and_a_year_outside_the_record_is_missing(
    client: Client, reform: dict[str, object]
) -> None:
    f.MeetingFactory(year=2030, start="2030", end="", state="draft")
    html = page(client, "/years/2020/")
    said = text(html)
    assert "No text in the record: of 2020 no statement was found." in said
    assert "That does not mean that nothing was said." in said
    f.StatementFactory(date="2020-04", text_seen="press_report", title="Heard of")
    html = page(client, "/years/2020/")
    said = text(html)
    assert "No text in the record: these statements are known only from press reports" in said
    assert "Heard of" in said
    assert "2020 no text in the record – 1" in text(page(client, "/years/"))
    for year in ("2018", "2023", "2030", "0000", "9999"):
        assert client.get(f"/years/{year}/").status_code == 404, year
    for odd in ("20211", "9" * 40, "٢٠٢١", "-1", "2021.5", "%00", "abcd"):
        for prefix in ("", "/fr"):
            assert client.get(f"{prefix}/years/{odd}/").status_code == 404, odd


def test_a_year_is_told_by_one_rule_in_strips_and_on_its_pages(client: Client) -> None:
    """Words of the coalition or a member, in the year of their meeting too; nobody else's."""
    at = {year: f.MeetingFactory(year=year, start=f"{year}-12-01", end="") for year in (2014, 2017)}
    f.StatementFactory(meeting=at[2014], date="2015-01-10", text_seen="full")
    f.StatementFactory(date="2016-05-01", text_seen="full", voice="individual")
    f.StatementFactory(meeting=at[2017], date="2018-01-10", text_seen="press_report")
    years = years_of_record()
    assert years is not None
    listed = {row.year for row in all_years() if not row.told}
    assert years.untold == listed == {2017, 2018, 2016}
    for year in (2014, 2015):
        assert "No text" not in text(page(client, f"/years/{year}/"))
    assert "No text of this year is in the record." in text(page(client, "/years/2017/"))
    assert "known only from press reports" in text(page(client, "/years/2018/"))
    # Somebody else's words are at hand, but tell nothing of what the coalition asked.
    assert "known only from press reports" not in text(page(client, "/years/2016/"))


def test_a_year_whose_meeting_is_told_of_in_the_next_one(client: Client) -> None:
    meeting = f.MeetingFactory(year=2020, start="2020-12-14", end="2020-12-18")
    statement = f.StatementFactory(meeting=meeting, date="2021-01-11")
    f.MentionFactory(statement=statement)
    html = page(client, "/years/2020/")
    said = text(html)
    assert "1 demand was asked, in statements that are dated in another year." in said
    assert "0 statements" not in said
    assert figures_agree(client, html) > 0


def test_the_list_of_years_agrees_with_the_lists(client: Client, reform: dict[str, object]) -> None:
    html = page(client, "/years/")
    said = text(html)
    assert "2021 1 4 2 1 1 – " in said
    assert "2020 no text in the record – – – – – –" in said
    assert figures_agree(client, html) >= 8


def test_an_empty_record_has_no_years_and_no_themes(client: Client) -> None:
    assert "The record is empty so far." in text(page(client, "/years/"))
    assert "The record is empty so far." in text(page(client, "/themes/"))
    assert client.get("/years/2021/").status_code == 404


def test_headings_of_years_lead_to_the_year(client: Client, reform: dict[str, object]) -> None:
    assert 'href="/years/2021/"' in page(client, "/meetings/p/")
    statement = f.StatementFactory(date="2021")
    assert 'href="/years/2021/"' in page(client, statement.get_absolute_url())


@pytest.mark.parametrize("url", ["/themes/", "/themes/t/", "/years/", "/years/2023/"])
def test_themes_and_years_ask_the_same_number_of_questions_whatever_they_hold(
    client: Client, url: str
) -> None:
    theme = f.ThemeFactory(slug="t")

    def more(number: int) -> None:
        for _n in range(number):
            f.ThemeFactory()
            meeting = f.MeetingFactory()
            statement = f.StatementFactory(
                meeting=meeting,
                speakers=[f.RoleFactory().person],
                issuers=[f.OrganisationFactory()],
            )
            for kind in ("demanded", "criticised"):
                demand = f.JudgedDemandFactory(theme=theme, parent=f.DemandFactory(theme=theme))
                f.MentionFactory(demand=demand, statement=statement, kind=kind)
            f.MentionFactory(demand=f.PositionFactory(theme=theme), statement=statement)

    more(2)
    page(client, url)
    with CaptureQueriesContext(connection) as few:
        page(client, url)
    more(8)
    page(client, url)
    with CaptureQueriesContext(connection) as many:
        page(client, url)
    assert len(few) == len(many)
    assert len(many) <= 26
