"""The package as a Django application."""

from django.apps import AppConfig


class Gateway(AppConfig):
    """Registration of `chenyue.gateway`."""

    name = "chenyue.gateway"
    label = "gateway"

    def ready(self) -> None:
        from chenyue.gateway import chrome, verbs  # noqa: F401 – doors, sentences
        from chenyue.gateway.hotline import batches, filing, undoing  # noqa: F401 – jobs, tick
