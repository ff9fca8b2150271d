"""The package as a Django application."""

from django.apps import AppConfig


class Portal(AppConfig):
    """Registration of `chenyue.portal`."""

    name = "chenyue.portal"
    label = "portal"
