"""The package as a Django application."""

from django.apps import AppConfig


class Insight(AppConfig):
    """Registration of `chenyue.insight`."""

    name = "chenyue.insight"
    label = "insight"
