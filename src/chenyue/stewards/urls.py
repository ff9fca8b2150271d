"""The doors of `chenyue.stewards`."""

from django.urls import URLPattern, URLResolver

app_name = "stewards"
urlpatterns: list[URLPattern | URLResolver] = []
