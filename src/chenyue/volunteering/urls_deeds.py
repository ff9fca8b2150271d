"""Doors of volunteers, needs and activities: staff below /desk/volunteering/, everybody below /volunteering/."""

from django.urls import path

from chenyue.volunteering.views import deeds_overview

HERE = "desk/volunteering/"

urls = [
    path(HERE, deeds_overview.overview, name="overview"),
]
