"""What the clock does for the residents' pages."""

from datetime import datetime

from chenyue.core import spool
from chenyue.core.ticks import every
from chenyue.portal import drafts, spooling


@every(3600, "portal.drafts")
def sweep_drafts(at: datetime) -> int:
    """Throw away photos of forms that were never sent."""
    return drafts.sweep(at)


@every(60, "portal.spool")
def file_what_is_kept(at: datetime) -> int:
    """File what was kept while the database was away, by whichever process, also by one that has died since."""
    spool.sweep(at.timestamp() - 3600)
    return spooling.drain(at)
