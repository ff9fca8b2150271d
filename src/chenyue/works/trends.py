"""From opposing to supporting: how many homes stood where, at the end of each week, by the version in force."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from chenyue.core.moments import calendar_day
from chenyue.works.lifecycle import Step, VersionState
from chenyue.works.models import PlanVersion, Project, Stance
from chenyue.works.standing import ASK_AGAIN, SILENT, STANDS, homes_of

MOST_WEEKS = 156
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """The end of one week (or the moment asked about, in the last one)."""

    monday: date
    until: datetime
    version: int  # number of the plan in force
    counts: dict[str, int]  # of each of STANDS; together all homes

    @property
    def label(self) -> str:
        """The Monday in words."""
        return calendar_day(self.monday)


@dataclass(frozen=True)
class Trend:
    """Weeks in their order. `changes`: Mondays of the weeks in which another version came into force."""

    weeks: list[Week]
    homes: int
    changes: dict[date, int]

    @property
    def moments(self) -> list[str]:
        return [week.label for week in self.weeks]

    def series(self) -> list[tuple[str, str, list[int]]]:
        """For each stand: its word in code, its label for steps (else empty), and its number week by week."""
        labels = {str(step): str(step.label) for step in Step}
        return [(stand, labels.get(stand, ""), [week.counts[stand] for week in self.weeks]) for stand in STANDS]


@dataclass(frozen=True)
class _Event:
    at: datetime
    order: int
    home: int
    stance: int
    stand: str | None  # None: this stance ends


def trend(project: Project, at: datetime) -> Trend:
    """The weeks from the first publishing to `at`. Three statements, whatever the number of homes and stances."""
    states = (VersionState.PUBLISHED, VersionState.REPLACED)
    plans = list(PlanVersion.objects.filter(project=project, state__in=states).order_by("number"))
    plans = [plan for plan in plans if plan.published_at and plan.published_at <= at]
    homes = set(homes_of(project).values_list("pk", flat=True))
    if not plans:
        return Trend([], len(homes), {})
    events = _events(plans, homes)
    weeks: list[Week] = []
    changes: dict[date, int] = {}
    sweeps = {plan.pk: _Sweep(events[plan.pk], len(homes)) for plan in plans}
    for monday, until in _weeks(plans[0].published_at or at, at):
        plan = [p for p in plans if p.published_at and p.published_at <= until][-1]
        if not weeks or weeks[-1].version != plan.number:
            changes[monday] = plan.number
        weeks.append(Week(monday, until, plan.number, sweeps[plan.pk].upto(until)))
    return Trend(weeks, len(homes), changes)


def _weeks(first: datetime, at: datetime) -> list[tuple[date, datetime]]:
    """Mondays with the last moment of their weeks, the newest at most `MOST_WEEKS`."""
    day = timezone.localtime(first).date()
    monday = day - timedelta(days=day.weekday())
    zone = timezone.get_default_timezone()
    found = []
    while True:
        end = datetime.combine(monday + WEEK, time(0), zone)
        found.append((monday, min(end, at)))
        if end > at:
            return found[-MOST_WEEKS:]
        monday += WEEK


def _events(plans: list[PlanVersion], homes: set[int]) -> dict[int, list[_Event]]:
    began = {plan.pk: plan.published_at for plan in plans}
    found: dict[int, list[_Event]] = {plan.pk: [] for plan in plans}
    rows = Stance.objects.filter(plan__in=plans).order_by("at", "pk")
    for pk, plan, home, step, counts, again, said_at, withdrawn in rows.values_list(
        "pk", "plan_id", "home_id", "step", "counts", "ask_again", "at", "withdrawn_at"
    ):
        if home not in homes or not (counts or again):
            continue
        start = began[plan]
        moment = max(said_at, start) if start else said_at
        found[plan].append(_Event(moment, pk, home, pk, ASK_AGAIN if again else step))
        if withdrawn:
            found[plan].append(_Event(withdrawn, pk, home, pk, None))
    for events in found.values():
        events.sort(key=lambda e: (e.at, e.order, e.stand is None))
    return found


class _Sweep:
    """Homes of one version, moved forward from week to week."""

    def __init__(self, events: list[_Event], homes: int) -> None:
        self.events, self.next = events, 0
        self.now: dict[int, tuple[int, str]] = {}
        self.counts: Counter[str] = Counter({SILENT: homes})

    def upto(self, until: datetime) -> dict[str, int]:
        """The counts when everything up to then has happened."""
        while self.next < len(self.events) and self.events[self.next].at <= until:
            self._happen(self.events[self.next])
            self.next += 1
        return {stand: self.counts[stand] for stand in STANDS}

    def _happen(self, event: _Event) -> None:
        stance, before = self.now.get(event.home, (0, SILENT))
        if event.stand is None:
            if stance != event.stance:
                return  # it was superseded before it was taken back
            after = SILENT
        else:
            after = event.stand
        self.counts[before] -= 1
        self.counts[after] += 1
        self.now[event.home] = (event.stance, after)
