"""Who listens to what: every side effect that crosses packages, on one page; nothing else."""

from django.apps import AppConfig


class Wiring(AppConfig):
    """Connects events to their listeners when the product starts."""

    name = "chenyue.wiring"
    label = "wiring"

    def ready(self) -> None:
        pass
