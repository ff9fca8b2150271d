"""Doors behind the code at an entrance."""

from django.urls import URLPattern, path

from chenyue.portal import views_door

doors: list[URLPattern] = [
    path("q/<slug:code>/steward/", views_door.steward, name="door-steward"),
    path("w/<str:receipt>/", views_door.left, name="left"),
]
