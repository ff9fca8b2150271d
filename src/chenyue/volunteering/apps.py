"""The package as a Django application."""

from django.apps import AppConfig


class Volunteering(AppConfig):
    """Registration of `chenyue.volunteering`."""

    name = "chenyue.volunteering"
    label = "volunteering"
