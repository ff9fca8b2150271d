"""Days that nobody can have walked are marked; everything else isn't."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chenyue.stewards.pace import AT_NIGHT, SENT_LATE, TOO_FAST, TOO_MANY, Knock, flags

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def knock(minutes: float = 0, room: str = "101", building: int = 1) -> Knock:
    return Knock(MORNING + timedelta(minutes=minutes), building, room)


def marks(one: Knock, *others: Knock, sent: datetime | None = None, a_day: int = 60) -> list[str]:
    return flags(one, others, seconds=60, a_day=a_day, sent_at=sent or one.at)


def test_doors_one_after_the_other_at_a_walking_pace_are_fine() -> None:
    assert marks(knock(4, "103"), knock(0, "101"), knock(2, "102")) == []


def test_two_doors_within_a_minute_are_too_fast_but_the_same_door_twice_is_not() -> None:
    assert marks(knock(0.5, "102"), knock(0, "101")) == [TOO_FAST]
    assert marks(knock(0.5, "101", building=2), knock(0, "101", building=1)) == [TOO_FAST]
    assert marks(knock(0.5), knock(0)) == []


def test_a_minute_exactly_is_enough() -> None:
    assert marks(knock(1, "102"), knock(0, "101")) == []


def test_too_many_in_a_day_counts_that_day_alone() -> None:
    day = [knock(10 * n, str(n)) for n in range(1, 4)]
    assert marks(knock(), *day, a_day=3) == [TOO_MANY]
    assert marks(knock(), *day, a_day=4) == []
    yesterday = [Knock(MORNING - timedelta(days=1, minutes=n), 1, str(n)) for n in range(9)]
    assert marks(knock(), *yesterday, a_day=3) == []


def test_at_night_and_days_later() -> None:
    late = Knock(MORNING.replace(hour=22), 1, "101")
    assert marks(late) == [AT_NIGHT]
    assert marks(Knock(MORNING.replace(hour=5, minute=59), 1, "101")) == [AT_NIGHT]
    assert marks(Knock(MORNING.replace(hour=6), 1, "101")) == []
    assert marks(knock(), sent=MORNING + timedelta(days=2, seconds=1)) == [SENT_LATE]
