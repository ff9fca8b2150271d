"""The package as a Django application."""

from django.apps import AppConfig


class Bulletin(AppConfig):
    """Registration of `chenyue.bulletin`."""

    name = "chenyue.bulletin"
    label = "bulletin"
