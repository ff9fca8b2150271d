"""What outstanding credits would cost, when a budget is used up, and which price would make it last. Pure.

A forecast, no promise: credits are an honour from a public budget, and what isn't bought isn't owed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

ROUND = 50  # a suggested price is a multiple of half a credit
MOST_MONTHS = 120


@dataclass(frozen=True)
class Line:
    """One service of a contract: fen and hundredths of a credit for one, and how many are left."""

    name: str
    price: int
    credits: int
    left: int


@dataclass(frozen=True)
class Suggestion:
    """A price in hundredths at which the budget would last until its end."""

    name: str
    now: int
    suggested: int


@dataclass(frozen=True)
class Forecast:
    """`liability`: fen that all outstanding credits would cost at today's prices. Months are first days."""

    outstanding: int
    liability: int
    left: int
    demand: int  # fen a month, at today's prices
    runs_out: date | None  # the month in which what is left is used up; None: it lasts
    until: date | None  # the last month of the contracts
    months: int  # months from this one to `until`
    suggestions: list[Suggestion]
    covered: int  # percent of the liability that is left in the budget


def mean_fen(lines: Sequence[Line]) -> tuple[int, int]:
    """Fen and hundredths of all that is left to take: their ratio is what a credit costs on average.

    Of services that are used up, one of each counts, so that a forecast of an empty budget still says something.
    """
    wanted = [line for line in lines if line.left and line.credits] or [line for line in lines if line.credits]
    fen = sum(line.price * (line.left or 1) for line in wanted)
    return fen, sum(line.credits * (line.left or 1) for line in wanted)


def forecast(
    *, outstanding: int, earned: int, spent: int, lines: Sequence[Line], left: int, month: date, until: date | None
) -> Forecast:
    """See `Forecast`. `earned` and `spent`: hundredths in a usual month; `left`: fen of budget not yet owed.

    Demand is what is spent in a usual month; where credits are earned faster than spent, the store grows and what is
    spent grows with it by the same share, as people who have more take more.
    """
    fen, credits = mean_fen(lines)
    liability = _up(outstanding * fen, credits)
    demand = _up(spent * fen, credits)
    months = _months(month, until) if until else 0
    runs_out = _runs_out(outstanding, earned, spent, fen, credits, left, month, months)
    coming = outstanding + earned * months
    suggestions = [_suggested(line, coming, left, fen, credits) for line in lines if line.credits] if months else []
    covered = 100 if not liability else min(100, left * 100 // liability)
    return Forecast(outstanding, liability, left, demand, runs_out, until, months, suggestions, covered)


def _runs_out(
    outstanding: int, earned: int, spent: int, fen: int, credits: int, left: int, month: date, months: int
) -> date | None:
    store, rest = outstanding, left
    if left <= 0:
        return month
    for step in range(months or MOST_MONTHS):
        want = spent if not outstanding else max(spent, spent * store // outstanding)
        taken = min(want, store + earned)
        store += earned - taken
        rest -= _up(taken * fen, credits)
        if rest <= 0:
            return add_months(month, step)
    return None


def _suggested(line: Line, coming: int, left: int, fen: int, credits: int) -> Suggestion:
    """The price at which all that exists and comes would cost what is left: never lower than now."""
    wanted = coming * fen
    if left <= 0 or wanted <= left * credits:
        return Suggestion(line.name, line.credits, line.credits)
    raised = _up(line.credits * wanted, left * credits)
    return Suggestion(line.name, line.credits, -(-raised // ROUND) * ROUND)


def _up(amount: int, by: int) -> int:
    return -(-amount // by) if by else 0


def _months(first: date, last: date) -> int:
    """Months from one to another, both counted."""
    return max(0, (last.year - first.year) * 12 + last.month - first.month + 1)


def add_months(month: date, count: int) -> date:
    """The first day of a month so many later."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)
