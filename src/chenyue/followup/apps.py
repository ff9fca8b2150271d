"""The package as a Django application."""

from django.apps import AppConfig


class Followup(AppConfig):
    """Registration of `chenyue.followup`."""

    name = "chenyue.followup"
    label = "followup"
