"""Figures of a stretch of days from the kept counts: each with its parts, its definition and its version.

A figure takes one statement over the counts, and one more over open cases where the days reach to today: what is
overdue now is asked of the cases themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import get_language

from chenyue.cases.models import IS_OPEN, Case
from chenyue.followup.models import RateDefinition
from chenyue.followup.rates import percent
from chenyue.insight.facts import NORMAL
from chenyue.insight.lifecycle import Axis, Measure
from chenyue.insight.models import DayCount
from chenyue.insight.versions import THREE, measures, rules_of

SMALL = 30
CODES = (
    "response", "resolution", "satisfaction", "on_time", "first_contact", "at_once", "return", "reopen", "repeat",
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A share of counts. `key`: of its axis, "" for the whole office."""

    code: str
    key: str
    since: date
    until: date  # the first day after
    numerator: int
    denominator: int
    left_out: int
    version: int
    mixed: bool  # the definition changed within these days; the one of the last day was taken
    rule: str
    source: str
    small: bool

    @property
    def value(self) -> Decimal | None:
        """Per cent with two decimals; None where nothing was counted."""
        return percent(self.numerator, self.denominator)


Counts = dict[str, dict[str, int]]  # by key, by measure


def counts(
    since: date, until: date, axis: str = Axis.ALL, wanted: Iterable[str] = (), key: str | None = None
) -> Counts:
    """Sums of days (`until` not included) by key of the axis; whole months are read as months. One statement.

    Name the measures: without them all counts of the axis are read. `key`: only this one; None: all.
    """
    first = since if since.day == 1 else _next_month(since)
    last = until.replace(day=1)
    spans = [("d", since, first), ("m", first, last), ("d", last, until)] if first < last else [("d", since, until)]
    # Each span in full, joined by "or": only so is each read by the index, and not all days for two ends of months.
    parts = [Q(grain=grain, day__gte=begin, day__lt=end) for grain, begin, end in spans if begin < end]
    rows = DayCount.objects.filter(reduce(or_, parts) if parts else Q(pk=None), axis=axis)
    if wanted := list(wanted):
        rows = rows.filter(measure__in=wanted)
    if key is not None:
        rows = rows.filter(key=key)
    found: Counts = {}
    for one, measure, value in rows.values_list("key", "measure").annotate(Sum("value")).order_by():
        found.setdefault(one, {})[measure] = value
    return found


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def overdue_at(end: date, axis: str = Axis.ALL, key: str | None = None) -> dict[str, int]:
    """By key, how many were open and overdue when the day before `end` was over. One statement."""
    stock = counts(date(1970, 1, 1), end, axis, (Measure.OVERDUE_IN, Measure.OVERDUE_OUT), key)
    return {key: held.get(Measure.OVERDUE_IN, 0) - held.get(Measure.OVERDUE_OUT, 0) for key, held in stock.items()}


FIELD = {
    Axis.COMMUNITY: "community_id", Axis.CATEGORY: "category_id", Axis.CHANNEL: "channel", Axis.LEAD: "lead_id",
}  # fmt: skip


def overdue_now(at: datetime, axis: str = Axis.ALL, key: str | None = None) -> dict[str, int]:
    """By key, how many are open and overdue at this moment: asked of the cases, a day's count is too coarse."""
    rows = Case.objects.filter(IS_OPEN, resolve_due_at__lt=at, received_at__lt=at, sensitivity=NORMAL)
    if axis == Axis.ALL:
        return {"": rows.count()}
    field = FIELD[Axis(axis)]
    if key is not None:
        rows = rows.filter(**{field: key or None})
    found = rows.values_list(field).annotate(Count("pk")).order_by()
    return {str(key or ""): count for key, count in found}


def figures(
    codes: Iterable[str],
    since: date,
    until: date,
    axis: str = Axis.ALL,
    *,
    at: datetime | None = None,
    key: str | None = None,
) -> dict[str, dict[str, Figure]]:
    """By code and key of the axis (`key`: only this one), as seen at `at` (now).

    Three statements at most, one more where the days reach to today. Raises KeyError for a code without a definition.
    """
    at = at or timezone.now()
    live = until > timezone.localdate(at)
    rules = rules_of(codes)
    held = counts(since, until, axis, measures(rules.values()), key)
    overdue: dict[str, int] = {}
    if "on_time" in rules:
        overdue = overdue_now(at, axis, key) if live else overdue_at(until, axis, key)
    found: dict[str, dict[str, Figure]] = {}
    for code, versions in rules.items():
        rule, mixed = versions.on(until - timedelta(days=1)), versions.changed(since, until)
        late = overdue if code == "on_time" else {}
        keys = [key] if key is not None else sorted(held.keys() | late.keys()) or [""]
        found[code] = {
            one: figure_of(rule, one, since, until, held.get(one, {}), late.get(one, 0), mixed) for one in keys
        }
    return found


def figure_of(
    rule: RateDefinition, key: str, since: date, until: date, held: dict[str, int], overdue: int, mixed: bool
) -> Figure:
    """The figure of a definition from the counts of these days; `overdue`: open and overdue at their end."""
    left_out = 0
    if rule.code == "on_time":
        numerator = held.get(Measure.CLOSED_ON_TIME, 0)
        denominator = numerator + held.get(Measure.CLOSED_LATE, 0) + overdue
    elif rule.code in ("response", "resolution", "satisfaction"):
        numerator, denominator, left_out = _called_back(rule, held)
    else:
        numerator, denominator = (
            sum(held.get(name, 0) for name in words.split(",")) for words in (rule.numerator, rule.denominator)
        )
    chinese = (get_language() or "zh").startswith("zh")
    halves = rule.source.split(" · ")
    return Figure(
        code=rule.code, key=key, since=since, until=until, numerator=numerator, denominator=denominator,
        left_out=left_out, version=rule.version, mixed=mixed, rule=rule.rule_zh if chinese else rule.rule_en,
        source=halves[0 if chinese else -1], small=denominator < int(rule.parameters.get("small_below", SMALL)),
    )  # fmt: skip


def _called_back(rule: RateDefinition, held: dict[str, int]) -> tuple[int, int, int]:
    """Good, counted, left out: who was left out for a reason that the definition knows counts nowhere."""
    excluded = set(rule.parameters.get("exclude", []))

    def asked(measure: str) -> int:
        named = (name.partition(".") for name in held)
        kept = [f"{what}{dot}{reason}" for what, dot, reason in named if what == measure and reason not in excluded]
        return sum(held[name] for name in kept)

    good = asked(THREE[rule.numerator])
    if rule.numerator == "satisfied" and rule.parameters.get("basically_weight", 1):
        good += asked(Measure.BASICALLY)
    counted = asked(Measure.ASKED)
    everybody = sum(value for name, value in held.items() if name.partition(".")[0] == Measure.ASKED)
    return good, counted, everybody - counted
