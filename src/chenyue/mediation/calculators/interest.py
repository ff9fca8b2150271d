"""Interest on a debt day by day, with payments in between. Pure.

Sources: 民法典 561 (costs, then interest, then principal), 676, 680; SPC 民间借贷规定 (2020 第二次修正) 25
(at most four times the one-year LPR when the contract was made), 28, 29 (overdue; without an agreed rate the LPR).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from chenyue.mediation.calculators.outcome import Line, Outcome, Wrong, money

YEAR = 365
MOST_PAYMENTS = 120
CAP_TIMES = 4
CAP_SOURCE = "民间借贷规定 25"
ORDER_SOURCE = "民法典 561"


@dataclass(frozen=True)
class Payment:
    """Money that was paid back on a day, yuan."""

    on: date
    amount: Decimal


@dataclass(frozen=True)
class Span:
    """From a day to a day (not counted) at one principal: its days and its interest, exact."""

    since: date
    until: date
    principal: Fraction
    interest: Fraction

    @property
    def days(self) -> int:
        return (self.until - self.since).days


@cache
def _published() -> list[tuple[date, str]]:
    rows = json.loads((Path(__file__).parents[1] / "data" / "lpr.json").read_text(encoding="utf-8"))["rows"]
    return [(date.fromisoformat(day), rate) for day, rate in rows]


def lpr_on(day: date) -> tuple[str, date] | None:
    """The one-year LPR in force on a day (% a year) and the day it was published; None before there was one.

    The table ends on the last day that was known when it was shipped: the page says so and lets people type it.
    """
    known = [(published, rate) for published, rate in _published() if published <= day]
    return (known[-1][1], known[-1][0]) if known else None


def run(
    principal: Decimal, rate: Fraction, since: date, until: date, payments: Sequence[Payment]
) -> tuple[list[Span], Fraction, Fraction]:
    """Spans, interest that is owed and principal that is left on `until`; all exact, rounded only when shown.

    A payment pays interest first, then principal; what is paid beyond everything gives a negative principal.
    """
    left, owed, day, spans = Fraction(principal), Fraction(0), since, []
    for payment in [*sorted(payments, key=lambda one: one.on), Payment(until, Decimal(0))]:
        grown = left * rate * (payment.on - day).days / YEAR if left > 0 else Fraction(0)
        if payment.on > day:
            spans.append(Span(day, payment.on, left, grown))
        owed += grown
        to_interest = min(owed, Fraction(payment.amount))
        owed -= to_interest
        left -= Fraction(payment.amount) - to_interest
        day = payment.on
    return spans, owed, left


def rounded(value: Fraction) -> Decimal:
    """To the cent, half up, as money is rounded."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def work(given: Mapping[str, Any]) -> dict[str, Any]:
    """From what was typed to what is stored; raises `Wrong`.

    `given`: principal, rate (% a year), since, until, lpr (% a year at the contract; empty: no cap is checked),
    payments [{on, amount}], debtor, creditor.
    """
    principal = money(given.get("principal"), "principal")
    since, until = _day(given.get("since"), "since"), _day(given.get("until"), "until")
    if until <= since:
        raise Wrong("until", "before")
    asked, lpr = _rate(given.get("rate"), "rate"), _rate(given.get("lpr") or 0, "lpr")
    capped = bool(lpr) and asked > CAP_TIMES * lpr
    rate = CAP_TIMES * lpr if capped else asked
    payments = _payments(given.get("payments") or [], since, until)
    spans, owed, left = run(principal, rate, since, until, payments)
    who = str(given.get("debtor") or "")
    result = Outcome(str(given.get("title") or ""))
    if left > 0:
        result.lines.append(Line("principal", who, rounded(left), "principal_left", ORDER_SOURCE))
    if owed > 0:
        result.lines.append(Line("interest", who, rounded(owed), "interest_owed", CAP_SOURCE if capped else ""))
    if left < 0:
        result.left.append(Line("overpaid", str(given.get("creditor") or ""), rounded(-left), "paid_too_much"))
    result.notes += ["capped"] if capped else []
    result.notes += [] if lpr else ["no_cap_checked"]
    return {
        "outcomes": [result.stored()],
        "rate": str(float(rate * 100)),
        "capped": capped,
        "spans": [
            {
                "since": span.since.isoformat(),
                "until": span.until.isoformat(),
                "days": span.days,
                "principal": f"{rounded(span.principal):.2f}",
                "interest": f"{rounded(span.interest):.2f}",
            }
            for span in spans
        ],
    }


def _day(value: Any, field: str) -> date:
    if value in (None, ""):
        raise Wrong(field, "missing")
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise Wrong(field, "no_date") from error


def _rate(value: Any, field: str) -> Fraction:
    try:
        rate = Fraction(str(value).strip().removesuffix("%").removesuffix("％"))
    except (ValueError, ZeroDivisionError) as error:
        raise Wrong(field, "no_rate") from error
    if not 0 <= rate <= 1000 or rate.denominator > 1_000_000:
        raise Wrong(field, "no_rate")
    return rate / 100


def _payments(rows: Sequence[Mapping[str, Any]], since: date, until: date) -> list[Payment]:
    if len(rows) > MOST_PAYMENTS:
        raise Wrong("payments", "how_many")
    payments = []
    for n, row in enumerate(rows):
        on = _day(row.get("on"), f"payments.{n}.on")
        if not since <= on <= until:
            raise Wrong(f"payments.{n}.on", "outside")
        payments.append(Payment(on, money(row.get("amount"), f"payments.{n}.amount")))
    return payments
