"""Nightly: triage learns from what the day's work confirmed, in a process of its own that gives its memory back."""

import logging
from datetime import datetime

from django.conf import settings

from chenyue.core import aside, jobs, ticks

log = logging.getLogger(__name__)
HOUR = 3600
LONGEST = 1200  # seconds a training may take


@ticks.every(HOUR, "triage.learn")
def learn(at: datetime) -> str:
    """Ask for a training once a day, if anything was confirmed since the last."""

    from chenyue.triage.models import TriageModel

    if not aside.is_quiet(at):
        return "not at this hour"
    last = TriageModel.objects.order_by("-version").first()
    if last and (at - last.trained_at).total_seconds() < 20 * HOUR:
        return "done today"
    jobs.enqueue("triage.train")
    return "asked for"


@jobs.job("triage.train")
def train() -> None:
    """Train aside: scikit-learn never enters the worker."""
    if settings.Q_CLUSTER.get("sync"):
        from django.utils import timezone

        from chenyue.triage import learning

        learning.train(timezone.now())
        return
    log.info("training: %s", aside.run("train", longest=LONGEST).rpartition("\n")[2])
