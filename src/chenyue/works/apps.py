"""The package as a Django application."""

from django.apps import AppConfig


class Works(AppConfig):
    """Registration of `chenyue.works`."""

    name = "chenyue.works"
    label = "works"

    def ready(self) -> None:
        from chenyue.works import (  # noqa: F401 – verbs, ticks; the closing report's template
            chores,
            closing,
            verbs_said,
            verbs_site,
        )
        from chenyue.works.site import looks  # noqa: F401 – doors and state words
