"""The package as a Django application."""

from importlib import import_module

from django.apps import AppConfig

# Verbs, tabs, states, texts and ticks: what registers itself when it is imported.
STARTED = [
    "chenyue.volunteering.looks_deeds",
    "chenyue.volunteering.verbs_deeds",
    "chenyue.volunteering.letters_deeds",
]


class Volunteering(AppConfig):
    """Registration of `chenyue.volunteering`."""

    name = "chenyue.volunteering"
    label = "volunteering"

    def ready(self) -> None:
        for name in STARTED:
            import_module(name)
