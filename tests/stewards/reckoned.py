"""An assignment of buildings judged anew, from the problem's plain fields only: shares nothing with the solver core."""

import math
from collections import defaultdict
from typing import Any


def wrong(problem: Any, who: dict[int, int]) -> list[str]:
    """What must not be: each a sentence for the one who reads a failed test."""
    people, places = {s.id: s for s in problem.stewards}, {b.id for b in problem.buildings}
    found, theirs = [], defaultdict(list)
    keepers = defaultdict(list)
    for steward in problem.stewards:
        if steward.id not in problem.leaving:
            for building in steward.keeps:
                if building not in steward.avoids:
                    keepers[building].append(steward.id)
    for building, pk in who.items():
        steward = people.get(pk)
        if steward is None or building not in places:
            found.append(f"{building} → {pk}: no such row")
            continue
        theirs[pk].append(building)
        if pk in problem.leaving:
            found.append(f"{building} → {pk}, who leaves")
        if building in steward.avoids:
            found.append(f"{building} → {pk}, who avoids it")
        if not steward.more and problem.current.get(building) != pk and building not in steward.keeps:
            found.append(f"{building} → {pk}, who takes no more")
    for building, ids in keepers.items():
        if building in places and who.get(building) not in ids and building in who:
            found.append(f"{building} → {who[building]}, kept by {ids}")
    for pk, buildings in theirs.items():
        most = people[pk].most
        if most is not None and len(buildings) + people[pk].holds > most:
            found.append(f"{pk} has {len(buildings)} + {people[pk].holds} of at most {most}")
    return found


def carried(problem: Any, who: dict[int, int]) -> dict[int, float]:
    """Weighted homes of each serving steward."""
    loads = {s.id: s.carries for s in problem.stewards if s.id not in problem.leaving}
    for building in problem.buildings:
        if who.get(building.id) in loads:
            loads[who[building.id]] += building.load
    return loads


def uneven(problem: Any, who: dict[int, int]) -> set[int]:
    """Serving stewards whose load is more than the band away from their fair part."""
    loads = carried(problem, who)
    serving = [s for s in problem.stewards if s.id not in problem.leaving]
    whole = sum(b.load for b in problem.buildings) + sum(s.carries for s in serving)
    shares = sum(s.share for s in serving)
    found = set()
    for steward in serving:
        fair = whole * steward.share / shares
        if abs(loads[steward.id] - fair) > problem.balance * fair + 1e-6:
            found.add(steward.id)
    return found


def changed(problem: Any, who: dict[int, int]) -> set[int]:
    """Buildings whose steward is another one than before."""
    return {b.id for b in problem.buildings if who.get(b.id) != problem.current.get(b.id)}


def needed(problem: Any) -> set[int]:
    """Buildings that can't stay as they are: vacant, or of somebody who leaves or avoids them."""
    avoids = {(s.id, b) for s in problem.stewards for b in s.avoids}
    found = set()
    for building in problem.buildings:
        now = problem.current.get(building.id)
        if now is None or now in problem.leaving or (now, building.id) in avoids:
            found.add(building.id)
    return found


def metres(problem: Any, building: int, steward: int) -> float:
    """The way from a steward's home, by the haversine formula."""
    b = next(b for b in problem.buildings if b.id == building)
    s = next(s for s in problem.stewards if s.id == steward)
    lat, to_lat = math.radians(s.lat), math.radians(b.lat)
    part = math.sin((to_lat - lat) / 2) ** 2
    part += math.cos(lat) * math.cos(to_lat) * math.sin(math.radians(b.lon - s.lon) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(part))
