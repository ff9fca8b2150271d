"""Doors of stewards, their terms and buildings."""

from django.urls import path

from chenyue.stewards.views import coverage, people, terms

urlpatterns = [
    path("desk/stewards/", coverage.coverage, name="coverage"),
    path("desk/stewards/people/", people.people, name="people"),
    path("desk/stewards/new/", people.edit, name="new"),
    path("desk/stewards/succession/", coverage.succession, name="succession"),
    path("desk/stewards/settings/", people.settings, name="settings"),
    path("desk/stewards/table/", terms.table, name="table"),
    path("desk/stewards/<int:pk>/", people.steward, name="steward"),
    path("desk/stewards/<int:pk>/edit/", people.edit, name="edit"),
    path("desk/stewards/<int:pk>/away/", people.away, name="away"),
    path("desk/stewards/<int:pk>/leave/", people.leave, name="leave"),
    path("desk/stewards/<int:pk>/back/", people.back, name="back"),
    path("desk/stewards/<int:pk>/phone/", people.phone, name="phone"),
    path("desk/stewards/buildings/<int:pk>/", coverage.building, name="building"),
    path("desk/stewards/buildings/<int:pk>/facts/", coverage.facts, name="facts"),
    path("desk/stewards/terms/<int:pk>/end/", terms.end, name="end"),
    path("desk/stewards/hand-overs/<int:pk>/received/", terms.acknowledge, name="acknowledge"),
]
