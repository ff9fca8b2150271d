"""Suspended and resumed across a make-up Saturday: the exact moments at which each promise ends."""

from datetime import datetime

import pytest

import stories
from cast import SHANGHAI, Cast
from chenyue.cases.actions import move
from chenyue.cases.lifecycle import Move
from chenyue.cases.models import Case
from chenyue.workdays.queries import calendar

pytestmark = pytest.mark.django_db


def wall(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def case(cast: Cast) -> Case:
    """Told on Thursday 2026-09-17, 09:00, and dispatched at 09:10 with five working days to answer.

    The State Council's notice for 2026 makes Sunday 20 September and Saturday 10 October workdays.
    """
    filed = stories.filed(cast, wall(9, 17, 9), category_code="0102")
    lead = cast.units["drainage"].pk
    move(
        case=filed.case, move=Move.DISPATCH, by=cast.li.actor(), at=wall(9, 17, 9, 10), lead_id=lead, assist_ids=[],
        resolve_by="5wd",
    )  # fmt: skip
    return move(case=filed.case.pk, move=Move.ACCEPT, by=cast.lin.actor(), at=wall(9, 17, 9, 20))


def test_what_the_notice_says() -> None:
    known = calendar()
    assert known.is_workday(wall(9, 20, 0).date())
    assert known.is_workday(wall(10, 10, 0).date())
    assert not known.is_workday(wall(10, 5, 0).date())


def test_without_a_pause_the_make_up_day_counts(case: Case) -> None:
    assert case.resolve_due_at == wall(9, 23, 17, 30)


def test_the_pause_across_the_make_up_day_is_given_back(cast: Cast, case: Case) -> None:
    by = cast.lin.actor()
    paused = move(
        case=case.pk, move=Move.SUSPEND, by=by, at=wall(9, 18, 9), reason="等居民家中有人", until=wall(9, 22, 9)
    )
    assert (paused.state, paused.waiting_until) == ("waiting", wall(9, 22, 9))
    resumed = move(case=case.pk, move=Move.RESUME, by=by, at=wall(9, 22, 9))
    # Thursday 24, Monday 28 and Tuesday 29 make up for Friday 18, Sunday 20 and Monday 21; the 25th is a holiday.
    assert resumed.resolve_due_at == wall(9, 29, 17, 30)
    assert resumed.state == "handling"
    assert resumed.waiting_until is None


def test_a_holiday_week_before_a_make_up_saturday(cast: Cast) -> None:
    """Two working days from the eve of the October holiday end on Saturday the 10th, if Friday the 9th was paused."""
    filed = stories.filed(cast, wall(9, 30, 9), category_code="0102")
    lead = cast.units["drainage"].pk
    case = move(
        case=filed.case, move=Move.DISPATCH, by=cast.li.actor(), at=wall(9, 30, 9, 10), lead_id=lead, assist_ids=[],
        resolve_by="2wd",
    )  # fmt: skip
    assert case.resolve_due_at == wall(10, 9, 17, 30)
    by = cast.lin.actor()
    move(case=case, move=Move.ACCEPT, by=by, at=wall(9, 30, 9, 20))
    move(case=case.pk, move=Move.SUSPEND, by=by, at=wall(10, 8, 8, 30), reason="等配件", until=wall(10, 9, 8, 30))
    resumed = move(case=case.pk, move=Move.RESUME, by=by, at=wall(10, 9, 8, 30))
    assert resumed.resolve_due_at == wall(10, 10, 17, 30)
