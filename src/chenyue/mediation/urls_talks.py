"""Doors of mediation, joined in `urls`."""

from django.urls import URLPattern

urls: list[URLPattern] = []
