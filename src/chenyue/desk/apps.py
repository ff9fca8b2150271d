"""The package as a Django application."""

from django.apps import AppConfig


class Desk(AppConfig):
    """Registration of `chenyue.desk`."""

    name = "chenyue.desk"
    label = "desk"
