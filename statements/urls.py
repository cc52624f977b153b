"""Addresses of statements, meetings, people and organisations."""

from django.urls import path

from kptracker.lib.table_views import csv_view, list_view, whole_csv_view

from . import exports, feeds, link_exports, offering, tables, views

app_name = "statements"

urlpatterns = [
    # Lists and their files.
    path("statements/", list_view(tables.STATEMENTS), name="statements"),
    path("statements.csv", csv_view(tables.STATEMENTS), name="statements_csv"),
    path("statements.atom", feeds.statements, name="statements_atom"),
    path("speakers.csv", whole_csv_view(exports.SPEAKERS), name="speakers_csv"),
    path("issuers.csv", whole_csv_view(link_exports.ISSUERS), name="issuers_csv"),
    path(
        "statement_addressees.csv",
        whole_csv_view(link_exports.STATEMENT_ADDRESSEES),
        name="statement_addressees_csv",
    ),
    path("meetings/", list_view(tables.MEETINGS), name="meetings"),
    path("meetings.csv", csv_view(tables.MEETINGS), name="meetings_csv"),
    path("meetings.atom", feeds.meetings, name="meetings_atom"),
    path("meetings.ics", feeds.calendar, name="calendar"),
    path("people/", list_view(tables.PEOPLE), name="people"),
    path("people.csv", csv_view(tables.PEOPLE), name="people_csv"),
    path("people.atom", feeds.people, name="people_atom"),
    path("roles.csv", whole_csv_view(exports.ROLES), name="roles_csv"),
    path("organisations/", list_view(tables.ORGANISATIONS), name="organisations"),
    path("organisations.csv", csv_view(tables.ORGANISATIONS), name="organisations_csv"),
    path("organisations.atom", feeds.organisations, name="organisations_atom"),
    # Single things.
    path("statements/<slug:slug>/", views.statement, name="statement"),
    path("statements/<slug:slug>/file/", offering.original_file, name="original_file"),
    path("meetings/<slug:slug>/", views.meeting, name="meeting"),
    path("people/<slug:slug>/", views.person, name="person"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
]
