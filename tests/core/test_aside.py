"""Heavy work waits for a quiet hour, and says what went wrong with it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chenyue.core import aside

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(("hour", "quiet"), [(0, False), (3, True), (7, False), (10, False), (12, True), (20, True)])
def test_people_come_first(hour: int, quiet: bool) -> None:
    """A machine that was switched on at seven doesn't count the year while people queue; it does at lunch."""
    assert aside.is_quiet(datetime(2026, 3, 10, hour, 30, tzinfo=SHANGHAI)) is quiet


def test_what_goes_wrong_is_said() -> None:
    with pytest.raises(RuntimeError, match="nonsense failed: "):
        aside.run("nonsense", longest=60)
