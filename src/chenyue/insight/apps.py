"""The package as a Django application."""

from django.apps import AppConfig


class Insight(AppConfig):
    """Registration of `chenyue.insight`."""

    name = "chenyue.insight"
    label = "insight"

    def ready(self) -> None:
        from chenyue.insight import following, looks  # noqa: F401 – its tick and its job; the door
