"""What the clock does for the residents' pages."""

from datetime import datetime

from chenyue.core.ticks import every
from chenyue.portal import drafts


@every(3600, "portal.drafts")
def sweep_drafts(at: datetime) -> int:
    """Throw away photos of forms that were never sent."""
    return drafts.sweep(at)
