"""Every table leaves with its public rows, and nothing that is not public."""

import csv
import io
from datetime import date

import pytest
from django.conf import settings
from django.utils import timezone

from demands import actions as demand_actions
from demands.models import Evidence, Mention
from kptracker.data.tables import TABLES as ALL
from kptracker.lib import corrections
from kptracker.lib.csv_export import stream
from statements import actions as statement_actions
from tests import factories as make

TABLES = {export.name: export for export in ALL}
each_table = pytest.mark.parametrize("name", TABLES)
each_language = pytest.mark.parametrize("language", ["en", "fr"])
pytestmark = pytest.mark.django_db


def written(name, language="en", today=None, queryset=None):
    """Return the text of a table's file."""
    export = TABLES[name]
    columns = export.columns(language, today or timezone.localdate())
    rows = export.queryset() if queryset is None else queryset
    return b"".join(stream(rows, columns)).decode("utf-8-sig")


def read(name, language="en", today=None):
    """Return the rows of a table's file as dictionaries."""
    return list(csv.DictReader(io.StringIO(written(name, language, today), newline="")))


def only(name, language="en", today=None):
    """Return the one row that a table has."""
    (row,) = read(name, language, today)
    return row


# --- Columns ------------------------------------------------------------------------------

HEADERS = {
    "meetings": "slug permalink title title_fr kind kind_label year start_date end_date cancelled"
    " city city_fr country_code country format format_label kp_chair_country_code"
    " kp_chair_country kp_chair_person csc_presence csc_presence_label statement_count note"
    " note_fr source_url confidence confidence_label changed_on",
    "organisations": "slug permalink name name_fr acronym acronym_fr other_names kind kind_label"
    " country_code country from to statement_count note source_url confidence confidence_label"
    " changed_on",
    "people": "slug permalink full_name name_variants role_references roles statement_count"
    " changed_on",
    "roles": "reference permalink person_slug person role role_fr organisation_slug organisation"
    " country_code country from to note source_url confidence confidence_label",
    "statements": "slug permalink title title_fr title_kind title_kind_label kind kind_label"
    " voice voice_label counted date meeting_slug meeting place language language_label"
    " speaker_slugs speakers speakers_by_function issuer_slugs issuers issuer_text"
    " addressee_slugs addressees addressee_text delivered delivered_label text_seen"
    " text_seen_label text_kinds version_of summary summary_fr document archived_url source_url"
    " confidence confidence_label changed_on",
    "speakers": "statement_slug position permalink statement_title statement_title_fr date"
    " person_slug person name_as_given role_reference role role_fr organisation_slug organisation",
    "demands": "reference permalink slug title title_fr kind kind_label theme_slug theme"
    " parent_reference parent_slug superseded_by_reference superseded_by_slug description"
    " description_fr status status_label reason reason_label brought_about_by"
    " brought_about_by_label status_date status_since provisional provisional_label"
    " reviewed_by reviewed_on"
    " asked_again_since judged_long_ago assessment_reference judged_count asked_count"
    " asked_by_members_count criticised_count criticised_by_members_count welcomed_count"
    " first_asked last_asked last_raised"
    " addressee_slugs addressees addressee_text condition condition_fr success_test"
    " success_test_fr source_url confidence confidence_label changed_on",
    "mentions": "reference permalink demand_reference demand_slug demand_title demand_title_fr"
    " statement_slug statement_title statement_title_fr date meeting_slug meeting voice"
    " voice_label kind kind_label counted speaker_slug speaker speaker_role paraphrase"
    " paraphrase_fr wording wording_label quote quote_language quote_language_label text_seen"
    " text_seen_label source_url confidence"
    " confidence_label",
    "passages": "reference permalink mention_reference demand_reference statement_slug text_kind"
    " text_kind_label text_language text_language_label start end exact prefix suffix text_sha256",
    "assessments": "reference permalink demand_reference demand_slug demand_title demand_title_fr"
    " kind kind_label date status status_label reason reason_label brought_about_by"
    " brought_about_by_label rationale rationale_fr meeting_slug meeting assessed_by reviewed_by"
    " provisional provisional_label recorded_on current reviewed_on asked_again_since corrects"
    " corrected_by evidence_count evidence_kinds confidence confidence_label",
    "evidence": "assessment_reference position permalink demand_reference demand_slug kind"
    " kind_label stance stance_label source_url statement_slug statement held archived_url note",
    "themes": "slug permalink name name_fr demand_count",
    "demand_addressees": "demand_reference position permalink organisation_slug organisation",
    "issuers": "statement_slug position permalink organisation_slug organisation",
    "statement_addressees": "statement_slug position permalink organisation_slug organisation",
    "corrections": "reference entry_kind entry entry_permalink permalink facts why why_fr "
    "recorded_on",
}


@each_language
@each_table
def test_headers_are_stable_and_unique(name, language):
    """Programs rely on them: whoever renames a column changes this list knowingly."""
    header = written(name, language).rstrip("\r\n").split(",")
    assert header == HEADERS[name].split()
    assert len(set(header)) == len(header)


@each_table
def test_every_column_says_what_it_is(name):
    for column in TABLES[name].columns("en", timezone.localdate()):
        assert str(column.meaning).endswith((".", ":")), column.name
        assert column.name == column.name.lower()


# --- A record with everything in it -------------------------------------------------------

HIDDEN = "zzhidden"


@pytest.fixture
def record():
    """A public record, and beside each row one that is not public, marked with a word."""
    country = make.CountryFactory(code="SL", name="Sierra Leone", name_fr="Sierra Leone (fr)")
    kp = make.OrganisationFactory(slug="kp", name="Kimberley; Process", name_fr="Le Processus")
    wdc = make.OrganisationFactory(slug="wdc", name="World Diamond Council", name_fr="")
    secret_body = make.OrganisationFactory(
        slug=f"{HIDDEN}-body", name=f"{HIDDEN} body", state="draft"
    )
    meeting = make.MeetingFactory(slug="kp-2023-harare", title="Harare", country=country)
    secret_meeting = make.MeetingFactory(
        slug=f"{HIDDEN}-meeting", title=f"{HIDDEN} meeting", state="draft"
    )
    ama = make.PersonFactory(slug="ama", full_name="Ama Shown", name_variants="A. Shown")
    unnamed = make.PersonFactory(
        slug=f"{HIDDEN}-function",
        full_name=f"{HIDDEN} function",
        name_variants=f"{HIDDEN} variant",
        public_name="function_only",
    )
    withheld = make.PersonFactory(
        slug=f"{HIDDEN}-withheld",
        full_name=f"{HIDDEN} withheld",
        name_variants=f"{HIDDEN} w",
        public_name="withheld",
    )
    draft = make.PersonFactory(slug=f"{HIDDEN}-draft", full_name=f"{HIDDEN} draft", state="draft")
    role = make.RoleFactory(person=ama, organisation=kp, role="Coordinator", start="2001")
    make.RoleFactory(person=ama, organisation=secret_body, role="Adviser", start="1999-05")
    monitor = make.RoleFactory(
        person=unnamed, organisation=wdc, role="Local monitor", role_fr="Observateur local"
    )
    secret_role = make.RoleFactory(person=withheld, organisation=wdc, role=f"{HIDDEN} role")
    make.RoleFactory(person=draft, organisation=wdc, role=f"{HIDDEN} role", note=HIDDEN)

    said = make.StatementFactory(
        slug="said",
        title="Said",
        meeting=meeting,
        date="2023-11-08",
        issuers=[wdc, secret_body, kp],
        addressees=[kp, wdc, secret_body],
        kind="speech",
        text_seen="excerpt",
    )
    for position, (person, function, given) in enumerate(
        [
            (withheld, secret_role, HIDDEN),
            (unnamed, monitor, HIDDEN),
            (draft, None, HIDDEN),
            (ama, role, "Mrs A. Shown"),
        ],
        start=1,
    ):
        make.SpeakerFactory(
            statement=said, person=person, role=function, name_as_given=given, position=position
        )
    at_secret_meeting = make.StatementFactory(
        slug="elsewhere",
        title="Elsewhere",
        meeting=secret_meeting,
        date="2023-11",
        voice="member",
        version_of=make.StatementFactory(
            slug=f"{HIDDEN}-original", title=f"{HIDDEN} original", state="draft"
        ),
    )
    secret_statement = make.StatementFactory(
        slug=f"{HIDDEN}-statement", title=f"{HIDDEN} title", state="in_review"
    )
    gone = make.StatementFactory(slug=f"{HIDDEN}-gone", title=f"{HIDDEN} gone")
    corrections.record(gone, ["title"], why=f"{HIDDEN} words", by=None)
    statement_actions.take_down(gone, by=None, why=f"{HIDDEN} reason")
    text = make.TextFactory(statement=said, body="We ask you: widen the definition, please.")
    theme = make.ThemeFactory(slug="definition", name="Definition", name_fr="")

    secret_parent = make.DemandFactory(
        slug=f"{HIDDEN}-parent", title=f"{HIDDEN} parent", theme=theme, state="draft"
    )
    demand = make.DemandFactory(
        slug="widen",
        title="Widen the definition",
        theme=theme,
        parent=secret_parent,
        superseded_by=secret_parent,
        addressees=[wdc, secret_body, kp],
    )
    part = make.DemandFactory(slug="part", title="A part", theme=theme, parent=demand)
    position = make.PositionFactory(slug="stand", title="A stand", theme=theme)
    make.MentionFactory(demand=demand, statement=said, speaker=ama, paraphrase="Asks.")
    make.MentionFactory(demand=demand, statement=said, speaker=unnamed, paraphrase="Asks too.")
    make.MentionFactory(demand=demand, statement=said, speaker=withheld, kind="criticised")
    make.MentionFactory(demand=demand, statement=said, speaker=draft, kind="welcomed")
    make.MentionFactory(
        demand=demand, statement=said, text=text, quote="widen the definition, please"
    )
    make.MentionFactory(demand=part, statement=at_secret_meeting, paraphrase="A part.")
    for owner, statement in (
        (demand, secret_statement),
        (secret_parent, said),
        (demand, gone),
    ):
        make.MentionFactory(demand=owner, statement=statement, paraphrase=HIDDEN)
    make.judge(
        demand,
        "blocked",
        date="2023-11-10",
        meeting=secret_meeting,
        evidence=[
            Evidence(kind="press", source_url="https://example.org/a"),
            Evidence(kind="coalition", statement=said, stance="contradicts"),
            Evidence(kind="coalition", statement=secret_statement),
            Evidence(kind="government", held="Minutes, held by the coalition"),
        ],
    )
    make.judge(secret_parent, "met", rationale=HIDDEN, date="2022")
    corrections.record(demand, ["title"], why="It was cut off.", by=None)
    return {"demand": demand, "part": part, "position": position, "said": said}


# --- What is not public -------------------------------------------------------------------


@each_language
@each_table
def test_nothing_hidden_leaves(record, name, language):
    text = written(name, language)
    assert HIDDEN not in text
    assert len(text.split("\r\n")) > 2


@each_language
@each_table
def test_as_many_rows_as_are_public(record, name, language):
    public = TABLES[name].queryset()
    rows = read(name, language)
    assert len(rows) == public.count() > 0
    links = ("issuers", "demand_addressees", "statement_addressees")  # tested by their cells
    # Speakers by function only are rows without a name.
    if name not in ("speakers", *links):
        assert len(rows) == public.model._default_manager.public().count()


@each_language
@each_table
def test_a_file_without_rows(name, language):
    assert read(name, language) == []


def test_of_a_person_by_function_only_the_function_leaves(record):
    unnamed, named = read("speakers")
    assert named["person"] == "Ama Shown"
    assert named["name_as_given"] == "Mrs A. Shown"
    assert named["role"] == "Coordinator"
    assert named["organisation_slug"] == "kp"
    assert unnamed["role"] == "Local monitor"
    for column in (
        "person_slug", "person", "name_as_given", "role_reference", "organisation_slug",
        "organisation",
    ):  # fmt: skip
        assert unnamed[column] == ""
    said = next(row for row in read("statements", "fr") if row["slug"] == "said")
    assert (said["speaker_slugs"], said["speakers"]) == ("ama", "Ama Shown")
    assert said["speakers_by_function"] == "Observateur local"
    roles = [row["speaker_role"] for row in read("mentions")]
    assert sorted(roles) == ["", "", "", "", "Coordinator", "Local monitor"]


def test_a_role_at_a_hidden_organisation_keeps_its_text(record):
    rows = {row["role"]: row for row in read("roles")}
    assert rows["Adviser"]["organisation_slug"] == rows["Adviser"]["organisation"] == ""
    assert rows["Coordinator"]["organisation"] == "Kimberley; Process"


# --- Keys, links and lists ----------------------------------------------------------------


@each_table
def test_every_row_has_its_key_and_an_address_that_stays(record, name):
    letters = {
        "meetings": "k", "organisations": "o", "people": "p", "roles": "p", "statements": "s",
        "speakers": "s", "demands": "d", "mentions": "m", "assessments": "a", "evidence": "a",
        "themes": "themes", "passages": "p", "corrections": "c",
        "issuers": "s", "demand_addressees": "d",
        "statement_addressees": "s",
    }  # fmt: skip
    owner = {"roles": "person_slug"}
    for row in read(name):
        key = next(iter(row.values()))
        assert key
        of = row[owner[name]] if name in owner else key
        assert row["permalink"] == f"{settings.SITE_URL}/{letters[name]}/{of}"
        if name == "corrections":  # leads to its entry as well
            assert row["entry_permalink"] == f"{settings.SITE_URL}/d/{row['entry']}"


def test_several_links_in_one_cell_keep_their_order(record):
    """Slugs and labels go in the same order, and a semicolon in a name divides nothing."""
    said = next(row for row in read("statements") if row["slug"] == "said")
    assert said["issuer_slugs"] == "wdc; kp"
    assert said["issuers"] == "World Diamond Council; Kimberley, Process"
    assert said["addressee_slugs"] == "kp; wdc"
    assert said["addressees"] == "Kimberley, Process; World Diamond Council"
    french = next(row for row in read("statements", "fr") if row["slug"] == "said")
    assert french["issuers"] == "World Diamond Council; Le Processus"
    demand = next(row for row in read("demands", "fr") if row["slug"] == "widen")
    assert demand["addressee_slugs"] == "wdc; kp"
    assert demand["addressees"] == "World Diamond Council; Le Processus"
    # The same links as rows, for whoever joins tables.
    issuers = [(one["statement_slug"], one["organisation_slug"]) for one in read("issuers")]
    assert issuers == [("said", "wdc"), ("said", "kp")]
    asked_of = [one["organisation_slug"] for one in read("demand_addressees")]
    assert asked_of == ["wdc", "kp"]
    person = only("people")
    references = dict(
        zip(*(person[k].split("; ") for k in ("roles", "role_references")), strict=True)
    )
    assert list(references) == ["Adviser", "Coordinator"]
    assert references == {row["role"]: row["reference"] for row in read("roles")}


def test_hidden_links_are_left_out(record):
    elsewhere = next(row for row in read("statements") if row["slug"] == "elsewhere")
    assert elsewhere["meeting_slug"] == elsewhere["meeting"] == elsewhere["version_of"] == ""
    demand, part = (
        next(row for row in read("demands") if row["slug"] == slug) for slug in ("widen", "part")
    )
    assert demand["parent_slug"] == demand["superseded_by_reference"] == ""
    assert (part["parent_slug"], part["parent_reference"]) == ("widen", demand["reference"])
    assert only("assessments")["meeting_slug"] == ""
    assert [row["statement_slug"] for row in read("evidence")] == ["", "said", "", ""]


# --- Values -------------------------------------------------------------------------------


def test_values_of_a_statement(record):
    said, elsewhere = (
        next(row for row in read("statements") if row["slug"] == slug)
        for slug in ("said", "elsewhere")
    )
    assert (said["date"], elsewhere["date"]) == ("2023-11-08", "2023-11")
    assert (said["kind"], said["kind_label"]) == ("speech", "Speech")
    assert said["meeting"] == "Harare"
    assert said["text_kinds"] == "verbatim"
    assert (said["counted"], elsewhere["counted"]) == ("yes", "yes")
    french = next(row for row in read("statements", "fr") if row["slug"] == "said")
    assert french["kind_label"] == "Discours"
    assert french["title"] == "Said"
    meeting = only("meetings")
    assert (meeting["start_date"], meeting["end_date"]) == ("2023-11-06", "2023-11-10")
    assert (meeting["cancelled"], meeting["statement_count"]) == ("no", "1")
    assert (meeting["country_code"], meeting["country"]) == ("SL", "Sierra Leone")
    assert meeting["changed_on"] == timezone.localdate().isoformat()
    assert only("themes")["demand_count"] == "3"


def test_dates_as_known():
    for text in ("2017", "2017-11", "2017-11-09", "2016-02", "2017-12-31", "2017-01"):
        make.StatementFactory(slug=f"s-{text}", date=text)
    for row in read("statements"):
        assert row["slug"] == f"s-{row['date']}"


def test_a_mention_says_whose_words_they_are(record):
    rows = read("mentions")
    quoted = [row for row in rows if row["quote"]]
    (one,) = quoted
    assert one["quote"] == "widen the definition, please"
    assert (one["wording"], one["wording_label"]) == ("verbatim", "word for word")
    assert (one["text_seen"], one["text_seen_label"]) == ("excerpt", "Part of the text")
    for row in rows:
        if row is not one:
            assert (row["wording"], row["wording_label"]) == ("paraphrase", "in our own words")
    counted = {(row["kind"], row["counted"]) for row in rows}
    assert counted == {("demanded", "yes"), ("criticised", "yes"), ("welcomed", "no")}


def test_a_quote_from_our_own_summary_is_no_quotation():
    statement = make.StatementFactory()
    summary = make.TextFactory(statement=statement, kind="summary", body="They ask for more.")
    make.MentionFactory(statement=statement, text=summary, quote="ask for more")
    assert only("mentions")["wording"] == "paraphrase"


def test_a_status_with_all_that_belongs_to_it(record):
    rows = {row["slug"]: row for row in read("demands", today=date(2024, 1, 1))}
    blocked = rows["widen"]
    assert blocked["status"] == "blocked"
    assert (blocked["reason"], blocked["reason_label"]) == ("no_consensus", "No consensus")
    assert (blocked["status_date"], blocked["reviewed_on"]) == ("2023-11-10", "2023-11-10")
    assert blocked["provisional"] == "yes"
    assert "not confirmed by the coalition" in blocked["provisional_label"]
    assert (blocked["reviewed_by"], blocked["brought_about_by"]) == ("", "")
    assert (blocked["asked_again_since"], blocked["judged_long_ago"]) == ("no", "no")
    assert (blocked["asked_count"], blocked["criticised_count"]) == ("1", "1")
    assert (blocked["first_asked"], blocked["last_asked"]) == ("2023-11-08", "2023-11-08")
    judged = only("assessments")
    assert blocked["assessment_reference"] == judged["reference"]
    assert (judged["current"], judged["provisional"]) == ("yes", "yes")
    assert (judged["evidence_count"], judged["recorded_on"]) == (
        "4",
        timezone.localdate().isoformat(),
    )
    assert judged["evidence_kinds"] == "press; coalition; coalition; government"
    for slug, status in (("part", "not_assessed"), ("stand", "not_applicable")):
        assert rows[slug]["status"] == status
        for column in (
            "provisional", "provisional_label", "asked_again_since", "judged_long_ago",
            "reviewed_on", "status_date", "assessment_reference",
        ):  # fmt: skip
            assert rows[slug][column] == "", column


def test_an_old_judgement_says_so(record):
    later = make.StatementFactory(date="2024-06", voice="member")
    make.MentionFactory(demand=record["demand"], statement=later)
    rows = {row["slug"]: row for row in read("demands", today=date(2026, 11, 25))}
    assert rows["widen"]["asked_again_since"] == "yes"
    assert rows["widen"]["judged_long_ago"] == "yes"
    assert only("assessments")["asked_again_since"] == "yes"


def test_who_confirmed(record):
    demand_actions.confirm(
        record["demand"],
        by=None,
        rationale="Looked at again.",
        reviewed_by="A reviewer",
        on=date(2024, 2, 1),
    )
    row = next(row for row in read("demands") if row["slug"] == "widen")
    assert (row["provisional"], row["reviewed_by"]) == ("no", "A reviewer")
    assert row["provisional_label"] == "confirmed by the coalition"
    assert (row["reviewed_on"], row["status_date"]) == ("2024-02-01", "2023-11-10")
    confirmation, judgement = read("assessments")
    assert (confirmation["kind"], judgement["kind"]) == ("confirmed", "changed")
    assert (confirmation["current"], judgement["current"]) == ("no", "yes")
    assert row["assessment_reference"] == judgement["reference"]
    assert judgement["reviewed_on"] == "2024-02-01"


def test_a_correction_takes_the_place_of_what_it_corrects(record):
    first = record["demand"].assessments.get()
    second = make.judge(
        record["demand"], "met", date="2023-11-10", corrects=first, reviewed_by="A reviewer"
    )
    rows = {row["reference"]: row for row in read("assessments")}
    assert rows[first.reference]["corrected_by"] == second.reference
    assert rows[first.reference]["current"] == "no"
    assert rows[second.reference]["corrects"] == first.reference
    assert rows[second.reference]["current"] == "yes"
    demand = next(row for row in read("demands") if row["slug"] == "widen")
    assert (demand["status"], demand["brought_about_by"]) == ("met", "addressee")
    assert (demand["provisional"], demand["reviewed_by"]) == ("no", "A reviewer")


def test_rows_keep_the_order_they_are_asked_in(record):
    rows = Mention.objects.public().order_by("kind", "-reference")
    wanted = list(rows.values_list("reference", flat=True))
    text = written("mentions", queryset=rows)
    assert [row["reference"] for row in csv.DictReader(io.StringIO(text, newline=""))] == wanted
