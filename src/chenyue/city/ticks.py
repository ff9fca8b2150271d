"""What each office of a city does by itself beside what every office does."""

from datetime import datetime

from chenyue.city import counting, handing
from chenyue.core.ticks import every


@every(60, "city.take_in")
def take_in(at: datetime) -> int:
    """File what other offices have sent."""
    return handing.take_in(at)


@every(60, "city.receipts")
def receipts(at: datetime) -> int:
    """Tell histories here what became of cases that were sent."""
    return handing.hear_receipts(at)


@every(6 * 3600, "city.counts")
def count(at: datetime) -> int:
    """Send this office's counts of the last months to the city."""
    return counting.send_counts(at)
