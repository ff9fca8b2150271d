"""The package as a Django application."""

from django.apps import AppConfig


class Core(AppConfig):
    """Registration of `chenyue.core`."""

    name = "chenyue.core"
    label = "core"

    def ready(self) -> None:
        """Register the ticks and the system checks."""
        from chenyue.core import checks, chores, here, vitals  # noqa: F401

        here.hold()
