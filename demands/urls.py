"""Addresses of demands, mentions and assessments."""

from django.urls import path, re_path

from kptracker.lib.table_views import list_paths, whole_paths

from . import brief_views, exports, feeds, matrix_page, side_views, tables, views
from .demand_files import demand_file

app_name = "demands"

urlpatterns = [
    # Lists and their files.
    *list_paths(tables.DEMANDS),
    path("demands.atom", feeds.demands, name="demands_atom"),
    *list_paths(tables.MENTIONS),
    path("mentions.atom", feeds.mentions, name="mentions_atom"),
    *list_paths(tables.ASSESSMENTS),
    path("assessments.atom", feeds.assessments, name="assessments_atom"),
    *whole_paths(exports.PASSAGES),
    *whole_paths(exports.DEMAND_ADDRESSEES),
    *whole_paths(exports.EVIDENCE),
    *whole_paths(exports.THEMES),
    path("matrix/", matrix_page.matrix, name="matrix"),
    path("matrix.csv", matrix_page.matrix_csv, name="matrix_csv"),
    # Single things.
    path("demands/<slug:slug>.atom", feeds.demand, name="demand_atom"),
    re_path(
        r"^demands/(?P<slug>[-\w]+)\.(?P<form>csv|xlsx|json|jsonl)$",
        demand_file,
        name="demand_file",
    ),
    path("demands/<slug:slug>/", views.demand, name="demand"),
    path("demands/<slug:slug>/compare/", views.compare, name="compare"),
    path("meetings/<slug:slug>/brief/", brief_views.brief, name="meeting_brief"),
    path("themes/", side_views.themes, name="themes"),
    path("themes/<slug:slug>/", side_views.theme, name="theme"),
    path("years/", side_views.years, name="years"),
    re_path(r"^years/(?P<year>[0-9]{4})/$", side_views.year, name="year"),
]
