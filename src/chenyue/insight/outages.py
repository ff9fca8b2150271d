"""Days on which nothing came in at all: an outage, not quiet. Pure.

Such days say nothing of any place, so they are taken out of stretches before rates are compared.
"""

import math
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

RARE = 0.001  # chance of an empty day where it would be held for an outage


def outages(by_day: Mapping[date, int], since: date, until: date) -> set[date]:
    """Empty days from `since` to `until` (both counted) where by the same days of the week some would have come.

    Before the first case of all there was no office to be away. In a small office an empty Sunday is ordinary: it
    counts. Weeks differ, so the mean of each day of the week decides.
    """
    since = max(since, min((day for day, n in by_day.items() if n), default=until))
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    sums: Counter[int] = Counter()
    lived: Counter[int] = Counter()
    for day in days:
        if n := by_day.get(day, 0):
            sums[day.weekday()] += n
            lived[day.weekday()] += 1
    # Too few days of the week were lived to know what is usual: nothing is called an outage.
    return {
        day
        for day in days
        if not by_day.get(day, 0) and lived[day.weekday()] >= 3
        and math.exp(-sums[day.weekday()] / lived[day.weekday()]) < RARE
    }  # fmt: skip
