"""Signs of life for who minds the machine: whether the regular work goes on, and how much room there is."""

import shutil
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from chenyue.core import metrics, ticks
from chenyue.core.models import Counter

PULSE = "core.pulse"
MINUTE = 60


@ticks.every(MINUTE, PULSE)
def pulse(at: datetime) -> None:
    """Nothing but the turn itself: its next moment stands in the counters, and says when the last one was."""


def quiet_for(at: datetime) -> float:
    """Seconds since the regular work last had its turn; -1 if it never had one.

    An office in which it stands still answers pages and forgets every promise: nobody is warned, no letter goes out.
    """
    row = Counter.objects.filter(name=ticks.PREFIX + PULSE).values_list("value", flat=True).first()
    return -1.0 if row is None else max(0.0, at.timestamp() - (row - MINUTE))


def room() -> int:
    """Bytes that are free where the office keeps its data."""
    return shutil.disk_usage(settings.HOME).free


metrics.watch(
    "chenyue_ticks_age_seconds",
    "Since the regular work last had its turn; -1: it never had one",
    lambda: quiet_for(timezone.now()),
)
metrics.watch("chenyue_disk_free_bytes", "Room in the data folder", lambda: float(room()))
