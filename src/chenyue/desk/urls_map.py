"""Doors of the office's plan."""

from django.urls import path

from chenyue.desk.views import office_map

urlpatterns = [
    path("map/", office_map.office_plan, name="map"),
    path("map/outlines/", office_map.outlines, name="map-outlines"),
]
