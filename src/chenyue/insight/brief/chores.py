"""What happens to briefs by itself: the daily sheet when the room has closed, week and month on the morning after."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from chenyue.core import jobs, kept_files, office
from chenyue.core.actors import SYSTEM
from chenyue.core.ticks import every
from chenyue.insight.brief import acts, files, stretches
from chenyue.insight.brief.stretches import Stretch
from chenyue.insight.lifecycle import BriefKind, BriefState
from chenyue.insight.models import Brief, DayCount
from chenyue.reception.lifecycle import SittingState
from chenyue.reception.models import Sitting

LOST = timedelta(minutes=30)  # a job that hasn't begun by then is asked for once more
OPEN = (SittingState.PLANNED, SittingState.OPEN)


@every(300, "insight.briefs")
def write_due(at: datetime) -> int:
    """Have written what is due and isn't there; how many. Asked twice, it does nothing the second time."""
    if not office.get("set_up"):
        return 0
    asked = 0
    for stretch in due(at):
        row, fresh = acts.begin(stretch=stretch, by=SYSTEM, at=at)
        if fresh:
            jobs.enqueue("insight.brief", brief=row.pk)
            asked += 1
    for pk in Brief.objects.filter(state=BriefState.WAITING, made_at__lt=at - LOST).values_list("pk", flat=True):
        jobs.enqueue("insight.brief", brief=pk)
    return asked


def due(at: datetime) -> list[Stretch]:
    """The stretches whose brief is due at this moment, as the office has it; only the newest of each kind."""
    on, today = office.get("briefs"), timezone.localdate(at)
    found = []
    if on.get(BriefKind.DAILY):
        found += [stretches.of(BriefKind.DAILY, day) for day in (today - timedelta(days=1), today) if _over(day, today)]
    if timezone.localtime(at).hour >= office.get("brief_hour"):
        for kind in (BriefKind.WEEKLY, BriefKind.MONTHLY):
            stretch = stretches.last(kind, today)
            if on.get(kind) and DayCount.objects.filter(grain="d", axis="all", day__lt=stretch.until).exists():
                found.append(stretch)
    return found


def _over(day: date, today: date) -> bool:
    """Whether people were received on this day and nobody will be any more; a day that is past is over in any case."""
    states = set(Sitting.objects.filter(day=day).order_by().values_list("state", flat=True).distinct())
    if day < today:
        return SittingState.CLOSED in states or SittingState.OPEN in states
    return SittingState.CLOSED in states and not states & set(OPEN)


@every(24 * 3600, "insight.brief_files")
def sweep(at: datetime) -> int:
    """Delete files that no brief knows: a process was killed between writing and committing; how many."""
    return kept_files.sweep(files.ROOT, files.known, at)
