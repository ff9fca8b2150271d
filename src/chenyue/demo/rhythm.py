"""When people say things: by month, weekday and hour, as in a real office (morning and late-afternoon peaks)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from chenyue.workdays.calendar import CHINA
from chenyue.workdays.queries import calendar

WEEKDAYS = (1.1, 1.25, 1.05, 1.0, 0.95, 0.4, 0.55)  # Tuesday most, Saturday least
REST = 0.5  # of a holiday on a weekday
HOURS = (1, 1, 1, 1, 1, 2, 5, 10, 16, 22, 30, 22, 12, 12, 18, 27, 27, 18, 13, 14, 12, 8, 4, 2)
CHANNELS = {"web": 34, "phone": 24, "reception": 22, "hotline": 9, "steward": 6, "wecom": 3, "paper": 2}


def arrivals(now: datetime, days: int, a_day: float, random: Random) -> Iterator[tuple[datetime, str]]:
    """Moments and channels of what comes in, from so many days ago up to now, in order."""
    workdays, today = calendar(), now.astimezone(CHINA).date()
    for back in range(days, -1, -1):
        day = today - timedelta(days=back)
        share = WEEKDAYS[day.weekday()]
        if workdays.is_workday(day):
            share = max(share, 0.9)
        elif day.weekday() < 5:
            share *= REST
        count = int(a_day * share * random.uniform(0.75, 1.25) + 0.5)
        hours = random.choices(range(24), HOURS, k=count)
        times = [time(hour, random.randrange(60), random.randrange(60)) for hour in hours]
        for moment in (datetime.combine(day, each, CHINA) for each in sorted(times)):
            if moment < now:
                yield moment, _channel(moment, workdays.is_workday(day), random)


def _channel(moment: datetime, workday: bool, random: Random) -> str:
    """Counters are open by day only; the page and the telephone always."""
    by_day = 7 <= moment.hour < 18
    shares = dict(CHANNELS)
    if not by_day or not workday:
        shares |= {"reception": 0, "paper": 0, "web": 50}
    return random.choices(list(shares), list(shares.values()))[0]
