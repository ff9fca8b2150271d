"""The package as a Django application."""

from django.apps import AppConfig


class Followup(AppConfig):
    """Registration of `chenyue.followup`."""

    name = "chenyue.followup"
    label = "followup"

    def ready(self) -> None:
        from chenyue.followup import clock, filters, verbs  # noqa: F401
