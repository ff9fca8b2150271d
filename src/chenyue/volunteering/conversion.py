"""Which rule holds on a day, how many minutes of an entry count, and until when its credits live."""

from datetime import date, timedelta

from chenyue.core import snapshots
from chenyue.volunteering.lifecycle import Expiry, Rounding
from chenyue.volunteering.models import ConversionRule

STEPS = {Rounding.NONE: 1, Rounding.HALF: 30, Rounding.WHOLE: 60}  # minutes
_SNAPSHOT = "volunteering.rules"


def _load() -> list[ConversionRule]:
    return list(ConversionRule.objects.filter(approved_at__isnull=False).order_by("-starts_on"))


_rules: snapshots.Snapshot[list[ConversionRule]] = snapshots.Snapshot(_SNAPSHOT, _load)


def changed() -> None:
    """A rule was approved: call it in the same transaction."""
    snapshots.bump(_SNAPSHOT)


def rule_of(day: date) -> ConversionRule | None:
    """The approved rule that holds on a day; None before the first. No statement once they are known."""
    return next((rule for rule in _rules.get() if rule.starts_on <= day), None)


def floored(minutes: int, rounding: str) -> int:
    """Minutes rounded down to whole steps of the rule: 95 → 90 by half hours, 60 by whole ones."""
    step = STEPS[Rounding(rounding)]
    return max(0, minutes) // step * step


def countable(
    rule: ConversionRule, *, of_activity: int, counted_of_activity: int, counted_of_day: int, counted_of_year: int
) -> int:
    """How many minutes more become credits. Pure.

    `of_activity`: all minutes of this activity, the new ones among them; `counted_…`: what became credits already.
    The rounding is of the whole activity, so that two half-hours of one activity make a whole hour.
    """
    most = of_activity if rule.activity_minutes is None else min(of_activity, rule.activity_minutes)
    more = floored(most, rule.rounding) - counted_of_activity
    if rule.day_minutes is not None:
        more = min(more, rule.day_minutes - counted_of_day)
    if rule.year_minutes is not None:
        more = min(more, rule.year_minutes - counted_of_year)
    return floored(more, rule.rounding)


def credits_of(minutes: int, per_hour: int) -> int:
    """Hundredths of a credit for so many minutes; a part of a hundredth is dropped."""
    return minutes * per_hour // 60


def expires_on(rule: ConversionRule, earned_on: date, today: date) -> date | None:
    """The last day on which credits of this day may be spent; at least `grace_days` from today on."""
    if rule.expiry == Expiry.NONE:
        return None
    year_end = rule.expiry == Expiry.YEAR_END
    last = date(earned_on.year, 12, 31) if year_end else years_after(earned_on, rule.expiry_years)
    return max(last, today + timedelta(days=rule.grace_days))


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of a 29 February the last of the month."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
