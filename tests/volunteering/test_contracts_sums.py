"""Pure parts: grades, what looks odd, sums of a settlement, the forecast. Golden figures."""

from datetime import date, datetime, timedelta

import pytest

from cast import SHANGHAI
from chenyue.volunteering.booking_terms import (
    ODD,
    is_elder,
    lost_of,
    month_of,
    odd,
    paused_until,
    percent_for_cancelling,
    percent_for_missing,
    terms_of,
)
from chenyue.volunteering.forecasting import Line, add_months, forecast
from chenyue.volunteering.settlement_sums import Taken, carried_from, corrections_of, differences_of, lines_of, total_of

AT = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
TERMS = terms_of({}, 24)


@pytest.mark.parametrize(("hours", "percent"), [(48, 100), (24, 100), (23.9, 50), (2, 50), (1.9, 0), (0, 0)])
def test_the_later_the_less_goes_back(hours: float, percent: int) -> None:
    assert percent_for_cancelling(TERMS, AT + timedelta(hours=hours), AT) == percent


def test_missed_ones_cost_more_each_time_and_old_ones_are_forgotten() -> None:
    assert [percent_for_missing(TERMS, [AT] * n, AT) for n in range(4)] == [100, 50, 0, 0]
    assert percent_for_missing(TERMS, [AT - timedelta(days=181)], AT) == 100
    thrice = [AT - timedelta(days=n) for n in (5, 10, 20)]
    assert paused_until(TERMS, thrice[:2], AT) is None
    assert paused_until(TERMS, thrice, AT) == AT + timedelta(days=25)
    assert paused_until(TERMS, thrice, AT + timedelta(days=26)) is None


def test_the_fraction_goes_to_the_person() -> None:
    assert (lost_of(333, 50), lost_of(1, 50), lost_of(300, 100), lost_of(300, 0)) == (166, 0, 0, 300)


@pytest.mark.parametrize("wrong", [{"late": [[2, 120]]}, {"missed": []}, {"missed": [-1]}, {"appeal_days": -1}])
def test_terms_that_cannot_be_meant(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        terms_of(wrong, 24)


def test_months_and_ages_are_the_offices() -> None:
    late = datetime(2026, 12, 31, 16, 30, tzinfo=SHANGHAI)
    first, following = month_of(late)
    assert (first.date(), following.date()) == (date(2026, 12, 1), date(2027, 1, 1))
    assert is_elder(date(1966, 11, 24), None, 60, date(2026, 11, 24))
    assert not is_elder(date(1966, 11, 25), None, 60, date(2026, 11, 24))
    assert is_elder(None, 1966, 60, date(2026, 1, 1)) and not is_elder(None, None, 60, date(2026, 1, 1))


@pytest.mark.parametrize(
    ("minutes", "recent", "flags"),
    [
        (0, 0, []),
        (-61, 0, ["early"]),
        (211, 0, ["late"]),
        (0, 5, ["many"]),
        (0, 4, []),
        (-60, 0, []),
        (13 * 60, 9, ["late", "night", "many"]),
    ],
)
def test_what_looks_odd(minutes: int, recent: int, flags: list[str]) -> None:
    assert odd(AT + timedelta(minutes=minutes), AT, AT + timedelta(minutes=30), recent, 2, ODD) == flags


def test_a_large_group_is_no_rush() -> None:
    assert odd(AT, AT, AT + timedelta(hours=1), 19, 20, ODD) == []


def test_the_sums_of_a_month() -> None:
    rows = [
        Taken(2, "艾灸", 4500, 4500, True),
        Taken(1, "推拿", 6000, 6000, True),
        Taken(1, "推拿", 6000, 3000, False),
        Taken(1, "推拿", 6500, 6500, True),
        Taken(1, "推拿", 6000, 0, True, 6000, "B2026-000002"),
        Taken(1, "推拿", 6000, 6000, True, 6000, "B2026-000001"),
    ]
    lines = lines_of(rows)
    assert [(one["name"], one["price"], one["attended"], one["missed"], one["fen"]) for one in lines] == [
        ("推拿", 6000, 1, 1, 9000), ("推拿", 6500, 1, 0, 6500), ("艾灸", 4500, 1, 0, 4500),
    ]  # fmt: skip
    corrections = corrections_of(rows)
    assert [(one["number"], one["fen"]) for one in corrections] == [("B2026-000002", -6000)]
    assert total_of(lines + corrections) == 14000
    assert (total_of(corrections), carried_from(corrections), carried_from(lines)) == (0, -6000, 0)


def test_differences_from_the_invoice() -> None:
    lines = lines_of([Taken(1, "推拿", 6000, 6000, True), Taken(1, "推拿", 6500, 6500, True)])
    assert differences_of(lines, 12500, 12500, {"1": 2}) == []
    found = differences_of(lines, 12500, 19000, {"1": 3})
    assert [(one["kind"], one["ours"], one["theirs"]) for one in found] == [("count", 2, 3), ("sum", 12500, 19000)]
    assert differences_of(lines, 12500, None, {}) == []


# The forecast: 1 credit (100 hundredths) costs 20 yuan here: massages at 60 yuan for 3 credits.

MASSAGE = Line("推拿", 6000, 300, 100)
NOV = date(2026, 11, 1)


def look(**more: object) -> object:
    given: dict[str, object] = {
        "outstanding": 100_000, "earned": 30_000, "spent": 30_000, "lines": [MASSAGE], "left": 3_000_000, "month": NOV,
        "until": date(2027, 10, 1),
    } | more  # fmt: skip
    return forecast(**given)  # type: ignore[arg-type]


def test_golden_a_steady_month_lasts_until_the_fifth() -> None:
    """1,000 credits cost 20,000 yuan; 300 a month cost 6,000; 30,000 yuan are used up in the fifth month."""
    found = look()
    assert (found.liability, found.demand, found.covered) == (2_000_000, 600_000, 100)
    assert (found.runs_out, found.months) == (date(2027, 3, 1), 12)
    # 1,000 + 12 × 300 = 4,600 credits for 30,000 yuan: 6.52 yuan each, so a massage of 60 yuan takes 9.2, rounded up.
    assert [(one.now, one.suggested) for one in found.suggestions] == [(300, 950)]


def test_golden_a_budget_that_lasts_keeps_its_price() -> None:
    found = look(left=20_000_000)
    assert found.runs_out is None and found.suggestions[0].suggested == 300


def test_golden_more_earned_than_spent_runs_out_sooner() -> None:
    found = look(earned=60_000)
    assert found.runs_out is not None and found.runs_out < date(2027, 3, 1)


def test_golden_nothing_there() -> None:
    empty = look(outstanding=0, earned=0, spent=0, lines=[], left=0, until=None)
    assert (empty.liability, empty.runs_out, empty.suggestions) == (0, NOV, [])
    assert look(left=-5).runs_out == NOV
    nobody = look(outstanding=0, earned=0, spent=0)
    assert nobody.runs_out is None and nobody.liability == 0


def test_months_are_counted_over_the_year() -> None:
    assert [add_months(NOV, n) for n in (0, 1, 2, 14)] == [NOV, date(2026, 12, 1), date(2027, 1, 1), date(2028, 1, 1)]
