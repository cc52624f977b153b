"""The URL map, from top to bottom.

Pages and files exist in both languages: English without a prefix, French under /fr/. What a
machine asks for, permanent addresses and the admin have one address only.
"""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from demands import change_views
from demands import exports as demand_exports
from demands import feeds as demand_feeds
from demands import permalinks as demand_permalinks
from kptracker.lib.table_views import whole_paths
from statements import permalinks as statement_permalinks

from . import citing, sharing, views
from .about import views as about
from .api import docs as api_docs
from .data import views as data
from .search.views import search

urlpatterns = [
    path(settings.ADMIN_PATH, admin.site.urls),
    # Permanent addresses, for citations and exports: they lead to the page of the day.
    re_path(r"^d/(?P<reference>[^/.]+)$", demand_permalinks.demand, name="permalink_demand"),
    re_path(r"^m/(?P<reference>[^/.]+)$", demand_permalinks.mention, name="permalink_mention"),
    re_path(
        r"^a/(?P<reference>[^/.]+)$", demand_permalinks.assessment, name="permalink_assessment"
    ),
    re_path(r"^p/(?P<reference>P-[0-9]+)$", demand_permalinks.passage, name="permalink_passage"),
    re_path(
        r"^c/(?P<reference>C-[0-9]+)$", demand_permalinks.correction, name="permalink_correction"
    ),
    path("s/<slug:slug>", statement_permalinks.statement, name="permalink_statement"),
    path("k/<slug:slug>", statement_permalinks.meeting, name="permalink_meeting"),
    path("p/<slug:slug>", statement_permalinks.person, name="permalink_person"),
    path("o/<slug:slug>", statement_permalinks.organisation, name="permalink_organisation"),
    # Downloads of the whole record; one file for all languages.
    re_path(r"^data/kptracker\.(?P<ending>zip|sqlite3)$", data.newest_file, name="newest_dump"),
    re_path(
        r"^data/kptracker-(?P<name>[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]{1,4})?)\.(?P<ending>zip|sqlite3)$",
        data.dump_file,
        name="dump",
    ),
    # For machines.
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
]

urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path("search/", search, name="search"),
    path("about/", about.about, name="about"),
    path("about/status/", about.status, name="about_status"),
    path("about/method/", about.method, name="about_method"),
    path("about/coverage/", about.coverage, name="coverage"),
    path("about/words/", about.words, name="about_words"),
    # Beside the permanent address of a thing: its citation as a file, and its picture.
    re_path(
        r"^(?P<letter>[dmaskpo])/(?P<key>[\w-]{1,200})\.(?P<form>bib|ris)$",
        citing.citation_file,
        name="citation",
    ),
    path("cards/home.png", sharing.home_picture, name="home_card"),
    re_path(r"^cards/(?P<letter>[dsk])/(?P<key>[\w-]{1,200})\.png$", sharing.picture, name="card"),
    path("data/", data.data, name="data"),
    path("data/<slug:name>/", data.table, name="data_table"),
    path("api/v1/docs/", api_docs.docs, name="api_docs"),
    path("", include("kptracker.api.urls")),
    path("changes/", change_views.changes, name="changes"),
    path("changes.atom", demand_feeds.changes, name="changes_atom"),
    path("about/corrections/", change_views.corrections, name="about_corrections"),
    *whole_paths(demand_exports.CORRECTIONS),
    path("", include("demands.urls")),
    path("", include("statements.urls")),
    prefix_default_language=False,
)

handler400 = "kptracker.errors.bad_request"
handler403 = "kptracker.errors.forbidden"
handler404 = "kptracker.errors.not_found"
handler500 = "kptracker.errors.server_error"
