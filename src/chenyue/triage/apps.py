"""The package as a Django application."""

from django.apps import AppConfig

from chenyue.core import serving


class Triage(AppConfig):
    """Registration of `chenyue.triage`."""

    name = "chenyue.triage"
    label = "triage"

    def ready(self) -> None:
        from chenyue.triage import ticks, verbs  # noqa: F401

        serving.share(_understand_once)


def _understand_once() -> None:
    """Build what understanding needs: some tenths of a second and thirty megabytes, once for all processes."""
    from django.utils import timezone

    from chenyue import triage

    triage.suggest("晨光苑3幢2单元的楼道灯不亮了，晚上看不见路。", None, timezone.now())
