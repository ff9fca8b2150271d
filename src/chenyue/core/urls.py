"""Doors of the frame: how pages look, and the guide to their parts."""

from django.urls import path

from chenyue.core import look

app_name = "core"
urlpatterns = [
    path("look/", look.switch, name="look"),
    path("styleguide/", look.styleguide, name="styleguide"),
]
