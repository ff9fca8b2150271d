"""The doors of `chenyue.bulletin`."""

from django.urls import URLPattern

app_name = "bulletin"
urlpatterns: list[URLPattern] = []
