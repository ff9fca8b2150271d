"""A small world with a clock of its own: lives take turns, and the office's real clocks run between them.

A life is a generator. It acts through the same doors as people do, at `world.at`, and yields the
moment at which it goes on. A life whose next moment lies after "now" simply stays where it is: that is
what makes the desk of the demo office alive.
"""

import heapq
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random

from django.db import transaction

from chenyue.cases.models import Case
from chenyue.cases.ticks import run_clocks
from chenyue.core.errors import Refusal
from chenyue.followup.clock import close_what_is_done
from chenyue.timeline.seals import seal
from chenyue.workdays.calendar import CHINA
from chenyue.workdays.queries import calendar

log = logging.getLogger(__name__)
Life = Iterator[datetime]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_STEPS = 200  # of the clock between two acts; more would mean that it stands still


class World:
    """Lives in the order of their next moments, from the past up to `now`."""

    zone = CHINA

    def __init__(self, now: datetime, seed: int = 7) -> None:
        self.now = self.at = now
        self.random = Random(seed)
        self.refused: list[str] = []
        self._lives: list[tuple[datetime, int, Life]] = []
        self._order = count()
        self._hour: datetime | None = None

    def begin(self, at: datetime, life: Life) -> None:
        """Let a life begin at a moment."""
        heapq.heappush(self._lives, (at, next(self._order), life))

    def run(self, tell: Callable[[datetime], None] = lambda at: None) -> None:
        """Live up to now. `tell` hears of each new day."""
        while self._lives and self._lives[0][0] <= self.now:
            at, _, life = heapq.heappop(self._lives)
            self._clocks(at)
            if at.date() != self.at.date():
                tell(at)
            self.at = at
            self._step(life)
        self._clocks(self.now)
        self.at = self.now

    def _step(self, life: Life) -> None:
        """One turn of a life. What the office refuses ends that life, and is counted."""
        try:
            with transaction.atomic():
                moment = next(life, None)
        except Refusal as refusal:
            log.warning("refused in the demo office: %s", refusal.sentence)
            self.refused.append(str(refusal.sentence))
            return
        if moment is not None:
            self.begin(max(moment, self.at + timedelta(seconds=20)), life)

    def _clocks(self, upto: datetime) -> None:
        """What happens by itself until then: promises, closings every three hours, a seal each night."""
        for _ in range(MOST_STEPS):
            due = Case.objects.filter(next_at__lte=upto).order_by("next_at").values_list("next_at", flat=True).first()
            if due is None:
                break
            run_clocks(due)
        hour = upto.replace(hour=upto.hour // 3 * 3, minute=0, second=0, microsecond=0)
        if self._hour != hour:
            close_what_is_done(upto)
            if self._hour is None or self._hour.date() != hour.date():
                seal(upto)
            self._hour = hour

    # Moments

    def after(self, least: float, most: float) -> datetime:
        """A moment so many hours by the wall after this one."""
        return self.at + self._span(least, most)

    def at_work(self, least: float, most: float) -> datetime:
        """A moment so many working hours after this one."""
        return self.at_work_from(self.at, least, most)

    def at_work_from(self, start: datetime, least: float, most: float) -> datetime:
        """A moment so many working hours after `start`."""
        return calendar().add_working(start, int(self._span(least, most).total_seconds()))

    def chance(self, share: float) -> bool:
        """Whether something happens that happens so often."""
        return self.random.random() < share

    def _span(self, least: float, most: float) -> timedelta:
        return timedelta(seconds=int(3600 * self.random.uniform(least, most)))
