"""The package as a Django application."""

from django.apps import AppConfig


class Places(AppConfig):
    """Registration of `chenyue.places`."""

    name = "chenyue.places"
    label = "places"
