"""The package as a Django application."""

from django.apps import AppConfig


class Upkeep(AppConfig):
    """Registration of `chenyue.upkeep`."""

    name = "chenyue.upkeep"
    label = "upkeep"

    def ready(self) -> None:
        from chenyue.upkeep import looks, ticking, verbs, watching  # noqa: F401
        from chenyue.upkeep.keeping import papers_kept, people_kept, turns  # noqa: F401
