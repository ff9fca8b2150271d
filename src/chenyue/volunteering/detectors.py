"""What looks wrong about hours: pure functions over facts, each giving flags with numbers, never a verdict.

A flag stops nothing by itself: it makes a second person look. Two things can't be approved at all, whatever the
reason: being in two places at once (`overlap` with hours that count) and a day of more than 24 hours (`day_full`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

from chenyue.volunteering.thresholds import Thresholds

Flag = dict[str, Any]
DAY = 24 * 60  # minutes
EARTH = 6_371_000  # metres


@dataclass(frozen=True)
class Shift:
    """One stretch of service of a person: when, where (degrees of WGS-84), at which activity."""

    starts_at: datetime
    ends_at: datetime
    minutes: int = 0
    key: int = 0  # of its claim
    activity: int | None = None
    where: tuple[float, float] | None = None
    counts: bool = False  # approved and not taken back


@dataclass(frozen=True)
class Typed:
    """One claim that a recorder typed: when it was sent, how many minutes it says."""

    recorded_at: datetime
    minutes: int


def overlap(one: Shift, others: Iterable[Shift]) -> list[Flag]:
    """The person served somewhere else in the same minutes."""
    found = []
    for other in others:
        together = min(one.ends_at, other.ends_at) - max(one.starts_at, other.starts_at)
        if other.key != one.key and together > timedelta(0):
            minutes = max(1, together // timedelta(minutes=1))
            found.append({"code": "overlap", "claim": other.key, "minutes": minutes, "counts": other.counts})
    return found


def too_fast(one: Shift, others: Iterable[Shift], limits: Thresholds) -> list[Flag]:
    """Between two places that lie apart there was less time than the way takes."""
    found = []
    for other in others:
        if other.key == one.key or one.where is None or other.where is None:
            continue
        metres = distance(one.where, other.where)
        gap = max(one.starts_at - other.ends_at, other.starts_at - one.ends_at)
        if metres <= limits.near_metres or gap < timedelta(0):
            continue
        # metres · 3600 > km/h · 1000 · seconds, without dividing by a gap of nothing
        if metres * 3.6 > limits.speed_kmh * gap.total_seconds():
            minutes = gap // timedelta(minutes=1)
            found.append({"code": "speed", "claim": other.key, "metres": round(metres), "minutes": minutes})
    return found


def day_total(one: Shift, others: Iterable[Shift], day: date, minutes_of_day: int, limits: Thresholds) -> list[Flag]:
    """More hours in a day than a person serves (`day_long`), or than a day has (`day_full`).

    `minutes_of_day`: what the others have on that day already.
    """
    total = one.minutes + minutes_of_day
    if total > DAY:
        return [{"code": "day_full", "day": day.isoformat(), "minutes": total}]
    return [{"code": "day_long", "day": day.isoformat(), "minutes": total}] if total > limits.day_minutes else []


def velocity(sent: Sequence[Typed], at: datetime, limits: Thresholds) -> list[Flag]:
    """One recorder types many forms, or very many hours, within two minutes; `sent`: what they sent, this included."""
    recent = [one for one in sent if timedelta(0) <= at - one.recorded_at <= timedelta(seconds=limits.velocity_seconds)]
    forms = len({one.recorded_at for one in recent})
    if forms >= limits.velocity_forms or len(recent) > limits.velocity_claims:
        return [{"code": "velocity", "forms": forms, "claims": len(recent), "seconds": limits.velocity_seconds}]
    return []


def round_numbers(sent: Sequence[Typed], limits: Thresholds) -> list[Flag]:
    """Nearly all that a recorder types are whole hours."""
    if len(sent) < limits.round_claims:
        return []
    whole = sum(one.minutes % 60 == 0 for one in sent)
    share = whole * 100 // len(sent)
    return [{"code": "round", "share": share, "claims": len(sent)}] if share >= limits.round_share else []


def same_device(people: Iterable[int], limits: Thresholds) -> list[Flag]:
    """One telephone scanned for many people; a family may share one."""
    count = len(set(people))
    return [{"code": "device", "people": count}] if count > limits.device_people else []


def no_evidence(*, photographs: int, recipient: bool) -> list[Flag]:
    """No photograph of the activity, and nobody is named whom it served."""
    return [] if photographs or recipient else [{"code": "bare"}]


def overran(planned_end: datetime, ends_at: datetime, limits: Thresholds) -> list[Flag]:
    """Scanned out long after the planned end."""
    minutes = (ends_at - planned_end) // timedelta(minutes=1)
    return [{"code": "overran", "minutes": minutes}] if minutes > limits.overrun_minutes else []


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two places (haversine)."""
    (north, east), (north2, east2) = (tuple(map(radians, place)) for place in (one, other))
    half = sin((north2 - north) / 2) ** 2 + cos(north) * cos(north2) * sin((east2 - east) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))
