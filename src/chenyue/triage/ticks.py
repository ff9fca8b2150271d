"""Nightly: triage learns from what the day's work confirmed, in a process of its own that gives its memory back."""

import logging
import subprocess
import sys
from datetime import datetime

from django.conf import settings

from chenyue.core import jobs, ticks

log = logging.getLogger(__name__)
HOUR = 3600
NIGHT = range(1, 5)  # o'clock at the office
LONGEST = 1200  # seconds a training may take


@ticks.every(HOUR, "triage.learn")
def learn(at: datetime) -> str:
    """Ask for a training once a night, if anything was confirmed since the last."""
    from django.utils import timezone

    from chenyue.triage.models import TriageModel

    if timezone.localtime(at).hour not in NIGHT:
        return "not at night"
    last = TriageModel.objects.order_by("-version").first()
    if last and (at - last.trained_at).total_seconds() < 20 * HOUR:
        return "done this night"
    jobs.enqueue("triage.train")
    return "asked for"


@jobs.job("triage.train")
def train() -> None:
    """Train in a child process: scikit-learn never enters the worker, and its memory goes when it ends."""
    if settings.Q_CLUSTER.get("sync"):
        from django.utils import timezone

        from chenyue.triage import learning

        learning.train(timezone.now())
        return
    command = [sys.executable, str(settings.ROOT / "manage.py"), "train"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"training failed: {done.stderr[-500:]}")
    log.info("training: %s", done.stdout.strip().rpartition("\n")[2])
