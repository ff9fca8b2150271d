"""Doors of a steward's own pages, and of what the office does for them."""

from django.urls import path

from chenyue.desk.views.my_buildings import caring, first, office, offline, reporting, visits, words

MINE = "my-buildings/"
urlpatterns = [
    path(MINE, first.first, name="my-buildings"),
    path(MINE + "paper/", first.paper, name="my-buildings-paper"),
    path(MINE + "report/", reporting.report, name="my-buildings-report"),
    path(MINE + "reported/<slug:number>/", reporting.reported, name="my-buildings-reported"),
    path(MINE + "visit/", visits.visit, name="my-buildings-visit"),
    path(MINE + "visits/", visits.visits, name="my-buildings-visits"),
    path(MINE + "visits/<int:pk>/", visits.visited, name="my-buildings-visited"),
    path(MINE + "visits/<int:pk>/photo/", visits.photo, name="my-buildings-photo"),
    path(MINE + "care/", caring.listed, name="my-buildings-care"),
    path(MINE + "care/new/", caring.new, name="my-buildings-care-new"),
    path(MINE + "care/<int:pk>/", caring.edit, name="my-buildings-care-home"),
    path(MINE + "care/<int:pk>/number/", caring.look, name="my-buildings-care-number"),
    path(MINE + "care/<int:pk>/<slug:act>/", caring.switch, name="my-buildings-care-switch"),
    path(MINE + "words/", words.listed, name="my-buildings-words"),
    path(MINE + "words/<int:pk>/", words.one, name="my-buildings-word"),
    path(MINE + "words/<int:pk>/number/", words.look, name="my-buildings-word-number"),
    path(MINE + "words/<int:pk>/file/", words.file, name="my-buildings-word-file"),
    path(MINE + "words/<int:pk>/<slug:act>/", words.aside, name="my-buildings-word-aside"),
    path(MINE + "offline/", offline.shell, name="my-buildings-offline"),
    path(MINE + "pulse/", offline.pulse, name="my-buildings-pulse"),
    path(MINE + "kept/", offline.kept, name="my-buildings-kept"),
    path(MINE + "worker.js", offline.worker, name="my-buildings-worker"),
    path("stewards/weather/", office.calls, name="weather"),
    path("stewards/weather/<int:pk>/end/", office.end, name="weather-end"),
    path("stewards/visits/", office.odd, name="odd-visits"),
]
