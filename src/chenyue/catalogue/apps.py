"""The package as a Django application."""

from django.apps import AppConfig


class Catalogue(AppConfig):
    """Registration of `chenyue.catalogue`."""

    name = "chenyue.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from chenyue.catalogue import verbs  # noqa: F401
