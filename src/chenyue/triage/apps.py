"""The package as a Django application."""

from django.apps import AppConfig


class Triage(AppConfig):
    """Registration of `chenyue.triage`."""

    name = "chenyue.triage"
    label = "triage"

    def ready(self) -> None:
        from chenyue.triage import ticks, verbs  # noqa: F401
