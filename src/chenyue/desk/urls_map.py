"""Doors of the office's plan."""

from django.urls import path

from chenyue.desk.views import office_map

urlpatterns = [
    path("map/", office_map.office_plan, name="map"),
    path("map/outlines/", office_map.outlines, name="map-outlines"),
    path("map/ground/", office_map.ground, name="map-ground"),
    path("map/ground/image/", office_map.ground_image, name="map-image"),
]
