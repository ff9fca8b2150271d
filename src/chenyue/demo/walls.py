"""The demo office's wall screen. Its code follows from the installation's key, so that the front page can name it."""

from datetime import datetime, timedelta

from chenyue.demo.office import Office
from chenyue.insight import screens


def hung(here: Office, now: datetime) -> None:
    """One screen with the leaders' board hangs in the duty room."""
    by, at = here.members["zhao"].actor(), now - timedelta(days=12)
    screens.make(name="二楼值班室大屏", shown="office", by=by, at=at, code=screens.demo_code())
