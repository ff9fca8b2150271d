"""The package as a Django application."""

from django.apps import AppConfig


class Works(AppConfig):
    """Registration of `chenyue.works`."""

    name = "chenyue.works"
    label = "works"
