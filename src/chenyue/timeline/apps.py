"""The package as a Django application."""

from django.apps import AppConfig


class Timeline(AppConfig):
    """Registration of `chenyue.timeline`."""

    name = "chenyue.timeline"
    label = "timeline"

    def ready(self) -> None:
        """Register the ticks and the sentences."""
        from chenyue.timeline import seals, sentences  # noqa: F401
