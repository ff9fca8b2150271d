"""The package as a Django application."""

from django.apps import AppConfig


class Stewards(AppConfig):
    """Registration of `chenyue.stewards`."""

    name = "chenyue.stewards"
    label = "stewards"

    def ready(self) -> None:
        from chenyue.stewards import (  # noqa: F401 – doors, states, jobs, ticks, verbs
            chrome_core,
            chrome_papers,
            chrome_plan,
            printing,
            ticks,
            verbs_papers,
            verbs_phone,
            verbs_terms,
            visiting,
        )
