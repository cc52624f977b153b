"""Addresses of statements, meetings, people and organisations."""

from django.urls import path

from kptracker.lib.table_views import list_paths, whole_paths

from . import exports, feeds, link_exports, offering, tables, views

app_name = "statements"

urlpatterns = [
    # Lists and their files.
    *list_paths(tables.STATEMENTS),
    path("statements.atom", feeds.statements, name="statements_atom"),
    *whole_paths(exports.SPEAKERS),
    *whole_paths(link_exports.ISSUERS),
    *whole_paths(link_exports.STATEMENT_ADDRESSEES),
    *list_paths(tables.MEETINGS),
    path("meetings.atom", feeds.meetings, name="meetings_atom"),
    path("meetings.ics", feeds.calendar, name="calendar"),
    *list_paths(tables.PEOPLE),
    path("people.atom", feeds.people, name="people_atom"),
    *whole_paths(exports.ROLES),
    *list_paths(tables.ORGANISATIONS),
    path("organisations.atom", feeds.organisations, name="organisations_atom"),
    # Single things.
    path("statements/<slug:slug>/", views.statement, name="statement"),
    path("statements/<slug:slug>/file/", offering.original_file, name="original_file"),
    path("meetings/<slug:slug>/", views.meeting, name="meeting"),
    path("people/<slug:slug>/", views.person, name="person"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
]
