"""Doors of posters and cards."""

from django.urls import URLPattern, path

from chenyue.stewards.views import papers

PAPERS = "desk/stewards/papers/"
doors: list[URLPattern] = [
    path(PAPERS, papers.papers, name="papers"),
    path(PAPERS + "<int:pk>/", papers.job, name="print"),
    path(PAPERS + "<int:pk>/file/", papers.file, name="print-file"),
]
