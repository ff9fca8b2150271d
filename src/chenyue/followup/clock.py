"""What the clock does for asking afterwards."""

from datetime import datetime

from chenyue.core.ticks import every
from chenyue.followup import actions


@every(60, "followup.close")
def close_what_is_done(at: datetime) -> None:
    """End the waiting for those who can't be called, and close cases with nobody left to ask."""
    actions.give_up_waiting(at)
    actions.close_finished(at)
