"""CSV: the same bytes on both databases, whatever stands in the cells."""

import csv
import io
import tracemalloc
from datetime import date

import pytest
from django.db import DatabaseError, connection
from django.db.models import BigIntegerField, Case, F, Func, Value, When
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kptracker.lib.columns import Column, Kind, TableExport, UnknownColumnError, choose
from kptracker.lib.csv_export import BROKEN_OFF, csv_response, in_full_order, stream
from kptracker.lib.expressions import GUARDED, Joined, OrElse, constant
from statements.models import Country, Organisation, Person

pytestmark = pytest.mark.django_db

SLUG = Column("slug", "slug", "", Kind.KEY)
NAME = Column("name", "name", "")
NOTE = Column("note", "note", "")
COLUMNS = [
    SLUG,
    NAME,
    NOTE,
    Column("source_url", "source_url", "", Kind.URL),
    Column(
        "number",
        Case(When(slug="b", then=Value(-7)), default=Value(1), output_field=BigIntegerField()),
        "",
        Kind.INTEGER,
    ),
    Column("code", "country__code", "", Kind.KEY),
]

LONG = "https://example.org/" + "x" * 980
ROWS = [
    ("a", "plain", "", "", 1),
    ("b", 'a "quoted" name', "one, two", LONG, 1),
    ("c", "=1+1", "+41 22", "", 1),
    ("d", "-5", "@home", "", 1),
    ("e", "'tis", "\tTAB", "", 1),
    ("f", "two\nlines", "three\r\nlines\rhere", "", 1),
    ("g", "\rcarriage", "\nfeed", "", 1),
    ("h", "💎 diamant «é»", "الماس", "", 1),
    ("i", " blanks ", "a; b", "", 1),
    ("j", '=HYPERLINK("x","y")', "\\.", "", 1),
    ("k", "a'b=c", "#", "", 1),
    ("-l", "ünnamed", "\x1f\x1e", "", 1),
]
EXPECTED = (
    "\ufeffslug,name,note,source_url,number,code\r\n"
    "a,plain,,,1,\r\n"
    'b,"a ""quoted"" name","one, two",' + LONG + ",-7,\r\n"
    "c,'=1+1,'+41 22,,1,\r\n"
    "d,'-5,'@home,,1,\r\n"
    "e,''tis,'\tTAB,,1,\r\n"
    'f,"two\nlines","three\nlines\nhere",,1,\r\n'
    'g,"\'\ncarriage","\nfeed",,1,\r\n'
    "h,💎 diamant «é»,الماس,,1,\r\n"
    "i, blanks ,a; b,,1,\r\n"
    'j,"\'=HYPERLINK(""x"",""y"")",\\.,,1,\r\n'
    "k,a'b=c,#,,1,\r\n"
    "'-l,ünnamed,\x1f\x1e,,1,XX\r\n"
).encode()


def organisation(slug="a", name="A name", note="", url="", version=1, **kwargs):
    """Return an organisation as no form would let it in."""
    return Organisation(
        slug=slug,
        name=name,
        note=note,
        source_url=url,
        version=version,
        kind="ngo",
        state="published",
        **kwargs,
    )


@pytest.fixture
def nasty():
    country = Country.objects.create(code="XX", name="X")
    rows = [organisation(*row) for row in ROWS]
    rows[-1].country = country
    Organisation.objects.bulk_create(rows)
    return Organisation.objects.order_by("id")


def written(queryset, columns):
    return b"".join(stream(queryset, columns))


def read(queryset, columns):
    text = written(queryset, columns).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


# --- Bytes --------------------------------------------------------------------------------


def test_every_byte(nasty):
    assert written(nasty, COLUMNS) == EXPECTED


def test_a_column_alone_in_its_row():
    """Readers skip an empty line; PostgreSQL quotes what once ended a COPY."""
    notes = ["", "\\.", "a\\.", "=1", "x\n\\.", "a,b"]
    Organisation.objects.bulk_create(
        [organisation(f"row-{n}", note=note) for n, note in enumerate(notes)]
    )
    rows = Organisation.objects.order_by("id")
    expected = 'note\r\n""\r\n"\\."\r\na\\.\r\n\'=1\r\n"x\n\\."\r\n"a,b"\r\n'
    assert written(rows, [NOTE]) == b"\xef\xbb\xbf" + expected.encode()
    code = Column("code", "country__code", "", Kind.KEY)
    assert written(rows[:2], [code]) == b'\xef\xbb\xbfcode\r\n""\r\n""\r\n'


def test_nothing_to_show():
    assert written(Organisation.objects.none(), [SLUG, NAME]) == b"\xef\xbb\xbfslug,name\r\n"
    assert written(Organisation.objects.all(), [SLUG, NAME]) == b"\xef\xbb\xbfslug,name\r\n"


def test_many_pieces():
    """Each piece holds whole rows, and together they are the file."""
    Organisation.objects.bulk_create(
        [organisation(f"row-{n:03}", note=f"{n}, " + "é" * 900) for n in range(300)]
    )
    pieces = list(stream(Organisation.objects.order_by("id"), [SLUG, NOTE]))
    assert len(pieces) >= 4
    assert all(piece.endswith(b"\r\n") for piece in pieces)
    assert max(map(len, pieces)) < 400_000
    rows = read(Organisation.objects.order_by("id"), [SLUG, NOTE])
    assert rows[1:] == [[f"row-{n:03}", f"{n}, " + "é" * 900] for n in range(300)]


def test_parameters_are_bound(nasty):
    """A percent sign, a quotation mark or a backslash in a filter is only a text."""
    for text in ("100%", "o'clock", "\\", "%s", "%(x)s"):
        assert read(nasty.filter(name=text), [SLUG]) == [["slug"]]
    Organisation.objects.filter(slug="a").update(name="100% %s o'clock \\")
    assert read(nasty.filter(name="100% %s o'clock \\"), [SLUG]) == [["slug"], ["a"]]


cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
edges = st.sampled_from(["", *GUARDED, "\n", "\r\n", '"', ",", "\\.", "''", "==", "\x1f", "ÿ", "þ"])


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(edges | cells, st.builds("{}{}".format, edges, cells)), max_size=8))
def test_what_is_read_is_what_was_written(pairs):
    """With the guard undone and line ends as LF, a reader has the cells themselves."""
    Organisation.objects.all().delete()
    Organisation.objects.bulk_create(
        [organisation(f"row-{n}", f"x{name}", note) for n, (name, note) in enumerate(pairs)]
    )
    rows = read(Organisation.objects.order_by("id"), [SLUG, NAME, NOTE])[1:]

    def undone(cell):
        return cell.removeprefix("'")

    def lines(text):
        return text.replace("\r\n", "\n").replace("\r", "\n")

    assert [[name, undone(note)] for _slug, name, note in rows] == [
        [f"x{lines(name)}", lines(note)] for name, note in pairs
    ]
    for (_name, note), row in zip(pairs, rows, strict=True):
        assert row[2].startswith("'") == (note[:1] in GUARDED and note != "")


# --- Expressions --------------------------------------------------------------------------


def test_null_swallows_no_neighbour():
    person = Person.objects.create(slug="p", full_name="P", state="published")
    columns = [
        Column("a", Joined(constant("x"), "slug"), ""),
        Column("b", OrElse("name_variants", constant("-none")), ""),
        Column("c", Value(None), ""),
        Column("d", "slug", "", Kind.KEY),
    ]
    assert read(Person.objects.filter(pk=person.pk), columns)[1] == ["xp", "'-none", "", "p"]


def test_what_columns_share_is_not_changed():
    """Writing the file twice gives it twice: the guard moves into a copy."""
    case = Column("x", Case(When(slug="a", then=Value("=a")), default=F("name")), "")
    Organisation.objects.bulk_create([organisation("a"), organisation("b", "-b")])
    first = read(Organisation.objects.order_by("id"), [SLUG, case])
    assert first[1:] == [["a", "'=a"], ["b", "'-b"]]
    assert read(Organisation.objects.order_by("id"), [SLUG, case]) == first


# --- Order --------------------------------------------------------------------------------


def test_equal_rows_go_by_id():
    rows = Organisation.objects.bulk_create([organisation(f"row-{n}", "Same") for n in range(9)])
    keys = [row.slug for row in rows]
    found = read(Organisation.objects.order_by("-name"), [SLUG])
    assert [row[0] for row in found[1:]] == keys
    assert in_full_order(Organisation.objects.order_by("-id")).query.order_by == ("-id",)
    assert in_full_order(Organisation.objects.order_by(F("pk").desc())).query.order_by == (
        F("pk").desc(),
    )
    assert in_full_order(Organisation.objects.order_by("slug")).query.order_by == ("slug", "pk")
    sliced = Organisation.objects.order_by("slug")[:3]
    assert [row[0] for row in read(sliced, [SLUG])[1:]] == keys[:3]


# --- The response -------------------------------------------------------------------------

EXPORT = TableExport(
    "organisations",
    lambda language, today: [SLUG, NAME, Column("day", constant(today.isoformat()), "", Kind.DAY)],
    lambda: Organisation.objects.public().order_by("id"),
)


def test_response():
    Organisation.objects.bulk_create([organisation("a", "é")])
    response = csv_response(EXPORT, EXPORT.queryset(), language="en", today=date(2026, 11, 25))
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="organisations-2026-11-25.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.getvalue().decode("utf-8-sig") == ("slug,name,day\r\na,é,2026-11-25\r\n")


def test_french_files_have_their_own_name():
    response = csv_response(EXPORT, EXPORT.queryset(), language="fr", today=date(2026, 11, 25))
    assert "organisations-fr-2026-11-25.csv" in response["Content-Disposition"]


def test_nothing_is_asked_before_it_is_read(django_assert_num_queries):
    with django_assert_num_queries(0):
        csv_response(EXPORT, EXPORT.queryset(), language="en").close()


def test_columns_are_chosen_in_any_order():
    Organisation.objects.bulk_create([organisation("a", "A")])
    response = csv_response(EXPORT, EXPORT.queryset(), language="en", columns=["name", "slug"])
    assert response.getvalue().decode("utf-8-sig") == "name,slug\r\nA,a\r\n"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["slug", "password"], "“password”. There are: slug, name, note"),
        (["slug", "slug"], "“slug” is named twice"),
        ([], "at least one column"),
        (["sl\0ug" + "x" * 500], "sl�ug"),
    ],
)
def test_columns_that_cannot_be(names, message):
    with pytest.raises(UnknownColumnError) as caught:
        choose([SLUG, NAME, NOTE], names)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 200


# --- What goes wrong ----------------------------------------------------------------------


class Absolute(Func):
    """The one error that both databases raise for a single row: no such number is positive."""

    function = "ABS"
    output_field = BigIntegerField()


BAD = Column(
    "bad",
    Absolute(
        Case(
            When(slug="row-250", then=Value(-(2**63))),
            default=Value(1),
            output_field=BigIntegerField(),
        )
    ),
    "",
    Kind.INTEGER,
)


@pytest.fixture
def three_hundred():
    Organisation.objects.bulk_create(
        [organisation(f"row-{n:03}", note="x" * 900) for n in range(300)]
    )
    return Organisation.objects.order_by("id")


def test_a_file_that_broke_off_says_so(three_hundred, caplog):
    if connection.vendor == "postgresql":
        # Row by row along the index: a sort would compute every cell first.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    got = []

    def collect():
        for piece in stream(three_hundred, [SLUG, NOTE, BAD]):
            got.append(piece)

    with pytest.raises(DatabaseError):
        collect()
    *rows, last, rest = b"".join(got).decode("utf-8-sig").split("\r\n")
    assert rest == ""
    assert last.startswith(BROKEN_OFF)
    assert "," not in last
    assert 1 < len(rows) < 251
    assert all(row.startswith("row-") for row in rows[1:])
    assert "broke off" in caplog.text
    assert Organisation.objects.count() == 300  # the connection is as good as before


def test_an_error_at_the_start_is_marked_too(three_hundred):
    bad = Column("bad", Absolute(Value(-(2**63), BigIntegerField())), "", Kind.INTEGER)
    pieces = stream(three_hundred, [SLUG, bad])
    assert next(pieces) == b"\xef\xbb\xbfslug,bad\r\n"
    assert next(pieces).decode().startswith(BROKEN_OFF)
    with pytest.raises(DatabaseError):
        next(pieces)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_reader_who_leaves_early(three_hundred, after):
    pieces = stream(three_hundred, [SLUG, NOTE])
    for _ in range(after):
        next(pieces)
    pieces.close()
    assert not connection.in_atomic_block
    assert Organisation.objects.count() == 300
    Organisation.objects.filter(slug="row-001").update(name="Written again")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW jit")  # compiling a query of a page can take minutes
            assert cursor.fetchone() == ("off",)


@pytest.mark.django_db(transaction=True)
def test_the_file_shows_one_moment(three_hundred):
    """What is written while it streams is not in it."""
    from concurrent.futures import ThreadPoolExecutor

    def rename():
        try:
            Organisation.objects.update(name="Later")
        finally:
            connection.close()

    pieces = stream(three_hundred, [SLUG, NAME, NOTE])
    got = [next(pieces), next(pieces)]
    with ThreadPoolExecutor(1) as other:
        other.submit(rename).result()
    got.extend(pieces)
    assert b"Later" not in b"".join(got)
    assert Organisation.objects.filter(name="Later").count() == 300


def test_memory_stays_flat():
    """Twenty thousand rows pass through less memory than a tenth of them takes."""
    numbers = "generate_series(1, 20000) AS numbers(n)"
    if connection.vendor == "sqlite":
        numbers = (
            "(WITH RECURSIVE numbers(n) AS"
            " (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000) SELECT n FROM numbers)"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO statements_person (slug, full_name, name_variants, public_name, state,"
            " taken_down_reason, name_key, text_key, version, changed_at)"
            " SELECT 'p-' || n, 'P', %s, 'shown', 'published', '', '', '', 1, CURRENT_TIMESTAMP"
            f" FROM {numbers}",
            ["x" * 500],
        )
    rows = Person.objects.order_by("id")
    columns = [SLUG, Column("v", "name_variants", "")]
    next(pieces := stream(rows, columns))
    tracemalloc.start()
    try:
        size = sum(map(len, pieces))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 10_000_000
    assert peak < 2_000_000
