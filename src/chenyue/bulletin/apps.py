"""The package as a Django application."""

from django.apps import AppConfig


class Bulletin(AppConfig):
    """Registration of `chenyue.bulletin`."""

    name = "chenyue.bulletin"
    label = "bulletin"

    def ready(self) -> None:
        from chenyue.bulletin import chores, looks, verbs  # noqa: F401 – ticks, doors and states, sentences
