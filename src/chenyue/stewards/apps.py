"""The package as a Django application."""

from django.apps import AppConfig


class Stewards(AppConfig):
    """Registration of `chenyue.stewards`."""

    name = "chenyue.stewards"
    label = "stewards"
