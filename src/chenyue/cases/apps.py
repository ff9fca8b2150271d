"""The package as a Django application."""

from django.apps import AppConfig


class Cases(AppConfig):
    """Registration of `chenyue.cases`."""

    name = "chenyue.cases"
    label = "cases"

    def ready(self) -> None:
        from chenyue.cases import texts, ticks, to_stewards, verbs  # noqa: F401
