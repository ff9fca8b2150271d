"""Doors of residents to works."""

from django.urls import path

from chenyue.works.views import public_home, public_pages

ONE = "works/<slug:number>/"
HOME = ONE + "home/<str:code>/"

public = [
    path("works/", public_pages.all_works, name="public-list"),
    path(ONE, public_pages.project, name="public"),
    path(ONE + "report/", public_pages.report, name="public-report"),
    path(ONE + "plans/<int:n>/", public_pages.version, name="public-version"),
    path(ONE + "files/<int:pk>/", public_pages.file, name="public-file"),
    path(ONE + "files/<int:pk>/small/", public_pages.preview, name="public-preview"),
    path(HOME, public_home.home, name="own-home"),
    path(HOME + "stance/", public_home.stance, name="own-stance"),
    path(HOME + "objection/", public_home.objection, name="own-objection"),
    path(HOME + "do/<slug:what>/", public_home.act_on, name="own-do"),
]
