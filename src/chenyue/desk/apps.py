"""The package as a Django application."""

from django.apps import AppConfig


class Desk(AppConfig):
    """Registration of `chenyue.desk`."""

    name = "chenyue.desk"
    label = "desk"

    def ready(self) -> None:
        """Register the filters, the sentences, the jobs and the doors of the frame."""
        from chenyue.desk import chrome, chrome_my_buildings, exporting, filters, verbs, verbs_my_buildings  # noqa: F401  # noqa: F401
