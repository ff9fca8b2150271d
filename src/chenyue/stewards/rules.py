"""What a building weighs, when a steward should hand on, and who would come next. Pure."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

Point = tuple[float, float]  # latitude and longitude in degrees, WGS-84
METRES_A_DEGREE = 111_195.0  # of a great circle on a sphere of 6,371 km
NEAR = 400.0  # metres: five minutes on foot
MOST_PROPOSED = 3


def weighted_homes(homes: int, alone: int, disabled: int, tenants: int, weights: Mapping[str, float]) -> float:
    """A building's load: each home counts 1, those named in `weights` so much instead.

    A home that is of two kinds (old, alone and disabled) is in two of the counts and weighs for both.
    More special homes than homes can't be: the larger number counts.
    """
    homes = max(homes, alone, disabled, tenants)
    extra = (
        alone * (weights.get("alone", 1) - 1)
        + disabled * (weights.get("disabled", 1) - 1)
        + tenants * (weights.get("tenant", 1) - 1)
    )
    return max(0.0, homes + extra)


def age(birth_year: int | None, day: date) -> int | None:
    """The age reached in the year of `day`; nobody is asked for their birthday."""
    return None if birth_year is None else day.year - birth_year


def is_old(birth_year: int | None, day: date, limit: int) -> bool:
    """Whether a successor is to be looked for by age."""
    years = age(birth_year, day)
    return years is not None and years >= limit


def is_inactive(last_active: date | None, since: date, day: date, days: int) -> bool:
    """Whether nothing was heard for so many days, counted from the last sign of life or from the beginning."""
    return (day - max(last_active or since, since)) > timedelta(days=days)


def is_ending(until: date | None, day: date, days: int) -> bool:
    """Whether a term ends within so many days, or should have ended."""
    return until is not None and until <= day + timedelta(days=days)


def distance(one: Point, other: Point) -> float:
    """Metres between two points of one town: the plane is exact enough (below 0.1 % at 20 km)."""
    north = (one[0] - other[0]) * METRES_A_DEGREE
    east = (one[1] - other[1]) * METRES_A_DEGREE * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(north, east)


def fair_share(loads: Iterable[float], shares: Iterable[int]) -> float:
    """The load of one full share (100 %) if all were even; 0 without stewards."""
    whole = sum(shares)
    return sum(loads) * 100 / whole if whole else 0.0


def deviation(load: float, share: int, fair: float) -> float:
    """How far a steward's load is from their part: 0.2 is 20 % too much, −1 is nothing at all."""
    return load / (fair * share / 100) - 1 if fair and share else 0.0


@dataclass(frozen=True)
class Spot:
    """A building for which somebody is looked for."""

    id: int
    estate_id: int | None = None
    point: Point | None = None
    dialect: str = ""
    load: float = 0.0


@dataclass(frozen=True)
class Candidate:
    """A steward who could take a building."""

    id: int
    name: str
    load: float = 0.0
    share: int = 100
    buildings: int = 0
    most: int | None = None
    home_id: int | None = None
    estates: Collection[int] = ()  # where they live or answer already
    points: Collection[Point] = ()  # of home and buildings
    dialects: Collection[str] = ()
    avoids: Collection[int] = ()
    deputy_of: Collection[int] = ()
    old: bool = False
    away: bool = False


@dataclass(frozen=True)
class Proposal:
    """One of those who could take a building, with the reasons for and against in sentences. Higher is better."""

    candidate: Candidate
    score: float
    reasons: list[str] = field(default_factory=list)
    after: float = 0.0  # the load with the building


def rank(spot: Spot, candidates: Iterable[Candidate], fair: float, most: int = MOST_PROPOSED) -> list[Proposal]:
    """The best for a building, best first. Who avoids it, is full, away or about to hand on isn't proposed.

    The deputy comes first, then who lives there, then neighbours: near, of the same estate, speaking the dialect,
    with room for the load. Equal ones in the order of load, then of entry.
    """
    fit = [c for c in candidates if _may_take(c, spot)]
    found = [_propose(spot, c, fair) for c in fit]
    found.sort(key=lambda p: (-round(p.score, 6), round(p.candidate.load, 6), p.candidate.id))
    return found[:most]


def _may_take(candidate: Candidate, spot: Spot) -> bool:
    if spot.id in candidate.avoids or candidate.old or candidate.away:
        return False
    return candidate.most is None or candidate.buildings < candidate.most


def _propose(spot: Spot, candidate: Candidate, fair: float) -> Proposal:
    parts = [_standing(spot, candidate), _nearness(spot, candidate), _tongue(spot, candidate)]
    after = candidate.load + spot.load
    parts.append(_load(after, candidate, fair))
    told = [reason for _score, reason in parts if reason]
    return Proposal(candidate, sum(score for score, _reason in parts), told, after)


def _standing(spot: Spot, candidate: Candidate) -> tuple[float, str]:
    if spot.id in candidate.deputy_of:
        return 5.0, _("is the deputy here")
    if candidate.home_id == spot.id:
        return 4.0, _("lives in this building")
    if spot.estate_id is not None and spot.estate_id in candidate.estates:
        return 2.0, _("knows the estate")
    return 0.0, ""


def _nearness(spot: Spot, candidate: Candidate) -> tuple[float, str]:
    if spot.point is None or not candidate.points or candidate.home_id == spot.id:
        return 0.0, ""
    metres = min(distance(spot.point, point) for point in candidate.points)
    score = 2.0 * max(0.0, 1 - metres / (3 * NEAR))
    return score, _("%(metres)d metres away") % {"metres": round(metres, -1)}


def _tongue(spot: Spot, candidate: Candidate) -> tuple[float, str]:
    if not spot.dialect:
        return 0.0, ""
    if spot.dialect in candidate.dialects:
        return 1.0, _("speaks %(dialect)s") % {"dialect": spot.dialect}
    return 0.0, _("doesn't speak %(dialect)s") % {"dialect": spot.dialect}


def _load(after: float, candidate: Candidate, fair: float) -> tuple[float, str]:
    off = deviation(after, candidate.share, fair)
    percent = {"homes": round(after), "off": round(off * 100)}
    if not fair:
        return 0.0, _("would have %(homes)d weighted homes") % percent
    return -3.0 * max(0.0, off), _("would have %(homes)d weighted homes (%(off)+d %% of the average)") % percent
