"""The package as a Django application."""

from django.apps import AppConfig


class Notify(AppConfig):
    """Registration of `chenyue.notify`."""

    name = "chenyue.notify"
    label = "notify"
