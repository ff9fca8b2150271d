"""What the views of stewards share."""

from datetime import date

from django.utils import timezone

from chenyue.core.acting import acted, now, posted

__all__ = ["acted", "posted", "today"]


def today() -> date:
    """The day on the office's wall."""
    return timezone.localtime(now()).date()
