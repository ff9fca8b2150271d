"""The package as a Django application."""

from django.apps import AppConfig


class People(AppConfig):
    """Registration of `chenyue.people`."""

    name = "chenyue.people"
    label = "people"

    def ready(self) -> None:
        """Register the ticks and the doors of the frame."""
        from chenyue.people import chores, chrome  # noqa: F401
