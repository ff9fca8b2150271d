"""Sums in parts: to the cent, nothing lost, nothing invented. Pure."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

CENT = Decimal("0.01")
MOST = 120  # parts of one sum: ten years of months


@dataclass(frozen=True)
class Part:
    """One due part of a sum."""

    number: int
    due_on: date
    amount: Decimal  # yuan


def shares(total: Decimal, weights: Sequence[int | Fraction | Decimal]) -> list[Decimal]:
    """`total` yuan by weights, each to the cent; their sum is the total exactly.

    Largest remainder (Hamilton): each gets its exact share cut off at the cent; the cents that are left go to the
    largest cut-off fractions, and among equal ones to the earlier. Raises ValueError without a positive weight.
    """
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if not exact or whole <= 0 or min(exact) < 0:
        raise ValueError("weights must not be negative, and one must be positive")
    if total < 0 or total != total.quantize(CENT):
        raise ValueError(f"no sum of money: {total}")
    cents = int(total * 100)
    wanted = [weight * cents / whole for weight in exact]
    given = [int(one) for one in wanted]
    by_rest = sorted(range(len(exact)), key=lambda i: (given[i] - wanted[i], i))
    for index in by_rest[: cents - sum(given)]:
        given[index] += 1
    return [Decimal(one) * CENT for one in given]


def equal_parts(total: Decimal, count: int) -> list[Decimal]:
    """`total` in `count` parts as equal as cents allow; the earlier ones carry the cents that are left."""
    return shares(total, [1] * count)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month that is too short (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def plan(
    total: Decimal,
    *,
    first: date,
    count: int = 0,
    each: Decimal | None = None,
    months: int = 1,
    days: int = 0,
    at_once: Decimal = Decimal(0),
) -> list[Part]:
    """Parts of `total` from `first` on, every so many `months` (or `days`, if given).

    Either `count` parts as equal as cents allow, or parts of `each` yuan and the rest last. `at_once` is paid on
    `first` besides and before; the others then begin one step later. Raises ValueError for what can't be a plan.
    """
    rest = total - at_once
    if at_once < 0 or rest < 0 or total <= 0:
        raise ValueError("the first payment must lie between nothing and the whole")
    amounts = [at_once] if at_once else []
    if rest:
        amounts += _amounts(rest, count, each)
    if not 0 < len(amounts) <= MOST or (months <= 0 and days <= 0):
        raise ValueError(f"between 1 and {MOST} parts")
    return [Part(n + 1, _step(first, n, months, days), amount) for n, amount in enumerate(amounts)]


def _amounts(rest: Decimal, count: int, each: Decimal | None) -> list[Decimal]:
    if each is None:
        if not 0 < count <= MOST or rest < count * CENT:
            raise ValueError(f"between 1 and {MOST} parts of a cent or more")
        return equal_parts(rest, count)
    if each <= 0 or rest / each > MOST:
        raise ValueError(f"between 1 and {MOST} parts")
    full, last = int(rest // each), rest % each
    return [each] * full + ([last] if last else [])


def _step(first: date, number: int, months: int, days: int) -> date:
    return first + timedelta(days=days * number) if days else months_after(first, months * number)
