"""Buildings to be answered for, stewards who could, what an assignment costs. Pure.

Loads are weighted homes (a home where an elderly person lives alone counts 3, and so on: what is counted is said by who
describes the problem). They are reckoned in tenths, as whole numbers, so that 15 % is exactly 15 %.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

METRES_A_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371,008.8 m
FARTHEST = 3000  # metres: who is farther away is simply far away
FOREIGN = 400  # metres of walking that a missing dialect weighs as much as
KNOWN = 300  # metres that a deputy's knowing the building already saves
ESTATE = 250  # metres that each estate beyond the first weighs as much as
REACH = 1000  # metres: a quarter of an hour on foot
AFAR = 4  # so many uneven loads are rather borne than one building out of reach
UNPLACED = 800  # metres to a building, or from a home, that nobody has put on the map


class First(StrEnum):
    """What counts most, once everything has somebody."""

    CHANGES = "changes"  # change only what is needed: somebody leaves, a building is vacant
    BALANCE = "balance"  # loads within the band; among those, few changes
    ANEW = "anew"  # loads within the band; among those, short ways; changes cost little


CHANGE = {First.CHANGES: 0, First.BALANCE: 4000, First.ANEW: 200}  # metres that one change weighs as much as


@dataclass(frozen=True)
class Building:
    """A building. `load` in weighted homes; degrees WGS-84; `estate` is any key, None if it lies in none."""

    id: int
    load: float
    lat: float | None = None
    lon: float | None = None
    estate: int | None = None
    dialect: str = ""


@dataclass(frozen=True)
class Steward:
    """Somebody who answers for buildings.

    `share` is the part of a full load in per cent; `most` buildings at most; `keeps` must stay theirs (or become it),
    `avoids` must not; `more` false: what they have stays, nothing is added (away, or about to be handed on for age);
    `carries` and `holds`: weighted homes and buildings that they have outside of what is asked.
    """

    id: int
    home: int | None = None
    lat: float | None = None
    lon: float | None = None
    dialects: frozenset[str] = frozenset()
    share: int = 100
    most: int | None = None
    keeps: frozenset[int] = frozenset()
    avoids: frozenset[int] = frozenset()
    more: bool = True
    carries: float = 0.0
    holds: int = 0


@dataclass(frozen=True)
class Problem:
    """What is asked. `current` and `deputies` name stewards by building; `leaving` get nothing any more."""

    buildings: tuple[Building, ...]
    stewards: tuple[Steward, ...]
    current: Mapping[int, int] = field(default_factory=dict)
    leaving: frozenset[int] = frozenset()
    deputies: Mapping[int, frozenset[int]] = field(default_factory=dict)
    balance: float = 0.15
    seconds: float = 10.0
    first: First = First.BALANCE

    @cached_property
    def serving(self) -> tuple[Steward, ...]:
        """Those who stay."""
        return tuple(s for s in self.stewards if s.id not in self.leaving)

    @cached_property
    def building(self) -> dict[int, Building]:
        """Buildings by id."""
        return {b.id: b for b in self.buildings}

    @cached_property
    def steward(self) -> dict[int, Steward]:
        """Stewards by id, those who leave among them."""
        return {s.id: s for s in self.stewards}

    @cached_property
    def weight(self) -> dict[int, int]:
        """Tenths of weighted homes of each building."""
        return {b.id: round(b.load * 10) for b in self.buildings}

    @cached_property
    def bands(self) -> dict[int, "Band"]:
        """What each serving steward should carry, in tenths: a fair part of the whole, by share."""
        carried = {s.id: round(s.carries * 10) for s in self.serving}
        whole = sum(self.weight.values()) + sum(carried.values())
        shares = sum(s.share for s in self.serving) or 1
        return {s.id: Band.around(whole * s.share / shares, self.balance) for s in self.serving}

    @cached_property
    def anchors(self) -> dict[int, tuple[float, float] | None]:
        """Where each steward starts from: home, or else the middle of the buildings they have."""
        return {s.id: self._anchor(s) for s in self.serving}

    def _anchor(self, steward: Steward) -> tuple[float, float] | None:
        if steward.lat is not None and steward.lon is not None:
            return steward.lat, steward.lon
        theirs = [self.building[b] for b, s in self.current.items() if s == steward.id and b in self.building]
        points = [(b.lat, b.lon) for b in theirs if b.lat is not None and b.lon is not None]
        if not points:
            return None
        return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)

    def may(self, building: int, steward: Steward) -> bool:
        """Whether they could have it at all."""
        if building in steward.avoids:
            return False
        return steward.more or self.current.get(building) == steward.id or building in steward.keeps

    @cached_property
    def options(self) -> dict[int, tuple[int, ...]]:
        """Who could have each building: who must keep it, else all who may."""
        keepers: dict[int, list[int]] = {}
        for steward in self.serving:
            for building in steward.keeps - steward.avoids:
                keepers.setdefault(building, []).append(steward.id)
        found: dict[int, tuple[int, ...]] = {}
        for b in self.buildings:
            here = self.current.get(b.id)
            if b.id in keepers:
                found[b.id] = (here,) if here in keepers[b.id] else (min(keepers[b.id]),)
            else:
                found[b.id] = tuple(s.id for s in self.serving if self.may(b.id, s))
        return found

    @cached_property
    def active(self) -> frozenset[int]:
        """Those who have a building today and nothing outside of what is asked: they aren't to lose the last one."""
        has = {s for b, s in self.current.items() if s in self.options.get(b, ())}
        return frozenset(s.id for s in self.serving if s.id in has and not s.holds)

    @cached_property
    def quarrels(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Buildings that several stewards must keep, with them: one of them gets it."""
        wanted: dict[int, list[int]] = {}
        for steward in self.serving:
            for building in steward.keeps:
                wanted.setdefault(building, []).append(steward.id)
        return tuple((b, tuple(ids)) for b, ids in sorted(wanted.items()) if len(ids) > 1 and b in self.building)

    def metres(self, building: int, steward: int) -> int | None:
        """The way there as the crow flies, in metres; None if one of the two isn't on the map."""
        b, anchor = self.building[building], self.anchors[steward]
        if anchor is None or b.lat is None or b.lon is None:
            return None
        return round(distance(anchor[0], anchor[1], b.lat, b.lon))

    def comfort(self, building: int, steward: int) -> int:
        """What it costs that they have this building: the way, a missing dialect, less if they are its deputy."""
        b, s = self.building[building], self.steward[steward]
        way = self.metres(building, steward)
        price = min(FARTHEST, UNPLACED if way is None else way)
        if b.dialect and b.dialect not in s.dialects:
            price += FOREIGN
        if steward in self.deputies.get(building, ()) and self.current.get(building) != steward:
            price -= KNOWN
        return price + KNOWN  # never negative

    def far(self, building: int, steward: int) -> bool:
        """Whether it is farther than a quarter of an hour on foot."""
        return (self.metres(building, steward) or 0) > REACH

    def own(self, building: int, steward: int) -> int:
        """All that it costs that they have this building, loads and estates aside."""
        prices = self.prices
        changed = prices.change if self.current.get(building) != steward else 0
        return self.comfort(building, steward) + changed + (prices.far if self.far(building, steward) else 0)

    @cached_property
    def prices(self) -> "Prices":
        """What each thing costs, so that what counts more always outweighs all that counts less."""
        return Prices.of(self)


@dataclass(frozen=True)
class Band:
    """Tenths of weighted homes that a steward should carry: `low` to `high`, `fair` in the middle."""

    fair: float
    low: int
    high: int

    @classmethod
    def around(cls, fair: float, balance: float) -> "Band":
        """The band so far around a fair load; what lies on its edge is in it."""
        return cls(fair, math.ceil(fair * (1 - balance) - 1e-9), math.floor(fair * (1 + balance) + 1e-9))

    def off(self, load: int) -> int:
        """Tenths by which a load lies outside."""
        return max(0, load - self.high, self.low - load)


@dataclass(frozen=True)
class Prices:
    """Prices in metres of walking; the first ones are as large as all others together can be."""

    vacant: int
    emptied: int  # a steward who served and is left with nothing
    far: int  # a building out of reach
    outside: int  # a steward outside of the band
    tenth: int  # a tenth of a weighted home outside of it
    change: int

    @classmethod
    def of(cls, problem: Problem) -> "Prices":
        """Tiers: vacant, then changes before the band, or the band before changes; nobody is emptied for the band."""
        buildings, serving = max(1, len(problem.buildings)), max(1, len(problem.serving))
        mean = max(1.0, sum(problem.weight.values()) / serving)
        tenth = max(1, round(10_000 / mean))  # a tenth of a full load outside weighs as much as 1,000 m
        small = buildings * (FARTHEST + FOREIGN + KNOWN + ESTATE)
        small += min(serving, buildings) * ESTATE + buildings * CHANGE[problem.first]
        off = sum(problem.weight.values()) + round(10 * sum(s.carries for s in problem.serving))
        small += 2 * tenth * off
        outside = small + 1
        emptied = outside * (serving + AFAR * buildings + 1)
        change = CHANGE[problem.first] or emptied * (serving + 2)
        vacant = change * (buildings + 1) + emptied * (serving + 2)
        return cls(vacant, emptied, AFAR * outside, outside, tenth, change)


@dataclass(frozen=True)
class Change:
    """One building that goes from one to another: `before` None was vacant, `after` None stays so."""

    building: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Assignment:
    """What was found. `who` names a steward for each building that has one.

    `objective` and `bound` are prices (see `Prices`): no assignment is cheaper than `bound`; `proven` if they meet.
    `tried` says how: "few" (exactly), "search" (step by step), "cp-sat". `seconds` by the wall, `cpu` by this
    process's clock.
    """

    who: dict[int, int]
    objective: int
    bound: int | None
    proven: bool
    seconds: float
    cpu: float
    tried: str
    stopped: bool = False

    def changes(self, problem: Problem) -> list[Change]:
        """Buildings whose steward isn't the one of before, in the problem's order."""
        rows = ((b.id, problem.current.get(b.id), self.who.get(b.id)) for b in problem.buildings)
        return [Change(*row) for row in rows if row[1] != row[2]]


def distance(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Metres between two points that lie a few kilometres apart at most; degrees WGS-84."""
    east = (to_lon - lon) * math.cos(math.radians((lat + to_lat) / 2))
    return METRES_A_DEGREE * math.hypot(to_lat - lat, east)
