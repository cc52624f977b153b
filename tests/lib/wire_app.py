"""The site with two more files, for gunicorn: a whole one, and one that breaks off."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "tests.lib.wire_app"
# The database of the running test, as it is: not a test database of its own.
settings.DATABASES["default"]["NAME"] = os.environ["WIRE_DATABASE"]
settings.DATABASES["default"]["CONN_MAX_AGE"] = None

application = get_wsgi_application()

from django.db import connection  # noqa: E402
from django.db.models import BigIntegerField, Case, Func, Value, When  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from kptracker.lib.columns import Column, Kind, TableExport  # noqa: E402
from kptracker.lib.conditional import public_page  # noqa: E402
from kptracker.lib.csv_export import csv_response  # noqa: E402
from statements.models import Organisation  # noqa: E402


class Absolute(Func):
    """An error for one number, on both databases."""

    function = "ABS"
    output_field = BigIntegerField()


BAD = Absolute(
    Case(
        When(slug="row-250", then=Value(-(2**63))),
        default=Value(1),
        output_field=BigIntegerField(),
    )
)
WHOLE = [Column("slug", "slug", "", Kind.KEY), Column("note", "note", "")]
TABLES = {
    "whole": TableExport("whole", lambda language, today: WHOLE, Organisation.objects.public),
    "broken": TableExport(
        "broken",
        lambda language, today: [*WHOLE, Column("bad", BAD, "", Kind.INTEGER)],
        Organisation.objects.public,
    ),
}


@public_page
def table(request, name):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Row by row along the index: a sort would compute every cell first.
            cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
    rows = TABLES[name].queryset().order_by("id")
    return csv_response(TABLES[name], rows, language="en")


def count(request):
    """Say how many rows there are, and how many exports are still running on PostgreSQL."""
    running = 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state <> 'idle' AND query LIKE 'COPY%%' AND pid <> pg_backend_pid()",
                [],
            )
            running = cursor.fetchone()[0]
    return HttpResponse(f"{Organisation.objects.count()} {running}")


urlpatterns = [path("<str:name>.csv", table), path("count", count)]
