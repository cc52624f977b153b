"""Addresses of demands, mentions and assessments."""

from django.urls import path, re_path

from kptracker.lib.table_views import csv_view, list_view, whole_csv_view

from . import brief_views, exports, feeds, matrix_page, side_views, tables, views

app_name = "demands"

urlpatterns = [
    # Lists and their files.
    path("demands/", list_view(tables.DEMANDS), name="demands"),
    path("demands.csv", csv_view(tables.DEMANDS), name="demands_csv"),
    path("demands.atom", feeds.demands, name="demands_atom"),
    path("mentions/", list_view(tables.MENTIONS), name="mentions"),
    path("mentions.csv", csv_view(tables.MENTIONS), name="mentions_csv"),
    path("mentions.atom", feeds.mentions, name="mentions_atom"),
    path("assessments/", list_view(tables.ASSESSMENTS), name="assessments"),
    path("assessments.csv", csv_view(tables.ASSESSMENTS), name="assessments_csv"),
    path("assessments.atom", feeds.assessments, name="assessments_atom"),
    path("passages.csv", whole_csv_view(exports.PASSAGES), name="passages_csv"),
    path(
        "demand_addressees.csv",
        whole_csv_view(exports.DEMAND_ADDRESSEES),
        name="demand_addressees_csv",
    ),
    path("evidence.csv", whole_csv_view(exports.EVIDENCE), name="evidence_csv"),
    path("themes.csv", whole_csv_view(exports.THEMES), name="themes_csv"),
    path("matrix/", matrix_page.matrix, name="matrix"),
    path("matrix.csv", matrix_page.matrix_csv, name="matrix_csv"),
    # Single things.
    path("demands/<slug:slug>.atom", feeds.demand, name="demand_atom"),
    path("demands/<slug:slug>/", views.demand, name="demand"),
    path("demands/<slug:slug>/compare/", views.compare, name="compare"),
    path("meetings/<slug:slug>/brief/", brief_views.brief, name="meeting_brief"),
    path("themes/", side_views.themes, name="themes"),
    path("themes/<slug:slug>/", side_views.theme, name="theme"),
    path("years/", side_views.years, name="years"),
    re_path(r"^years/(?P<year>[0-9]{4})/$", side_views.year, name="year"),
]
