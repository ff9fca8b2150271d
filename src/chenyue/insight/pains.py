"""The nightly look for small pains, and the look that somebody asks for now; each in a process of its own."""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from chenyue.core import aside, jobs, limits
from chenyue.core.actors import Actor
from chenyue.core.errors import NotAllowed, Refusal
from chenyue.core.ticks import every
from chenyue.insight.models import PainRun
from chenyue.people.rules import may

log = logging.getLogger(__name__)
MANAGE = "insight.manage"
LONGEST = 900  # seconds
ASKED = limits.Limit("pains-look", 1, timedelta(minutes=5))


@every(3600, "insight.pains")
def nightly(at: datetime) -> str:
    """Ask for a look once a day."""
    if not aside.is_quiet(at):
        return "not at this hour"
    begun = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    if PainRun.objects.filter(at__gte=begun).exists():
        return "done today"
    jobs.enqueue("insight.pains")
    return "asked for"


def look_now(*, by: Actor, at: datetime) -> None:
    """Somebody wants to know now. Raises Refusal within five minutes of the last such wish."""
    from django.utils.translation import gettext as _

    if by.user is None or not may(by.user, MANAGE):
        raise NotAllowed
    if limits.reached(ASKED, "office", at):
        raise Refusal(_("A look was asked for a moment ago. Its findings come within some minutes."), code="asked")
    limits.note(ASKED, "office", at)
    jobs.enqueue("insight.pains")


@jobs.job("insight.pains")
def run() -> None:
    """Look aside: numpy and sklearn never enter the worker."""
    if settings.Q_CLUSTER.get("sync"):
        look(timezone.now())
        return
    log.info("small pains: %s", aside.run("pains", longest=LONGEST).replace("\n", "; "))


def look(at: datetime) -> list[PainRun]:
    """Look for spots, doors and topics, and keep what is found. Idempotent: a second look finds the same rows."""
    from chenyue.insight.keeping import keep
    from chenyue.insight.looking import LOOKS

    today = timezone.localtime(at).date()
    runs = []
    for find in LOOKS.values():
        began = time.monotonic()
        found = find(today)
        runs.append(keep(found, at=at, seconds=time.monotonic() - began))
    return runs
