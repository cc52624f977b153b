"""The brief of a meeting: every open demand, its last wordings, where it stands."""

import gzip
import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from demands import brief
from demands.models import Demand, Evidence
from statements import actions as statement_actions
from statements.models import Meeting
from tests import factories as f
from tests.record_fixtures import loaded_record, record  # noqa: F401

pytestmark = pytest.mark.django_db
URL = "/meetings/coming/brief/"


def page(client: Client, url: str = URL) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def text(html: str) -> str:
    html = html[html.index("<main") : html.index("</main>")]
    words = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")
    return re.sub(r" ([.,:;)])", r"\1", " ".join(words.split())).replace("( ", "(")


def years_ago(number: int) -> str:
    return f"{timezone.localdate().year - number}-03-05"


@pytest.fixture
def coming() -> Meeting:
    """A plenary of next year."""
    year = timezone.localdate().year + 1
    meeting: Meeting = f.MeetingFactory(
        slug="coming", title="Plenary to come", year=year, start=f"{year}-05-11", end=f"{year}-05"
    )
    return meeting


def asked(title: str, *days: str, **kwargs: Any) -> Demand:
    kind = kwargs.pop("mention", "demanded")
    demand: Demand = kwargs.pop("factory", f.DemandFactory)(title=title, **kwargs)
    for day in days:
        f.MentionFactory(demand=demand, statement=f.StatementFactory(date=day), kind=kind)
    demand.refresh_from_db()
    return demand


def test_a_brief_gives_the_last_wordings_the_standing_and_what_happened_since(
    client: Client, coming: Meeting
) -> None:
    theme = f.ThemeFactory(name="Reform", slug="reform")
    demand = f.DemandFactory(title="Widen it", theme=theme)
    person = f.PersonFactory(full_name="Ama Mensah")
    plenary = f.MeetingFactory(title="Plenary 2023", city="Dubai")
    for number, (day, meeting) in enumerate(
        [("2019-03", None), ("2020-02-01", None), ("2021-11-12", None), ("2023-11-10", plenary)]
    ):
        statement = f.StatementFactory(date=day, meeting=meeting, kind="speech", speakers=[person])
        f.MentionFactory(
            demand=demand, statement=statement, speaker=person, paraphrase=f"Wording {number}."
        )
    quoted = f.StatementFactory(date="2025-05-12", voice="member", place="Brussels")
    held = f.TextFactory(statement=quoted)
    f.MentionFactory(demand=demand, statement=quoted, text=held, quote="widen the definition")
    f.MentionFactory(demand=demand, statement=f.StatementFactory(date="2025-09"), kind="criticised")
    evidence = [Evidence(kind="press", source_url="https://news.example.org/plenary")]
    f.judge(demand, "under_discussion", date="2024-05-01")
    f.judge(demand, "blocked", date="2025-11-21", rationale="A few said no.", evidence=evidence)
    html = page(client)
    said = text(html)
    today = date.today()
    assert f"As of {today.day} {today:%B %Y}: all that the record holds today." in said
    assert "asked on 5 occasions since 2019" in said
    assert "Blocked: no consensus 21 November 2025 · provisional A few said no." in said
    assert "Evidence: press, news.example.org" in said
    assert (
        "Since it was last asked (12 May 2025): judged as above; criticised on 1 occasion." in said
    )
    assert re.search(
        r"“widen the definition” 12 May 2025 · A member alone · Brussels · press release .*"
        r"Word for word.*Wording 3\. 10 November 2023 · Ama Mensah for the coalition"
        r" · Plenary 2023, Dubai · .*Wording 2\. 12 November 2021",
        said,
    )
    assert "Wording 1." not in said
    assert html.count('<blockquote class="theirs"') == 1
    assert '<p class="ours">Wording 3.</p>' in html
    url = re.search(r'asked <a href="([^"]+)">', html)
    assert url
    assert client.get(unescape(url[1])).context["listing"].total == 5


def test_only_open_demands_raised_in_five_years_are_in_it_and_it_says_what_is_not(
    client: Client, coming: Meeting
) -> None:
    asked("Recent", years_ago(1))
    asked("Only criticised", years_ago(2), mention="criticised")
    asked("Old", years_ago(9))
    asked("Never raised")
    asked("Reversed", years_ago(9), factory=f.JudgedDemandFactory, status="reversed")
    asked("Met", years_ago(1), factory=f.JudgedDemandFactory, status="met")
    asked("Failed", years_ago(1), factory=f.JudgedDemandFactory, status="closed", reason="failed")
    asked("A position", years_ago(1), factory=f.PositionFactory)
    asked("A draft", years_ago(1), state="draft")
    html = page(client)
    said = text(html)
    assert "5 demands are open: neither met nor closed." in said
    assert "In this brief: the 2 raised in the five years before the meeting." in said
    assert "Left out: 3 not raised in those five years." in said
    titles = set(re.findall(r"<h3><a [^>]+>([^<]+)", html))
    assert titles == {"Recent", "Only criticised"}
    assert "criticised, never asked" in said
    open_url = re.search(r'<a href="([^"]+)">5 demands are open', html)
    assert open_url
    assert client.get(unescape(open_url[1])).context["listing"].total == 5
    assert Demand.objects.public().open().count() == 5
    for scope, expected in (
        ("earlier", {"Old", "Never raised", "Reversed"}),
        ("all", {"Recent", "Only criticised", "Old", "Never raised", "Reversed"}),
    ):
        found = re.findall(r"<h3><a [^>]+>([^<]+)", page(client, f"{URL}?raised={scope}"))
        assert set(found) == expected
        assert f'href="{URL}?raised=earlier"' in html
    assert "No wording of it is in the record." in text(page(client, f"{URL}?raised=all"))


def test_themes_are_chosen_and_stand_in_a_table_of_contents(
    client: Client, coming: Meeting
) -> None:
    reform, russia = f.ThemeFactory(slug="reform", name="Reform"), f.ThemeFactory(slug="russia")
    asked("Reform it", years_ago(1), theme=reform)
    asked("Reform it more", years_ago(1), years_ago(2), theme=reform)
    asked("Russia", years_ago(1), theme=russia)
    html = page(client)
    assert html.index("Reform it more") < html.index(">Reform it<")  # asked more often
    assert '<a href="#theme-reform">' in html
    assert 'id="theme-reform"' in html
    html = page(client, f"{URL}?theme=russia")
    assert 'value="russia" checked' in html
    assert "Reform it" not in html
    assert "2 on other themes" in text(html)
    address = f"http://127.0.0.1:8000{URL}?theme=russia"
    assert f'<a href="{address}">{address}</a>' in html  # is on the printed page


def test_a_past_meeting_s_brief_describes_the_day_before_it(client: Client) -> None:
    meeting = f.MeetingFactory(slug="past", title="Plenary 2023")
    demand = asked("Widen it", "2022-05", "2023-11-28")
    f.MentionFactory(
        demand=demand,
        statement=f.StatementFactory(meeting=meeting, date="2023-11-10"),
        paraphrase="Said there.",
    )
    f.judge(demand, "under_discussion", date="2023-05-01", rationale="It is on the table.")
    f.judge(demand, "blocked", date="2023-11-10", rationale="Blocked there.")
    later_met = asked("Met since", "2022-05")
    f.judge(later_met, "met", date="2024-01-01")
    was_met = asked("Met before", "2022-05")
    f.judge(was_met, "met", date="2022-09")
    asked("First asked there", "2023-11-10")
    html = page(client, "/meetings/past/brief/")
    said = text(html)
    assert "As of 5 November 2023: what had been asked and judged before the meeting" in said
    assert "2 demands were open" in said
    assert set(re.findall(r"<h3><a [^>]+>([^<]+)", html)) == {"Widen it", "Met since"}
    assert "asked on 1 occasion, in 2022" in said
    assert "before=past" in html
    assert "Under discussion 1 May 2023 · provisional It is on the table." in said
    assert re.search(r"Since it was last asked \(May 2022\): judged as above\.", said)
    assert "Today: Blocked: no consensus 10 November 2023" in said
    assert re.search(r"Met since .* Not assessed nothing citable found .* Today: Met", said)
    assert "Said there." not in said
    assert "Blocked there." not in said


def test_a_meeting_before_which_nothing_was_asked_says_so(client: Client) -> None:
    f.MeetingFactory(slug="first", year=2000, start="2000-05", end="")
    asked("Later", "2001-05")
    said = text(page(client, "/meetings/first/brief/"))
    assert "No demand was open before this meeting, as far as the record shows." in said
    assert "As of 30 April 2000" in said


def test_who_spoke_is_named_only_as_visitors_may_read_it(client: Client, coming: Meeting) -> None:
    hidden = f.PersonFactory(full_name="Hidden One", public_name="withheld")
    veiled = f.PersonFactory(full_name="Veiled Name", public_name="function_only")
    f.RoleFactory(person=veiled, role="Field monitor", start="2000")
    demand = f.DemandFactory()
    for person in (hidden, veiled):
        statement = f.StatementFactory(date=years_ago(1), speakers=[person])
        f.MentionFactory(demand=demand, statement=statement, speaker=person)
    html = page(client)
    assert "Field monitor" in html
    assert "Hidden" not in html
    assert "Veiled" not in html


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("theme=nothing", "Nothing public has the key “nothing”."),
        ("theme=%00", "Nothing public has the key"),
        ("raised=never", "“never” is not among the choices: recent, earlier, all."),
        ("raised=all&raised=recent", "It is given more than once."),
        ("page=2", "A brief has no such choice. There are: theme, raised."),
        ("&".join(f"theme=t{n}" for n in range(61)), "That is too many choices: at most 60."),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused_with_a_sentence(
    client: Client, coming: Meeting, query: str, sentence: str
) -> None:
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert sentence in unescape(answer.content.decode())


def test_a_brief_lives_and_moves_with_its_meeting(client: Client, coming: Meeting) -> None:
    tag = client.get(f"{URL}?utm_source=mail&theme=")["ETag"]
    again = client.get(f"{URL}?utm_source=mail&theme=", headers={"if-none-match": tag})
    assert again.status_code == 304
    coming.slug = "moved"
    statement_actions.save(coming, by=None)
    answer = client.get(f"{URL}?raised=all")
    assert (answer.status_code, answer["Location"]) == (301, "/meetings/moved/brief/?raised=all")
    statement_actions.take_down(coming, by=None, why="Entered twice.")
    assert client.get("/meetings/moved/brief/").status_code == 410
    f.MeetingFactory(slug="draft", state="draft")
    assert client.get("/meetings/draft/brief/").status_code == 404


def test_a_long_brief_keeps_what_is_asked_most_and_says_so(
    client: Client, coming: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brief, "MOST", 1)
    asked("Asked once", years_ago(1))
    asked("Asked twice", years_ago(1), years_ago(2))
    said = text(page(client))
    assert "Asked twice" in said
    assert "Asked once" not in said
    assert "1 for which this page has no room: choose themes" in said


def test_a_brief_asks_the_same_number_of_questions_whatever_its_size(
    client: Client, coming: Meeting
) -> None:
    veiled = f.PersonFactory(public_name="function_only")
    f.RoleFactory(person=veiled, role="Field monitor", start="2000")

    def more(number: int) -> None:
        for _n in range(number):
            demand = f.JudgedDemandFactory(judged_on="2022-01")
            for day in (1, 2):
                statement = f.StatementFactory(
                    date=years_ago(day), speakers=[veiled], issuers=[f.OrganisationFactory()]
                )
                f.TextFactory(statement=statement)
                f.MentionFactory(demand=demand, statement=statement, speaker=veiled)

    for url in (URL, "/meetings/past/brief/"):
        if "past" in url:
            day = timezone.localdate() - timedelta(days=3)
            f.MeetingFactory(slug="past", year=day.year, start=str(day), end=str(day))
        more(1)
        page(client, url)
        with CaptureQueriesContext(connection) as few:
            page(client, url)
        more(8)
        with CaptureQueriesContext(connection) as many:
            page(client, url)
        assert len(few) == len(many)
        assert len(many) <= 17


@pytest.mark.usefixtures("record")
def test_the_record_s_briefs_fit_on_the_wire_and_need_nothing_else(client: Client) -> None:
    for url in (
        "/meetings/plenary-2026/brief/?raised=all",
        "/fr/meetings/plenary-2026/brief/?raised=all",
        "/meetings/plenary-2023-victoria-falls/brief/",
    ):
        html = page(client, url)
        assert len(gzip.compress(html.encode())) < 40_000
        assert not re.search(r"<(img|script|iframe|object|video|source)\b", html)
        assert len(re.findall(r'<link rel="stylesheet"', html)) == 1
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        assert len(re.findall(r"<h3>", html)) > 40
