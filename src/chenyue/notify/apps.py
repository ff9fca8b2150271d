"""The package as a Django application."""

from django.apps import AppConfig


class Notify(AppConfig):
    """Registration of `chenyue.notify`."""

    name = "chenyue.notify"
    label = "notify"

    def ready(self) -> None:
        """Register the jobs, the ticks the texts and the states."""
        from chenyue.notify import chrome, delivery, shipped  # noqa: F401
