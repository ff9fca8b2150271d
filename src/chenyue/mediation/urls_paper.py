"""Doors of the dossier and of single papers, joined in `urls`."""

from django.urls import URLPattern, path

from chenyue.mediation.views import dossier

ONE = "desk/mediation/<slug:number>/"
VOLUME = ONE + "dossier/<int:volume>/"

urls: list[URLPattern] = [
    path(ONE + "dossier/", dossier.dossier, name="dossier"),
    path(ONE + "dossier/ask/", dossier.ask, name="dossier-ask"),
    path(VOLUME, dossier.progress, name="dossier-volume"),
    path(VOLUME + "close/", dossier.close, name="dossier-close"),
    path(VOLUME + "whole/", dossier.whole, name="dossier-whole"),
    path(VOLUME + "<int:order>/<slug:kind>/", dossier.part, name="dossier-part"),
    path(ONE + "papers/pack/<int:agreement>/", dossier.pack, name="paper-pack"),
    path(ONE + "papers/<slug:key>/<slug:kind>/", dossier.single, name="paper"),
]
