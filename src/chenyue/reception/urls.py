"""Doors of reception: staff under /desk/reception/ and /desk/roster/, residents under /reception/, screens by token."""

from django.urls import URLPattern

from chenyue.reception.urls_roster import roster, venues

app_name = "reception"

queue: list[URLPattern] = []
screens: list[URLPattern] = []

urlpatterns = [*venues, *roster, *queue, *screens]
