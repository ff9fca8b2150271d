"""The package as a Django application."""

from django.apps import AppConfig


class Mediation(AppConfig):
    """Registration of `chenyue.mediation`."""

    name = "chenyue.mediation"
    label = "mediation"
