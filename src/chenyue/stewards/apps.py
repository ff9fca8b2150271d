"""The package as a Django application."""

from django.apps import AppConfig


class Stewards(AppConfig):
    """Registration of `chenyue.stewards`."""

    name = "chenyue.stewards"
    label = "stewards"

    def ready(self) -> None:
        from chenyue.stewards import chrome_core, ticks, verbs_phone, verbs_terms, visiting  # noqa: F401 – doors and states, ticks, verbs  # noqa: F401 – verbs, tick
