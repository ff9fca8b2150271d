"""What happens to evidence by itself: missing scans out are closed, calls are drawn by lot."""

from datetime import datetime

from chenyue.core.ticks import every
from chenyue.volunteering import checking, scanning


@every(600, "volunteering.close_scans")
def close_scans(at: datetime) -> int:
    """Close who never scanned out at the planned end; how many claims."""
    return scanning.close_missing(at)


@every(24 * 3600, "volunteering.draw_checks")
def draw_checks(at: datetime) -> int:
    """Draw from the hours that were approved by hand; how many calls."""
    return checking.draw(at)
