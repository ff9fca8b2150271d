"""The package as a Django application."""

from django.apps import AppConfig


class Notify(AppConfig):
    """Registration of `chenyue.notify`."""

    name = "chenyue.notify"
    label = "notify"

    def ready(self) -> None:
        """Register the jobs, the ticks and the texts."""
        from chenyue.notify import delivery, shipped  # noqa: F401
