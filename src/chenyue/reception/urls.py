"""Doors of reception: staff under /desk/reception/ and /desk/roster/, residents under /reception/, screens by token."""

from django.urls import URLPattern

app_name = "reception"

venues: list[URLPattern] = []
roster: list[URLPattern] = []
queue: list[URLPattern] = []
screens: list[URLPattern] = []

urlpatterns = [*venues, *roster, *queue, *screens]
