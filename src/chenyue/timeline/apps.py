"""The package as a Django application."""

from django.apps import AppConfig


class Timeline(AppConfig):
    """Registration of `chenyue.timeline`."""

    name = "chenyue.timeline"
    label = "timeline"
